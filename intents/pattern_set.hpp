#pragma once

#include "wasl/core/result.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/pattern_syntax.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// Many patterns, looked for at once.  Immutable once compiled; safe for many threads.
class PatternSet {
 public:
  /// When a pattern is compiled for itself: when added, which finds patterns that are too large, or
  /// when it first hits, which saves time and memory for patterns that are known to be good:
  /// written in small letters, as a clean text is, so that case needs no thought either.
  enum class Singles { eager, lazy };
  explicit PatternSet(Singles singles = Singles::eager);
  ~PatternSet();
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;

  /// Adds a pattern (see pattern_syntax.hpp) and gives its number, from 0.
  /// Errors: invalid_input  RE2's message, in one sentence.
  Result<int> add(std::string_view pattern);

  /// Must be called once, after the last add().
  void compile();

  /// The numbers of the patterns that occur in `text`, in order.
  [[nodiscard]] std::vector<int> hits(const Marked& text) const;

  /// Where pattern `number` occurs: spans of the clean text, at most `count_max`, left to right.
  /// Of a pattern with a group `(?P<value>…)`, the span of that group.
  [[nodiscard]] std::vector<Span> find(int number, const Marked& text, std::size_t count_max) const;

  [[nodiscard]] std::size_t size() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace wasl::intents
