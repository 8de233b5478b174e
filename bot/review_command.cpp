// `wasl review`: what the bot had no answer for, and how it becomes examples.

#include "wasl/core/text.hpp"

#include "bot/commands.hpp"
#include "bot/control_messages.hpp"
#include "bot/model_commands.hpp"
#include "bot/review.hpp"
#include "bot/review_dialogue.hpp"
#include "bot/review_files.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>

namespace wasl::bot {
namespace {

using nlohmann::json;

constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kBadFolder = 3;
constexpr int kEnvironment = 4;
constexpr std::size_t kMessagesMax = 50'000;  // the newest ones

int complain(int code, const std::string& what) {
  fmt::print(stderr, "wasl: {}\n", what);
  return code;
}

/// `2026-11-01`, a time, or `7d`: that long ago.
std::optional<Time> since_of(const std::string& text) {
  if (const auto ago = parse_duration(text)) {
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()) - *ago;
  }
  return parse_iso8601(text);
}

using Ask = std::function<Result<UnansweredPage>(const UnansweredRequest&)>;

Result<std::vector<UnansweredMessage>> collect(const Ask& ask, UnansweredRequest request) {
  std::deque<UnansweredMessage> newest;
  for (;;) {
    auto page = ask(request);
    if (!page) return page.error();
    for (UnansweredMessage& one : page->messages) {
      newest.push_back(std::move(one));
      if (newest.size() > kMessagesMax) newest.pop_front();
    }
    if (page->done || page->position <= request.after) break;
    request.after = page->position;
  }
  return std::vector<UnansweredMessage>(std::make_move_iterator(newest.begin()),
                                        std::make_move_iterator(newest.end()));
}

/// From the server that holds the store, or from the store itself.
Result<std::vector<UnansweredMessage>> collect_from(const std::string& url,
                                                    const std::filesystem::path& folder,
                                                    const std::filesystem::path& store_file,
                                                    const UnansweredRequest& request) {
  const std::filesystem::path control = control_path(url, folder).value_or("");
  if (ask_server(control, request)) {
    return collect(
        [&](const UnansweredRequest& page) -> Result<UnansweredPage> {
          auto answer = ask_server(control, page);
          if (!answer) return Error{Error::Code::unavailable, "the server has gone away"};
          return std::move(*answer);
        },
        request);
  }
  std::error_code error;
  if (!std::filesystem::exists(store_file, error)) return std::vector<UnansweredMessage>{};
  auto store = store::open_store(url, folder);
  if (!store) return store.error();
  return collect([&](const UnansweredRequest& page) { return read_unanswered(**store, page); },
                 request);
}

json to_json(const LikeMessages& group) {
  json sentences = json::array();
  for (const Sentence& one : group.sentences) {
    sentences.push_back({{"text", one.text},
                         {"group", one.group},
                         {"count", one.count},
                         {"newest", iso8601(one.newest)}});
  }
  json nearest = json::array();
  for (const IntentScore& one : group.nearest) {
    nearest.push_back({{"intent", one.intent}, {"confidence", one.confidence}});
  }
  return {{"id", group.id},
          {"count", group.count},
          {"languages", group.languages()},
          {"newest", iso8601(group.newest)},
          {"why", group.why},
          {"articles", group.articles},
          {"sentences", std::move(sentences)},
          {"nearest", std::move(nearest)}};
}

void print_review(const Review& review, bool as_json) {
  if (as_json) {
    json groups = json::array();
    for (const LikeMessages& group : review.groups) groups.push_back(to_json(group));
    const json all{{"groups", std::move(groups)},
                   {"understood_now", review.understood_now},
                   {"reviewed", review.reviewed},
                   {"left_out", review.left_out}};
    fmt::print("{}\n", all.dump(-1, ' ', false, json::error_handler_t::replace));
    return;
  }
  for (const LikeMessages& group : review.groups) fmt::print("{}\n", to_text(group));
  fmt::print("{}\n", summary_of(review));
}

const LikeMessages* find_group(const Review& review, const std::string& id) {
  const auto found = std::find_if(review.groups.begin(), review.groups.end(),
                                  [&](const LikeMessages& group) { return group.id == id; });
  return found == review.groups.end() ? nullptr : &*found;
}

int code_of(const Error& error) {
  if (error.code == Error::Code::unavailable) return kEnvironment;
  return error.code == Error::Code::invalid_input ? kBadFolder : kUsage;
}

/// What the options say is to be done with which group, before anything is done.
int plan(const ReviewOptions& options, const Review& review,
         std::vector<std::pair<std::string, const LikeMessages*>>& steps) {
  std::vector<std::pair<std::string, std::string>> wanted;
  for (const std::string& one : options.add) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos) return complain(kUsage, "write --add INTENT=GROUP");
    wanted.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  for (const std::string& id : options.out_of_scope) wanted.emplace_back(kOutOfScopeIntent, id);
  for (const std::string& id : options.dismiss) wanted.emplace_back("", id);
  for (const auto& [intent, id] : wanted) {
    const LikeMessages* group = find_group(review, id);
    if (group == nullptr) return complain(kFailed, "no group '" + id + "' is open");
    steps.emplace_back(intent, group);
  }
  return 0;
}

/// Without a person: does what the options say, and tells what was done.
int act(const ReviewOptions& options, const Review& review, Reviewer& reviewer, bool as_json) {
  std::vector<std::pair<std::string, const LikeMessages*>> steps;
  if (const int code = plan(options, review, steps); code != 0) return code;
  json done = json::array();
  for (const auto& [intent, group] : steps) {
    if (intent.empty()) {
      if (auto said = reviewer.dismiss(*group); !said) return complain(4, said.error().what);
      done.push_back({{"group", group->id}, {"dismissed", group->sentences.size()}});
      continue;
    }
    const auto added = reviewer.add(*group, intent);
    if (!added) return complain(code_of(added.error()), added.error().what);
    if (!as_json) fmt::print("{} examples of {} in {}\n", added->count, intent, added->file);
    done.push_back(
        {{"group", group->id}, {"intent", intent}, {"file", added->file}, {"added", added->count}});
  }
  if (as_json) fmt::print("{}\n", json{{"done", std::move(done)}}.dump());
  return 0;
}

}  // namespace

int run_review(const CommandOptions& options, const ReviewOptions& review) {
  UnansweredRequest request;
  if (!review.since.empty()) {
    request.since = since_of(review.since);
    if (!request.since) return complain(kUsage, "--since takes a date like 2026-11-01, or 7d");
  }
  yaml::Mistakes mistakes;
  const auto bot = load_bot(options.bot, true, mistakes);
  if (!bot) return report_mistakes(mistakes, options.json);
  if (!bot->warning.empty()) fmt::print(stderr, "{}\n", bot->warning);

  const std::string url = review.store.empty() ? bot->config.store : review.store;
  const auto store_file = sqlite_file(url, options.bot);
  if (!store_file) return complain(kUsage, "only a store on disk can be reviewed: sqlite:PATH");
  const auto messages = collect_from(url, options.bot, *store_file, request);
  if (!messages) return complain(kEnvironment, messages.error().what);

  const std::filesystem::path memory = reviewed_path(*store_file);
  const Review found = review_of(*messages, *bot->understander, read_reviewed(memory));
  Reviewer reviewer(*bot, memory);
  if (!review.add.empty() || !review.out_of_scope.empty() || !review.dismiss.empty()) {
    return act(review, found, reviewer, options.json);
  }
  const bool people = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  if (people && !options.json && !found.groups.empty()) return talk(found, reviewer);
  print_review(found, options.json);
  return 0;
}

}  // namespace wasl::bot
