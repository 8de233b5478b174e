#include "wasl/core/check.hpp"

#include "intents/mood_model.hpp"

extern "C" {
extern const char wasl_mood_model[];      // NOLINT: names of symbols in mood_data.S
extern const char wasl_mood_model_end[];  // NOLINT
}

namespace wasl::intents {

const MoodModel& mood_model() {
  static const MoodModel model = [] {
    auto read = MoodModel::read(
        {wasl_mood_model, static_cast<std::size_t>(wasl_mood_model_end - wasl_mood_model)});
    WASL_CHECK(read);
    return *read;
  }();
  return model;
}

}  // namespace wasl::intents
