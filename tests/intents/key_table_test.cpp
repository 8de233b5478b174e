#include "intents/key_table.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace wasl::intents {
namespace {

TEST(KeyTable, FindsAsAMapDoesWhileItGrows) {
  KeyTable table;
  std::unordered_map<KeyTable::Key, std::size_t> twin;
  for (std::size_t i = 0; i < 20'000; ++i) {
    const KeyTable::Key key = KeyTable::key_of("word " + std::to_string(i * i % 9'973));
    EXPECT_EQ(table.find(key), twin.contains(key) ? twin[key] : KeyTable::kNone);
    const auto [entry, fresh] = twin.emplace(key, twin.size());
    EXPECT_EQ(table.add(key), entry->second);
    EXPECT_EQ(table.size(), twin.size());
  }
  for (const auto& [key, number] : twin) ASSERT_EQ(table.find(key), number);
}

TEST(KeyTable, KeysOfOnePlaceDoNotMix) {
  KeyTable table;
  constexpr KeyTable::Key kHigh = 0xABCULL << 52U;
  for (KeyTable::Key low = 1; low <= 40; ++low) EXPECT_EQ(table.add(kHigh | low), low - 1);
  for (KeyTable::Key low = 1; low <= 40; ++low) EXPECT_EQ(table.find(kHigh | low), low - 1);
  EXPECT_EQ(table.find(kHigh | 41U), KeyTable::kNone);
  EXPECT_EQ(KeyTable().find(0), KeyTable::kNone);
}

TEST(KeyTable, KeysTellTextsAndTheirOrderApart) {
  const auto of = [](std::string_view text) { return KeyTable::key_of(text); };
  EXPECT_EQ(of("order"), of("order"));
  for (const auto& [one, other] :
       {std::pair{"", "a"}, std::pair{"a", "aa"}, std::pair{"12345678", "123456780"},
        std::pair{"abcdefgh12345678", "12345678abcdefgh"}, std::pair{"طلبي", "طلبك"}}) {
    EXPECT_NE(of(one), of(other)) << one << ", " << other;
  }
  EXPECT_NE(of(std::string(1, '\0')), of("")) << "length counts";
  EXPECT_NE(KeyTable::join(of("a"), of("b")), KeyTable::join(of("b"), of("a")));
  EXPECT_NE(KeyTable::join(of("a"), of("a")), KeyTable::join(of("b"), of("b")));
}

}  // namespace
}  // namespace wasl::intents
