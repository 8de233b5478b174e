// bench_mix BOT MIX.yml OUT ENGLISH: writes the parts of the load generator's messages
// (load/messages.hpp) from a bot's examples, its English examples for a twin to learn from, and to
// stdout one line of JSON: how many, and how well the trained bot understands what is made of them.

#include "wasl/core/yaml.hpp"
#include "wasl/intents/understander.hpp"

#include "bench/load/messages.hpp"
#include "handoff/signal_kinds.hpp"
#include "intents/bot_files.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>

namespace {

using namespace wasl;

constexpr std::uint64_t kTried = 4000;

void fail_on(const yaml::Mistakes& mistakes) {
  if (!mistakes.empty()) throw std::runtime_error(yaml::to_string(mistakes.sorted().front()));
}

/// The words of one language, as the load generator will put them around an example.
struct Words {
  std::vector<std::string> openers;
  std::vector<std::string> closers;
};

Words read_words(const yaml::Document& document, const std::string& language,
                 yaml::Mistakes& mistakes) {
  const yaml::Node* node = document.root.find(language);
  if (node == nullptr) throw std::runtime_error(document.file + ": no words for " + language);
  const yaml::Map map(document.file, *node, mistakes);
  map.only({"openers", "closers"});
  return {map.texts("openers"), map.texts("closers")};
}

bool calls_a_person(const Understanding& read) {
  return std::any_of(read.mood.begin(), read.mood.end(), [](const MoodSignal& mood) {
    return std::any_of(
        handoff::kHardSignals.begin(), handoff::kHardSignals.end(),
        [&mood](const handoff::HardSignal& hard) { return hard.signal == mood.signal; });
  });
}

/// Whether it found a value other than the number that stands behind every message.
bool finds_value(const Understanding& read) {
  return std::any_of(read.entities.begin(), read.entities.end(),
                     [](const Entity& entity) { return entity.entity != "number"; });
}

/// Whether the bot is sure of the example however it is dressed, and finds no value in it and no
/// reason to call a person.
bool surely_understood(const intents::Understander& understander, const std::string& intent,
                       const std::string& text, const Words& words) {
  for (std::size_t i = 0; i < words.openers.size() * words.closers.size(); ++i) {
    const std::string dressed = words.openers[i % words.openers.size()] + text +
                                words.closers[i / words.openers.size()] + ' ' +
                                std::to_string(i * i * 9973);
    const Understanding read = understander.understand(dressed, {});
    const bool right = read.decision == Decision::act && read.intents.front().intent == intent;
    if (!right || finds_value(read) || calls_a_person(read)) return false;
  }
  return true;
}

std::size_t write_examples(std::ofstream& out, const intents::BotFiles& files,
                           const intents::Understander& understander,
                           const std::vector<std::string>& leave_out, const std::string& language,
                           const Words& words) {
  std::size_t written = 0;
  for (const intents::IntentSource& intent : files.intents) {
    if (std::find(leave_out.begin(), leave_out.end(), intent.name) != leave_out.end()) continue;
    for (const intents::Example& example : intent.examples) {
      if (example.group != language) continue;
      if (!surely_understood(understander, intent.name, example.text, words)) continue;
      out << "example\t" << language << '\t' << intent.name << '\t' << example.text << '\n';
      ++written;
    }
  }
  return written;
}

/// Every English example, for the twin that learns from them: `intent TAB text`.
void write_english(const std::filesystem::path& target, const intents::BotFiles& files) {
  std::ofstream out(target, std::ios::binary);
  const auto write = [&out](const std::string& intent, const std::vector<intents::Example>& list) {
    for (const intents::Example& example : list) {
      if (example.group == "en") out << intent << '\t' << example.text << '\n';
    }
  };
  for (const intents::IntentSource& intent : files.intents) write(intent.name, intent.examples);
  write("None", files.out_of_scope);
  if (!out.flush()) throw std::runtime_error("cannot write " + target.string());
}

void write_words(std::ofstream& out, const std::string& language, const Words& words) {
  for (const std::string& text : words.openers)
    out << "opener\t" << language << "\t-\t" << text << '\n';
  for (const std::string& text : words.closers)
    out << "closer\t" << language << "\t-\t" << text << '\n';
}

int run(const std::filesystem::path& bot, const std::filesystem::path& mix,
        const std::filesystem::path& target, const std::filesystem::path& english) {
  yaml::Mistakes mistakes;
  const intents::BotFiles files = intents::read_bot_files(bot, mistakes);
  const auto loaded = intents::Understander::load(bot, true, mistakes);
  const auto document = yaml::load(mix, mix.filename().string(), mistakes);
  fail_on(mistakes);
  if (!loaded.warning.empty()) throw std::runtime_error(loaded.warning);

  std::size_t examples = 0;
  {
    std::ofstream out(target, std::ios::binary);
    const yaml::Map root(document->file, document->root, mistakes);
    root.only({"leave_out", "en", "ar"});
    for (const std::string language : {"en", "ar"}) {
      const Words words = read_words(*document, language, mistakes);
      fail_on(mistakes);
      examples += write_examples(out, files, *loaded.understander, root.texts("leave_out"),
                                 language, words);
      write_words(out, language, words);
    }
    fail_on(mistakes);
    if (!out.flush()) throw std::runtime_error("cannot write " + target.string());
  }

  write_english(english, files);

  const bench::Messages messages(target);
  std::uint64_t right = 0;
  std::size_t bytes = 0;
  for (std::uint64_t i = 0; i < kTried; ++i) {
    const bench::Messages::Message message = messages.at(i % 64, i / 64, i * 4999);
    const Understanding read = loaded.understander->understand(message.text, {});
    right += !read.intents.empty() && read.intents.front().intent == message.intent ? 1U : 0U;
    bytes += message.text.size();
  }
  std::printf("%s\n", nlohmann::json{{"examples", examples},
                                     {"understood", static_cast<double>(right) / kTried},
                                     {"text_bytes", static_cast<double>(bytes) / kTried}}
                          .dump()
                          .c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: bench_mix BOT MIX.yml OUT ENGLISH\n");
    return 2;
  }
  try {
    return run(argv[1], argv[2], argv[3], argv[4]);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "bench_mix: %s\n", failed.what());
    return 1;
  }
}
