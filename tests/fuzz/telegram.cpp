// Webhook bodies of Telegram, its answers to us, and the messages we cut for it.
#include "wasl/channels/telegram.hpp"

#include "wasl/core/text.hpp"

#include "tests/fuzz/property.hpp"

#include <cstdint>

namespace {

using namespace wasl;
using namespace wasl::channels;
using fuzz::require;

/// A body as a customer's update.
void read_update(std::string_view body) {
  const auto update = telegram::parse_update(body);
  if (!update || !*update) return;
  const telegram::Inbound& inbound = **update;
  require(!inbound.update_id.empty() && inbound.update_id.size() <= 20, "an update has a number");
  require(!inbound.chat.empty() && inbound.chat.size() <= 20, "a chat is a number");
  require(!inbound.text.empty() || !inbound.button.empty(), "an update says something");
  require(valid_utf8(inbound.text) && valid_utf8(inbound.name), "a text is UTF-8");
  require(inbound.text.size() + inbound.name.size() <= body.size() + 64,
          "what is read is not larger than what came");
  const std::string answer = telegram::answer_callback_payload(inbound.callback_id);
  require(!telegram::to_request({"t", "token", "secret"}, answer).url.empty(),
          "a tap can be answered");
}

/// A text as the bot's message: every part has an address and fits.
void send_message(std::string_view text, bool buttons) {
  MessageSaid message;
  message.text = text;
  if (buttons) message.buttons = {{std::string(text.substr(0, 80)), std::string(text)}, {"", " "}};
  const auto payloads = telegram::message_payloads("42", message);
  require(payloads.size() <= text.size() / 1024 + 2, "a text is cut into few parts");
  for (const std::string& payload : payloads) {
    const OutgoingRequest request = telegram::to_request({"t", "token", "secret"}, payload);
    require(request.url.ends_with("/bottoken/sendMessage"), "a part can be sent");
    require(valid_utf8(request.body), "a part is UTF-8");
  }
}

/// A body as Telegram's answer.
void read_answer(unsigned char status, std::string_view body) {
  OutgoingResponse response;
  response.status = 200 + status * 2;
  response.body = body;
  response.headers.emplace_back("retry-after", std::string(body.substr(0, 24)));
  const telegram::Delivery delivery = telegram::read_answer(response);
  require(delivery.retry_after >= Millis{0} && delivery.retry_after <= Millis{24LL * 3600 * 1000},
          "a wait is at most a day");
  require(delivery.why.size() <= 4 + 4 * 200, "a reason is short");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  read_update(body);
  send_message(body, data[0] % 2 == 1);
  read_answer(data[size - 1], body);
  return 0;
}
