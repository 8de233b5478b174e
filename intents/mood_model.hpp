#pragma once

#include "wasl/core/result.hpp"
#include "wasl/intents/clean.hpp"

#include "intents/lexicon_words.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::intents {

/// What the small model tells apart; everything else is neutral.
inline constexpr std::array<std::string_view, 4> kMoods{"anger", "frustration", "lost", "thanks"};

/// A sign in a message that the model weighs, and the words that brought it.
struct MoodGram {
  std::uint32_t key = 0;    ///< hash; 0 is none
  std::uint16_t first = 0;  ///< of its words
  std::uint16_t count = 0;  ///< 0: of no word, such as shouting
};

/// The signs in a message: words, pairs, beginnings and ends of words, and `marks`: names of
/// lexicon signals and forms that were found.  (Runs of letters inside words were tried and told
/// less.)
[[nodiscard]] std::vector<MoodGram> mood_grams(std::string_view clean_text,
                                               std::span<const Word> words,
                                               std::span<const std::string_view> marks);

/// Four linear classifiers over signs, one for each mood.
///
/// Reads its table in place; immutable; safe for many threads.  About 0.3 µs for a message.
class MoodModel {
 public:
  /// What training gives for one sign.
  struct Weight {
    std::uint32_t key = 0;
    std::array<float, kMoods.size()> weights{};
  };
  struct Trained {
    std::vector<Weight> weights;  ///< in any order
    std::array<float, kMoods.size()> bias{};
    std::array<float, kMoods.size()> fire_min{};  ///< probability from which a mood is told
  };
  [[nodiscard]] static std::string write(const Trained& trained);

  /// Errors: invalid_input  not what write() gives.  `bytes` must outlive the model.
  static Result<MoodModel> read(std::string_view bytes);

  struct Reading {
    std::array<float, kMoods.size()> chances{};  ///< probability of each
    std::array<bool, kMoods.size()> fires{};     ///< at or above its threshold
  };
  [[nodiscard]] Reading score(std::span<const MoodGram> grams) const;

  /// The words, [first, last), that speak most for `mood`; empty when no word does.
  [[nodiscard]] std::pair<std::size_t, std::size_t> evidence(std::span<const MoodGram> grams,
                                                             std::size_t words,
                                                             std::size_t mood) const;

 private:
  [[nodiscard]] const char* find(std::uint32_t key) const;  ///< its weights, or nullptr

  std::string_view slots_;  ///< of 8 bytes: key, four weights; a power of two of them
  std::array<float, kMoods.size()> bias_{};
  std::array<float, kMoods.size()> scale_{};  ///< what 1 of a weight is worth
  std::array<float, kMoods.size()> fire_min_{};
};

/// The model that is part of the program, trained from models/mood when it was built.
[[nodiscard]] const MoodModel& mood_model();

}  // namespace wasl::intents
