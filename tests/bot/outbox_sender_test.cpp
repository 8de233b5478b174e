#include "bot/outbox_sender.hpp"

#include "bot/accounts.hpp"
#include "bot/bot.hpp"
#include "bot/desk_loop.hpp"
#include "bot/node.hpp"
#include "tests/bot/hand_loop.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wasl::bot {
namespace {

using test::HandClock;
using test::HandLoop;

constexpr Millis kDay{24LL * 3'600'000};
const Time kStart{Millis{1'700'000'000'000}};

/// A conversation with a message for each of `sent_at`, sent then, and one that still waits.
void fill(store::Store& store, const std::vector<Time>& sent_at) {
  store::Commit commit;
  commit.after.id = "c1";
  commit.after.last_seq = 1;
  commit.events.resize(1);
  commit.events[0].seq = 1;
  commit.outbox.resize(sent_at.size() + 1);
  ASSERT_EQ(store.commit({&commit, 1})[0].kind, store::CommitOutcome::Kind::committed);
  for (const Time& at : sent_at) {
    const store::OutboxRow read = store.due_outbox(Time{}, 1)->at(0);
    store::OutboxRow row = read;
    row.status = "sent";
    row.next_at = at;
    ASSERT_TRUE(store.update_outbox(read, row));
  }
}

TEST(OutboxSender, RemovesWhatWasSentAWeekAgo) {
  Time now = kStart;
  Node node;
  node.clock = std::make_unique<HandClock>(now);
  node.bot = std::make_shared<const Bot>();
  auto store = store::make_memory_store();
  std::vector<Time> sent_at(1'300, kStart - 8 * kDay);  // more than go at once
  sent_at.push_back(kStart - 6 * kDay);
  fill(*store, sent_at);
  node.store = std::move(*store::StoreThreads::start(std::move(store)));
  auto hand_loop = std::make_unique<HandLoop>(now);
  HandLoop& loop = *hand_loop;
  OutboxSender sender(node, std::move(hand_loop));

  const auto count = [&](const char* status) {
    std::promise<std::uint64_t> counted;
    EXPECT_TRUE(node.store->write(
        [&](store::Store& all) { counted.set_value(*all.count_outbox(status)); }));
    return counted.get_future().get();
  };
  sender.start();
  loop.run();
  EXPECT_EQ(count("sent"), 1'301U - 512U) << "the writer is not kept from others for long";
  for (int second = 0; second < 3; ++second) {
    loop.pass(Millis{1'000});
    static_cast<void>(count("sent"));  // the writer is through
  }
  EXPECT_EQ(count("sent"), 1U);
  for (int hour = 0; hour < 26; ++hour) {
    if (hour < 24) {
      EXPECT_EQ(count("sent"), 1U) << "not before its week is over, at " << hour;
    }
    loop.pass(Millis{3'600'000});
  }
  EXPECT_EQ(count("sent"), 0U);
  EXPECT_EQ(count("pending"), 1U) << "what waits is never removed";
  sender.stop();
  loop.run();
}

}  // namespace
}  // namespace wasl::bot
