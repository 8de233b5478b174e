#include "intents/entities_builtin.hpp"

#include "intents/entities_parts.hpp"
#include "intents/lexicon.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

// Scanners rather than patterns: most messages have neither digits nor names of values and pay for
// nothing, and check digits and calendars are no business of expressions.  What is written in one
// piece goes first, then what is put together, then the bare numbers that are left.

namespace wasl::intents {
namespace {

constexpr std::size_t kPartsMax = 64;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The longest name that begins with word `first`; moves `first` past it.
const NamedValue* longest_name(std::string_view text, std::span<const Word> words,
                               std::size_t& first, Span& span) {
  const NamedValues& names = lexicon().values;
  const std::uint32_t start = words[first].span.start + words[first].joined;
  for (std::size_t count = std::min(NamedValues::kWordsMax, words.size() - first); count > 0;
       --count) {
    const std::uint32_t end = words[first + count - 1].span.end;
    if (const NamedValue* name = names.find(text.substr(start, end - start))) {
      span = {start, end};
      first += count;
      return name;
    }
  }
  ++first;
  return nullptr;
}

class PartReader {
 public:
  PartReader(std::string_view text, std::span<const Word> words) : text_(text), words_(words) {}

  std::vector<ValuePart> read() {
    std::size_t at = 0;
    for (std::size_t i = 0; i < words_.size() && parts_.size() < kPartsMax;) {
      const Word& word = words_[i];
      if (word.span.start < at) {  // inside the number before: 1,200
        ++i;
      } else if (word.digits && is_digit(text_[word.span.start])) {
        at = number(word);
        ++i;
      } else if ((word.facts & fact::kValue) != 0) {
        Span span;
        if (const NamedValue* name = longest_name(text_, words_, i, span))
          put({span, name, {}, {}});
      } else {
        ++i;
      }
    }
    return std::move(parts_);
  }

 private:
  /// A number and what is written together with it: 5pm, 12th, 50sar.
  std::size_t number(const Word& word) {
    std::size_t end = word.span.start;
    for (;;) {
      while (end < text_.size() && is_digit(text_[end])) ++end;
      const bool goes_on = end + 1 < text_.size() && (text_[end] == '.' || text_[end] == ',') &&
                           is_digit(text_[end + 1]);
      if (!goes_on) break;
      ++end;
    }
    const Span span{word.span.start, static_cast<std::uint32_t>(end)};
    put({span, nullptr, text_.substr(span.start, end - span.start), {}});
    if (end < word.span.end) {
      const std::string_view rest = text_.substr(end, word.span.end - end);
      if (const NamedValue* name = lexicon().values.find(rest)) {
        put({{static_cast<std::uint32_t>(end), word.span.end}, name, {}, {}});
      }
    }
    return std::max<std::size_t>(end, word.span.end);
  }

  void put(ValuePart part) {
    const std::uint32_t before = parts_.empty() ? 0 : parts_.back().span.end;
    part.before = text_.substr(before, part.span.start - before);
    parts_.push_back(part);
  }

  std::string_view text_;
  std::span<const Word> words_;
  std::vector<ValuePart> parts_;
};

}  // namespace

std::optional<int> ValuePart::integer(int max) const {
  int value = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value);
  if (!is_number() || error != std::errc() || end != last || value > max) return std::nullopt;
  return value;
}

bool EntityClaims::is_free(Span span) const {
  return std::none_of(hits_.begin(), hits_.end(), [&](const EntityHit& hit) {
    return span.start < hit.span.end && hit.span.start < span.end;
  });
}

bool EntityClaims::claim(std::string_view entity, std::string value, Span span) {
  if (hits_.size() >= kMax || span.empty() || !is_free(span)) return false;
  hits_.push_back({std::string(entity), std::move(value), span});
  return true;
}

std::vector<EntityHit> EntityClaims::take() {
  std::sort(hits_.begin(), hits_.end(),
            [](const EntityHit& a, const EntityHit& b) { return a.span.start < b.span.start; });
  return std::move(hits_);
}

std::vector<EntityHit> find_builtins(const Clean& cleaned, std::span<const Word> words,
                                     std::chrono::year_month_day today) {
  bool digits = false;
  bool names = false;
  for (const Word& word : words) {
    digits = digits || word.digits;
    names = names || (word.facts & fact::kValue) != 0;
  }
  const std::string_view text = cleaned.text;
  const bool address = text.find('@') != std::string_view::npos;
  if (!digits && !names && !address) return {};

  EntityClaims claims;
  if (address) claim_emails(text, claims);
  const std::vector<ValuePart> parts = PartReader(text, words).read();
  if (digits) {
    claim_ibans(text, claims);
    claim_amounts(text, parts, claims);
    claim_order_numbers(text, parts, claims);
    claim_phones(text, parts, claims);
  }
  claim_dates(text, parts, today, claims);
  if (digits) {
    claim_times(text, parts, claims);
    claim_numbers(parts, claims);
  }
  return claims.take();
}

}  // namespace wasl::intents
