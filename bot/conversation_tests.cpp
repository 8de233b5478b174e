#include "bot/conversation_tests.hpp"

#include "bot/call_result.hpp"
#include "bot/rehearsal.hpp"
#include "bot/test_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wasl::bot {
namespace {

using GivenCall = ConversationTest::GivenCall;
using Outcome = flows::CallResult::Outcome;

flows::Value value_of(const yaml::Node& node) {
  if (const auto flag = yaml::as_flag(node)) return *flag;
  if (const auto number = yaml::as_number(node)) return *number;
  if (node.is_scalar()) return node.scalar;
  return std::monostate{};
}

/// A reply recorded with `wasl call … --record`, by its path from `tests`.
void read_recorded(const std::string& name, const yaml::Node& node,
                   const std::filesystem::path& tests, const yaml::Map& test, GivenCall& call) {
  const std::filesystem::path path = std::filesystem::path(node.scalar).lexically_normal();
  if (path.is_absolute() || *path.begin() == "..") {
    return test.complain(node.at, "a recorded reply lies below tests/, like fixtures/reply.json");
  }
  auto fixture = read_call_fixture(tests / path);
  if (!fixture) return test.complain(node.at, node.scalar + ": " + fixture.error().what);
  if (fixture->call != name) {
    test.complain(node.at, node.scalar + " was recorded from '" + fixture->call + "'");
  }
  call.recorded = std::move(*fixture);
}

GivenCall read_given_call(const std::string& name, const yaml::Node& node,
                          const std::filesystem::path& tests, const yaml::Map& test) {
  GivenCall call;
  if (node.is_map()) {
    for (const auto& [key, value] : node.entries) call.values[key.scalar] = value_of(value);
  } else if (node.is_scalar() && node.scalar == "unavailable") {
    call.outcome = Outcome::error;
  } else if (node.is_scalar() && node.scalar == "not_found") {
    call.outcome = Outcome::not_found;
  } else if (node.is_scalar() && node.scalar.ends_with(".json")) {
    read_recorded(name, node, tests, test, call);
  } else {
    test.complain(node.at,
                  "a given call is a map of fields, a recorded reply like fixtures/reply.json, "
                  "`unavailable` or `not_found`");
  }
  return call;
}

void read_given(const yaml::Map& map, const std::filesystem::path& tests, ConversationTest& test) {
  for (const auto& [key, value] : map.node().entries) {
    if (key.scalar == "hours") {
      if (value.scalar != "closed" && value.scalar != "open") {
        map.complain(value.at, "'hours' must be open or closed");
      }
      test.closed = value.scalar == "closed";
      continue;
    }
    auto& calls = test.given[key.scalar];
    const auto read = [&](const yaml::Node& node) {
      calls.push_back(read_given_call(key.scalar, node, tests, map));
    };
    if (value.is_sequence()) {
      for (const yaml::Node& item : value.items) read(item);
    } else {
      read(value);
    }
  }
}

ExpectedAnswer read_expected(const yaml::Node& node, const std::string& file,
                             yaml::Mistakes& mistakes) {
  ExpectedAnswer expected;
  expected.at = node.at;
  if (node.is_scalar()) {
    expected.answer = node.scalar;
    return expected;
  }
  const yaml::Map map(file, node, mistakes);
  map.only({"answer", "says"});
  expected.answer = map.text_or("answer", "");
  expected.says = map.text_or("says", "");
  return expected;
}

ConversationTest::Turn read_turn(const yaml::Node& node, const std::string& file,
                                 yaml::Mistakes& mistakes) {
  ConversationTest::Turn turn;
  turn.at = node.at;
  const yaml::Map map(file, node, mistakes);
  map.only({"visitor", "tap", "after", "bot"});
  turn.visitor = map.text_or("visitor", "");
  turn.tap = map.text_or("tap", "");
  turn.after = map.duration_or("after", Millis{0});
  if (turn.visitor.empty() && turn.tap.empty() && turn.after.count() == 0) {
    map.complain(node.at, "a turn needs 'visitor', 'tap' or 'after'");
  }
  if (const yaml::Node* bot = map.find("bot")) {
    turn.bot.emplace();
    turn.bot_at = bot->at;
    if (bot->is_sequence()) {
      for (const yaml::Node& item : bot->items) {
        turn.bot->push_back(read_expected(item, file, mistakes));
      }
    } else {
      turn.bot->push_back(read_expected(*bot, file, mistakes));
    }
  }
  return turn;
}

ConversationTest read_test(const yaml::Node& node, const std::string& file,
                           const std::filesystem::path& folder, yaml::Mistakes& mistakes) {
  ConversationTest test;
  test.file = file;
  test.at = node.at;
  const yaml::Map map(file, node, mistakes);
  map.only({"test", "at", "given", "turns", "ends"});
  test.name = map.text("test");
  const std::string at = map.text_or("at", "2026-01-01T10:00Z");
  const auto start = parse_iso8601(at);
  if (!start) map.complain(map.find("at")->at, "'at' must be like 2026-11-22T10:00+03:00");
  test.start = start.value_or(Time{});
  if (const yaml::Node* given = map.find("given")) {
    read_given(yaml::Map(file, *given, mistakes), folder / "tests", test);
  }
  if (const yaml::Node* turns = map.find("turns"); turns != nullptr && turns->is_sequence()) {
    for (const yaml::Node& turn : turns->items) {
      test.turns.push_back(read_turn(turn, file, mistakes));
    }
  } else {
    map.complain(node.at, "missing 'turns', a list");
  }
  if (const yaml::Node* ends = map.find("ends")) {
    const yaml::Map ends_map(file, *ends, mistakes);
    ends_map.only({"state", "team", "reason", "slots"});
    for (const char* key : {"state", "team", "reason"}) {
      if (const yaml::Node* value = ends_map.find(key)) test.ends_at[key] = value->at;
    }
    test.state = ends_map.text_or("state", "");
    test.team = ends_map.text_or("team", "");
    test.reason = ends_map.text_or("reason", "");
    if (!test.state.empty() && !state_of(test.state)) {
      ends_map.complain(ends_map.find("state")->at, "unknown state '" + test.state + "'");
    }
    if (const yaml::Node* slots = ends_map.find("slots")) {
      const yaml::Map slots_map(file, *slots, mistakes);
      for (const auto& [key, unused] : slots->entries) {
        test.slots[key.scalar] = slots_map.text(key.scalar);
        test.ends_at["slot " + key.scalar] = key.at;
      }
    }
  }
  return test;
}

// The answers among events: what bot and system said after the visitor's message.
std::vector<TestFailure::Came> answers_in(const std::vector<Event>& events) {
  std::vector<TestFailure::Came> answers;
  for (const Event& event : events) {
    const auto* said = std::get_if<MessageSaid>(&event.body);
    if (said != nullptr && said->from != Party::visitor) {
      answers.push_back({said->answer, said->text});
    }
  }
  return answers;
}

const Understanding* understood_in(const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (const auto* one = std::get_if<Understood>(&event.body)) return &one->understanding;
  }
  return nullptr;
}

