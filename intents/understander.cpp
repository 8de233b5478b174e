#include "wasl/intents/understander.hpp"

#include "intents/bot_files.hpp"
#include "intents/decide.hpp"
#include "intents/entities.hpp"
#include "intents/entities_builtin.hpp"
#include "intents/features.hpp"
#include "intents/key_table.hpp"
#include "intents/language.hpp"
#include "intents/lexicon.hpp"
#include "intents/model_files.hpp"
#include "intents/mood.hpp"
#include "intents/wishes.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <unordered_set>
#include <utility>

// The steps, in their order: clean, language, patterns and values, classifier, arbitration, mood,
// built-in entities, several wishes.  Each is a file of its own; this one only joins them.

namespace wasl::intents {
namespace {

constexpr std::size_t kRanked = 5;
constexpr float kPartConfidence = 0.6F;  ///< of a wish beside another

class FolderUnderstander final : public Understander {
 public:
  FolderUnderstander(const BotFiles& files, BotPatterns patterns) : patterns_(std::move(patterns)) {
    for (const IntentSource& intent : files.intents) remember(intent);
    for (const EntitySource& entity : files.entities) entities_.insert(entity.name);
    static_cast<void>(lexicon());  // compiled now rather than on the first message
    static_cast<void>(mood_model());
  }

  /// Takes a model into service; labels that are no intents any more are passed over.
  void use(Model model) {
    model_ = std::move(model);
    for (const std::string& label : model_.labels()) {
      labels_.push_back(label == kOutOfScope       ? Label::out_of_scope
                        : intents_.contains(label) ? Label::intent
                                                   : Label::gone);
    }
  }

  [[nodiscard]] std::size_t unknown_labels() const {
    return static_cast<std::size_t>(std::count(labels_.begin(), labels_.end(), Label::gone));
  }

  Understanding understand(std::string_view text, const Context& context) const override {
    Understanding result;
    Clean cleaned = clean(text);
    const std::vector<Word> words = read_words(cleaned);
    const LanguageGuess language =
        detect_language(cleaned, words, context.language, context.dialect);
    result.language = language.language;
    result.arabizi = language.arabizi;
    result.mixed = language.mixed;
    result.dialect = language.dialect;

    const Marked marked = mark_words(cleaned.text);
    const bool example = weigh(text, cleaned, words, marked, result);
    result.mood = read_mood(text, cleaned, words, marked);
    add_builtins(text, cleaned, words, context, result.entities);
    if (!example) {
      if (const auto spans = cut_wishes(cleaned.text, words); !spans.empty()) {
        find_parts(text, cleaned, spans, result);
      }
    }
    result.clean = std::move(cleaned.text);
    return result;
  }

 private:
  enum class Label { intent, out_of_scope, gone };

  /// What the bot folder says of a sentence, word for word.
  struct Sentence {
    std::string line;                 ///< its features
    std::string example_of;           ///< an intent; "" of none or of several
    std::vector<std::string> not_of;  ///< intents
    bool example = false;
  };

  Sentence& sentence_of(const std::string& line) {
    const std::size_t number = sentence_keys_.add(KeyTable::key_of(line));
    if (number == sentences_.size()) sentences_.push_back({line, "", {}, false});
    return sentences_[number];
  }

  [[nodiscard]] const Sentence* find_sentence(std::string_view line) const {
    const std::size_t number = sentence_keys_.find(KeyTable::key_of(line));
    return number == KeyTable::kNone || sentences_[number].line != line ? nullptr
                                                                        : &sentences_[number];
  }

  void remember(const IntentSource& intent) {
    intents_.insert(intent.name);
    for (const Example& example : intent.examples) {
      const Clean cleaned = clean(example.text);
      const auto found = patterns_.find(example.text, cleaned, mark_words(cleaned.text));
      const Features features = make_features(cleaned, found.entities, example.group == "arabizi");
      Sentence& sentence = sentence_of(features.line);
      const bool another = sentence.example && sentence.example_of != intent.name;
      sentence.example_of = another ? "" : intent.name;  // of two intents it says nothing
      sentence.example = true;
    }
    for (const Example& sentence : intent.nots) {
      const Clean cleaned = clean(sentence.text);
      const bool arabizi = detect_language(cleaned, Language::und).arabizi;
      const auto found = patterns_.find(sentence.text, cleaned, mark_words(cleaned.text));
      sentence_of(make_features(cleaned, found.entities, arabizi).line)
          .not_of.push_back(intent.name);
    }
  }

