#include "intents/lexicon_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace wasl::intents {
namespace {

constexpr auto kKinds = std::to_array<std::pair<std::string_view, ValueKind>>({
    {"month", ValueKind::month},
    {"weekday", ValueKind::weekday},
    {"day", ValueKind::day},
    {"unit", ValueKind::unit},
    {"next", ValueKind::next},
    {"ahead", ValueKind::ahead},
    {"ago", ValueKind::ago},
    {"clock", ValueKind::clock},
    {"hour", ValueKind::hour},
    {"oclock", ValueKind::oclock},
    {"currency", ValueKind::currency},
    {"phone", ValueKind::phone},
    {"order", ValueKind::order},
});

}  // namespace

bool NamedValues::add(std::string_view kind, std::string_view clean_name, std::string_view value) {
  const auto known = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& entry) { return entry.first == kind; });
  if (known == kKinds.end()) return false;
  NamedValue named{known->second, 0, ""};
  if (named.kind == ValueKind::currency) {
    named.code = value;
  } else {
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), named.number);
    if (error != std::errc() || end != value.data() + value.size()) return false;
  }
  const auto [known_name, fresh] = names_.emplace(clean_name, named);
  return fresh || known_name->second == named;
}

const NamedValue* NamedValues::find(std::string_view clean_name) const {
  const auto found = names_.find(clean_name);
  return found == names_.end() ? nullptr : &found->second;
}

}  // namespace wasl::intents
