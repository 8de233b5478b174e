// Events as JSON: the only place that knows both shapes.

#include "bot/event_json.hpp"

#include "bot/json_parts.hpp"

#include <cmath>

namespace wasl::bot {
namespace {

constexpr int kEventVersion = 1;
constexpr std::size_t kBytesExpected = 384;
constexpr float kGuessMin = 0.01F;

/// To four decimals: more of a probability means nothing and is stored with every message.
double shortened(float probability) {
  return std::round(static_cast<double>(probability) * 1e4) / 1e4;
}

void write(JsonWriter& json, const IntentScore& one) {
  json.begin_object().field("intent", one.intent);
  json.field("confidence", shortened(one.confidence)).field("source", one.source).end_object();
}

void write(JsonWriter& json, const std::vector<Entity>& entities) {
  json.begin_array();
  for (const Entity& one : entities) {
    json.begin_object().field("entity", one.entity).field("value", one.value);
    json.field("text", one.text).field("start", one.start).field("end", one.end).end_object();
  }
  json.end_array();
}

void write(JsonWriter& json, const std::vector<MoodSignal>& mood) {
  json.begin_array();
  for (const MoodSignal& one : mood) {
    json.begin_object().field("signal", one.signal).field("strength", one.strength);
    json.field("text", one.text).field("start", one.start).field("end", one.end).end_object();
  }
  json.end_array();
}

void write(JsonWriter& json, const std::vector<Part>& parts) {
  json.begin_array();
  for (const Part& one : parts) {
    json.begin_object().field("start", one.start).field("end", one.end);
    json.key("intents").begin_array();
    for (const IntentScore& score : one.intents) {
      if (score.confidence >= kGuessMin) write(json, score);
    }
    json.end_array().field("decision", name(one.decision));
    write(json.key("entities"), one.entities);
    json.field("why", one.why).end_object();
  }
  json.end_array();
}

Understanding understanding_from(const Json& value) {
  Understanding understanding;
  understanding.language = language_of(value.at("language").get<std::string>());
  understanding.arabizi = get_or_default<bool>(value, "arabizi");
  for (const Json& one : value.at("intents")) {
    understanding.intents.push_back({one.at("intent"), one.at("confidence"), one.at("source")});
  }
  understanding.decision = decision_of(value.at("decision").get<std::string>());
  understanding.out_of_scope = get_or_default<bool>(value, "out_of_scope");
  understanding.oos_score = get_or_default<float>(value, "oos_score");
  for (const Json& one : get_or_default<Json>(value, "entities")) {
    understanding.entities.push_back(
        {one.at("entity"), one.at("value"), one.at("text"), one.at("start"), one.at("end")});
  }
  for (const Json& one : get_or_default<Json>(value, "mood")) {
    understanding.mood.push_back(
        {one.at("signal"), one.at("strength"), one.at("text"), one.at("start"), one.at("end")});
  }
  understanding.dialect = dialect_of(get_or_default<std::string>(value, "dialect"));
  understanding.why = get_or_default<std::string>(value, "why");
  return understanding;
}

/// Writes the fields of a body; the braces and the version are around it.
struct FieldsOf {
  JsonWriter& json;

