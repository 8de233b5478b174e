// answers/*.yml: topic → key → texts by language, with their retry and upset forms and buttons.
#include "wasl/core/text.hpp"

#include "flows/load.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace wasl::flows {
namespace {

constexpr std::size_t kTextCharsMax = 4096;  // Telegram, WhatsApp

/// Channels an answer may have a form of its own for; it is read by nobody else.
const std::vector<std::string> kChannels{"web", "telegram"};

const std::vector<std::string> kTaps{"asked",         "yes", "no",     "wait",     "callback",
                                     "leave_message", "bot", "cancel", "complaint"};

const std::vector<std::string> kButtonKinds{"intent", "handoff", "helped"};

class AnswerReader {
 public:
  AnswerReader(const yaml::Document& document, bool reserved, Loading& loading)
      : file_(document.file), reserved_(reserved), loading_(loading) {}

  Answer read(const std::string& key, yaml::Mark at, const yaml::Node& node) {
    key_ = key;
    Answer answer;
    answer.file = file_;
    answer.at = at;
    answer.reserved = reserved_;
    const yaml::Map map(file_, node, loading_.mistakes);
    only_known_keys(map);
    if (reserved_) read_args(map, answer);
    const bool buttons = map.has("buttons");
    read_texts(map, "", buttons, answer.say, answer.uses);
    for (const auto& [form, texts] : {std::pair{"retry", &answer.retry},
                                      {"invalid", &answer.invalid},
                                      {"upset", &answer.upset}}) {
      if (!map.has(form)) continue;
      const yaml::Map inner(file_, *map.find(form), loading_.mistakes);
      only_languages(inner);
      read_texts(inner, form, buttons, *texts, answer.uses);
    }
    for (const std::string& channel : kChannels) {
      if (!map.has(channel)) continue;
      const yaml::Map inner(file_, *map.find(channel), loading_.mistakes);
      only_languages(inner);
      read_texts(inner, channel, false, answer.channels[channel], answer.uses);
    }
    if (buttons) read_buttons(*map.find("buttons"), answer);
    return answer;
  }

 private:
  [[nodiscard]] bool is_language(const std::string& word) const {
    return loading_.program.languages.count(word) > 0 ||
           (reserved_ && (word == "ar" || word == "en"));
  }

  void complain_unknown(const yaml::Node& key, std::vector<std::string> names) const {
    for (const auto& [language, tag] : loading_.program.languages) names.push_back(language);
    loading_.mistakes.add(file_, key.at, yaml::unknown_key(key.scalar, names));
  }

  void only_known_keys(const yaml::Map& map) const {
    for (const auto& [key, value] : map.node().entries) {
      const std::string& word = key.scalar;
      const bool known = is_language(word) || word == "retry" || word == "invalid" ||
                         word == "upset" || word == "buttons" || contains(kChannels, word) ||
                         (reserved_ && word == "args");
      if (known) continue;
      std::vector<std::string> names{"retry", "invalid", "upset", "buttons", "web", "telegram"};
      if (reserved_) names.emplace_back("args");
      complain_unknown(key, std::move(names));
    }
  }

  void only_languages(const yaml::Map& map) const {
    for (const auto& [key, value] : map.node().entries) {
      if (!is_language(key.scalar)) complain_unknown(key, {});
    }
  }

  void read_args(const yaml::Map& map, Answer& answer) const {
    const yaml::Node* args = map.find("args");
    if (args == nullptr) return;
    for (const auto& [name, type] : args->entries) {
      const Kind kind = type.scalar == "number" ? Kind::number
                        : type.scalar == "date" ? Kind::date
                        : type.scalar == "time" ? Kind::time
                                                : Kind::text;
      answer.args[name.scalar] = {kind, {}};
    }
  }

  void read_texts(const yaml::Map& map, const std::string& form, bool buttons, Variants& variants,
                  std::map<std::string, Use>& uses) {
    for (const auto& [language, tag] : loading_.program.languages) {
      const yaml::Node* node = map.find(language);
      if (node == nullptr) {
        std::string what = "'" + key_ + "'";
        if (!form.empty()) what += " (" + form + ")";
        map.complain(map.node().at, what + " has no text in '" + language + "'");
        continue;
      }
      std::vector<Text>& texts = variants[language];
      if (node->is_sequence()) {
        for (const yaml::Node& item : node->items) {
          read_one(item, tag, buttons, texts, uses);
        }
        if (node->items.empty()) map.complain(node->at, "a text is missing here");
      } else {
        read_one(*node, tag, buttons, texts, uses);
      }
    }
  }

