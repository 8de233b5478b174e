#include "intents/lexicon_words.hpp"

#include "intents/clean_scan.hpp"
#include "intents/lexicon.hpp"

#include <utility>

// All lists share one open table, so that reading a message costs one look-up a word whatever is
// asked of the words afterwards.

namespace wasl::intents {
namespace {

constexpr std::size_t kWordsMax = 512;
constexpr std::size_t kJoinedLettersMin =
    4;  ///< with the "and": shorter ones are words of their own

std::uint32_t hash_of(std::string_view word) {
  std::uint32_t hash = 2166136261U;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  hash ^= hash >> 15;
  return hash == 0 ? 1 : hash;
}

/// Facts of a word.  An Arabic "and" or "so" written together with it is looked through, and "in"
/// and "to" before a name of a value.
void look_up(const WordTable& known, std::string_view text, Word& word) {
  const std::string_view letters = text.substr(word.span.start, word.span.end - word.span.start);
  word.facts = known.find(letters);
  if (word.facts != 0 || !word.arabic || letters.size() < 2 * kJoinedLettersMin) return;
  constexpr std::size_t kLetter = 2;  // bytes
  const std::string_view first = letters.substr(0, kLetter);
  const bool joint = first == "و" || first == "ف";
  if (!joint && first != "ب" && first != "ل") return;
  word.facts = known.find(letters.substr(kLetter)) & (joint ? ~Facts{0} : fact::kValue);
  if (word.facts != 0) word.joined = kLetter;
}

}  // namespace

std::size_t WordTable::slot_of(std::string_view word, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].hash != 0 &&
         (slots_[at].hash != hash ||
          std::string_view(letters_).substr(slots_[at].at, slots_[at].size) != word)) {
    at = (at + 1) & mask;
  }
  return at;
}

void WordTable::grow() {
  constexpr std::size_t kFirst = 64;
  std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(slots_.empty() ? kFirst : slots_.size() * 2));
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.hash == 0) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].hash != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

void WordTable::add(std::string_view word, Facts facts) {
  if (word.empty()) return;
  if (2 * (count_ + 1) > slots_.size()) grow();
  const std::uint32_t hash = hash_of(word);
  Slot& slot = slots_[slot_of(word, hash)];
  if (slot.hash == 0) {
    slot = {hash, static_cast<std::uint32_t>(letters_.size()),
            static_cast<std::uint32_t>(word.size()), 0};
    letters_.append(word);
    ++count_;
  }
  slot.facts |= facts;
}

Facts WordTable::find(std::string_view word) const {
  if (slots_.empty()) return 0;
  return slots_[slot_of(word, hash_of(word))].facts;
}

std::vector<Word> read_words(const Clean& cleaned) {
  const WordTable& known = lexicon().words;
  const std::string_view text = cleaned.text;
  std::vector<Word> words;
  words.reserve(text.size() / 5 + 2);
  for (std::size_t at = 0; at < text.size() && words.size() < kWordsMax;) {
    const std::size_t start = at;
    char32_t c = scan_code_point(text, at);
    if (!scan_is_word(c)) continue;
    Word word;
    word.arabic = c >= 0x0620 && c <= 0x06FF;
    std::size_t end = at;
    for (;;) {
      if (c >= U'0' && c <= U'9') word.digits = true;
      if (c != U'\'') end = at;
      if (at >= text.size()) break;
      std::size_t next = at;
      c = scan_code_point(text, next);
      if (!scan_is_word(c) && c != U'\'') break;
      at = next;
    }
    word.span = {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)};
    look_up(known, text, word);
    words.push_back(word);
  }
  return words;
}

}  // namespace wasl::intents
