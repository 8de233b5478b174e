// Events as the store keeps them.  The first line is the kind.  What can be read is written again
// as the same, and can be shown to people.
#include "bot/event_json.hpp"

#include "wasl/core/text.hpp"

#include "bot/desk_frames.hpp"
#include "tests/fuzz/property.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wasl;
  using fuzz::require;
  fuzz::Input input(data, size);
  store::EventRow row;
  row.seq = 7;
  row.at = Time{Millis{1'800'000'000'000}};
  row.epoch = 2;
  row.kind = input.line();
  row.json = input.rest();
  const auto event = bot::from_row(row);
  if (!event) {
    require(!event.error().what.empty(), "a refusal is told in words");
    return 0;
  }
  require(event->kind() == row.kind, "an event is of its kind");
  const store::EventRow written = bot::to_row(*event);
  const auto again = bot::from_row(written);
  require(again && bot::to_row(*again) == written, "an event written is the event read");
  if (const auto frame = bot::desk_event_frame("c", *event)) {
    require(valid_utf8(*frame), "an agent can be shown it");
  }
  return 0;
}
