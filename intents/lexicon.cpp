#include "intents/lexicon.hpp"

#include "wasl/core/check.hpp"
#include "wasl/core/text.hpp"
#include "wasl/intents/clean.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>

// A lexicon file is a list of entries:
//
//     - words: person                      a part other patterns use as {person}
//       any: [agent, 'human( being)?']
//     - signal: asks_person                a sign in what a visitor says
//       strength: 1.0
//       patterns: ['<talk to {person}>']
//       unless: ['<not talk to {person}>'] takes back what it overlaps
//     - list: english                      plain words
//       any: [the, of]
//     - value: month                      names of what built-in entities are made of
//       names: {1: [january, يناير]}
//     - background: en                     sentences that are nobody's intent, one per line
//       examples: |

extern "C" {
extern const char wasl_lexicon_ar[];              // NOLINT: names of symbols in lexicon_data.S
extern const char wasl_lexicon_ar_end[];          // NOLINT
extern const char wasl_lexicon_en[];              // NOLINT
extern const char wasl_lexicon_en_end[];          // NOLINT
extern const char wasl_lexicon_moods[];           // NOLINT
extern const char wasl_lexicon_moods_end[];       // NOLINT
extern const char wasl_lexicon_dialects[];        // NOLINT
extern const char wasl_lexicon_dialects_end[];    // NOLINT
extern const char wasl_lexicon_wishes[];          // NOLINT
extern const char wasl_lexicon_wishes_end[];      // NOLINT
extern const char wasl_lexicon_values[];          // NOLINT
extern const char wasl_lexicon_values_end[];      // NOLINT
extern const char wasl_lexicon_background[];      // NOLINT
extern const char wasl_lexicon_background_end[];  // NOLINT
}

namespace wasl::intents {
namespace {

constexpr auto kLists = std::to_array<std::pair<std::string_view, Facts>>({
    {"answers", fact::kAnswer},
    {"neutral", fact::kNeutral},
    {"english", fact::kEnglish},
    {"french", fact::kFrench},
    {"arabizi", fact::kArabizi},
    {"msa", fact::kMsa},
    {"gulf", fact::kGulf},
    {"egyptian", fact::kEgyptian},
    {"levantine", fact::kLevantine},
    {"iraqi", fact::kIraqi},
    {"maghrebi", fact::kMaghrebi},
    {"openers", fact::kOpener},
    {"joints", fact::kJoint},
    {"courtesy", fact::kCourtesy},
});

using Parts = std::map<std::string, std::string, std::less<>>;

/// Replaces `{name}`; `{2,5}` is left for RE2.  Nothing when a name is unknown.
std::optional<std::string> expand(std::string_view pattern, const Parts& parts) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t open = pattern.find('{', at);
    out.append(pattern.substr(at, open - at));
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find('}', open);
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view name = pattern.substr(open + 1, close - open - 1);
    if (!name.empty() && name[0] >= '0' && name[0] <= '9') {
      out.append(pattern.substr(open, close - open + 1));
    } else if (const auto part = parts.find(name); part != parts.end()) {
      out.append("(?:").append(part->second).append(")");
    } else {
      return std::nullopt;
    }
    at = close + 1;
  }
  return out;
}

/// Whether a letter is a capital, but for those of escapes such as \S.
bool has_capital(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] >= 'A' && pattern[i] <= 'Z' &&
               pattern.substr(i - (i > 1 ? 2 : i), 4) != "(?P<") {
      return true;
    }
  }
  return false;
}

class Reader {
 public:
  Reader(const std::string& file, Lexicon& lexicon, yaml::Mistakes& mistakes)
      : file_(file), lexicon_(lexicon), mistakes_(mistakes) {}

  void entry(const yaml::Node& node) {
    const yaml::Map map(file_, node, mistakes_);
    if (map.has("words")) {
      words(map);
    } else if (map.has("signal")) {
      signal(map);
    } else if (map.has("list")) {
      list(map);
    } else if (map.has("value")) {
      values(map);
    } else if (map.has("background")) {
      background(map);
    } else {
      map.complain(node.at, "an entry starts with words, signal, list, value or background");
    }
  }

 private:
  void words(const yaml::Map& map) {
    map.only({"words", "any"});
    std::string any;
    for (const std::string& word : map.texts("any")) {
      const auto expanded = expand(word, parts_);
      if (!expanded) map.complain(map.node().at, "unknown part in '" + word + "'");
      if (!any.empty()) any.push_back('|');
      any.append(expanded.value_or(word));
    }
    parts_[map.text("words")] = any;
  }

  void signal(const yaml::Map& map) {
    map.only({"signal", "strength", "patterns", "unless"});
    const std::string name = map.text("signal");
    const auto strength = static_cast<float>(map.number_or("strength", 1.0, 0.0, 1.0));
    for (const bool unless : {false, true}) {
      const std::string_view key = unless ? "unless" : "patterns";
      if (!map.has(key)) continue;
      for (const std::string& pattern : map.texts(key)) add(map, pattern, {name, strength, unless});
    }
  }

