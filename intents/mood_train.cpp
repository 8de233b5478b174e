// mood_train FOLDER OUT: trains the small mood model from FOLDER/*.txt and writes it.  Run by the
// build; says on standard error how well held-out folds were told apart.

#include "intents/mood_training.hpp"

#include <cstdio>
#include <fstream>

namespace wasl::intents {

// The tool never reads the model it makes.
const MoodModel& mood_model() {
  static const MoodModel none;
  return none;
}

}  // namespace wasl::intents

int main(int argc, char** argv) {
  using namespace wasl::intents;
  if (argc != 3) {
    std::fprintf(stderr, "usage: mood_train FOLDER OUT\n");
    return 2;
  }
  const auto rows = read_mood_rows(argv[1]);
  if (!rows) {
    std::fprintf(stderr, "mood_train: %s\n", rows.error().what.c_str());
    return 3;
  }
  MoodScores scores;
  const std::string bytes = MoodModel::write(train_mood(*rows, scores));
  for (std::size_t m = 0; m < kMoods.size(); ++m) {
    const MoodScores::Of& of = scores.moods[m];
    std::fprintf(stderr, "mood %-11s held out: %zu of %zu found, %zu of %zu neutral fire\n",
                 std::string(kMoods[m]).c_str(), of.fired, of.rows, of.false_fires, scores.neutral);
  }
  std::ofstream out(argv[2], std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return out.flush() ? 0 : 4;
}
