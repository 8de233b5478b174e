#include "intents/entities.hpp"

#include "wasl/core/text.hpp"

#include "intents/entities_lookup.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

// Patterns of intents and entities in one set.  Values that are plain words are looked up
// (entities_lookup.hpp); those with signs in them, C++ or wi-fi, are patterns.

namespace wasl::intents {
namespace {

constexpr std::size_t kHitsPerPatternMax = 16;
constexpr std::size_t kExamplesOfWord = 3;
constexpr std::size_t kEntitiesMax = 32;

/// Whether an author wrote letters as capitals only, so that values are capitals too.
bool capitals_only(std::string_view pattern) {
  bool capitals = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\') {
      ++i;
    } else if (pattern.substr(i, 4) == "(?P<") {
      i = std::min(pattern.find('>', i), pattern.size());
    } else if (c >= 'a' && c <= 'z') {
      return false;
    } else if (c >= 'A' && c <= 'Z') {
      capitals = true;
    }
  }
  return capitals;
}

/// What a pattern entity is worth: as written, digits in ASCII, without what nobody sees.
std::string plain_value(std::string_view original, bool upper) {
  std::string value;
  for (std::size_t at = 0; at < original.size();) {
    const char32_t c = next_code_point(original, at);
    const std::string cleaned = clean_code_point(c);
    const bool digit = cleaned.size() == 1 && cleaned[0] >= '0' && cleaned[0] <= '9';
    if (cleaned.empty() || digit || (c >= 0x80 && cleaned.size() == 1)) {
      value.append(cleaned);
    } else {
      append_code_point(value, c);
    }
  }
  if (upper) {
    for (char& c : value) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
  }
  return value;
}

/// Longer first, then earlier; keeps what does not overlap what was kept.
void keep_best(std::vector<EntityHit>& hits) {
  std::stable_sort(hits.begin(), hits.end(), [](const EntityHit& a, const EntityHit& b) {
    return a.span.end - a.span.start > b.span.end - b.span.start;
  });
  std::vector<EntityHit> kept;
  for (EntityHit& hit : hits) {
    const bool free = std::none_of(kept.begin(), kept.end(), [&](const EntityHit& other) {
      return hit.span.start < other.span.end && other.span.start < hit.span.end;
    });
    if (free && kept.size() < kEntitiesMax) kept.push_back(std::move(hit));
  }
  std::sort(kept.begin(), kept.end(),
            [](const EntityHit& a, const EntityHit& b) { return a.span.start < b.span.start; });
  hits = std::move(kept);
}

/// A word that several examples have is no misspelt value: with الدمام a city, الدوام is none.
void spare_words_of(const BotFiles& files, ValueLookup& values) {
  if (values.empty()) return;
  std::unordered_map<std::string_view, std::size_t> counts;
  const auto count = [&](const std::vector<Example>& examples) {
    for (const Example& example : examples) {
      for (const std::string_view word : split(example.text, ' ')) ++counts[word];
    }
  };
  for (const IntentSource& intent : files.intents) count(intent.examples);
  count(files.out_of_scope);
  for (const auto& [word, examples] : counts) {
    if (examples < kExamplesOfWord) continue;
    const Clean cleaned = clean(word);
    values.spare(cleaned.text, read_words(cleaned));
  }
}

}  // namespace

BotPatterns::BotPatterns(const BotFiles& files, yaml::Mistakes& mistakes) {
  auto values = std::make_shared<ValueLookup>();
  for (const IntentSource& intent : files.intents) {
    for (const Placed& pattern : intent.patterns) {
      add(intent.file, pattern, {Owner::Kind::intent, intent.name, "", pattern.text, Case::keep},
          mistakes);
    }
  }
  for (const EntitySource& entity : files.entities) {
    for (const Placed& pattern : entity.patterns) {
      add(entity.file, pattern,
          {Owner::Kind::entity, entity.name, "", pattern.text,
           capitals_only(pattern.text) ? Case::upper : Case::keep},
          mistakes);
    }
    for (const EntitySource::Value& value : entity.values) {
      for (const Placed& word : value.words) add_value(entity, value, word, *values, mistakes);
    }
  }
  spare_words_of(files, *values);
  values_ = std::move(values);
  set_.compile();
  for (const IntentSource& intent : files.intents) check_nots(intent, mistakes);
}

