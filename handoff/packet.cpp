// What an agent is given, read from the transcript in one pass.  Whatever leaves here is masked.
#include "wasl/handoff/packet.hpp"

#include "wasl/core/text.hpp"

#include "handoff/signal_kinds.hpp"
#include "handoff/summary.hpp"

#include <algorithm>
#include <map>

namespace wasl::handoff {
namespace {

constexpr std::size_t kWantedMax = 100;
constexpr double kNotUnderstood = 0.5;                // how lost one answerless message looks
constexpr std::string_view kOwnNotices = "handoff.";  // said by the handoff itself: nothing tried

class Reader {
 public:
  explicit Reader(Packet& packet) : packet_(packet) {}

  void operator()(const MessageSaid& message) {
    if (message.from == Party::visitor) {
      if (message.language != Language::und) packet_.language = message.language;
      said_[seq_] = message.text;
      if (wanted_.empty()) wanted_ = message.text;
    } else if (message.from == Party::bot && !message.answer.empty() &&
               !message.answer.starts_with(kOwnNotices)) {
      packet_.tried.push_back({message.answer, seq_});
    }
  }
  void operator()(const Understood& understood) {
    const Understanding& u = understood.understanding;
    if (u.decision == Decision::act && !u.intents.empty()) {
      const std::string& intent = u.intents.front().intent;
      const bool known = std::find(packet_.intents.begin(), packet_.intents.end(), intent) !=
                         packet_.intents.end();
      if (!known) packet_.intents.push_back(intent);
      intent_ = intent;
      const auto words = said_.find(understood.message_seq);
      if (words != said_.end() && !words->second.empty()) wanted_ = words->second;
    }
    packet_.mood.push_back(mood_of(understood.message_seq, u));
  }
  void operator()(const SlotFilled& slot) {
    std::erase_if(packet_.slots, [&](const auto& known) { return known.first == slot.name; });
    if (!slot.value.empty()) packet_.slots.emplace_back(slot.name, mask(slot.value));
  }
  void operator()(const CallMade& call) {
    packet_.calls.push_back({call.name, call.outcome, seq_});
  }
  void operator()(const NoteWritten&) {}
  void operator()(const StateChanged&) {}
  void operator()(const OwnerChanged&) {}
  void operator()(const Escalated&) {}
  void operator()(const FlowEnded&) {}
  void operator()(const Unanswered&) {}

  void read(const Event& event) {
    seq_ = event.seq;
    std::visit(*this, event.body);
  }

  /// The words of the last message that was understood, else the first that was said.
  [[nodiscard]] Wish wish() const {
    const std::string masked = mask(wanted_);
    const std::string_view whole = trim(masked);
    const std::string_view head = first_code_points(whole, kWantedMax);
    return {std::string(head) + (head.size() < whole.size() ? "…" : ""), intent_};
  }

 private:
  static Packet::Mood mood_of(std::uint64_t seq, const Understanding& understanding) {
    Packet::Mood mood{.seq = seq};
    for (const MoodSignal& signal : understanding.mood) {
      const SignalKind* kind = soft_signal(signal.signal);
      if (kind == nullptr) continue;
      double& feeling = kind->feeling == Feeling::anger         ? mood.anger
                        : kind->feeling == Feeling::frustration ? mood.frustration
                                                                : mood.lost;
      feeling = std::min(1.0, feeling + kind->weight);
    }
    if (understanding.decision == Decision::not_understood) {
      mood.lost = std::min(1.0, mood.lost + kNotUnderstood);
    }
    return mood;
  }

  Packet& packet_;
  std::uint64_t seq_ = 0;
  std::map<std::uint64_t, std::string> said_;
  std::string wanted_;
  std::string intent_;
};

}  // namespace

Packet make_packet(const Record& record, const std::vector<Event>& events) {
  Packet packet;
  packet.handoff_seq = record.handoff_seq;
  packet.reason = record.reason;
  packet.evidence = record.evidence;
  for (Evidence& evidence : packet.evidence) evidence.text = mask(evidence.text);

  Reader reader(packet);
  for (const Event& event : events) reader.read(event);
  packet.summary = summarise(packet, reader.wish());
  return packet;
}

}  // namespace wasl::handoff
