#pragma once

#include "bot/html.hpp"

#include <string>
#include <string_view>

namespace wasl::bot {

/// A page under construction, safe by how it is made: markup can only be written in the source,
/// everything else is escaped.
class Markup {
 public:
  /// A literal of the source; a value does not compile.
  struct Literal {
    // NOLINTNEXTLINE(google-explicit-constructor)
    consteval Literal(const char* markup) : view(markup) {}
    std::string_view view;
  };

  Markup& operator<<(Literal markup) {
    bytes_ += markup.view;
    return *this;
  }
  /// As the content of an element or of a quoted attribute.
  Markup& text(std::string_view value, std::size_t code_points_max = 2000) {
    bytes_ += html(value, code_points_max);
    return *this;
  }
  /// What a Markdown reader made, which left out all raw HTML.
  Markup& rendered(std::string_view safe_html) {
    bytes_ += safe_html;
    return *this;
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

}  // namespace wasl::bot
