#pragma once

#include "bot/turn.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wasl::bot {

/// One conversation without a server: the same decide() as the shards run, with a clock that is
/// told the time and calls answered by a function.  For `wasl test`, `wasl shell` and tests.
class Rehearsal {
 public:
  using Calls = std::function<flows::CallResult(const flows::StartCall&)>;

  Rehearsal(std::shared_ptr<const Bot> bot, Time start, Calls calls);

  /// Says something, lets every call and everything due meanwhile happen, and gives the new events.
  std::vector<Event> say(const std::string& text, const std::string& button = "");
  /// Lets time pass; what falls due on the way happens.
  std::vector<Event> wait(Millis time);

  void close_desk() { open_ = false; }
  [[nodiscard]] const Conversation& conversation() const { return conversation_; }
  /// Every instruction of the flows that ran so far, in order.
  [[nodiscard]] const std::vector<flows::Ran>& ran() const { return ran_; }

 private:
  void run(const Input& input, std::vector<Event>& events);
  [[nodiscard]] World world() const;
  [[nodiscard]] bool hours_open() const;

  std::shared_ptr<const Bot> bot_;
  std::unique_ptr<flows::Renderer> renderer_;
  Calls calls_;
  Time now_;
  bool open_ = true;
  Conversation conversation_;
  std::vector<flows::Ran> ran_;
};

}  // namespace wasl::bot
