#include "intents/bot_files.hpp"

#include "wasl/core/text.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/entities_builtin.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

// The folder as values.  Whether patterns compile is the understander's business, because only it
// knows RE2; everything else an author can get wrong is found here.

namespace wasl::intents {
namespace {

constexpr std::size_t kExamplesMax = 50'000;
constexpr std::size_t kExampleBytesMax = 2'000;
constexpr std::size_t kNameBytesMax = 64;

bool good_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax || name[0] < 'a' || name[0] > 'z') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// A place inside an example, to check once all entities are known.
struct Mention {
  std::string entity;
  std::string file;
  yaml::Mark at;
};

class Reader {
 public:
  explicit Reader(yaml::Mistakes& mistakes) : mistakes_(mistakes) {}

  void document(const yaml::Document& document) {
    file_ = document.file;
    if (document.root.is_null()) return;
    if (!document.root.is_sequence()) {
      mistakes_.add(file_, document.root.at,
                    "a list of entries is expected here, each starting with '- intent: NAME' or "
                    "'- entity: NAME'");
      return;
    }
    for (const yaml::Node& node : document.root.items) entry(node);
  }

  BotFiles finish() {
    check_mentions();
    check_duplicates();
    return std::move(files_);
  }

 private:
  void entry(const yaml::Node& node) {
    const yaml::Map map(file_, node, mistakes_);
    if (map.has("intent")) {
      intent(map);
    } else if (map.has("entity")) {
      entity(map);
    } else if (node.is_map()) {
      std::string guess;
      if (!node.entries.empty()) {
        guess =
            did_you_mean(node.entries[0].key.scalar, std::vector<std::string>{"intent", "entity"});
      }
      map.complain(node.at, "an entry needs the key 'intent' or 'entity'" + guess);
    } else {
      map.complain(node.at, "an entry starts with 'intent: NAME' or 'entity: NAME'");
    }
  }

  /// Whether `name` may be used; remembers it.
  bool claim(const yaml::Map& map, std::string_view key, const std::string& name) {
    const yaml::Mark at = map.find(key)->at;
    if (!good_name(name)) {
      map.complain(at,
                   "'" + name + "' is no name: small letters a-z, digits and '_', a letter first");
      return false;
    }
    const std::string full = std::string(key) + " '" + name + "'";
    const auto [known, fresh] = names_.emplace(full, file_ + ":" + std::to_string(at.line));
    if (!fresh) map.complain(at, full + " is already declared at " + known->second);
    return fresh;
  }

  void intent(const yaml::Map& map) {
    map.only({"intent", "examples", "patterns", "not"});
    IntentSource intent;
    intent.name = map.text("intent");
    intent.file = file_;
    intent.at = map.node().at;
    if (!claim(map, "intent", intent.name)) return;
    if (const yaml::Node* node = map.find("examples")) intent.examples = examples(*node);
    intent.patterns = placed_list(map, "patterns");
    for (Placed& text : placed_list(map, "not")) {
      intent.nots.push_back({strip_annotations(text.text, text.at), "", file_, text.at});
    }
    if (intent.name == kOutOfScope) {
      if (!intent.patterns.empty() || !intent.nots.empty()) {
        map.complain(intent.at,
                     "'oos' collects sentences that are none of the bot's business; it "
                     "takes only 'examples'");
      }
      files_.out_of_scope = std::move(intent.examples);
      return;
    }
    if (intent.examples.empty() && intent.patterns.empty()) {
      map.complain(intent.at, "intent '" + intent.name +
                                  "' has no examples and no patterns: nothing can "
                                  "ever mean it");
    }
    files_.intents.push_back(std::move(intent));
  }

  std::vector<Example> examples(const yaml::Node& node) {
    std::vector<Example> all;
    if (!node.is_map()) {
      mistakes_.add(file_, node.at,
                    "examples are given by language: 'en: |', 'ar: |' or 'arabizi: |', one "
                    "sentence a line");
      return all;
    }
    const yaml::Map map(file_, node, mistakes_);
    map.only({"en", "ar", "arabizi"});
    for (const std::string group : {"en", "ar", "arabizi"}) {
      const yaml::Node* block = map.find(group);
      if (block == nullptr) continue;
      if (!block->is_scalar()) {
        mistakes_.add(file_, block->at, "write the sentences below '" + group + ": |', one a line");
        continue;
      }
      lines(*block, group, all);
    }
    return all;
  }

  void lines(const yaml::Node& block, const std::string& group, std::vector<Example>& all) {
    yaml::Mark at = block.at;
    if (block.scalar.find('\n') != std::string::npos) ++at.line;  // a block starts on the next line
    at.column = block.at.column;
    std::size_t before = all.size();
    for (const std::string_view raw : split(block.scalar, '\n')) {
      const std::string_view line = trim(raw);
      if (!line.empty()) {
        if (line.size() > kExampleBytesMax) {
          mistakes_.add(file_, at, "an example longer than 2,000 bytes");
        } else if (++examples_count_ > kExamplesMax) {
          mistakes_.add(file_, at, "more than 50,000 examples in all");
          return;
        } else {
          all.push_back({strip_annotations(line, at), group, file_, at});
        }
      }
      ++at.line;
    }
    if (all.size() == before) mistakes_.add(file_, block.at, "'" + group + "' has no examples");
  }

