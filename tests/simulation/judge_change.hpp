#pragma once

#include "tests/simulation/judge.hpp"

namespace wasl::simulation {

/// One executed decision, seen from the store.
struct Judge::Change {
  int machine;
  const Decision& decision;
  const store::Commit& commit;
  const bot::Conversation& before;  ///< as stored, whatever the node believed
  const bot::Conversation& after;
  const Truth& truth;
  std::vector<Event> events;
  bool is_new = false;

  [[nodiscard]] State from() const { return before.record.state; }
  [[nodiscard]] State to() const { return after.record.state; }
  [[nodiscard]] bool has(handoff::Trigger trigger) const {
    for (const handoff::Move& move : decision.moves) {
      if (move.on == trigger) return true;
    }
    return false;
  }
  [[nodiscard]] int said_by(Party party) const {
    int count = 0;
    for (const Event& event : events) {
      const auto* said = std::get_if<MessageSaid>(&event.body);
      if (said != nullptr && said->from == party) ++count;
    }
    return count;
  }
  [[nodiscard]] std::string text() const {
    std::string moves;
    for (const auto& move : decision.moves) {
      moves += std::string(" ") + std::string(name(move.from)) + "-" +
               std::string(handoff::name(move.on)) + "->" + std::string(name(move.to));
    }
    return after.id.substr(0, 6) + " #" + std::to_string(after.last_seq) + " e" +
           std::to_string(after.record.epoch) + moves;
  }
};

[[nodiscard]] inline bool in(State state, std::initializer_list<State> states) {
  for (const State one : states) {
    if (one == state) return true;
  }
  return false;
}

// Cheap looks into a frame; texts escape their quotes, so a key cannot come from one.
[[nodiscard]] inline bool is_type(std::string_view frame, std::string_view type) {
  return frame.find("\"type\":\"" + std::string(type) + "\"") != std::string_view::npos;
}

[[nodiscard]] inline std::uint64_t number_in(std::string_view frame, std::string_view key) {
  const std::size_t at = frame.find("\"" + std::string(key) + "\":");
  if (at == std::string_view::npos) return 0;
  std::uint64_t number = 0;
  for (std::size_t i = at + key.size() + 3; i < frame.size() && frame[i] >= '0' && frame[i] <= '9';
       ++i) {
    number = number * 10 + static_cast<std::uint64_t>(frame[i] - '0');
  }
  return number;
}

[[nodiscard]] inline std::string text_in(std::string_view frame, std::string_view key) {
  const std::size_t at = frame.find("\"" + std::string(key) + "\":\"");
  if (at == std::string_view::npos) return {};
  const std::size_t start = at + key.size() + 4;
  return std::string(frame.substr(start, frame.find('"', start) - start));
}

}  // namespace wasl::simulation
