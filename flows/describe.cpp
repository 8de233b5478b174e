#include "flows/describe.hpp"

namespace wasl::flows {

std::string title_of(const Instruction& instruction, const Flow& flow) {
  const std::string topic = flow.name + ".";
  return std::visit(Overloaded{
                        [&](const SayStep& say) {
                          const bool own = say.answer.starts_with(topic);
                          return "say " + (own ? say.answer.substr(topic.size()) : say.answer);
                        },
                        [](const AskStep& ask) { return "ask " + ask.slot; },
                        [](const SetStep&) { return std::string("set"); },
                        [](const BranchStep&) { return std::string("if"); },
                        [](const JumpStep&) { return std::string("goto"); },
                        [](const CallStep& call) { return "call " + call.call; },
                        [](const DoStep& part) { return "do " + part.flow; },
                        [&](const RemindStep& remind) {
                          const bool own = remind.answer.starts_with(topic);
                          return "remind " +
                                 (own ? remind.answer.substr(topic.size()) : remind.answer);
                        },
                        [](const SearchStep&) { return std::string("search"); },
                        [](const HandoffStep& handoff) { return "handoff " + handoff.reason; },
                        [](const EndStep&) { return std::string("end"); },
                    },
                    instruction);
}

}  // namespace wasl::flows