  /// `has {order_number: A-1032} shipped` → `has A-1032 shipped`.
  std::string strip_annotations(std::string_view line, yaml::Mark at) {
    std::string out;
    for (std::size_t i = 0; i < line.size();) {
      const std::size_t open = line.find('{', i);
      out.append(line.substr(i, open - i));
      if (open == std::string_view::npos) break;
      const std::size_t close = line.find('}', open);
      const std::string_view inside =
          close == std::string_view::npos ? "" : line.substr(open + 1, close - open - 1);
      const std::size_t colon = inside.find(':');
      if (colon == std::string_view::npos) {
        mistakes_.add(file_, at,
                      "an annotation is written {entity: value}, in: " + std::string(line));
        return std::string(line);
      }
      mentions_.push_back({std::string(trim(inside.substr(0, colon))), file_, at});
      out.append(trim(inside.substr(colon + 1)));
      i = close + 1;
    }
    return out;
  }

  std::vector<Placed> placed_list(const yaml::Map& map, std::string_view key) {
    std::vector<Placed> list;
    const yaml::Node* node = map.find(key);
    if (node == nullptr) return list;
    return placed(*node, key);
  }

  std::vector<Placed> placed(const yaml::Node& node, std::string_view key) {
    std::vector<Placed> list;
    const auto take = [&](const yaml::Node& item) {
      if (!item.is_scalar() || trim(item.scalar).empty()) {
        mistakes_.add(file_, item.at, "'" + std::string(key) + "' takes texts");
      } else {
        list.push_back({item.scalar, item.at});
      }
    };
    if (node.is_sequence()) {
      for (const yaml::Node& item : node.items) take(item);
    } else {
      take(node);
    }
    return list;
  }

  void entity(const yaml::Map& map) {
    map.only({"entity", "pattern", "values"});
    EntitySource entity;
    entity.name = map.text("entity");
    entity.file = file_;
    entity.at = map.node().at;
    if (!claim(map, "entity", entity.name)) return;
    entity_names_.push_back(entity.name);
    entity.patterns = placed_list(map, "pattern");
    if (const yaml::Node* values = map.find("values")) entity_values(map, *values, entity);
    if (entity.patterns.empty() && entity.values.empty()) {
      map.complain(entity.at, "entity '" + entity.name + "' needs a 'pattern' or 'values'");
    }
    files_.entities.push_back(std::move(entity));
  }

  void entity_values(const yaml::Map& map, const yaml::Node& node, EntitySource& entity) {
    if (!node.is_map()) {
      map.complain(node.at, "values are written {canonical: [word, word, …]}");
      return;
    }
    std::map<std::string, std::string> owners;
    for (const auto& [key, words] : node.entries) {
      EntitySource::Value value;
      value.canonical = key.scalar;
      if (!words.is_null()) value.words = placed(words, key.scalar);
      value.words.push_back({key.scalar, key.at});
      for (const Placed& word : value.words) {
        const std::string cleaned = clean(word.text).text;
        if (cleaned.empty()) {
          map.complain(word.at, "'" + word.text + "' has no letters or digits");
          continue;
        }
        const auto [owner, fresh] = owners.emplace(cleaned, value.canonical);
        if (!fresh && owner->second != value.canonical) {
          map.complain(word.at, "'" + word.text + "' means both '" + owner->second + "' and '" +
                                    value.canonical + "'");
        }
      }
      entity.values.push_back(std::move(value));
    }
  }

  void check_mentions() {
    entity_names_.insert(entity_names_.end(), kBuiltinEntities.begin(), kBuiltinEntities.end());
    std::sort(entity_names_.begin(), entity_names_.end());
    for (const Mention& mention : mentions_) {
      if (std::binary_search(entity_names_.begin(), entity_names_.end(), mention.entity)) continue;
      mistakes_.add_missing(
          "intents", mention.file, mention.at,
          "unknown entity '" + mention.entity + "'" + did_you_mean(mention.entity, entity_names_));
    }
  }

  /// The same sentence cannot teach two things.
  void check_duplicates() {
    std::map<std::string, std::pair<std::string, const Example*>> seen;
    const auto check = [&](const std::string& intent, const std::vector<Example>& examples) {
      for (const Example& example : examples) {
        std::string key = clean(example.text).text;
        while (!key.empty() &&
               std::string_view(" .!?,").find(key.back()) != std::string_view::npos) {
          key.pop_back();
        }
        if (key.empty()) {
          mistakes_.add(example.file, example.at, "an example without letters or digits");
          continue;
        }
        const auto [first, fresh] = seen.emplace(key, std::pair{intent, &example});
        if (fresh || first->second.first == intent) continue;
        const Example& other = *first->second.second;
        mistakes_.add(example.file, example.at,
                      "'" + example.text + "' is an example of '" + intent + "' and of '" +
                          first->second.first + "' (" + other.file + ":" +
                          std::to_string(other.at.line) + ")");
      }
    };
    for (const IntentSource& intent : files_.intents) check(intent.name, intent.examples);
    check(kOutOfScope, files_.out_of_scope);
  }

  yaml::Mistakes& mistakes_;
  std::string file_;
  BotFiles files_;
  std::map<std::string, std::string> names_;  ///< what is declared → where
  std::vector<std::string> entity_names_;
  std::vector<Mention> mentions_;
  std::size_t examples_count_ = 0;
};

}  // namespace

BotFiles read_bot_files(const std::filesystem::path& folder, yaml::Mistakes& mistakes) {
  Reader reader(mistakes);
  for (const yaml::Document& document : yaml::load_folder(folder, "intents", mistakes)) {
    reader.document(document);
  }
  return reader.finish();
}

}  // namespace wasl::intents
