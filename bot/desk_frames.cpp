#include "bot/desk_frames.hpp"

#include "wasl/core/text.hpp"

#include <nlohmann/json.hpp>

#include <map>

namespace wasl::bot {
namespace {

using nlohmann::json;

constexpr int kDepthMax = 8;

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json evidence_json(const std::vector<Evidence>& evidence) {
  json list = json::array();
  for (const Evidence& one : evidence) {
    list.push_back({{"signal", one.signal},
                    {"weight", one.weight},
                    {"seq", one.seq},
                    {"text", handoff::mask(one.text)}});
  }
  return list;
}

json owner_json(const Owner& owner) {
  return {{"kind", name(owner.kind)}, {"id", owner.id}, {"name", owner.name}};
}

json card_json(const handoff::Card& card) {
  json value{{"conversation", card.conversation},
             {"state", name(card.state)},
             {"owner", owner_json(card.owner)},
             {"epoch", card.epoch},
             {"last_seq", card.last_seq},
             {"channel", card.channel},
             {"customer", {{"name", card.customer}}},
             {"language", name(card.language)},
             {"sla", nullptr},
             {"unread", card.last_from == Party::visitor},
             {"last_line", handoff::mask(card.last_line)},
             {"last_from", name(card.last_from)},
             {"updated_at", iso8601(card.updated_at)}};
  if (card.waiting_since) value["waiting_since"] = iso8601(*card.waiting_since);
  if (card.owed_since) value["owed_since"] = iso8601(*card.owed_since);
  if (!card.reason.empty()) value["reason"] = card.reason;
  if (!card.team.empty()) value["team"] = card.team;
  if (card.state == State::snoozed && card.deadline) {
    value["snoozed_until"] = iso8601(*card.deadline);
  }
  return value;
}

json agent_json(const handoff::DeskAgent& agent) {
  return {{"id", agent.id},
          {"name", agent.name},
          {"role", agent.role},
          {"languages", agent.languages},
          {"skills", agent.skills},
          {"capacity", agent.capacity},
          {"presence", handoff::name(agent.presence)}};
}

json counts_json(const handoff::Desk& desk) {
  const handoff::Counts& counts = desk.counts();
  json by_state = json::object();
  for (std::size_t i = 0; i < counts.states.size(); ++i) {
    if (counts.states[i] > 0) by_state[std::string(name(static_cast<State>(i)))] = counts.states[i];
  }
  return {{"states", std::move(by_state)}, {"agents_online", counts.agents_online}};
}

std::int64_t waited_ms(const std::optional<Time>& since, Time now) {
  return since ? (now - *since).count() : 0;
}

struct BodyJson {
  json operator()(const MessageSaid& said) const {
    json body{{"text", said.text}, {"language", name(said.language)}};
    if (!said.answer.empty()) body["answer"] = said.answer;
    if (!said.button.empty()) body["button"] = said.button;
    json buttons = json::array();
    for (const Button& button : said.buttons) {
      buttons.push_back({{"id", button.id}, {"title", button.title}});
    }
    if (!buttons.empty()) body["buttons"] = std::move(buttons);
    return body;
  }
  json operator()(const NoteWritten& note) const { return {{"text", note.text}}; }
  json operator()(const StateChanged& changed) const {
    json body{{"from", name(changed.from)}, {"to", name(changed.to)}, {"trigger", changed.trigger}};
    if (!changed.reason.empty()) body["reason"] = handoff::mask(changed.reason);
    if (!changed.target.empty()) body["target"] = changed.target;
    if (changed.until) body["until"] = iso8601(*changed.until);
    return body;
  }
  json operator()(const OwnerChanged& changed) const { return owner_json(changed.owner); }
  json operator()(const Understood& /*unused*/) const { return json::object(); }
  json operator()(const SlotFilled& slot) const {
    return {{"name", slot.name}, {"value", handoff::mask(slot.value)}};
  }
  json operator()(const CallMade& call) const {
    return {{"name", call.name}, {"outcome", call.outcome}};
  }
  json operator()(const Escalated& escalated) const {
    return {{"reason", escalated.reason}, {"evidence", evidence_json(escalated.evidence)}};
  }
  json operator()(const FlowEnded& ended) const {
    return {{"name", ended.flow}, {"outcome", ended.outcome}};
  }
  json operator()(const Unanswered& left) const {
    json body{{"seq", left.seq}, {"why", left.why}};
    if (!left.article.empty()) body["article"] = left.article;
    return body;
  }
};

// Who did it, and their name if they have one.
std::pair<std::string_view, std::string> author(const EventBody& body) {
  if (const auto* said = std::get_if<MessageSaid>(&body)) return {name(said->from), said->name};
  if (const auto* note = std::get_if<NoteWritten>(&body)) return {"agent", note->agent_name};
  return {"system", ""};
}

}  // namespace

Result<DeskCommand> parse_desk_command(std::string_view frame) {
  const auto bad = [](const char* code) { return Error{Error::Code::invalid_input, code}; };
  // The library takes a NUL for the end of the text; in JSON there is none.
  if (frame.find('\0') != std::string_view::npos) return bad("bad_json");
  bool too_deep = false;
  const json value = json::parse(
      frame,
      [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > kDepthMax;
        return !too_deep;
      },
      false);
  if (too_deep || !value.is_object() || !valid_utf8(frame)) return bad("bad_json");

  const auto text = [&](const char* key) {
    const auto found = value.find(key);
    return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto whole = [&](const char* key) {
    const auto found = value.find(key);
    return found != value.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0U;
  };
  DeskCommand command;
  command.type = text("type");
  command.client_id = text("client_id");
  command.token = text("token");
  command.conversation = text("conversation");
  command.epoch = whole("epoch");
  command.last_seq = whole("last_seq");
  command.text = text("text");
  command.reason = text("reason");
  command.outcome = text("outcome");
  command.note = text("note");
  command.state = text("state");
  command.agent = text("agent");
  if (const auto to = value.find("to"); to != value.end() && to->is_object()) {
    const auto part = [&](const char* key) {
      const auto found = to->find(key);
      return found != to->end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    command.to_agent = part("agent");
    command.to_team = part("team");
  }
  command.until = parse_iso8601(text("until"));
  if (command.type.empty()) return bad("bad_message");
  if (command.client_id.size() > 128) return bad("bad_message");
  return command;
}

std::string alert_frame(const handoff::Alert& alert) {
  return dump({{"type", "alert"},
               {"conversation", alert.conversation},
               {"kind", alert.kind},
               {"waited_ms", alert.waited.count()}});
}

std::string snapshot_frame(const handoff::Desk& desk, std::string_view agent,
                           const DeskView& view) {
  std::map<std::string_view, const handoff::Card*> in_order;
  for (const auto& [id, card] : desk.cards()) in_order.emplace(id, &card);
  json conversations = json::array();
  for (const auto& [id, card] : in_order) conversations.push_back(card_json(*card));
  json hours{{"open", view.hours_open}};
  if (view.next_open) hours["next_open_at"] = iso8601(*view.next_open);
  json value{{"type", "snapshot"},
             {"conversations", std::move(conversations)},
             {"counts", counts_json(desk)},
             {"hours", std::move(hours)}};
  if (const handoff::DeskAgent* self = desk.find_agent(agent)) {
    value["agent"] = agent_json(*self);
    value["presence"] = handoff::name(self->presence);
  }
  return dump(value);
}

std::string conversation_frame(const handoff::Card& card) {
  json value = card_json(card);
  value["type"] = "conversation";
  return dump(value);
}

std::string counts_frame(const handoff::Desk& desk) {
  json value = counts_json(desk);
  value["type"] = "counts";
  return dump(value);
}

std::string presence_frame(std::string_view agent, handoff::Presence presence) {
  return dump({{"type", "presence"}, {"agent", agent}, {"state", handoff::name(presence)}});
}

std::string offer_frame(const handoff::Card& card, const handoff::Packet& packet, Time now) {
  json value{{"type", "offer"},
             {"conversation", card.conversation},
             {"epoch", card.epoch},
             {"reason", card.reason},
             {"evidence", evidence_json(card.evidence)},
             {"summary", packet.summary},
             {"language", name(card.language)},
             {"waited_ms", waited_ms(card.waiting_since, now)}};
  if (card.deadline) value["deadline_at"] = iso8601(*card.deadline);
  return dump(value);
}

std::string offer_withdrawn_frame(std::string_view conversation, std::uint64_t epoch) {
  return dump({{"type", "offer_withdrawn"}, {"conversation", conversation}, {"epoch", epoch}});
}

std::string packet_frame(const Conversation& conversation, const handoff::Packet& packet,
                         const std::vector<store::ConversationRow>& history, Time now) {
  json slots = json::object();
  for (const auto& [key, value] : packet.slots) slots[key] = handoff::mask(value);
  json tried = json::array();
  for (const auto& one : packet.tried) tried.push_back({{"answer", one.answer}, {"seq", one.seq}});
  json calls = json::array();
  for (const auto& one : packet.calls) {
    calls.push_back({{"name", one.name}, {"outcome", one.outcome}, {"seq", one.seq}});
  }
  json mood = json::array();
  for (const auto& one : packet.mood) {
    mood.push_back({{"seq", one.seq},
                    {"anger", one.anger},
                    {"frustration", one.frustration},
                    {"lost", one.lost}});
  }
  json earlier = json::array();
  for (const store::ConversationRow& row : history) {
    if (row.id == conversation.id) continue;
    earlier.push_back(
        {{"conversation", row.id}, {"state", row.state}, {"created_at", iso8601(row.created_at)}});
  }
  return dump({{"type", "packet"},
               {"conversation", conversation.id},
               {"handoff_seq", packet.handoff_seq},
               {"reason", packet.reason},
               {"evidence", evidence_json(packet.evidence)},
               {"summary", packet.summary},
               {"language", name(packet.language)},
               {"intents", packet.intents},
               {"slots", std::move(slots)},
               {"tried", std::move(tried)},
               {"calls", std::move(calls)},
               {"mood", std::move(mood)},
               {"customer",
                {{"name", shown_name(conversation)},
                 {"locale", conversation.locale},
                 {"timezone", conversation.timezone}}},
               {"history", std::move(earlier)},
               {"page", conversation.page},
               {"waited_ms", waited_ms(conversation.record.waiting_since, now)}});
}

std::optional<std::string> desk_event_frame(std::string_view conversation, const Event& event) {
  if (std::holds_alternative<Understood>(event.body)) return std::nullopt;
  const auto [from, author_name] = author(event.body);
  json value{{"type", "event"},        {"conversation", conversation},
             {"seq", event.seq},       {"kind", event.kind()},
             {"from", from},           {"body", std::visit(BodyJson{}, event.body)},
             {"at", iso8601(event.at)}};
  if (!author_name.empty()) value["body"]["name"] = author_name;
  return dump(value);
}

std::string desk_ack_frame(std::string_view client_id, std::uint64_t seq, std::uint64_t epoch) {
  json value{{"type", "ack"}, {"client_id", client_id}};
  if (seq > 0) value["seq"] = seq;
  if (epoch > 0) value["epoch"] = epoch;
  return dump(value);
}

std::string desk_error_frame(std::string_view code, std::string_view client_id,
                             std::string_view conversation) {
  static const std::map<std::string_view, std::string_view> kTexts{
      {"stale_epoch", "The conversation has moved on."},
      {"not_owner", "Somebody else owns this conversation."},
      {"not_allowed", "You may not do that."},
      {"bad_state", "That is not possible now."},
      {"unknown_conversation", "There is no such conversation."},
      {"unknown_agent", "There is no such agent."},
      {"unknown_team", "There is no such team."},
      {"no_room", "There is no free slot."},
      {"nothing_to_do", "Nothing has changed."},
      {"bad_message", "The command is incomplete."},
      {"bad_json", "The frame is not a JSON object."},
      {"unknown_type", "There is no such command."},
      {"hello_first", "The first frame must be hello."},
      {"bad_token", "Please sign in again."},
      {"too_long", "The text is too long."},
      {"busy", "Busy: try again in a moment."},
      {"unavailable", "The store cannot be reached: try again in a moment."}};
  const auto found = kTexts.find(code);
  json value{
      {"type", "error"}, {"code", code}, {"text", found == kTexts.end() ? code : found->second}};
  if (!client_id.empty()) value["client_id"] = client_id;
  if (!conversation.empty()) value["conversation"] = conversation;
  return dump(value);
}

std::string desk_typing_frame(std::string_view conversation, std::string_view from) {
  return dump({{"type", "typing"}, {"conversation", conversation}, {"from", from}});
}

}  // namespace wasl::bot