bool as_expected(const std::vector<TestFailure::Came>& answers,
                 const std::vector<ExpectedAnswer>& expected) {
  return std::equal(expected.begin(), expected.end(), answers.begin(), answers.end(), matches);
}

// The intents that were sure enough to act on, of the whole message and of its parts.
void note_intents(const std::vector<Event>& events, std::set<std::string>& intents) {
  for (const Event& event : events) {
    const auto* one = std::get_if<Understood>(&event.body);
    if (one == nullptr) continue;
    const Understanding& whole = one->understanding;
    if (whole.decision == Decision::act && !whole.intents.empty()) {
      intents.insert(whole.intents.front().intent);
    }
    for (const Part& part : whole.parts) {
      if (part.decision == Decision::act && !part.intents.empty()) {
        intents.insert(part.intents.front().intent);
      }
    }
  }
}

TestFailure failure_of(const ConversationTest& test, const ConversationTest::Turn& turn,
                       std::vector<TestFailure::Came> came, const Understanding* understood) {
  TestFailure failure;
  failure.test = test.name;
  failure.file = test.file;
  failure.at = turn.bot_at;
  failure.visitor = turn.visitor;
  if (turn.after.count() > 0) {
    failure.visitor = fmt::format("(silent for {} s)", turn.after.count() / 1000);
  } else if (turn.visitor.empty()) {
    failure.visitor = turn.tap;
    failure.tapped = true;
  }
  if (understood != nullptr) failure.understood = *understood;
  failure.expected = *turn.bot;
  failure.came = std::move(came);
  return failure;
}

