#include "wasl/core/yaml.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace wasl::yaml {
namespace {

std::string first_mistake(std::string_view text) {
  Mistakes mistakes;
  const auto document = parse(text, "f.yml", mistakes);
  return document ? "" : to_string(mistakes.sorted().at(0));
}

// Former bugs

// A NUL near the start made the parser take the file for UTF-16 or UTF-32.
TEST(YamlHostile, RefusesControlCharactersByPlace) {
  using namespace std::string_view_literals;
  EXPECT_EQ(first_mistake("\x0c\0\0\0s: ''"sv),
            "f.yml:1:1: a control character (code 12) is not allowed");
  EXPECT_EQ(first_mistake("a\0b: 1"sv), "f.yml:1:2: a control character (code 0) is not allowed");
  EXPECT_EQ(first_mistake("ا: 1\nاسم: \x7f"),
            "f.yml:2:6: a control character (code 127) is not allowed");
  EXPECT_EQ(first_mistake("a: \"x\\0\\t\"\r\nb:\t1\n"), "");
}

// The parser turned \N and \_ into single bytes, which are no UTF-8.
TEST(YamlHostile, TextsAreUtf8WhateverTheirEscapes) {
  EXPECT_EQ(first_mistake(R"(a: "x\N")"),
            R"(f.yml:1:4: write \u0085 and \u00A0 instead of \N and \_)");
  EXPECT_EQ(first_mistake(R"("\_": 1)"),
            R"(f.yml:1:1: write \u0085 and \u00A0 instead of \N and \_)");
  EXPECT_EQ(first_mistake(R"(a: "\u0085\L\P\xA0\e")"), "");
}

// Each key was compared with all before it: a file within the limits cost a minute.
TEST(YamlHostile, FindsTheDuplicateAmongManyKeys) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  Mistakes mistakes;
  const auto document = parse(text, "f.yml", mistakes);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.entries.size(), 20'000U);
  EXPECT_EQ(first_mistake(text + "k7: 2"), "f.yml:20001:1: duplicate key 'k7'");
  EXPECT_EQ(first_mistake(text + "x: 1"), "f.yml:20001:1: the map holds too many keys");
}

// It was read whole before its size was looked at; a folder with a file's name ended the program.
TEST(YamlHostile, LoadsNoMoreThanItReads) {
  const auto here =
      std::filesystem::temp_directory_path() / ("wasl_yaml_" + std::to_string(::getpid()) + ".yml");
  Mistakes mistakes;
  std::filesystem::create_symlink("/dev/zero", here);
  EXPECT_FALSE(load(here, "f.yml", mistakes));
  std::filesystem::remove(here);
  std::filesystem::create_directory(here);
  EXPECT_FALSE(load(here, "f.yml", mistakes));
  std::filesystem::remove(here);
  EXPECT_FALSE(load(here, "f.yml", mistakes));
  ASSERT_EQ(mistakes.size(), 3U);
  EXPECT_EQ(mistakes.sorted().at(0).what, "the file is larger than 8 MiB");
  EXPECT_EQ(mistakes.sorted().at(1).what, "cannot be read");
  EXPECT_EQ(mistakes.sorted().at(2).what, "cannot be read");
}

}  // namespace
}  // namespace wasl::yaml
