#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasl::bot {

/// A file built into the program.
struct Asset {
  std::string_view path;  ///< "web/widget.js", "starter/wasl.yml"
  std::string_view bytes;
};

[[nodiscard]] std::optional<Asset> find_asset(std::string_view path);
/// All whose path begins with `prefix`, in path order.
[[nodiscard]] std::vector<Asset> assets_below(std::string_view prefix);

[[nodiscard]] std::string_view content_type_of(std::string_view path);
/// A strong ETag, quoted.
[[nodiscard]] std::string etag_of(std::string_view bytes);

}  // namespace wasl::bot
