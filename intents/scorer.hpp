#pragma once

#include "wasl/core/result.hpp"

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
/// scores as the library's but for the order of its sums (tests/intents/scorer_test.cpp); once
/// written and read again, within what one byte for a weight allows.
/// Immutable; safe for many threads.  About 1 µs for a message of known words.
class Scorer {
 public:
  explicit Scorer(const fasttext::FastText& model);

  /// Reads what write() gave.  Errors: invalid_input  cut, forged, of another version.
  static Result<Scorer> read(std::string_view bytes);
  /// One byte for each weight of the n-grams.
  [[nodiscard]] std::string write() const;

  struct Scores {
    std::vector<float> labels;    ///< raw, one for each label of the model
    std::size_t known_words = 0;  ///< tokens that occurred in training; numbers ("0") aside
  };
  /// Of a line of features: tokens parted by spaces.
  [[nodiscard]] Scores score(std::string_view line) const;
  /// Of tokens and their ids by word_id().
  [[nodiscard]] Scores score(const std::vector<std::string_view>& tokens,
                             const std::vector<std::size_t>& ids) const;

  static constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);
  /// The number of a word of the training, or kUnknown.
  [[nodiscard]] std::size_t word_id(std::string_view word) const;
  /// Words of the training by number, the most frequent first.
  [[nodiscard]] const std::vector<std::string>& words() const { return names_; }
  /// Names of the model's labels, in the order of Scores::labels.
  [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }

 private:
  struct Sum;  ///< of the rows of a line, and how many

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const;
  };

  /// Sizes, as the file has them; the order is part of the format.
  struct Shape {
    std::uint32_t width = 0;
    std::uint32_t known = 0;  ///< words of the dictionary: rows before those of n-grams
    std::uint32_t labels = 0;
    std::uint32_t letters_min = 0;
    std::uint32_t letters_max = 0;
    std::uint32_t words_max = 0;
    std::uint32_t buckets = 0;
  };

  Scorer() = default;
  void sum_words();
  void add_letters(std::string_view word, Sum& sum) const;
  void add_row(std::size_t row, Sum& sum) const;
  [[nodiscard]] static bool sane(const Shape& shape);

  Shape shape_;
  std::vector<std::string> names_;
  std::vector<std::string> labels_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> ids_;
  std::vector<std::uint32_t> counts_;  ///< rows in the sum of each known word
  std::vector<float> words_;           ///< summed rows of known words
  std::vector<float> input_;           ///< rows of words and of n-grams
  std::vector<float> output_;          ///< a row for each label
};

}  // namespace wasl::intents
