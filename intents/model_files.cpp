#include "intents/model_files.hpp"

#include "wasl/core/text.hpp"

#include "intents/bot_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

// Bytes are bounded, hashed and compared first, then read from memory: what was hashed is what is
// read.  fastText itself reads no file here, for it does not survive a damaged one.

namespace wasl::intents {
namespace {

constexpr std::size_t kManifestBytesMax = 64 * 1024;

std::optional<double> number(const Manifest& manifest, std::string_view key, double low,
                             double high) {
  const auto entry = manifest.find(key);
  if (entry == manifest.end()) return std::nullopt;
  double value = 0.0;
  const char* const end = entry->second.data() + entry->second.size();
  const auto [stop, error] = std::from_chars(entry->second.data(), end, value);
  if (error != std::errc{} || stop != end || !(value >= low && value <= high)) return std::nullopt;
  return value;
}

Error unavailable(const std::string& what) {
  return Error{Error::Code::unavailable, what + ": " + std::strerror(errno)};
}

Error damaged(const std::string& what) {
  return Error{Error::Code::invalid_input, what};
}

struct Field {
  std::string key;
  double low;
  double high;
  double* value;
};

/// Every number of a model that stands in the manifest.
std::vector<Field> fields_of(Model& model) {
  std::vector<Field> fields = {
      {"act_min", 0.0, 1.0, &model.thresholds.act_min},
      {"margin_min", 0.0, 1.0, &model.thresholds.margin_min},
      {"guess_min", 0.0, 1.0, &model.thresholds.guess_min},
      {"oos_min", 0.0, 2.0, &model.thresholds.oos_min},
      {"blend_fast", 0.0, 1e4, &model.blend.weights[0]},
      {"blend_linear", 0.0, 1e4, &model.blend.weights[1]},
      {"blend_near", 0.0, 1e4, &model.blend.weights[2]},
      {"sureness_shift", -1e2, 1e2, &model.blend.sureness.shift},
      {"sureness_slope", 0.0, 1e2, &model.blend.sureness.slope},
      {"blend_evenness", 0.0, 1.0, &model.blend.evenness},
  };
  for (std::size_t i = 0; i < Strangeness::kSigns; ++i) {
    fields.push_back({"strange_" + std::string(Strangeness::kNames[i]), -1e4, 1e4,
                      &model.strangeness.weights[i]});
  }
  return fields;
}

Result<Done> read_settings(const Manifest& manifest, Model& model) {
  for (const Field& field : fields_of(model)) {
    const auto value = number(manifest, field.key, field.low, field.high);
    if (!value) return damaged("manifest: missing or wrong '" + field.key + "'");
    *field.value = *value;
  }
  return Done{};
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view text) {
  Manifest manifest;
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    const std::size_t space = line.find(' ');
    if (space == 0 || space == std::string_view::npos) {
      return damaged("manifest: a line is not 'key value'");
    }
    const auto [entry, fresh] = manifest.emplace(line.substr(0, space), line.substr(space + 1));
    if (!fresh) return damaged("manifest: '" + entry->first + "' twice");
  }
  return manifest;
}

std::string format_manifest(const Manifest& manifest) {
  std::string text;
  for (const auto& [key, value] : manifest) text.append(key).append(" ").append(value).append("\n");
  return text;
}

std::string sha256(std::string_view bytes) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return to_hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

Result<std::string> read_file(const std::filesystem::path& file, std::size_t bytes_max) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) {
    return Error{error == std::errc::no_such_file_or_directory ? Error::Code::not_found
                                                               : Error::Code::unavailable,
                 file.filename().string() + ": " + error.message()};
  }
  if (size > bytes_max) return damaged(file.filename().string() + " is too large");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream || static_cast<std::uintmax_t>(stream.gcount()) != size) {
    return Error{Error::Code::unavailable, file.filename().string() + " cannot be read"};
  }
  return bytes;
}

Result<Done> write_file(const std::filesystem::path& file, std::string_view bytes) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return unavailable("cannot write " + file.string());
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const Error error = unavailable("cannot write " + file.string());
      ::close(fd);
      return error;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  const bool synced = ::fsync(fd) == 0;
  const bool closed = ::close(fd) == 0;
  if (!synced || !closed) return unavailable("cannot write " + file.string());
  return Done{};
}

