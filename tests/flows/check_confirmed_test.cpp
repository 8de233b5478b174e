#include "tests/flows/bot_folder.hpp"

#include <gtest/gtest.h>

namespace wasl::flows {
namespace {

using test::BotFolder;
using Told = std::vector<std::string>;

const char* const kCalls =
    "- call: orders.cancel\n  post: https://shop.example/orders/{number}/cancel\n"
    "- call: orders.lookup\n  get: https://shop.example/orders/{number}\n"
    "  result: {state: text}\n"
    "- call: orders.find\n  post: https://shop.example/find\n  irreversible: false\n";
// The steps of a case begin in line 8.
const char* const kHead =
    "- flow: survey\n  start: {intent: survey}\n  slots:\n"
    "    number: {type: entity, entity: order_number}\n    sure: {type: yes_no}\n"
    "    really: {type: yes_no}\n  steps:\n";

const char* const kNoYes =
    "call 'orders.cancel' cannot be undone, and a path leads here without the customer's yes: ask "
    "a "
    "yes_no slot and put the call under `if: that_slot`, or write irreversible: false in "
    "calls/c.yml:1";
const char* const kChanged =
    "call 'orders.cancel' cannot be undone, and what it sends can change after the customer's yes: "
    "set the yes_no slot to none and ask again";

struct Case {
  const char* name;
  const char* steps;
  int line;          ///< of the call that is told about; 0: none
  const char* want;  ///< about it
};

const Case kCases[] = {
    {"asked and answered",
     "    - ask: number\n    - ask: sure\n    - if: sure\n"
     "      then: [{call: orders.cancel, with: {number: number}}]\n",
     0, nullptr},
    {"not asked", "    - ask: number\n    - call: orders.cancel\n      with: {number: number}\n", 9,
     kNoYes},
    {"asked, the answer not looked at",
     "    - ask: number\n    - ask: sure\n    - call: orders.cancel\n      with: {number: "
     "number}\n",
     10, kNoYes},
    {"under the no",
     "    - ask: number\n    - ask: sure\n    - if: sure\n      then: [{say: hi}]\n"
     "      else: [{call: orders.cancel, with: {number: number}}]\n",
     12, kNoYes},
    {"behind the if, which lets the no through",
     "    - ask: number\n    - ask: sure\n    - if: sure\n      then: [{say: hi}]\n"
     "    - call: orders.cancel\n      with: {number: number}\n",
     12, kNoYes},
    {"behind an if that ends the no",
     "    - ask: number\n    - ask: sure\n    - if: not sure\n      then: [{end: kept}]\n"
     "    - call: orders.cancel\n      with: {number: number}\n",
     0, nullptr},
    {"with another condition beside",
     "    - ask: number\n    - ask: sure\n    - if: sure and hours.open\n"
     "      then: [{call: orders.cancel, with: {number: number}}]\n",
     0, nullptr},
    {"with another condition instead",
     "    - ask: number\n    - ask: sure\n    - if: sure or hours.open\n"
     "      then: [{call: orders.cancel, with: {number: number}}]\n",
     11, kNoYes},
    {"neither no nor closed",
     "    - ask: number\n    - ask: sure\n    - if: not sure or not hours.open\n"
     "      then: [{end: kept}]\n"
     "      else: [{call: orders.cancel, with: {number: number}}]\n",
     0, nullptr},
    {"never asked, but looked at",
     "    - ask: number\n    - if: sure\n"
     "      then: [{call: orders.cancel, with: {number: number}}]\n    - ask: sure\n",
     0, nullptr},  // it cannot be true
    {"said by the author",
     "    - ask: number\n    - set: {sure: true}\n    - if: sure\n"
     "      then: [{call: orders.cancel, with: {number: number}}]\n    - ask: sure\n",
     11, kChanged},
    {"the number comes after the yes",
     "    - ask: sure\n    - if: sure\n      then:\n        - ask: number\n"
     "        - call: orders.cancel\n          with: {number: number}\n",
     12, kChanged},
    {"the number is changed after the yes",
     "    - ask: number\n    - ask: sure\n    - if: sure\n      then:\n"
     "        - set: {number: channel}\n"
     "        - call: orders.cancel\n          with: {number: number}\n",
     13, kChanged},
    {"something else is changed after the yes",
     "    - ask: number\n    - ask: sure\n    - if: sure\n      then:\n        - ask: really\n"
     "        - call: orders.cancel\n          with: {number: number}\n",
     0, nullptr},
    {"asked again after the change",
     "    - ask: number\n    - ask: sure\n    - if: sure\n      then:\n"
     "        - set: {number: channel, sure: none}\n        - ask: sure\n        - if: sure\n"
     "          then: [{call: orders.cancel, with: {number: number}}]\n",
     0, nullptr},
    {"asked again after the change, which asks nothing while it is filled",
     "    - ask: number\n    - ask: sure\n    - if: sure\n      then:\n"
     "        - set: {number: channel}\n        - ask: sure\n        - if: sure\n"
     "          then: [{call: orders.cancel, with: {number: number}}]\n",
     15, kChanged},
    {"another question on each path",
     "    - ask: number\n    - if: hours.open\n"
     "      then: [{ask: sure}, {if: not sure, then: [{end: kept}]}]\n"
     "      else: [{ask: really}, {if: not really, then: [{end: kept}]}]\n"
     "    - call: orders.cancel\n      with: {number: number}\n",
     0, nullptr},
    {"no question on one path",
     "    - ask: number\n    - if: hours.open\n"
     "      then: [{ask: sure}, {if: not sure, then: [{end: kept}]}]\n"
     "    - call: orders.cancel\n      with: {number: number}\n    - ask: really\n",
     11, kNoYes},
    {"a way around by goto",
     "    - ask: number\n    - if: hours.open\n      then: [{goto: it}]\n    - ask: sure\n"
     "    - if: not sure\n      then: [{end: kept}]\n"
     "    - call: orders.cancel\n      id: it\n      with: {number: number}\n",
     14, kNoYes},
    {"the question failed",
     "    - ask: number\n    - ask: sure\n      on_fail: [{call: orders.cancel, with: {number: "
     "number}}]\n",
     10, kNoYes},
    {"what was looked up is sent, and looked up again after the yes",
     "    - ask: number\n    - call: orders.lookup\n      with: {number: number}\n      save: "
     "order\n"
     "    - ask: sure\n    - if: not sure\n      then: [{end: kept}]\n"
     "    - call: orders.lookup\n      with: {number: number}\n      save: order\n"
     "    - call: orders.cancel\n      with: {number: order.state}\n",
     18, kChanged},
    {"what was looked up again is not sent",
     "    - ask: number\n    - ask: sure\n    - if: not sure\n      then: [{end: kept}]\n"
     "    - call: orders.lookup\n      with: {number: number}\n      save: order\n"
     "    - call: orders.cancel\n      with: {number: number}\n",
     0, nullptr},
    {"going back forgets the yes",
     "    - ask: number\n      id: again\n    - ask: sure\n    - if: not sure\n"
     "      then: [{goto: again}]\n    - call: orders.cancel\n      with: {number: number}\n",
     0, nullptr},
    {"said to be harmless", "    - ask: number\n    - call: orders.find\n      with: {n: number}\n",
     0, nullptr},
};

TEST(CheckConfirmed, NoPathToWhatCannotBeUndoneWithoutAYes) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    const BotFolder folder;
    folder.write("calls/c.yml", kCalls);
    folder.write("flows/f.yml", std::string(kHead) + c.steps);
    Told told;
    for (const std::string& mistake : test::mistakes_of(folder)) {
      if (mistake.find("cannot be undone") != std::string::npos) told.push_back(mistake);
      EXPECT_EQ(mistake.find("can never be reached"), std::string::npos) << mistake;
    }
    if (c.want == nullptr) {
      EXPECT_EQ(told, Told{});
      continue;
    }
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].starts_with("flows/f.yml:" + std::to_string(c.line) + ":")) << told[0];
    EXPECT_TRUE(told[0].ends_with(c.want)) << told[0];
  }
}

