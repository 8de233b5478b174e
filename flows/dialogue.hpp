#pragma once

#include "wasl/flows/step.hpp"

#include "flows/expression.hpp"
#include "flows/model.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasl::flows {

/// Values by the entity they are of, in the order they were said.
using Entities = std::vector<std::pair<std::string, std::string>>;

/// One turn of a dialogue being worked out: what step() is made of, one `.cpp` a concern.
///
/// Invariant between turns: the stack is empty, or a question is open in its innermost flow, or a
/// call is under way there.
class Dialogue {
 public:
  Dialogue(const CompiledProgram& program, const FlowState& before, const Surroundings& around);
  StepResult user(const UserTurn& turn);
  StepResult call(const CallResult& back);

 private:
  FlowState& state() { return result_.after; }
  StepResult done() { return std::move(result_); }
  [[nodiscard]] bool silent() const;

  // ---- what state we may trust
  /// Drops a dialogue of another program, or one that cannot be: true when one was dropped.
  bool adopt_program();
  [[nodiscard]] bool sound();
  void reset();
  const Flow& top_flow();
  template <typename Step>
  const Step* top_step() {
    if (state().stack.empty()) return nullptr;
    return std::get_if<Step>(&top_flow().code[state().stack.back().at]);
  }
  const AskStep* top_ask() { return top_step<AskStep>(); }
  const CallStep* top_call() { return top_step<CallStep>(); }

  // ---- what the visitor wants
  void tap(const std::string& button);
  void tap_value(std::string_view slot, std::string_view value);
  void answer_question();
  /// Counts a try of the open question; after the last one its flow goes on without the answer.
  bool give_up_asking();
  void go_on_unanswered();
  void understand_afresh();
  /// "Wait", "say that again", "help", as the whole message.
  bool serve_short_word();
  void take_answer(const Slot& slot, const Value& value);
  /// The flow of an intent that understanding is sure of.
  const Flow* wanted_flow();
  /// Whether a slot of `flow` takes an entity of this message.
  [[nodiscard]] bool takes_value(const Flow& flow) const;
  /// "A-1032" alone after "which of these?": for the one that takes it, else the same question
  /// about those that do.
  bool choose_by_value();
  /// "A-1032" alone: the flow that last used such a value, or the only one that can.
  const Flow* flow_for_lone_value();

  // ---- not understood: did you mean, other words, a person
  void miss();
  /// Up to three intents that have a flow and were not offered just before.
  std::vector<std::string> suggestions();
  void understood();

  /// The visitor chose none of what was offered.
  void none_of_these();
  /// What this message gave, and the one before it, is for what is chosen next.
  void keep_entities();
  void offer(std::vector<std::string> intents);

  // ---- corrections: "no, I meant A-1033"
  /// Whether the message corrects something; if so it has been answered.
  bool correct();
  bool correct_value(bool marked, bool of_finished);
  bool correct_above();
  bool correct_nameless(bool of_finished);
  /// Which of several was meant.
  bool choose_correction();
  void apply_correction(const std::string& slot, const Value& value, bool of_finished);
  void change_slot(const std::string& slot, const Value& value);
  void restart_finished(const std::string& slot, const Value& value);
  void ask_which_slot(Values slots, bool of_finished);
  void say_too_late();
  /// Says `answer` with the value, if people write it so.
  void note(std::string answer, const Slot& slot, const Value& value);
  /// Whether the message, no answer to the open question, has a value that another slot of its flow
  /// waits for; if so the flow goes on from the first step that looked at that slot.
  bool answer_another();
  [[nodiscard]] const Flow* flow_of_corrections(bool of_finished);
  [[nodiscard]] const Values& values_of_corrections(bool of_finished);
  /// The slots of the flow that hold a value of the visitor's, the latest ones if there are any.
  [[nodiscard]] std::vector<const Slot*> given_slots(bool of_finished);
  /// A value for `slot` in the message that is not the one it holds.
  [[nodiscard]] std::optional<Value> new_value(const Slot& slot, const Value& held, bool marked);
  [[nodiscard]] bool brief(std::size_t words_max) const;

  // ---- several wishes
  /// The first of several wishes; the others wait.  Null when the message has no several.
  const Flow* split_wishes(std::uint32_t depth);
  void wait_for(Wish wish);
  /// A wish beside the answer to the open question.
  void keep_wish_beside_answer(const Slot& slot);
  /// Begins what waits for the flows under way to be `depth` or fewer.
  bool begin_waiting();
  void tell_what_waits();
  [[nodiscard]] Entities entities_of(const Part& part) const;
  [[nodiscard]] Entities entities_of_message() const;
  /// Of what is begun now: its part's where there are several wishes, and where the message has
  /// none those of the unclear one before it.
  [[nodiscard]] Entities entities_of_wish() const;

  // ---- articles: what no flow answers
  /// For the list of messages that somebody should look through.
  void note_unanswered();
  /// What the visitor said in this turn, or before the call that this turn is the end of.
  [[nodiscard]] std::string_view words_said();
  void keep_words_for_search();
  std::optional<KnownAnswer> look_up(std::string_view words);
  /// Answers with a passage and asks whether it helped; false when no article surely does.  Where
  /// an intent is likely, the visitor is asked for it first.
  bool answer_from_articles();
  /// In the middle of a question of ours, only a question is worth looking up.
  [[nodiscard]] bool asks_something() const;
  [[nodiscard]] bool only_nods(const Slot& slot);
  /// "Are you open on Friday?" where a day is asked for.
  [[nodiscard]] bool asks_something_else(const Slot& slot);
  /// Whether the words say that the article just given helped, or that it did not.
  std::optional<bool> verdict();
  void judge_article(bool helped);
  void run_search(const SearchStep& search, std::uint32_t next);

