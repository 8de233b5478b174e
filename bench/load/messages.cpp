#include "bench/load/messages.hpp"

#include <fstream>
#include <map>
#include <stdexcept>

namespace wasl::bench {

Messages::Messages(const std::filesystem::path& file, Only only) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  std::map<std::string, Words> by_language;
  std::string part;
  std::string language;
  std::string intent;
  std::string text;
  while (std::getline(stream, part, '\t') && std::getline(stream, language, '\t') &&
         std::getline(stream, intent, '\t') && std::getline(stream, text)) {
    if ((only == Only::en && language != "en") || (only == Only::ar && language != "ar")) continue;
    Words& words = by_language[language];
    if (part == "opener") words.openers.push_back(text);
    if (part == "closer") words.closers.push_back(text);
    if (part != "example") continue;
    if (words.subjects.empty() || words.subjects.back().intent != intent) {
      words.subjects.push_back({intent, {}});
    }
    words.subjects.back().examples.push_back(text);
  }
  for (auto& [name, words] : by_language) {
    if (words.openers.empty() || words.closers.empty() || words.subjects.empty()) {
      throw std::runtime_error(file.string() + ": parts of language " + name + " are missing");
    }
    languages_.push_back(std::move(words));
  }
  if (languages_.empty()) throw std::runtime_error(file.string() + " holds no messages");
}

Messages::Message Messages::at(std::uint64_t conversation, std::uint64_t turn,
                               std::uint64_t number) const {
  const Words& words = languages_[conversation % languages_.size()];
  const Subject& subject = words.subjects[(conversation + turn) % words.subjects.size()];
  std::uint64_t digits = number / languages_.size();
  const auto next = [&digits](const std::vector<std::string>& list) -> const std::string& {
    const std::string& chosen = list[digits % list.size()];
    digits /= list.size();
    return chosen;
  };
  const std::string& example = next(subject.examples);
  Message message{next(words.openers), subject.intent};
  message.text += example;
  message.text += next(words.closers);
  message.text += ' ';
  message.text += std::to_string(number);
  return message;
}

}  // namespace wasl::bench