  /// Decides what a text, or a part of one, means: entities, intents, decision, why.  Whether it
  /// is an example word for word.
  bool weigh(std::string_view text, const Clean& cleaned, std::span<const Word> words,
             const Marked& marked, Understanding& result) const {
    auto found = patterns_.find(text, cleaned, words, marked);
    result.entities = tell(found.entities, text, cleaned);
    const Features features = make_features(cleaned, found.entities, result.arabizi);
    Ranking ranking = rank(features);
    const Sentence* const sentence = find_sentence(features.line);
    if (sentence != nullptr) {
      for (const std::string& intent : sentence->not_of) bar(intent, found, ranking);
    }
    const std::string example =
        sentence == nullptr || is_bare_value(features, found) ? "" : sentence->example_of;
    decide(found, example, ranking, features, model_.thresholds, result);
    if (sentence != nullptr && !sentence->not_of.empty()) {
      result.why += "; word for word a 'not' of " + sentence->not_of.front();
    }
    return !example.empty();
  }

  /// The wishes of a text that was cut; what is no sure wish of its own stays with its neighbour.
  void find_parts(std::string_view text, const Clean& cleaned, const std::vector<Span>& spans,
                  Understanding& whole) const {
    std::vector<Part> parts;
    for (const Span& span : spans) {
      const Clean piece = cut(cleaned, span);
      const std::vector<Word> words = read_words(piece);
      Understanding read;
      read.arabizi = whole.arabizi;
      weigh(text, piece, words, mark_words(piece.text), read);
      const bool sure = read.decision == Decision::act && !only_courtesy(words) &&
                        read.intents.front().confidence >= kPartConfidence;
      const std::uint32_t start = parts.empty() ? spans.front().start : span.start;
      const Span from = cleaned.original(start, span.end);
      if (sure &&
          (parts.empty() || parts.back().intents.front().intent != read.intents[0].intent)) {
        parts.push_back({from.start,
                         from.end,
                         std::move(read.intents),
                         read.decision,
                         {},
                         std::move(read.why)});
      } else if (!parts.empty()) {
        parts.back().end = from.end;
      }
    }
    if (parts.size() < 2) return;
    for (Part& part : parts) {
      for (const Entity& entity : whole.entities) {
        if (entity.start >= part.start && entity.end <= part.end) part.entities.push_back(entity);
      }
    }
    decide_parts(std::move(parts), whole);
  }

  static Clean cut(const Clean& cleaned, Span span) {
    Clean piece;
    piece.text = cleaned.text.substr(span.start, span.end - span.start);
    piece.origin.assign(cleaned.origin.begin() + span.start, cleaned.origin.begin() + span.end);
    return piece;
  }

  static void bar(const std::string& intent, BotPatterns::Found& found, Ranking& ranking) {
    for (std::size_t i = found.intents.size(); i-- > 0;) {
      if (found.intents[i] != intent) continue;
      found.intents.erase(found.intents.begin() + static_cast<std::ptrdiff_t>(i));
      found.patterns.erase(found.patterns.begin() + static_cast<std::ptrdiff_t>(i));
    }
    std::erase_if(ranking.intents,
                  [&](const IntentScore& score) { return score.intent == intent; });
  }