void BotPatterns::add(const std::string& file, const Placed& pattern, Owner owner,
                      yaml::Mistakes& mistakes) {
  const auto number = set_.add(pattern.text);
  if (!number) {
    mistakes.add(file, pattern.at, "bad pattern '" + pattern.text + "': " + number.error().what);
    return;
  }
  owners_.push_back(std::move(owner));
}

void BotPatterns::add_value(const EntitySource& entity, const EntitySource::Value& value,
                            const Placed& word, ValueLookup& lookup, yaml::Mistakes& mistakes) {
  const std::string cleaned = clean(word.text).text;
  if (cleaned.empty()) return;  // reported with the files
  if (ValueLookup::takes(cleaned)) {
    lookup.add(entity.name, value.canonical, cleaned);
    return;
  }
  std::size_t end = 0;
  const std::string before = is_word(next_code_point(cleaned, end)) ? "<" : "";
  const bool word_last = static_cast<unsigned char>(cleaned.back()) >= 0x80 ||
                         is_word(static_cast<unsigned char>(cleaned.back()));
  add(entity.file,
      {before + "(?P<value>" + quote_pattern(word.text) + ")" + (word_last ? ">" : ""), word.at},
      {Owner::Kind::value, entity.name, value.canonical, word.text, Case::keep}, mistakes);
}

void BotPatterns::check_nots(const IntentSource& intent, yaml::Mistakes& mistakes) const {
  for (const Example& sentence : intent.nots) {
    const Clean cleaned = clean(sentence.text);
    const Found found = find(sentence.text, cleaned, mark_words(cleaned.text));
    const auto hit = std::find(found.intents.begin(), found.intents.end(), intent.name);
    if (hit == found.intents.end()) continue;
    const auto index = static_cast<std::size_t>(hit - found.intents.begin());
    mistakes.add(sentence.file, sentence.at,
                 "pattern '" + found.patterns[index] + "' of '" + intent.name +
                     "' matches this sentence, which it must not");
  }
}

BotPatterns::Found BotPatterns::find(std::string_view original, const Clean& cleaned,
                                     const Marked& marked) const {
  return find(original, cleaned, read_words(cleaned), marked);
}

BotPatterns::Found BotPatterns::find(std::string_view original, const Clean& cleaned,
                                     std::span<const Word> words, const Marked& marked) const {
  Found found;
  for (const int number : set_.hits(marked)) {
    const Owner& owner = owners_[static_cast<std::size_t>(number)];
    if (owner.kind == Owner::Kind::intent) {
      if (found.intents.empty() || found.intents.back() != owner.name) {
        found.intents.push_back(owner.name);
        found.patterns.push_back(owner.text);
      }
      continue;
    }
    for (const Span& span : set_.find(number, marked, kHitsPerPatternMax)) {
      const Span from = cleaned.original(span.start, span.end);
      found.entities.push_back(
          {owner.name,
           owner.kind == Owner::Kind::value
               ? owner.value
               : plain_value(original.substr(from.start, from.end - from.start),
                             owner.letter_case == Case::upper),
           span});
    }
  }
  if (!values_->empty()) values_->find(cleaned.text, words, found.entities);
  keep_best(found.entities);
  return found;
}

std::vector<Entity> tell(const std::vector<EntityHit>& hits, std::string_view original,
                         const Clean& cleaned) {
  std::vector<Entity> entities;
  entities.reserve(hits.size());
  for (const EntityHit& hit : hits) {
    const Span from = cleaned.original(hit.span.start, hit.span.end);
    entities.push_back({hit.entity, hit.value,
                        std::string(original.substr(from.start, from.end - from.start)), from.start,
                        from.end});
  }
  return entities;
}

}  // namespace wasl::intents
