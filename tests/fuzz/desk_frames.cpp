// Frames of agents: what is accepted is within its limits, and an acknowledgement of it can be
// read.
#include "bot/desk_frames.hpp"

#include "wasl/core/text.hpp"

#include "tests/fuzz/property.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wasl;
  using fuzz::require;
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  const auto command = bot::parse_desk_command(frame);
  if (!command) {
    const std::string& code = command.error().what;
    require(code == "bad_json" || code == "bad_message", "a refusal has a code of the wire");
    require(valid_utf8(bot::desk_error_frame(code, "", "")), "a refusal can be sent");
    return 0;
  }
  require(valid_utf8(frame), "a frame is UTF-8");
  require(!command->type.empty(), "a command has a type");
  require(command->client_id.size() <= 128, "an id is short");
  for (const std::string* text : {&command->type, &command->client_id, &command->conversation,
                                  &command->text, &command->note, &command->state}) {
    require(text->size() <= frame.size() && valid_utf8(*text), "a text is UTF-8 out of the frame");
  }
  require(valid_utf8(bot::desk_ack_frame(command->client_id, command->last_seq, command->epoch)),
          "an acknowledgement can be sent");
  return 0;
}
