// Frames of visitors.  What is accepted is within its limits, and says the same when it is said
// again with the fields that were read.
#include "wasl/channels/web_frames.hpp"

#include "wasl/core/text.hpp"

#include "tests/fuzz/property.hpp"

#include <cstdint>

namespace {

using namespace wasl;
using namespace wasl::channels;
using fuzz::require;

constexpr std::size_t kCharsMax = 40;
constexpr std::uint64_t kNumberMax = std::uint64_t{1} << 53;

struct Check {
  void operator()(const web::Hello& hello) const {
    require(hello.last_seq <= kNumberMax, "a number is one that browsers can count to");
    for (const std::string* text :
         {&hello.visitor_token, &hello.conversation, &hello.page, &hello.locale, &hello.timezone}) {
      require(valid_utf8(*text), "a text is UTF-8");
    }
  }
  void operator()(const web::Say& say) const {
    id(say.client_id);
    require(code_points(say.text) <= kCharsMax, "a message is not too long");
    require(!trim(say.text).empty() || !say.button.empty(), "a message says something");
    require(valid_utf8(say.text) && valid_utf8(say.button), "a text is UTF-8");
  }
  void operator()(const web::Choose& choose) const {
    id(choose.client_id);
    require(!choose.option.empty(), "a choice names an option");
    require(code_points(choose.contact) <= kCharsMax, "a contact is not too long");
  }
  void operator()(const web::End& end) const { id(end.client_id); }
  void operator()(const web::Read& read) const {
    require(read.seq <= kNumberMax, "a number is one that browsers can count to");
  }
  void operator()(const web::Bad& bad) const {
    require(!bad.code.empty(), "a refusal has a code");
    require(bad.client_id.size() <= 128, "a refused id is short or left out");
    require(valid_utf8(web::error_frame(bad.code, Language::en, bad.client_id, std::nullopt)),
            "a refusal is UTF-8");
    // Without the id, which may say anything at all.
    const std::string frame = web::error_frame(bad.code, Language::en, {}, std::nullopt);
    require(frame.find("Something went wrong") == std::string::npos,
            "a refusal has a sentence of its own");
  }
  void operator()(const web::Typing&) const {}
  void operator()(const web::Ping&) const {}

 private:
  static void id(const std::string& id) {
    require(!id.empty() && id.size() <= 128 && valid_utf8(id), "an accepted id fits");
    require(!std::holds_alternative<web::Bad>(
                web::parse(R"({"type":"end",)" + web::ack_frame(id, 1).substr(14), kCharsMax)),
            "an id we sent back is one we take");
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  const web::ClientFrame read = web::parse(frame, kCharsMax);
  require(valid_utf8(frame) || std::holds_alternative<web::Bad>(read), "a frame is UTF-8");
  std::visit(Check{}, read);
  return 0;
}
