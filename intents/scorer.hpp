#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fasttext {
class FastText;
}

namespace wasl::intents {

/// What a trained one-versus-all fastText model computes, laid out for reading.
///
/// The library looks up every n-gram of every word anew; here a known word brings the sum of its
/// n-grams' vectors ready, so a message costs a row for each word and pair of words.  The same
/// scores as the library's but for the order of its sums (tests/intents/scorer_test.cpp).
/// Immutable; safe for many threads.  About 1 µs for a message of known words.
class Scorer {
 public:
  explicit Scorer(const fasttext::FastText& model);

  struct Scores {
    std::vector<float> labels;    ///< raw, one for each label of the model
    std::size_t known_words = 0;  ///< tokens that occurred in training; numbers ("0") aside
  };
  /// Of a line of features: tokens parted by spaces.
  [[nodiscard]] Scores score(std::string_view line) const;

 private:
  struct Sum;  ///< of the rows of a line, and how many

  struct Word {
    std::size_t at = 0;     ///< of its summed row in words_
    std::size_t count = 0;  ///< rows in it
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const;
  };

  void add_unknown(std::string_view word, Sum& sum) const;
  void add_row(std::size_t row, Sum& sum) const;

  std::size_t width_;
  std::size_t known_;  ///< words of the dictionary: rows before those of n-grams
  std::size_t letters_min_;
  std::size_t letters_max_;
  std::size_t words_max_;
  std::size_t buckets_;
  std::unordered_map<std::string, Word, Hash, std::equal_to<>> dictionary_;
  std::vector<float> words_;   ///< summed rows of known words
  std::vector<float> input_;   ///< rows of words and of n-grams
  std::vector<float> output_;  ///< a row for each label
};

}  // namespace wasl::intents
