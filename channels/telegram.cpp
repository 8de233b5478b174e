#include "wasl/channels/telegram.hpp"

#include "wasl/core/text.hpp"

#include "channels/json.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

// Translation between Telegram's JSON and ours.  Nothing here keeps state, so a quick reply whose
// id does not fit into Telegram's 64 bytes is sent as `#N`, its place on the keyboard: a tap brings
// the keyboard back, and the reply's title is then read as if the customer had typed it.

namespace wasl::channels::telegram {
namespace {

constexpr std::size_t kTextUnitsMax = 4096;
constexpr std::size_t kCallbackBytesMax = 64;
constexpr std::size_t kButtonsMax = 100;
constexpr Millis kNoWait{0};
constexpr Millis kMinute{60'000};

const Json* find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(key);
  return at == object.end() ? nullptr : &*at;
}

std::string text_of(const Json& object, const char* key) {
  const Json* value = find(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

/// A whole number as text: how we keep Telegram's ids.
std::string id_of(const Json& object, const char* key) {
  const Json* value = find(object, key);
  return value != nullptr && value->is_number_integer() ? to_text(*value) : std::string();
}

std::string number_of(const Json& object, const char* key) {
  const Json* value = find(object, key);
  return value != nullptr && value->is_number() ? to_text(*value) : std::string();
}

std::string joined(std::string first, const std::string& separator, const std::string& second) {
  if (!first.empty() && !second.empty()) first += separator;
  return first + second;
}

/// `[what: detail]`
std::string described(const std::string& what, const std::string& detail) {
  return '[' + joined(what, ": ", detail) + ']';
}

/// Kinds of messages that are told by one word.
constexpr std::pair<const char*, const char*> kPlainKinds[] = {
    {"photo", "photo"}, {"voice", "voice message"},      {"animation", "animation"},
    {"video", "video"}, {"video_note", "video message"}, {"game", "game"},
    {"story", "story"}, {"invoice", "invoice"},          {"dice", "dice"},
};

/// What Telegram itself says in a private chat; no customer said anything.
constexpr const char* kServiceKinds[] = {
    "pinned_message",
    "message_auto_delete_timer_changed",
    "successful_payment",
    "connected_website",
    "write_access_allowed",
    "passport_data",
    "proximity_alert_triggered",
    "chat_background_set",
    "boost_added",
};

std::string describe_other(const Json& message) {
  if (const Json* file = find(message, "document")) {
    return described("document", text_of(*file, "file_name"));
  }
  if (const Json* audio = find(message, "audio")) {
    return described("audio",
                     joined(text_of(*audio, "performer"), " - ", text_of(*audio, "title")));
  }
  if (const Json* sticker = find(message, "sticker")) {
    return described("sticker", text_of(*sticker, "emoji"));
  }
  if (const Json* contact = find(message, "contact")) {
    const std::string name =
        joined(text_of(*contact, "first_name"), " ", text_of(*contact, "last_name"));
    return described("contact", joined(name, ", ", text_of(*contact, "phone_number")));
  }
  if (const Json* venue = find(message, "venue")) {
    return described("place", joined(text_of(*venue, "title"), ", ", text_of(*venue, "address")));
  }
  if (const Json* place = find(message, "location")) {
    return described("location",
                     joined(number_of(*place, "latitude"), ", ", number_of(*place, "longitude")));
  }
  if (const Json* poll = find(message, "poll"))
    return described("poll", text_of(*poll, "question"));
  return "[unsupported message]";
}

/// The words of a message, or its kind in brackets with the caption behind; empty: nobody spoke.
std::string words_of(const Json& message) {
  std::string text = text_of(message, "text");
  if (!text.empty()) return text;
  for (const char* kind : kServiceKinds) {
    if (find(message, kind) != nullptr) return {};
  }
  std::string what;
  for (const auto& [key, word] : kPlainKinds) {
    // An animation comes as a document too, a venue as a location: the first name found is it.
    if (what.empty() && find(message, key) != nullptr) what = described(word, {});
  }
  if (what.empty()) what = describe_other(message);
  return joined(what, " ", text_of(message, "caption"));
}

/// Bots serve people one by one: what is said in groups and channels is not for us.
bool is_private(const Json& message) {
  const Json* chat = find(message, "chat");
  const std::string type = chat == nullptr ? "" : text_of(*chat, "type");
  return type.empty() || type == "private";
}

void add_sender(Inbound& inbound, const Json& holder) {
  const Json* from = find(holder, "from");
  if (from == nullptr) return;
  inbound.name = joined(text_of(*from, "first_name"), " ", text_of(*from, "last_name"));
  inbound.language = text_of(*from, "language_code");
}

/// The title of the tapped button, from the keyboard that comes back with the tap.
std::string tapped_title(const Json& message, const std::string& data) {
  const Json* markup = find(message, "reply_markup");
  const Json* rows = markup == nullptr ? nullptr : find(*markup, "inline_keyboard");
  if (rows == nullptr || !rows->is_array()) return {};
  for (const Json& row : *rows) {
    if (!row.is_array()) continue;
    for (const Json& button : row) {
      if (text_of(button, "callback_data") == data) return text_of(button, "text");
    }
  }
  return {};
}

std::optional<Inbound> read_message(Inbound inbound, const Json& message) {
  const Json* chat = find(message, "chat");
  if (chat == nullptr || !is_private(message)) return std::nullopt;
  inbound.chat = id_of(*chat, "id");
  inbound.text = words_of(message);
  add_sender(inbound, message);
  if (inbound.chat.empty() || inbound.text.empty()) return std::nullopt;
  return inbound;
}

std::optional<Inbound> read_tap(Inbound inbound, const Json& query) {
  const Json* message = find(query, "message");
  const Json* chat = message == nullptr ? nullptr : find(*message, "chat");
  if (chat == nullptr || !is_private(*message)) return std::nullopt;
  inbound.chat = id_of(*chat, "id");
  inbound.callback_id = text_of(query, "id");
  inbound.button = text_of(query, "data");
  add_sender(inbound, query);
  if (inbound.chat.empty() || inbound.button.empty()) return std::nullopt;
  if (inbound.button.starts_with('#')) {
    std::string title = tapped_title(*message, inbound.button);
    if (!title.empty()) {
      inbound.text = std::move(title);
      inbound.button.clear();
    }
  }
  return inbound;
}

/// UTF-16 units of the character that starts with `lead`: how Telegram counts, and two for the
/// rare.
std::size_t units(unsigned char lead) {
  if ((lead & 0xC0) == 0x80) return 0;
  return lead >= 0xF0 ? 2 : 1;
}

/// The first part of `text` that fits, up to the last line or word if there is one not far back.
std::size_t part_end(std::string_view text) {
  std::size_t counted = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    counted += units(static_cast<unsigned char>(text[end]));
    if (counted > kTextUnitsMax) break;
  }
  if (end == text.size()) return end;
  for (const char separator : {'\n', ' '}) {
    const std::size_t at = text.rfind(separator, end - 1);
    if (at != std::string_view::npos && at > end / 2) return at + 1;
  }
  return end;
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = part_end(text);
    const std::string_view part = trim(text.substr(0, end));
    if (!part.empty()) parts.push_back(part);
    text.remove_prefix(end);
  }
  return parts;
}

Json keyboard(const std::vector<Button>& buttons) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < std::min(buttons.size(), kButtonsMax); ++i) {
    const Button& button = buttons[i];
    const bool fits = !button.id.empty() && button.id.size() <= kCallbackBytesMax;
    const std::string data = fits ? button.id : '#' + std::to_string(i);
    const std::string& title = trim(button.title).empty() ? data : button.title;
    rows.push_back(Json::array({{{"text", title}, {"callback_data", data}}}));
  }
  return {{"inline_keyboard", std::move(rows)}};
}