  void read_one(const yaml::Node& node, const std::string& tag, bool buttons,
                std::vector<Text>& texts, std::map<std::string, Use>& uses) {
    const auto complain = [&](std::string what) {
      loading_.mistakes.add(file_, node.at, std::move(what));
    };
    const std::string source(trim(node.scalar));
    if (!node.is_scalar() || source.empty()) return complain("a text is missing here");
    const std::size_t most = buttons ? kTextWithButtonsMax : kTextCharsMax;
    if (code_points(source) > most) {  // nested to match, it would overflow ICU's stack
      return complain("this text is longer than the " + std::to_string(most) + " characters a " +
                      (buttons ? "message with buttons" : "message") + " may have");
    }
    const auto warn = [&](std::string what) {
      if (!reserved_) loading_.warnings.add(file_, node.at, std::move(what));
    };
    texts.push_back(read_text(source, tag, uses, complain, warn));
  }

  void read_buttons(const yaml::Node& node, Answer& answer) {
    if (!node.is_sequence()) {
      loading_.mistakes.add(file_, node.at, "a list of buttons is expected: - {intent: …, …}");
      return;
    }
    if (node.items.size() > kButtonsMax) {
      loading_.mistakes.add(file_, node.at,
                            "at most " + std::to_string(kButtonsMax) + " buttons fit a message");
    }
    for (const yaml::Node& item : node.items) read_button(item, answer);
  }

  void read_button(const yaml::Node& node, Answer& answer) {
    const yaml::Map map(file_, node, loading_.mistakes);
    for (const auto& [key, value] : map.node().entries) {
      const bool clarify = key.scalar == "clarify" && key_ == "clarify.which";
      if (!contains(kButtonKinds, key.scalar) && !clarify && !is_language(key.scalar)) {
        complain_unknown(key, kButtonKinds);
      }
    }
    if (map.has("clarify")) return read_clarify_button(map, answer);
    const auto kinds = std::count_if(kButtonKinds.begin(), kButtonKinds.end(),
                                     [&](const std::string& kind) { return map.has(kind); });
    if (kinds != 1) {
      map.complain(node.at, "a button does one thing: intent, handoff or helped");
      return;
    }
    AnswerButton button;
    button.titles = read_titles(map, "this button", loading_);
    if (map.has("handoff")) {
      const std::string tap = map.text("handoff");
      if (std::find(kTaps.begin(), kTaps.end(), tap) == kTaps.end()) {
        map.complain(map.find("handoff")->at, unknown("handoff button", tap, kTaps));
      }
      button.id = "handoff:" + tap;
    } else if (map.has("helped")) {
      const std::string helped = map.text("helped");
      if (helped != "yes" && helped != "no") {
        map.complain(map.find("helped")->at, "'helped' is yes or no: whether the article did");
      }
      button.id = "helped:" + helped;
    } else {
      const std::string intent = map.text("intent");
      check_intent(intent, map.find("intent")->at);
      button.id = "intent:" + intent;
      loading_.program.button_titles.try_emplace(intent, button.titles);
    }
    if (button.id.size() > kButtonBytesMax) {
      map.complain(node.at, "the button id '" + button.id + "' is longer than " +
                                std::to_string(kButtonBytesMax) + " bytes");
    }
    answer.buttons.push_back(std::move(button));
  }

  /// "None of these", of the question which topic is meant.
  void read_clarify_button(const yaml::Map& map, Answer& answer) const {
    if (map.text("clarify") != "none") {
      map.complain(map.find("clarify")->at, "the only clarify button is none");
    }
    answer.buttons.push_back({"clarify:none", read_titles(map, "this button", loading_)});
  }

