// Card and identity numbers, masked but for their last four digits.
//
// Digits are read in ASCII, Arabic and Persian shapes; groups may be parted by one space or dash.
// A check digit (Luhn), a date inside, or a fixed prefix must confirm the suspicion, so that order
// numbers, telephone numbers and dates stay readable.  Telephone numbers (+… and 00…) are left.
#include "wasl/handoff/packet.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::handoff {
namespace {

constexpr std::size_t kShown = 4;

struct Digit {
  std::size_t at = 0;      ///< bytes into the text
  std::size_t length = 0;  ///< 1 or 2 bytes
  int value = 0;
};

/// Digits side by side.
struct Group {
  std::vector<Digit> digits;
  bool joined = false;  ///< one space or dash parts it from the group before
};

/// Length 0: no digit there.
Digit digit_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(at) >= '0' && byte(at) <= '9') return {at, 1, byte(at) - '0'};
  if (at + 1 >= text.size()) return {};
  const bool arabic = byte(at) == 0xD9 && byte(at + 1) >= 0xA0 && byte(at + 1) <= 0xA9;
  if (arabic) return {at, 2, byte(at + 1) - 0xA0};
  const bool persian = byte(at) == 0xDB && byte(at + 1) >= 0xB0 && byte(at + 1) <= 0xB9;
  if (persian) return {at, 2, byte(at + 1) - 0xB0};
  return {};
}

std::vector<Group> groups_in(std::string_view text) {
  std::vector<Group> groups;
  std::size_t end = 0;  // of the last group
  for (std::size_t at = 0; at < text.size();) {
    Group group;
    Digit digit = digit_at(text, at);
    if (digit.length == 0) {
      ++at;
      continue;
    }
    const bool parted = at == end + 1 && (text[end] == ' ' || text[end] == '-');
    group.joined = !groups.empty() && parted;
    while (digit.length != 0) {
      group.digits.push_back(digit);
      at += digit.length;
      digit = at < text.size() ? digit_at(text, at) : Digit{};
    }
    end = at;
    groups.push_back(std::move(group));
  }
  return groups;
}

bool luhn(const std::vector<Digit>& digits) {
  int sum = 0;
  bool twice = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    const int value = twice ? digit->value * 2 : digit->value;
    sum += value > 9 ? value - 9 : value;
    twice = !twice;
  }
  return sum % 10 == 0;
}

int number(const std::vector<Digit>& digits, std::size_t from, std::size_t count) {
  int value = 0;
  for (std::size_t i = from; i < from + count; ++i) value = value * 10 + digits[i].value;
  return value;
}

/// `2 YYMMDD …` or `3 YYMMDD …`: fourteen digits with a birthday.
bool holds_birthday(const std::vector<Digit>& digits) {
  if (digits.size() != 14 || (digits[0].value != 2 && digits[0].value != 3)) return false;
  const int month = number(digits, 3, 2);
  const int day = number(digits, 5, 2);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool secret(const std::vector<Digit>& digits, std::size_t group_count, bool short_groups,
            const std::array<std::size_t, 3>& shape) {
  const std::size_t count = digits.size();
  const int first = digits.front().value;
  if (count >= 13 && count <= 19 && first != 0 && !short_groups && luhn(digits)) return true;
  if (holds_birthday(digits)) return true;
  if (count == 15 && number(digits, 0, 3) == 784) return true;
  if (count == 10 && group_count == 1 && (first == 1 || first == 2) && luhn(digits)) return true;
  return group_count == 3 && shape == std::array<std::size_t, 3>{3, 2, 4};
}

/// How many groups from `from` on make one secret number; 0: none.  The longest wins.
std::size_t secret_groups(const std::vector<Group>& groups, std::size_t from) {
  constexpr std::size_t kGroupsMax = 7;
  std::vector<Digit> digits;
  std::array<std::size_t, 3> shape{};
  bool short_groups = false;
  std::size_t longest = 0;
  for (std::size_t i = from; i < groups.size() && i - from < kGroupsMax; ++i) {
    if (i > from && !groups[i].joined) break;
    if (i - from < shape.size()) shape[i - from] = groups[i].digits.size();
    short_groups = short_groups || groups[i].digits.size() < 2;
    digits.insert(digits.end(), groups[i].digits.begin(), groups[i].digits.end());
    if (digits.size() > 19) break;
    if (secret(digits, i - from + 1, short_groups, shape)) longest = i - from + 1;
  }
  return longest;
}

bool telephone(std::string_view text, const Group& group) {
  const std::size_t at = group.digits.front().at;
  if (at > 0 && text[at - 1] == '+') return true;
  return group.digits.size() > 2 && group.digits[0].value == 0 && group.digits[1].value == 0;
}

}  // namespace

std::string mask(std::string_view text) {
  const std::vector<Group> groups = groups_in(text);
  std::vector<Digit> hidden;
  for (std::size_t i = 0; i < groups.size();) {
    if (telephone(text, groups[i])) {
      do ++i;
      while (i < groups.size() && groups[i].joined);
      continue;
    }
    const std::size_t count = secret_groups(groups, i);
    std::vector<Digit> digits;
    for (std::size_t k = i; k < i + count; ++k) {
      digits.insert(digits.end(), groups[k].digits.begin(), groups[k].digits.end());
    }
    if (digits.size() > kShown) hidden.insert(hidden.end(), digits.begin(), digits.end() - kShown);
    i += std::max<std::size_t>(1, count);
  }

  std::string masked;
  std::size_t from = 0;
  for (const Digit& digit : hidden) {
    masked.append(text.substr(from, digit.at - from)).push_back('*');
    from = digit.at + digit.length;
  }
  return masked.append(text.substr(from));
}

}  // namespace wasl::handoff
