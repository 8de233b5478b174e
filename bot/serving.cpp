#include "bot/serving.hpp"

#include <algorithm>
#include <utility>

namespace wasl::bot {
namespace {

const std::string& print_of(const Serving::Served& served) {
  return served.bot->program->fingerprint();
}

}  // namespace

Serving::Serving(std::shared_ptr<const Bot> bot) : present_(serve(std::move(bot))) {}

Serving::Served Serving::serve(std::shared_ptr<const Bot> bot) {
  Served served;
  served.renderer = flows::Renderer::make(bot->program);
  served.bot = std::move(bot);
  return served;
}

const Serving::Served& Serving::of(const flows::FlowState& flow, Time now) {
  if (flow.stack.empty() || flow.program == print_of(present_)) return present_;
  const auto found = std::find_if(replaced_.begin(), replaced_.end(), [&](const Served& served) {
    return print_of(served) == flow.program;
  });
  if (found == replaced_.end()) return present_;
  found->used = now;
  return *found;
}

void Serving::replace(std::shared_ptr<const Bot> bot, Time now) {
  Served old = std::exchange(present_, serve(std::move(bot)));
  old.used = now;
  // Texts alone may have changed: then the present one goes on.
  std::erase_if(replaced_, [&](const Served& served) {
    return print_of(served) == print_of(old) || print_of(served) == print_of(present_);
  });
  if (print_of(old) != print_of(present_)) replaced_.push_back(std::move(old));
  if (replaced_.size() > kHeldMax) replaced_.erase(replaced_.begin());
}

void Serving::release(Time now) {
  // A dialogue is forgotten when its visitor has been silent for that long.
  std::erase_if(replaced_, [&](const Served& served) {
    return now - served.used > served.bot->policy.timers.idle_bot;
  });
}

}  // namespace wasl::bot