  void check_intent(const std::string& intent, yaml::Mark at) const {
    const auto& intents = loading_.known.intents;
    if (std::find(intents.begin(), intents.end(), intent) == intents.end()) {
      loading_.mistakes.add_missing("intents", file_, at, unknown("intent", intent, intents));
    } else if (loading_.program.starts.count(intent) == 0) {
      loading_.mistakes.add_missing(
          "flows", file_, at,
          "no flow starts with intent '" + intent + "': this button would do nothing");
    }
  }

  std::string file_;
  bool reserved_;
  Loading& loading_;
  std::string key_;
};

/// The keys below `topic.`, without it.
std::vector<std::string> keys_below(const Loading& loading, const std::string& topic) {
  std::vector<std::string> keys;
  for (const auto& [key, answer] : loading.program.answers) {
    if (key.starts_with(topic + ".")) keys.push_back(key.substr(topic.size() + 1));
  }
  return keys;
}

/// Whether `topic.key` may be written in a bot folder; complains when not.
bool belongs(const std::string& topic, const yaml::Node& topic_node, const yaml::Node& key_node,
             const std::set<std::string>& reserved_topics, const std::string& file,
             Loading& loading) {
  const std::string key = topic + "." + key_node.scalar;
  if (loading.program.flows.count(topic) > 0) return true;
  if (reserved_topics.count(topic) == 0) {
    std::vector<std::string> topics = keys_of(loading.program.flows);
    topics.insert(topics.end(), reserved_topics.begin(), reserved_topics.end());
    loading.mistakes.add_missing("flows", file, topic_node.at, unknown("flow", topic, topics));
    return false;
  }
  const auto found = loading.program.answers.find(key);
  if (found != loading.program.answers.end() && found->second.reserved) return true;
  loading.mistakes.add(file, key_node.at,
                       unknown("key", key_node.scalar, keys_below(loading, topic)));
  return false;
}

void check_reserved_args(const std::string& key, const Answer& answer, Loading& loading) {
  std::vector<std::string> names;
  for (const auto& [name, type] : answer.args) names.push_back(name);
  for (const auto& [name, use] : answer.uses) {
    const auto given = answer.args.find(name);
    if (given == answer.args.end()) {
      loading.mistakes.add(answer.file, answer.at,
                           "'" + key + "': " + unknown("argument", name, names));
    } else if (const std::string wrong = misfit(given->second, use); !wrong.empty()) {
      loading.mistakes.add(answer.file, answer.at, "'" + key + "', {" + name + "}: " + wrong);
    }
  }
}

}  // namespace

void load_answers(const yaml::Document& document, bool reserved, Loading& loading) {
  if (document.root.is_null()) return;
  if (!document.root.is_map()) {
    loading.mistakes.add(document.file, document.root.at,
                         "answers are written as topic, key, language");
    loading.mistakes.leave_unread(document.file);
    return;
  }
  auto& answers = loading.program.answers;
  std::set<std::string> reserved_topics;
  for (const auto& [key, answer] : answers) {
    if (answer.reserved) reserved_topics.insert(key.substr(0, key.find('.')));
  }
  AnswerReader reader(document, reserved, loading);
  for (const auto& [topic, keys] : document.root.entries) {
    const yaml::Map map(document.file, keys, loading.mistakes);
    bool topic_known = true;
    for (const auto& [name, node] : map.node().entries) {
      const std::string key = topic.scalar + "." + name.scalar;
      if (!reserved && topic_known &&
          !belongs(topic.scalar, topic, name, reserved_topics, document.file, loading)) {
        topic_known = reserved_topics.count(topic.scalar) > 0;
        continue;
      }
      if (!topic_known) continue;
      Answer answer = reader.read(key, name.at, node);
      const auto old = answers.find(key);
      if (old != answers.end()) {
        if (!old->second.reserved || old->second.file.find("reserved/") != 0) {
          loading.mistakes.add(document.file, name.at,
                               "'" + key + "' is already written at " + old->second.file + ":" +
                                   std::to_string(old->second.at.line));
          continue;
        }
        answer.reserved = true;
        answer.args = old->second.args;
      }
      if (answer.reserved) check_reserved_args(key, answer, loading);
      answers.insert_or_assign(key, std::move(answer));
    }
  }
}

}  // namespace wasl::flows
