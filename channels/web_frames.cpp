#include "wasl/channels/web_frames.hpp"

#include "wasl/core/json_writer.hpp"
#include "wasl/core/text.hpp"

#include "channels/json.hpp"

#include <limits>
#include <type_traits>
#include <utility>

// A client's frame is flat: all we read are strings and numbers at its first level.  So it is read
// without building a tree, straight into a list of fields; deeper levels are only counted.

namespace wasl::channels::web {
namespace {

constexpr std::size_t kFieldsMax = 64;
constexpr std::size_t kClientIdBytesMax = 128;

struct Field {
  std::string name;
  std::variant<std::monostate, std::string, std::uint64_t> value;  ///< monostate: anything else
};

/// Collects the fields of the outermost object; stops the parser at what no client of ours sends.
class FieldReader {
 public:
  std::vector<Field> fields;

  bool null() { return leave_out(); }
  bool boolean(bool) { return keep(std::monostate{}); }
  bool number_integer(std::int64_t) { return keep(std::monostate{}); }  // negative
  bool number_unsigned(std::uint64_t value) { return keep(value); }
  bool number_float(double, const std::string&) { return keep(std::monostate{}); }
  bool string(std::string& value) { return keep(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return enter(); }
  bool end_object() { return leave(); }
  bool start_array(std::size_t) { return depth_ > 0 && enter(); }
  bool end_array() { return leave(); }
  bool key(std::string& name) {
    if (depth_ == 1) name_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) { return false; }

 private:
  bool enter() {
    if (depth_ == 1 && !keep(std::monostate{})) return false;
    return ++depth_ <= kJsonDepthMax;
  }
  bool leave() {
    --depth_;
    return true;
  }
  bool leave_out() const { return depth_ > 0; }  // null is as good as absent
  template <typename Value>
  bool keep(Value&& value) {
    if (depth_ == 0) return false;  // a frame is an object
    if (depth_ > 1) return true;
    if (fields.size() == kFieldsMax) return false;
    fields.push_back({name_, std::forward<Value>(value)});
    return true;
  }

  int depth_ = 0;
  std::string name_;
};

/// The fields of one frame, asked for by name.  A field of the wrong kind makes `well` false.
class Fields {
 public:
  explicit Fields(std::vector<Field> list) : list_(std::move(list)) {}

  bool well = true;

  bool has(std::string_view name) { return find(name) != nullptr; }
  std::string text(std::string_view name) {
    Field* field = find(name);
    if (field == nullptr) return {};
    if (auto* value = std::get_if<std::string>(&field->value)) return std::move(*value);
    well = false;
    return {};
  }
  std::uint64_t number(std::string_view name) {
    const Field* field = find(name);
    if (field == nullptr) return 0;
    const auto* value = std::get_if<std::uint64_t>(&field->value);
    // What browsers can count to and databases can store.
    if (value != nullptr && *value <= (std::uint64_t{1} << 53)) return *value;
    well = false;
    return 0;
  }

 private:
  Field* find(std::string_view name) {
    for (auto at = list_.rbegin(); at != list_.rend(); ++at) {  // the last of two counts
      if (at->name == name) return &*at;
    }
    return nullptr;
  }

