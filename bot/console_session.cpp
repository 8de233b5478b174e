#include "bot/console_session.hpp"

#include "wasl/channels/web_frames.hpp"
#include "wasl/core/kill_point.hpp"
#include "wasl/core/text.hpp"

#include "bot/accounts.hpp"
#include "bot/desk_frames.hpp"
#include "bot/desk_loop.hpp"
#include "bot/random.hpp"

#include <map>

namespace wasl::bot {
namespace {

constexpr Millis kHelloMax{10'000};
constexpr std::size_t kHeldMax = 64;  ///< commands that may arrive while hello is looked up
constexpr std::size_t kOpenedMax = 64;
constexpr std::size_t kHistoryMax = 10;

using handoff::Trigger;

std::optional<Trigger> trigger_of_command(std::string_view type) {
  static const std::map<std::string_view, Trigger> kCommands{
      {"accept", Trigger::accept},
      {"decline", Trigger::decline},
      {"take", Trigger::take},
      {"assign", Trigger::assign},
      {"transfer", Trigger::transfer},
      {"snooze", Trigger::snooze},
      {"say", Trigger::agent_reply},
      {"note", Trigger::note},
      {"return_to_bot", Trigger::return_to_bot},
      {"resolve", Trigger::resolve},
      {"done", Trigger::done}};
  const auto found = kCommands.find(type);
  if (found == kCommands.end()) return std::nullopt;
  return found->second;
}

class ConsoleSession : public std::enable_shared_from_this<ConsoleSession> {
 public:
  ConsoleSession(Node& node, Shard& home, std::shared_ptr<channels::Socket> socket,
                 std::string token)
      : node_(node), home_(home), socket_(std::move(socket)), token_(std::move(token)) {}

  void on_text(std::string_view frame) {
    auto command = parse_desk_command(frame);
    if (!command) return fail(command.error().what, {});
    if (stage_ == Stage::looking_up) {
      if (held_.size() >= kHeldMax) return fail("busy", *command);
      return held_.push_back(std::move(*command));
    }
    if (stage_ == Stage::fresh) return hello(*command);
    accept(*command);
  }

  void expect_hello() {
    home_.after(kHelloMax, [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (self && self->stage_ == Stage::fresh) self->socket_->close(1008, "hello_first");
    });
  }

  void on_close() {
    stage_ = Stage::closed;
    if (console_) node_.desk->leave(console_);
    for (const auto& [conversation, subscriber] : opened_) detach(conversation, subscriber);
    opened_.clear();
  }

 private:
  enum class Stage { fresh, looking_up, open, closed };

  void accept(const DeskCommand& command) {
    if (command.type == "hello") return fail("already_hello", command);
    run(command);
  }

  void hello(const DeskCommand& command) {
    if (command.type != "hello") {
      fail("hello_first", command);
      return socket_->close(1008, "hello_first");
    }
    if (!command.token.empty()) token_ = command.token;
    stage_ = Stage::looking_up;
    auto self = shared_from_this();
    node_.accounts->find(token_, [self](Result<std::optional<store::AgentRow>> found) {
      self->home_.post([self, found = std::move(found)] { self->known(found); });
    });
  }

  void known(const Result<std::optional<store::AgentRow>>& found) {
    if (stage_ == Stage::closed) return;
    if (!found || !*found) {
      const char* const code = found ? "bad_token" : "unavailable";
      fail(code, {});
      return socket_->close(found ? 1008 : 1013, code);
    }
    agent_ = **found;
    stage_ = Stage::open;
    console_ = std::make_shared<Console>();
    console_->socket = socket_;
    console_->agent = agent_.id;
    console_->session = token_hash(token_);
    node_.desk->enter(console_);
    for (const DeskCommand& command : std::exchange(held_, {})) {
      if (stage_ == Stage::open) accept(command);
    }
  }

  void run(const DeskCommand& command) {
    if (command.type == "ping") return socket_->send(channels::web::pong_frame());
    if (command.type == "presence") return presence(command);
    if (command.type == "open") return open(command);
    if (command.type == "monitor") {
      return handoff::supervises(agent_.role) ? open(command) : fail("not_allowed", command);
    }
    if (command.type == "typing") return typing(command);
    const auto trigger = trigger_of_command(command.type);
    if (!trigger) return fail("unknown_type", command);
    if (command.client_id.empty() || command.conversation.empty()) {
      return fail("bad_message", command);
    }
    const std::size_t chars_max = node_.bot->config.text_chars_max;
    if (code_points(command.text) > chars_max || code_points(command.reason) > chars_max) {
      return fail("too_long", command);
    }
    act(*trigger, command);
  }

  void presence(const DeskCommand& command) {
    const auto state = handoff::presence_of(command.state);
    if (!state) return fail("bad_message", command);
    node_.desk->set_presence(agent_.id, *state);
    if (!command.client_id.empty()) socket_->send(desk_ack_frame(command.client_id, 0, 0));
  }

  void typing(const DeskCommand& command) {
    Shard& shard = node_.shard_of(command.conversation);
    shard.post([&shard, id = command.conversation] {
      shard.tell_visitors(id, channels::web::typing_frame(Party::agent));
    });
  }

  void act(Trigger trigger, const DeskCommand& command) {
    kill_point("agent.command");
    AgentDid did;
    did.trigger = trigger;
    did.client_id = command.client_id;
    did.epoch = command.epoch;
    did.agent = {OwnerKind::agent, agent_.id, agent_.name};
    did.role = agent_.role;
    did.text = command.type == "resolve" ? command.note : command.text;
    did.reason = command.type == "resolve" ? command.outcome : command.reason;
    did.to_agent = trigger == Trigger::assign ? command.agent : command.to_agent;
    did.to_team = command.to_team;
    did.until = command.until;

    Envelope envelope;
    envelope.conversation = command.conversation;
    envelope.input = std::move(did);
    envelope.dedupe_scope = "agent:" + agent_.id;
    envelope.dedupe_key = command.client_id;
    envelope.done = [self = shared_from_this(), command](const Answer& answer) {
      self->answered(answer, command);
    };
    const bool asks_desk = trigger == Trigger::take || !did_of(envelope).to_agent.empty();
    if (!asks_desk) return submit(std::move(envelope));
    // Whom a case suits, and who has room for it, is the desk's to say.
    node_.desk->with_desk([self = shared_from_this(),
                           envelope = std::move(envelope)](const handoff::Desk& desk) mutable {
      AgentDid& one = did_of(envelope);
      one.eligible = desk.suits(self->agent_.id, envelope.conversation);
      one.has_room = desk.has_room_for(self->agent_.id, envelope.conversation);
      one.colleague = desk.colleague(one.to_agent, envelope.conversation);
      self->submit(std::move(envelope));
    });
  }

  static AgentDid& did_of(Envelope& envelope) { return std::get<AgentDid>(envelope.input); }

  void submit(Envelope envelope) { node_.submit(std::move(envelope)); }

  // Runs on the conversation's shard.
  void answered(const Answer& answer, const DeskCommand& command) {
    using Kind = Answer::Kind;
    if (answer.kind == Kind::committed || answer.kind == Kind::duplicate) {
      kill_point("agent.acknowledging");
      socket_->send(desk_ack_frame(command.client_id, answer.seq, answer.epoch));
      return;
    }
    fail(answer.code, command);
    if (answer.code == "stale_epoch" && console_) {
      node_.desk->tell_card(console_, command.conversation);
    }
  }

  // Sends the packet, then the transcript, then whatever happens.
  void open(const DeskCommand& command) {
    if (opened_.size() >= kOpenedMax) {
      detach(opened_.begin()->first, opened_.begin()->second);
      opened_.erase(opened_.begin());
    }
    if (const auto old = opened_.find(command.conversation); old != opened_.end()) {
      detach(old->first, old->second);
      opened_.erase(old);
    }
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->socket = socket_;
    subscriber->agent = true;
    opened_[command.conversation] = subscriber;
    Shard& shard = node_.shard_of(command.conversation);
    auto self = shared_from_this();
    shard.post([self, &shard, subscriber, command] {
      shard.attach(
          command.conversation, subscriber, command.last_seq,
          [self, command](const Conversation* conversation, const std::vector<Event>& events) {
            self->send_packet(conversation, events, command);
          });
    });
  }

  void send_packet(const Conversation* conversation, const std::vector<Event>& events,
                   const DeskCommand& command) {
    if (conversation == nullptr) return fail("unknown_conversation", command);
    const auto packet = handoff::make_packet(conversation->record, events);
    socket_->send(packet_frame(*conversation, packet, {}, node_.clock->now()));
    if (!command.client_id.empty()) {
      socket_->send(desk_ack_frame(command.client_id, 0, conversation->record.epoch));
    }
  }

  void detach(const std::string& conversation, const std::shared_ptr<Subscriber>& subscriber) {
    Shard& shard = node_.shard_of(conversation);
    shard.post([&shard, conversation, subscriber] { shard.detach(conversation, subscriber); });
  }

  void fail(std::string_view code, const DeskCommand& command) {
    socket_->send(desk_error_frame(code, command.client_id, command.conversation));
  }

  Node& node_;
  Shard& home_;
  std::shared_ptr<channels::Socket> socket_;
  std::string token_;
  Stage stage_ = Stage::fresh;
  std::vector<DeskCommand> held_;  ///< came while hello was looked up
  store::AgentRow agent_;
  std::shared_ptr<Console> console_;
  std::map<std::string, std::shared_ptr<Subscriber>> opened_;
};

}  // namespace

channels::SocketCallbacks open_console_session(Node& node, std::size_t shard,
                                               std::shared_ptr<channels::Socket> socket,
                                               std::string cookie_token) {
  auto session = std::make_shared<ConsoleSession>(node, *node.shards[shard], std::move(socket),
                                                  std::move(cookie_token));
  session->expect_hello();
  return {[session](std::string_view frame) { session->on_text(frame); },
          [session] { session->on_close(); }};
}

}  // namespace wasl::bot
