// bench_desk ROUNDS: what the desk's steps cost with 1,000 and with 100,000 conversations waiting;
// prints one line of JSON.
//
//   claim     an agent accepts the offer
//   offer     an agent is free again: the next conversation is chosen and offered
//   position  where one conversation stands
//
// Two desks are measured in turns.  A conversation that is served is replaced, so the queues keep
// their length.

#include "wasl/handoff/desk.hpp"

#include "bench/load/histogram.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <stdexcept>
#include <string>

namespace {

using namespace wasl;
using namespace wasl::handoff;
using Clock = std::chrono::steady_clock;

constexpr int kAgents = 20;
constexpr int kStepsPerRound = 200;

struct Times {
  bench::Histogram claim;
  bench::Histogram offer;
  bench::Histogram position;
};

class Office {
 public:
  explicit Office(std::size_t waiting) : desk_(Policy{}), waiting_(waiting) {
    std::vector<DeskAgent> agents;
    for (int i = 0; i < kAgents; ++i) {
      DeskAgent agent;
      agent.id = "agent-" + std::to_string(i);
      agent.languages = {"ar", "en"};
      agent.capacity = 1;
      agents.push_back(agent);
    }
    (void)desk_.set_agents(agents, now_);
    while (arrived_ < waiting) arrive();
    for (const DeskAgent& agent : agents) {
      (void)desk_.connected(agent.id, now_);
      offered_ = desk_.set_presence(agent.id, Presence::online, now_);
      serve(nullptr);
    }
  }

  void measure(Times& times) {
    for (int i = 0; i < kStepsPerRound; ++i) {
      arrive();
      close_oldest(&times);
      serve(&times);
      const std::string someone = name(arrived_ - 1 - (steps_ * 7919) % (waiting_ / 2));
      const auto start = Clock::now();
      const auto place = desk_.place(someone);
      times.position.add((Clock::now() - start).count());
      if (!place || place->position == 0) throw std::runtime_error("a place got lost");
      ++steps_;
    }
  }

 private:
  static std::string name(std::size_t number) { return "conversation-" + std::to_string(number); }

  static Card card(const std::string& id, State state, std::uint64_t seq) {
    Card card;
    card.conversation = id;
    card.state = state;
    card.owner = {OwnerKind::queue, "", ""};
    card.epoch = seq;
    card.last_seq = seq;
    card.channel = "web";
    return card;
  }

  void arrive() {
    now_ += Millis{5};
    Card fresh = card(name(arrived_), State::queued, 1);
    fresh.language = arrived_ % 2 == 0 ? Language::ar : Language::en;
    fresh.waiting_since = now_;
    fresh.updated_at = now_;
    ++arrived_;
    (void)desk_.update(fresh, now_);
  }

  // What the desk ordered last is carried out: the conversation is offered, and accepted.
  void serve(Times* times) {
    if (offered_.size() != 1) throw std::runtime_error("one free agent must mean one offer");
    const Order order = offered_.front();
    const Card* known = desk_.find(order.conversation);
    Card offered = *known;
    offered.state = State::offered;
    offered.offered_to = order.agent;
    ++offered.last_seq;
    (void)desk_.update(offered, now_);

    Card taken = offered;
    taken.state = State::human;
    taken.offered_to.clear();
    taken.owner = {OwnerKind::agent, order.agent, order.agent};
    taken.last_agent = order.agent;
    taken.waiting_since.reset();
    ++taken.last_seq;
    const auto start = Clock::now();
    const auto orders = desk_.update(taken, now_);
    if (times != nullptr) times->claim.add((Clock::now() - start).count());
    if (!orders.empty()) throw std::runtime_error("a claim frees nobody");
    with_agents_.push_back(taken);
  }

  void close_oldest(Times* times) {
    Card over = std::move(with_agents_.front());
    with_agents_.pop_front();
    over.state = State::closed;
    over.owner = {OwnerKind::none, "", ""};
    ++over.last_seq;
    const auto start = Clock::now();
    offered_ = desk_.update(over, now_);
    times->offer.add((Clock::now() - start).count());
  }

  Desk desk_;
  const std::size_t waiting_;
  Time now_{Millis{1'795'348'800'000}};
  std::size_t arrived_ = 0;
  std::size_t steps_ = 0;
  std::deque<Card> with_agents_;
  std::vector<Order> offered_;
};

nlohmann::json to_json(const Times& times) {
  return {{"claim_us", times.claim.quantile_us(0.5)},
          {"offer_us", times.offer.quantile_us(0.5)},
          {"position_us", times.position.quantile_us(0.5)}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_desk ROUNDS\n");
    return 2;
  }
  try {
    Office few(1'000);
    Office many(100'000);
    Times few_times;
    Times many_times;
    Times unused;
    few.measure(unused);
    many.measure(unused);
    for (int round = std::atoi(argv[1]); round > 0; --round) {  // NOLINT(cert-err34-c)
      few.measure(few_times);
      many.measure(many_times);
    }
    std::printf(
        "%s\n",
        nlohmann::json{{"few", to_json(few_times)}, {"many", to_json(many_times)}}.dump().c_str());
    return 0;
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "bench_desk: %s\n", failed.what());
    return 1;
  }
}
