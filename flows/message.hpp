#pragma once

#include "flows/expression.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// A text of the bot, in ICU MessageFormat, taken apart at load.
namespace wasl::flows {

/// How a text uses an argument.
/// `any` asks only whether there is a value: `{x, select, none {…} other {…}}`.
enum class Use { any, plain, number, date, time, select };

/// Why `type` cannot be given for an argument used so, or "".
[[nodiscard]] std::string misfit(const Type& type, Use use);

/// `{name, format, style}`; formatted by us, then put in as a text.
struct Piece {
  std::string placeholder;  ///< its name in the rewritten pattern
  std::string argument;
  std::string format;  ///< "", number, date, time
  std::string style;
};

/// `{name, plural, …}`; left to ICU.
struct Selector {
  std::string argument;
  bool plural = false;  ///< else select
};

struct Text {
  std::string source;
  std::string pattern;    ///< `source` with every piece replaced by its placeholder
  bool verbatim = false;  ///< nothing to put in: `source` is the text
  std::vector<Piece> pieces;
  std::vector<Selector> selectors;
};

/// Reads `source`; `tag` is the full language tag, for its plural forms.  Argument uses are added
/// to `uses`; each mistake is told to `complain`, and what reads wrong to `warn`.
[[nodiscard]] Text read_text(const std::string& source, const std::string& tag,
                             std::map<std::string, Use>& uses,
                             const std::function<void(std::string)>& complain,
                             const std::function<void(std::string)>& warn);

}  // namespace wasl::flows
