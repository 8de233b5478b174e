#include "wasl/core/yaml.hpp"

#include <gtest/gtest.h>

namespace wasl::yaml {
namespace {

std::vector<std::string> mistakes_in(std::string_view text) {
  Mistakes mistakes;
  const auto document = parse(text, "f.yml", mistakes);
  if (document) {
    const Map map(document->file, document->root, mistakes);
    map.only({"name", "port", "wait", "flag", "list"});
    (void)map.text("name");
    (void)map.whole_or("port", 1, 1, 65535);
    (void)map.duration_or("wait", Millis{1});
    (void)map.flag_or("flag", false);
    (void)map.texts("list");
  }
  std::vector<std::string> all;
  for (const Mistake& mistake : mistakes.sorted()) all.push_back(to_string(mistake));
  return all;
}

struct Case {
  const char* yaml;
  std::vector<std::string> want;
};

const Case kCases[] = {
    {"name: a\nport: 80\nwait: 30s\nflag: true\nlist: [x, y]", {}},
    {"{}", {"f.yml:1:1: missing 'name'"}},
    {"- a", {"f.yml:1:1: must be a map of `key: value`", "f.yml:1:1: missing 'name'"}},
    {"name: a\ncolour: red",
     {"f.yml:2:1: unknown key 'colour'; known here: name, port, wait, flag, list"}},
    {"name: a\nprot: 80", {"f.yml:2:1: unknown key 'prot' (did you mean \"port\"?)"}},
    {"name: a\nport: eighty\nwait: soon\nflag: yes\nlist: {a: b}",
     {"f.yml:2:7: 'port' must be a whole number from 1 to 65535",
      "f.yml:3:7: 'wait' must be a duration like 30s, 5m, 72h or 2d",
      "f.yml:4:7: 'flag' must be true or false", "f.yml:5:7: 'list' must be a list of texts"}},
    {"name: a\nname: b", {"f.yml:2:1: duplicate key 'name'"}},
    {"name: &x a", {"f.yml:1:7: anchors (&name) are not allowed"}},
    {"name: *x", {"f.yml:1:7: the referenced anchor is not defined"}},
    {"name: a\nport: [80", {"f.yml:2:1: end of sequence flow not found"}},
    {"name: \"\xff\"", {"f.yml: the file is not UTF-8"}},
};

TEST(Yaml, NamesEveryMistakeByPlace) {
  for (const Case& c : kCases) EXPECT_EQ(mistakes_in(c.yaml), c.want) << c.yaml;
}

TEST(Yaml, ReadsYesAndOnAsTextsAndQuotedNumbersToo) {
  Mistakes mistakes;
  const auto document = parse("{a: yes, b: on, c: \"12\", d: 12, e: ~, f: ''}", "f.yml", mistakes);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.find("a")->scalar, "yes");
  EXPECT_EQ(as_flag(*document->root.find("b")), std::nullopt);
  EXPECT_EQ(as_whole(*document->root.find("c")), std::nullopt);
  EXPECT_EQ(as_whole(*document->root.find("d")), 12);
  EXPECT_TRUE(document->root.find("e")->is_null());
  EXPECT_TRUE(document->root.find("f")->is_scalar());
}

TEST(Yaml, StopsAtDepthAndSize) {
  EXPECT_EQ(mistakes_in(std::string(100, '[')).size(), 1U);
  Mistakes mistakes;
  EXPECT_FALSE(parse(std::string(9U << 20U, 'a'), "f.yml", mistakes));
  std::string many = "[";
  for (int i = 0; i < 500'000; ++i) many += "a,";
  EXPECT_FALSE(parse(many + "]", "f.yml", mistakes));
}

}  // namespace
}  // namespace wasl::yaml
