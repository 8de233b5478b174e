#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace wasl::flows::test {

/// Bot folders made up by a seed: every step and slot type, nested and jumping about.  Not all of
/// them pass validation.
class GeneratedFolder {
 public:
  explicit GeneratedFolder(unsigned seed) : random_(seed) {
    const int subflows = below(4);
    for (int i = 0; i < subflows; ++i) flow("sub" + std::to_string(i), "");
    for (const char* intent : {"get_refund", "greet", "track_order"}) flow(intent, intent);
  }

  std::string flows;
  std::string answers;

 private:
  int below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  bool chance(int percent) { return below(100) < percent; }
  template <typename List>
  auto pick(const List& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))];
  }

  void flow(const std::string& name, const std::string& intent) {
    name_ = name;
    slots_.clear();
    labels_.clear();
    ids_ = 0;
    says_ = 0;
    flows += "- flow: " + name + "\n";
    if (!intent.empty()) flows += "  start: {intent: " + intent + "}\n";
    answers += name + ":\n";
    static const std::vector<std::string> kTypes{"number", "text", "yes_no", "date", "time"};
    const int count = 1 + below(4);
    flows += "  slots:\n";
    for (int i = 0; i < count; ++i) {
      slots_.push_back(pick(kTypes));
      flows += "    s" + std::to_string(i) + ": {type: " + slots_.back();
      if (slots_.back() == "number" && chance(40))
        flows += ", check: s" + std::to_string(i) + " > 1";
      flows += "}\n";
      answers += "  ask_s" + std::to_string(i) + ": {ar: ما, en: What}\n";
    }
    flows += "  steps:\n";
    for (int i = 0; i < count; ++i) {  // so that nothing is used that nothing fills
      const bool by_message = slots_[static_cast<std::size_t>(i)] == "date";
      if (!by_message || chance(60)) flows += "    - ask: s" + std::to_string(i) + "\n";
    }
    if (intent == "track_order") {  // a subflow that nobody does would be a mistake
      for (const std::string& sub : subflows_) flows += "    - do: " + sub + "\n";
    }
    steps("    ", 2 + below(5), 0);
    if (intent.empty()) subflows_.push_back(name);
  }

  /// Of on_error and its like, which no goto may enter.
  void body(const std::string& indent) {
    const std::vector<std::string> outside = labels_;
    steps(indent + "    ", 1 + below(2), 1);
    labels_ = outside;
  }

  void steps(const std::string& indent, int count, int depth) {
    for (int i = 0; i < count; ++i) {
      const bool last = i + 1 == count;
      if (last && depth == 1 && chance(40)) return leave(indent);
      const std::string id = "l" + std::to_string(ids_++);
      step(indent + "- id: " + id + "\n" + indent + "  ", indent, depth);
      labels_.push_back(id);
    }
  }

  void leave(const std::string& indent) {
    if (!labels_.empty() && chance(70)) {
      flows += indent + "- goto: " + pick(labels_) + "\n";
    } else {
      flows += indent + (chance(80) ? "- end: done\n" : "- handoff: {reason: lost}\n");
    }
  }

  void step(const std::string& head, const std::string& indent, int depth) {
    switch (below(depth < 2 ? 10 : 6)) {
      case 0:
        return say(head);
      case 1:
      case 2:
      case 3:
        flows += head + "ask: s" + std::to_string(slot()) + "\n";
        if (chance(50)) flows += indent + "  max_tries: " + std::to_string(1 + below(3)) + "\n";
        return;
      case 4:
        return set(head);
      case 5:
        flows += head + "remind: say0\n" + indent + "  after: 1h\n";
        says_ = std::max(says_, 1);
        return need_say0();
      case 6:
      case 7:
        flows += head + "if: " + condition() + "\n" + indent + "  then:\n";
        steps(indent + "    ", 1 + below(3), depth + 1);
        if (chance(40)) {
          flows += indent + "  else:\n" + indent + "    - set: {s0: none}\n";
        }
        return;
      case 8:
        if (subflows_.empty()) return say(head);
        flows += head + "do: " + pick(subflows_) + "\n";
        if (chance(50)) flows += indent + "  save: r" + std::to_string(ids_) + "\n";
        return;
      default:
        flows += head + "call: orders.lookup\n" + indent + "  with: {number: channel}\n";
        if (chance(50)) {
          flows += indent + "  on_not_found:\n";
          body(indent);
        }
        flows += indent + "  on_error:\n";
        body(indent);
    }
  }

  int slot() { return below(static_cast<int>(slots_.size())); }

  void say(const std::string& head) {
    const int key = says_++;
    flows += head + "say: say" + std::to_string(key) + "\n";
    if (key > 0 || !has_say0_of(name_))
      answers += "  say" + std::to_string(key) + ": {ar: قلت, en: Said}\n";
    if (key == 0) said0_ = name_;
  }
  bool has_say0_of(const std::string& name) const { return said0_ == name; }
  void need_say0() {
    if (has_say0_of(name_)) return;
    answers += "  say0: {ar: قلت, en: Said}\n";
    said0_ = name_;
  }

  void set(const std::string& head) {
    const int at = slot();
    const std::string& type = slots_[static_cast<std::size_t>(at)];
    const std::string value = chance(40)         ? "none"
                              : type == "number" ? "1 + 2"
                              : type == "text"   ? "channel"
                              : type == "yes_no" ? "hours.open"
                              : type == "date"   ? "today + 1"
                                                 : "now";
    flows += head + "set: {s" + std::to_string(at) + ": " + value + "}\n";
  }

  std::string condition() {
    const int at = slot();
    const std::string name = "s" + std::to_string(at);
    const std::string& type = slots_[static_cast<std::size_t>(at)];
    if (chance(30)) return name + " != none";
    if (type == "number") return name + " > 2";
    if (type == "text") return name + " == \"web\"";
    if (type == "yes_no") return name;
    return type == "date" ? name + " > today" : name + " < now";
  }

  std::mt19937 random_;
  std::string name_;
  std::string said0_;
  std::vector<std::string> slots_;
  std::vector<std::string> subflows_;
  std::vector<std::string> labels_;  ///< that a goto may name
  int ids_ = 0;
  int says_ = 0;
};

}  // namespace wasl::flows::test