void check_ends(const ConversationTest& test, const Conversation& end, TestResult& result) {
  const auto check = [&](const std::string& what, const std::string& wanted,
                         std::string_view found) {
    if (wanted.empty() || wanted == found) return;
    TestFailure failure;
    failure.test = test.name;
    failure.file = test.file;
    const auto at = test.ends_at.find(what);
    failure.at = at == test.ends_at.end() ? test.at : at->second;
    failure.end = fmt::format("ends with {} {}, expected {}", what,
                              found.empty() ? "nothing" : found, wanted);
    result.failures.push_back(std::move(failure));
  };
  check("state", test.state, name(end.record.state));
  check("team", test.team, end.record.team);
  check("reason", test.reason, end.record.reason);
  for (const auto& [slot, wanted] : test.slots) {
    const auto found = end.flow.slots.find(slot);
    check("slot " + slot, wanted,
          found == end.flow.slots.end() ? "" : flows::to_text(found->second));
  }
}

// The mocked systems of one test: each call takes its next given answer, the last one stays.
class Given {
 public:
  Given(const ConversationTest& test, std::shared_ptr<const flows::Program> program)
      : test_(test), program_(std::move(program)) {}

  flows::CallResult operator()(const flows::StartCall& call) {
    flows::CallResult result;
    result.call_number = call.call_number;
    result.outcome = Outcome::error;
    const auto found = test_.given.find(call.name);
    if (found == test_.given.end() || found->second.empty()) return result;
    const std::size_t index = std::min(used_[call.name]++, found->second.size() - 1);
    const GivenCall& given = found->second[index];
    const flows::CallSpec* spec = program_->find_call(call.name);
    if (given.recorded && spec != nullptr) {
      return read_result(*spec, call.call_number, to_response(*given.recorded));
    }
    result.outcome = given.outcome;
    result.values = given.values;
    return result;
  }

 private:
  const ConversationTest& test_;
  std::shared_ptr<const flows::Program> program_;
  std::map<std::string, std::size_t> used_;
};

}  // namespace

std::vector<ConversationTest> load_conversation_tests(const std::filesystem::path& folder,
                                                      yaml::Mistakes& mistakes) {
  std::vector<ConversationTest> tests;
  for (const yaml::Document& document : yaml::load_folder(folder, "tests", mistakes)) {
    if (!document.root.is_sequence()) {
      mistakes.add(document.file, document.root.at, "must be a list of `- test:`");
      continue;
    }
    for (const yaml::Node& item : document.root.items) {
      tests.push_back(read_test(item, document.file, folder, mistakes));
    }
  }
  return tests;
}

TestResult run_conversation_test(const std::shared_ptr<const Bot>& bot,
                                 const ConversationTest& test) {
  TestResult result;
  Rehearsal rehearsal(bot, test.start, Given(test, bot->program));
  if (test.closed) rehearsal.close_desk();
  for (const ConversationTest::Turn& turn : test.turns) {
    const auto events =
        turn.after.count() > 0 ? rehearsal.wait(turn.after) : rehearsal.say(turn.visitor, turn.tap);
    note_intents(events, result.exercised.intents);
    if (!turn.bot) continue;
    auto answers = answers_in(events);
    if (as_expected(answers, *turn.bot)) continue;
    result.failures.push_back(failure_of(test, turn, std::move(answers), understood_in(events)));
  }
  result.exercised.steps = rehearsal.ran();
  check_ends(test, rehearsal.conversation(), result);
  return result;
}

}  // namespace wasl::bot
