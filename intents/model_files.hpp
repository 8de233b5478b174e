#pragma once

#include "wasl/core/result.hpp"

#include "intents/blend.hpp"
#include "intents/decide.hpp"
#include "intents/parts.hpp"
#include "intents/strangeness.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace wasl::intents {

/// The plain `key value` lines of `models/intents/manifest`.
using Manifest = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kModelBytesMax = 64U << 20;
inline constexpr const char* kModelFormat = "6";

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

/// What a model makes of a line of features.
struct Reading {
  std::vector<double> chances;  ///< of each label, given that it is one of the intents
  double oos = 0.0;             ///< probability of none of them
  std::size_t known_words = 0;  ///< that occur in some example
};

/// A model fit to serve.  Immutable; safe for many threads.
struct Model {
  std::unique_ptr<const Parts> parts;
  Blend blend;
  Strangeness strangeness;
  Thresholds thresholds;
  int oos = -1;        ///< index of the label `oos`, or -1
  bool marks = false;  ///< whether `!`, `?` and feelings are words of its features

  /// REQUIRES: parts.
  [[nodiscard]] const std::vector<std::string>& labels() const { return parts->labels(); }
  /// REQUIRES: parts.
  [[nodiscard]] Reading read(std::string_view features) const;
};

/// The manifest's lines of a model's numbers.
void describe(const Model& model, Manifest& manifest);

/// Reads `folder`, which holds manifest and classifier.bin; nothing is read whose hash is not the
/// manifest's.
/// Errors: not_found      there is none.
///         invalid_input  damaged, of another format, or too large.
[[nodiscard]] Result<Model> load_model(const std::filesystem::path& folder);

/// Puts `fresh` in the place of `current`, whose content becomes `previous`; at no moment is there
/// no `current` if there was one.  Errors: unavailable.
[[nodiscard]] Result<Done> replace_folder(const std::filesystem::path& fresh,
                                          const std::filesystem::path& current,
                                          const std::filesystem::path& previous);

/// Where the last good model of `current` is kept.
[[nodiscard]] std::filesystem::path previous_of(const std::filesystem::path& current);

/// Puts the last good model back in the place of `current`, which becomes the previous one: twice
/// is as never.  Errors: not_found  there is none.  invalid_input  it is damaged; unavailable.
[[nodiscard]] Result<Done> roll_back_model(const std::filesystem::path& current);

/// A folder that is gone with its owner.
class Scratch {
 public:
  explicit Scratch(std::filesystem::path path);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::error_code& error() const { return error_; }

 private:
  std::filesystem::path path_;
  std::error_code error_;
};

}  // namespace wasl::intents
