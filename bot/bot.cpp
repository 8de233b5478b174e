#include "bot/bot.hpp"

namespace wasl::bot {

namespace {

std::shared_ptr<const Library> load_library(const Bot& bot, yaml::Mistakes& mistakes) {
  knowledge::Allowed allowed;
  for (const auto& [language, tag] : bot.config.languages) allowed.languages.push_back(language);
  for (const auto& [team, unused] : bot.policy.teams) allowed.owners.push_back(team);
  auto articles = knowledge::load_articles(bot.folder, allowed, mistakes);
  return articles.empty() ? nullptr : Library::open(std::move(articles));
}

}  // namespace

std::shared_ptr<const Bot> load_bot(const std::filesystem::path& folder, bool with_model,
                                    yaml::Mistakes& mistakes) {
  if (!std::filesystem::is_directory(folder)) {
    mistakes.add(folder.string(), {}, "no such bot folder");
    return nullptr;
  }
  auto bot = std::make_shared<Bot>();
  bot->folder = folder;
  bot->config = load_config(folder, mistakes);
  bot->policy = handoff::load_policy(folder, mistakes);

  auto loaded = intents::Understander::load(folder, with_model, mistakes);
  bot->understander = std::move(loaded.understander);
  bot->warning = std::move(loaded.warning);
  bot->names = loaded.names;

  flows::Known known{loaded.names.intents, loaded.names.entities, {}};
  for (const auto& [team, unused] : bot->policy.teams) known.teams.push_back(team);
  bot->library = load_library(*bot, mistakes);
  yaml::Mistakes warnings;
  bot->program = flows::load_program(folder, known, bot->config.languages, mistakes, &warnings);
  bot->warnings = warnings.sorted();

  return mistakes.empty() ? bot : nullptr;
}

}  // namespace wasl::bot
