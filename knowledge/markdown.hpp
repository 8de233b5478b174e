#pragma once

#include "wasl/knowledge/article.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace wasl::knowledge {

/// What Markdown becomes.
struct Body {
  std::string html;
  std::vector<Passage> passages;
  std::vector<LeftOut> left_out;  ///< lines count from 1 in the Markdown
};

/// Reads CommonMark.  Headings go down one level, since the title is the page's first; raw HTML and
/// images are left out, the words of an image stay.  Any bytes will do.
[[nodiscard]] Body read_markdown(std::string_view markdown);

}  // namespace wasl::knowledge
