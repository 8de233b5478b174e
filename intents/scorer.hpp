#pragma once

#include "wasl/core/result.hpp"

#include "intents/word_sums.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
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
/// The same scores as the library's but for the order of its sums (tests/intents/scorer_test.cpp);
/// once written and read again, within what one byte for a weight allows.  A line can be summed
/// part by part, so that sums which are known already (WordSums) need not be made again.
/// Immutable; safe for many threads.
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
  /// Of a line of features, tokens parted by spaces: row by row.
  [[nodiscard]] Scores score(std::string_view line) const;

  // The same in parts: each word, the line's end, the runs of words, and what they come to.

  /// What a token is in runs.
  [[nodiscard]] static std::int32_t token_hash(std::string_view token);
  /// A token's own rows.  Whether training had seen it.
  bool add_word(std::string_view token, LineSums& sums) const;
  void add_end(LineSums& sums) const;
  /// The rows of all runs of two words and more; `hashes` without the line's end.
  /// `summed[i]`: that of the words i and i + 1 is in the sums already.
  void add_runs(std::span<const std::int32_t> hashes, std::span<const char> summed,
                LineSums& sums) const;
  /// That of two words alone.
  void add_pair(std::int32_t first, std::int32_t second, LineSums& sums) const;
  /// The score of each label.
  void finish(const LineSums& sums, std::vector<float>& labels) const;
  [[nodiscard]] std::size_t width() const { return shape_.width; }
  /// Whether a token counts among Scores::known_words, when it is known.
  [[nodiscard]] static bool counts(std::string_view token);

  static constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);
  /// The number of a word of the training, or kUnknown.
  [[nodiscard]] std::size_t word_id(std::string_view word) const;
  /// Words of the training by number, the most frequent first.
  [[nodiscard]] const std::vector<std::string>& words() const { return names_; }
  /// Names of the model's labels, in the order of Scores::labels.
  [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }

 private:
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
  void index();
  void add_letters(std::string_view word, LineSums& sums) const;
  void add_row(std::size_t row, LineSums& sums) const;
  [[nodiscard]] static bool sane(const Shape& shape);

  Shape shape_;
  std::vector<std::string> names_;
  std::vector<std::string> labels_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> ids_;
  std::size_t end_ = kUnknown;  ///< the line's end among the words
  std::vector<float> input_;    ///< rows of words and of n-grams
  std::vector<float> output_;   ///< a row for each label
};

}  // namespace wasl::intents