/// Chat ids are numbers to Telegram; a `@name` stays one.
Json chat_json(std::string_view chat) {
  std::int64_t number = 0;
  const char* const end = chat.data() + chat.size();
  const auto [stopped, failed] = std::from_chars(chat.data(), end, number);
  if (failed == std::errc{} && stopped == end) return number;
  return chat;
}

std::string payload(std::string_view method, Json body) {
  return to_text({{"method", method}, {"body", std::move(body)}});
}

/// How long Telegram asks us to wait: in the body, or in the header when a proxy answered.
Millis retry_after(const OutgoingResponse& response, const std::optional<Json>& body) {
  constexpr std::int64_t kSecondsMax = 24 * 3600;
  std::int64_t seconds = 0;
  const Json* parameters = body ? find(*body, "parameters") : nullptr;
  const Json* value = parameters == nullptr ? nullptr : find(*parameters, "retry_after");
  if (value != nullptr && value->is_number_integer()) {
    seconds = value->get<std::int64_t>();
  } else {
    for (const auto& [name, text] : response.headers) {
      if (name == "retry-after") std::from_chars(text.data(), text.data() + text.size(), seconds);
    }
  }
  return std::chrono::seconds(std::clamp(seconds, std::int64_t{1}, kSecondsMax));
}

}  // namespace

