#pragma once

#include <sys/types.h>

#include <cstdint>

namespace wasl::bench {

/// What a process has used so far, all its threads together.
struct Usage {
  double user_s = 0.0;
  double system_s = 0.0;
  [[nodiscard]] double total_s() const { return user_s + system_s; }
};

/// From /proc/PID/stat, to one clock tick.  Throws std::runtime_error when the process is gone.
[[nodiscard]] Usage usage_of(pid_t process);

}  // namespace wasl::bench