  /// Adds the built-in entities where the bot's own leave room and have not replaced them.
  void add_builtins(std::string_view text, const Clean& cleaned, std::span<const Word> words,
                    const Context& context, std::vector<Entity>& entities) const {
    std::vector<EntityHit> builtins = find_builtins(cleaned, words, context.today);
    if (builtins.empty()) return;
    std::vector<Entity> told = tell(builtins, text, cleaned);
    std::erase_if(told, [&](const Entity& one) {
      return entities_.contains(one.entity) ||
             std::any_of(entities.begin(), entities.end(), [&](const Entity& other) {
               return one.start < other.end && other.start < one.end;
             });
    });
    entities.insert(entities.end(), std::make_move_iterator(told.begin()),
                    std::make_move_iterator(told.end()));
    std::sort(entities.begin(), entities.end(),
              [](const Entity& a, const Entity& b) { return a.start < b.start; });
  }

  /// An example that is nothing but a value belongs to whoever asked for it.
  static bool is_bare_value(const Features& features, const BotPatterns::Found& found) {
    const bool has_number = features.line.find('0') != std::string::npos;
    return features.words == 0 && (!found.entities.empty() || has_number);
  }

  [[nodiscard]] Ranking rank(const Features& features) const {
    Ranking ranking;
    ranking.trained = model_.parts != nullptr;
    if (!ranking.trained || features.words == 0) return ranking;
    const Reading reading = model_.read(features.line);
    const auto& chances = reading.chances;
    const double own = 1.0 - reading.oos;     // chances are given that it is any of the intents
    std::array<std::size_t, kRanked> best{};  // by chance; of equal ones, the first label
    std::size_t count = 0;
    for (std::size_t i = 0; i < chances.size(); ++i) {
      if (labels_[i] != Label::intent) continue;
      std::size_t at = count;
      while (at > 0 && chances[i] > chances[best[at - 1]]) --at;
      if (at == kRanked) continue;
      count = std::min(count + 1, kRanked);
      std::copy_backward(best.begin() + static_cast<std::ptrdiff_t>(at),
                         best.begin() + static_cast<std::ptrdiff_t>(count - 1),
                         best.begin() + static_cast<std::ptrdiff_t>(count));
      best[at] = i;
    }
    ranking.intents.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      ranking.intents.push_back(
          {model_.labels()[best[i]], static_cast<float>(chances[best[i]] * own), "classifier"});
    }
    ranking.oos = reading.oos;
    ranking.known_words = reading.known_words;
    return ranking;
  }

  BotPatterns patterns_;
  std::unordered_set<std::string> intents_;
  std::unordered_set<std::string> entities_;  ///< the bot's own
  KeyTable sentence_keys_;                    ///< of sentences_, by their features
  std::vector<Sentence> sentences_;
  Model model_;                ///< without parts: patterns alone
  std::vector<Label> labels_;  ///< per label of the model
};

Names names_of(const BotFiles& files) {
  Names names;
  for (const IntentSource& intent : files.intents) names.intents.push_back(intent.name);
  for (const EntitySource& entity : files.entities) names.entities.push_back(entity.name);
  for (const std::string_view builtin : kBuiltinEntities) {
    if (std::find(names.entities.begin(), names.entities.end(), builtin) == names.entities.end()) {
      names.entities.emplace_back(builtin);
    }
  }
  return names;
}

}  // namespace

Understander::Loaded Understander::load(const std::filesystem::path& folder, bool with_model,
                                        yaml::Mistakes& mistakes) {
  Loaded loaded;
  const std::size_t before = mistakes.size();
  const BotFiles files = read_bot_files(folder, mistakes);
  loaded.names = names_of(files);
  BotPatterns patterns(files, mistakes);
  if (mistakes.size() != before) return loaded;

  auto understander = std::make_shared<FolderUnderstander>(files, std::move(patterns));
  if (with_model) {
    auto model = load_model(folder / "models" / "intents");
    if (model) {
      understander->use(std::move(*model));
      if (understander->unknown_labels() > 0) {
        loaded.warning =
            "the intent model knows intents that are gone: train it again (wasl train)";
      }
    } else {
      loaded.warning = "no intent model, patterns alone serve: " + model.error().what +
                       " (train one: wasl train)";
    }
  }
  loaded.understander = std::move(understander);
  return loaded;
}

}  // namespace wasl::intents
