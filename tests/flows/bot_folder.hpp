#pragma once

#include "wasl/flows/program.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wasl::flows::test {

inline const std::map<std::string, std::string> kLanguages{{"ar", "ar-u-nu-latn-ca-gregory"},
                                                           {"en", "en-GB"}};

/// A bot folder on disk that lives as long as the object.
class BotFolder {
 public:
  BotFolder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("wasl_flows_" + std::to_string(::getpid()) + "_" + std::to_string(++count));
    for (const char* sub : {"flows", "answers", "calls"}) {
      std::filesystem::create_directories(path_ / sub);
    }
  }
  ~BotFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  BotFolder(const BotFolder&) = delete;
  BotFolder& operator=(const BotFolder&) = delete;

  void write(const std::string& file, const std::string& text) const {
    std::ofstream(path_ / file) << text;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline const Known kKnown{{"track_order", "get_refund", "greet", "thank", "survey", "contact"},
                          {"order_number", "city"},
                          {"orders", "general"}};

/// All mistakes of loading, as `file:line:column: what`.
inline std::vector<std::string> mistakes_of(
    const BotFolder& folder, std::shared_ptr<const Program>* program = nullptr,
    const std::map<std::string, std::string>& languages = kLanguages) {
  yaml::Mistakes mistakes;
  auto loaded = load_program(folder.path(), kKnown, languages, mistakes);
  std::vector<std::string> told;
  for (const auto& mistake : mistakes.sorted()) told.push_back(yaml::to_string(mistake));
  if (program != nullptr) *program = std::move(loaded);
  return told;
}

inline const char* const kCalls = R"(
- call: orders.lookup
  get: self:/demo/api/orders/{number}
  timeout: 3s
  retries: 2
  idempotent: true
  result: {status: {choice: [preparing, shipped]}, eta: {date: optional}, total: money}
)";

inline const char* const kFlows = R"(
- flow: track_order
  description: Tell the customer where an order is.
  title: {ar: أين طلبي؟, en: Where is my order}
  start: {intent: track_order}
  slots:
    order_number: {type: entity, entity: order_number}
  steps:
    - ask: order_number
      max_tries: 2
      on_fail: [{handoff: {reason: lost, team: orders}}]
    - call: orders.lookup
      with: {number: order_number}
      save: order
      on_not_found: [{say: not_found, args: {number: order_number}}, {end: unknown}]
      on_error: [{handoff: {reason: backend_error, team: orders}}]
    - if: order.status == "shipped"
      then: [{say: shipped, args: {number: order_number, eta: order.eta}}]
      else: [{say: preparing, args: {number: order_number}}]
    - end: resolved
- flow: get_refund
  description: Start a refund.
  start: {intent: get_refund}
  slots:
    order_number: {type: entity, entity: order_number}
    reason:
      type: choice
      values: {damaged: {ar: وصل تالفًا, en: It is damaged}, other: {ar: سبب آخر, en: Another reason}}
    confirm: {type: yes/no}
  steps:
    - ask: order_number
    - ask: reason
    - ask: confirm
    - if: confirm and reason in ["damaged"]
      then: [{handoff: {reason: refund, team: orders}}]
    - say: not_started
- flow: greet
  description: Say hello.
  start: {intent: greet}
  steps: [{say: hello}, {end: resolved}]
- flow: thank
  description: Answer thanks.
  start: {intent: thank}
  steps: [{say: welcome}]
- flow: contact
  description: A person.
  start: {intent: contact}
  steps: [{handoff: {reason: asked}}]
)";

inline const char* const kAnswers = R"(
track_order:
  ask_order_number:
    ar: ما رقم طلبك؟
    en: What is your order number?
    retry: {ar: "لم أجد رقمًا.", en: "I could not find a number."}
  not_found: {ar: "لم أجد {number}.", en: "I could not find {number}."}
  shipped:
    ar: ["طلبك {number} في الطريق، ويصل {eta, date, ::dMMMM}.", "خرج طلبك {number} للتوصيل، والموعد {eta, date, ::dMMMM}."]
    en: ["Your order {number} arrives on {eta, date, ::dMMMM}.", "Order {number} is on its way: {eta, date, ::dMMMM}."]
    buttons:
      - {intent: track_order, ar: طلب آخر, en: Another order}
      - {handoff: asked, ar: أريد موظفًا, en: A person}
    upset: {ar: "أعتذر عن الانتظار. طلبك {number} في الطريق.", en: "I am sorry for the wait. Your order {number} is on its way."}
  preparing: {ar: "نجهّز طلبك {number}.", en: "We are packing {number}."}
get_refund:
  ask_order_number: {ar: أي طلب؟, en: "Which order?"}
  ask_reason: {ar: ما السبب؟, en: "Why?"}
  ask_confirm: {ar: هل أكمل؟, en: "Shall I go on?"}
  not_started: {ar: لم نبدأ., en: Nothing was started.}
greet:
  hello: {ar: أهلًا, en: Hello}
thank:
  welcome: {ar: [العفو, حاضرين], en: [You are welcome, Any time]}
)";

inline void write_shop(const BotFolder& folder) {
  folder.write("calls/orders.yml", kCalls);
  folder.write("flows/shop.yml", kFlows);
  folder.write("answers/shop.yml", kAnswers);
}

}  // namespace wasl::flows::test
