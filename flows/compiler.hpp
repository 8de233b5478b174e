#pragma once

#include "flows/load.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasl::flows {

/// The steps of one flow, compiled; one `.cpp` a concern (compile*.cpp).
class Compiler {
 public:
  Compiler(const std::string& file, Flow& flow, Loading& loading)
      : file_(file), flow_(flow), loading_(loading) {}

  void compile(const yaml::Node* slots, const yaml::Node& steps);

 private:
  /// A body that stands behind the flow, and who jumps to it.
  struct Later {
    const yaml::Node* steps = nullptr;  ///< or hand over for `reason`
    std::string reason;
    std::uint32_t from = 0;
    std::vector<std::uint32_t AskStep::*> of_ask;
    std::vector<std::uint32_t CallStep::*> of_call;
    std::vector<std::uint32_t SearchStep::*> of_search = {};
  };

  void complain(yaml::Mark at, std::string what);
  /// As Mistakes::add_missing().
  void complain_missing(std::string_view part, yaml::Mark at, std::string what);
  std::uint32_t emit(Instruction instruction, yaml::Mark at);
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(flow_.code.size()); }

  // ---- the whole
  void make_scope();
  /// What slots must fulfil.  Their own name stands for the value that was said.
  void checks(const yaml::Node& slots);
  void block(const yaml::Node& steps);
  void step(const yaml::Node& node);
  void label(const yaml::Map& map);

  // ---- steps
  std::string answer_key(const std::string& key) const;
  void say(const yaml::Map& map);
  void ask(const yaml::Map& map);
  void set(const yaml::Map& map);
  void check_set(const Slot& slot, const Expression& value, yaml::Mark at);
  void branch(const yaml::Map& map);
  void call(const yaml::Map& map);
  void check_save(const yaml::Map& map, const std::string& save);
  void search(const yaml::Map& map);
  void subflow(const yaml::Map& map);
  void check_given(const Flow& other, const std::vector<Argument>& args,
                   const std::vector<Said::Given>& given);
  /// Every `{argument}` is given; where arguments are not the body, there is room for no other.
  void check_with(const CallSpec& spec, const std::vector<Said::Given>& given,
                  const yaml::Map& map);
  void remind(const yaml::Map& map);
  void remind_when(const yaml::Map& map, RemindStep& step);
  void handoff(const yaml::Map& map);
  void end(const yaml::Map& map);

  // ---- values
  std::vector<Argument> arguments(const yaml::Node* node, std::vector<Said::Given>* given);
  std::optional<Expression> expression(const yaml::Node& node);
  /// What should have told which results `name` is one of; "" when everything is known.
  [[nodiscard]] std::string_view part_missing_for(std::string_view name) const;
  /// An expression of that kind; a date or time may be written out, in quotes.
  std::optional<Expression> expression_of(Kind kind, const yaml::Node& node);

  // ---- jumps, linked once every step has its place
  void jump(const yaml::Map& map);
  void link(std::uint32_t at, const yaml::Node& target);
  /// Where `at`, or the step whose body it is in, stands in `body`; nothing when it is outside.
  [[nodiscard]] std::optional<std::uint32_t> leaving(std::uint32_t at, std::size_t body) const;
  /// The slots asked from one step to another behind it.
  [[nodiscard]] std::vector<std::string> asked_between(std::uint32_t from, std::uint32_t to) const;
  void place(const Later& body);
  [[nodiscard]] std::vector<std::string> slot_names() const { return slots_of(flow_); }

  const std::string& file_;
  Flow& flow_;
  Loading& loading_;
  Scope scope_;
  std::vector<std::size_t> body_of_;        ///< of each instruction; 0: the flow itself
  std::vector<std::uint32_t> entries_{0U};  ///< of each body: the step that enters it
  std::map<std::string, std::uint32_t, std::less<>> labels_;
  std::vector<std::pair<std::uint32_t, const yaml::Node*>> gotos_;
  std::deque<Later> later_;
};

}  // namespace wasl::flows
