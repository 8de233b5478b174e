#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// A word as search compares it.  Two words are the same when they share any of these forms.
struct SearchWord {
  std::string stem;  ///< cleaned, without article, plural and the like
  std::string bare;  ///< of an Arabic word without its one-letter prefix, "" where it has none
  std::string bones;  ///< the consonants of an Arabic word: إرجاع is ارجع; "" where they are few
  bool operator==(const SearchWord&) const = default;
};

/// The telling words of `text`, in order, lightly stemmed: the same function for what is searched
/// and for what is asked, so a wrong stem does no harm.  Words that every question has (how, the,
/// كيف, هل) are left out.
///
/// Any bytes will do; at most `words_max` words of the first 4,000 code points.  Cost: linear.
[[nodiscard]] std::vector<SearchWord> search_words(std::string_view text, std::size_t words_max);

}  // namespace wasl::intents
