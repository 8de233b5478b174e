// ICU formats plurals and selects; numbers and dates we format ourselves, because
//  - a date has no zone of ours: it is shown as written, wherever the server stands,
//  - an argument without a value must never appear as {name} on a customer's screen,
//  - one formatter per style serves all texts instead of one per text.
// So `{eta, date, ::dMMMM}` is rewritten to `{_p0}`, and _p0 is given as a text.
#include "flows/message.hpp"

#include "wasl/core/text.hpp"

#include <unicode/locid.h>
#include <unicode/messagepattern.h>
#include <unicode/numberformatter.h>
#include <unicode/plurrule.h>
#include <unicode/strenum.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <set>

namespace wasl::flows {
namespace {

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

bool number_skeleton_ok(std::string_view style) {
  UErrorCode status = U_ZERO_ERROR;
  UParseError where;
  const auto skeleton = icu::UnicodeString::fromUTF8(
      icu::StringPiece(style.data(), static_cast<int32_t>(style.size())));
  (void)icu::number::NumberFormatter::forSkeleton(skeleton, where, status);
  return U_SUCCESS(status) != 0;
}

/// Why `{…, format, style}` cannot be shown, or "".
std::string style_mistake(const std::string& format, const std::string& style) {
  const bool skeleton = style.starts_with("::");
  if (format == "number") {
    if (style.empty() || style == "integer" || style == "percent") return "";
    if (skeleton && number_skeleton_ok(std::string_view(style).substr(2))) return "";
    return "unknown number style '" + style + "': write integer, percent or a skeleton like ::.00";
  }
  if (style.empty() || style == "short" || style == "medium" || style == "long" ||
      style == "full") {
    return "";
  }
  static constexpr std::string_view fields = "GyYuUrQqMLlwWdDFgEecabBhHKkjJCmsSAzZOvVXx";
  if (skeleton && style.size() > 2 && style.find_first_not_of(fields, 2) == std::string::npos) {
    return "";
  }
  return "unknown " + format + " style '" + style +
         "': write short, medium, long, full or a skeleton like ::dMMMM";
}

class Reader {
 public:
  Reader(const std::string& source, const std::string& tag, std::map<std::string, Use>& uses,
         const std::function<void(std::string)>& complain,
         const std::function<void(std::string)>& warn)
      : tag_(tag), uses_(uses), complain_(complain), warn_(warn) {
    text_.source = source;
    wide_ = icu::UnicodeString::fromUTF8(source);
  }

  Text read() {
    if (text_.source.find_first_of("{}'") == std::string::npos) {
      text_.verbatim = true;
      return std::move(text_);
    }
    UErrorCode status = U_ZERO_ERROR;
    UParseError where{};
    const icu::MessagePattern pattern(wide_, &where, status);
    if (U_FAILURE(status) != 0) {
      complain_("this text is not well-formed near '" +
                utf8(icu::UnicodeString(static_cast<const char16_t*>(where.postContext))) +
                "': check { } and the other {…} form");
      text_.verbatim = true;
      return std::move(text_);
    }
    walk(pattern);
    return std::move(text_);
  }

 private:
  void walk(const icu::MessagePattern& pattern) {
    icu::UnicodeString out;
    int32_t copied = 0;
    for (int32_t i = 0; i < pattern.countParts(); ++i) {
      const auto& part = pattern.getPart(i);
      if (part.getType() != UMSGPAT_PART_TYPE_ARG_START) continue;
      const std::string name = utf8(pattern.getSubstring(pattern.getPart(i + 1)));
      const UMessagePatternArgType type = part.getArgType();
      if (type == UMSGPAT_ARG_TYPE_NONE || type == UMSGPAT_ARG_TYPE_SIMPLE) {
        const int32_t limit = pattern.getLimitPartIndex(i);
        const std::string placeholder = "_p" + std::to_string(text_.pieces.size());
        out.append(wide_, copied, part.getIndex() - copied);
        out.append(icu::UnicodeString::fromUTF8("{" + placeholder + "}"));
        copied = pattern.getPart(limit).getLimit();
        piece(pattern, i, limit, name, placeholder);
        i = limit;
      } else if (type == UMSGPAT_ARG_TYPE_CHOICE) {
        complain_("{" + name + ", choice, …} is outdated: write plural or select");
      } else {
        selector(pattern, i, name, type);
      }
    }
    out.append(wide_, copied, wide_.length() - copied);
    text_.pattern = utf8(out);
  }

