#pragma once

// A small bot in a folder of its own: three wishes told by pattern, so nothing need be trained.

#include "bot/bot.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::bot::test {

/// A bot folder on disk that lives as long as the object.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("wasl-bot-" + std::to_string(::getpid()) + "-" + std::to_string(count_++))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

 private:
  static inline int count_ = 0;
  std::filesystem::path path_;
};

/// All mistakes, as `file:line:column: what`.
inline std::vector<std::string> told(const yaml::Mistakes& mistakes) {
  std::vector<std::string> list;
  for (const auto& mistake : mistakes.sorted()) list.push_back(yaml::to_string(mistake));
  return list;
}

inline constexpr const char* kConfig = R"(bot: small
languages: {ar: ar-u-nu-latn-ca-gregory, en: en-GB}
default_language: en
)";

inline constexpr const char* kIntents = R"(
- intent: track
  patterns: ['^track', '^تتبع']
- intent: period
  patterns: ['^how long']
- intent: refund
  patterns: ['^refund']
- entity: parcel
  pattern: '[A-Z]-\d{4,8}'
)";

inline constexpr const char* kFlows = R"(
- flow: track
  description: Where a parcel is.
  start: {intent: track}
  slots:
    parcel: {type: entity, entity: parcel}
  steps:
    - ask: parcel
      max_tries: 2
      on_fail: [{handoff: {reason: lost, team: parcels}}]
    - call: parcels.lookup
      with: {number: parcel}
      save: found
      on_not_found: [{say: unknown, args: {number: parcel}}, {end: unknown}]
      on_error: [{handoff: {reason: backend_error, team: parcels}}]
    - say: status
      args: {number: parcel}
    - end: resolved
- flow: period
  description: How long it takes.
  start: {intent: period}
  steps: [{say: days}, {end: resolved}]
- flow: refund
  description: Money back is for people.
  start: {intent: refund}
  steps: [{handoff: {reason: refund, team: parcels}}]
)";

inline constexpr const char* kAnswers = R"(
track:
  ask_parcel: {ar: أي طرد؟, en: "Which parcel?"}
  unknown: {ar: "لا أجد {number}.", en: "There is no {number}."}
  status:
    ar: "{number} في الطريق."
    en: "{number} is on its way."
    buttons:
      - {intent: period, ar: كم يستغرق؟, en: How long}
      - {handoff: asked, ar: أريد موظفًا, en: A person}
period:
  days: {ar: ثلاثة أيام., en: [Three days., It takes three days.]}
)";

inline constexpr const char* kCalls = R"(
- call: parcels.lookup
  get: self:/demo/api/parcels/{number}
  idempotent: true
  result: {status: {choice: [moving, home]}}
)";

inline constexpr const char* kHandoff = R"(
teams:
  parcels: {skills: [parcels]}
  general: {}
)";

inline void write_small_bot(const Folder& folder) {
  folder.write("wasl.yml", kConfig);
  folder.write("intents/small.yml", kIntents);
  folder.write("flows/small.yml", kFlows);
  folder.write("answers/small.yml", kAnswers);
  folder.write("calls/small.yml", kCalls);
  folder.write("handoff.yml", kHandoff);
}

/// The small bot, loaded once.
inline std::shared_ptr<const Bot> small_bot() {
  static const std::shared_ptr<const Bot> loaded = [] {
    const Folder folder;
    write_small_bot(folder);
    yaml::Mistakes mistakes;
    auto bot = load_bot(folder.path(), false, mistakes);
    EXPECT_EQ(told(mistakes), std::vector<std::string>{});
    return bot;
  }();
  return loaded;
}

}  // namespace wasl::bot::test
