#include "intents/similarity.hpp"

#include "wasl/intents/clean.hpp"
#include "wasl/intents/understander.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace wasl::intents {
namespace {

/// Hands each trigram of code points to `use`; words have a blank before and after them.
template <typename Use>
void each_trigram(std::string_view text, const Use& use) {
  std::uint64_t window = 0;
  const auto push = [&](char32_t c) {
    window = ((window << 21) | (c & 0x1FFFFF)) & 0x7FFFFFFFFFFFFFFFULL;
    if ((window >> 42) != 0) use(window);
  };
  push(U' ');
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (is_word(c)) {
      push(c);
      inside = true;
    } else if (inside) {
      push(U' ');
      inside = false;
    }
  }
  if (inside) push(U' ');
}

/// The trigrams of two short texts, each once, with a mark for those that the second one has.
class SmallSet {
 public:
  static constexpr std::size_t kTextsMax = 384;  ///< bytes of both texts: it is never fuller than ¾

  void add_first(std::uint64_t gram) {
    std::uint64_t& slot = find(gram);
    if (slot != 0) return;
    slot = gram;
    ++all_;
  }
  void add_second(std::uint64_t gram) {
    std::uint64_t& slot = find(gram);
    if (slot == 0) {
      ++all_;
    } else if ((slot & kSecond) == 0) {
      ++common_;
    }
    slot = gram | kSecond;
  }
  [[nodiscard]] double shared() const {
    return all_ == 0 ? 0.0 : static_cast<double>(common_) / static_cast<double>(all_);
  }

 private:
  static constexpr std::uint64_t kSecond = 1ULL << 63U;  // trigrams have 63 bits

  std::uint64_t& find(std::uint64_t gram) {
    std::size_t at = gram * 0x9E3779B97F4A7C15ULL >> 55U;
    while (slots_[at] != 0 && (slots_[at] & ~kSecond) != gram) at = (at + 1) % slots_.size();
    return slots_[at];
  }

  std::array<std::uint64_t, 512> slots_{};
  std::size_t all_ = 0;
  std::size_t common_ = 0;
};

}  // namespace

std::vector<std::uint64_t> trigrams(std::string_view text) {
  std::vector<std::uint64_t> grams;
  grams.reserve(text.size() + 2);
  each_trigram(text, [&](std::uint64_t gram) { grams.push_back(gram); });
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

double jaccard(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  if (a.empty() || b.empty()) return 0.0;
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      ++common;
      ++i;
      ++j;
    } else if (a[i] < b[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
}

double similarity(std::string_view clean_a, std::string_view clean_b) {
  if (clean_a == clean_b) return clean_a.empty() ? 0.0 : 1.0;
  if (clean_a.size() + clean_b.size() <= SmallSet::kTextsMax) {
    SmallSet both;
    each_trigram(clean_a, [&](std::uint64_t gram) { both.add_first(gram); });
    each_trigram(clean_b, [&](std::uint64_t gram) { both.add_second(gram); });
    return both.shared();
  }
  return jaccard(trigrams(clean_a), trigrams(clean_b));
}

}  // namespace wasl::intents
