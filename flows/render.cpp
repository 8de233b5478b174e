// Texts by key, language and mood.  Numbers and dates are formatted here and put into the pattern
// as texts (message.cpp says why); only plural and select are left to ICU's MessageFormat.
#include "wasl/flows/render.hpp"

#include "wasl/core/check.hpp"
#include "wasl/core/text.hpp"

#include "flows/model.hpp"

#include <unicode/datefmt.h>
#include <unicode/locid.h>
#include <unicode/msgfmt.h>
#include <unicode/numberformatter.h>
#include <unicode/timezone.h>

#include <cmath>
#include <unordered_map>

namespace wasl::flows {
namespace {

constexpr const char* kApology = "backend_error.sorry";
constexpr const char* kMissing = "–";       // stands for a value that is not known
constexpr const char* kIsolate = "\u2068";  // keeps a Latin name in order inside Arabic
constexpr const char* kEndIsolate = "\u2069";

icu::UnicodeString wide(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string narrow(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

/// Whether `text`, put into a text of `language`, would disturb the order of its neighbours: Latin
/// words, numbers with signs (+966…, A-1032, 10:30) in Arabic; Arabic words elsewhere.
bool runs_otherwise(std::string_view text, std::string_view language) {
  if (language != "ar") return has_arabic(text);
  bool digit = false;
  bool sign = false;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
    digit = digit || (c >= '0' && c <= '9');
    sign = sign || std::string_view("+-/:.@#").find(c) != std::string_view::npos;
  }
  return digit && sign;
}

std::optional<double> number_of(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

/// The moment `text` names, moved so that a GMT clock shows it as written there.
std::optional<UDate> wall_clock(const std::string& text) {
  if (const auto minute = minute_of_day(text)) return *minute * 60'000.0;
  const auto at = parse_iso8601(text);
  if (!at) return std::nullopt;
  auto shown = static_cast<double>(at->time_since_epoch().count());
  // "+03:00" at the end
  if (text.size() > 6 && text[text.size() - 3] == ':') {
    const char sign = text[text.size() - 6];
    const auto two = [&](std::size_t from) {
      return (text[from] - '0') * 10 + (text[from + 1] - '0');
    };
    if (sign == '+' || sign == '-') {
      const int minutes = two(text.size() - 5) * 60 + two(text.size() - 2);
      shown += (sign == '+' ? 60'000.0 : -60'000.0) * minutes;
    }
  }
  return shown;
}

icu::DateFormat::EStyle style_named(const std::string& style) {
  if (style == "short") return icu::DateFormat::kShort;
  if (style == "long") return icu::DateFormat::kLong;
  if (style == "full") return icu::DateFormat::kFull;
  return icu::DateFormat::kMedium;
}

class IcuRenderer final : public Renderer {
 public:
  explicit IcuRenderer(std::shared_ptr<const CompiledProgram> program)
      : program_(std::move(program)) {}

  Rendered render(const Reply& reply, const Voice& voice) override {
    Rendered out;
    out.answer = reply.answer;
    const std::string language = spoken(voice.language);
    out.language = language_of(language);
    const Answer* answer = program_->find_answer(reply.answer);
    if (answer == nullptr) answer = program_->find_answer(kApology);
    if (answer == nullptr) return out;  // a program without languages
    if (const Text* text = choose(*answer, reply, voice, language)) {
      out.text = format(*text, args_of(reply, language), language);
    }
    out.text = lead(reply, voice, language) + out.text;
    add_buttons(*answer, reply, language, out.buttons);
    return out;
  }

  [[nodiscard]] bool has(std::string_view answer) const override {
    return program_->find_answer(answer) != nullptr;
  }

 private:
  /// The voice's language if the bot speaks it, else its first.
  [[nodiscard]] std::string spoken(Language language) const {
    std::string wanted(name(language));
    const auto& languages = program_->languages;
    if (languages.count(wanted) > 0 || languages.empty()) return wanted;
    return languages.begin()->first;
  }

  /// What goes before the answer, in the same message.
  std::string lead(const Reply& reply, const Voice& voice, const std::string& language) {
    const Answer* answer = reply.lead.empty() ? nullptr : program_->find_answer(reply.lead);
    if (answer == nullptr) return "";
    const Text* text = choose(*answer, Reply{}, voice, language);
    return text == nullptr ? "" : format(*text, reply.args, language) + " ";
  }

  [[nodiscard]] Values args_of(const Reply& reply, const std::string& language) const {
    Values args = reply.args;
    if (const Flow* flow = program_->find_flow(reply.title_of)) {
      args["title"] = program_->title_of(flow->intent, language);
    }
    return args;
  }

  static const Text* choose(const Answer& answer, const Reply& reply, const Voice& voice,
                            const std::string& language) {
    const Variants* form = &answer.say;
    if (reply.invalid && answer.invalid.count(language) > 0) {
      form = &answer.invalid;
    } else if (reply.retry && answer.retry.count(language) > 0) {
      form = &answer.retry;
    } else if (voice.upset && answer.upset.count(language) > 0) {
      form = &answer.upset;
    } else if (const auto own = answer.channels.find(voice.channel);
               own != answer.channels.end() && own->second.count(language) > 0) {
      form = &own->second;
    }
    const auto texts = form->find(language);
    if (texts == form->end() || texts->second.empty()) return nullptr;
    const std::uint64_t seed = reply.variant ? *reply.variant : voice.seed;
    return &texts->second[seed % texts->second.size()];
  }

  void add_buttons(const Answer& answer, const Reply& reply, const std::string& language,
                   std::vector<Button>& buttons) const {
    for (const std::string& intent : reply.suggested_intents) {
      buttons.push_back({"intent:" + intent, program_->title_of(intent, language)});
    }
    add_values(reply, language, buttons);
    add_slots(reply, language, buttons);
    for (const AnswerButton& button : answer.buttons) {
      const auto title = button.titles.find(language);
      if (title != button.titles.end()) buttons.push_back({button.id, title->second});
    }
  }

  void add_values(const Reply& reply, const std::string& language,
                  std::vector<Button>& buttons) const {
    const Flow* flow = program_->find_flow(reply.answer.substr(0, reply.answer.find('.')));
    const Slot* slot =
        flow == nullptr || reply.ask_slot.empty() ? nullptr : flow->find_slot(reply.ask_slot);
    if (slot == nullptr) return;
    const auto add = [&](const Choice& choice) {
      buttons.push_back({"value:" + slot->name + "=" + choice.value, choice.title(language)});
    };
    for (const Choice& choice : slot->values) add(choice);
    if (slot->type == SlotType::yes_no) {
      add({"yes", program_->words.yes_title, {}, {}});
      add({"no", program_->words.no_title, {}, {}});
    }
  }

  /// "Which shall I change?": each slot goes by what it holds now.
  void add_slots(const Reply& reply, const std::string& language,
                 std::vector<Button>& buttons) const {
    const Flow* flow = program_->find_flow(reply.title_of);
    if (flow == nullptr) return;
    for (const auto& [name, held] : reply.slots_to_choose) {
      std::string title = to_text(held);
      const Slot* slot = flow->find_slot(name);
      const Choice* choice = slot == nullptr ? nullptr : slot->find_choice(title);
      if (choice != nullptr) title = choice->title(language);
      if (code_points(title) > kTitleCharsMax) {
        title = std::string(first_code_points(title, kTitleCharsMax - 1)) + "…";
      }
      buttons.push_back({"correct:" + name, std::move(title)});
    }
  }

  // ---- formatting

  std::string format(const Text& text, const Values& args, const std::string& language) {
    if (text.verbatim) return text.source;
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> values;
    for (const Piece& piece : text.pieces) {
      names.push_back(wide(piece.placeholder));
      values.emplace_back(wide(put_in(piece, value_of(args, piece.argument), language)));
    }
    for (const Selector& selector : text.selectors) {
      names.push_back(wide(selector.argument));
      const Value value = value_of(args, selector.argument);
      if (selector.plural) {
        values.emplace_back(number_of(value).value_or(0.0));
      } else {
        values.emplace_back(wide(selected(value)));
      }
    }
    icu::MessageFormat& pattern = pattern_of(text, language);
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString out;
    pattern.format(names.data(), values.data(), static_cast<int32_t>(names.size()), out, status);
    WASL_CHECK(U_SUCCESS(status));  // load_program read this pattern
    return narrow(out);
  }

  static Value value_of(const Values& args, const std::string& name) {
    const auto found = args.find(name);
    return found == args.end() ? Value{} : found->second;
  }

  static std::string selected(const Value& value) {
    if (std::holds_alternative<std::monostate>(value)) return "none";
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    const std::string word = to_text(value);
    return word.empty() ? "none" : word;
  }

  std::string put_in(const Piece& piece, const Value& value, const std::string& language) {
    if (std::holds_alternative<std::monostate>(value)) return kMissing;
    if (piece.format == "date" || piece.format == "time") {
      const auto at = wall_clock(to_text(value));
      return at ? date(piece, *at, language) : kMissing;
    }
    if (const auto number = number_of(value)) {
      UErrorCode status = U_ZERO_ERROR;
      const auto shown = number_formatter(piece.style, language).formatDouble(*number, status);
      return narrow(shown.toString(status));
    }
    std::string text = to_text(value);
    if (runs_otherwise(text, language)) return kIsolate + text + kEndIsolate;
    return text;
  }

  std::string date(const Piece& piece, UDate at, const std::string& language) {
    auto& format = dates_[language + "/" + piece.format + "/" + piece.style];
    if (format == nullptr) {
      const icu::Locale locale = locale_of(language);
      UErrorCode status = U_ZERO_ERROR;
      if (piece.style.starts_with("::")) {
        format.reset(icu::DateFormat::createInstanceForSkeleton(wide(piece.style.substr(2)), locale,
                                                                status));
      } else if (piece.format == "date") {
        format.reset(icu::DateFormat::createDateInstance(style_named(piece.style), locale));
      } else {
        format.reset(icu::DateFormat::createTimeInstance(style_named(piece.style), locale));
      }
      WASL_CHECK(U_SUCCESS(status) && format != nullptr);
      format->setTimeZone(*icu::TimeZone::getGMT());
    }
    icu::UnicodeString out;
    format->format(at, out);
    return narrow(out);
  }

  icu::number::LocalizedNumberFormatter& number_formatter(const std::string& style,
                                                          const std::string& language) {
    const std::string key = language + "/" + style;
    const auto found = numbers_.find(key);
    if (found != numbers_.end()) return found->second;
    const std::string skeleton = style == "integer"        ? "precision-integer"
                                 : style == "percent"      ? "percent scale/100"
                                 : style.starts_with("::") ? style.substr(2)
                                                           : "";
    UErrorCode status = U_ZERO_ERROR;
    UParseError where{};
    auto formatter = icu::number::NumberFormatter::forSkeleton(wide(skeleton), where, status)
                         .locale(locale_of(language));
    WASL_CHECK(U_SUCCESS(status));  // load_program read this skeleton
    return numbers_.emplace(key, std::move(formatter)).first->second;
  }

  icu::MessageFormat& pattern_of(const Text& text, const std::string& language) {
    auto& pattern = patterns_[&text];
    if (pattern == nullptr) {
      UErrorCode status = U_ZERO_ERROR;
      UParseError where{};
      pattern = std::make_unique<icu::MessageFormat>(wide(text.pattern), locale_of(language), where,
                                                     status);
      WASL_CHECK(U_SUCCESS(status));
    }
    return *pattern;
  }

  [[nodiscard]] icu::Locale locale_of(const std::string& language) const {
    UErrorCode status = U_ZERO_ERROR;
    const auto tag = program_->languages.find(language);
    return icu::Locale::forLanguageTag(tag == program_->languages.end() ? language : tag->second,
                                       status);
  }

  std::shared_ptr<const CompiledProgram> program_;
  std::unordered_map<const Text*, std::unique_ptr<icu::MessageFormat>> patterns_;
  std::unordered_map<std::string, std::unique_ptr<icu::DateFormat>> dates_;
  std::unordered_map<std::string, icu::number::LocalizedNumberFormatter> numbers_;
};

}  // namespace

std::unique_ptr<Renderer> Renderer::make(std::shared_ptr<const Program> program) {
  auto compiled = std::dynamic_pointer_cast<const CompiledProgram>(std::move(program));
  WASL_CHECK(compiled != nullptr);  // load_program makes no other
  return std::make_unique<IcuRenderer>(std::move(compiled));
}

}  // namespace wasl::flows
