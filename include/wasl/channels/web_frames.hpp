#pragma once

#include "wasl/core/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The frames of the visitor's WebSocket `/chat` (design: channels.md, "Web"), as values.
namespace wasl::channels::web {

struct Hello {
  std::string visitor_token;
  std::string conversation;
  std::uint64_t last_seq = 0;
  std::string page;
  std::string locale;
  std::string timezone;
};
struct Say {
  std::string client_id;
  std::string text;
  std::string button;
};
struct Choose {
  std::string client_id;
  std::string option;  ///< wait, callback, leave_message, bot, cancel
  std::string contact;
};
struct End {
  std::string client_id;
};
struct Typing {};
struct Read {
  std::uint64_t seq = 0;
};
struct Ping {};

/// What was wrong with a frame: a stable code and the client id, if one could be read.
struct Bad {
  std::string code;
  std::string client_id;
};

using ClientFrame = std::variant<Hello, Say, Choose, End, Typing, Read, Ping, Bad>;

/// Reads one text frame; never throws.  Depth is capped while parsing.  `text_chars_max` counts
/// code points; past it: too_long.  Empty or invalid UTF-8 or no JSON object: bad_json.
[[nodiscard]] ClientFrame parse(std::string_view frame, std::size_t text_chars_max);

struct Welcome {
  std::string visitor_token;
  std::string conversation;
  std::uint64_t last_seq = 0;
  State state = State::bot;
  Owner owner;
  bool hours_open = true;
  std::optional<Time> next_open_at;
  std::size_t text_chars_max = 4000;
  std::size_t frame_bytes_max = 16384;
  struct Greeting {
    std::string text;
    Language language = Language::und;
    std::vector<Button> buttons;
  };
  std::optional<Greeting> greeting;
};

struct QueueCard {
  std::size_t position = 0;
  std::optional<int> wait_minutes_min;
  std::optional<int> wait_minutes_max;
  std::vector<Button> options;
};

[[nodiscard]] std::string welcome_frame(const Welcome& welcome);
[[nodiscard]] std::string ack_frame(std::string_view client_id, std::uint64_t seq);
/// A visible event as the visitor sees it: message, state or owner; nothing for a private one.
[[nodiscard]] std::optional<std::string> event_frame(const Event& event);
[[nodiscard]] std::string queue_frame(const QueueCard& card);
[[nodiscard]] std::string typing_frame(Party from);
[[nodiscard]] std::string receipt_frame(std::uint64_t seq, std::string_view state);
[[nodiscard]] std::string pong_frame();
/// `text` in the visitor's language is looked up from the code.
[[nodiscard]] std::string error_frame(std::string_view code, Language language,
                                      std::string_view client_id,
                                      std::optional<Millis> retry_after);

}  // namespace wasl::channels::web
