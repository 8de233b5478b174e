#pragma once

#include "bot/turn.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasl::bot {

/// One turn being worked out: what decide() is made of, one `.cpp` a concern.  It appends events to
/// the turn and keeps `after` in step with them.
class Decider {
 public:
  Decider(const Bot& bot, flows::Renderer& renderer, const Conversation& before,
          const World& world);
  Turn on(const VisitorSaid& said);
  Turn on(const VisitorChose& chose);
  Turn on(const VisitorEnded& ended);
  Turn on(const CallReturned& returned);
  Turn on(const AgentDid& did);
  Turn on(const DeskOrdered& ordered);
  Turn on(const DeadlineCame& came);
  Turn on(const VisitorLeft& /*left*/) { return on_presence(handoff::Trigger::customer_gone); }
  Turn on(const VisitorCameBack& /*back*/) { return on_presence(handoff::Trigger::customer_back); }

 private:
  Turn on_presence(handoff::Trigger trigger);
  Turn refuse(std::string code);
  Turn finish();

  // ---- what is so
  [[nodiscard]] const handoff::Record& now() const { return turn_.after.record; }
  [[nodiscard]] bool bot_owns() const {
    return now().state == State::bot || now().state == State::promised;
  }
  /// Whether a dialogue lives on in `state`: a question of the bot may be open in it.
  [[nodiscard]] static bool keeps_dialogue(State state) {
    return state == State::bot || state == State::offering || state == State::promised;
  }
  [[nodiscard]] Language language() const {
    return turn_.after.language == Language::und ? bot_.config.default_language
                                                 : turn_.after.language;
  }
  /// The customer's time zone, else the desk's.
  [[nodiscard]] const std::string& zone() const {
    return turn_.after.timezone.empty() ? bot_.policy.hours.zone : turn_.after.timezone;
  }

  // ---- the log
  std::uint64_t append(EventBody body);
  handoff::Signal signal_of(handoff::Trigger trigger) const;

  // ---- handoff: moves through the table (decider_moves.cpp)
  bool move(handoff::Trigger trigger);
  /// Carries out a legal move with its events and notices; false (and refusal_) for an illegal one.
  bool move(const handoff::Signal& signal);
  /// What the visitor chose while waiting; false when there is nothing to choose now.
  bool carry_out(handoff::Trigger choice);
  void forget_flow();
  /// A tap on a choice that the queue's alternatives offered: `handoff:callback` and its like.
  [[nodiscard]] std::optional<handoff::Trigger> choice_of_button(std::string_view button) const;
  void ask_person(const std::string& reason, const std::string& team,
                  std::vector<Evidence> evidence);

  // ---- the bot reads and answers (decider_bot_turn.cpp)
  Turn on_answer_to_offer(const Unread& said);
  /// The soft signs rest for a while after a no.
  void refuse_offer();
  /// Reads it now, or a little later together with what comes until then: people write in pieces.
  void hear(Unread said);
  /// Reads everything that was not read yet.
  void read_unread();
  Understanding understand(const Unread& said);
  /// An impatient visitor sends the same again while a call is under way: its answer is for both.
  bool said_already(const Unread& said);
  /// The bot reads what was said (several messages read as one) and answers.
  void bot_turn(std::vector<Unread> said);
  /// What only says again that a person can come, where that is about to be asked.
  static void leave_out_offers(std::vector<flows::Reply>& replies);
  /// Asks whether a person is wanted; not before the bot has answered what a call under way is for.
  void offer_person(const std::string& reason, const std::vector<Evidence>& evidence);
  /// The offer that a call has put off.
  void offer_what_waited();
  handoff::Assessment assess(const Unread& said, const Understanding& understanding,
                             const flows::StepResult& stepped) const;
  /// Says the replies and carries out the effects of a step, handoff last.
  void perform(const flows::StepResult& stepped, const std::vector<Evidence>& evidence);
  [[nodiscard]] flows::Surroundings surroundings() const;

  // ---- what is said (decider_speech.cpp)
  [[nodiscard]] static flows::Reply reply(std::string answer) {
    flows::Reply reply;
    reply.answer = std::move(answer);
    return reply;
  }
  [[nodiscard]] flows::Rendered rendered_now(const flows::Reply& what) const;
  void say(const flows::Reply& what, Party from);
  /// The bot is silent while a person has the conversation: then it is a note for them.
  void remind(const Reminder& due);
  /// The greeting was shown before anything was stored; it becomes part of the transcript now.
  void greet_first();
  /// What a tap looks like in the transcript: the title of the button, as last shown.
  [[nodiscard]] std::string title_of(const std::string& button) const;
  void say_notice(const handoff::Notice& notice);
  void say_promise();
  /// The opening time as the visitor's own clock shows it.
  void tell_next_open(flows::Reply& what) const;

  const Bot& bot_;
  flows::Renderer& renderer_;
  const World& world_;
  handoff::Situation situation_;
  Turn turn_;
  std::string refusal_;
};

}  // namespace wasl::bot