  // ---- flows begin and end
  void begin(const Flow& flow, Entities entities);
  /// Puts `flow` on the stack as a wish of its own, with its slots empty.
  void open_frame(const Flow& flow);
  /// Puts `flow` on the stack with fresh slots; `sharing` a value of the same entity from below.
  void push(const Flow& flow, bool sharing);
  /// Begins the subflow of a `do`.
  void enter(const DoStep& step);
  /// The `do` that the innermost flow is the subflow of, or nullptr.
  const DoStep* caller();
  /// An `end`: a subflow gives its slots to the flow that does it, which goes on.
  void end(const std::string& outcome);
  static std::vector<std::string> names_of(const DoStep& step, const Flow& subflow);
  /// Whether `flow` is the innermost or does it.
  bool under_way(const Flow& flow);
  std::size_t wishes();
  /// How many frames lie below the innermost wish.
  std::size_t below_wish();
  /// Ends the innermost flow and those that do it.
  void pop_wish(const std::string& outcome);
  /// Makes room: a flow is on the stack at most once, and the stack stays small.
  void leave_for(const Flow& flow);
  /// Slots and results of the flows under way.
  std::vector<std::string> names_below();
  /// Whether a flow below has the same slot for the same entity.
  bool shares(const Slot& slot);
  [[nodiscard]] std::vector<std::string> results_of(const Flow& flow) const;
  /// Entities become slots.  What this message says is newer than a value shared from below.
  void begin_values(Entities entities);
  /// Adds what the flow that has just ended was about, where `flow` wants such a value too.
  void carry_over(const Flow& flow, Entities& entities);
  /// (entity, value) of this message, without the first of `entity`, which has been used.
  Entities entities_but_first(const std::string& entity);
  /// Each entity fills the first empty slot of its kind in the innermost flow.
  void fill_from_entities(Entities entities);
  /// What the message says for `slot`; nothing when it says nothing, or what its check refuses.
  std::optional<Value> read(const Slot& slot);
  /// Whether the slot's check lets `value` through; notes the slot when it does not.
  bool allows(const Slot& slot, const Value& value);
  [[nodiscard]] bool filled(const std::string& slot);
  void fill(const std::string& slot, const Value& value);
  /// Fills with what the visitor has just said.
  void fill_given(const std::string& slot, const Value& value);
  void fill_and_go_on(const std::string& slot, const Value& value);
  /// Ends the innermost flow; the one below finds its values as it left them.
  void pop(const std::string& outcome);
  void remember_finished(const FlowFrame& frame);
  void cancel();
  /// Ends all flows: a person goes on from here.
  void hand_over(const std::string& reason, const std::string& team);

  // ---- instructions
  /// Runs the innermost flow until something waits, and the flows below it after its end.
  void run();
  void go(std::uint32_t at) { state().stack.back().at = at; }
  /// The instruction the innermost flow stands at is done.
  void mark_done();
  /// An instruction that does not wait.
  void run_one(const Instruction& step);
  [[nodiscard]] Facts facts() {
    return {state().slots, around_.hours_open,     around_.channel,  around_.today,
            around_.clock, name(around_.language), &around_.customer};
  }
  Values values_of(const std::vector<Argument>& args);
  void remind(const RemindStep& step);
  void start_call(const CallStep& call);
  void return_from(const CallResult& back);
  /// Keeps what the call's description promises; false when a value is not what it says.
  bool save(const CallStep& call, const Values& values);

  // ---- speaking
  /// Poses the open question once more, if there is one.
  void ask_again();
  void ask_now(const AskStep& ask, bool retry);
  /// Words of our own before a question put again, where its author wrote none.
  void explain(const Slot& slot, Reply& reply) const;
  void say(std::string_view answer);
  void say(Reply reply);
  /// Says it even if it was the last thing said.
  void speak(Reply reply);
  /// Says a reserved answer that names a flow.
  void speak_of(std::string_view answer, const std::string& flow);
  /// The last answer once more, because the visitor wants it.
  void say_last_again();
  [[nodiscard]] bool is_last(const Reply& reply);
  void remember(Reply& reply);

  const CompiledProgram& program_;
  const Surroundings& around_;
  const UserTurn* turn_ = nullptr;
  std::string plain_;  ///< what was said, folded
  std::vector<std::string> lone_value_intents_;
  std::string refused_;             ///< the slot whose value, in this message, its check refused
  Entities spare_;                  ///< entities no slot has taken yet
  std::vector<std::string> given_;  ///< slots that this message has filled
  Values kept_;                     ///< entities by name of the unclear message before
  std::string dropped_flow_;        ///< that of a program which is no more
  bool expired_ = false;            ///< the visitor is back after a long silence
  bool returning_ = false;          ///< a flow has ended and one below it goes on
  bool again_ = false;              ///< the question is wanted again: no repeat
  bool failed_ = false;             ///< a call has failed and nothing was said since
  StepResult result_;
};

}  // namespace wasl::flows
