// intents/*.yml of a bot folder: read, its patterns compiled, and looked for in its own examples.
#include "wasl/core/text.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/bot_files.hpp"
#include "intents/entities.hpp"
#include "tests/fuzz/property.hpp"

#include <cstdint>

namespace {

using namespace wasl;
using namespace wasl::intents;
using fuzz::require;

constexpr std::size_t kExamplesTried = 8;

void find_in(const BotPatterns& patterns, const std::string& text) {
  const Clean cleaned = clean(text);
  const auto found = patterns.find(text, cleaned, mark_words(cleaned.text));
  require(found.intents.size() == found.patterns.size(), "a hit has its pattern");
  require(found.entities.size() <= 32, "entities are counted");
  std::uint32_t before = 0;
  for (const EntityHit& hit : found.entities) {
    require(hit.span.start >= before && hit.span.end <= cleaned.text.size(),
            "entities do not overlap and lie in the text");
    before = hit.span.end;
  }
  for (const Entity& entity : tell(found.entities, text, cleaned)) {
    require(entity.start <= entity.end && entity.end <= text.size(),
            "an entity is in the original");
    require(entity.text == text.substr(entity.start, entity.end - entity.start),
            "the words of an entity are the customer's");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  folder.write("intents/fuzz.yml", {reinterpret_cast<const char*>(data), size});
  yaml::Mistakes mistakes;
  const BotFiles files = read_bot_files(folder.path(), mistakes);
  if (!mistakes.empty()) return 0;
  for (const IntentSource& intent : files.intents) {
    require(!intent.examples.empty() || !intent.patterns.empty(), "an intent can be meant");
  }
  const BotPatterns patterns(files, mistakes);
  if (!mistakes.empty()) return 0;
  std::size_t tried = 0;
  for (const IntentSource& intent : files.intents) {
    for (const Example& example : intent.examples) {
      if (++tried > kExamplesTried) return 0;
      find_in(patterns, example.text);
    }
  }
  return 0;
}
