#pragma once

#include "wasl/core/result.hpp"

#include "intents/calibration.hpp"
#include "intents/classifier.hpp"
#include "intents/decide.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace wasl::intents {

/// The plain `key value` lines of `models/intents/manifest`.
using Manifest = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kModelBytesMax = 64U << 20;
inline constexpr const char* kModelFormat = "1";

/// Errors: invalid_input  a line without a value, or a key twice.
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text);
[[nodiscard]] std::string format_manifest(const Manifest& manifest);

/// Lower-case hexadecimal.
[[nodiscard]] std::string sha256(std::string_view bytes);

/// Reads a whole file of at most `bytes_max`.  Errors: not_found, unavailable, invalid_input.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& file,
                                            std::size_t bytes_max);

/// Writes a file and waits until the disk has it.  Errors: unavailable.
[[nodiscard]] Result<Done> write_file(const std::filesystem::path& file, std::string_view bytes);

/// A model fit to serve.
struct Model {
  std::unique_ptr<Classifier> classifier;
  Calibration calibration;
  Thresholds thresholds;
};

/// Reads `folder`, which holds manifest and classifier.bin; nothing is given to fastText whose
/// hash is not the manifest's.
/// Errors: not_found      there is none.
///         invalid_input  damaged, of another format, or too large.
[[nodiscard]] Result<Model> load_model(const std::filesystem::path& folder);

/// Puts `fresh` in the place of `current`, whose content becomes `previous`; at no moment is there
/// no `current` if there was one.  Errors: unavailable.
[[nodiscard]] Result<Done> replace_folder(const std::filesystem::path& fresh,
                                          const std::filesystem::path& current,
                                          const std::filesystem::path& previous);

}  // namespace wasl::intents
