#include "wasl/intents/clean.hpp"

#include "intents/clean_scan.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <array>

// One pass over code points.  ASCII and plain Arabic, nearly all we see, are folded by a switch;
// anything else is taken apart by ICU's compatibility decomposition (NFKD) and loses its marks, so
// that composed, decomposed, full-width and presentation forms all end as the same letters.  That
// is NFKC with accents folded, and it needs no look-ahead: ten thousand marks on one letter cost
// ten thousand table look-ups.  Left out: scripts in which marks are vowels lose them, on both
// sides of a match.

namespace wasl::intents {
namespace {

constexpr std::size_t kCodePointsMax = 4000;
constexpr std::size_t kBytesMax = 16 * 1024;
constexpr char32_t kNothing = 0;

/// Arabic block, U+0600 to U+06FF: letters are folded to 28, digits and punctuation to ASCII.
char32_t fold_arabic(char32_t c) {
  if (c >= 0x0660 && c <= 0x0669) return U'0' + (c - 0x0660);
  if (c >= 0x06F0 && c <= 0x06F9) return U'0' + (c - 0x06F0);
  if (c >= 0x064B && c <= 0x065F) return kNothing;  // tashkeel
  switch (c) {
    case U'أ':
    case U'إ':
    case U'آ':
    case U'ٱ':
      return U'ا';
    case U'ؤ':
      return U'و';
    case U'ئ':
    case U'ى':
    case U'ی':
    case U'ې':
    case U'ے':
      return U'ي';
    case U'ة':
    case U'ہ':
    case U'ھ':
    case U'ە':
    case U'ۀ':
      return U'ه';
    case U'ک':
    case U'گ':
    case U'ڭ':
      return U'ك';
    case U'چ':
      return U'ج';
    case U'پ':
      return U'ب';
    case U'ڤ':
      return U'ف';
    case U'ڨ':
      return U'ق';
    case U'ژ':
      return U'ز';
    case U'ء':
    case 0x0640:  // tatweel
    case 0x0670:  // superscript alef
    case 0x061C:  // Arabic letter mark
      return kNothing;
    case U'،':
      return U',';
    case U'؛':
      return U';';
    case U'؟':
      return U'?';
    case U'٪':
      return U'%';
    case U'٫':
      return U'.';
    case U'٬':
      return U',';
    case U'۔':
      return U'.';
    default:
      break;
  }
  const auto type = u_charType(static_cast<UChar32>(c));
  if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) {
    return kNothing;
  }
  return c;
}

char32_t fold_ascii(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c + 32;
  if (c == U'\n' || c == U'\t' || c == U'\r' || c == U'\v' || c == U'\f') return U' ';
  if (c < 0x20 || c == 0x7F) return kNothing;
  return c;
}

char32_t fold_other(char32_t c) {
  switch (c) {
    case 0x200B:
    case 0x200C:  // zero-width space and non-joiner stand between words
      return U' ';
    case U'‘':
    case U'’':
    case U'‚':
    case U'`':
    case U'´':
    case U'ʼ':
      return U'\'';
    case U'“':
    case U'”':
    case U'„':
    case U'«':
    case U'»':
      return U'"';
    case U'‐':
    case U'‑':
    case U'‒':
    case U'–':
    case U'—':
    case U'―':
    case U'−':
      return U'-';
    default:
      break;
  }
  const auto code = static_cast<UChar32>(c);
  const int digit = u_charDigitValue(code);
  if (digit >= 0) return U'0' + static_cast<char32_t>(digit);
  switch (u_charType(code)) {
    case U_SPACE_SEPARATOR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_UNASSIGNED:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
      return U' ';
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR:
      return kNothing;
    default:
      return static_cast<char32_t>(u_foldCase(code, U_FOLD_CASE_DEFAULT));
  }
}

char32_t fold(char32_t c) {
  if (c < 0x80) return fold_ascii(c);
  if (c >= 0x0600 && c <= 0x06FF) return fold_arabic(c);
  return fold_other(c);
}

/// fold_arabic() of the whole block.
const std::array<char16_t, 256>& arabic_folds() {
  static const std::array<char16_t, 256> folds = [] {
    std::array<char16_t, 256> all{};
    for (char32_t i = 0; i < 256; ++i) all[i] = static_cast<char16_t>(fold_arabic(0x0600 + i));
    return all;
  }();
  return folds;
}

bool is_emoji(char32_t c) {
  if (c < 0x203C || (c >= 0xFB50 && c <= 0xFEFF)) return false;
  if (c >= 0x1F1E6 && c <= 0x1F1FF) return true;  // flags are pairs of these
  return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_EXTENDED_PICTOGRAPHIC) != 0;
}

bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
  return u_isalpha(static_cast<UChar32>(c)) != 0;
}

/// Calls `take` with every folded code point of `c`.
template <typename Take>
void fold_each(char32_t c, const Take& take) {
  if (c < 0x80 || (c >= 0x0600 && c <= 0x06FF)) {
    if (const char32_t folded = fold(c); folded != kNothing) take(folded);
    return;
  }
  static const icu::Normalizer2* const nfkc = [] {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFKCInstance(status);
  }();
  icu::UnicodeString parts;
  if (nfkc == nullptr || nfkc->getDecomposition(static_cast<UChar32>(c), parts) == 0) {
    if (const char32_t folded = fold(c); folded != kNothing) take(folded);
    return;
  }
  for (int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    if (const char32_t folded = fold(static_cast<char32_t>(parts.char32At(i)));
        folded != kNothing) {
      take(folded);
    }
  }
}

/// Laughing, web addresses and kisses are no elongation.
bool stretches(char32_t c) {
  return c != U'ه' && c != U'w' && c != U'x' && is_letter(c);
}

class Cleaner {
 public:
  explicit Cleaner(std::size_t run_max) : run_max_(run_max) {}

  void read(std::string_view text) {
    out_.text.reserve(text.size() < kBytesMax ? text.size() + 8 : kBytesMax);
    out_.origin.reserve(out_.text.capacity());
    const std::array<char16_t, 256>& arabic = arabic_folds();
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size() && count < kCodePointsMax; ++count) {
      const auto start = static_cast<std::uint32_t>(at);
      const char32_t c = scan_code_point(text, at);
      const Span from{start, static_cast<std::uint32_t>(at)};
      if (c < 0x80) {
        ascii(c, from);
      } else if (c >= 0x0600 && c <= 0x06FF) {
        count_letter(c);
        if (const char32_t folded = arabic[c - 0x0600]; folded != kNothing) {
          put(folded, from);
        } else {
          belongs_to_last(from);
        }
      } else {
        other(c, from);
      }
      if (out_.text.size() + 32 > kBytesMax) break;
    }
  }

  Clean take() { return std::move(out_); }

 private:
  void ascii(char32_t c, Span from) {
    if (c >= U'a' && c <= U'z') {
      ++out_.latin_letters;
      put(c, from);
    } else if (c >= U'A' && c <= U'Z') {
      ++out_.latin_letters;
      ++out_.latin_capitals;
      put(c + 32, from);
    } else if (const char32_t folded = fold_ascii(c); folded == U' ') {
      space(from);
    } else if (folded != kNothing) {
      put(folded, from);
    } else {
      belongs_to_last(from);
    }
  }

  void other(char32_t c, Span from) {
    if (c == 0xFFFD) {
      space(from);
    } else if (c >= 0x1F3FB && c <= 0x1F3FF) {
      return;  // skin tones
    } else if (is_emoji(c)) {
      emoji(c, from);
    } else {
      count_letter(c);
      const std::size_t written = out_.text.size();
      fold_each(c, [&](char32_t folded) {
        if (folded == U' ') {
          space(from);
        } else if (is_emoji(folded)) {  // ↮ is ↔ with a stroke
          emoji(folded, from);
        } else {
          put(folded, from);
        }
      });
      if (out_.text.size() == written) belongs_to_last(from);
    }
  }

  void count_letter(char32_t c) {
    if ((c >= 0x0620 && c <= 0x064A && c != 0x0640) || (c >= 0x066E && c <= 0x06D3) ||
        (c >= 0xFB50 && c <= 0xFEFC)) {
      ++out_.arabic_letters;
    } else if (c >= 0x00C0 && c <= 0x024F) {
      ++out_.latin_letters;
    }
  }

  void space(Span from) {
    if (!out_.text.empty() && !space_waits_) {
      space_waits_ = true;
      space_from_ = from;
    }
    last_ = U' ';
    run_ = 1;
    shouts_ = 0;
  }

  void emoji(char32_t c, Span from) {
    ++out_.emoji;
    const bool again = c == last_;
    if (!again && !out_.text.empty() && !space_waits_) {
      space_waits_ = true;
      space_from_ = {from.start, from.start};
    }
    put(c, from);
    if (!space_waits_) {  // the next word stands apart
      space_waits_ = true;
      space_from_ = {from.end, from.end};
    }
  }

  void put(char32_t c, Span from) {
    if (c == last_) {
      ++run_;
    } else {
      run_ = 1;
      run_start_ = from.start;
      last_ = c;
    }
    if (c == U'!' || c == U'?') {
      note_shout(from);
    } else {
      shouts_ = 0;
    }
    if (run_ > 2 && repeats(c, from)) return;
    if (space_waits_) {
      space_waits_ = false;
      out_.text.push_back(' ');
      out_.origin.push_back(space_from_);
    }
    last_start_ = out_.text.size();
    append(c, from);
    if (run_max_ < 2 && run_ == 1) single_at_ = last_start_;
  }

  void append(char32_t c, Span from) {
    if (c < 0x80) {
      out_.text.push_back(static_cast<char>(c));
      out_.origin.push_back(from);
    } else if (c < 0x800) {
      out_.text.push_back(static_cast<char>(0xC0U | c >> 6U));
      out_.text.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
      out_.origin.push_back(from);
      out_.origin.push_back(from);
    } else {
      append_code_point(out_.text, c);
      out_.origin.resize(out_.text.size(), from);
    }
  }

  /// The third of a run and those behind it: noted, and whether left out.
  bool repeats(char32_t c, Span from) {
    if (stretches(c)) {
      if (run_ == 3) ++out_.elongations;
      if (out_.elongations == 1) out_.elongation = {run_start_, from.end};
    }
    if (run_ <= run_max_ || (c >= U'0' && c <= U'9')) return false;
    widen_last(from.end);
    return true;
  }

  /// What leaves nothing behind, a mark or a hamza, belongs to the letter before it.
  void belongs_to_last(Span from) {
    if (space_waits_) return;
    for (std::size_t i = last_start_; i < out_.origin.size(); ++i) {
      if (out_.origin[i].end == from.start) out_.origin[i].end = from.end;
    }
  }

  void note_shout(Span from) {
    if (shouts_++ == 0) shouts_start_ = from.start;
    if (shouts_ >= 3 && (out_.exclamation.empty() || out_.exclamation.start == shouts_start_)) {
      out_.exclamation = {shouts_start_, from.end};
    }
  }

  /// A dropped repetition belongs to the letter that stays; with run_max 1 the second copy, kept
  /// because doubles are spelling, goes too once a third shows that it was not.
  void widen_last(std::uint32_t end) {
    if (run_max_ < 2 && run_ == 3 && stretches(last_)) {
      out_.text.resize(last_start_);
      out_.origin.resize(last_start_);
      last_start_ = single_at_;
    }
    for (std::size_t i = last_start_; i < out_.origin.size(); ++i) out_.origin[i].end = end;
  }

  std::size_t run_max_;
  Clean out_;
  char32_t last_ = U' ';
  std::size_t run_ = 0;
  std::uint32_t run_start_ = 0;
  std::size_t last_start_ = 0;
  std::size_t single_at_ = 0;
  std::size_t shouts_ = 0;
  std::uint32_t shouts_start_ = 0;
  bool space_waits_ = false;
  Span space_from_;
};

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto i = static_cast<std::int64_t>(at);
  const auto size = static_cast<std::int64_t>(text.size());
  UChar32 c = 0;
  U8_NEXT(bytes, i, size, c);
  at = static_cast<std::size_t>(i);
  return c < 0 ? U'\uFFFD' : static_cast<char32_t>(c);
}

