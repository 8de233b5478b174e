#include "intents/similarity.hpp"

#include "wasl/intents/clean.hpp"
#include "wasl/intents/understander.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace wasl::intents {
std::vector<std::uint64_t> trigrams(std::string_view text) {
  std::vector<std::uint64_t> grams;
  grams.reserve(text.size() + 2);
  std::uint64_t window = 0;
  const auto push = [&](char32_t c) {
    window = ((window << 21) | (c & 0x1FFFFF)) & 0x7FFFFFFFFFFFFFFFULL;
    if ((window >> 42) != 0) grams.push_back(window);
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
  return jaccard(trigrams(clean_a), trigrams(clean_b));
}

}  // namespace wasl::intents
