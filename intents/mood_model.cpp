#include "intents/mood_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

// The file: "wasl-mood-1\n", then little-endian floats (bias, scale, threshold of each mood), the
// number of slots, and the slots of an open hash table: a key and a signed byte for each mood.

namespace wasl::intents {
namespace {

constexpr std::string_view kMagic = "wasl-mood-1\n";
constexpr std::size_t kSlotBytes = 8;
constexpr std::size_t kSlotsMax = 1U << 20;
constexpr std::size_t kGramsMax = 2'048;
constexpr std::size_t kMoodWordsMax = 96;  ///< later words are not read
constexpr std::size_t kWordLettersMax = 20;
static_assert(std::endian::native == std::endian::little);

std::uint32_t mix(std::uint32_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

std::uint32_t finish(std::uint32_t hash) {
  hash ^= hash >> 16;
  hash *= 0x85EBCA6BU;
  hash ^= hash >> 13;
  return hash == 0 ? 1 : hash;
}

/// Hash of a kind of sign and its letters.
std::uint32_t key_of(char kind, std::string_view letters) {
  return finish(mix((2166136261U ^ static_cast<unsigned char>(kind)) * 16777619U, letters));
}

template <typename T>
void put(std::string& bytes, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

template <typename T>
T take(std::string_view& bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

std::uint32_t key_at(std::string_view slots, std::size_t slot) {
  std::uint32_t key = 0;
  std::memcpy(&key, slots.data() + slot * kSlotBytes, sizeof key);
  return key;
}

class GramReader {
 public:
  explicit GramReader(std::vector<MoodGram>& grams) : grams_(grams) {}

  void word(std::string_view letters, std::size_t number) {
    put(key_of('w', letters), number, 1);
    // Where its letters begin, for pieces of a word.
    std::array<std::uint8_t, kWordLettersMax + 1> at{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < letters.size() && count < kWordLettersMax; ++i) {
      if ((static_cast<unsigned char>(letters[i]) & 0xC0U) != 0x80) {
        at[count++] = static_cast<std::uint8_t>(i);
      }
    }
    at[count] = static_cast<std::uint8_t>(std::min<std::size_t>(letters.size(), 255));
    if (letters.size() > 255) return;
    const auto piece = [&](std::size_t first, std::size_t last) {
      return letters.substr(at[first], static_cast<std::size_t>(at[last] - at[first]));
    };
    if (count > 4) put(key_of('p', piece(0, 4)), number, 1);
    if (count > 5) put(key_of('5', piece(0, 5)), number, 1);
    if (count > 3) put(key_of('s', piece(count - 3, count)), number, 1);
  }

  void pair(std::string_view first, std::string_view second, std::size_t number) {
    const std::uint32_t hash =
        mix((2166136261U ^ static_cast<unsigned char>('2')) * 16777619U, first);
    put(finish(mix((hash ^ ' ') * 16777619U, second)), number, 2);
  }

  void mark(std::string_view name) { put(key_of('m', name), 0, 0); }

 private:
  void put(std::uint32_t key, std::size_t first, std::size_t count) {
    if (grams_.size() >= kGramsMax) return;
    grams_.push_back({key, static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(count)});
  }
  std::vector<MoodGram>& grams_;
};

}  // namespace

std::vector<MoodGram> mood_grams(std::string_view text, std::span<const Word> words,
                                 std::span<const std::string_view> marks) {
  std::vector<MoodGram> grams;
  grams.reserve(words.size() * 6 + 4);
  GramReader reader(grams);
  std::string_view before = "^";
  const std::size_t count = std::min(words.size(), kMoodWordsMax);
  for (std::size_t i = 0; i < count; ++i) {
    const Word& word = words[i];
    std::string_view letters = text.substr(word.span.start, word.span.end - word.span.start);
    if (word.digits && letters.find_first_not_of("0123456789") == std::string_view::npos) {
      letters = "0";
    }
    reader.word(letters, i);
    reader.pair(before, letters, i == 0 ? 0 : i - 1);
    before = letters;
  }
  for (const std::string_view mark : marks) reader.mark(mark);
  return grams;
}

std::string MoodModel::write(const Trained& trained) {
  std::string bytes(kMagic);
  std::array<float, kMoods.size()> scale{};
  for (const Weight& weight : trained.weights) {
    for (std::size_t m = 0; m < kMoods.size(); ++m) {
      scale[m] = std::max(scale[m], std::abs(weight.weights[m]) / 127.0F);
    }
  }
  for (const auto& row : {trained.bias, scale, trained.fire_min}) {
    for (const float value : row) put(bytes, value);
  }
  std::vector<Weight> sorted = trained.weights;
  std::sort(sorted.begin(), sorted.end(),
            [](const Weight& a, const Weight& b) { return a.key < b.key; });
  const std::size_t count = std::bit_ceil(2 * sorted.size() + 2);
  put(bytes, static_cast<std::uint32_t>(count));
  std::string slots(count * kSlotBytes, '\0');
  for (const Weight& weight : sorted) {
    std::size_t slot = weight.key & (count - 1);
    while (key_at(slots, slot) != 0) slot = (slot + 1) & (count - 1);
    std::memcpy(slots.data() + slot * kSlotBytes, &weight.key, sizeof weight.key);
    for (std::size_t m = 0; m < kMoods.size(); ++m) {
      const float share = scale[m] > 0.0F ? weight.weights[m] / scale[m] : 0.0F;
      slots[slot * kSlotBytes + 4 + m] =
          static_cast<char>(static_cast<std::int8_t>(std::lround(share)));
    }
  }
  return bytes + slots;
}

Result<MoodModel> MoodModel::read(std::string_view bytes) {
  const Error wrong{Error::Code::invalid_input, "no mood model of this version"};
  constexpr std::size_t kHead = kMagic.size() + 3 * kMoods.size() * sizeof(float) + 4;
  if (!bytes.starts_with(kMagic) || bytes.size() < kHead) return wrong;
  bytes.remove_prefix(kMagic.size());
  MoodModel model;
  for (auto* const row : {&model.bias_, &model.scale_, &model.fire_min_}) {
    for (float& value : *row) {
      value = take<float>(bytes);
      if (!std::isfinite(value)) return wrong;
    }
  }
  const auto count = take<std::uint32_t>(bytes);
  if (!std::has_single_bit(count) || count > kSlotsMax || bytes.size() != count * kSlotBytes) {
    return wrong;
  }
  bool room = false;
  for (std::size_t slot = 0; slot < count && !room; ++slot) room = key_at(bytes, slot) == 0;
  if (!room) return wrong;  // a look-up would never end
  model.slots_ = bytes;
  return model;
}

const char* MoodModel::find(std::uint32_t key) const {
  const std::size_t mask = slots_.size() / kSlotBytes - 1;
  for (std::size_t slot = key & mask;; slot = (slot + 1) & mask) {
    const std::uint32_t known = key_at(slots_, slot);
    if (known == key) return slots_.data() + slot * kSlotBytes + sizeof key;
    if (known == 0) return nullptr;
  }
}

MoodModel::Reading MoodModel::score(std::span<const MoodGram> grams) const {
  std::array<int, kMoods.size()> sums{};
  for (const MoodGram& gram : grams) {
    const char* const weights = find(gram.key);
    if (weights == nullptr) continue;
    for (std::size_t m = 0; m < kMoods.size(); ++m) {
      sums[m] += static_cast<std::int8_t>(weights[m]);
    }
  }
  Reading reading;
  const float share = grams.empty() ? 0.0F : 1.0F / std::sqrt(static_cast<float>(grams.size()));
  for (std::size_t m = 0; m < kMoods.size(); ++m) {
    const float margin = bias_[m] + scale_[m] * share * static_cast<float>(sums[m]);
    reading.chances[m] = 1.0F / (1.0F + std::exp(-margin));
    reading.fires[m] = reading.chances[m] >= fire_min_[m];
  }
  return reading;
}

std::pair<std::size_t, std::size_t> MoodModel::evidence(std::span<const MoodGram> grams,
                                                        std::size_t words, std::size_t mood) const {
  std::vector<float> shares(std::min(words, kMoodWordsMax), 0.0F);
  for (const MoodGram& gram : grams) {
    const char* const weights = find(gram.key);
    if (weights == nullptr || gram.count == 0) continue;
    const auto weight = static_cast<float>(static_cast<std::int8_t>(weights[mood]));
    for (std::size_t i = gram.first; i < gram.first + std::size_t{gram.count} && i < shares.size();
         ++i) {
      shares[i] += weight / static_cast<float>(gram.count);
    }
  }
  // The run of words with the largest sum.
  std::pair<std::size_t, std::size_t> best{0, 0};
  float best_sum = 0.0F;
  float sum = 0.0F;
  std::size_t first = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (sum <= 0.0F) {
      sum = 0.0F;
      first = i;
    }
    sum += shares[i];
    if (sum > best_sum) {
      best_sum = sum;
      best = {first, i + 1};
    }
  }
  return best;
}

}  // namespace wasl::intents
