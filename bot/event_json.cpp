// Events and snapshots as JSON: the only place that knows both shapes.

#include "bot/event_json.hpp"

#include "wasl/core/text.hpp"

#include "bot/conversation.hpp"

#include <nlohmann/json.hpp>

namespace wasl::bot {
namespace {

using nlohmann::json;

constexpr int kEventVersion = 1;
constexpr int kSnapshotVersion = 1;

json to_json(const Owner& owner) {
  return {{"kind", name(owner.kind)}, {"id", owner.id}, {"name", owner.name}};
}
Owner owner_from(const json& value) {
  return {owner_kind_of(value.at("kind").get<std::string>()).value_or(OwnerKind::none),
          value.value("id", ""), value.value("name", "")};
}

json to_json(const std::vector<Button>& buttons) {
  json list = json::array();
  for (const Button& button : buttons) list.push_back({{"id", button.id}, {"title", button.title}});
  return list;
}
std::vector<Button> buttons_from(const json& list) {
  std::vector<Button> buttons;
  for (const json& one : list) buttons.push_back({one.at("id"), one.at("title")});
  return buttons;
}

json to_json(const std::vector<Evidence>& evidence) {
  json list = json::array();
  for (const Evidence& one : evidence) {
    list.push_back(
        {{"signal", one.signal}, {"weight", one.weight}, {"seq", one.seq}, {"text", one.text}});
  }
  return list;
}
std::vector<Evidence> evidence_from(const json& list) {
  std::vector<Evidence> evidence;
  for (const json& one : list) {
    evidence.push_back({one.at("signal"), one.at("weight"), one.at("seq"), one.at("text")});
  }
  return evidence;
}

json to_json(const Understanding& understanding) {
  json intents = json::array();
  for (const IntentScore& one : understanding.intents) {
    intents.push_back(
        {{"intent", one.intent}, {"confidence", one.confidence}, {"source", one.source}});
  }
  json entities = json::array();
  for (const Entity& one : understanding.entities) {
    entities.push_back({{"entity", one.entity},
                        {"value", one.value},
                        {"text", one.text},
                        {"start", one.start},
                        {"end", one.end}});
  }
  json mood = json::array();
  for (const MoodSignal& one : understanding.mood) {
    mood.push_back({{"signal", one.signal},
                    {"strength", one.strength},
                    {"text", one.text},
                    {"start", one.start},
                    {"end", one.end}});
  }
  return {{"language", name(understanding.language)},
          {"arabizi", understanding.arabizi},
          {"intents", std::move(intents)},
          {"decision", name(understanding.decision)},
          {"out_of_scope", understanding.out_of_scope},
          {"oos_score", understanding.oos_score},
          {"entities", std::move(entities)},
          {"mood", std::move(mood)},
          {"why", understanding.why}};
}
Understanding understanding_from(const json& value) {
  Understanding understanding;
  understanding.language = language_of(value.at("language").get<std::string>());
  understanding.arabizi = value.value("arabizi", false);
  for (const json& one : value.at("intents")) {
    understanding.intents.push_back({one.at("intent"), one.at("confidence"), one.at("source")});
  }
  understanding.decision = decision_of(value.at("decision").get<std::string>());
  understanding.out_of_scope = value.value("out_of_scope", false);
  understanding.oos_score = value.value("oos_score", 0.0F);
  for (const json& one : value.at("entities")) {
    understanding.entities.push_back(
        {one.at("entity"), one.at("value"), one.at("text"), one.at("start"), one.at("end")});
  }
  for (const json& one : value.at("mood")) {
    understanding.mood.push_back(
        {one.at("signal"), one.at("strength"), one.at("text"), one.at("start"), one.at("end")});
  }
  understanding.why = value.value("why", "");
  return understanding;
}

struct ToJson {
  json operator()(const MessageSaid& said) const {
    json value{{"from", name(said.from)}, {"text", said.text}, {"language", name(said.language)}};
    if (!said.name.empty()) value["name"] = said.name;
    if (!said.buttons.empty()) value["buttons"] = to_json(said.buttons);
    if (!said.answer.empty()) value["answer"] = said.answer;
    if (!said.client_id.empty()) value["client_id"] = said.client_id;
    if (!said.button.empty()) value["button"] = said.button;
    return value;
  }
  json operator()(const NoteWritten& note) const {
    return {{"name", note.agent_name}, {"text", note.text}};
  }
  json operator()(const StateChanged& changed) const {
    json value{
        {"from", name(changed.from)}, {"to", name(changed.to)}, {"trigger", changed.trigger}};
    if (!changed.reason.empty()) value["reason"] = changed.reason;
    if (!changed.target.empty()) value["target"] = changed.target;
    if (changed.until) value["until"] = changed.until->time_since_epoch().count();
    return value;
  }
  json operator()(const OwnerChanged& changed) const { return to_json(changed.owner); }
  json operator()(const Understood& understood) const {
    json value = to_json(understood.understanding);
    value["message_seq"] = understood.message_seq;
    return value;
  }
  json operator()(const SlotFilled& slot) const {
    return {{"name", slot.name}, {"value", slot.value}};
  }
  json operator()(const CallMade& call) const {
    return {{"name", call.name}, {"outcome", call.outcome}};
  }
  json operator()(const Escalated& escalated) const {
    return {{"reason", escalated.reason},
            {"evidence", to_json(escalated.evidence)},
            {"score", escalated.score}};
  }
  json operator()(const FlowEnded& ended) const {
    return {{"flow", ended.flow}, {"outcome", ended.outcome}};
  }
};

EventBody body_from(std::string_view kind, const json& value) {
  if (kind == "message") {
    MessageSaid said;
    said.from = party_of(value.at("from").get<std::string>()).value_or(Party::system);
    said.name = value.value("name", "");
    said.text = value.at("text");
    said.language = language_of(value.at("language").get<std::string>());
    if (value.contains("buttons")) said.buttons = buttons_from(value["buttons"]);
    said.answer = value.value("answer", "");
    said.client_id = value.value("client_id", "");
    said.button = value.value("button", "");
    return said;
  }
  if (kind == "note") return NoteWritten{value.at("name"), value.at("text")};
  if (kind == "state") {
    StateChanged changed{state_of(value.at("from").get<std::string>()).value_or(State::bot),
                         state_of(value.at("to").get<std::string>()).value_or(State::bot),
                         value.value("trigger", ""), value.value("reason", ""),
                         value.value("target", "")};
    if (value.contains("until")) changed.until = Time{Millis{value["until"].get<Millis::rep>()}};
    return changed;
  }
  if (kind == "owner") return OwnerChanged{owner_from(value)};
  if (kind == "understood") return Understood{value.at("message_seq"), understanding_from(value)};
  if (kind == "slot") return SlotFilled{value.at("name"), value.at("value")};
  if (kind == "call") return CallMade{value.at("name"), value.at("outcome")};
  if (kind == "escalation") {
    return Escalated{value.at("reason"), evidence_from(value.at("evidence")),
                     value.value("score", 0.0)};
  }
  if (kind == "flow") return FlowEnded{value.at("flow"), value.at("outcome")};
  throw std::invalid_argument("unknown kind of event '" + std::string(kind) + "'");
}

json to_json(const flows::Value& value) {
  return std::visit(
      [](const auto& held) -> json {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) {
          return nullptr;
        } else {
          return held;
        }
      },
      value);
}
flows::Value value_from(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return value.get<std::string>();
  return std::monostate{};
}
json to_json(const flows::Values& values) {
  json map = json::object();
  for (const auto& [key, value] : values) map[key] = to_json(value);
  return map;
}
flows::Values values_from(const json& map) {
  flows::Values values;
  for (const auto& [key, value] : map.items()) values[key] = value_from(value);
  return values;
}

json to_json(const std::optional<Time>& at) {
  return at ? json(at->time_since_epoch().count()) : json(nullptr);
}
std::optional<Time> time_from(const json& value) {
  if (value.is_null()) return std::nullopt;
  return Time{Millis{value.get<Millis::rep>()}};
}

json to_json(const handoff::Record& record) {
  return {{"state", name(record.state)},
          {"owner", to_json(record.owner)},
          {"epoch", record.epoch},
          {"waiting_since", to_json(record.waiting_since)},
          {"owed_since", to_json(record.owed_since)},
          {"deadline", to_json(record.deadline)},
          {"offered_to", record.offered_to},
          {"declined_by", record.declined_by},
          {"reason", record.reason},
          {"team", record.team},
          {"evidence", to_json(record.evidence)},
          {"handoff_seq", record.handoff_seq},
          {"episode", record.episode},
          {"bot_returns", record.bot_returns},
          {"reopened", record.reopened},
          {"relaxed", record.relaxed},
          {"alternatives_given", record.alternatives_given},
          {"last_agent", record.last_agent},
          {"ticket", record.ticket},
          {"queued_at", to_json(record.queued_at)},
          {"left_queue_at", to_json(record.left_queue_at)},
          {"left_waiting_since", to_json(record.left_waiting_since)},
          {"alerted", record.alerted},
          {"last_agent_name", record.last_agent_name},
          {"age_since", to_json(record.age_since)},
          {"offered_until", to_json(record.offered_until)},
          {"gone_since", to_json(record.gone_since)},
          {"transfer_path", record.transfer_path},
          {"transfers", record.transfers},
          {"supervised", record.supervised},
          {"wanted_agent", record.wanted_agent},
          {"wanted_until", to_json(record.wanted_until)}};
}
handoff::Record record_from(const json& value) {
  handoff::Record record;
  record.state = state_of(value.at("state").get<std::string>()).value_or(State::bot);
  record.owner = owner_from(value.at("owner"));
  record.epoch = value.at("epoch");
  record.waiting_since = time_from(value.at("waiting_since"));
  record.owed_since = time_from(value.at("owed_since"));
  record.deadline = time_from(value.at("deadline"));
  record.offered_to = value.at("offered_to");
  record.declined_by = value.at("declined_by");
  record.reason = value.at("reason");
  record.team = value.at("team");
  record.evidence = evidence_from(value.at("evidence"));
  record.handoff_seq = value.at("handoff_seq");
  record.episode = value.at("episode");
  record.bot_returns = value.at("bot_returns");
  record.reopened = value.at("reopened");
  record.relaxed = value.at("relaxed");
  record.alternatives_given = value.at("alternatives_given");
  record.last_agent = value.at("last_agent");
  record.ticket = value.at("ticket");
  record.queued_at = time_from(value.at("queued_at"));
  record.left_queue_at = time_from(value.at("left_queue_at"));
  record.left_waiting_since = time_from(value.at("left_waiting_since"));
  // Snapshots of before there were transfers have none of these.
  const auto time = [&](const char* key) { return time_from(value.value(key, json(nullptr))); };
  record.alerted = value.value("alerted", false);
  record.last_agent_name = value.value("last_agent_name", "");
  record.age_since = time("age_since");
  record.offered_until = time("offered_until");
  record.gone_since = time("gone_since");
  record.transfer_path = value.value("transfer_path", std::vector<std::string>{});
  record.transfers = value.value("transfers", 0);
  record.supervised = value.value("supervised", false);
  record.wanted_agent = value.value("wanted_agent", "");
  record.wanted_until = time("wanted_until");
  return record;
}

json to_json(const flows::FlowState& flow) {
  json stack = json::array();
  for (const auto& frame : flow.stack) stack.push_back({frame.flow, frame.at, to_json(frame.held)});
  return {{"program", flow.program},
          {"stack", std::move(stack)},
          {"slots", to_json(flow.slots)},
          {"asking", flow.asking},
          {"tries", flow.tries},
          {"pending_call", flow.pending_call},
          {"call_number", flow.call_number},
          {"not_understood", flow.not_understood},
          {"choices", flow.choices},
          {"last_answer", flow.last_answer},
          {"last_args", to_json(flow.last_args)},
          {"last_variant", flow.last_variant},
          {"repeats", flow.repeats},
          {"last_flow", flow.last_flow},
          {"kept", to_json(flow.kept)}};
}
flows::FlowState flow_from(const json& value) {
  flows::FlowState flow;
  flow.program = value.at("program");
  for (const json& frame : value.at("stack")) {
    flow.stack.push_back({frame.at(0), frame.at(1), values_from(frame.at(2))});
  }
  flow.slots = values_from(value.at("slots"));
  flow.asking = value.at("asking");
  flow.tries = value.at("tries");
  flow.pending_call = value.at("pending_call");
  flow.call_number = value.at("call_number");
  flow.not_understood = value.at("not_understood");
  flow.choices = value.at("choices").get<std::vector<std::string>>();
  flow.last_answer = value.at("last_answer");
  flow.last_args = values_from(value.at("last_args"));
  flow.last_variant = value.at("last_variant");
  flow.repeats = value.at("repeats");
  flow.last_flow = value.at("last_flow");
  flow.kept = values_from(value.at("kept"));
  return flow;
}

json to_json(const handoff::Escalation& escalation) {
  return {{"score", escalation.score},           {"evidence", to_json(escalation.evidence)},
          {"last_clean", escalation.last_clean}, {"visitor_turns", escalation.visitor_turns},
          {"answerless", escalation.answerless}, {"rest_turns", escalation.rest_turns},
          {"armed", escalation.armed},           {"last_negative", escalation.last_negative}};
}
handoff::Escalation escalation_from(const json& value) {
  handoff::Escalation escalation;
  escalation.score = value.at("score");
  escalation.evidence = evidence_from(value.at("evidence"));
  escalation.last_clean = value.at("last_clean");
  escalation.visitor_turns = value.at("visitor_turns");
  escalation.answerless = value.at("answerless");
  escalation.rest_turns = value.at("rest_turns");
  escalation.armed = value.at("armed");
  escalation.last_negative = value.at("last_negative");
  return escalation;
}

}  // namespace

