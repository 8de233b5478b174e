#pragma once

// What built-in entities are put together from: numbers and names, where they stand in the clean
// text, and what is already spoken for.

#include "wasl/intents/clean.hpp"

#include "intents/entities.hpp"
#include "intents/lexicon_values.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// A number or a name, e.g. `12` or `may`.
struct ValuePart {
  Span span;
  const NamedValue* name = nullptr;  ///< null: a number
  std::string_view digits;           ///< of a number, as in the text, with its points and commas
  std::string_view before;           ///< what stands between the part before and this one

  [[nodiscard]] bool is_number() const { return name == nullptr; }
  [[nodiscard]] bool is(ValueKind kind) const { return name != nullptr && name->kind == kind; }
  /// Of a number without points and commas, up to `max`; else nothing.
  [[nodiscard]] std::optional<int> integer(int max) const;
};

/// Collects entities; the first to claim bytes has them.
class EntityClaims {
 public:
  static constexpr std::size_t kMax = 16;

  /// False when some of `span` is taken, or there are enough.
  bool claim(std::string_view entity, std::string value, Span span);
  [[nodiscard]] bool is_free(Span span) const;
  [[nodiscard]] std::vector<EntityHit> take();

 private:
  std::vector<EntityHit> hits_;
};

/// `1,200.50` → `1200.5`; the last point or comma is decimal unless three digits follow a comma.
/// "" for what is no number, such as an address of the Internet.
[[nodiscard]] std::string plain_number(std::string_view digits);

/// Amounts, dates and times put together from parts, claimed in this order.
void claim_amounts(std::string_view text, const std::vector<ValuePart>& parts,
                   EntityClaims& claims);
void claim_dates(std::string_view text, const std::vector<ValuePart>& parts,
                 std::chrono::year_month_day today, EntityClaims& claims);
void claim_times(std::string_view text, const std::vector<ValuePart>& parts, EntityClaims& claims);

/// Those that are written in one piece, found by their characters.
void claim_emails(std::string_view text, EntityClaims& claims);
void claim_ibans(std::string_view text, EntityClaims& claims);
void claim_phones(std::string_view text, const std::vector<ValuePart>& parts, EntityClaims& claims);
void claim_order_numbers(std::string_view text, const std::vector<ValuePart>& parts,
                         EntityClaims& claims);
void claim_numbers(const std::vector<ValuePart>& parts, EntityClaims& claims);

}  // namespace wasl::intents
