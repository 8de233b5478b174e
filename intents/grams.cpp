#include "intents/grams.hpp"

// Hashes are 64-bit FNV-1a with a last stir; a kind (whole word, pair, run of letters) is mixed in,
// so that the word "an" and the letters "an" differ.  Collisions among some 100,000 grams are not
// expected in the life of the sun.

namespace wasl::intents {
namespace {

constexpr Gram kOffset = 14695981039346656037ULL;
constexpr Gram kPrime = 1099511628211ULL;

enum Kind : Gram { whole = 1, pair = 2, letters = 3, seam = 4 };

Gram feed(Gram hash, std::string_view bytes) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  return hash;
}

/// Spreads over all bits: tables take the upper ones.
Gram stir(Gram hash) {
  hash ^= hash >> 32U;
  hash *= 0x9E3779B97F4A7C15ULL;
  hash ^= hash >> 29U;
  return hash == 0 ? 1 : hash;
}

Gram start(Kind kind) {
  return (kOffset ^ kind) * kPrime;
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

/// All of a word that is shorter.
std::string_view last_letters(std::string_view word, std::size_t count) {
  std::size_t at = word.size();
  while (at > 0 && count > 0) {
    --at;
    if (!continues(word[at])) --count;
  }
  return word.substr(at);
}

std::string_view first_letters(std::string_view word, std::size_t count) {
  std::size_t at = 0;
  while (at < word.size() && count > 0) {
    ++at;
    while (at < word.size() && continues(word[at])) ++at;
    --count;
  }
  return word.substr(0, at);
}

/// A word with a border on each side, read in place.
class Framed {
 public:
  explicit Framed(std::string_view word) : word_(word) {}
  [[nodiscard]] std::size_t size() const { return word_.size() + 2; }
  char operator[](std::size_t i) const { return i == 0 || i > word_.size() ? ' ' : word_[i - 1]; }

 private:
  std::string_view word_;
};

}  // namespace

void add_word_grams(std::string_view word, std::vector<Gram>& grams) {
  grams.push_back(stir(feed(start(whole), word)));
  const Framed framed(word);
  for (std::size_t from = 0; from + 1 < framed.size(); ++from) {
    if (continues(framed[from])) continue;
    Gram hash = start(letters);
    std::size_t to = from;
    for (std::size_t count = 1; to < framed.size() && count <= kLettersMax; ++count) {
      do {
        hash = (hash ^ static_cast<unsigned char>(framed[to])) * kPrime;
        ++to;
      } while (to < framed.size() && continues(framed[to]));
      if (count >= kLettersMin) grams.push_back(stir(hash));
    }
  }
}

void add_outline_grams(std::string_view word, std::vector<Gram>& grams) {
  constexpr std::size_t kLetters = 3;
  grams.push_back(stir(feed(start(whole), word)));
  const Framed framed(word);
  for (std::size_t from = 0; from < framed.size(); ++from) {
    if (continues(framed[from])) continue;
    Gram hash = start(letters);
    std::size_t to = from;
    std::size_t count = 0;
    for (; to < framed.size() && count < kLetters; ++count) {
      do {
        hash = (hash ^ static_cast<unsigned char>(framed[to])) * kPrime;
        ++to;
      } while (to < framed.size() && continues(framed[to]));
    }
    if (count == kLetters) grams.push_back(stir(hash));
  }
}

Gram pair_gram(std::string_view first, std::string_view second) {
  return stir(feed((feed(start(pair), first) ^ static_cast<unsigned char>(' ')) * kPrime, second));
}

void add_pair_grams(std::string_view first, std::string_view second, std::vector<Gram>& grams) {
  grams.push_back(pair_gram(first, second));
  constexpr std::size_t kSizes[][2] = {{2, 3}, {2, 4}, {3, 2}, {3, 3}, {4, 2}};
  for (const auto& [last, ahead] : kSizes) {
    const Gram hash = feed(start(seam), last_letters(first, last));
    grams.push_back(stir(
        feed((hash ^ static_cast<unsigned char>(' ')) * kPrime, first_letters(second, ahead))));
  }
}

std::vector<Gram> line_grams(std::string_view line) {
  std::vector<Gram> grams;
  grams.reserve(line.size() * 4);
  std::string_view last;
  each_word(line, [&](std::string_view word) {
    add_word_grams(word, grams);
    if (!last.empty()) add_pair_grams(last, word, grams);
    last = word;
  });
  return grams;
}

}  // namespace wasl::intents