// What a flow is given by the one that does it was not asked here.
TEST(CheckConfirmed, AnotherFlowsYesIsNoYes) {
  const BotFolder folder;
  folder.write("calls/c.yml", kCalls);
  const std::string steps =
      "    - ask: number\n    - ask: sure\n    - if: sure\n"
      "      then: [{call: orders.cancel, with: {number: number}}]\n";
  folder.write("flows/f.yml", std::string(kHead) + steps +
                                  "- flow: greet\n  start: {intent: greet}\n  slots:\n"
                                  "    ready: {type: yes_no}\n  steps:\n    - ask: ready\n"
                                  "    - do: survey\n      with: {sure: ready}\n");
  Told told;
  for (const std::string& mistake : test::mistakes_of(folder)) {
    if (mistake.find("cannot be undone") != std::string::npos) told.push_back(mistake);
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(told[0].starts_with("flows/f.yml:11:")) << told[0];
}

TEST(CheckConfirmed, IsBounded) {
  const BotFolder folder;
  folder.write("calls/c.yml", kCalls);
  std::string flow = "- flow: survey\n  start: {intent: survey}\n  slots:\n";
  std::string steps = "  steps:\n";
  for (int i = 0; i < 40; ++i) {
    const std::string slot = "s" + std::to_string(i);
    flow += "    " + slot + ": {type: yes_no}\n";
    steps += "    - ask: " + slot + "\n    - if: " + slot + "\n      then: [{say: hi}]\n";
  }
  // Each call comes after a yes, but there are too many ways to it to see that.
  const std::string call = "    - call: orders.cancel\n      with: {number: channel}\n";
  folder.write("flows/f.yml", flow + "    sure: {type: yes_no}\n" + steps +
                                  "    - ask: sure\n    - if: not sure\n"
                                  "      then: [{end: kept}]\n" +
                                  call + call);
  Told told;
  for (const std::string& mistake : test::mistakes_of(folder)) {
    if (mistake.find("cannot be undone") != std::string::npos) told.push_back(mistake);
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].find("too many yes/no questions"), std::string::npos) << told[0];
}

}  // namespace
}  // namespace wasl::flows
