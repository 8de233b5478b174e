#include "wasl/intents/understander.hpp"

#include "intents/bot_files.hpp"
#include "intents/decide.hpp"
#include "intents/entities.hpp"
#include "intents/entities_builtin.hpp"
#include "intents/features.hpp"
#include "intents/language.hpp"
#include "intents/lexicon.hpp"
#include "intents/model_files.hpp"
#include "intents/mood.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

// The steps of design/understanding.md, in their order: clean, language, patterns, classifier,
// mood, arbitration.  Each is a file of its own; this one only joins them.

namespace wasl::intents {
namespace {

constexpr std::size_t kRanked = 5;

class FolderUnderstander final : public Understander {
 public:
  FolderUnderstander(const BotFiles& files, BotPatterns patterns) : patterns_(std::move(patterns)) {
    for (const IntentSource& intent : files.intents) remember(intent);
    for (const EntitySource& entity : files.entities) entities_.insert(entity.name);
    static_cast<void>(lexicon());  // compiled now rather than on the first message
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
    const Clean cleaned = clean(text);
    const std::vector<Word> words = read_words(cleaned);
    const LanguageGuess language =
        detect_language(cleaned, words, context.language, context.dialect);
    result.language = language.language;
    result.arabizi = language.arabizi;
    result.mixed = language.mixed;
    result.dialect = language.dialect;

    const Marked marked = mark_words(cleaned.text);
    const auto found = patterns_.find(text, cleaned, words, marked);
    result.entities = tell(with_builtins(found.entities, cleaned, words, context), text, cleaned);

    const Features features = make_features(cleaned, found.entities, language.arabizi);
    const Ranking ranking = rank(features);
    result.mood = read_mood(text, cleaned, marked);
    decide(found, example_of(features, found), ranking, features, model_.thresholds, result);
    result.clean = cleaned.text;
    return result;
  }

 private:
  enum class Label { intent, out_of_scope, gone };

  void remember(const IntentSource& intent) {
    intents_.insert(intent.name);
    for (const Example& example : intent.examples) {
      const Clean cleaned = clean(example.text);
      const auto found = patterns_.find(example.text, cleaned, mark_words(cleaned.text));
      const Features features = make_features(cleaned, found.entities, example.group == "arabizi");
      const auto [known, fresh] = examples_.emplace(features.line, intent.name);
      if (!fresh && known->second != intent.name) known->second.clear();  // says nothing
    }
  }

  /// The bot's own entities and, where they leave room, the built-in ones it has not replaced.
  [[nodiscard]] std::vector<EntityHit> with_builtins(const std::vector<EntityHit>& own,
                                                     const Clean& cleaned,
                                                     std::span<const Word> words,
                                                     const Context& context) const {
    std::vector<EntityHit> all = own;
    for (EntityHit& hit : find_builtins(cleaned, words, context.today)) {
      const bool taken = entities_.contains(hit.entity) ||
                         std::any_of(own.begin(), own.end(), [&](const EntityHit& other) {
                           return hit.span.start < other.span.end &&
                                  other.span.start < hit.span.end;
                         });
      if (!taken) all.push_back(std::move(hit));
    }
    std::sort(all.begin(), all.end(),
              [](const EntityHit& a, const EntityHit& b) { return a.span.start < b.span.start; });
    return all;
  }

  /// The intent that has this sentence among its examples; a bare value is nobody's.
  [[nodiscard]] std::string example_of(const Features& features,
                                       const BotPatterns::Found& found) const {
    const bool has_number = features.line.find('0') != std::string::npos;
    if (features.words == 0 && (!found.entities.empty() || has_number)) return {};
    const auto example = examples_.find(features.line);
    return example == examples_.end() ? std::string() : example->second;
  }

  [[nodiscard]] Ranking rank(const Features& features) const {
    Ranking ranking;
    ranking.trained = model_.parts != nullptr;
    if (!ranking.trained || features.words == 0) return ranking;
    const Reading reading = model_.read(features.line);
    const auto& chances = reading.chances;
    std::vector<std::size_t> order;
    order.reserve(chances.size());
    for (std::size_t i = 0; i < chances.size(); ++i) {
      if (labels_[i] == Label::intent) order.push_back(i);
    }
    const std::size_t count = std::min(kRanked, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](std::size_t a, std::size_t b) {
                        return chances[a] != chances[b] ? chances[a] > chances[b] : a < b;
                      });
    ranking.intents.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      ranking.intents.push_back(
          {model_.labels()[order[i]], static_cast<float>(chances[order[i]]), "classifier"});
    }
    ranking.oos = reading.oos;
    ranking.known_words = reading.known_words;
    return ranking;
  }

  BotPatterns patterns_;
  std::unordered_set<std::string> intents_;
  std::unordered_set<std::string> entities_;  ///< the bot's own
  std::unordered_map<std::string, std::string> examples_;  ///< features → intent
  Model model_;                                            ///< without parts: patterns alone
  std::vector<Label> labels_;                              ///< per label of the model
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
