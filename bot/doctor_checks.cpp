// Each check looks at one thing and stands alone; what it cannot see, since the folder has
// mistakes, it leaves to the check of the mistakes.

#include "wasl/intents/training.hpp"

#include "bot/accounts.hpp"
#include "bot/control.hpp"
#include "bot/control_messages.hpp"
#include "bot/doctor.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace wasl::bot {
namespace {

using knowledge::Article;
using Findings = std::vector<Finding>;

Findings check_folder(const Patient& patient) {
  Findings findings;
  for (const yaml::Mistake& mistake : patient.mistakes) {
    const std::string at =
        mistake.at.line > 0 ? fmt::format(":{}:{}", mistake.at.line, mistake.at.column) : "";
    findings.push_back({mistake.file + at, mistake.what});
  }
  return findings;
}

Findings check_model(const Patient& patient) {
  if (!patient.bot) return {};
  if (!patient.bot->warning.empty()) return {{"models/intents", patient.bot->warning}};
  if (!intents::is_trained(patient.folder)) {
    return {{"models/intents", "the examples have changed since it was trained: wasl train"}};
  }
  return {};
}

const std::vector<Article>& articles_of(const Patient& patient) {
  static const std::vector<Article> kNone;
  return patient.bot && patient.bot->library ? patient.bot->library->articles() : kNone;
}

Findings check_reviews(const Patient& patient) {
  Findings findings;
  const auto today = std::chrono::floor<std::chrono::days>(patient.now);
  for (const Article& article : articles_of(patient)) {
    if (article.reviewed > today) {
      findings.push_back({article.file, fmt::format("'reviewed: {}' has not come yet",
                                                    knowledge::to_text(article.reviewed))});
    } else if (article.due() < today) {
      findings.push_back(
          {article.file, fmt::format("was due for review on {}; its owner is {}",
                                     knowledge::to_text(article.due()), article.owner)});
    }
  }
  return findings;
}

Findings check_languages(const Patient& patient) {
  Findings findings;
  for (const Article& article : articles_of(patient)) {
    for (const auto& [language, tag] : patient.bot->config.languages) {
      if (patient.bot->library->find_article(article.id, language_of(language)) != nullptr)
        continue;
      findings.push_back({article.file, fmt::format("is missing in '{0}': knowledge/{0}/{1}.md",
                                                    language, article.id)});
    }
  }
  return findings;
}

Findings check_markdown(const Patient& patient) {
  Findings findings;
  for (const Article& article : articles_of(patient)) {
    for (const knowledge::LeftOut& one : article.left_out) {
      findings.push_back({fmt::format("{}:{}", article.file, one.line), one.what});
    }
  }
  return findings;
}

// Examples of an intent that patterns alone tell are not missed.
Findings check_examples(const Patient& patient) {
  Findings findings;
  if (!patient.bot) return findings;
  yaml::Mistakes ignored;
  for (const yaml::Document& document : yaml::load_folder(patient.folder, "intents", ignored)) {
    for (const yaml::Node& node : document.root.items) {
      const yaml::Node* intent = node.find("intent");
      const yaml::Node* examples = node.find("examples");
      if (intent == nullptr || (examples == nullptr && node.find("patterns") != nullptr)) continue;
      for (const auto& [language, tag] : patient.bot->config.languages) {
        if (examples != nullptr && examples->find(language) != nullptr) continue;
        findings.push_back(
            {fmt::format("{}:{}", document.file, intent->at.line),
             fmt::format("intent '{}' has no examples in '{}'", intent->scalar, language)});
      }
    }
  }
  return findings;
}

void find_unset(const yaml::Node& node, const std::string& file, Findings& findings) {
  for (std::size_t open = node.scalar.find("${"); open != std::string::npos;
       open = node.scalar.find("${", open + 2)) {
    const std::size_t close = node.scalar.find('}', open);
    if (close == std::string::npos) break;
    const std::string inside = node.scalar.substr(open + 2, close - open - 2);
    const std::size_t otherwise = inside.find(":-");
    const std::string name = inside.substr(0, otherwise);
    const bool has_default = otherwise != std::string::npos && otherwise + 2 < inside.size();
    const char* value = std::getenv(name.c_str());
    if (has_default || (value != nullptr && *value != '\0')) continue;
    findings.push_back({fmt::format("{}:{}", file, node.at.line),
                        fmt::format("'{}' is not set in the environment", name)});
  }
  for (const yaml::Node& item : node.items) find_unset(item, file, findings);
  for (const auto& [key, value] : node.entries) find_unset(value, file, findings);
}

Findings check_secrets(const Patient& patient) {
  Findings findings;
  yaml::Mistakes ignored;
  const auto config = yaml::load(patient.folder / "wasl.yml", "wasl.yml", ignored);
  if (config) find_unset(config->root, config->file, findings);
  for (const yaml::Document& document : yaml::load_folder(patient.folder, "calls", ignored)) {
    find_unset(document.root, document.file, findings);
  }
  return findings;
}

// A running server holds the store and answers for it; a store that is not there yet is no trouble.
Findings check_store(const Patient& patient) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!patient.store.starts_with(kSqlite)) return {};
  const auto file = patient.folder / patient.store.substr(kSqlite.size());
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {};
  AccountRequest request;
  request.action = "list";
  if (const auto control = control_path(patient.store, patient.folder)) {
    if (const auto answered = ask_server(*control, request)) {
      return answered->outcome ? Findings{}
                               : Findings{{patient.store, answered->outcome.error().what}};
    }
  }
  const auto opened = store::open_store(patient.store, patient.folder);
  return opened ? Findings{} : Findings{{patient.store, opened.error().what}};
}

constexpr std::array<Check, 8> kChecks{{
    {"folder", check_folder},
    {"model", check_model},
    {"reviews", check_reviews},
    {"languages", check_languages},
    {"markdown", check_markdown},
    {"examples", check_examples},
    {"secrets", check_secrets},
    {"store", check_store},
}};

}  // namespace

std::span<const Check> doctor_checks() {
  return kChecks;
}

}  // namespace wasl::bot