  void add(const yaml::Map& map, const std::string& pattern, Lexicon::Rule rule) {
    const auto expanded = expand(pattern, parts_);
    if (!expanded) {
      map.complain(map.node().at, "unknown part in '" + pattern + "'");
      return;
    }
    if (has_capital(*expanded)) {
      map.complain(map.node().at, "'" + pattern + "': patterns of a lexicon have small letters");
      return;
    }
    const auto number = lexicon_.patterns.add(*expanded);
    if (!number) {
      map.complain(map.node().at, "'" + pattern + "': " + number.error().what);
      return;
    }
    lexicon_.rules.push_back(std::move(rule));
  }

  void list(const yaml::Map& map) {
    map.only({"list", "any"});
    const std::string name = map.text("list");
    const auto* const list = std::find_if(kLists.begin(), kLists.end(),
                                          [&](const auto& known) { return known.first == name; });
    if (list == kLists.end()) {
      map.complain(map.node().at, "unknown list '" + name + "'");
      return;
    }
    for (const std::string& line : map.texts("any")) {
      for (const std::string_view word : split(line, ' ')) {
        if (word.empty()) continue;
        const std::string cleaned = clean(word).text;
        lexicon_.words.add(cleaned, list->second);
      }
    }
  }

  void values(const yaml::Map& map) {
    map.only({"value", "names"});
    const std::string kind = map.text("value");
    const yaml::Node* names = map.find("names");
    if (names == nullptr || !names->is_map()) {
      map.complain(map.node().at, "names are written {value: [name, name, …]}");
      return;
    }
    for (const auto& [value, list] : names->entries) {
      for (const yaml::Node& name : list.items) {
        const std::string cleaned = clean(name.scalar).text;
        if (!lexicon_.values.add(kind, cleaned, value.scalar)) {
          map.complain(name.at,
                       "'" + name.scalar + "' cannot be a " + kind + " of " + value.scalar);
        }
        std::size_t end = 0;
        while (end < cleaned.size()) {
          std::size_t next = end;
          const char32_t c = next_code_point(cleaned, next);
          if (!is_word(c) && c != U'\'') break;
          end = next;
        }
        lexicon_.words.add(std::string_view(cleaned).substr(0, end), fact::kValue);
      }
    }
  }

  void background(const yaml::Map& map) {
    map.only({"background", "examples"});
    const std::string group = map.text("background");
    const std::string examples = map.text("examples");
    for (const std::string_view line : split(examples, '\n')) {
      if (!trim(line).empty()) lexicon_.background.push_back({std::string(trim(line)), group});
    }
  }

  const std::string& file_;
  Lexicon& lexicon_;
  yaml::Mistakes& mistakes_;
  Parts parts_;
};

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

Lexicon read_embedded() {
  Lexicon lexicon;
  yaml::Mistakes mistakes;
  read_lexicon(between(wasl_lexicon_ar, wasl_lexicon_ar_end), "lexicon/ar.yml", lexicon, mistakes);
  read_lexicon(between(wasl_lexicon_en, wasl_lexicon_en_end), "lexicon/en.yml", lexicon, mistakes);
  read_lexicon(between(wasl_lexicon_moods, wasl_lexicon_moods_end), "lexicon/moods.yml", lexicon,
               mistakes);
  read_lexicon(between(wasl_lexicon_dialects, wasl_lexicon_dialects_end), "lexicon/dialects.yml",
               lexicon, mistakes);
  read_lexicon(between(wasl_lexicon_wishes, wasl_lexicon_wishes_end), "lexicon/wishes.yml", lexicon,
               mistakes);
  read_lexicon(between(wasl_lexicon_values, wasl_lexicon_values_end), "lexicon/values.yml", lexicon,
               mistakes);
  read_lexicon(between(wasl_lexicon_background, wasl_lexicon_background_end),
               "lexicon/background.yml", lexicon, mistakes);
  for (const auto& mistake : mistakes.sorted()) {
    std::fprintf(stderr, "%s\n", yaml::to_string(mistake).c_str());
  }
  WASL_CHECK(mistakes.empty());
  lexicon.patterns.compile();
  return lexicon;
}

}  // namespace

void read_lexicon(std::string_view text, const std::string& file, Lexicon& lexicon,
                  yaml::Mistakes& mistakes) {
  const auto document = yaml::parse(text, file, mistakes);
  if (!document) return;
  if (!document->root.is_sequence()) {
    mistakes.add(file, document->root.at, "a lexicon is a list of entries");
    return;
  }
  Reader reader(file, lexicon, mistakes);
  for (const yaml::Node& node : document->root.items) reader.entry(node);
}

const Lexicon& lexicon() {
  static const Lexicon lexicon = read_embedded();
  return lexicon;
}

}  // namespace wasl::intents
