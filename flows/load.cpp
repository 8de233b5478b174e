// Loading goes on after each mistake, so that an author sees all of them at once.
#include "flows/load.hpp"

#include "wasl/core/check.hpp"
#include "wasl/core/text.hpp"

#include <cstdint>

namespace wasl::flows {
namespace {

constexpr std::size_t kNameBytesMax = 40;

/// FNV-1a over what was written, without comments and layout.
class Fingerprint {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) mix(static_cast<unsigned char>(c));
    mix(0);
  }

  void add(const yaml::Node& node) {
    mix(static_cast<unsigned char>(node.kind));
    add(node.scalar);
    for (const yaml::Node& item : node.items) add(item);
    for (const auto& [key, value] : node.entries) {
      add(key);
      add(value);
    }
    mix(0xFF);
  }

  [[nodiscard]] std::string text() const {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes += static_cast<char>((hash_ >> shift) & 0xFF);
    }
    return to_hex(bytes);
  }

 private:
  void mix(unsigned char byte) { hash_ = (hash_ ^ byte) * 1099511628211ULL; }
  std::uint64_t hash_ = 14695981039346656037ULL;
};

void load_reserved(Loading& loading) {
  for (std::size_t i = 0; i < kReservedCount; ++i) {
    const Embedded& embedded = kReserved[i];
    const auto document = yaml::parse(embedded.text, embedded.file, loading.mistakes);
    WASL_CHECK(document.has_value());
    if (document->file == "reserved/words.yml") {
      loading.program.words = read_words(*document, loading.mistakes);
    } else {
      load_answers(*document, true, loading);
    }
  }
}

}  // namespace

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax) return false;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (!plain(name.front())) return false;
  for (const char c : name) {
    if (!plain(c) && c != '-' && c != '.') return false;
  }
  return true;
}

std::vector<std::string> slots_of(const Flow& flow) {
  std::vector<std::string> names;
  for (const Slot& slot : flow.slots) names.push_back(slot.name);
  return names;
}

std::string unknown(std::string_view kind, const std::string& name,
                    const std::vector<std::string>& names) {
  return "unknown " + std::string(kind) + " '" + name + "'" + did_you_mean(name, names);
}

std::string read_title(const yaml::Map& map, yaml::Mark at, std::string_view text) {
  std::string title(trim(text));
  if (title.empty()) map.complain(at, "a title is missing here");
  if (code_points(title) > kTitleCharsMax) {
    map.complain(at, "'" + title + "' has " + std::to_string(code_points(title)) +
                         " characters; a button title has at most " +
                         std::to_string(kTitleCharsMax));
  }
  return title;
}

Titles read_titles(const yaml::Map& map, const std::string& whose, const Loading& loading) {
  Titles titles;
  for (const auto& [language, tag] : loading.program.languages) {
    if (!map.has(language)) {
      map.complain(map.node().at, whose + " has no title in '" + language + "'");
      continue;
    }
    const std::string text = map.text(language);
    titles[language] = read_title(map, map.find(language)->at, text);
  }
  return titles;
}

std::shared_ptr<const Program> load_program(const std::filesystem::path& folder, const Known& known,
                                            const std::map<std::string, std::string>& languages,
                                            yaml::Mistakes& mistakes, yaml::Mistakes* warnings) {
  const auto program = std::make_shared<CompiledProgram>();
  program->languages = languages;
  yaml::Mistakes unheard;
  Loading loading{*program, known, mistakes, warnings == nullptr ? unheard : *warnings};
  Fingerprint print;

  load_reserved(loading);
  const auto calls = yaml::load_folder(folder, "calls", mistakes);
  for (const yaml::Document& document : calls) {
    print.add(document.root);
    load_calls(document, loading);
  }
  const auto flows = yaml::load_folder(folder, "flows", mistakes);
  for (const yaml::Document& document : flows) {
    print.add(document.root);
    load_flows(document, loading);
  }
  compile_flows(loading);
  check_slots(loading);
  if (check_subflows(loading)) {
    for (const auto& [name, flow] : program->flows) {
      if (loading.broken.count(name) > 0) continue;
      check_paths(*program, flow, mistakes);
      check_confirmed(flow, loading);
    }
  }
  // Beyond here all flows are known, so buttons and topics can be checked.
  const auto answers = yaml::load_folder(folder, "answers", mistakes);
  for (const yaml::Document& document : answers) load_answers(document, false, loading);
  check_answers(loading);

  program->print = print.text();
  if (!mistakes.empty()) return nullptr;  // those of other files count: names may hang in the air
  return program;
}

}  // namespace wasl::flows
