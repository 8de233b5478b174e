#include "flows/slots.hpp"

#include "wasl/core/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace wasl::flows {
namespace {

const RE2& number_pattern() {
  static const RE2 pattern(R"((?:^|[^\d\pL.,+\-])([-+]?\d+(?:[.,]\d+)*))");
  return pattern;
}
const RE2& phone_pattern() {
  static const RE2 pattern(R"((\+?\d[\d ()\-.]{4,22}\d))");
  return pattern;
}
const RE2& email_pattern() {
  static const RE2 pattern(R"(([A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+))");
  return pattern;
}

/// The one number in `text`: "1,200.5" and "1200,5" both have a decimal point at the end.
std::optional<Value> number_in(const std::string& text) {
  re2::StringPiece rest(text);
  std::string found;
  std::string another;
  if (!RE2::FindAndConsume(&rest, number_pattern(), &found)) return std::nullopt;
  if (RE2::FindAndConsume(&rest, number_pattern(), &another)) return std::nullopt;
  const std::size_t mark = found.find_last_of(".,");
  // Three digits behind the only comma are thousands.
  const bool decimal =
      mark != std::string::npos && !(found[mark] == ',' && found.size() - mark - 1 == 3);
  std::string plain;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i] == '+') continue;
    if (found[i] != '.' && found[i] != ',') {
      plain += found[i];
    } else if (decimal && i == mark) {
      plain += '.';
    }
  }
  double number = 0.0;
  const char* const last = plain.data() + plain.size();
  const auto [end, error] = std::from_chars(plain.data(), last, number);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

std::optional<Value> phone_in(const std::string& text) {
  std::string found;
  if (!RE2::PartialMatch(text, phone_pattern(), &found)) return std::nullopt;
  std::string digits;
  for (const char c : found) {
    if (c == '+' || (c >= '0' && c <= '9')) digits += c;
  }
  const std::size_t count = digits.size() - (digits.starts_with("+") ? 1 : 0);
  if (count < 7 || count > 15) return std::nullopt;  // E.164
  return digits;
}

std::optional<Value> pattern_in(const RE2& pattern, const std::string& text) {
  std::string upper = text;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  });
  for (const std::string& form : {text, upper}) {
    re2::StringPiece match;
    if (pattern.Match(form, 0, form.size(), RE2::UNANCHORED, &match, 1) && !match.empty()) {
      return std::string(match.data(), match.size());
    }
  }
  return std::nullopt;
}

/// `text` folded and between spaces; Arabic words without the alef that an accusative leaves
/// behind, as most people write them: تالفا, تالف.
std::string as_words(std::string_view text) {
  constexpr std::string_view kAlef = "ا";
  constexpr std::size_t kStemBytesMin = 6;  // three Arabic letters
  const std::string plain = fold(text);
  std::string words = " ";
  for (std::string_view word : split(plain, ' ')) {
    if (word.ends_with(kAlef) && word.size() >= kStemBytesMin + kAlef.size()) {
      word.remove_suffix(kAlef.size());
    }
    words.append(word).append(" ");
  }
  return words;
}

/// The value that the message names: by its word or title exactly, by its number in the list, or by
/// being the only one of whose words some stand in the message, or else the message in them.
std::optional<Value> choice_in(const Slot& slot, std::string_view text) {
  constexpr std::size_t kPartCharsMin = 4;  // "the" and "في" are in many titles
  const std::string plain = fold(text);
  if (plain.empty()) return std::nullopt;
  const std::string words = as_words(text);
  std::vector<std::string> named;
  std::vector<std::string> hinted;
  for (std::size_t i = 0; i < slot.values.size(); ++i) {
    const Choice& choice = slot.values[i];
    const auto& names = choice.names;
    const bool exactly = std::find(names.begin(), names.end(), plain) != names.end();
    if (exactly || plain == std::to_string(i + 1)) return choice.value;
    bool inside = false;
    bool part = false;
    for (const std::string& phrase : choice.phrases) {
      inside = inside || words.find(phrase) != std::string::npos;
      part = part || phrase.find(words) != std::string::npos;
    }
    if (inside) named.push_back(choice.value);
    if (part && code_points(plain) >= kPartCharsMin) hinted.push_back(choice.value);
  }
  if (named.empty()) named = std::move(hinted);
  if (named.size() != 1) return std::nullopt;
  return named.front();
}

/// `15.5 KWD` in the slot's currency.
std::optional<Value> amount_in(const Slot& slot, std::string_view entity) {
  const std::size_t gap = entity.find(' ');
  if (gap == std::string_view::npos || entity.substr(gap + 1) != slot.currency) return std::nullopt;
  return number_in(std::string(entity.substr(0, gap)));
}