store::EventRow to_row(const Event& event) {
  json body = std::visit(ToJson{}, event.body);
  body["v"] = kEventVersion;
  return {event.seq,
          event.at,
          event.epoch,
          event.visible(),
          std::string(event.kind()),
          body.dump(-1, ' ', false, json::error_handler_t::replace)};
}

Result<Event> from_row(const store::EventRow& row) {
  try {
    const json body = json::parse(row.json);
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
  return to_json(understanding).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string to_snapshot(const Conversation& conversation) {
  json value{{"v", kSnapshotVersion},
             {"id", conversation.id},
             {"visitor", conversation.visitor},
             {"channel", conversation.channel},
             {"address", conversation.address},
             {"customer", conversation.customer},
             {"contact", conversation.contact},
             {"page", conversation.page},
             {"locale", conversation.locale},
             {"timezone", conversation.timezone},
             {"language", name(conversation.language)},
             {"created_at", conversation.created_at.time_since_epoch().count()},
             {"last_seq", conversation.last_seq},
             {"record", to_json(conversation.record)},
             {"escalation", to_json(conversation.escalation)},
             {"flow", to_json(conversation.flow)},
             {"shown_buttons", to_json(conversation.shown_buttons)},
             {"last_line", conversation.last_line},
             {"last_from", name(conversation.last_from)},
             {"last_trigger", conversation.last_trigger}};
  if (conversation.open_call) {
    value["open_call"] = {{"number", conversation.open_call->call_number},
                          {"name", conversation.open_call->name},
                          {"args", to_json(conversation.open_call->args)}};
  }
  for (const Unread& unread : conversation.unread) {
    value["unread"].push_back({unread.seq, unread.text, unread.button});
  }
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Conversation> from_snapshot(std::string_view text) {
  try {
    const json value = json::parse(text);
    if (value.at("v").get<int>() > kSnapshotVersion) {
      return Error{Error::Code::invalid_input, "snapshot from a newer version of Wasl"};
    }
    Conversation conversation;
    conversation.id = value.at("id");
    conversation.visitor = value.at("visitor");
    conversation.channel = value.at("channel");
    conversation.address = value.at("address");
    conversation.customer = value.at("customer");
    conversation.contact = value.value("contact", "");
    conversation.page = value.at("page");
    conversation.locale = value.at("locale");
    conversation.timezone = value.at("timezone");
    conversation.language = language_of(value.at("language").get<std::string>());
    conversation.created_at = Time{Millis{value.at("created_at").get<Millis::rep>()}};
    conversation.last_seq = value.at("last_seq");
    conversation.record = record_from(value.at("record"));
    conversation.escalation = escalation_from(value.at("escalation"));
    conversation.flow = flow_from(value.at("flow"));
    conversation.shown_buttons = buttons_from(value.at("shown_buttons"));
    conversation.last_line = value.at("last_line");
    conversation.last_from =
        party_of(value.at("last_from").get<std::string>()).value_or(Party::visitor);
    conversation.last_trigger = value.at("last_trigger");
    if (value.contains("open_call")) {
      const json& call = value["open_call"];
      conversation.open_call =
          flows::StartCall{call.at("number"), call.at("name"), values_from(call.at("args"))};
    }
    if (value.contains("unread")) {
      for (const json& one : value["unread"]) {
        conversation.unread.push_back({one.at(0), one.at(1), one.at(2)});
      }
    }
    return conversation;
  } catch (const std::exception& broken) {
    return Error{Error::Code::invalid_input, std::string("unreadable snapshot: ") + broken.what()};
  }
}

std::string shown_name(const Conversation& conversation) {
  if (!conversation.customer.empty()) return conversation.customer;
  return "#" + conversation.visitor.substr(0, 4);
}

handoff::Card make_card(const Conversation& conversation, Time now) {
  handoff::Card card;
  card.conversation = conversation.id;
  card.state = conversation.record.state;
  card.owner = conversation.record.owner;
  card.epoch = conversation.record.epoch;
  card.last_seq = conversation.last_seq;
  card.channel = conversation.channel;
  card.customer = shown_name(conversation);
  card.language = conversation.language;
  card.waiting_since = conversation.record.waiting_since;
  card.owed_since = conversation.record.owed_since;
  card.deadline = conversation.record.deadline;
  card.offered_to = conversation.record.offered_to;
  card.declined_by = conversation.record.declined_by;
  card.reason = conversation.record.reason;
  card.team = conversation.record.team;
  card.evidence = conversation.record.evidence;
  card.relaxed = conversation.record.relaxed;
  card.supervised = conversation.record.supervised;
  card.alerted = conversation.record.alerted;
  card.gone = conversation.record.gone_since.has_value();
  card.queued_at = conversation.record.queued_at;
  card.wanted_agent = conversation.record.wanted_agent;
  card.wanted_until = conversation.record.wanted_until;
  card.last_agent = conversation.record.last_agent;
  card.last_line = conversation.last_line;
  card.last_from = conversation.last_from;
  card.last_trigger = conversation.last_trigger;
  card.updated_at = now;
  return card;
}

}  // namespace wasl::bot
