#include "tests/simulation/edges.hpp"

#include <utility>

namespace wasl::simulation {

std::string SimRandom::hex(std::size_t bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  while (text.size() < 2 * bytes) text += kDigits[chance_.below(16)];
  return text;
}

std::string SimRandom::ticket() {
  return "W-" + std::to_string(100'000 + chance_.below(900'000));
}

void SimLoop::post(std::function<void()> work) {
  const std::int64_t late = !weather_.calm && chance_.one_in(400) ? chance_.between(0, 80 * kMs)
                                                                  : chance_.between(0, 150);
  last_ = std::max(last_, timeline_.now() + late);
  timeline_.at(last_, life_, std::move(work));
}

void SimLoop::after(Millis wait, std::function<void()> work) {
  timeline_.in(wait.count() * kMs + chance_.between(0, 999), life_, std::move(work));
}

SimStore::SimStore(Timeline& timeline, Chance& chance, Weather& weather, Life life,
                   store::Store& truth, std::unique_ptr<store::Store> reader, Seen seen,
                   Faults faults)
    : timeline_(timeline),
      chance_(chance),
      weather_(weather),
      life_(std::move(life)),
      truth_(truth),
      reader_(std::move(reader)),
      seen_(std::move(seen)),
      faults_(faults) {}

std::int64_t SimStore::disk_time() {
  if (weather_.calm) return chance_.between(100, 3 * kMs);
  if (weather_.slow_disk) {
    weather_.trouble(timeline_.now() + 5 * kSecond);
    return chance_.between(10 * kMs, 2 * kSecond);
  }
  return chance_.one_in(20) ? chance_.between(1 * kMs, 200 * kMs) : chance_.between(100, 8 * kMs);
}

bool SimStore::commit(store::Commit decision, std::function<void(store::CommitOutcome)> done) {
  Waiting waiting{std::move(*next_), std::move(decision), std::move(done)};
  next_.reset();
  // Makes every row's request one of its kind, so that the judge can tell them apart.
  for (store::OutboxRow& row : waiting.commit.outbox) {
    const std::size_t body = row.payload.find("\"body\":{");
    if (body == std::string::npos) continue;
    row.payload.insert(body + 8, "\"row\":" + std::to_string(chance_.number() >> 11U) + ",");
  }
  if (faults_.ack_before_commit) {
    waiting.done({store::CommitOutcome::Kind::committed, waiting.commit.after.id,
                  waiting.commit.after.last_seq, ""});
    waiting.done = [](const store::CommitOutcome&) {};
  }
  writes_.emplace_back(std::move(waiting));
  wake_writer();
  return true;
}

store::StoreThreads::Lane& SimStore::add_lane(
    std::function<void(std::vector<store::Delivery>)> deliver) {
  auto& lane = *lanes_.emplace_back(std::make_unique<SimLane>());
  lane.deliver = std::move(deliver);
  return lane;
}

bool SimStore::commit(store::Commit decision, Lane& lane, std::uint64_t token) {
  auto& gathered = static_cast<SimLane&>(lane).gathered;
  const bool accepted =
      commit(std::move(decision), [&gathered, token](store::CommitOutcome outcome) {
        gathered.push_back({token, std::move(outcome)});
      });
  if (faults_.ack_before_commit) deliver_lanes();
  return accepted;
}

void SimStore::deliver_lanes() {
  for (const auto& lane : lanes_) {
    if (!lane->gathered.empty()) lane->deliver(std::exchange(lane->gathered, {}));
  }
}

bool SimStore::write(Work work) {
  writes_.emplace_back(std::move(work));
  wake_writer();
  return true;
}

bool SimStore::read(Work work) {
  last_read_ = std::max(last_read_, timeline_.now() + disk_time() / 4);
  timeline_.at(last_read_, life_, [this, work = std::move(work)] { work(*reader_); });
  return true;
}

void SimStore::wake_writer() {
  if (writing_ || writes_.empty()) return;
  writing_ = true;
  timeline_.in(disk_time(), life_, [this] {
    writing_ = false;
    write_some();
    wake_writer();
  });
}

// One transaction: what waits up to the next plain write, or a part of it.
void SimStore::write_some() {
  if (auto* work = std::get_if<Work>(&writes_.front())) {
    const Work now = std::move(*work);
    writes_.pop_front();
    return now(truth_);
  }
  std::vector<Waiting> group;
  const std::size_t most = 1 + chance_.below(weather_.slow_disk ? 256 : 16);
  while (!writes_.empty() && group.size() < most) {
    auto* waiting = std::get_if<Waiting>(&writes_.front());
    if (waiting == nullptr) break;
    group.push_back(std::move(*waiting));
    writes_.pop_front();
  }
  execute(group);
}

