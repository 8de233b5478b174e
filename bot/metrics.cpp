#include "bot/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace wasl::bot {
namespace {

prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type,
                                double value) {
  prometheus::ClientMetric metric;
  if (type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  return {std::move(name), std::move(help), type, {metric}};
}

}  // namespace

std::string metrics_text(const std::vector<const Counters*>& shards,
                         const std::vector<Gauge>& gauges) {
  using Field = std::atomic<std::uint64_t> Counters::*;
  struct Counted {
    const char* name;
    const char* help;
    Field field;
  };
  static constexpr std::array<Counted, 9> kCounted{{
      {"wasl_messages_in_total", "Messages of visitors that became durable",
       &Counters::messages_in},
      {"wasl_messages_out_total", "Messages of bot, agents and system", &Counters::messages_out},
      {"wasl_turns_total", "Decisions committed", &Counters::turns},
      {"wasl_handoffs_total", "Conversations handed to people", &Counters::handoffs},
      {"wasl_not_understood_total", "Messages the bot did not understand",
       &Counters::not_understood},
      {"wasl_conflicts_total", "Decisions taken again after a conflict", &Counters::conflicts},
      {"wasl_duplicates_total", "Resent messages answered from the store", &Counters::duplicates},
      {"wasl_refused_total", "Inputs refused with a code", &Counters::refused},
      {"wasl_sweeper_found_total", "Overdue conversations that only the sweeper knew of",
       &Counters::sweeper_found},
  }};
  std::vector<prometheus::MetricFamily> families;
  for (const Counted& counted : kCounted) {
    std::uint64_t sum = 0;
    for (const Counters* shard : shards) sum += (shard->*counted.field).load();
    families.push_back(family(counted.name, counted.help, prometheus::MetricType::Counter,
                              static_cast<double>(sum)));
  }
  std::uint64_t live = 0;
  for (const Counters* shard : shards) live += shard->live.load();
  families.push_back(family("wasl_conversations_in_memory", "Conversations held in memory",
                            prometheus::MetricType::Gauge, static_cast<double>(live)));
  for (const Gauge& gauge : gauges) {
    const bool counts = gauge.name.ends_with("_total");
    families.push_back(family(
        gauge.name, gauge.help,
        counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge, gauge.value));
  }
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace wasl::bot
