#include "intents/entities_parts.hpp"

#include <algorithm>
#include <string>

// Addresses, account and telephone numbers, orders, amounts, and what numbers are left.

namespace wasl::intents {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_name_character(char c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}
/// Whether a byte belongs to a word of any script.
bool in_word(std::string_view text, std::size_t at) {
  return at < text.size() && (is_letter(text[at]) || is_digit(text[at]) ||
                              static_cast<unsigned char>(text[at]) >= 0x80);
}

std::string capitals(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = is_letter(c) ? static_cast<char>(c - 32) : c;
  return out;
}

Span span_of(std::size_t start, std::size_t end) {
  return {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)};
}

/// ISO 13616: the first four characters last, letters as two digits, modulo 97 is 1.
bool checks(std::string_view iban) {
  unsigned rest = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    rest = is_digit(c) ? rest * 10 + static_cast<unsigned>(c - '0')
                       : rest * 100 + static_cast<unsigned>(c - 'a') + 10;
    rest %= 97;
  }
  return rest == 1;
}

constexpr std::size_t kIbanMin = 15;
constexpr std::size_t kIbanMax = 34;

/// Where an account number that begins at `at` ends, its spaces taken out into `iban`; 0 for none.
std::size_t iban_end(std::string_view text, std::size_t at, std::string& iban) {
  std::size_t best = 0;
  std::string letters;
  for (std::size_t i = at; i < text.size() && letters.size() <= kIbanMax; ++i) {
    const char c = text[i];
    if (c == ' ' || c == '-') continue;
    if (!is_letter(c) && !is_digit(c)) break;
    letters.push_back(c);
    if (letters.size() >= kIbanMin && letters.size() <= kIbanMax && !in_word(text, i + 1) &&
        checks(letters)) {
      best = i + 1;
      iban = letters;
    }
  }
  return best;
}

bool opens_telephone(const std::vector<ValuePart>& parts, std::size_t start) {
  constexpr std::size_t kNear = 12;  // bytes between "phone" and its number
  return std::any_of(parts.begin(), parts.end(), [&](const ValuePart& part) {
    return part.is(ValueKind::phone) && part.span.end <= start && start - part.span.end <= kNear;
  });
}

bool is_symbol(std::string_view text, std::size_t at, std::string_view& code, std::size_t& size) {
  constexpr std::pair<std::string_view, std::string_view> kSymbols[] = {
      {"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}};
  for (const auto& [symbol, iso] : kSymbols) {
    if (!text.substr(std::min(at, text.size())).starts_with(symbol)) continue;
    code = iso;
    size = symbol.size();
    return true;
  }
  return false;
}

bool blank(std::string_view gap) {
  return gap.empty() || gap == " ";
}

/// A code such as a-1032 or ord-2024-77 around `at`, the first letter of a word; 0 for none.
std::size_t code_end(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_letter(text[end])) ++end;
  if (end == at || end - at > 4) return 0;
  if (end >= text.size() || text[end] != '-') return 0;
  std::size_t digits = 0;
  for (++end; end < text.size(); ++end) {
    if (is_digit(text[end])) {
      ++digits;
    } else if (text[end] != '-' || end + 1 >= text.size() || !is_digit(text[end + 1])) {
      break;
    }
  }
  return digits >= 4 && digits <= 12 && !in_word(text, end) ? end : 0;
}

}  // namespace

std::string plain_number(std::string_view digits) {
  const std::size_t mark = digits.find_last_of(".,");
  const auto marks =
      std::count_if(digits.begin(), digits.end(), [](char c) { return c == '.' || c == ','; });
  const bool thousands = mark != std::string_view::npos && digits.size() - mark - 1 == 3 &&
                         (digits[mark] == ',' || marks > 1);
  if (marks > 1 && std::count(digits.begin(), digits.end(), digits[mark]) > 1 && !thousands) {
    return {};  // 192.168.1.1
  }
  std::string plain;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (is_digit(digits[i])) {
      plain += digits[i];
    } else if (i == mark && !thousands) {
      plain += '.';
    }
  }
  const std::size_t zeros = std::min(plain.find_first_not_of('0'), plain.size() - 1);
  plain.erase(0, plain[zeros] == '.' ? zeros - 1 : zeros);
  if (plain.find('.') != std::string::npos) {
    while (plain.back() == '0') plain.pop_back();
    if (plain.back() == '.') plain.pop_back();
  }
  return plain;
}

void claim_emails(std::string_view text, EntityClaims& claims) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t start = at;
    while (start > 0 && at - start < 64 && is_name_character(text[start - 1])) --start;
    std::size_t end = at + 1;
    while (end < text.size() && end - at < 255 &&
           (is_letter(text[end]) || is_digit(text[end]) || text[end] == '-' || text[end] == '.')) {
      ++end;
    }
    while (end > at && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    while (start < at && (text[start] == '.' || text[start] == '-')) ++start;
    const std::size_t dot = text.substr(at, end - at).rfind('.');
    if (start == at || dot == std::string_view::npos || dot < 2 || at + dot + 2 >= end) continue;
    claims.claim("email", std::string(text.substr(start, end - start)), span_of(start, end));
  }
}

