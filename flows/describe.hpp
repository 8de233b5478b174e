#pragma once

#include "flows/model.hpp"

#include <string>

namespace wasl::flows {

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

/// An instruction of `flow` in the words of the flow language: `ask order_number`.  A key of the
/// flow's own answers is told without the flow's name.
[[nodiscard]] std::string title_of(const Instruction& instruction, const Flow& flow);

}  // namespace wasl::flows
