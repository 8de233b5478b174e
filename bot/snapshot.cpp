// A conversation as the JSON of its snapshot.  Defaults are left out: most conversations are in few
// of the states there are, and the snapshot is written with every turn.

#include "bot/conversation.hpp"
#include "bot/json_parts.hpp"

namespace wasl::bot {
namespace {

constexpr int kSnapshotVersion = 2;  ///< 1 had every field, defaults too
constexpr std::size_t kBytesExpected = 1024;

void write(JsonWriter& json, const handoff::Record& record) {
  json.begin_object().field("state", name(record.state)).key("owner");
  bot::write(json, record.owner);
  json.field("epoch", record.epoch);
  write_time(json, "waiting_since", record.waiting_since);
  write_time(json, "owed_since", record.owed_since);
  write_time(json, "deadline", record.deadline);
  json.field_unless_default("offered_to", record.offered_to);
  write_some(json, "declined_by", record.declined_by);
  json.field_unless_default("reason", record.reason);
  json.field_unless_default("team", record.team);
  write_some(json, "evidence", record.evidence);
  json.field_unless_default("handoff_seq", record.handoff_seq);
  json.field_unless_default("episode", record.episode);
  json.field_unless_default("bot_returns", record.bot_returns);
  json.field_unless_default("reopened", record.reopened);
  json.field_unless_default("relaxed", record.relaxed);
  json.field_unless_default("alternatives_given", record.alternatives_given);
  json.field_unless_default("last_agent", record.last_agent);
  json.field_unless_default("ticket", record.ticket);
  write_time(json, "queued_at", record.queued_at);
  write_time(json, "left_queue_at", record.left_queue_at);
  write_time(json, "left_waiting_since", record.left_waiting_since);
  json.field_unless_default("alerted", record.alerted);
  json.field_unless_default("last_agent_name", record.last_agent_name);
  write_time(json, "age_since", record.age_since);
  write_time(json, "offered_until", record.offered_until);
  write_time(json, "gone_since", record.gone_since);
  write_some(json, "transfer_path", record.transfer_path);
  json.field_unless_default("transfers", record.transfers);
  json.field_unless_default("supervised", record.supervised);
  json.field_unless_default("wanted_agent", record.wanted_agent);
  write_time(json, "wanted_until", record.wanted_until);
  json.end_object();
}

handoff::Record record_from(const Json& value) {
  const auto text = [&](const char* key) { return get_or_default<std::string>(value, key); };
  handoff::Record record;
  record.state = state_of(value.at("state").get<std::string>()).value_or(State::bot);
  record.owner = read_owner(value.at("owner"));
  record.epoch = value.at("epoch");
  record.waiting_since = read_time(value, "waiting_since");
  record.owed_since = read_time(value, "owed_since");
  record.deadline = read_time(value, "deadline");
  record.offered_to = text("offered_to");
  record.declined_by = get_or_default<std::vector<std::string>>(value, "declined_by");
  record.reason = text("reason");
  record.team = text("team");
  record.evidence = read_evidence(value, "evidence");
  record.handoff_seq = get_or_default<std::uint64_t>(value, "handoff_seq");
  record.episode = get_or_default<int>(value, "episode");
  record.bot_returns = get_or_default<int>(value, "bot_returns");
  record.reopened = get_or_default<int>(value, "reopened");
  record.relaxed = get_or_default<bool>(value, "relaxed");
  record.alternatives_given = get_or_default<bool>(value, "alternatives_given");
  record.last_agent = text("last_agent");
  record.ticket = text("ticket");
  record.queued_at = read_time(value, "queued_at");
  record.left_queue_at = read_time(value, "left_queue_at");
  record.left_waiting_since = read_time(value, "left_waiting_since");
  record.alerted = get_or_default<bool>(value, "alerted");
  record.last_agent_name = text("last_agent_name");
  record.age_since = read_time(value, "age_since");
  record.offered_until = read_time(value, "offered_until");
  record.gone_since = read_time(value, "gone_since");
  record.transfer_path = get_or_default<std::vector<std::string>>(value, "transfer_path");
  record.transfers = get_or_default<int>(value, "transfers");
  record.supervised = get_or_default<bool>(value, "supervised");
  record.wanted_agent = text("wanted_agent");
  record.wanted_until = read_time(value, "wanted_until");
  return record;
}

void write(JsonWriter& json, const std::vector<std::uint32_t>& path) {
  json.begin_array();
  for (const std::uint32_t at : path) json.value(at);
  json.end_array();
}

void write_wishes(JsonWriter& json, const std::vector<flows::Wish>& wishes) {
  if (wishes.empty()) return;
  json.key("waiting").begin_array();
  for (const flows::Wish& wish : wishes) {
    json.begin_array().value(wish.intent).value(wish.depth).value(wish.told).begin_array();
    for (const auto& [entity, value] : wish.entities) {
      json.begin_array().value(entity).value(value).end_array();
    }
    json.end_array().end_array();
  }
  json.end_array();
}

std::vector<flows::Wish> wishes_from(const Json& value) {
  std::vector<flows::Wish> wishes;
  const auto found = value.find("waiting");
  if (found == value.end()) return wishes;
  for (const Json& one : *found) {
    flows::Wish wish;
    wish.intent = one.at(0);
    wish.depth = one.at(1);
    wish.told = one.at(2);
    for (const Json& entity : one.at(3)) wish.entities.emplace_back(entity.at(0), entity.at(1));
    wishes.push_back(std::move(wish));
  }
  return wishes;
}

void write(JsonWriter& json, const flows::FlowState& flow) {
  json.begin_object().field("program", flow.program);
  if (!flow.stack.empty()) {
    json.key("stack").begin_array();
    for (const auto& frame : flow.stack) {
      json.begin_array().value(frame.flow).value(frame.at);
      bot::write(json, frame.held);
      if (!frame.path.empty()) write(json, frame.path);
      json.end_array();
    }
    json.end_array();
  }
  write_some(json, "slots", flow.slots);
  json.field_unless_default("asking", flow.asking);
  json.field_unless_default("tries", flow.tries);
  json.field_unless_default("pending_call", flow.pending_call);
  json.field_unless_default("call_number", flow.call_number);
  json.field_unless_default("not_understood", flow.not_understood);
  write_some(json, "choices", flow.choices);
  json.field_unless_default("last_answer", flow.last_answer);
  write_some(json, "last_args", flow.last_args);
  json.field_unless_default("last_title_of", flow.last_title_of);
  json.field_unless_default("last_variant", flow.last_variant);
  json.field_unless_default("repeats", flow.repeats);
  json.field_unless_default("last_flow", flow.last_flow);
  write_some(json, "kept", flow.kept);
  write_some(json, "others", flow.others);
  write_some(json, "last_filled", flow.last_filled);
  if (!flow.finished.flow.empty()) {
    json.key("finished").begin_array().value(flow.finished.flow);
    bot::write(json, flow.finished.slots);
    write(json, flow.finished.path);
    json.value(flow.finished.turns).end_array();
  }
  if (!flow.correcting.slots.empty()) {
    json.key("correcting").begin_array();
    bot::write(json, flow.correcting.slots);
    json.value(flow.correcting.finished).end_array();
  }
  write_wishes(json, flow.waiting);
  json.field_unless_default("expired", flow.expired);
  json.field_unless_default("article", flow.article);
  json.field_unless_default("article_seq", flow.article_seq);
  json.field_unless_default("said", flow.said);
  json.field_unless_default("said_seq", flow.said_seq);
  json.end_object();
}

flows::FlowState flow_from(const Json& value) {
  const auto text = [&](const char* key) { return get_or_default<std::string>(value, key); };
  flows::FlowState flow;
  flow.program = text("program");
  if (const auto stack = value.find("stack"); stack != value.end()) {
    for (const Json& frame : *stack) {
      flow.stack.push_back({frame.at(0), frame.at(1), read_values(frame.at(2)), {}});
      if (frame.size() > 3) flow.stack.back().path = frame.at(3).get<std::vector<std::uint32_t>>();
    }
  }
  flow.slots = read_values(value, "slots");
  flow.asking = text("asking");
  flow.tries = get_or_default<int>(value, "tries");
  flow.pending_call = text("pending_call");
  flow.call_number = get_or_default<std::uint64_t>(value, "call_number");
  flow.not_understood = get_or_default<int>(value, "not_understood");
  flow.choices = get_or_default<std::vector<std::string>>(value, "choices");
  flow.last_answer = text("last_answer");
  flow.last_args = read_values(value, "last_args");
  flow.last_title_of = text("last_title_of");
  flow.last_variant = get_or_default<std::uint32_t>(value, "last_variant");
  flow.repeats = get_or_default<int>(value, "repeats");
  flow.last_flow = text("last_flow");
  flow.kept = read_values(value, "kept");
  flow.others = get_or_default<std::vector<std::string>>(value, "others");
  flow.last_filled = get_or_default<std::vector<std::string>>(value, "last_filled");
  if (const auto done = value.find("finished"); done != value.end()) {
    flow.finished = {done->at(0), read_values(done->at(1)), done->at(2), done->at(3)};
  }
  if (const auto which = value.find("correcting"); which != value.end()) {
    flow.correcting = {read_values(which->at(0)), which->at(1)};
  }
  flow.waiting = wishes_from(value);
  flow.expired = get_or_default<bool>(value, "expired");
  flow.article = text("article");
  flow.article_seq = get_or_default<std::uint64_t>(value, "article_seq");
  flow.said = text("said");
  flow.said_seq = get_or_default<std::uint64_t>(value, "said_seq");
  return flow;
}

void write(JsonWriter& json, const handoff::Escalation& escalation) {
  json.begin_object().field_unless_default("score", escalation.score);
  write_some(json, "evidence", escalation.evidence);
  json.field_unless_default("last_clean", escalation.last_clean);
  json.field_unless_default("visitor_turns", escalation.visitor_turns);
  json.field_unless_default("answerless", escalation.answerless);
  json.field_unless_default("rest_turns", escalation.rest_turns);
  json.field("armed", escalation.armed);
  json.field_unless_default("last_negative", escalation.last_negative);
  json.end_object();
}

handoff::Escalation escalation_from(const Json& value) {
  handoff::Escalation escalation;
  escalation.score = get_or_default<double>(value, "score");
  escalation.evidence = read_evidence(value, "evidence");
  escalation.last_clean = get_or_default<std::string>(value, "last_clean");
  escalation.visitor_turns = get_or_default<int>(value, "visitor_turns");
  escalation.answerless = get_or_default<int>(value, "answerless");
  escalation.rest_turns = get_or_default<int>(value, "rest_turns");
  escalation.armed = value.at("armed");
  escalation.last_negative = get_or_default<double>(value, "last_negative");
  return escalation;
}

}  // namespace

std::string to_snapshot(const Conversation& conversation) {
  JsonWriter json(kBytesExpected);
  json.begin_object().field("v", kSnapshotVersion);
  json.field("id", conversation.id).field("visitor", conversation.visitor);
  json.field("channel", conversation.channel);
  json.field_unless_default("address", conversation.address);
  json.field_unless_default("customer", conversation.customer);
  json.field_unless_default("contact", conversation.contact);
  json.field_unless_default("page", conversation.page);
  json.field_unless_default("locale", conversation.locale);
  json.field_unless_default("timezone", conversation.timezone);
  json.field("language", name(conversation.language));
  json.field("created_at", conversation.created_at.time_since_epoch().count());
  json.field("last_seq", conversation.last_seq).key("record");
  write(json, conversation.record);
  json.key("escalation");
  write(json, conversation.escalation);
  json.key("flow");
  write(json, conversation.flow);
  write_some(json, "shown_buttons", conversation.shown_buttons);
  json.field_unless_default("last_line", conversation.last_line);
  json.field("last_from", name(conversation.last_from));
  json.field_unless_default("last_trigger", conversation.last_trigger);
  if (const auto& call = conversation.open_call) {
    json.key("open_call").begin_object().field("number", call->call_number);
    json.field("name", call->name).key("args");
    write(json, call->args);
    json.end_object();
  }
  if (!conversation.reminders.empty()) {
    json.key("reminders").begin_array();
    for (const Reminder& one : conversation.reminders) {
      json.begin_array().value(one.answer).value(one.at.time_since_epoch().count());
      write(json, one.args);
      json.end_array();
    }
    json.end_array();
  }
  if (!conversation.unread.empty()) {
    json.key("unread").begin_array();
    for (const Unread& one : conversation.unread) {
      json.begin_array().value(one.seq).value(one.text).value(one.button).end_array();
    }
    json.end_array();
  }
  if (conversation.read_at) json.field("read_at", conversation.read_at->time_since_epoch().count());
  json.end_object();
  return json.take();
}

Result<Conversation> from_snapshot(std::string_view snapshot) {
  try {
    const Json value = Json::parse(snapshot);
    if (value.at("v").get<int>() > kSnapshotVersion) {
      return Error{Error::Code::invalid_input, "snapshot from a newer version of Wasl"};
    }
    const auto text = [&](const char* key) { return get_or_default<std::string>(value, key); };
    Conversation conversation;
    conversation.id = value.at("id");
    conversation.visitor = value.at("visitor");
    conversation.channel = value.at("channel");
    conversation.address = text("address");
    conversation.customer = text("customer");
    conversation.contact = text("contact");
    conversation.page = text("page");
    conversation.locale = text("locale");
    conversation.timezone = text("timezone");
    conversation.language = language_of(value.at("language").get<std::string>());
    conversation.created_at = Time{Millis{value.at("created_at").get<Millis::rep>()}};
    conversation.last_seq = value.at("last_seq");
    conversation.record = record_from(value.at("record"));
    conversation.escalation = escalation_from(value.at("escalation"));
    conversation.flow = flow_from(value.at("flow"));
    conversation.shown_buttons = read_buttons(value, "shown_buttons");
    conversation.last_line = text("last_line");
    conversation.last_from = party_of(text("last_from")).value_or(Party::visitor);
    conversation.last_trigger = text("last_trigger");
    if (const auto call = value.find("open_call"); call != value.end()) {
      conversation.open_call =
          flows::StartCall{call->at("number"), call->at("name"), read_values(*call, "args")};
    }
    if (const auto reminders = value.find("reminders"); reminders != value.end()) {
      for (const Json& one : *reminders) {
        conversation.reminders.push_back(
            {one.at(0), read_values(one.at(2)), Time{Millis{one.at(1).get<Millis::rep>()}}});
      }
    }
    if (const auto unread = value.find("unread"); unread != value.end()) {
      for (const Json& one : *unread) {
        conversation.unread.push_back({one.at(0), one.at(1), one.at(2)});
      }
    }
    if (const auto at = value.find("read_at"); at != value.end()) {
      conversation.read_at = Time{Millis{at->get<Millis::rep>()}};
    }
    return conversation;
  } catch (const std::exception& broken) {
    return Error{Error::Code::invalid_input, std::string("unreadable snapshot: ") + broken.what()};
  }
}

}  // namespace wasl::bot