void append_code_point(std::string& text, char32_t c) {
  if (c < 0x80) {
    text.push_back(static_cast<char>(c));
    return;
  }
  char bytes[U8_MAX_LENGTH];
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, static_cast<UChar32>(c));
  text.append(bytes, static_cast<std::size_t>(size));
}

bool is_word(char32_t c) {
  if (c < 0x80) return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || c == U'_';
  if (c >= 0x0621 && c <= 0x064A) return true;
  return u_isalnum(static_cast<UChar32>(c)) != 0;
}

std::string clean_code_point(char32_t c) {
  std::string out;
  if (is_emoji(c)) {
    append_code_point(out, c);
  } else {
    fold_each(c, [&](char32_t folded) { append_code_point(out, folded); });
  }
  return out;
}

Span Clean::original(std::size_t start, std::size_t end) const {
  end = end < origin.size() ? end : origin.size();
  if (start >= end) return {};
  return {origin[start].start, origin[end - 1].end};
}

Clean clean(std::string_view text, std::size_t run_max) {
  // Offsets are 32 bits; 4,000 code points never need more than 16,000 bytes, invalid ones fewer.
  Cleaner cleaner(run_max < 1 ? 1 : run_max);
  cleaner.read(text.substr(0, kCodePointsMax * 4));
  return cleaner.take();
}

}  // namespace wasl::intents
