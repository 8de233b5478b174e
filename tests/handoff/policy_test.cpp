#include "wasl/handoff/policy.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace wasl::handoff {
namespace {

/// A bot folder of its own, gone when the test ends.
class Folder {
 public:
  explicit Folder(const std::string& handoff) {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("wasl_policy_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    std::filesystem::create_directories(path_);
    if (!handoff.empty()) std::ofstream(path_ / "handoff.yml") << handoff;
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::vector<std::string> mistakes_in(const std::string& text) {
  const Folder folder(text);
  yaml::Mistakes mistakes;
  (void)load_policy(folder.path(), mistakes);
  std::vector<std::string> all;
  for (const yaml::Mistake& mistake : mistakes.sorted()) all.push_back(yaml::to_string(mistake));
  return all;
}

TEST(Policy, AMissingFileGivesTheDefaults) {
  const Folder folder("");
  yaml::Mistakes mistakes;
  const Policy policy = load_policy(folder.path(), mistakes);
  EXPECT_TRUE(mistakes.empty());
  EXPECT_TRUE(policy.teams.contains("general"));
  EXPECT_TRUE(policy.hours.always);
  EXPECT_EQ(policy.escalation.weights, default_weights());
  EXPECT_DOUBLE_EQ(policy.escalation.weights.at("bot_repeat"), 0.6);
  EXPECT_DOUBLE_EQ(policy.escalation.weights.at("sensitive"), 0.4);
}

TEST(Policy, ReadsTheWholeExample) {
  const Folder folder(R"(
teams:
  orders: {skills: [orders], overflow: general}
  general: {}
hours: {zone: Asia/Riyadh, week: {sun-thu: ["09:00-13:00", "16:00-23:00"], sat: ["20:00-02:00"]}, holidays: [2026-09-23], calendar: holidays.ics}
escalation:
  offer_at: 0.9
  weights: {bot_repeat: 0.7}
  fallbacks: ["Sorry, I did not understand"]
timers: {offer: 20s, reopen: 2d, callback: 10m}
sla: {complaint: {first_reply: 5m, resolution: 2d}, default: {first_reply: 2m, next_reply: 3m}}
ratings: {csat: after_resolution}
)");
  std::ofstream(folder.path() / "holidays.ics") << "BEGIN:VCALENDAR\nEND:VCALENDAR\n";
  yaml::Mistakes mistakes;
  const Policy policy = load_policy(folder.path(), mistakes);
  for (const yaml::Mistake& mistake : mistakes.sorted()) ADD_FAILURE() << yaml::to_string(mistake);
  EXPECT_EQ(policy.teams.at("orders").skills, std::vector<std::string>{"orders"});
  EXPECT_EQ(policy.teams.at("orders").overflow, "general");
  EXPECT_FALSE(policy.hours.always);
  ASSERT_EQ(policy.hours.week[4].size(), 2U);
  EXPECT_EQ(policy.hours.week[4][1].from_minute, 16 * 60);
  EXPECT_TRUE(policy.hours.week[5].empty());
  EXPECT_EQ(policy.hours.week[6].at(0).to_minute, 26 * 60);
  EXPECT_EQ(policy.hours.holidays.size(), 1U);
  EXPECT_DOUBLE_EQ(policy.escalation.offer_at, 0.9);
  EXPECT_DOUBLE_EQ(policy.escalation.weights.at("bot_repeat"), 0.7);
  EXPECT_DOUBLE_EQ(policy.escalation.weights.at("profanity"), 0.5);
  EXPECT_EQ(policy.escalation.fallbacks.size(), 1U);
  EXPECT_EQ(policy.timers.offer, Millis{20'000});
  EXPECT_EQ(policy.timers.reopen, Millis{172'800'000});
  EXPECT_EQ(policy.timers.callback, Millis{600'000});
  EXPECT_EQ(policy.sla.at("complaint").resolution, Millis{172'800'000});
  EXPECT_FALSE(policy.sla.at("complaint").next_reply);
  EXPECT_EQ(policy.ratings.at("csat"), "after_resolution");
}

TEST(Policy, EveryTimeIsASetting) {
  const Folder folder(
      "timers: {ask_again: 1m, gone: 2m, silence: 3m, boost: 4m, named_agent: 5m, snooze_max: 6m}\n"
      "capacity: {web: 3, telegram: 8}\n");
  yaml::Mistakes mistakes;
  const Policy policy = load_policy(folder.path(), mistakes);
  EXPECT_TRUE(mistakes.empty());
  EXPECT_EQ(policy.timers.ask_again, Millis{60'000});
  EXPECT_EQ(policy.timers.gone, Millis{120'000});
  EXPECT_EQ(policy.timers.silence, Millis{180'000});
  EXPECT_EQ(policy.timers.boost, Millis{240'000});
  EXPECT_EQ(policy.timers.named_agent, Millis{300'000});
  EXPECT_EQ(policy.timers.snooze_max, Millis{360'000});
  EXPECT_EQ(policy.channel_capacity.at("telegram"), 8);
}

TEST(Policy, KnowsEveryRamadan) {
  const Folder folder(R"(
hours:
  zone: Asia/Riyadh
  week: {sun-thu: "09:00-17:00"}
  timetables:
    - {during: ramadan, week: {sun-thu: ["10:00-15:00", "21:00-01:00"]}}
    - {from: 2026-07-01, to: 2026-07-31, week: {sun: "08:00-12:00"}}
)");
  yaml::Mistakes mistakes;
  const Policy policy = load_policy(folder.path(), mistakes);
  for (const yaml::Mistake& mistake : mistakes.sorted()) ADD_FAILURE() << yaml::to_string(mistake);
  const auto open = [&](const char* at) { return policy.hours.open(*parse_iso8601(at)); };
  EXPECT_TRUE(open("2026-02-17T16:00+03:00")) << "the last day of Shaaban";
  EXPECT_FALSE(open("2026-02-18T16:00+03:00")) << "1 Ramadan 1447";
  EXPECT_TRUE(open("2026-02-18T22:00+03:00"));
  EXPECT_FALSE(open("2027-02-08T16:00+03:00")) << "1 Ramadan 1448";
  EXPECT_TRUE(open("2026-07-05T09:00+03:00"));
  EXPECT_FALSE(open("2026-07-05T13:00+03:00"));
}

TEST(Policy, ReadsTheCalendarItNames) {
  const Folder folder(
      "hours: {zone: Asia/Riyadh, week: {sun-sat: \"09:00-17:00\"}, calendar: a.ics}\n");
  std::ofstream(folder.path() / "a.ics")
      << "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260923\nEND:VEVENT\nEND:VCALENDAR\n";
  yaml::Mistakes mistakes;
  EXPECT_EQ(load_policy(folder.path(), mistakes).hours.holidays.size(), 1U);
  EXPECT_TRUE(mistakes.empty());
  std::ofstream(folder.path() / "a.ics") << "BEGIN:VCALENDAR\nBEGIN:VEVENT\n";
  EXPECT_TRUE(load_policy(folder.path(), mistakes).hours.holidays.empty());
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(yaml::to_string(mistakes.sorted()[0]),
            "a.ics:2:1: the calendar ends before 'VEVENT' does");
}

TEST(Policy, TheStarterHasNoMistakes) {
  yaml::Mistakes mistakes;
  (void)load_policy(std::filesystem::path(WASL_SOURCE_DIR) / "starter", mistakes);
  for (const yaml::Mistake& mistake : mistakes.sorted()) ADD_FAILURE() << yaml::to_string(mistake);
}

struct Case {
  const char* yaml;
  std::vector<std::string> want;
};

const Case kCases[] = {
    {"hours: always\n", {}},
    {"team: {}\n", {"handoff.yml:1:1: unknown key 'team' (did you mean \"teams\"?)"}},
    {"teams:\n  orders: {skill: [x]}\n",
     {"handoff.yml:2:12: unknown key 'skill' (did you mean \"skills\"?)"}},
    {"teams:\n  orders: {overflow: genral}\n  general: {}\n",
     {"handoff.yml:2:22: unknown team 'genral' (did you mean \"general\"?)"}},
    {"teams:\n  '': {}\n", {"handoff.yml:2:3: a team needs a name"}},
    {"teams:\n  orders: {overflow: orders}\n",
     {"handoff.yml:2:22: a team cannot be its own overflow"}},
    {"hours: sometimes\n",
     {"handoff.yml:1:8: 'hours' must be `always` or a map with zone and week"}},
    {"hours: {zone: Asia/Riyad, week: {sun: \"09:00-17:00\"}}\n",
     {"handoff.yml:1:15: unknown time zone 'Asia/Riyad' (did you mean \"Asia/Riyadh\"?); give an "
      "IANA name like Asia/Riyadh"}},
    {"hours: {zone: UTC}\n", {"handoff.yml:1:8: missing 'week'"}},
    {"hours:\n  zone: UTC\n  week:\n    sunday: [\"09:00-17:00\"]\n    mon: [\"9-17\"]\n",
     {"handoff.yml:4:5: 'sunday' is no day or range like sun-thu",
      "handoff.yml:5:10: '9-17' is no span like \"09:00-13:00\""}},
    {"hours:\n  zone: UTC\n  week:\n    sun-tue: [\"09:00-24:00\"]\n    mon: [\"10:00-10:00\"]\n",
     {"handoff.yml:5:5: 'mon' is named twice",
      "handoff.yml:5:10: '10:00-10:00' is no span like \"09:00-13:00\""}},
    {"hours:\n  zone: UTC\n  week: {fri: [\"09:00-13:00\", \"12:00-14:00\"]}\n",
     {"handoff.yml:3:15: two spans of 'fri' overlap"}},
    {"hours:\n  zone: UTC\n  week: {}\n  holidays: [2026-13-01]\n  calendar: gone.ics\n",
     {"handoff.yml:4:13: '2026-13-01' is no date like 2026-09-23",
      "handoff.yml:5:13: no such file 'gone.ics'"}},
    {"escalation: {offer_at: high, weights: {profanty: 0.5, negative: -1}}\n",
     {"handoff.yml:1:24: 'offer_at' must be a number from 0.1 to 10",
      "handoff.yml:1:40: unknown signal 'profanty' (did you mean \"profanity\"?)",
      "handoff.yml:1:65: 'negative' must be a number from 0 to 5"}},
    {"escalation: {offer_at: 2.0}\n",
     {"handoff.yml:1:24: 'handoff_at' must not be below 'offer_at'"}},
    {"timers: {offer: 30, relax: 0s, ofering: 3s}\n",
     {"handoff.yml:1:17: 'offer' must be a duration like 30s, 5m, 72h or 2d",
      "handoff.yml:1:28: 'relax' must be above zero and within a year",
      "handoff.yml:1:32: unknown key 'ofering' (did you mean \"offering\"?)"}},
    {"timers: {snoze_max: 3d}\n",
     {"handoff.yml:1:10: unknown key 'snoze_max' (did you mean \"snooze_max\"?)"}},
    {"capacity: {web: 0, telegram: many}\n",
     {"handoff.yml:1:17: 'web' must be a whole number from 1 to 1000",
      "handoff.yml:1:30: 'telegram' must be a whole number from 1 to 1000"}},
    {"hours:\n  zone: UTC\n  week: {}\n  timetables: [{during: ramadam, week: {}}, {from: "
     "2026-07-02, to: 2026-07-01, week: {}}]\n",
     {"handoff.yml:4:25: 'during' must be ramadan (did you mean \"ramadan\"?)",
      "handoff.yml:4:52: 'from' and 'to' must be dates like 2026-09-23, in order"}},
    {"timers: {alternatives: 10s}\n",
     {"handoff.yml:1:24: 'alternatives' must not come before 'relax'"}},
    {"sla: {default: {first_replay: 2m}}\n",
     {"handoff.yml:1:17: unknown key 'first_replay' (did you mean \"first_reply\"?)"}},
    {"ratings: {csat: sometimes}\n",
     {"handoff.yml:1:17: 'csat' must be after_resolution or never"}},
};

TEST(Policy, NamesEveryMistakeByPlace) {
  for (const Case& c : kCases) EXPECT_EQ(mistakes_in(c.yaml), c.want) << c.yaml;
}

}  // namespace
}  // namespace wasl::handoff
