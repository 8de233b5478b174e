#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wasl::store {

/// Writes to `delta` how `text` differs from `base`: copies of pieces of `base`, and bytes.
/// False: the two have so little in common that `delta` would be longer than `size_max`.
/// Cost: one pass over both, about 1 ns per byte; no allocation once `delta` has grown.
[[nodiscard]] bool make_delta(std::string_view base, std::string_view text, std::size_t size_max,
                              std::string& delta);

/// The text again; nothing when `delta` does not fit `base`.
[[nodiscard]] std::optional<std::string> apply_delta(std::string_view base, std::string_view delta);

}  // namespace wasl::store
