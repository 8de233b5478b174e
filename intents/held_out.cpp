#include "intents/held_out.hpp"

#include "intents/bot_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace wasl::intents {
namespace {

constexpr std::size_t kIntentsForStrangers = 10;

class HeldOutRun {
 public:
  HeldOutRun(TrainingData& data, const HeldOutPlan& plan, std::uint64_t seed,
             const std::filesystem::path& scratch)
      : data_(data),
        plan_(plan),
        seed_(seed),
        scratch_(scratch),
        strangers_(plan.strangers && data.intents.size() >= kIntentsForStrangers) {}

  Result<std::vector<Verdict>> score(int fold) const {
    const auto lessons = lessons_of(data_, [&](const Sample& sample) {
      return sample.fold != fold && !is_stranger(sample, fold);
    });
    if (lessons.empty()) return std::vector<Verdict>{};
    const auto parts =
        Parts::train(lessons, data_.labels,
                     part_settings_for(lessons.size(), data_.labels.size(), data_.neighbours),
                     seed_, scratch_ / fmt::format("lines-{}", fold));
    if (!parts) return parts.error();
    std::vector<Verdict> verdicts;
    for (const Sample& sample : data_.samples) {
      const bool stranger = is_stranger(sample, fold);
      if (!stranger && sample.fold != fold) continue;
      Verdict verdict;
      verdict.sample = &sample;
      verdict.stranger = stranger;
      verdict.truth = stranger ? -1 : static_cast<int>(sample.label_at);
      const auto start = std::chrono::steady_clock::now();
      verdict.scores = parts->score(sample.features);
      verdict.us =
          std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
              .count();
      verdicts.push_back(std::move(verdict));
    }
    return verdicts;
  }

 private:
  [[nodiscard]] bool is_stranger(const Sample& sample, int fold) const {
    return strangers_ && sample.label != kOutOfScope &&
           static_cast<int>(sample.label_at % kIntentsForStrangers) == fold % 10;
  }

  const TrainingData& data_;
  HeldOutPlan plan_;
  std::uint64_t seed_;
  const std::filesystem::path& scratch_;
  bool strangers_;
};

}  // namespace

std::vector<Lesson> lessons_of(const TrainingData& data,
                               const std::function<bool(const Sample&)>& keep) {
  std::vector<Lesson> lessons;
  lessons.reserve(data.samples.size());
  for (const Sample& sample : data.samples) {
    if (keep(sample)) lessons.push_back({sample.features, sample.label_at});
  }
  return lessons;
}

std::size_t cores() {
  return std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
}

Result<std::vector<Verdict>> score_held_out(TrainingData& data, const HeldOutPlan& plan,
                                            std::uint64_t seed,
                                            const std::filesystem::path& scratch,
                                            const std::function<void(std::string_view)>& progress) {
  assign_folds(data, plan.folds);
  const HeldOutRun run(data, plan, seed, scratch);
  std::vector<std::vector<Verdict>> by_fold(static_cast<std::size_t>(plan.folds));
  std::atomic<int> next{0};
  std::mutex said;
  std::optional<Error> wrong;
  int finished = 0;
  const auto work = [&] {
    for (int fold = next++; fold < plan.folds; fold = next++) {
      auto scored = run.score(fold);
      const std::lock_guard lock(said);
      if (!scored) {
        wrong = scored.error();
        continue;
      }
      by_fold[static_cast<std::size_t>(fold)] = std::move(*scored);
      progress(fmt::format("measuring model {} of {}", ++finished, plan.folds));
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < cores(); ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  if (wrong) return *wrong;
  std::vector<Verdict> verdicts;
  for (auto& fold : by_fold) {
    for (Verdict& verdict : fold) verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

}  // namespace wasl::intents
