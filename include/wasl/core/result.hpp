#pragma once

#include "wasl/core/check.hpp"

#include <string>
#include <utility>
#include <variant>

namespace wasl {

/// What went wrong, in a word a program can act on and a sentence a person can read.
struct Error {
  enum class Code {
    invalid_input,  ///< the caller's data is at fault
    not_found,      ///< no such thing
    conflict,       ///< somebody else decided first: reload and decide again
    busy,           ///< a bound is reached: try again later
    unavailable,    ///< the environment failed: disk, network, model
  };
  Code code = Code::invalid_input;
  std::string what;
};

/// The value of a function that gives none.
struct Done {};

/// A value, or the reason why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  explicit operator bool() const { return state_.index() == 0; }

  /// REQUIRES: holds a value.
  T& operator*() & {
    WASL_CHECK(state_.index() == 0);
    return *std::get_if<0>(&state_);
  }
  /// By value, so that `for (auto& x : *make())` does not walk a destroyed result.
  T operator*() && {
    WASL_CHECK(state_.index() == 0);
    return std::move(*std::get_if<0>(&state_));
  }
  const T& operator*() const& {
    WASL_CHECK(state_.index() == 0);
    return *std::get_if<0>(&state_);
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }

  /// REQUIRES: holds an error.
  [[nodiscard]] const Error& error() const {
    WASL_CHECK(state_.index() == 1);
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

}  // namespace wasl
