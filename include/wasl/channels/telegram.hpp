#pragma once

#include "wasl/channels/http_client.hpp"
#include "wasl/core/event.hpp"
#include "wasl/core/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Telegram Bot API by webhook (design: channels.md, "Telegram"): translation only, no I/O.
namespace wasl::channels::telegram {

struct Config {
  std::string id;      ///< the channel's name in wasl.yml
  std::string token;   ///< of the bot
  std::string secret;  ///< expected in X-Telegram-Bot-Api-Secret-Token
  std::string api = "https://api.telegram.org";
  Millis quiet{700};  ///< how long the bot waits for more before it reads what was said
};

/// One thing a customer did.
struct Inbound {
  std::string update_id;  ///< unique: the dedupe key
  std::string chat;       ///< the customer's address
  std::string name;
  std::string text;         ///< of a message; other kinds become a description in brackets
  std::string button;       ///< id of a tapped quick reply
  std::string callback_id;  ///< to be answered with answerCallbackQuery
  std::string language;     ///< as Telegram says, may be empty
};

/// Constant-time comparison.
[[nodiscard]] bool secret_matches(const Config& config, std::string_view header);

/// Reads a webhook body.  Nothing: an update of a kind that carries no message.
/// Errors: invalid_input  not an update.
[[nodiscard]] Result<std::optional<Inbound>> parse_update(std::string_view body);

/// What one message needs said to the provider, in order.  Texts over 4,096 are split; buttons
/// become an inline keyboard.
/// The outbox stores `payload`; to_request() makes it a request later, with the token of then.
[[nodiscard]] std::vector<std::string> message_payloads(std::string_view chat,
                                                        const MessageSaid& message);
[[nodiscard]] std::string answer_callback_payload(std::string_view callback_id);
[[nodiscard]] OutgoingRequest to_request(const Config& config, std::string_view payload);

/// What the provider's answer means for an outbox row.
struct Delivery {
  enum class Kind { sent, retry, dead } kind = Kind::sent;
  Millis retry_after{0};  ///< with retry: at least this long
  std::string why;
};
[[nodiscard]] Delivery read_answer(const OutgoingResponse& response);

}  // namespace wasl::channels::telegram
