#pragma once

#include "wasl/intents/clean.hpp"

#include "intents/entities.hpp"
#include "intents/lexicon_words.hpp"

#include <array>
#include <chrono>
#include <span>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// The entities every bot has.  A bot that declares one of these names has its own instead.
///
///   email         ali@shop.com
///   iban          SA0380000000608010167519; check digits hold, no spaces
///   phone         +966501234567; digits and a leading +
///   amount        "200 SAR", "3.5 KWD": a number and an ISO 4217 code
///   date          2026-05-12
///   time          17:30
///   order_number  A-1032, 445566: capitals
///   number        1200.5
inline constexpr std::array<std::string_view, 8> kBuiltinEntities{
    "email", "iban", "phone", "amount", "date", "time", "order_number", "number"};

/// The built-in entities of a text, left to right, none overlapping, at most 16.
///
/// `today` resolves "tomorrow", weekdays and dates without a year; those are no dates while it is
/// not ok().  Costs nothing for a text without digits, '@' or names of values.
[[nodiscard]] std::vector<EntityHit> find_builtins(const Clean& cleaned,
                                                   std::span<const Word> words,
                                                   std::chrono::year_month_day today);

}  // namespace wasl::intents
