#pragma once

#include "wasl/core/check.hpp"
#include "wasl/store/store.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

/// Rows to store, and a place to store them.
namespace wasl::store {

/// A folder that is removed with all in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "wasl-store-XXXXXX").string();
    WASL_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline Time at(std::int64_t milliseconds) {
  return Time(Millis(milliseconds));
}

inline EventRow event(std::uint64_t seq, std::string json) {
  return {.seq = seq,
          .at = at(1'700'000'000'000 + static_cast<std::int64_t>(seq)),
          .epoch = 0,
          .visible = seq % 2 == 1,
          .kind = "message",
          .json = std::move(json)};
}

/// A decision on `conversation` that adds `count` events after event `expected_last_seq`.
inline Commit decision(const std::string& conversation, std::uint64_t expected_last_seq,
                       std::uint64_t count = 1) {
  Commit commit;
  commit.expected_last_seq = expected_last_seq;
  commit.after.id = conversation;
  commit.after.visitor = "visitor of " + conversation;
  commit.after.channel = "web";
  commit.after.state = "bot";
  commit.after.last_seq = expected_last_seq + count;
  commit.after.deadline = at(1'700'000'060'000);
  commit.after.created_at = at(1'700'000'000'000);
  commit.after.updated_at = at(1'700'000'000'000 + static_cast<std::int64_t>(expected_last_seq));
  commit.after.snapshot = R"({"turns":)" + std::to_string(expected_last_seq) + "}";
  for (std::uint64_t i = 1; i <= count; ++i) {
    commit.events.push_back(
        event(expected_last_seq + i, R"({"text":"مرحبا )" + conversation + "\"}"));
  }
  return commit;
}

/// A visitor known by a token, or by an id on a messenger.
inline VisitorRow web_visitor(std::string id, std::string token_hash) {
  VisitorRow row;
  row.id = std::move(id);
  row.token_hash = std::move(token_hash);
  row.channel = "web";
  return row;
}
inline VisitorRow chat_visitor(std::string id, std::string channel, std::string external_id) {
  VisitorRow row;
  row.id = std::move(id);
  row.channel = std::move(channel);
  row.external_id = std::move(external_id);
  return row;
}

inline OutboxRow outgoing(std::string channel, std::uint64_t seq, std::string payload,
                          Time next_at = {}) {
  OutboxRow row;
  row.channel = std::move(channel);
  row.seq = seq;
  row.payload = std::move(payload);
  row.next_at = next_at;
  return row;
}

inline AgentRow agent(std::string id, std::string email) {
  AgentRow row;
  row.id = std::move(id);
  row.email = std::move(email);
  row.name = "Agent " + row.id;
  row.role = "agent";
  return row;
}

/// Every conversation with a deadline, by id.
inline Result<std::vector<ConversationRow>> live_conversations(Store& store) {
  Result<std::vector<ConversationRow>> rows = std::vector<ConversationRow>();
  const auto read = store.for_each_live([&](ConversationRow row) {
    rows->push_back(std::move(row));
    return true;
  });
  if (!read) return read.error();
  std::sort(rows->begin(), rows->end(),
            [](const ConversationRow& a, const ConversationRow& b) { return a.id < b.id; });
  return rows;
}

inline CommitOutcome commit_one(Store& store, const Commit& commit) {
  return store.commit({&commit, 1}).at(0);
}

}  // namespace wasl::store
