#pragma once

#include "wasl/core/yaml.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// One line `label<TAB>text`.
struct LabelledRow {
  std::string label;
  std::string text;
  int line = 0;
};

inline constexpr std::size_t kLabelledFileBytesMax = 512U << 20;
inline constexpr std::size_t kLabelledLineBytesMax = 64U << 10;

/// Reads lines of `label<TAB>text`; CRLF, a byte-order mark and empty lines are passed over.  Every
/// mistake goes to `mistakes` with its place, at most 100 of them, and reading goes on.
[[nodiscard]] std::vector<LabelledRow> parse_labelled(std::string_view bytes,
                                                      const std::string& file,
                                                      yaml::Mistakes& mistakes);

/// The same of a file, which must have rows.
[[nodiscard]] std::vector<LabelledRow> read_labelled(const std::filesystem::path& file,
                                                     yaml::Mistakes& mistakes);

}  // namespace wasl::intents
