#pragma once

#include "wasl/flows/program.hpp"

#include "flows/expression.hpp"
#include "flows/message.hpp"
#include "flows/words.hpp"

#include <re2/re2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// A compiled bot folder: what load.cpp makes, step.cpp runs and render.cpp speaks.
namespace wasl::flows {

enum class SlotType {
  text,
  number,
  money,
  date,
  time,
  phone,
  email,
  choice,
  yes_no,
  pattern,
  entity
};

using Titles = std::map<std::string, std::string>;  ///< by language

/// A value of a choice.
struct Choice {
  std::string value;
  Titles titles;                     ///< of its button
  std::vector<std::string> names;    ///< folded: the value, its titles, other words for it
  std::vector<std::string> phrases;  ///< titles and other words, to be found in a message

  /// In `language`, or else the value itself.
  [[nodiscard]] const std::string& title(const std::string& language) const {
    const auto found = titles.find(language);
    return found == titles.end() ? value : found->second;
  }
};

struct Slot {
  std::string name;
  SlotType type = SlotType::text;
  std::string entity;
  std::shared_ptr<const RE2> pattern;
  std::vector<Choice> values;       ///< of a choice, in file order
  std::string currency;             ///< of money: ISO 4217
  std::optional<Expression> check;  ///< what a value must fulfil
  yaml::Mark at;

  /// Null when it has no such value.
  [[nodiscard]] const Choice* find_choice(std::string_view value) const {
    for (const Choice& choice : values) {
      if (choice.value == value) return &choice;
    }
    return nullptr;
  }
};

/// The entity whose values fill `slot` wherever they are said, or "".
[[nodiscard]] std::string_view entity_of(const Slot& slot);
/// As written in a bot folder: `text`, `yes_no`, …
[[nodiscard]] std::string_view name(SlotType type);

/// How an expression sees a slot.
[[nodiscard]] Type type_of(const Slot& slot);

struct Argument {
  std::string name;
  Expression value;
};

/// What a found article gives: `article.title`, `article.passage`, `article.url`.
constexpr std::string_view kArticleValues[] = {"title", "passage", "url"};

// A flow is a flat list of these; a jump is an index into it.
struct SayStep {
  std::string answer;
  std::vector<Argument> args;
};
struct AskStep {
  std::string slot;
  std::string answer;
  std::vector<Argument> args;
  int max_tries = 3;
  std::uint32_t on_fail = 0;
};
struct SetStep {
  std::vector<Argument> slots;
};
struct BranchStep {
  Expression when;
  std::uint32_t otherwise = 0;
};
/// Going back forgets the answers to the questions gone back over: they are asked again.
struct JumpStep {
  std::uint32_t to = 0;
  std::vector<std::string> forgets = {};
};
struct CallStep {
  std::string call;
  std::vector<Argument> args;
  std::string save;
  std::uint32_t on_error = 0;
  std::uint32_t on_not_found = 0;
};
/// Runs another flow as a part of this one; its slots come back as `save.<slot>`, and how it ended
/// as `save.outcome`.
struct DoStep {
  std::string flow;
  std::vector<Argument> args;  ///< fill slots of that flow
  std::string save;
};
/// Says an answer later: after a while, or before a moment of the customer's calendar.
struct RemindStep {
  std::string answer;
  std::vector<Argument> args;
  std::optional<Millis> after;
  Expression on;                 ///< a date, unless `after`
  std::optional<Expression> at;  ///< a time of day
  Millis before{0};
  bool cancel = false;
};
/// Looks for an article; its title, passage and url become values.
struct SearchStep {
  std::optional<Expression> words;  ///< nothing: what the visitor said
  std::string save;
  std::uint32_t on_not_found = 0;
};
struct HandoffStep {
  std::string reason;
  std::string team;
};
struct EndStep {
  std::string outcome;
};
using Instruction = std::variant<SayStep, AskStep, SetStep, BranchStep, JumpStep, CallStep, DoStep,
                                 RemindStep, SearchStep, HandoffStep, EndStep>;

struct Flow {
  std::string name;
  std::string description;
  std::string intent;  ///< that starts it; empty: it is only done by other flows
  Titles titles;
  int help = 0;  ///< place among what the bot tells that it can do; 0: none
  std::vector<Slot> slots;
  std::map<std::string, std::string, std::less<>> saves;    ///< call by the name it is saved as
  std::map<std::string, std::string, std::less<>> returns;  ///< subflow by the name it is saved as
  std::vector<std::string> outcomes;                        ///< the ways it can end, each once
  std::vector<std::string> searches;  ///< the names that found articles are saved as
  std::vector<Instruction> code;
  std::string file;
  std::vector<yaml::Mark> marks;  ///< where each instruction stands; line 0: one of ours

  [[nodiscard]] const Slot* find_slot(std::string_view slot) const;
};

struct AnswerButton {
  std::string id;
  Titles titles;
};

using Variants = std::map<std::string, std::vector<Text>>;  ///< by language

struct Answer {
  Variants say;
  Variants retry;
  Variants invalid;
  Variants upset;
  std::map<std::string, Variants> channels;  ///< instead of `say` where a channel has its own
  std::vector<AnswerButton> buttons;
  std::map<std::string, Use> uses;   ///< of arguments, over all texts
  std::map<std::string, Type> args;  ///< of a reserved answer: what it is given
  bool reserved = false;             ///< one every bot has, perhaps replaced by the folder
  std::string file;
  yaml::Mark at;

  /// The smallest count of variants over all languages.
  [[nodiscard]] std::size_t variants() const;
};

class CompiledProgram final : public Program {
 public:
  [[nodiscard]] const CallSpec* find_call(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string> call_names() const override;
  [[nodiscard]] std::vector<std::string> flow_names() const override;
  [[nodiscard]] const std::string& fingerprint() const override { return print; }
  [[nodiscard]] std::optional<bool> yes_or_no(std::string_view text) const override {
    return flows::yes_or_no(words, text);
  }

  [[nodiscard]] const Flow* find_flow(std::string_view name) const;
  /// The flow that `intent` starts, or nullptr.
  [[nodiscard]] const Flow* flow_of(std::string_view intent) const;
  [[nodiscard]] const Answer* find_answer(std::string_view key) const;
  /// What a button that starts `intent` is called.
  [[nodiscard]] std::string title_of(std::string_view intent, const std::string& language) const;
  /// Intents of the flows that say `help:`, by that number; at most kHelpMax.
  [[nodiscard]] std::vector<std::string> help_menu() const;

  std::map<std::string, std::string> languages;  ///< full tags by short name
  std::map<std::string, Flow, std::less<>> flows;
  std::map<std::string, std::string, std::less<>> starts;  ///< flow by intent
  std::map<std::string, Answer, std::less<>> answers;      ///< by `topic.key`
  std::map<std::string, CallSpec, std::less<>> calls;
  std::map<std::string, Titles, std::less<>> button_titles;  ///< by intent, from the answers
  Words words;
  std::string print;
};

/// Of a flow together with its subflows, so that a turn is bounded.
constexpr std::size_t kInstructionsMax = 1000;
constexpr std::size_t kSubflowsMax = 4;      ///< one in the other
constexpr std::size_t kWishesMax = 4;        ///< one put aside for the next
constexpr std::size_t kTitleCharsMax = 20;   // of a button: WhatsApp and Messenger
constexpr std::size_t kButtonBytesMax = 64;  // of a button's id: Telegram
constexpr std::size_t kButtonsMax = 10;      // rows of a WhatsApp list
constexpr std::size_t kHelpMax = 4;          // more is no help

}  // namespace wasl::flows