bool secret_matches(const Config& config, std::string_view header) {
  if (config.secret.empty()) return false;  // no secret is no key
  // Looks at every byte of the header whatever the first ones are; only its length can be timed.
  unsigned difference = config.secret.size() == header.size() ? 0U : 1U;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const char expected = config.secret[i % config.secret.size()];
    difference |= static_cast<unsigned>(static_cast<unsigned char>(expected ^ header[i]));
  }
  return difference == 0;
}

Result<std::optional<Inbound>> parse_update(std::string_view body) {
  const std::optional<Json> update = parse_json(body);
  if (!update || !update->is_object()) {
    return Error{Error::Code::invalid_input, "the body is not a JSON object"};
  }
  Inbound inbound;
  inbound.update_id = id_of(*update, "update_id");
  if (inbound.update_id.empty()) {
    return Error{Error::Code::invalid_input, "the update has no update_id"};
  }
  if (const Json* message = find(*update, "message")) {
    return read_message(std::move(inbound), *message);
  }
  if (const Json* query = find(*update, "callback_query")) {
    return read_tap(std::move(inbound), *query);
  }
  return std::optional<Inbound>();
}

std::vector<std::string> message_payloads(std::string_view chat, const MessageSaid& message) {
  std::vector<std::string_view> parts = parts_of(message.text);
  if (parts.empty() && !message.buttons.empty()) parts.emplace_back("…");
  std::vector<std::string> payloads;
  for (const std::string_view part : parts) {
    Json body = {{"chat_id", chat_json(chat)}, {"text", part}};
    const bool last = payloads.size() + 1 == parts.size();
    if (last && !message.buttons.empty()) body["reply_markup"] = keyboard(message.buttons);
    payloads.push_back(payload("sendMessage", std::move(body)));
  }
  return payloads;
}

std::string answer_callback_payload(std::string_view callback_id) {
  return payload("answerCallbackQuery", {{"callback_query_id", callback_id}});
}

OutgoingRequest to_request(const Config& config, std::string_view payload) {
  OutgoingRequest request;
  request.method = "POST";
  request.timeout = Millis(10'000);
  request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  const std::optional<Json> parsed = parse_json(payload);
  const Json* body = parsed ? find(*parsed, "body") : nullptr;
  if (body == nullptr) return request;  // without an address it fails as it should
  request.url = config.api + "/bot" + config.token + '/' + text_of(*parsed, "method");
  request.body = to_text(*body);
  return request;
}

Delivery read_answer(const OutgoingResponse& response) {
  using Kind = Delivery::Kind;
  const int status = response.status;
  if (status == 0) return {Kind::retry, kNoWait, response.error};

  const std::optional<Json> body = parse_json(response.body);
  std::string why = body ? text_of(*body, "description") : std::string();
  why =
      std::to_string(status) + (why.empty() ? "" : " ") + std::string(first_code_points(why, 200));
  if (status >= 200 && status < 300) return {Kind::sent, kNoWait, {}};
  if (status == 429) return {Kind::retry, retry_after(response, body), std::move(why)};
  // A wrong token is ours to repair; the message is still good once it is.
  if (status == 401 || status == 404) return {Kind::retry, kMinute, std::move(why)};
  if (status == 408 || status >= 500) return {Kind::retry, kNoWait, std::move(why)};
  return {Kind::dead, kNoWait, std::move(why)};
}

}  // namespace wasl::channels::telegram
