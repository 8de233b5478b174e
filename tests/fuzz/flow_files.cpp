// A bot folder's flows, answers and calls, in this order, parted by `---`.  A program that loads
// without a mistake answers any message: it is led through a few turns.
#include "wasl/core/text.hpp"
#include "wasl/flows/program.hpp"
#include "wasl/flows/render.hpp"
#include "wasl/flows/step.hpp"

#include "tests/fuzz/property.hpp"

#include <cstdint>

namespace {

using namespace wasl;
using namespace wasl::flows;
using fuzz::require;

constexpr int kTurns = 8;
constexpr std::size_t kRepliesMax = 200;

UserTurn say(const std::string& intent, const std::string& text) {
  UserTurn turn;
  turn.text = text;
  turn.understanding.language = Language::en;
  turn.understanding.clean = text;
  turn.understanding.decision = intent.empty() ? Decision::not_understood : Decision::act;
  if (!intent.empty()) turn.understanding.intents.push_back({intent, 0.9F, "pattern"});
  return turn;
}

/// A call's result of the right kinds.
CallResult answer(const CallSpec& call, std::uint64_t number) {
  CallResult result;
  result.call_number = number;
  using Type = CallSpec::Field::Type;
  for (const CallSpec::Field& field : call.result) {
    Value value = std::string("2026-11-22");
    if (field.type == Type::number) value = 2.0;
    if (field.type == Type::flag) value = true;
    if (field.type == Type::choice && !field.choices.empty()) value = field.choices.front();
    result.values[field.name] = value;
  }
  return result;
}

void talk(const std::shared_ptr<const Program>& program, const std::string& intent) {
  const auto renderer = Renderer::make(program);
  FlowState state;
  FlowInput input = say(intent, "one A-1032 please");
  const char* const texts[] = {"yes", "2", "small", "2027-02-01", "17:30", "no", "cancel"};
  for (int turn = 0; turn < kTurns; ++turn) {
    Surroundings around{Time{Millis{1'800'000'000'000}}, turn % 2 == 0, "web", 7};
    around.today = "2027-01-15";
    around.clock = "08:00";
    const StepResult result = step(*program, state, input, around);
    require(result.replies.size() <= kRepliesMax, "a turn says a bounded number of things");
    for (const Reply& reply : result.replies) {
      for (const Language language : {Language::ar, Language::en}) {
        const Rendered rendered = renderer->render(reply, {language, turn % 2 == 1, 3});
        require(!rendered.text.empty() && valid_utf8(rendered.text), "a reply is a text");
      }
    }
    state = result.after;
    input = say("", texts[turn % 7]);
    for (const FlowEffect& effect : result.effects) {
      if (const auto* call = std::get_if<StartCall>(&effect)) {
        const CallSpec* spec = program->find_call(call->name);
        require(spec != nullptr, "a call is one of the folder's");
        input = answer(*spec, call->call_number);
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  fuzz::Input input(data, size);
  folder.write("flows/fuzz.yml", input.part());
  folder.write("answers/fuzz.yml", input.part());
  folder.write("calls/fuzz.yml", input.part());
  static const Known known{{"track_order", "get_refund", "opening_hours", "complaint"},
                           {"order_number"},
                           {"general", "orders"}};
  static const std::map<std::string, std::string> languages{{"ar", "ar-u-nu-latn"}, {"en", "en"}};
  yaml::Mistakes mistakes;
  const auto program = load_program(folder.path(), known, languages, mistakes);
  require((program != nullptr) == mistakes.empty(), "a folder loads, or it is told why not");
  if (program == nullptr) return 0;
  for (const std::string& intent : known.intents) talk(program, intent);
  return 0;
}
