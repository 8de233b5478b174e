// Snapshots of conversations.  What can be read is written again as the same.
#include "wasl/core/text.hpp"

#include "bot/conversation.hpp"
#include "tests/fuzz/property.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wasl;
  using fuzz::require;
  const auto conversation = bot::from_snapshot({reinterpret_cast<const char*>(data), size});
  if (!conversation) {
    require(!conversation.error().what.empty(), "a refusal is told in words");
    return 0;
  }
  const std::string written = bot::to_snapshot(*conversation);
  require(valid_utf8(written), "a snapshot is UTF-8");
  const auto again = bot::from_snapshot(written);
  require(again && bot::to_snapshot(*again) == written, "a snapshot written is the snapshot read");
  require(bot::make_card(*conversation, Time{}).state == conversation->record.state,
          "the desk sees the state");
  return 0;
}
