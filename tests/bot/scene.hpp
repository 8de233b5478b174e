#pragma once

// One conversation of the small bot and the world around it, for tests of decide().

#include "bot/turn.hpp"
#include "tests/bot/small_bot.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wasl::bot::test {

inline constexpr Time kNoon{Millis{1'795'348'800'000}};  // 2026-11-22T12:00Z, a Sunday
inline constexpr Millis kSecond{1'000};
inline constexpr Millis kMinute{60'000};

/// Stands for the epoch or call number the conversation has when the input comes.
inline constexpr std::uint64_t kPresent = std::numeric_limits<std::uint64_t>::max();

inline VisitorSaid say(std::string text) {
  return {"", std::move(text), ""};
}
inline VisitorSaid tap(std::string button) {
  return {"", "", std::move(button)};
}
inline VisitorChose choose(std::string option, std::string contact = "") {
  return {"", std::move(option), std::move(contact)};
}

inline CallReturned back(flows::CallResult::Outcome outcome, std::uint64_t number = kPresent) {
  CallReturned returned;
  returned.name = "parcels.lookup";
  returned.result.call_number = number;
  returned.result.outcome = outcome;
  if (outcome == flows::CallResult::Outcome::ok) {
    returned.result.values = {{"status", std::string("moving")}};
  }
  return returned;
}

inline DeskOrdered order(handoff::Order::Kind kind, std::string agent = "",
                         std::uint64_t epoch = kPresent) {
  return {{kind, "c1", epoch, agent}, agent.empty() ? "" : "Name of " + agent};
}

inline AgentDid agent(handoff::Trigger trigger, const std::string& id, std::string text = "",
                      std::uint64_t epoch = kPresent) {
  AgentDid did;
  did.trigger = trigger;
  did.epoch = epoch;
  did.agent = {OwnerKind::agent, id, "Name of " + id};
  did.role = "agent";
  did.text = std::move(text);
  return did;
}
inline AgentDid supervisor(handoff::Trigger trigger, const std::string& id) {
  AgentDid did = agent(trigger, id);
  did.role = "supervisor";
  return did;
}

/// What was said to the visitor: `bot track.status`, `system handoff.queued`, `agent hello`.
inline std::vector<std::string> heard(const std::vector<Event>& events) {
  std::vector<std::string> list;
  for (const Event& event : events) {
    const auto* said = std::get_if<MessageSaid>(&event.body);
    if (said == nullptr || said->from == Party::visitor) continue;
    list.push_back(std::string(name(said->from)) + " " +
                   (said->answer.empty() ? said->text : said->answer));
  }
  return list;
}

class Scene {
 public:
  Scene() : bot(small_bot()), renderer(flows::Renderer::make(bot->program)) {
    conversation.id = "c1";
    conversation.visitor = "v1";
    conversation.language = Language::en;
    conversation.timezone = "UTC";
    world.desk.now = kNoon;
    world.ticket = "W-1";
    world.seed = 1;
  }

  /// Decides, and carries on from there unless refused.
  Turn give(Input input) {
    resolve(input);
    Turn turn = decide(*bot, *renderer, conversation, input, world);
    if (turn.refused.empty()) conversation = turn.after;
    return turn;
  }

  /// The deadline comes.
  Turn due() {
    world.desk.now = *conversation.record.deadline;
    return give(DeadlineCame{});
  }

  void close_desk(Time next_open) {
    world.desk.hours_open = false;
    world.desk.next_open = next_open;
  }

  /// A conversation that agent `id` owns.
  void reach_human(const std::string& id) {
    (void)give(say("refund"));
    (void)give(order(handoff::Order::Kind::offer, id));
    (void)give(agent(handoff::Trigger::accept, id));
    ASSERT_EQ(state(), State::human);
  }

  [[nodiscard]] State state() const { return conversation.record.state; }
  [[nodiscard]] std::uint64_t epoch() const { return conversation.record.epoch; }

  /// Puts the present for kPresent.
  void resolve(Input& input) const {
    if (auto* did = std::get_if<AgentDid>(&input); did != nullptr && did->epoch == kPresent) {
      did->epoch = epoch();
    } else if (auto* ordered = std::get_if<DeskOrdered>(&input);
               ordered != nullptr && ordered->order.epoch == kPresent) {
      ordered->order.epoch = epoch();
    } else if (auto* returned = std::get_if<CallReturned>(&input);
               returned != nullptr && returned->result.call_number == kPresent) {
      returned->result.call_number = conversation.flow.call_number;
    }
  }

  std::shared_ptr<const Bot> bot;
  std::unique_ptr<flows::Renderer> renderer;
  Conversation conversation;
  World world;
};

}  // namespace wasl::bot::test
