#include "bot/rehearsal.hpp"

namespace wasl::bot {
namespace {

constexpr int kInputsMax = 64;  // calls and deadlines that one input may set off

}  // namespace

Rehearsal::Rehearsal(std::shared_ptr<const Bot> bot, Time start, Calls calls)
    : bot_(std::move(bot)),
      renderer_(flows::Renderer::make(bot_->program)),
      calls_(std::move(calls)),
      now_(start) {
  conversation_.id = "rehearsal";
  conversation_.channel = "rehearsal";
  conversation_.created_at = start;
}

bool Rehearsal::hours_open() const {
  return open_ && bot_->policy.hours.open(now_);
}

World Rehearsal::world() const {
  World world;
  world.desk.now = now_;
  world.desk.hours_open = hours_open();
  world.desk.next_open = open_ ? bot_->policy.hours.next_open(now_) : std::nullopt;
  world.desk.rostered = true;
  world.desk.anyone_online = true;
  world.position = 1;
  world.seed = conversation_.last_seq;
  world.ticket = "W-TEST01";
  world.site = "http://" + bot_->config.listen;
  world.trace = true;
  return world;
}

void Rehearsal::run(const Input& input, std::vector<Event>& events) {
  std::vector<Input> inputs{input};
  for (int i = 0; i < kInputsMax && !inputs.empty(); ++i) {
    const Input next = std::move(inputs.front());
    inputs.erase(inputs.begin());
    Turn turn = decide(*bot_, *renderer_, conversation_, next, world());
    if (!turn.refused.empty()) continue;
    conversation_ = std::move(turn.after);
    for (Event& event : turn.events) events.push_back(std::move(event));
    ran_.insert(ran_.end(), turn.ran.begin(), turn.ran.end());
    if (turn.call) inputs.push_back(CallReturned{calls_(*turn.call), turn.call->name});
  }
}

std::vector<Event> Rehearsal::say(const std::string& text, const std::string& button) {
  std::vector<Event> events;
  run(VisitorSaid{"", text, button}, events);
  return events;
}

std::vector<Event> Rehearsal::wait(Millis time) {
  std::vector<Event> events;
  const Time until = now_ + time;
  for (int i = 0; i < kInputsMax; ++i) {
    const auto deadline = conversation_.next_due();
    const bool opens = conversation_.record.state == State::promised && hours_open();
    if (opens) {
      DeskOrdered ordered;
      ordered.order = {handoff::Order::Kind::hours_open, conversation_.id,
                       conversation_.record.epoch, ""};
      run(ordered, events);
      continue;
    }
    if (!deadline || *deadline > until) break;
    now_ = std::max(now_, *deadline);
    run(DeadlineCame{}, events);
  }
  now_ = until;
  return events;
}

}  // namespace wasl::bot