  void operator()(const MessageSaid& said) const {
    json.field("from", name(said.from)).field("text", said.text);
    json.field("language", name(said.language)).field_unless_default("name", said.name);
    write_some(json, "buttons", said.buttons);
    json.field_unless_default("answer", said.answer);
    json.field_unless_default("client_id", said.client_id);
    json.field_unless_default("button", said.button);
  }
  void operator()(const NoteWritten& note) const {
    json.field("name", note.agent_name).field("text", note.text);
  }
  void operator()(const StateChanged& changed) const {
    json.field("from", name(changed.from)).field("to", name(changed.to));
    json.field("trigger", changed.trigger).field_unless_default("reason", changed.reason);
    json.field_unless_default("target", changed.target);
    write_time(json, "until", changed.until);
  }
  void operator()(const OwnerChanged& changed) const {
    json.field("kind", name(changed.owner.kind)).field("id", changed.owner.id);
    json.field("name", changed.owner.name);
  }
  // Of every message, so it is short: what says nothing is left out, guesses below 1 % are not
  // kept.
  void operator()(const Understood& understood) const {
    const Understanding& u = understood.understanding;
    json.field("language", name(u.language)).field_unless_default("arabizi", u.arabizi);
    json.field_unless_default("dialect", name(u.dialect));
    json.key("intents").begin_array();
    for (const IntentScore& one : u.intents) {
      if (one.confidence < kGuessMin) break;
      write(json, one);
    }
    json.end_array().field("decision", name(u.decision));
    json.field_unless_default("out_of_scope", u.out_of_scope);
    json.field_unless_default("oos_score", shortened(u.oos_score));
    if (!u.entities.empty()) write(json.key("entities"), u.entities);
    if (!u.mood.empty()) write(json.key("mood"), u.mood);
    json.field("why", u.why).field("message_seq", understood.message_seq);
  }
  void operator()(const SlotFilled& slot) const {
    json.field("name", slot.name).field("value", slot.value);
  }
  void operator()(const CallMade& call) const {
    json.field("name", call.name).field("outcome", call.outcome);
  }
  void operator()(const Escalated& escalated) const {
    json.field("reason", escalated.reason).key("evidence");
    bot::write(json, escalated.evidence);
    json.field("score", escalated.score);
  }
  void operator()(const FlowEnded& ended) const {
    json.field("flow", ended.flow).field("outcome", ended.outcome);
  }
  void operator()(const Unanswered& left) const {
    json.field("seq", left.seq).field("why", left.why);
    json.field_unless_default("article", left.article);
  }
};

EventBody body_from(std::string_view kind, const Json& value) {
  const auto text = [&](const char* key) { return get_or_default<std::string>(value, key); };
  if (kind == "message") {
    MessageSaid said;
    said.from = party_of(text("from")).value_or(Party::system);
    said.name = text("name");
    said.text = value.at("text");
    said.language = language_of(value.at("language").get<std::string>());
    said.buttons = read_buttons(value, "buttons");
    said.answer = text("answer");
    said.client_id = text("client_id");
    said.button = text("button");
    return said;
  }
  if (kind == "note") return NoteWritten{value.at("name"), value.at("text")};
  if (kind == "state") {
    return StateChanged{state_of(text("from")).value_or(State::bot),
                        state_of(text("to")).value_or(State::bot),
                        text("trigger"),
                        text("reason"),
                        text("target"),
                        read_time(value, "until")};
  }
  if (kind == "owner") return OwnerChanged{read_owner(value)};
  if (kind == "understood") return Understood{value.at("message_seq"), understanding_from(value)};
  if (kind == "slot") return SlotFilled{value.at("name"), value.at("value")};
  if (kind == "call") return CallMade{value.at("name"), value.at("outcome")};
  if (kind == "escalation") {
    return Escalated{value.at("reason"), read_evidence(value, "evidence"),
                     get_or_default<double>(value, "score")};
  }
  if (kind == "flow") return FlowEnded{value.at("flow"), value.at("outcome")};
  if (kind == "unanswered") return Unanswered{value.at("seq"), value.at("why"), text("article")};
  throw std::invalid_argument("unknown kind of event '" + std::string(kind) + "'");
}

}  // namespace

store::EventRow to_row(const Event& event) {
  JsonWriter json(kBytesExpected);
  json.begin_object();
  std::visit(FieldsOf{json}, event.body);
  json.field("v", kEventVersion).end_object();
  return {event.seq,  event.at, event.epoch, event.visible(), std::string(event.kind()),
          json.take()};
}

Result<Event> from_row(const store::EventRow& row) {
  try {
    const Json body = Json::parse(row.json);
    if (body.at("v").get<int>() > kEventVersion) {
      return Error{Error::Code::invalid_input, "event from a newer version of Wasl"};
    }
    return Event{row.seq, row.at, row.epoch, body_from(row.kind, body)};
  } catch (const std::exception& broken) {
    return Error{Error::Code::invalid_input, std::string("unreadable event: ") + broken.what()};
  }
}

Result<std::vector<Event>> from_rows(Result<std::vector<store::EventRow>> rows) {
  if (!rows) return rows.error();
  std::vector<Event> events;
  for (const store::EventRow& row : *rows) {
    auto event = from_row(row);
    if (!event) return event.error();
    events.push_back(std::move(*event));
  }
  return events;
}

std::string to_json_line(const Understanding& understanding) {
  JsonWriter json(kBytesExpected);
  json.begin_object().field("language", name(understanding.language));
  json.field_unless_default("dialect", name(understanding.dialect));
  json.field("arabizi", understanding.arabizi).field("mixed", understanding.mixed);
  json.key("intents").begin_array();
  for (const IntentScore& one : understanding.intents) write(json, one);
  json.end_array().field("decision", name(understanding.decision));
  json.field("out_of_scope", understanding.out_of_scope);
  json.field("oos_score", shortened(understanding.oos_score));
  write(json.key("entities"), understanding.entities);
  write(json.key("mood"), understanding.mood);
  if (!understanding.parts.empty()) write(json.key("parts"), understanding.parts);
  return json.field("why", understanding.why).end_object().take();
}

}  // namespace wasl::bot
