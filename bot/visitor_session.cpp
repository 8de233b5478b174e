// A session lives on its connection's thread; the conversation may live on another shard.  They
// exchange values with post().  The session knows who the visitor is; the shard knows everything
// else.

#include "bot/visitor_session.hpp"

#include "wasl/channels/web_frames.hpp"
#include "wasl/core/kill_point.hpp"

#include "bot/desk_frames.hpp"
#include "bot/desk_loop.hpp"
#include "bot/random.hpp"

#include <spdlog/spdlog.h>

namespace wasl::bot {
namespace {

namespace web = channels::web;

constexpr Millis kHelloMax{10'000};
constexpr std::size_t kHeldMax = 32;  ///< frames that may arrive while hello is looked up

class VisitorSession : public std::enable_shared_from_this<VisitorSession> {
 public:
  VisitorSession(Node& node, Shard& home, std::shared_ptr<channels::Socket> socket)
      : node_(node), home_(home), socket_(std::move(socket)) {}

  void on_text(std::string_view frame) {
    kill_point("visitor.frame");
    auto parsed = web::parse(frame, node_.bot->config.text_chars_max);
    if (stage_ == Stage::looking_up) {
      if (held_.size() >= kHeldMax) return fail("busy", "", Millis{1000});
      held_.push_back(std::move(parsed));
      return;
    }
    handle(std::move(parsed));
  }

  void expect_hello() {
    home_.after(kHelloMax, [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (self && self->stage_ == Stage::fresh) self->refuse_before_hello("");
    });
  }

  void on_close() {
    if (subscriber_) {
      Shard& shard = node_.shard_of(conversation_);
      shard.post(
          [&shard, id = conversation_, subscriber = subscriber_] { shard.detach(id, subscriber); });
    }
    stage_ = Stage::closed;
  }

 private:
  enum class Stage { fresh, looking_up, open, closed };

  void handle(web::ClientFrame frame) {
    std::visit([this](auto& value) { on(value); }, frame);
  }

  void on(web::Hello& hello) {
    if (stage_ != Stage::fresh) return fail("already_hello");
    stage_ = Stage::looking_up;
    hello_ = std::move(hello);
    language_ = language_of(std::string_view(hello_.locale).substr(0, 2));
    if (hello_.visitor_token.empty()) {
      token_ = node_.random->hex(32);
      store::VisitorRow visitor;
      visitor.id = node_.random->hex(16);
      visitor.token_hash = token_hash(token_);
      visitor.channel = "web";
      visitor.conversation = node_.new_conversation(home_);
      visitor.created_at = node_.clock->now();
      return save_then_attach(std::move(visitor));
    }
    token_ = hello_.visitor_token;
    auto self = shared_from_this();
    const bool accepted = node_.store->read([self, hash = token_hash(token_)](store::Store& store) {
      auto found = store.visitor_by_token(hash);
      self->home_.post([self, found = std::move(found)] { self->known(found); });
    });
    if (!accepted) return unavailable();
  }

  void known(const Result<std::optional<store::VisitorRow>>& found) {
    if (stage_ == Stage::closed) return;
    if (!found) return unavailable();
    if (!*found) {
      fail("bad_token");
      socket_->close(1008, "bad_token");
      return;
    }
    visitor_ = **found;
    attach();
  }

  void save_then_attach(store::VisitorRow visitor) {
    auto self = shared_from_this();
    const bool accepted = node_.store->write([self, visitor](store::Store& store) {
      auto saved = store.put_visitor(visitor);
      self->home_.post([self, saved = static_cast<bool>(saved), visitor] {
        if (self->stage_ == Stage::closed) return;
        if (!saved) return self->unavailable();
        kill_point("visitor.saved");
        self->visitor_ = visitor;
        self->attach();
      });
    });
    if (!accepted) unavailable();
  }

  void attach() {
    conversation_ = visitor_.conversation;
    origin_.reset();
    subscriber_ = std::make_shared<Subscriber>();
    subscriber_->socket = socket_;
    Shard& shard = node_.shard_of(conversation_);
    const std::uint64_t last_seq =
        hello_.conversation.empty() || hello_.conversation == conversation_ ? hello_.last_seq : 0;
    auto self = shared_from_this();
    shard.post([self, &shard, subscriber = subscriber_, id = conversation_, last_seq] {
      shard.attach(id, subscriber, last_seq,
                   [self, &shard](const Conversation* conversation, const std::vector<Event>&) {
                     self->welcome(shard, conversation);
                   });
    });
  }

  // Runs on the conversation's shard, just before history is sent.
  void welcome(Shard& shard, const Conversation* conversation) {
    const bool over = conversation != nullptr && conversation->record.state == State::closed;
    web::Welcome frame;
    frame.visitor_token = token_;
    frame.conversation = visitor_.conversation;
    frame.text_chars_max = node_.bot->config.text_chars_max;
    frame.frame_bytes_max = node_.bot->config.limits.frame_bytes_max;
    frame.hours_open = shard.desk().hours_open;
    frame.next_open_at = shard.desk().next_open;
    Language language = language_;
    if (conversation != nullptr) {
      frame.last_seq = conversation->last_seq;
      frame.state = conversation->record.state;
      frame.owner = conversation->record.owner;
      language = conversation->language;
    } else {
      const auto shown = greeting(shard.bot(), shard.renderer(), language, node_.clock->now());
      frame.greeting = web::Welcome::Greeting{shown.text, shown.language, shown.buttons};
    }
    socket_->send(web::welcome_frame(frame));
    kill_point("visitor.welcomed");
    if (conversation != nullptr && waiting(frame.state))
      node_.desk->tell_place(visitor_.conversation);
    home_.post([self = shared_from_this(), language, over] { self->opened(language, over); });
  }

  void opened(Language language, bool over) {
    if (stage_ == Stage::closed) return;
    stage_ = Stage::open;
    if (language != Language::und) language_ = language;
    hello_.visitor_token = {};  // most visitors only look: what is not needed again is let go
    if (over) return renew();
    for (web::ClientFrame& frame : std::exchange(held_, {})) {
      if (stage_ == Stage::open) handle(std::move(frame));
    }
  }

  // The old conversation is closed: the next message begins a new one, and a second welcome
  // names it.
  void renew() {
    Shard& old = node_.shard_of(conversation_);
    old.post([&old, id = conversation_, subscriber = subscriber_] { old.detach(id, subscriber); });
    stage_ = Stage::looking_up;
    hello_.last_seq = 0;
    hello_.conversation.clear();
    store::VisitorRow visitor = visitor_;
    visitor.conversation = node_.new_conversation(home_);
    save_then_attach(std::move(visitor));
  }

  void on(web::Say& say) {
    if (!ready(say.client_id)) return;
    VisitorSaid said{say.client_id, std::move(say.text), std::move(say.button)};
    submit(std::move(said), say.client_id);
  }
  void on(web::Choose& choose) {
    if (!ready(choose.client_id)) return;
    submit(VisitorChose{choose.client_id, choose.option, choose.contact}, choose.client_id);
  }
  void on(web::End& end) {
    if (!ready(end.client_id)) return;
    submit(VisitorEnded{end.client_id}, end.client_id);
  }
  void on(web::Typing& /*typing*/) {
    if (!ready("")) return;
    Shard& shard = node_.shard_of(conversation_);
    shard.post(
        [&shard, id = conversation_] { shard.tell_agents(id, desk_typing_frame(id, "visitor")); });
  }
  void on(web::Read& /*read*/) { (void)ready(""); }
  void on(web::Ping& /*ping*/) { socket_->send(web::pong_frame()); }
  void on(web::Bad& bad) {
    if (bad.code != "bad_json" && stage_ == Stage::fresh) return refuse_before_hello(bad.client_id);
    fail(bad.code, bad.client_id);
  }

  bool ready(const std::string& client_id) {
    if (stage_ == Stage::open) return true;
    if (stage_ == Stage::fresh) refuse_before_hello(client_id);
    return false;
  }

  void refuse_before_hello(const std::string& client_id) {
    fail("hello_first", client_id);
    socket_->close(1008, "hello_first");
  }

  void submit(Input input, const std::string& client_id) {
    Envelope envelope;
    envelope.conversation = conversation_;
    envelope.input = std::move(input);
    envelope.dedupe_scope = "visitor:" + visitor_.id;
    envelope.dedupe_key = client_id;
    envelope.sender = subscriber_;
    if (!origin_) {
      origin_ = std::make_shared<const Origin>(Origin{visitor_.id, "web", "", visitor_.name,
                                                      hello_.page, hello_.locale, hello_.timezone});
    }
    envelope.origin = origin_;
    envelope.done = [self = shared_from_this(), client_id](const Answer& answer) {
      using Kind = Answer::Kind;
      if (answer.kind == Kind::committed || answer.kind == Kind::duplicate) return;
      self->home_.post([self, client_id, answer] { self->answered(answer, client_id); });
    };
    node_.submit(std::move(envelope));
  }

  // What was stored has been acknowledged by the shard; this says why something was not.
  void answered(const Answer& answer, const std::string& client_id) {
    const std::optional<Millis> retry =
        answer.retry_after.count() > 0 ? std::optional(answer.retry_after) : std::nullopt;
    if (answer.code != "closed") return fail(answer.code, client_id, retry);
    fail("busy", client_id, Millis{200});
    if (stage_ == Stage::open) renew();
  }

  void fail(std::string_view code, std::string_view client_id = "",
            std::optional<Millis> retry = std::nullopt) {
    socket_->send(web::error_frame(code, language_, client_id, retry));
  }

  void unavailable() {
    fail("unavailable", "", Millis{1000});
    socket_->close(1013, "unavailable");
  }

  Node& node_;
  Shard& home_;  ///< the connection's own shard: this object is touched only there
  std::shared_ptr<channels::Socket> socket_;
  Stage stage_ = Stage::fresh;
  std::vector<web::ClientFrame> held_;
  web::Hello hello_;
  std::string token_;
  store::VisitorRow visitor_;
  std::string conversation_;
  std::shared_ptr<const Origin> origin_;  ///< made by the first message: most visitors only look
  Language language_ = Language::und;
  std::shared_ptr<Subscriber> subscriber_;
};

}  // namespace

channels::SocketCallbacks open_visitor_session(Node& node, std::size_t shard,
                                               std::shared_ptr<channels::Socket> socket) {
  auto session = std::make_shared<VisitorSession>(node, *node.shards[shard], std::move(socket));
  session->expect_hello();
  return {[session](std::string_view frame) { session->on_text(frame); },
          [session] { session->on_close(); }};
}

}  // namespace wasl::bot
