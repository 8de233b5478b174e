#include "wasl/core/json_writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace wasl {
namespace {

TEST(JsonWriter, PutsCommasBetweenValues) {
  JsonWriter json;
  json.begin_object().field("a", 1).key("b").begin_array().value(true).null().value("x");
  json.begin_object().end_object().begin_array().end_array().end_array().field("c", "d");
  json.end_object();
  EXPECT_EQ(json.take(), R"({"a":1,"b":[true,null,"x",{},[]],"c":"d"})");
  EXPECT_EQ(json.begin_array().value(2).end_array().take(), "[2]");  // empty again
}

TEST(JsonWriter, LeavesDefaultsOut) {
  JsonWriter json;
  json.begin_object();
  json.field_unless_default("text", std::string()).field_unless_default("count", 0);
  json.field_unless_default("yes", false).field_unless_default("no", true);
  json.end_object();
  EXPECT_EQ(json.take(), R"({"no":true})");
}

struct Written {
  const char* name;
  std::string text;
  const char* json;
};

TEST(JsonWriter, WritesTextsThatEveryReaderTakes) {
  const Written cases[] = {
      {"plain", "hello", R"("hello")"},
      {"empty", "", R"("")"},
      {"Arabic as it is", "مرحبا", R"("مرحبا")"},
      {"four bytes", "\xF0\x9F\x98\x80!", "\"\xF0\x9F\x98\x80!\""},
      {"quotes and backslashes", R"(a"b\c)", R"("a\"b\\c")"},
      {"short escapes", "\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {"other controls", std::string("\0\x01\x1F", 3), R"("\u0000\u0001\u001f")"},
      {"a lone byte", "a\xFFz", "\"a\xEF\xBF\xBDz\""},
      {"cut off", "\xD8", "\"\xEF\xBF\xBD\""},
      {"overlong", "\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"a surrogate", "\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
  };
  for (const Written& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(JsonWriter().value(c.text).take(), c.json);
  }
}

// Eight bytes are looked at together, so what is special must be seen at each place among them.
TEST(JsonWriter, SeesWhatIsSpecialAnywhere) {
  struct Case {
    std::string bytes, json;
  };
  const Case cases[] = {
      {"\"", "\\\""},
      {"\\", "\\\\"},
      {"\n", "\\n"},
      {"\x1F", "\\u001f"},
      {"\x7F", "\x7F"},
      {" ", " "},
      {"ش", "ش"},
      {"€", "€"},
      {"\xFF", "\xEF\xBF\xBD"},
      {"\x80", "\xEF\xBF\xBD"},
      {"\xD8", "\xEF\xBF\xBD"},
      {"\xC1\xBF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
  };
  for (const Case& c : cases) {
    for (const std::string_view filling : {"a", "ب"}) {
      for (std::size_t before = 0; before < 20; ++before) {
        for (const std::size_t after : {0, 1, 7, 12}) {
          std::string text;
          for (std::size_t i = 0; i < before; ++i) text += filling;
          std::string json = '"' + text + c.json;
          text += c.bytes;
          for (std::size_t i = 0; i < after; ++i) text += filling, json += filling;
          EXPECT_EQ(JsonWriter().value(text).take(), json + '"') << before << ' ' << after;
        }
      }
    }
  }
}

TEST(JsonWriter, WritesNumbersThatReadBackTheSame) {
  EXPECT_EQ(JsonWriter().value(std::numeric_limits<std::int64_t>::min()).take(),
            "-9223372036854775808");
  EXPECT_EQ(JsonWriter().value(std::numeric_limits<std::uint64_t>::max()).take(),
            "18446744073709551615");
  EXPECT_EQ(JsonWriter().value(0.1).take(), "0.1");
  EXPECT_EQ(JsonWriter().value(0.35F).take(), "0.35");
  EXPECT_EQ(JsonWriter().value(1e300).take(), "1e+300");
  EXPECT_EQ(JsonWriter().value(std::numeric_limits<double>::quiet_NaN()).take(), "null");
  EXPECT_EQ(JsonWriter().value(-std::numeric_limits<double>::infinity()).take(), "null");
}

}  // namespace
}  // namespace wasl
