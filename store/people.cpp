#include "store/people.hpp"

#include <fmt/format.h>

#include <utility>

namespace wasl::store {

Result<AgentRow> storable(AgentRow agent) {
  for (const auto* words : {&agent.languages, &agent.skills}) {
    for (const std::string& word : *words) {
      if (word.empty() || word.find('\n') != std::string::npos) {
        return Error{
            Error::Code::invalid_input,
            fmt::format("agent {}: a language or skill is empty or has a line break", agent.id)};
      }
    }
  }
  for (char& letter : agent.email) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return agent;
}

std::string lines_of(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, "\n"));
}

std::vector<std::string> words_of(std::string_view lines) {
  std::vector<std::string> words;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    words.emplace_back(lines.substr(0, end));
    if (end == std::string_view::npos) break;
    lines.remove_prefix(end + 1);
  }
  return words;
}

Error visitor_conflict(const VisitorRow& visitor) {
  return {
      Error::Code::conflict,
      fmt::format("the token or the id on channel '{}' of visitor {} belongs to another visitor",
                  visitor.channel, visitor.id)};
}

Error email_conflict(const AgentRow& agent) {
  return {Error::Code::conflict, fmt::format("another agent has the e-mail {}", agent.email)};
}

Error no_outbox_row(std::int64_t id) {
  return {Error::Code::not_found, fmt::format("the outbox has no row {}", id)};
}

Error outbox_conflict(std::int64_t id) {
  return {Error::Code::conflict,
          fmt::format("somebody else has dealt with row {} of the outbox since it was read", id)};
}

Error bad_outbox_status(std::string_view status) {
  return {Error::Code::invalid_input,
          fmt::format("an outbox row is pending, sent or dead, not '{}'", status)};
}

Error only_reads() {
  return {Error::Code::invalid_input, "this instance of the store only reads"};
}

}  // namespace wasl::store