  void piece(const icu::MessagePattern& pattern, int32_t start, int32_t limit,
             const std::string& name, const std::string& placeholder) {
    Piece piece{placeholder, name, "", ""};
    for (int32_t i = start + 2; i < limit; ++i) {
      const auto& part = pattern.getPart(i);
      const std::string word(trim(utf8(pattern.getSubstring(part))));
      if (part.getType() == UMSGPAT_PART_TYPE_ARG_TYPE) piece.format = word;
      if (part.getType() == UMSGPAT_PART_TYPE_ARG_STYLE) piece.style = word;
    }
    if (piece.format.empty()) {
      use(name, Use::plain);
    } else if (piece.format == "number" || piece.format == "date" || piece.format == "time") {
      use(name, piece.format == "number" ? Use::number
                : piece.format == "date" ? Use::date
                                         : Use::time);
      const std::string wrong = style_mistake(piece.format, piece.style);
      if (!wrong.empty()) complain_(wrong);
    } else {
      static const std::vector<std::string> formats{"number", "date",   "time",
                                                    "plural", "select", "selectordinal"};
      complain_("unknown format '" + piece.format + "' of {" + name + "}" +
                did_you_mean(piece.format, formats));
    }
    text_.pieces.push_back(std::move(piece));
  }

  void selector(const icu::MessagePattern& pattern, int32_t start, const std::string& name,
                UMessagePatternArgType type) {
    const bool plural = type != UMSGPAT_ARG_TYPE_SELECT;
    text_.selectors.push_back({name, plural});
    const std::vector<std::string> words = selectors_of(pattern, start);
    if (plural) {
      use(name, Use::number);
      check_plural(words, type, counts_something(pattern, start) ? name : "");
      return;
    }
    // `{x, select, none {…} other {…}}` only asks whether there is a value: any type will do.
    for (const std::string& word : words) {
      if (word != "none" && word != "other") return use(name, Use::select);
    }
    uses_.try_emplace(name, Use::any);
  }

  static std::vector<std::string> selectors_of(const icu::MessagePattern& pattern, int32_t start) {
    std::vector<std::string> words;
    const int32_t end = pattern.getLimitPartIndex(start);
    for (int32_t i = start + 1; i < end; ++i) {
      const auto& part = pattern.getPart(i);
      if (part.getType() == UMSGPAT_PART_TYPE_ARG_SELECTOR) {
        words.push_back(utf8(pattern.getSubstring(part)));
      } else if (part.getType() == UMSGPAT_PART_TYPE_MSG_START) {
        i = pattern.getLimitPartIndex(i);  // an inner message has selectors of its own
      }
    }
    return words;
  }

  /// Whether a form of the plural beginning at `start` shows its number before a word.
  [[nodiscard]] bool counts_something(const icu::MessagePattern& pattern, int32_t start) const {
    const icu::UnicodeString name = pattern.getSubstring(pattern.getPart(start + 1));
    for (int32_t i = start + 2; i < pattern.getLimitPartIndex(start); ++i) {
      const auto& part = pattern.getPart(i);
      int32_t behind = -1;
      if (part.getType() == UMSGPAT_PART_TYPE_REPLACE_NUMBER) behind = part.getLimit();
      if (part.getType() == UMSGPAT_PART_TYPE_ARG_NAME && pattern.getSubstring(part) == name) {
        behind = pattern.getPart(pattern.getLimitPartIndex(i - 1)).getLimit();
      }
      if (behind < 0) continue;
      while (behind < wide_.length() && u_isspace(wide_.char32At(behind)) != 0) ++behind;
      if (behind < wide_.length() && u_isalpha(wide_.char32At(behind)) != 0) return true;
    }
    return false;
  }

