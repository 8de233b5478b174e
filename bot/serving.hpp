#pragma once

#include "wasl/core/time.hpp"
#include "wasl/flows/render.hpp"

#include "bot/bot.hpp"

#include <memory>
#include <vector>

namespace wasl::bot {

/// The bot a shard serves with, and those it has lately served with.
///
/// A conversation in the middle of a flow ends it with the bot it began with, texts, calls and all,
/// while that one is held; anything new begins with the present one.  At most kHeldMax replaced
/// bots are held, each until no dialogue can be left that began with it.  One thread.
class Serving {
 public:
  static constexpr std::size_t kHeldMax = 4;

  struct Served {
    std::shared_ptr<const Bot> bot;
    std::unique_ptr<flows::Renderer> renderer;
    Time used{};
  };

  explicit Serving(std::shared_ptr<const Bot> bot);

  [[nodiscard]] const Served& present() const { return present_; }
  /// The one for a conversation whose dialogue stands at `flow`.
  [[nodiscard]] const Served& of(const flows::FlowState& flow, Time now);
  void replace(std::shared_ptr<const Bot> bot, Time now);
  /// Lets go of those that nobody can be in the middle of.
  void release(Time now);
  [[nodiscard]] std::size_t held() const { return replaced_.size(); }

 private:
  static Served serve(std::shared_ptr<const Bot> bot);

  Served present_;
  std::vector<Served> replaced_;  ///< oldest first, no two of the same flows
};

}  // namespace wasl::bot
