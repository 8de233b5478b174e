#include "intents/pattern_set.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <utility>

// One automaton answers "which patterns occur?" in one pass; only those that do are run again for
// their places.  Memory is bounded: when the automaton does not fit, patterns are tried one by one,
// which is slower and says the same.

namespace wasl::intents {
namespace {

constexpr std::int64_t kSetBytesMax = 32 << 20;
constexpr std::int64_t kPatternBytesMax = 2 << 20;
constexpr int kProgramsMax = 4'000'000;  ///< instructions of all patterns; 16 bytes and more each
constexpr int kGroupsMax = 10;

RE2::Options options(std::int64_t bytes_max, bool small_letters = false) {
  RE2::Options options;
  options.set_case_sensitive(small_letters);  // twice as fast to compile, and half the size
  options.set_log_errors(false);
  options.set_max_mem(bytes_max);
  return options;
}

/// Narrows marked bytes to the clean bytes inside, without marks and spaces at the edges.
Span narrow(const Marked& text, std::size_t start, std::size_t end) {
  const auto hollow = [&](std::size_t i) {
    const char c = text.text[i];
    return c == '\x01' || c == '\x02' || c == ' ';
  };
  while (start < end && hollow(start)) ++start;
  while (end > start && hollow(end - 1)) --end;
  return {text.clean_at[start], start == end ? text.clean_at[start] : text.clean_at[end - 1] + 1};
}

}  // namespace

struct PatternSet::Data {
  explicit Data(Singles when)
      : set(options(kSetBytesMax, when == Singles::lazy), RE2::UNANCHORED), singles_are(when) {}

  /// One pattern for itself, compiled at most once by whichever thread needs it first.
  struct Single {
    std::string text;
    bool small_letters = false;
    mutable std::once_flag once;
    mutable std::unique_ptr<RE2> compiled;

    [[nodiscard]] const RE2& get() const {
      std::call_once(once, [this] {
        compiled = std::make_unique<RE2>(text, options(kPatternBytesMax, small_letters));
      });
      return *compiled;
    }
  };

  RE2::Set set;
  Singles singles_are;
  bool set_usable = false;
  int programs = 0;  ///< instructions of `singles` that were compiled when added
  std::vector<std::unique_ptr<Single>> singles;

  [[nodiscard]] std::vector<int> one_by_one(const Marked& text) const {
    std::vector<int> found;
    for (std::size_t i = 0; i < singles.size(); ++i) {
      if (RE2::PartialMatch(text.text, singles[i]->get())) found.push_back(static_cast<int>(i));
    }
    return found;
  }
};

PatternSet::PatternSet(Singles singles) : data_(std::make_unique<Data>(singles)) {}
PatternSet::~PatternSet() = default;
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;

Result<int> PatternSet::add(std::string_view pattern) {
  const auto compiled = compile_pattern(pattern);
  if (!compiled) return compiled.error();
  std::string error;
  auto single = std::make_unique<Data::Single>();
  single->text = *compiled;
  single->small_letters = data_->singles_are == Singles::lazy;
  if (data_->singles_are == Singles::eager) {
    if (!single->get().ok()) error = single->get().error();
    const int size = std::max(0, single->get().ProgramSize());
    if (size > kProgramsMax - data_->programs) {
      return Error{Error::Code::invalid_input, "all patterns together are too large"};
    }
    data_->programs += size;
  }
  if (!error.empty() || data_->set.Add(*compiled, &error) < 0) {
    // The author's own pattern makes the better message, when it is wrong by itself.
    const RE2 own(re2::StringPiece(pattern.data(), pattern.size()), options(kPatternBytesMax));
    return Error{Error::Code::invalid_input, own.ok() ? error : own.error()};
  }
  data_->singles.push_back(std::move(single));
  return static_cast<int>(data_->singles.size()) - 1;
}

void PatternSet::compile() {
  data_->set_usable = !data_->singles.empty() && data_->set.Compile();
}

std::vector<int> PatternSet::hits(const Marked& text) const {
  if (!data_->set_usable) return data_->one_by_one(text);
  std::vector<int> found;
  RE2::Set::ErrorInfo error{};
  if (!data_->set.Match(text.text, &found, &error)) {
    if (error.kind == RE2::Set::kNoError) return {};
    return data_->one_by_one(text);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<Span> PatternSet::find(int number, const Marked& text, std::size_t count_max) const {
  const RE2& pattern = data_->singles.at(static_cast<std::size_t>(number))->get();
  const auto& names = pattern.NamedCapturingGroups();
  const auto named = names.find("value");
  const int group = named == names.end() || named->second >= kGroupsMax ? 0 : named->second;
  re2::StringPiece parts[kGroupsMax];
  std::vector<Span> found;
  std::size_t at = 0;
  while (at <= text.text.size() && found.size() < count_max) {
    if (!pattern.Match(text.text, at, text.text.size(), RE2::UNANCHORED, parts, group + 1)) break;
    const auto offset_of = [&](const re2::StringPiece& part) {
      return static_cast<std::size_t>(part.data() - text.text.data());
    };
    const re2::StringPiece& value = parts[group].data() == nullptr ? parts[0] : parts[group];
    const std::size_t start = offset_of(value);
    const Span span = narrow(text, start, start + value.size());
    if (!span.empty()) found.push_back(span);
    const std::size_t end = offset_of(parts[0]) + parts[0].size();
    // A mark swallowed at the end may open the next match.
    const std::size_t next = end > at && end > 0 && end <= text.text.size() &&
                                     (text.text[end - 1] == '\x01') && !parts[0].empty()
                                 ? end - 1
                                 : end;
    at = next > at ? next : at + 1;
  }
  return found;
}

std::size_t PatternSet::size() const {
  return data_->singles.size();
}

}  // namespace wasl::intents
