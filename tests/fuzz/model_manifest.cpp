// A model folder that is damaged: before `---` stands the manifest, behind it classifier.bin.
// fastText must not see bytes that the manifest does not describe.
#include "wasl/core/text.hpp"

#include "intents/model_files.hpp"
#include "tests/fuzz/property.hpp"

#include <cstdint>

namespace {

using namespace wasl;
using namespace wasl::intents;
using fuzz::require;

void round_trip(std::string_view text) {
  const auto manifest = parse_manifest(text);
  if (!manifest) return;
  const auto again = parse_manifest(format_manifest(*manifest));
  require(again && *again == *manifest, "a manifest written is the manifest read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  fuzz::Input input(data, size);
  const std::string_view manifest = input.part();
  const std::string_view bytes = input.rest();
  round_trip(manifest);
  folder.write("manifest", manifest);
  folder.write("classifier.bin", bytes);

  const auto parsed = parse_manifest(manifest);
  const auto value = [&](const char* key) {
    const auto found = parsed->find(key);
    return found == parsed->end() ? std::string() : found->second;
  };
  const bool described =
      parsed && value("bytes") == std::to_string(bytes.size()) && value("sha256") == sha256(bytes);
  const auto model = load_model(folder.path());
  require(described || !model, "a file the manifest does not describe is refused");
  if (!model) require(!model.error().what.empty(), "a refusal is told in words");
  return 0;
}
