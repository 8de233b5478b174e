#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace wasl::intents {

/// What a name of lexicon/values.yml is a part of.
enum class ValueKind : std::uint8_t {
  month,
  weekday,
  day,
  unit,
  next,
  ahead,
  ago,
  clock,
  hour,
  oclock,
  currency,
  phone,
  order,
};

/// One meaning of a name.
struct NamedValue {
  ValueKind kind = ValueKind::day;
  int number = 0;    ///< but for currencies
  std::string code;  ///< of a currency, ISO 4217
  bool operator==(const NamedValue&) const = default;
};

/// Names to values.  Single and several words, clean, parted by single spaces.
class NamedValues {
 public:
  static constexpr std::size_t kWordsMax = 4;  ///< of a name

  /// False when the kind is unknown, the value is no number, or the name means something else.
  bool add(std::string_view kind, std::string_view clean_name, std::string_view value);

  /// The meaning of a clean name, or nullptr.
  [[nodiscard]] const NamedValue* find(std::string_view clean_name) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, NamedValue, Hash, std::equal_to<>> names_;
};

}  // namespace wasl::intents
