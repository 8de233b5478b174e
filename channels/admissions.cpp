#include "channels/admissions.hpp"

namespace wasl::channels {

Admissions::Ticket::~Ticket() {
  if (!from_) return;
  if (!address_.empty()) from_->leave(address_);
  if (counts_) from_->connections_.fetch_sub(1);
}

std::optional<Admissions::Ticket> Admissions::connection(std::string address) {
  if (connections_.fetch_add(1) >= connections_max_) {
    connections_.fetch_sub(1);
    return std::nullopt;
  }
  std::optional<Ticket> ticket = visitor(std::move(address));
  if (ticket) {
    ticket->counts_ = true;
  } else {
    connections_.fetch_sub(1);
  }
  return ticket;
}

std::optional<Admissions::Ticket> Admissions::visitor(std::string address) {
  if (!address.empty() && !enter(address)) return std::nullopt;
  Ticket ticket;
  ticket.from_ = shared_from_this();
  ticket.address_ = std::move(address);
  return ticket;
}

bool Admissions::enter(const std::string& address) {
  const std::lock_guard lock(mutex_);
  std::size_t& count = per_address_[address];
  if (count >= per_address_max_) {
    if (count == 0) per_address_.erase(address);
    return false;
  }
  ++count;
  return true;
}

void Admissions::leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto found = per_address_.find(address);
  if (--found->second == 0) per_address_.erase(found);
}

}  // namespace wasl::channels