void claim_ibans(std::string_view text, EntityClaims& claims) {
  if (text.size() < kIbanMin) return;
  std::size_t tries = 16;
  for (std::size_t at = 0; at + kIbanMin <= text.size() && tries > 0; ++at) {
    if (!is_letter(text[at]) || !is_letter(text[at + 1]) || !is_digit(text[at + 2]) ||
        !is_digit(text[at + 3]) || (at > 0 && in_word(text, at - 1))) {
      continue;
    }
    --tries;
    std::string iban;
    if (const std::size_t end = iban_end(text, at, iban); end != 0) {
      claims.claim("iban", capitals(iban), span_of(at, end));
      at = end;
    }
  }
}

void claim_phones(std::string_view text, const std::vector<ValuePart>& parts,
                  EntityClaims& claims) {
  constexpr std::string_view kInside = " -().";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool plus = text[at] == '+' && at + 1 < text.size() && is_digit(text[at + 1]);
    if ((!is_digit(text[at]) && !plus) || (at > 0 && in_word(text, at - 1))) continue;
    std::string digits;
    std::size_t end = at;
    std::size_t run = 0;
    std::size_t longest = 0;
    for (std::size_t i = at + (plus ? 1 : 0); i < text.size(); ++i) {
      if (is_digit(text[i])) {
        digits.push_back(text[i]);
        end = i + 1;
        longest = std::max(longest, ++run);
      } else if (kInside.find(text[i]) != std::string_view::npos && i - end < 2) {
        run = 0;
      } else {
        break;
      }
    }
    const std::size_t size = digits.size();
    const bool abroad = plus || digits.starts_with("00");
    const bool home = digits.starts_with("0") && size >= 9 && size <= 11;
    const bool told = size >= 7 && opens_telephone(parts, at);
    if (size <= 15 && !in_word(text, end) &&
        ((abroad && size >= 9) || home || told || (size >= 11 && longest == size && size <= 13))) {
      const std::string value = plus                       ? "+" + digits
                                : digits.starts_with("00") ? "+" + digits.substr(2)
                                                           : digits;
      claims.claim("phone", value, span_of(at, end));
    }
    at = std::max(at, end);
  }
}

void claim_order_numbers(std::string_view text, const std::vector<ValuePart>& parts,
                         EntityClaims& claims) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at > 0 && in_word(text, at - 1)) continue;
    if (text[at] == '#') {
      std::size_t end = at + 1;
      while (end < text.size() && is_digit(text[end])) ++end;
      if (end - at > 3 && !in_word(text, end)) {
        claims.claim("order_number", std::string(text.substr(at + 1, end - at - 1)),
                     span_of(at + 1, end));
      }
    } else if (is_letter(text[at])) {
      if (const std::size_t end = code_end(text, at); end != 0) {
        claims.claim("order_number", capitals(text.substr(at, end - at)), span_of(at, end));
      }
    }
  }
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const ValuePart& number = parts[i + 1];
    if (!parts[i].is(ValueKind::order) || !number.is_number()) continue;
    const bool close = number.before.size() <= 4 &&
                       number.before.find_first_not_of(" :#.-") == std::string_view::npos;
    if (close && number.digits.size() >= 3 &&
        number.digits.find_first_of(".,") == std::string_view::npos) {
      claims.claim("order_number", std::string(number.digits), number.span);
    }
  }
}

void claim_amounts(std::string_view text, const std::vector<ValuePart>& parts,
                   EntityClaims& claims) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const ValuePart& part = parts[i];
    if (!part.is_number()) continue;
    const std::string number = plain_number(part.digits);
    if (number.empty()) continue;
    std::string_view code;
    std::size_t size = 0;
    Span span = part.span;
    const ValuePart* const next = i + 1 < parts.size() ? &parts[i + 1] : nullptr;
    if (next != nullptr && next->is(ValueKind::currency) && blank(next->before)) {
      code = next->name->code;
      span.end = next->span.end;
    } else if (is_symbol(text, span.end, code, size)) {
      span.end += static_cast<std::uint32_t>(size);
    } else if (i > 0 && parts[i - 1].is(ValueKind::currency) && blank(part.before)) {
      code = parts[i - 1].name->code;
      span.start = parts[i - 1].span.start;
    } else {
      for (const std::size_t back : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
        if (span.start >= back && is_symbol(text, span.start - back, code, size) && size == back) {
          span.start -= static_cast<std::uint32_t>(size);
          break;
        }
      }
    }
    if (!code.empty()) claims.claim("amount", number + " " + std::string(code), span);
  }
}

void claim_numbers(const std::vector<ValuePart>& parts, EntityClaims& claims) {
  for (const ValuePart& part : parts) {
    if (!part.is_number()) continue;
    if (std::string number = plain_number(part.digits); !number.empty()) {
      claims.claim("number", std::move(number), part.span);
    }
  }
}

}  // namespace wasl::intents
