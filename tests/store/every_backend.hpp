#pragma once

#include "wasl/store/store.hpp"

#include "tests/store/samples.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace wasl::store {

/// Runs `claim` on a fresh store of every backend.
inline void in_every_backend(const std::function<void(Store&)>& claim) {
  {
    SCOPED_TRACE("memory");
    claim(*make_memory_store());
  }
  {
    SCOPED_TRACE("sqlite");
    const TemporaryFolder folder;
    auto store = open_sqlite_store(folder / "wasl.db");
    ASSERT_TRUE(store) << store.error().what;
    claim(**store);
  }
}

}  // namespace wasl::store
