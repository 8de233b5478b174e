// Texts of the bot in ICU MessageFormat, and the words that answer its questions.
#include "flows/message.hpp"

#include "wasl/core/text.hpp"

#include "flows/words.hpp"
#include "tests/fuzz/property.hpp"

#include <cstdint>

namespace {

using namespace wasl;
using namespace wasl::flows;
using fuzz::require;

void read(const std::string& source, const std::string& tag) {
  std::map<std::string, Use> uses;
  std::size_t mistakes = 0;
  const Text text = read_text(
      source, tag, uses,
      [&](const std::string& what) {
        require(!what.empty(), "a mistake is told in words");
        ++mistakes;
      },
      [](const std::string& what) { require(!what.empty(), "a warning is told in words"); });
  require(text.source == source, "the source is kept");
  if (mistakes > 0) return;
  require(text.verbatim || !text.pattern.empty() || source.empty(), "a pattern is left");
  for (const Piece& piece : text.pieces) {
    require(text.pattern.find('{' + piece.placeholder + '}') != std::string::npos,
            "each argument has its place in the pattern");
    require(uses.contains(piece.argument), "each argument is told");
  }
  std::map<std::string, Use> again;
  const Text rewritten = read_text(
      text.verbatim ? source : text.pattern, tag, again,
      [](const std::string&) { require(false, "a rewritten text is well-formed"); },
      [](const std::string&) {});
  require(rewritten.pieces.size() == text.pieces.size(), "rewriting keeps the arguments");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string source(reinterpret_cast<const char*>(data), size);
  const std::string folded = fold(source);
  require(fold(folded) == folded, "folding twice is folding once");
  require(folded.size() <= 64 * size, "a folded text is bounded");
  require(folded.empty() || (folded.front() != ' ' && folded.back() != ' '),
          "no space at the ends");
  require(latin_digits(source).size() <= 3 * size, "Latin digits are bounded");
  if (!valid_utf8(source)) return 0;  // the loader has refused it before
  read(source, "ar-u-nu-latn");
  read(source, "en");
  return 0;
}