  std::vector<Field> list_;
};

ClientFrame read_hello(Fields& fields) {
  Hello hello;
  hello.visitor_token = fields.text("visitor_token");
  hello.conversation = fields.text("conversation");
  hello.last_seq = fields.number("last_seq");
  hello.page = fields.text("page");
  hello.locale = fields.text("locale");
  hello.timezone = fields.text("timezone");
  return hello;
}

ClientFrame read_say(Fields& fields, std::string client_id, std::size_t text_chars_max) {
  Say say{std::move(client_id), fields.text("text"), fields.text("button")};
  if (trim(say.text).empty() && say.button.empty()) return Bad{"bad_message", say.client_id};
  if (code_points(say.text) > text_chars_max) return Bad{"too_long", say.client_id};
  return say;
}

ClientFrame read_choose(Fields& fields, std::string client_id, std::size_t text_chars_max) {
  Choose choose{std::move(client_id), fields.text("option"), fields.text("contact")};
  if (choose.option.empty()) return Bad{"bad_message", choose.client_id};
  if (code_points(choose.contact) > text_chars_max) return Bad{"too_long", choose.client_id};
  return choose;
}

ClientFrame read_frame(Fields& fields, const std::string& type, const std::string& client_id,
                       std::size_t text_chars_max) {
  const bool has_id = !client_id.empty() && client_id.size() <= kClientIdBytesMax;
  const Bad bad{"bad_message", has_id ? client_id : std::string()};
  if (type == "hello") return read_hello(fields);
  if (type == "message") return has_id ? read_say(fields, client_id, text_chars_max) : bad;
  if (type == "choose") return has_id ? read_choose(fields, client_id, text_chars_max) : bad;
  if (type == "end") return has_id ? ClientFrame{End{client_id}} : bad;
  if (type == "typing") return Typing{};
  if (type == "read") return fields.has("seq") ? ClientFrame{Read{fields.number("seq")}} : bad;
  if (type == "ping") return Ping{};
  return Bad{"unknown_type", bad.client_id};
}

struct Text {
  std::string_view code;
  std::string_view en;
  std::string_view ar;
};

constexpr Text kErrorTexts[] = {
    {"bad_json", "This message could not be read.", "تعذّرت قراءة هذه الرسالة."},
    {"unknown_type", "This kind of message is not known here.",
     "هذا النوع من الرسائل غير معروف هنا."},
    {"bad_message", "This message is not complete.", "هذه الرسالة غير مكتملة."},
    {"already_hello", "This conversation is already open.", "هذه المحادثة مفتوحة من قبل."},
    {"hello_first", "The chat did not start properly. Please reload the page.",
     "لم تبدأ المحادثة كما ينبغي. يرجى إعادة تحميل الصفحة."},
    {"bad_token", "Your session has ended. Please reload the page.",
     "انتهت جلستك. يرجى إعادة تحميل الصفحة."},
    {"too_long", "This message is too long. Please shorten it.",
     "هذه الرسالة أطول من اللازم. يرجى اختصارها."},
    {"too_fast", "You are writing very fast. Please wait a moment.",
     "أنت ترسل بسرعة كبيرة. يرجى الانتظار قليلًا."},
    {"busy", "We are very busy right now. Please try again in a moment.",
     "لدينا ضغط كبير الآن. يرجى المحاولة بعد قليل."},
    {"closed", "This conversation is closed. Write again to start a new one.",
     "أُغلقت هذه المحادثة. اكتب لنا مجددًا لبدء محادثة جديدة."},
    {"unavailable", "We cannot take messages at the moment. Please try again shortly.",
     "لا يمكننا استقبال الرسائل في هذه اللحظة. يرجى المحاولة بعد قليل."},
};
constexpr Text kOtherError = {"", "Something went wrong. Please try again.",
                              "حدث خطأ ما. يرجى المحاولة مرة أخرى."};

std::string_view error_text(std::string_view code, Language language) {
  const Text* found = &kOtherError;
  for (const Text& text : kErrorTexts) {
    if (text.code == code) found = &text;
  }
  return language == Language::ar ? found->ar : found->en;
}

/// The wire knows ar and en only; what cannot be told is what it looks like.
Language shown_language(Language language, std::string_view text) {
  if (language != Language::und) return language;
  return has_arabic(text) ? Language::ar : Language::en;
}

void write_fields(JsonWriter& json, const Owner& owner) {
  json.field("kind", name(owner.kind)).field_unless_default("name", owner.name);
}

void write(JsonWriter& json, const std::vector<Button>& buttons) {
  json.begin_array();
  for (const Button& button : buttons) {
    json.begin_object().field("id", button.id).field("title", button.title).end_object();
  }
  json.end_array();
}

void write_fields(JsonWriter& json, const Event& event, const MessageSaid& message) {
  const Language language = shown_language(message.language, message.text);
  json.field("type", "message").field("seq", event.seq).field("from", name(message.from));
  json.field_unless_default("name", message.name).field("text", message.text);
  json.field("language", name(language));
  json.field("direction", language == Language::ar ? "rtl" : "ltr");
  if (!message.buttons.empty()) write(json.key("buttons"), message.buttons);
  json.field_unless_default("answer", message.answer);
  if (message.from == Party::visitor) {
    json.field_unless_default("client_id", message.client_id);
    json.field_unless_default("button", message.button);
  }
  json.field("at", iso8601(event.at));
}

}  // namespace

ClientFrame parse(std::string_view frame, std::size_t text_chars_max) {
  FieldReader reader;
  if (holds_nul(frame)) return Bad{"bad_json", {}};
  if (!Json::sax_parse(frame.begin(), frame.end(), &reader)) return Bad{"bad_json", {}};
  Fields fields(std::move(reader.fields));
  const std::string type = fields.text("type");
  const std::string client_id = fields.text("client_id");
  ClientFrame read = read_frame(fields, type, client_id, text_chars_max);
  if (!fields.well && !std::holds_alternative<Bad>(read)) {
    return Bad{"bad_message", client_id.size() <= kClientIdBytesMax ? client_id : std::string()};
  }
  return read;
}

std::string welcome_frame(const Welcome& welcome) {
  JsonWriter json(512);
  json.begin_object().field("type", "welcome").field("visitor_token", welcome.visitor_token);
  json.field("conversation", welcome.conversation).field("last_seq", welcome.last_seq);
  json.field("state", visible_name(welcome.state)).key("owner").begin_object();
  write_fields(json, welcome.owner);
  json.end_object().key("hours").begin_object().field("open", welcome.hours_open);
  if (welcome.next_open_at) json.field("next_open_at", iso8601(*welcome.next_open_at));
  json.end_object().key("limits").begin_object();
  json.field("text_chars_max", welcome.text_chars_max);
  json.field("frame_bytes_max", welcome.frame_bytes_max);
  json.field("attachment_bytes_max", 0);  // none are taken yet
  json.key("attachment_types").begin_array().end_array().end_object();
  json.key("features").begin_array().end_array();
  if (welcome.greeting) {
    const Welcome::Greeting& greeting = *welcome.greeting;
    json.key("greeting").begin_object().field("text", greeting.text);
    json.field("language", name(shown_language(greeting.language, greeting.text)));
    write(json.key("buttons"), greeting.buttons);
    json.end_object();
  }
  return json.end_object().take();
}

std::string ack_frame(std::string_view client_id, std::uint64_t seq) {
  JsonWriter json(96);
  json.begin_object().field("type", "ack").field("client_id", client_id).field("seq", seq);
  return json.end_object().take();
}

std::optional<std::string> event_frame(const Event& event) {
  JsonWriter json(512);
  json.begin_object();
  if (const auto* message = std::get_if<MessageSaid>(&event.body)) {
    write_fields(json, event, *message);
  } else if (const auto* moved = std::get_if<StateChanged>(&event.body)) {
    json.field("type", "state").field("state", visible_name(moved->to)).field("seq", event.seq);
  } else if (const auto* changed = std::get_if<OwnerChanged>(&event.body)) {
    json.field("type", "owner");
    write_fields(json, changed->owner);
    json.field("seq", event.seq);
  } else {
    return std::nullopt;
  }
  return json.end_object().take();
}

std::string queue_frame(const QueueCard& card) {
  JsonWriter json;
  json.begin_object().field("type", "queue").field("position", card.position);
  if (card.wait_minutes_min) {
    json.key("wait_minutes").begin_object().field("min", *card.wait_minutes_min);
    if (card.wait_minutes_max) json.field("max", *card.wait_minutes_max);
    json.end_object();
  }
  write(json.key("options"), card.options);
  return json.end_object().take();
}

std::string typing_frame(Party from) {
  JsonWriter json(64);
  return json.begin_object().field("type", "typing").field("from", name(from)).end_object().take();
}

std::string receipt_frame(std::uint64_t seq, std::string_view state) {
  JsonWriter json(64);
  json.begin_object().field("type", "receipt").field("seq", seq).field("state", state);
  return json.end_object().take();
}

std::string pong_frame() {
  return R"({"type":"pong"})";
}

std::string error_frame(std::string_view code, Language language, std::string_view client_id,
                        std::optional<Millis> retry_after) {
  JsonWriter json;
  json.begin_object().field("type", "error").field("code", code);
  json.field("text", error_text(code, language));
  if (retry_after) json.field("retry_after_ms", retry_after->count());
  json.field_unless_default("client_id", client_id);
  return json.end_object().take();
}

}  // namespace wasl::channels::web
