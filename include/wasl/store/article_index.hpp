#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace wasl::store {

/// A full-text index in memory over words somebody has cleaned and stemmed.  Immutable; safe for
/// many threads, which share its bytes and nothing else.
class ArticleIndex {
 public:
  /// What is found and ranked: words separated by single spaces.
  struct Row {
    std::string title;
    std::string heading;
    std::string body;
  };

  /// One word of a question: any of its forms will do.
  struct Word {
    std::vector<std::string> forms;
    std::vector<std::string> loose;  ///< forms that other words share now and then
  };

  enum class Place { nowhere, body, heading, title };
  struct Match {
    Place place = Place::nowhere;
    bool loose = false;
  };

  struct Hit {
    std::size_t row = 0;         ///< as given to build()
    double score = 0.0;          ///< BM25, higher is better; a title counts four times
    std::vector<Match> matches;  ///< of each word
  };

  struct Found {
    std::vector<Hit> hits;        ///< best first
    std::vector<double> weights;  ///< of each word: rare ones tell more; above 0
  };

  static std::shared_ptr<const ArticleIndex> build(const std::vector<Row>& rows);

  virtual ~ArticleIndex() = default;

  /// At most 32 words are looked for, whatever stands in them: no operators.  No more than
  /// `hits_max` rows.  Never fails; a thread's first question opens a connection of its own.
  /// Cost: 0.1-1 ms for thousands of rows.
  [[nodiscard]] virtual Found find(const std::vector<Word>& words, std::size_t hits_max) const = 0;
};

}  // namespace wasl::store
