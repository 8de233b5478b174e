#pragma once

#include "wasl/handoff/moves.hpp"

#include <string>
#include <utility>
#include <vector>

namespace wasl::handoff {

/// Transfers of one episode; the last of them goes to a supervisor.
inline constexpr int kTransfersMax = 3;

/// One decision under way: transition.cpp says what a trigger does, effects.cpp where a
/// conversation goes, guards.cpp what is refused.  Effects assume that guards were passed.
class Decision {
 public:
  Decision(const Record& record, const Signal& signal, const Policy& policy,
           const Situation& situation)
      : before_(record),
        signal_(signal),
        policy_(policy),
        timers_(policy.timers),
        situation_(situation) {
    out_.after = record;
  }

  /// The wire code of the guard that refuses, or nullptr.
  [[nodiscard]] const char* refusal() const;
  void run();
  Transition settle();

 private:
  Record& record() { return out_.after; }
  [[nodiscard]] Time now() const { return situation_.now; }
  [[nodiscard]] bool staffed() const { return situation_.hours_open && situation_.rostered; }
  [[nodiscard]] bool owner_is_there() const {
    return situation_.owner_connected && situation_.owner_has_room;
  }
  /// What the notices of waiting are paced by.
  [[nodiscard]] Time queued_since() const {
    return out_.after.queued_at.value_or(out_.after.waiting_since.value_or(now()));
  }
  [[nodiscard]] bool gone_too_long() const;
  void say(std::string answer, std::vector<std::pair<std::string, std::string>> args = {}) {
    out_.notices.push_back({std::move(answer), std::move(args)});
  }

  [[nodiscard]] const char* refuses_owner() const;
  [[nodiscard]] const char* refuses_take() const;
  [[nodiscard]] const char* refuses_assign() const;
  [[nodiscard]] const char* refuses_transfer() const;
  [[nodiscard]] const char* refuses_resolve() const;
  [[nodiscard]] const char* refuses_snooze() const;
  [[nodiscard]] const char* refuses_presence() const;

  // Where a conversation goes.
  void to_bot();
  void to_bot_turn();
  void to_offering();
  void to_queue_or_promise(const char* queue_notice);
  void to_queue(const char* notice);
  void to_promise(const char* notice);
  void to_offered();
  void to_human(const Owner& agent);
  void back_to_owner();
  void to_snoozed();
  void to_wrap_up();
  void to_resolved();
  void to_closed();

  // What happens on the way.
  void new_episode();
  void begin_handoff();
  void on_resolve();
  void on_transfer();
  void on_complaint();
  void on_visitor_end();
  void on_customer_message();
  void on_reopening();
  void on_waking();
  void on_deadline();
  void on_queue_deadline();
  void on_lost_agent();
  void on_offer_ended();
  void on_leaving_queue();
  void on_abandoned();
  void abandon();
  void come_back();
  void boost_age();
  void promise_deadline();
  void queue_deadline();

  const Record& before_;
  const Signal& signal_;
  const Policy& policy_;
  const Timers& timers_;
  const Situation& situation_;
  Transition out_;
};

}  // namespace wasl::handoff
