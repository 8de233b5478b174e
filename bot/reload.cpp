#include "bot/reload.hpp"

#include "bot/business_calls.hpp"
#include "bot/desk_loop.hpp"
#include "bot/node.hpp"

#include <spdlog/spdlog.h>

namespace wasl::bot {

std::shared_ptr<const Bot> reload_bot(const Bot& now) {
  yaml::Mistakes mistakes;
  auto bot = load_bot(now.folder, true, mistakes);
  for (const yaml::Mistake& mistake : mistakes.sorted()) {
    spdlog::error("reload refused: {}", yaml::to_string(mistake));
  }
  if (!bot) return nullptr;
  if (!bot->warning.empty() && now.warning.empty()) {
    spdlog::error("reload refused: {}", bot->warning);
    return nullptr;
  }
  const auto restart = [](const char* key, bool changed) {
    if (changed) spdlog::warn("reload: a change of '{}' takes effect at the next start", key);
  };
  restart("listen", bot->config.listen != now.config.listen);
  restart("store", bot->config.store != now.config.store);
  restart("shards", bot->config.shards != now.config.shards);
  return bot;
}

void take_over(Node& node, const std::shared_ptr<const Bot>& bot) {
  auto hosts = outgoing_hosts(*bot, node.port);
  const auto add = [&](const Bot& one) {  // whose calls may still be made: see Serving
    for (std::string& host : outgoing_hosts(one, node.port)) hosts.push_back(std::move(host));
  };
  if (node.bot.shared()) add(*node.bot.shared());
  for (const auto& one : node.bot.replaced()) add(*one.bot);
  node.http->set_hosts(hosts);
  node.bot = bot;
  for (const auto& shard : node.shards) {
    shard->post([&shard = *shard, bot] { shard.set_bot(bot); });
  }
  node.desk->set_policy(bot->policy);
}

}  // namespace wasl::bot
