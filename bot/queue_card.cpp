#include "bot/queue_card.hpp"

#include <array>

namespace wasl::bot {
namespace {

struct Option {
  std::string_view id;
  std::string_view ar;
  std::string_view en;
  handoff::Trigger trigger;
  bool shown;
};

constexpr std::array<Option, 6> kOptions{{
    {"leave_message", "أترك رسالة", "Leave a message", handoff::Trigger::choose_message, true},
    {"callback", "اتصلوا بي", "Call me back", handoff::Trigger::choose_callback, true},
    {"bot", "أكمل مع المساعد", "Chat with the bot", handoff::Trigger::choose_bot, true},
    {"cancel", "إلغاء الانتظار", "Cancel", handoff::Trigger::choose_cancel, true},
    {"complaint", "تسجيل شكوى", "Make a complaint", handoff::Trigger::complain, false},
    {"wait", "سأنتظر", "I will wait", handoff::Trigger::choose_wait, false},
}};

const Option* find(std::string_view id) {
  for (const Option& option : kOptions) {
    if (option.id == id) return &option;
  }
  return nullptr;
}

}  // namespace

std::vector<Button> queue_options(Language language) {
  std::vector<Button> buttons;
  for (const Option& option : kOptions) {
    if (option.shown) {
      buttons.push_back(
          {std::string(option.id), std::string(language == Language::en ? option.en : option.ar)});
    }
  }
  return buttons;
}

std::string option_title(std::string_view id, Language language) {
  const Option* option = find(id);
  if (option == nullptr) return std::string(id);
  return std::string(language == Language::en ? option->en : option->ar);
}

std::string tap_title(std::string_view button, Language language) {
  if (button == "handoff:asked") return language == Language::en ? "A person" : "أريد موظفًا";
  return std::string(button);
}

std::optional<handoff::Trigger> trigger_of_option(std::string_view id) {
  const Option* option = find(id);
  if (option == nullptr) return std::nullopt;
  return option->trigger;
}

}  // namespace wasl::bot
