#include "bot/business_calls.hpp"

#include "bot/back_off.hpp"
#include "bot/call_request.hpp"
#include "bot/call_result.hpp"
#include "bot/node.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <utility>

namespace wasl::bot {
namespace {

constexpr std::size_t kUnderWayMax = 10'000;
constexpr std::size_t kBreakersMax = 1'000;  // hosts come from the bot's folder: a few

/// `host` or `host:port` of an address.
std::string host_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::string rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

std::string_view name(CircuitBreaker::State state) {
  switch (state) {
    case CircuitBreaker::State::closed:
      return "closed";
    case CircuitBreaker::State::open:
      return "open";
    case CircuitBreaker::State::half_open:
      break;
  }
  return "half_open";
}

}  // namespace

/// One call under way.
struct BusinessCalls::Call {
  flows::StartCall asked;
  std::string key;
  Done done;
  std::shared_ptr<const flows::Program> program;  ///< keeps `spec`
  const flows::CallSpec* spec = nullptr;
  channels::OutgoingRequest request;
  std::string host;
  Time started{};
  int attempts = 0;
  channels::OutgoingResponse last;
};

BusinessCalls::BusinessCalls(Node& node, std::unique_ptr<Loop> loop)
    : node_(node), loop_(std::move(loop)) {}

BusinessCalls::~BusinessCalls() = default;

void BusinessCalls::call(std::shared_ptr<const flows::Program> program,
                         const flows::StartCall& call, const std::string& idempotency_key,
                         Done done) {
  auto under_way = std::make_shared<Call>();
  under_way->program = std::move(program);
  under_way->asked = call;
  under_way->key = idempotency_key;
  under_way->done = std::move(done);
  loop_->post([this, under_way] { begin(under_way); });
}

void BusinessCalls::stop() {
  std::promise<void> stopped;
  loop_->post([this, &stopped] {
    stopped_ = true;
    stopped.set_value();
  });
  stopped.get_future().wait();
}

void BusinessCalls::begin(const Shared& call) {
  if (stopped_) return;
  ++under_way_;
  call->started = node_.clock->now();
  call->spec = call->program->find_call(call->asked.name);
  if (call->spec == nullptr) return give_up(call, "not_made");
  if (under_way_ > kUnderWayMax) return give_up(call, "busy");
  auto request = make_request(*call->spec, call->asked, call->key, node_.port);
  if (!request) {
    spdlog::warn("call not made call={} why=\"{}\"", call->asked.name, request.error().what);
    return give_up(call, "not_made");
  }
  call->request = std::move(*request);
  call->host = host_of(call->request.url);
  attempt(call);
}

void BusinessCalls::attempt(const Shared& call) {
  if (stopped_) return;
  const Time now = node_.clock->now();
  CircuitBreaker& breaker = breaker_of(call->host);
  const auto before = breaker.state();
  const auto ticket = breaker.admit(now);
  note(call->host, before, breaker);
  if (!ticket) return give_up(call, "breaker_open");
  channels::OutgoingRequest request = call->request;
  request.timeout = std::min(call->spec->timeout, call->started + call->spec->within - now);
  ++call->attempts;
  counts_.attempts.fetch_add(1, std::memory_order_relaxed);
  node_.http->send(std::move(request),
                   [this, call, ticket = *ticket](const channels::OutgoingResponse& response) {
                     loop_->post([this, call, ticket, response] {
                       if (!stopped_) answered(call, ticket, response);
                     });
                   });
}

void BusinessCalls::answered(const Shared& call, CircuitBreaker::Ticket ticket,
                             const channels::OutgoingResponse& response) {
  const Time now = node_.clock->now();
  tell_breaker(*call, ticket, response);
  call->last = response;
  const bool may_repeat = call->spec->idempotent || never_left(response);
  if (may_repeat && worth_retrying(response)) {
    const auto wait =
        next_wait({call->spec->retries, call->spec->within}, call->attempts, now - call->started,
                  retry_after(response, now), node_.random->seed());
    if (wait) return loop_->after(*wait, [this, call] { attempt(call); });
  }
  finish(call, read_result(*call->spec, call->asked.call_number, response));
}

void BusinessCalls::tell_breaker(const Call& call, CircuitBreaker::Ticket ticket,
                                 const channels::OutgoingResponse& response) {
  using Fault = channels::OutgoingResponse::Fault;
  CircuitBreaker& breaker = breaker_of(call.host);
  const auto before = breaker.state();
  const Time now = node_.clock->now();
  if (response.fault == Fault::not_allowed || response.fault == Fault::busy) {
    breaker.untold(ticket, now);  // our own refusal
  } else {
    breaker.answered(ticket, !worth_retrying(response), now, node_.random->seed());
  }
  note(call.host, before, breaker);
}

void BusinessCalls::give_up(const Shared& call, std::string why) {
  flows::CallResult result;
  result.call_number = call->asked.call_number;
  result.outcome = flows::CallResult::Outcome::error;
  result.why = std::move(why);
  finish(call, std::move(result));
}

void BusinessCalls::finish(const Shared& call, flows::CallResult result) {
  --under_way_;
  result.attempts = call->attempts;
  result.took = node_.clock->now() - call->started;
  counts_.made.fetch_add(1, std::memory_order_relaxed);
  if (result.outcome == flows::CallResult::Outcome::error) {
    counts_.failed.fetch_add(1, std::memory_order_relaxed);
    spdlog::warn("call failed call={} key={} why={} status={} attempts={} took_ms={} error=\"{}\"",
                 call->asked.name, call->key, result.why, call->last.status, result.attempts,
                 result.took.count(), call->last.error);
  }
  call->done(std::move(result), call->last);
}

CircuitBreaker& BusinessCalls::breaker_of(const std::string& host) {
  if (breakers_.size() >= kBreakersMax && !breakers_.contains(host)) {
    std::erase_if(breakers_, [](const auto& known) {
      return known.second.state() == CircuitBreaker::State::closed;
    });
  }
  return breakers_[host];
}

void BusinessCalls::note(const std::string& host, CircuitBreaker::State before,
                         const CircuitBreaker& breaker) {
  using State = CircuitBreaker::State;
  const State after = breaker.state();
  if (after == before) return;
  if (before == State::closed) counts_.open.fetch_add(1, std::memory_order_relaxed);
  if (after == State::closed) counts_.open.fetch_sub(1, std::memory_order_relaxed);
  if (after == State::open) counts_.opened.fetch_add(1, std::memory_order_relaxed);
  if (after == State::open) {
    spdlog::warn("breaker open host={} for_ms={}", host,
                 (breaker.open_until() - node_.clock->now()).count());
  } else {
    spdlog::info("breaker {} host={}", name(after), host);
  }
}

std::vector<std::string> outgoing_hosts(const Bot& bot, std::uint16_t own_port) {
  std::vector<std::string> hosts = bot.config.call_hosts;
  for (const auto& channel : bot.config.telegram) hosts.push_back(host_of(channel.api));
  hosts.push_back("127.0.0.1:" + std::to_string(own_port));
  return hosts;
}

}  // namespace wasl::bot
