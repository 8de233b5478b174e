// Masking of card and identity numbers: it hides digits and changes nothing else.
#include "wasl/core/text.hpp"
#include "wasl/handoff/packet.hpp"

#include "tests/fuzz/property.hpp"

#include <cstdint>

namespace {

/// Without stars and digits of any script.
std::string frame_of(std::string_view text) {
  std::string frame;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    const bool arabic = byte == 0xD9 && next >= 0xA0 && next <= 0xA9;
    const bool persian = byte == 0xDB && next >= 0xB0 && next <= 0xB9;
    if (arabic || persian) ++i;
    if (arabic || persian || byte == '*' || (byte >= '0' && byte <= '9')) continue;
    frame.push_back(text[i]);
  }
  return frame;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wasl;
  using fuzz::require;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string masked = handoff::mask(text);
  require(masked.size() <= text.size(), "a masked text is not longer");
  require(code_points(masked) == code_points(text), "a digit becomes one star");
  require(!valid_utf8(text) || valid_utf8(masked), "a masked text stays UTF-8");
  require(frame_of(masked) == frame_of(text), "only digits are hidden");
  require(handoff::mask("4111 1111 1111 1111") == "**** **** **** 1111", "a card is hidden");
  // What is hidden stays hidden, whatever stands around it.
  const std::string beside = handoff::mask(std::string(text) + "\nx 4111111111111111 x");
  require(beside.ends_with("\nx ************1111 x"), "what stands before does not unmask");
  return 0;
}
