#pragma once

#include "flows/model.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What a changed value means for what a flow has already done.
namespace wasl::flows {

/// Instructions of a flow in the order they were done.
using Path = std::vector<std::uint32_t>;

struct Redo {
  std::size_t from = 0;            ///< into the path: the first to be done again; its size: none
  std::vector<std::string> stale;  ///< slots and results that no longer hold
  bool final_call = false;         ///< a call that cannot be taken back would be made again
};

/// What has to be done again of `path` once `slot` has another value: whatever looked at it, or at
/// what came of it, and every yes/no given since, for it was given to the old value.
[[nodiscard]] Redo redo_after(const CompiledProgram& program, const Flow& flow, const Path& path,
                              const std::string& slot);

/// Whether what this call does cannot be undone, so that it is never made again.
[[nodiscard]] bool is_final(const CallSpec& call);

/// Whether `path` has such a call.
[[nodiscard]] bool has_final_call(const CompiledProgram& program, const Flow& flow,
                                  const Path& path);

}  // namespace wasl::flows