void SimStore::execute(std::vector<Waiting>& group) {
  using Kind = store::CommitOutcome::Kind;
  if (!weather_.calm && chance_.one_in(4000)) {
    broken_until_ = timeline_.now() + chance_.between(100 * kMs, 4 * kSecond);
    weather_.trouble(broken_until_ + 20 * kSecond);
  }
  if (!healthy()) {
    for (Waiting& one : group) {
      one.done({Kind::unavailable, one.commit.after.id, 0, "the disk is full"});
    }
    return deliver_lanes();
  }
  std::vector<store::Commit> commits;
  commits.reserve(group.size());
  for (const Waiting& one : group) commits.push_back(one.commit);
  std::vector<store::CommitOutcome> outcomes = truth_.commit(commits);
  for (std::size_t i = 0; i < group.size(); ++i) {
    seen_(group[i].decision, group[i].commit, outcomes[i]);
  }
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done(std::move(outcomes[i]));
  deliver_lanes();
}

void SimHttp::send(channels::OutgoingRequest request,
                   std::function<void(channels::OutgoingResponse)> done) {
  const std::int64_t limit = request.timeout.count() * kMs;
  const std::int64_t there = chance_.between(500, 60 * kMs);
  std::int64_t back = chance_.between(500, 60 * kMs);
  if (!weather_.calm && chance_.one_in(weather_.bad_calls ? 3 : 30)) {
    back = chance_.between(limit / 2, 2 * limit);
  }
  const bool never_arrives = !weather_.calm && chance_.one_in(40);
  // Once the other side has been reached, it acts, even if our process has died meanwhile.
  timeline_.in(
      there, nullptr,
      [this, request = std::move(request), done = std::move(done), life = life_, back, limit, there,
       never_arrives, serve = serve_, answered = answered_, &timeline = timeline_] {
        channels::OutgoingResponse response;
        const bool late = never_arrives || there + back > limit;
        if (!never_arrives) response = serve(request, late);
        if (late) {
          response = {};
          response.error = "timed out";
          response.timed_out = true;
        }
        timeline.in(late ? limit - there : back, life,
                    [done, answered, url = request.url, response = std::move(response)]() mutable {
                      answered(url, response);
                      done(std::move(response));
                    });
      });
}

void Wire::send(std::string frame) {
  if (!open()) return;
  sent_(frame);
  last_out_ = std::max(last_out_, timeline_.now() + chance_.between(100, 40 * kMs));
  timeline_.at(last_out_, nullptr, [self = shared_from_this(), frame = std::move(frame)] {
    if (self->open_) self->peer_->hears(frame);
  });
}

void Wire::close(std::uint16_t /*code*/, std::string /*reason*/) {
  if (!open()) return;
  last_out_ = std::max(last_out_, timeline_.now() + chance_.between(100, 40 * kMs));
  timeline_.at(last_out_, nullptr, [self = shared_from_this()] {
    if (!self->open_) return;
    self->leave();
    self->peer_->cut_off();
  });
}

void Wire::when_light(std::function<void()> then) {
  timeline_.in(chance_.between(0, 30 * kMs), server_,
               [self = shared_from_this(), then = std::move(then)] {
                 if (self->open_) then();
               });
}

void Wire::say(std::string frame, std::function<void()> arrived) {
  if (!open()) return;
  last_in_ = std::max(last_in_, timeline_.now() + chance_.between(100, 40 * kMs));
  timeline_.at(last_in_, server_,
               [self = shared_from_this(), frame = std::move(frame), arrived = std::move(arrived)] {
                 if (self->told_server_) return;
                 if (arrived) arrived();
                 self->callbacks.on_text(frame);
               });
}

void Wire::leave() {
  if (!std::exchange(open_, false)) return;
  last_in_ = std::max(last_in_, timeline_.now() + chance_.between(100, 40 * kMs));
  timeline_.at(last_in_, server_, [self = shared_from_this()] {
    if (std::exchange(self->told_server_, true)) return;
    self->callbacks.on_close();
    self->callbacks = {};
  });
}

void Wire::cut() {
  callbacks = {};
  if (!std::exchange(open_, false)) return;
  timeline_.in(chance_.between(1 * kMs, 3 * kSecond), nullptr,
               [self = shared_from_this()] { self->peer_->cut_off(); });
}

}  // namespace wasl::simulation
