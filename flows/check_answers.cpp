// What is said has a text, what has a text is said, and arguments fit.
#include "wasl/core/text.hpp"

#include "flows/load.hpp"

#include <algorithm>
#include <set>

namespace wasl::flows {
namespace {

/// The buttons of a slot's values come beside the answer's own.
void check_buttons(const Said& place, const Answer& answer, const Loading& loading) {
  if (place.buttons == 0) return;
  const std::size_t count = place.buttons + answer.buttons.size();
  if (count > kButtonsMax) {
    loading.mistakes.add(place.file, place.at,
                         "'" + place.answer + "' has " + std::to_string(count) +
                             " buttons with those of the slot; at most " +
                             std::to_string(kButtonsMax) + " fit a message");
  }
  if (!answer.buttons.empty()) return;  // then it was measured when it was read
  for (const auto& [language, texts] : answer.say) {
    const bool fits = std::all_of(texts.begin(), texts.end(), [](const Text& text) {
      return code_points(text.source) <= kTextWithButtonsMax;
    });
    if (fits) continue;
    loading.mistakes.add(answer.file, answer.at,
                         "'" + place.answer + "' is asked with buttons: in '" + language +
                             "' it is longer than the " + std::to_string(kTextWithButtonsMax) +
                             " characters a message with buttons may have");
  }
}

}  // namespace

void check_answers(const Loading& loading) {
  const auto& answers = loading.program.answers;
  std::set<std::string> said;
  std::set<std::string> asked;
  std::set<std::string> checked;
  for (const Said& place : loading.said) {
    said.insert(place.answer);
    if (place.asks) asked.insert(place.answer);
    if (place.checks) checked.insert(place.answer);
    const auto complain = [&](yaml::Mark at, std::string what) {
      loading.mistakes.add(place.file, at, std::move(what));
    };
    const auto found = answers.find(place.answer);
    if (found == answers.end()) {
      loading.mistakes.add_missing("answers", place.file, place.at,
                                   "there is no text for '" + place.answer + "' in answers/" +
                                       did_you_mean(place.answer, keys_of(answers)));
      continue;
    }
    const Answer& answer = found->second;
    check_buttons(place, answer, loading);
    for (const auto& [name, use] : answer.uses) {
      const auto given = std::find_if(place.args.begin(), place.args.end(),
                                      [&, n = name](const auto& arg) { return arg.name == n; });
      if (given == place.args.end()) {
        complain(place.at, "the text of '" + place.answer + "' needs the argument '" + name +
                               "': add it to args");
      } else if (const std::string wrong = misfit(given->type, use); !wrong.empty()) {
        complain(given->at, "argument '" + name + "': " + wrong);
      }
    }
    for (const Said::Given& arg : place.args) {
      if (answer.uses.count(arg.name) > 0 || answer.args.count(arg.name) > 0) continue;
      std::vector<std::string> names;
      for (const auto& [name, use] : answer.uses) names.push_back(name);
      complain(arg.at, "the text of '" + place.answer + "' does not use the argument '" + arg.name +
                           "'" + did_you_mean(arg.name, names));
    }
  }
  for (const auto& [key, answer] : answers) {
    if (answer.reserved) continue;
    if (said.count(key) == 0) {
      loading.mistakes.add_missing("flows", answer.file, answer.at, "'" + key + "' is never said");
    } else if (!answer.retry.empty() && asked.count(key) == 0) {
      loading.mistakes.add(answer.file, answer.at,
                           "'" + key + "' has a retry text, but no ask uses it");
    } else if (!answer.invalid.empty() && checked.count(key) == 0) {
      loading.mistakes.add(answer.file, answer.at,
                           "'" + key +
                               "' has an invalid text, but no ask of a slot with a check "
                               "uses it");
    }
  }
}

}  // namespace wasl::flows
