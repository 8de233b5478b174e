#pragma once

namespace wasl {

/// Says on stderr which claim of ours was wrong, and aborts.
[[noreturn]] void check_failed(const char* claim, const char* file, int line);

}  // namespace wasl

/// States what must hold if *we* are right; a failure is a bug and aborts, in release too.
#define WASL_CHECK(claim) \
  (static_cast<bool>(claim) ? void(0) : ::wasl::check_failed(#claim, __FILE__, __LINE__))