Result<Model> load_model(const std::filesystem::path& folder) {
  const auto text = read_file(folder / "manifest", kManifestBytesMax);
  if (!text) return text.error();
  const auto manifest = parse_manifest(*text);
  if (!manifest) return manifest.error();
  const auto value = [&](std::string_view key) {
    const auto entry = manifest->find(key);
    return entry == manifest->end() ? std::string() : entry->second;
  };
  if (value("format") != kModelFormat) return damaged("the model has another format");

  Model model;
  if (const auto read = read_settings(*manifest, model); !read) return read.error();
  model.marks = value("marks") == "1";
  const auto bytes = read_file(folder / "classifier.bin", kModelBytesMax);
  if (!bytes) return bytes.error();
  if (std::to_string(bytes->size()) != value("bytes") || sha256(*bytes) != value("sha256")) {
    return damaged("classifier.bin is not the file the manifest describes");
  }
  // Beyond here the bytes are those that training wrote.
  auto parts = Parts::read(*bytes);
  if (!parts) return parts.error();
  model.parts = std::make_unique<const Parts>(std::move(*parts));
  model.blend.rarity = model.parts->rarity();
  const auto& labels = model.labels();
  const auto oos = std::find(labels.begin(), labels.end(), kOutOfScope);
  if (oos != labels.end()) model.oos = static_cast<int>(oos - labels.begin());
  return model;
}

Reading Model::read(std::string_view features) const {
  const PartScores scores = parts->score(features);
  Reading reading;
  reading.chances = intents::chances(scores, blend, oos);
  reading.oos = intents::strangeness(signs(scores, reading.chances, blend, oos), strangeness);
  make_honest(reading.chances, blend.sureness);
  reading.known_words = scores.known_words;
  // Without any known word, single letters must not carry a line: it is as strange as its n-grams.
  if (scores.known_words == 0) reading.oos = std::max(reading.oos, 1.0 - scores.known);
  return reading;
}

void describe(const Model& model, Manifest& manifest) {
  manifest["marks"] = model.marks ? "1" : "0";
  Model copy;
  copy.blend = model.blend;
  copy.strangeness = model.strangeness;
  copy.thresholds = model.thresholds;
  for (const Field& field : fields_of(copy)) {
    manifest[field.key] = fmt::format("{:.9g}", *field.value);
  }
}

Result<Done> replace_folder(const std::filesystem::path& fresh,
                            const std::filesystem::path& current,
                            const std::filesystem::path& previous) {
  std::error_code error;
  if (!std::filesystem::exists(current, error)) {
    std::filesystem::rename(fresh, current, error);
    if (error)
      return Error{Error::Code::unavailable, "cannot put the model in place: " + error.message()};
    return Done{};
  }
  std::filesystem::path old = fresh;
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, current.c_str(), RENAME_EXCHANGE) != 0) {
    // A file system that cannot exchange: the old one steps aside for an instant.
    old += ".old";
    std::filesystem::rename(current, old, error);
    if (!error) std::filesystem::rename(fresh, current, error);
    if (error)
      return Error{Error::Code::unavailable, "cannot put the model in place: " + error.message()};
  }
  std::filesystem::remove_all(previous, error);
  std::filesystem::rename(old, previous, error);
  if (error)
    return Error{Error::Code::unavailable, "cannot keep the previous model: " + error.message()};
  return Done{};
}

std::filesystem::path previous_of(const std::filesystem::path& current) {
  std::filesystem::path previous = current;
  if (!previous.has_filename()) previous = previous.parent_path();
  previous += ".previous";
  return previous;
}

Result<Done> roll_back_model(const std::filesystem::path& current) {
  const auto previous = previous_of(current);
  if (const auto model = load_model(previous); !model) {
    if (model.error().code != Error::Code::not_found) return model.error();
    return Error{Error::Code::not_found, "there is no previous model to go back to"};
  }
  std::error_code error;
  if (!std::filesystem::exists(current, error)) {
    std::filesystem::rename(previous, current, error);
  } else if (::renameat2(AT_FDCWD, previous.c_str(), AT_FDCWD, current.c_str(), RENAME_EXCHANGE) !=
             0) {
    std::filesystem::path aside = previous;
    aside += ".aside";
    std::filesystem::rename(current, aside, error);
    if (!error) std::filesystem::rename(previous, current, error);
    if (!error) std::filesystem::rename(aside, previous, error);
  }
  if (error) {
    return Error{Error::Code::unavailable, "cannot put the model back: " + error.message()};
  }
  return Done{};
}

Scratch::Scratch(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  std::filesystem::create_directories(path_, error_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace wasl::intents
