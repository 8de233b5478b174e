#include "intents/labelled_file.hpp"

#include "tests/intents/folder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wasl::intents {
namespace {

using Told = std::vector<std::string>;

TEST(LabelledFile, TellsEveryMistakeWithItsPlace) {
  const struct {
    const char* name;
    std::string text;
    std::size_t rows;
    Told told;
  } cases[] = {
      {"well", "a\tx y\nb\tz\n", 2, {}},
      {"last line without end", "a\tx", 1, {}},
      {"other systems' line ends, empty lines, a mark",
       "\xEF\xBB\xBF"
       "a\tx\r\n\r\n\nb\ty\r\n",
       2,
       {}},
      {"a tab in the text", "a\tx\ty", 1, {}},
      {"no tab",
       "a x\nb\ty\nكلمة",
       1,
       {"f:1:4: no tab: a line is label<TAB>text", "f:3:5: no tab: a line is label<TAB>text"}},
      {"no label", "\tx", 0, {"f:1:1: the label is empty"}},
      {"no text", "ab\t  ", 0, {"f:1:4: the text is empty"}},
      {"no UTF-8", "a\tok \xFFx\n\xC3(\tx", 0, {"f:1:6: not UTF-8", "f:2:1: not UTF-8"}},
      {"a sign that means broken is not broken", "a\t\xEF\xBF\xBD", 1, {}},
      {"a long label",
       std::string(201, 'l') + "\tx",
       0,
       {"f:1:1: the label has 201 bytes; at most 200 are allowed"}},
      {"a megabyte",
       "a\t" + std::string(1'000'000, 'x') + "\nb\ty",
       1,
       {"f:1:1: the line has 1000002 bytes; at most 65536 are read"}},
      {"nothing", "", 0, {}},
  };
  for (const auto& c : cases) {
    yaml::Mistakes mistakes;
    EXPECT_EQ(parse_labelled(c.text, "f", mistakes).size(), c.rows) << c.name;
    EXPECT_EQ(told(mistakes), c.told) << c.name;
  }
}

TEST(LabelledFile, StopsTellingAfterAHundred) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "no tab here\n";
  yaml::Mistakes mistakes;
  EXPECT_TRUE(parse_labelled(text, "f", mistakes).empty());
  EXPECT_EQ(mistakes.size(), 101U);
}

TEST(LabelledFile, AFileMustHaveRows) {
  const Folder folder;
  folder.write("empty.tsv", "\n\n");
  yaml::Mistakes mistakes;
  EXPECT_TRUE(read_labelled(folder.path() / "empty.tsv", mistakes).empty());
  EXPECT_TRUE(read_labelled(folder.path() / "none.tsv", mistakes).empty());
  ASSERT_EQ(mistakes.size(), 2U);
  EXPECT_NE(told(mistakes)[0].find("empty.tsv:1:1: no rows"), std::string::npos);
  EXPECT_NE(told(mistakes)[1].find("none.tsv"), std::string::npos);
}

}  // namespace
}  // namespace wasl::intents
