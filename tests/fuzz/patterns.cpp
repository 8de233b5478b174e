// An author's pattern, and a customer's text it is looked for in.  The first line is the pattern.
// Whatever the pattern, finding is bounded and every place found lies in the text.
#include "wasl/core/text.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/pattern_set.hpp"
#include "intents/pattern_syntax.hpp"
#include "tests/fuzz/property.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wasl;
  using namespace wasl::intents;
  using fuzz::require;
  constexpr std::size_t kPlacesMax = 16;
  fuzz::Input input(data, size);
  const std::string_view pattern = input.line();
  const Clean cleaned = clean(input.rest());
  const Marked marked = mark_words(cleaned.text);

  const auto compiled = compile_pattern(pattern);
  if (compiled) {
    require(compiled->size() <= 64 * pattern.size() + 64, "a compiled pattern is not much longer");
  } else {
    require(!compiled.error().what.empty(), "a refusal is told in words");
  }

  PatternSet set;
  const auto added = set.add(pattern);
  if (!added) require(!added.error().what.empty(), "a refusal is told in words");
  const auto exact = set.add(quote_pattern(input.rest()));
  set.compile();
  const std::vector<int> hits = set.hits(marked);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    require(hits[i] >= 0 && static_cast<std::size_t>(hits[i]) < set.size(),
            "a hit has its pattern");
    require(i == 0 || hits[i - 1] < hits[i], "hits are in order");
    const auto places = set.find(hits[i], marked, kPlacesMax);
    require(places.size() <= kPlacesMax, "places are counted");
    std::uint32_t before = 0;
    for (const Span& place : places) {
      require(!place.empty() && place.end <= cleaned.text.size(), "a place is in the text");
      require(place.start >= before, "places are in order");
      before = place.start;
    }
  }
  if (exact) {
    require(!hits.empty() && hits.back() == *exact, "a quoted text is found in itself");
  }
  return 0;
}
