// YAML as authors write it, and as nobody should.
#include "wasl/core/yaml.hpp"

#include "wasl/core/text.hpp"

#include "tests/fuzz/property.hpp"

#include <cstdint>
#include <set>

namespace {

using namespace wasl;
using fuzz::require;

/// Within the limits, in order, with its place; gives the number of nodes.
std::size_t check(const yaml::Node& node, std::size_t depth) {
  require(depth <= 41, "a tree is not deep");
  require(node.is_null() || (node.at.line > 0 && node.at.column > 0), "a value has its place");
  require(valid_utf8(node.scalar), "a text is UTF-8");
  std::size_t count = 1;
  for (const yaml::Node& item : node.items) count += check(item, depth + 1);
  std::set<std::string_view> keys;
  for (const auto& [key, value] : node.entries) {
    require(key.is_scalar(), "a key is a word");
    require(keys.insert(key.scalar).second, "a key is there once");
    require(node.find(key.scalar) == &value, "a value is found by its key");
    count += 1 + check(value, depth + 1);
  }
  const yaml::Node plain = node;
  if (const auto whole = yaml::as_whole(plain)) {
    require(yaml::as_number(plain).has_value(), "a whole number is a number");
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  yaml::Mistakes mistakes;
  const auto document = yaml::parse(text, "fuzz.yml", mistakes);
  require(document.has_value() == mistakes.empty(), "a file is read, or it is told why not");
  for (const yaml::Mistake& mistake : mistakes.sorted()) {
    require(!mistake.what.empty(), "a mistake is told in words");
    require(yaml::to_string(mistake).starts_with("fuzz.yml:"), "a mistake names its file");
  }
  if (!document) return 0;
  require(check(document->root, 0) <= size + 1, "there are no more values than bytes");

  const yaml::Map map("fuzz.yml", document->root, mistakes);
  map.only({"text", "whole", "number", "flag", "duration", "texts"});
  (void)map.text("text");
  const long long whole = map.whole_or("whole", 5, 1, 10);
  require(whole >= 1 && whole <= 10, "a whole number is within its limits");
  const double number = map.number_or("number", 0.5, 0.0, 1.0);
  require(number >= 0.0 && number <= 1.0, "a number is within its limits");
  (void)map.flag_or("flag", true);
  require(map.duration_or("duration", Millis{1}) >= Millis{0}, "a duration is not negative");
  (void)map.texts("texts");
  return 0;
}
