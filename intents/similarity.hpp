#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// The distinct character trigrams of a clean text's words, sorted; an edge of a word counts as a
/// character.
[[nodiscard]] std::vector<std::uint64_t> trigrams(std::string_view clean);

/// Common over all, in [0, 1].
[[nodiscard]] double jaccard(const std::vector<std::uint64_t>& a,
                             const std::vector<std::uint64_t>& b);

}  // namespace wasl::intents
