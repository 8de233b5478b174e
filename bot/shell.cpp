// `wasl shell`: the bot in a terminal.  The turns are the server's; calls are really made, and a
// demo bot's own addresses are served from here.

#include "wasl/core/text.hpp"

#include "bot/commands.hpp"
#include "bot/offline_node.hpp"
#include "bot/random.hpp"
#include "bot/rehearsal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

namespace wasl::bot {
namespace {

void show(const MessageSaid& said) {
  if (said.from == Party::visitor) return;
  fmt::print("{}: {}\n", said.from == Party::bot ? "bot" : "wasl", said.text);
  std::size_t number = 0;
  for (const Button& button : said.buttons) fmt::print("   [{}] {}\n", ++number, button.title);
}

void explain(const Conversation& conversation, const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (const auto* understood = std::get_if<Understood>(&event.body)) {
      const Understanding& u = understood->understanding;
      fmt::print("   | language {}{}{}; {}; {}\n", name(u.language),
                 u.dialect == Dialect::none ? "" : " ", name(u.dialect), name(u.decision), u.why);
      for (const IntentScore& one : u.intents) {
        fmt::print("   |   {:<24} {:.2f} {}\n", one.intent, one.confidence, one.source);
      }
      for (const Entity& one : u.entities) fmt::print("   |   {} = {}\n", one.entity, one.value);
      for (const MoodSignal& one : u.mood) {
        fmt::print("   |   {} {:.2f} \"{}\"\n", one.signal, one.strength, one.text);
      }
    } else if (const auto* moved = std::get_if<StateChanged>(&event.body)) {
      fmt::print("   | {} -> {} ({})\n", name(moved->from), name(moved->to), moved->trigger);
    } else if (const auto* call = std::get_if<CallMade>(&event.body)) {
      fmt::print("   | call {}: {}{}{}; {} ms\n", call->name, call->outcome,
                 call->why.empty() ? "" : " ", call->why, call->duration_ms);
    }
  }
  fmt::print("   | escalation score {:.2f}\n", conversation.escalation.score);
}

}  // namespace

int run_shell(const CommandOptions& options, bool explained) {
  yaml::Mistakes mistakes;
  auto bot = load_bot(options.bot, true, mistakes);
  if (!bot) {
    for (const yaml::Mistake& mistake : mistakes.sorted()) {
      fmt::print(stderr, "{}\n", yaml::to_string(mistake));
    }
    return 3;
  }
  if (!bot->warning.empty()) fmt::print(stderr, "{}\n", bot->warning);

  const SteadyClock clock;
  OfflineNode node(bot);
  Rehearsal rehearsal(bot, clock.now(), [&](const flows::StartCall& call) {
    return node.call(call, "shell-" + random_hex(8)).result;
  });

  auto renderer = flows::Renderer::make(bot->program);
  const auto hello = greeting(*bot, *renderer, Language::und, clock.now());
  fmt::print("bot: {}\n", hello.text);
  std::vector<Button> buttons = hello.buttons;
  const bool people = isatty(STDIN_FILENO) != 0;
  std::string line;
  while (true) {
    if (people) fmt::print("> ");
    std::fflush(stdout);
    if (!std::getline(std::cin, line)) break;
    if (trim(line).empty()) continue;
    std::string tapped;
    if (line.size() == 1 && line[0] >= '1' &&
        static_cast<std::size_t>(line[0] - '1') < buttons.size()) {
      tapped = buttons[static_cast<std::size_t>(line[0] - '1')].id;
    }
    const auto events = tapped.empty() ? rehearsal.say(line) : rehearsal.say("", tapped);
    if (explained) explain(rehearsal.conversation(), events);
    buttons.clear();
    for (const Event& event : events) {
      if (const auto* said = std::get_if<MessageSaid>(&event.body)) {
        show(*said);
        buttons.insert(buttons.end(), said->buttons.begin(), said->buttons.end());
      }
    }
  }
  return 0;
}

}  // namespace wasl::bot
