#include "bot/review_dialogue.hpp"

#include "wasl/core/text.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace wasl::bot {
namespace {

constexpr std::size_t kShownMax = 12;  // sentences of a group
constexpr char kEnd = 4;               // Ctrl-D

/// Keys come one by one, unseen, while this lives.
class SingleKeys {
 public:
  SingleKeys() {
    known_ = tcgetattr(STDIN_FILENO, &before_) == 0;
    termios now = before_;
    now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    if (known_) (void)tcsetattr(STDIN_FILENO, TCSANOW, &now);
  }
  ~SingleKeys() {
    if (known_) (void)tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  SingleKeys(const SingleKeys&) = delete;
  SingleKeys& operator=(const SingleKeys&) = delete;

 private:
  termios before_{};
  bool known_ = false;
};

char read_key() {
  const SingleKeys keys;
  char key = 0;
  return read(STDIN_FILENO, &key, 1) == 1 ? key : kEnd;
}

/// A line, read without the buffer of std::cin, which would swallow the keys after it.
std::string read_line() {
  std::string line;
  char c = 0;
  while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') line += c;
  return std::string(trim(line));
}

std::string date_of(Time at) {
  return iso8601(at).substr(0, 10);
}

template <typename List>
std::string joined(const List& list, std::string_view between) {
  std::string text;
  for (const auto& one : list) text += (text.empty() ? "" : std::string(between)) + one;
  return text;
}

enum class Next { group, again, quit };

class Dialogue {
 public:
  Dialogue(const Review& review, Reviewer& reviewer) : review_(review), reviewer_(reviewer) {}

  int run() {
    for (std::size_t i = 0; i < review_.groups.size(); ++i) {
      const LikeMessages& group = review_.groups[i];
      fmt::print("\n[{}/{}] {}", i + 1, review_.groups.size(), to_text(group));
      Next next = Next::again;
      while (next == Next::again) {
        fmt::print("{}i another intent, o out of scope, d never again, s skip, q quit > ",
                   group.nearest.empty() ? "" : "1-3 an example of that, ");
        std::fflush(stdout);
        next = on_key(group, read_key());
      }
      if (next == Next::quit) break;
    }
    if (added_ > 0) fmt::print("{} examples added. Next: wasl train, wasl test\n", added_);
    return 0;
  }

 private:
  Next on_key(const LikeMessages& group, char key) {
    fmt::print("{}\n", key >= ' ' ? std::string(1, key) : "");
    if (key >= '1' && static_cast<std::size_t>(key - '1') < group.nearest.size()) {
      return add(group, group.nearest[static_cast<std::size_t>(key - '1')].intent);
    }
    switch (key) {
      case 'i':
        return ask_intent(group);
      case 'o':
        return add(group, kOutOfScopeIntent);
      case 'd':
        return dismiss(group);
      case 's':
        return Next::group;
      case 'q':
      case kEnd:
        return Next::quit;
      default:
        return Next::again;
    }
  }

  Next ask_intent(const LikeMessages& group) {
    fmt::print("intent: ");
    std::fflush(stdout);
    const std::string intent = read_line();
    return intent.empty() ? Next::again : add(group, intent);
  }

  Next add(const LikeMessages& group, const std::string& intent) {
    const auto added = reviewer_.add(group, intent);
    if (!added) {
      fmt::print("{}\n", added.error().what);
      return Next::again;
    }
    fmt::print("{} examples of {} in {}\n", added->count, intent, added->file);
    added_ += added->count;
    return Next::group;
  }

  Next dismiss(const LikeMessages& group) {
    const auto done = reviewer_.dismiss(group);
    if (done) return Next::group;
    fmt::print("{}\n", done.error().what);
    return Next::again;
  }

  const Review& review_;
  Reviewer& reviewer_;
  std::size_t added_ = 0;
};

}  // namespace

Result<AddedExamples> Reviewer::add(const LikeMessages& group, const std::string& intent) {
  const auto& intents = bot_.names.intents;
  const bool known = intent == kOutOfScopeIntent ||
                     std::find(intents.begin(), intents.end(), intent) != intents.end();
  if (!known) {
    return Error{Error::Code::not_found,
                 "unknown intent '" + intent + "'" + did_you_mean(intent, intents)};
  }
  auto added = add_to_folder(bot_.folder, intent, group.sentences);
  if (!added) return added;
  if (auto done = dismiss(group); !done) return done.error();
  return added;
}

Result<Done> Reviewer::dismiss(const LikeMessages& group) {
  return remember_reviewed(memory_, group.sentences);
}

std::string to_text(const LikeMessages& group) {
  std::string text =
      fmt::format("{}  {} {}, {}, newest {}, {}\n", group.id, group.count,
                  group.count == 1 ? "message" : "messages", joined(group.languages(), " "),
                  date_of(group.newest), joined(group.why, " "));
  for (std::size_t i = 0; i < std::min(group.sentences.size(), kShownMax); ++i) {
    const Sentence& one = group.sentences[i];
    text +=
        fmt::format("    {}{}\n", one.count > 1 ? fmt::format("({}x) ", one.count) : "", one.text);
  }
  if (group.sentences.size() > kShownMax) {
    text += fmt::format("    and {} more\n", group.sentences.size() - kShownMax);
  }
  if (!group.articles.empty()) {
    text += fmt::format("  did not help: {}\n", joined(group.articles, ", "));
  }
  for (std::size_t i = 0; i < group.nearest.size(); ++i) {
    text += fmt::format("  {} {} {:.2f}\n", i + 1, group.nearest[i].intent,
                        group.nearest[i].confidence);
  }
  return text;
}

std::string summary_of(const Review& review) {
  std::size_t messages = 0;
  for (const LikeMessages& group : review.groups) messages += group.count;
  return fmt::format(
      "{} unanswered messages in {} groups; not shown: {} reviewed before, {} understood by now, "
      "{} beyond the bound",
      messages, review.groups.size(), review.reviewed, review.understood_now, review.left_out);
}

int talk(const Review& review, Reviewer& reviewer) {
  const int code = Dialogue(review, reviewer).run();
  fmt::print("{}\n", summary_of(review));
  return code;
}

}  // namespace wasl::bot
