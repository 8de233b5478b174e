#include "bot/assets.hpp"

#include "bot/random.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

// Written by cmake/embed.cmake: a table of path and bytes, in path order.
extern "C" {
struct WaslAsset {
  const char* path;
  const char* begin;
  const char* end;
};
extern const WaslAsset wasl_assets[];
extern const std::uint64_t wasl_assets_count;
}

namespace wasl::bot {
namespace {

Asset asset_at(std::size_t index) {
  const WaslAsset& entry = wasl_assets[index];
  return {entry.path, {entry.begin, static_cast<std::size_t>(entry.end - entry.begin)}};
}

}  // namespace

std::optional<Asset> find_asset(std::string_view path) {
  for (std::size_t i = 0; i < wasl_assets_count; ++i) {
    if (path == wasl_assets[i].path) return asset_at(i);
  }
  return std::nullopt;
}

std::vector<Asset> assets_below(std::string_view prefix) {
  std::vector<Asset> found;
  for (std::size_t i = 0; i < wasl_assets_count; ++i) {
    const Asset asset = asset_at(i);
    if (asset.path.starts_with(prefix)) found.push_back(asset);
  }
  return found;
}

std::string_view content_type_of(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTypes{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".txt", "text/plain; charset=utf-8"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

std::string etag_of(std::string_view bytes) {
  return '"' + token_hash(bytes).substr(0, 32) + '"';
}

}  // namespace wasl::bot
