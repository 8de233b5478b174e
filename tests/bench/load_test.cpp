#include "bench/load/frames.hpp"
#include "bench/load/histogram.hpp"
#include "bench/load/messages.hpp"
#include "bench/load/process.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <set>

namespace wasl::bench {
namespace {

TEST(Histogram, FindsQuantilesToASixtyFourth) {
  Histogram times;
  for (std::int64_t us = 1; us <= 10'000; ++us) times.add(us * 1000);
  EXPECT_EQ(times.total(), 10'000U);
  EXPECT_NEAR(times.quantile_us(0.5), 5'000, 5'000 / 64.0);
  EXPECT_NEAR(times.quantile_us(0.99), 9'900, 9'900 / 64.0);
  EXPECT_NEAR(times.quantile_us(0), 1, 1 / 64.0);
}

TEST(Histogram, TakesAnyDuration) {
  Histogram times;
  for (const std::int64_t odd : {std::int64_t{-5}, std::int64_t{0}, INT64_MAX}) times.add(odd);
  EXPECT_EQ(times.total(), 3U);
  EXPECT_EQ(Histogram{}.quantile_us(0.5), 0.0) << "nothing was measured";
}

// As a server reads it (RFC 6455, section 5.3).
std::string unmasked(std::string_view frame) {
  std::size_t head = 2;
  if ((frame[1] & 0x7F) == 126) head = 4;
  std::string text(frame.substr(head + 4));
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(text[i] ^ frame[head + i % 4]);
  }
  return text;
}

TEST(Frames, AreMaskedSoThatAServerReadsThem) {
  for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 125U, 126U, 1000U}) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    std::string frame;
    append_frame(frame, Opcode::text, text);
    EXPECT_EQ(unmasked(frame), text) << size;
    EXPECT_EQ(frame.find(text) == std::string::npos, size > 0) << "as it is: " << size;
  }
}

TEST(Frames, AreReadOneByOneAndOnlyWhole) {
  const std::string long_text(300, 'x');
  const std::string bytes =
      std::string("\x81\x02hi\x8A\x00", 6) + "\x81\x7E" + '\x01' + '\x2C' + long_text;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::string_view part(bytes.data(), size);
    Frame frame;
    std::size_t whole = 0;
    while (next_frame(part, frame)) ++whole;
    EXPECT_EQ(whole, size < 4 ? 0U : size < 6 ? 1U : 2U) << size << " bytes";
  }
  std::string_view all = bytes;
  Frame frame;
  ASSERT_TRUE(next_frame(all, frame));
  EXPECT_EQ(frame.payload, "hi");
  ASSERT_TRUE(next_frame(all, frame));
  EXPECT_EQ(frame.opcode, Opcode::pong);
  ASSERT_TRUE(next_frame(all, frame));
  EXPECT_EQ(frame.payload, long_text);
  EXPECT_TRUE(all.empty());
}

class MessagesOfAMix : public testing::Test {
 protected:
  MessagesOfAMix() : file_(testing::TempDir() + "mix-" + std::to_string(::getpid()) + ".tsv") {
    std::ofstream out(file_);
    for (const char* language : {"ar", "en"}) {
      for (const char* intent : {"one", "two", "three"}) {
        for (int i = 0; i < 4; ++i) {
          out << "example\t" << language << '\t' << intent << '\t' << intent << ' ' << i << '\n';
        }
      }
      out << "opener\t" << language << "\t-\thello \nopener\t" << language << "\t-\t\n";
      out << "closer\t" << language << "\t-\t?\n";
    }
  }
  ~MessagesOfAMix() override { ::unlink(file_.c_str()); }

  const std::string file_;
};

TEST_F(MessagesOfAMix, DoNotRepeatAndAreTheSameEachTime) {
  const Messages first(file_);
  const Messages second(file_);
  std::set<std::string> seen;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    const std::string text = first.at(i % 10, i / 10, i).text;
    EXPECT_TRUE(seen.insert(text).second) << text;
    EXPECT_EQ(second.at(i % 10, i / 10, i).text, text);
  }
}

TEST_F(MessagesOfAMix, GoFromSubjectToSubject) {
  const Messages messages(file_);
  for (std::uint64_t turn = 0; turn < 50; ++turn) {
    EXPECT_NE(messages.at(3, turn, 100 + turn).intent, messages.at(3, turn + 1, 101 + turn).intent);
  }
}

TEST_F(MessagesOfAMix, AMixWithoutAPartIsRefused) {
  std::ofstream(file_) << "example\ten\tone\ttext\n";
  EXPECT_THROW(Messages{file_}, std::runtime_error);
  EXPECT_THROW(Messages{file_ + ".missing"}, std::runtime_error);
}

TEST(Usage, CountsTheTimeOfAllThreads) {
  const Usage before = usage_of(::getpid());
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(60);
  while (std::chrono::steady_clock::now() < end) {
  }
  EXPECT_GT(usage_of(::getpid()).total_s(), before.total_s());
  EXPECT_THROW((void)usage_of(0), std::runtime_error);
}

}  // namespace
}  // namespace wasl::bench
