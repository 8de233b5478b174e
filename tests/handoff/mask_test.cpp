#include "wasl/handoff/packet.hpp"

#include <gtest/gtest.h>

namespace wasl::handoff {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* want;
};

const Case kCases[] = {
    {"nothing", "", ""},
    {"no digits", "مرحبا there", "مرحبا there"},
    {"card", "my card 4111111111111111 please", "my card ************1111 please"},
    {"card with spaces", "4111 1111 1111 1111", "**** **** **** 1111"},
    {"card with dashes", "5500-0000-0000-0004.", "****-****-****-0004."},
    {"card in groups of its own", "3782 822463 10005", "**** ****** *0005"},
    {"Arabic digits", "بطاقتي ٤١١١ ١١١١ ١١١١ ١١١١", "بطاقتي **** **** **** ١١١١"},
    {"Persian digits", "۴۱۱۱۱۱۱۱۱۱۱۱۱۱۱۱", "************۱۱۱۱"},
    {"after another number", "order 12345 4111 1111 1111 1111", "order 12345 **** **** **** 1111"},
    {"before another number", "4111 1111 1111 1111 12", "**** **** **** 1111 12"},
    {"no check digit", "4111111111111112", "4111111111111112"},
    {"order numbers", "A-1032 and 20261122", "A-1032 and 20261122"},
    {"mobile", "+966 50 123 4567 or 0501234567", "+966 50 123 4567 or 0501234567"},
    {"mobile with 00", "00966501234567", "00966501234567"},
    {"date and time", "2026-09-23 10:00", "2026-09-23 10:00"},
    {"Saudi identity", "هويتي 1000000008", "هويتي ******0008"},
    {"ten digits, not an identity", "1000000009", "1000000009"},
    {"Egyptian identity", "29001011234567", "**********4567"},
    {"Emirati identity", "784-1990-1234567-1", "***-****-****567-1"},
    {"social security", "078-05-1120", "***-**-1120"},
    {"two cards", "4111111111111111, 5500000000000004", "************1111, ************0004"},
};

TEST(Mask, HidesCardsAndIdentitiesAndNothingElse) {
  for (const Case& c : kCases) EXPECT_EQ(mask(c.text), c.want) << c.name;
}

TEST(Mask, LeavesAnyBytesInPeace) {
  std::string text;
  for (int i = 0; i < 4096; ++i) text.push_back(static_cast<char>(i * 37 + i / 256));
  EXPECT_EQ(mask(mask(text)), mask(text));
  EXPECT_EQ(mask("\xD9"), "\xD9");
  EXPECT_EQ(mask("1\xDB"), "1\xDB");
}

}  // namespace
}  // namespace wasl::handoff
