#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wasl {

/// Writes one JSON text front to back into one string, without a tree in between: what every turn
/// stores and sends goes through here (docs/adr/0009).
///
/// Whoever calls keeps the grammar (a key before each value of an object, each begin with its end);
/// the writer puts the commas, escapes, and turns invalid UTF-8 into U+FFFD.  Numbers that JSON
/// cannot say (NaN, infinity) become null.  Cost: one pass over the bytes, about 1 ns each.
class JsonWriter {
 public:
  explicit JsonWriter(std::size_t bytes_expected = 256) { out_.reserve(bytes_expected); }

  JsonWriter& begin_object() { return begin('{'); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array() { return begin('['); }
  JsonWriter& end_array() { return end(']'); }

  /// REQUIRES: a name of ours, with nothing in it to escape.
  JsonWriter& key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    comma_ = false;
    return *this;
  }

  /// A key that is anybody's text.
  JsonWriter& text_key(std::string_view text) {
    value(text);
    out_ += ':';
    comma_ = false;
    return *this;
  }

  JsonWriter& value(std::string_view text) {
    separate();
    write_text(text);
    return *this;
  }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool yes) { return word(yes ? "true" : "false"); }
  JsonWriter& value(std::integral auto number) {
    if constexpr (std::is_signed_v<decltype(number)>) {
      return whole(static_cast<std::int64_t>(number));
    } else {
      return count(static_cast<std::uint64_t>(number));
    }
  }
  JsonWriter& value(double number);
  JsonWriter& value(float number);
  JsonWriter& null() { return word("null"); }

  template <typename T>
  JsonWriter& field(std::string_view name, const T& held) {
    return key(name).value(held);
  }
  /// The same, left out when `held` is empty, zero or false: for readers that know the default.
  template <typename T>
  JsonWriter& field_unless_default(std::string_view name, const T& held) {
    return held == T{} ? *this : field(name, held);
  }

  /// The text so far; the writer is empty after it.
  [[nodiscard]] std::string take() {
    comma_ = false;
    return std::exchange(out_, {});
  }

 private:
  JsonWriter& begin(char bracket) {
    separate();
    out_ += bracket;
    comma_ = false;
    return *this;
  }
  JsonWriter& end(char bracket) {
    out_ += bracket;
    comma_ = true;
    return *this;
  }
  JsonWriter& word(std::string_view literal) {
    separate();
    out_ += literal;
    return *this;
  }
  JsonWriter& whole(std::int64_t number);
  JsonWriter& count(std::uint64_t number);
  void separate() {
    if (comma_) out_ += ',';
    comma_ = true;
  }
  void write_text(std::string_view text);

  std::string out_;
  bool comma_ = false;  ///< a value stands before the next one
};

}  // namespace wasl