std::optional<Value> date_in(const std::string& text) {
  static const RE2 pattern(R"((?:^|[^\d])(\d{4}-\d{2}-\d{2})(?:$|[^\d]))");
  std::string found;
  if (!RE2::PartialMatch(text, pattern, &found) || !parse_iso8601(found)) return std::nullopt;
  return found;
}

std::string clock_of(int minute) {
  char text[8];
  (void)std::snprintf(text, sizeof text, "%02d:%02d", minute / 60 % 24, minute % 60);
  return text;
}

/// The hour alone, as people answer "at what time?": before noon, or else after it.
std::vector<Value> times_in(const std::string& text) {
  static const RE2 pattern(R"(^\D*(\d{1,2})(?:[:.](\d{2}))?\D*$)");
  int hour = 0;
  std::string minutes;
  if (!RE2::FullMatch(text, pattern, &hour, &minutes)) return {};
  const int minute = minutes.empty() ? 0 : std::atoi(minutes.c_str());
  if (hour > 23 || minute > 59) return {};
  const int first = hour * 60 + minute;
  std::vector<Value> found{clock_of(first)};
  if (hour >= 1 && hour < 12) found.emplace_back(clock_of(first + 12 * 60));
  return found;
}

}  // namespace

std::optional<Value> from_entity(const Slot& slot, std::string_view entity) {
  switch (slot.type) {
    case SlotType::money:
      return amount_in(slot, entity);
    case SlotType::date:
    case SlotType::time:
      if (!reads_as(type_of(slot).kind, entity)) return std::nullopt;
      return std::string(entity);
    case SlotType::phone:
      return phone_in(std::string(entity));
    default:
      return std::string(entity);
  }
}

std::vector<Value> readings(const Slot& slot, std::string_view text,
                            const Understanding& understanding, const Words& words) {
  const std::optional<Value> value = extract(slot, text, understanding, words);
  if (slot.type != SlotType::time) return value ? std::vector<Value>{*value} : std::vector<Value>{};
  const std::string plain = latin_digits(text);
  const std::vector<Value> times = times_in(plain);
  // With a word beside it ("5 in the afternoon") only what was understood is meant.
  const bool alone = plain.find_first_not_of("0123456789:. ") == std::string::npos ||
                     std::none_of(understanding.entities.begin(), understanding.entities.end(),
                                  [](const Entity& found) { return found.entity == "time"; });
  if (value && (!alone || times.empty())) return {*value};
  return times;
}

Choice make_choice(std::string value, Titles titles, const std::vector<std::string>& others) {
  Choice choice{std::move(value), std::move(titles), {}, {}};
  choice.names.push_back(fold(choice.value));
  const auto add = [&](const std::string& words) {
    choice.names.push_back(fold(words));
    choice.phrases.push_back(as_words(words));
  };
  for (const auto& [language, title] : choice.titles) add(title);
  for (const std::string& words : others) add(words);
  return choice;
}

std::optional<Value> extract(const Slot& slot, std::string_view text,
                             const Understanding& understanding, const Words& words) {
  const std::string digits = latin_digits(text);
  const std::string_view wanted = entity_of(slot);
  for (const Entity& entity : understanding.entities) {
    if (!wanted.empty() && entity.entity == wanted) return from_entity(slot, entity.value);
  }
  switch (slot.type) {
    case SlotType::text: {
      const std::string_view whole = trim(text);
      if (whole.empty()) return std::nullopt;
      return std::string(whole);
    }
    case SlotType::number:
    case SlotType::money:
      return number_in(digits);
    case SlotType::date:
      return date_in(digits);
    case SlotType::time: {
      const std::vector<Value> times = times_in(digits);
      if (times.empty()) return std::nullopt;
      return times.front();
    }
    case SlotType::phone:
      return phone_in(digits);
    case SlotType::email: {
      std::string found;
      if (!RE2::PartialMatch(digits, email_pattern(), &found)) return std::nullopt;
      return found;
    }
    case SlotType::choice:
      return choice_in(slot, text);
    case SlotType::yes_no: {
      const std::optional<bool> answer = yes_or_no(words, text);
      if (!answer) return std::nullopt;
      return *answer;
    }
    case SlotType::pattern:
      return pattern_in(*slot.pattern, digits);
    case SlotType::entity:
      break;
  }
  return std::nullopt;
}

std::optional<Value> tapped(const Slot& slot, std::string_view value, const Words& words) {
  if (slot.type == SlotType::choice) {
    const Choice* choice = slot.find_choice(value);
    return choice == nullptr ? std::nullopt : std::optional<Value>(choice->value);
  }
  if (slot.type == SlotType::yes_no) {
    if (value == "yes") return true;
    if (value == "no") return false;
    return std::nullopt;
  }
  return extract(slot, value, {}, words);
}

}  // namespace wasl::flows
