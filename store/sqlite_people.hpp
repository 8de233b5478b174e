#pragma once

#include "wasl/store/store.hpp"

#include "store/sqlite.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace wasl::store::sqlite {

/// Visitors, agents and agents' sessions.  Throws Failure, also for a wrong checksum and, from
/// put_…, for a broken unique constraint.
class People {
 public:
  explicit People(const Connection& connection);

  void put_visitor(const VisitorRow& visitor);
  [[nodiscard]] std::optional<VisitorRow> visitor(std::string_view id);
  [[nodiscard]] std::optional<VisitorRow> visitor_by_token(std::string_view token_hash);
  [[nodiscard]] std::optional<VisitorRow> visitor_by_external(std::string_view channel,
                                                              std::string_view external_id);

  void put_agent(const AgentRow& agent);
  [[nodiscard]] std::vector<AgentRow> agents();

  void put_session(const SessionRow& session);
  [[nodiscard]] std::optional<SessionRow> session(std::string_view token_hash);
  void remove_session(std::string_view token_hash);
  void remove_sessions_of(std::string_view agent);

 private:
  Statement put_visitor_;
  Statement visitor_;
  Statement visitor_by_token_;
  Statement visitor_by_external_;
  Statement put_agent_;
  Statement agents_;
  Statement put_session_;
  Statement session_;
  Statement remove_session_;
  Statement remove_sessions_of_;
};

}  // namespace wasl::store::sqlite