  /// `counted`: the number's name where the text counts something, which must agree with it.
  void check_plural(const std::vector<std::string>& words, UMessagePatternArgType type,
                    const std::string& counted) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::PluralRules> rules(icu::PluralRules::forLocale(
        icu::Locale::forLanguageTag(tag_, status),
        type == UMSGPAT_ARG_TYPE_PLURAL ? UPLURAL_TYPE_CARDINAL : UPLURAL_TYPE_ORDINAL, status));
    if (U_FAILURE(status) != 0 || rules == nullptr) return;
    std::vector<std::string> forms;
    const std::unique_ptr<icu::StringEnumeration> keywords(rules->getKeywords(status));
    while (const char* form = keywords->next(nullptr, status)) forms.emplace_back(form);
    for (const std::string& word : words) {
      if (word.starts_with("=")) continue;
      if (rules->isKeyword(icu::UnicodeString::fromUTF8(word)) != 0) continue;
      complain_("plural form '" + word + "' does not exist in this language" +
                did_you_mean(word, forms));
    }
    if (!counted.empty() && type == UMSGPAT_ARG_TYPE_PLURAL) warn_of_missing(words, forms, counted);
  }

  /// `other` stands in for a form that is missing, which reads wrong beside a number: «3 رسالة».
  /// Not for zero, where it reads right.
  void warn_of_missing(const std::vector<std::string>& words, const std::vector<std::string>& forms,
                       const std::string& counted) {
    const auto has = [&](const std::string& word) {
      return std::find(words.begin(), words.end(), word) != words.end();
    };
    std::string missing;
    for (const std::string form : {"one", "two", "few", "many"}) {
      const bool exists = std::find(forms.begin(), forms.end(), form) != forms.end();
      const std::string exact = form == "one" ? "=1" : form == "two" ? "=2" : form;
      if (!exists || has(form) || has(exact)) continue;
      missing += (missing.empty() ? "" : ", ") + form;
    }
    if (missing.empty()) return;
    warn_("the plural of {" + counted + "} has no form " + missing +
          ": 'other' is said instead, which may read wrong");
  }

  /// Notes a use; a special use replaces a plain one, two special ones must agree.
  void use(const std::string& name, Use wanted) {
    const auto [found, added] = uses_.try_emplace(name, wanted);
    if (added || found->second == wanted) return;
    const bool moment = found->second == Use::time && wanted == Use::date;  // has both
    if (found->second == Use::any || found->second == Use::plain || moment) {
      found->second = wanted;
    } else if (found->second == Use::date && wanted == Use::time) {
      return;
    } else if (wanted != Use::plain) {
      complain_("{" + name + "} is used as two different things");
    }
  }

  const std::string& tag_;
  std::map<std::string, Use>& uses_;
  const std::function<void(std::string)>& complain_;
  const std::function<void(std::string)>& warn_;
  icu::UnicodeString wide_;
  Text text_;
};

}  // namespace

std::string misfit(const Type& type, Use use) {
  if (type.kind == Kind::none) return "";  // already told
  const std::string given(describe(type.kind));
  switch (use) {
    case Use::any:
      return "";
    case Use::plain:
      if (type.kind == Kind::flag) return "it is a yes or no: use {…, select, true {…} other {…}}";
      if (type.kind == Kind::date) return "it is a date: write {…, date, ::dMMMM}";
      if (type.kind == Kind::time) return "it is a time: write {…, time, short}";
      return "";
    case Use::number:
      return type.kind == Kind::number ? "" : "the text needs a number, this is " + given;
    case Use::date:
      return type.kind == Kind::date ? "" : "the text needs a date, this is " + given;
    case Use::time:
      if (type.kind == Kind::time || type.kind == Kind::date) return "";
      return "the text needs a time, this is " + given;
    case Use::select:
      if (type.kind == Kind::text || type.kind == Kind::choice || type.kind == Kind::flag)
        return "";
      return "the text selects by a word, this is " + given;
  }
  return "";
}

Text read_text(const std::string& source, const std::string& tag, std::map<std::string, Use>& uses,
               const std::function<void(std::string)>& complain,
               const std::function<void(std::string)>& warn) {
  return Reader(source, tag, uses, complain, warn).read();
}

}  // namespace wasl::flows
