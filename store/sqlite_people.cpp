#include "store/sqlite_people.hpp"

#include "store/people.hpp"
#include "store/seal.hpp"

#include <fmt/format.h>

namespace wasl::store::sqlite {
namespace {

// The columns of a visitor as read_visitor() takes them.
#define WASL_VISITOR_COLUMNS \
  "id, token_hash, channel, external_id, name, conversation, created_at, checksum"

VisitorRow read_visitor(Rows& rows) {
  VisitorRow row;
  row.id = rows.text();
  row.token_hash = rows.text();
  row.channel = rows.text();
  row.external_id = rows.text();
  row.name = rows.text();
  row.conversation = rows.text();
  row.created_at = rows.time();
  if (rows.whole() != seal_of(row)) {
    throw damaged(fmt::format("the row of visitor {} has a wrong checksum", row.id));
  }
  return row;
}

AgentRow read_agent(Rows& rows) {
  AgentRow row;
  row.id = rows.text();
  row.email = rows.text();
  row.name = rows.text();
  row.role = rows.text();
  row.password_hash = rows.text();
  row.languages = words_of(rows.text());
  row.skills = words_of(rows.text());
  row.capacity = static_cast<int>(rows.whole());
  row.enabled = rows.flag();
  if (rows.whole() != seal_of(row)) {
    throw damaged(fmt::format("the row of agent {} has a wrong checksum", row.id));
  }
  return row;
}

std::optional<VisitorRow> first_visitor(Rows& rows) {
  if (!rows.next()) return std::nullopt;
  return read_visitor(rows);
}

}  // namespace

People::People(const Connection& connection)
    : put_visitor_(connection,
                   "INSERT INTO visitor (" WASL_VISITOR_COLUMNS
                   ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET"
                   " token_hash = ?2, channel = ?3, external_id = ?4, name = ?5,"
                   " conversation = ?6, created_at = ?7, checksum = ?8"),
      visitor_(connection, "SELECT " WASL_VISITOR_COLUMNS " FROM visitor WHERE id = ?1"),
      visitor_by_token_(connection, "SELECT " WASL_VISITOR_COLUMNS
                                    " FROM visitor WHERE token_hash = ?1 AND token_hash <> ''"),
      visitor_by_external_(connection, "SELECT " WASL_VISITOR_COLUMNS
                                       " FROM visitor WHERE channel = ?1 AND external_id = ?2"
                                       " AND external_id <> ''"),
      put_agent_(connection,
                 "INSERT INTO agent (id, email, name, role, password_hash, languages, skills,"
                 " capacity, enabled, checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
                 " ON CONFLICT (id) DO UPDATE SET email = ?2, name = ?3, role = ?4,"
                 " password_hash = ?5, languages = ?6, skills = ?7, capacity = ?8, enabled = ?9,"
                 " checksum = ?10"),
      agents_(connection,
              "SELECT id, email, name, role, password_hash, languages, skills, capacity, enabled,"
              " checksum FROM agent ORDER BY id"),
      put_session_(connection,
                   "INSERT INTO session (token_hash, agent, expires_at, checksum)"
                   " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (token_hash) DO UPDATE SET"
                   " agent = ?2, expires_at = ?3, checksum = ?4"),
      session_(connection,
               "SELECT token_hash, agent, expires_at, checksum FROM session"
               " WHERE token_hash = ?1"),
      remove_session_(connection, "DELETE FROM session WHERE token_hash = ?1"),
      remove_sessions_of_(connection, "DELETE FROM session WHERE agent = ?1") {}

void People::put_visitor(const VisitorRow& visitor) {
  put_visitor_.run(visitor.id, visitor.token_hash, visitor.channel, visitor.external_id,
                   visitor.name, visitor.conversation, visitor.created_at, seal_of(visitor));
}

std::optional<VisitorRow> People::visitor(std::string_view id) {
  Rows rows = visitor_.rows(id);
  return first_visitor(rows);
}

std::optional<VisitorRow> People::visitor_by_token(std::string_view token_hash) {
  Rows rows = visitor_by_token_.rows(token_hash);
  return first_visitor(rows);
}

std::optional<VisitorRow> People::visitor_by_external(std::string_view channel,
                                                      std::string_view external_id) {
  Rows rows = visitor_by_external_.rows(channel, external_id);
  return first_visitor(rows);
}

void People::put_agent(const AgentRow& agent) {
  put_agent_.run(agent.id, agent.email, agent.name, agent.role, agent.password_hash,
                 lines_of(agent.languages), lines_of(agent.skills), agent.capacity, agent.enabled,
                 seal_of(agent));
}

std::vector<AgentRow> People::agents() {
  std::vector<AgentRow> all;
  Rows rows = agents_.rows();
  while (rows.next()) all.push_back(read_agent(rows));
  return all;
}

void People::put_session(const SessionRow& session) {
  put_session_.run(session.token_hash, session.agent, session.expires_at, seal_of(session));
}

std::optional<SessionRow> People::session(std::string_view token_hash) {
  Rows rows = session_.rows(token_hash);
  if (!rows.next()) return std::nullopt;
  SessionRow row;
  row.token_hash = rows.text();
  row.agent = rows.text();
  row.expires_at = rows.time();
  if (rows.whole() != seal_of(row)) {
    throw damaged(fmt::format("a session of agent {} has a wrong checksum", row.agent));
  }
  return row;
}

void People::remove_session(std::string_view token_hash) {
  remove_session_.run(token_hash);
}

void People::remove_sessions_of(std::string_view agent) {
  remove_sessions_of_.run(agent);
}

}  // namespace wasl::store::sqlite
