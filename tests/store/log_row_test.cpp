#include "store/log_row.hpp"

#include "store/pack.hpp"
#include "tests/store/samples.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <string_view>

namespace wasl::store {
namespace {

TEST(Pack, GivesEveryValueAgain) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  std::string bytes;
  Packer out(bytes);
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, kLeast,
                                   kMost, std::int64_t{1'700'000'000'000}}) {
    out.whole(value);
    out.count(static_cast<std::uint64_t>(value));
    out.flag(value > 0);
  }
  out.text("");
  out.text(std::string_view("a\0b", 3));

  Unpacker in(bytes);
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, kLeast,
                                   kMost, std::int64_t{1'700'000'000'000}}) {
    EXPECT_EQ(in.whole(), value);
    EXPECT_EQ(in.count(), static_cast<std::uint64_t>(value));
    EXPECT_EQ(in.flag(), value > 0);
  }
  EXPECT_EQ(in.text(), "");
  EXPECT_EQ(in.text(), std::string_view("a\0b", 3));
  EXPECT_FALSE(in.broken());
  EXPECT_EQ(in.left(), 0U);
}

TEST(Pack, NoticesItsEnd) {
  for (const std::string_view bytes :
       {"", "\x80", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"}) {
    Unpacker in(bytes);
    EXPECT_EQ(in.count(), 0U);
    EXPECT_TRUE(in.broken());
  }
  Unpacker in(
      "\x05"
      "abc");
  EXPECT_EQ(in.text(), "");
  EXPECT_TRUE(in.broken()) << "five bytes are promised";
}

Commit sample() {
  Commit commit = decision("c1", 7, 3);
  commit.after.epoch = 5;
  commit.events[0].epoch = 2;
  commit.events[1].at = at(-4);
  commit.events[2].json = std::string("\0\xFF", 2);
  commit.dedupe = {{"visitor:1", "m8", 8}, {"", "", 0}};
  return commit;
}

LogRow head_of(const Commit& commit) {
  LogRow row;
  row.conversation = 42;
  row.last_seq = commit.after.last_seq;
  row.epoch = commit.after.epoch;
  return row;
}

TEST(LogRow, GivesADecisionAgain) {
  const Commit commit = sample();
  PackedRow packed;
  pack_decision(42, commit, 9, "a delta", packed);
  LogRow row = head_of(commit);
  ASSERT_TRUE(unpack_row(packed.body(), packed.checksum, row));
  EXPECT_TRUE(row.has_state);
  EXPECT_EQ(row.state, commit.after.state);
  EXPECT_EQ(row.deadline, commit.after.deadline);
  EXPECT_EQ(row.updated_at, commit.after.updated_at);
  EXPECT_EQ(row.frame, 9);
  EXPECT_EQ(row.snapshot, "a delta");
  EXPECT_EQ(row.events, commit.events);
  EXPECT_EQ(row.keys, commit.dedupe);

  PackedRow again;
  pack_row(row, again);
  EXPECT_EQ(again.bytes, packed.bytes);
}

TEST(LogRow, OfSchema2IsUnderstood) {
  LogRow old = head_of(sample());
  old.on_events = false;
  old.frame = 9;
  old.snapshot = "a delta against row 9 alone";
  old.events = sample().events;
  PackedRow packed;
  pack_row(old, packed);
  EXPECT_EQ(packed.body()[0], 1);
  LogRow row = head_of(sample());
  ASSERT_TRUE(unpack_row(packed.body(), packed.checksum, row));
  EXPECT_FALSE(row.on_events);
  EXPECT_EQ(row.snapshot, old.snapshot);
  EXPECT_EQ(row.events, old.events);
}

TEST(LogRow, NoticesWhateverChanged) {
  const Commit commit = sample();
  PackedRow packed;
  pack_decision(42, commit, 0, "whole", packed);
  const std::string body(packed.body());
  for (std::size_t i = 0; i < body.size(); ++i) {
    std::string harmed = body;
    harmed[i] ^= 4;
    LogRow row = head_of(commit);
    EXPECT_FALSE(unpack_row(harmed, packed.checksum, row)) << "byte " << i;
  }
  LogRow other = head_of(commit);
  other.conversation = 43;
  EXPECT_FALSE(unpack_row(body, packed.checksum, other)) << "of another conversation";
  other = head_of(commit);
  ++other.last_seq;
  EXPECT_FALSE(unpack_row(body, packed.checksum, other));
  other = head_of(commit);
  ++other.epoch;
  EXPECT_FALSE(unpack_row(body, packed.checksum, other));
}

TEST(LogRow, IsPlacedByItsFirstEvent) {
  EXPECT_EQ(tag_of(1, 1), 3);
  EXPECT_EQ(tag_of(5, 5), tag_of(1, 1)) << "two decisions on the same state want the same place";
  EXPECT_LT(tag_of(5, 5), tag_of(5, 0)) << "without events: behind those it follows";
  EXPECT_LT(tag_of(5, 0), tag_of(6, 1)) << "and before those to come";
}

TEST(LogRow, KeysHavePlacesApart) {
  std::set<std::int64_t> tags;
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t tag = tag_of_key("m" + std::to_string(i));
    EXPECT_LT(tag, 0);
    EXPECT_GT(tag, std::numeric_limits<std::int64_t>::min() / 2 - 10) << "room for those after it";
    tags.insert(tag);
  }
  EXPECT_EQ(tags.size(), 10'000U);
}

}  // namespace
}  // namespace wasl::store
