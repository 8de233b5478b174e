#pragma once

#include "wasl/core/result.hpp"

#include "intents/grams.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// One example: a line of features and the index of its label.
struct NeighbourRow {
  std::string_view line;
  std::size_t label = 0;
};

/// How alike a line is to the likest example of each label: the cosine of their words and runs of
/// three letters, rare ones counting more.  Where examples are few, one that is nearly the same
/// says more than any weight learnt from all of them; and a line that is like none is strange.
///
/// Immutable; safe for many threads.  Cost of a score: a list of examples for each n-gram of the
/// line, 200,000 entries at most.
class Neighbours {
 public:
  /// More examples than this would cost more than they say.
  static constexpr std::size_t kRowsMax = 10'000;

  /// None: every line scores 0.
  Neighbours() = default;

  /// REQUIRES: at most kRowsMax rows; each label below `labels`, which is at most 65,536.
  Neighbours(const std::vector<NeighbourRow>& rows, std::size_t labels);

  /// Errors: invalid_input  not what write() gives for that many labels.
  static Result<Neighbours> read(std::string_view bytes, std::size_t labels);
  [[nodiscard]] std::string write() const;

  [[nodiscard]] bool empty() const { return label_of_.empty(); }

  /// For each label the cosine of the line and its likest example, in [0, 1]; of no labels if
  /// there are no examples.
  [[nodiscard]] std::vector<float> score(std::string_view line) const;

 private:
  using Key = std::uint32_t;  ///< the upper half of a gram's hash
  using Row = std::uint16_t;

  void weigh();
  [[nodiscard]] bool fits_together() const;
  [[nodiscard]] std::size_t rows_with(std::size_t gram) const {
    return starts_[gram + 1] - starts_[gram];
  }

  std::size_t labels_ = 0;
  std::vector<std::uint16_t> label_of_;  ///< of each row
  std::vector<Key> keys_;                ///< of each gram; ascending
  std::vector<std::uint32_t> starts_;    ///< of each gram's rows among rows_; one more at the end
  std::vector<Row> rows_;                ///< of one gram ascending

  // Made of these.
  std::vector<float> squares_;  ///< of each gram: its rarity, squared
  std::vector<float> shares_;   ///< of each row: 1 over its length
  float unseen_ = 0.0F;         ///< what a gram of no row adds to the square of a length
};

}  // namespace wasl::intents
