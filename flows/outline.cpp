#include "wasl/flows/outline.hpp"

#include "wasl/core/check.hpp"

#include "flows/describe.hpp"

namespace wasl::flows {

std::vector<StepPlace> outline(const Program& program) {
  const auto* compiled = dynamic_cast<const CompiledProgram*>(&program);
  WASL_CHECK(compiled != nullptr);  // load_program makes no other
  std::vector<StepPlace> places;
  for (const auto& [name, flow] : compiled->flows) {
    for (std::uint32_t at = 0; at < flow.code.size(); ++at) {
      if (at >= flow.marks.size() || flow.marks[at].line == 0) continue;
      places.push_back({name, at, flow.file, flow.marks[at], title_of(flow.code[at], flow)});
    }
  }
  return places;
}

}  // namespace wasl::flows
