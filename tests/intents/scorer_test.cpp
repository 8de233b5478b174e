#include "intents/scorer.hpp"

#include "intents/classifier.hpp"
#include "tests/intents/folder.hpp"

#include <fasttext/fasttext.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

// The library is the twin: whatever the line, our scores are its scores.

namespace wasl::intents {
namespace {

/// The mean of the rows that the library reads from `line`, times each label's row.
std::vector<float> library_scores(const fasttext::FastText& model, const std::string& line) {
  std::vector<std::int32_t> rows;
  std::vector<std::int32_t> labels;
  std::istringstream stream(line + '\n');
  model.getDictionary()->getLine(stream, rows, labels);
  const auto input = model.getInputMatrix();
  const auto output = model.getOutputMatrix();
  std::vector<double> mean(static_cast<std::size_t>(input->cols()), 0.0);
  for (const std::int32_t row : rows) {
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] += input->at(row, static_cast<std::int64_t>(i));
    }
  }
  std::vector<float> scores;
  for (std::int64_t label = 0; label < output->rows(); ++label) {
    double sum = 0.0;
    for (std::size_t i = 0; i < mean.size(); ++i) {
      sum += output->at(label, static_cast<std::int64_t>(i)) * mean[i];
    }
    scores.push_back(static_cast<float>(sum / static_cast<double>(rows.size())));
  }
  return scores;
}

struct Shape {
  const char* name;
  int words;
  int letters_min;
  int letters_max;
};

TEST(Scorer, ScoresAsTheLibraryDoes) {
  const std::vector<Classifier::Line> lines = {{"track", "where is my order"},
                                               {"track", "وين طلبي ~wn ~tlb"},
                                               {"track", "order 0 status"},
                                               {"refund", "i want my money back"},
                                               {"refund", "ابغى استرجاع المبلغ ~b8 ~strj3 ~lmbl8"},
                                               {"refund", "refund please"},
                                               {"hours", "when do you open"},
                                               {"hours", "متى تفتحون ~mt ~tfthn"}};
  const std::string asked[] = {"where is my order",
                               "wheer is my ordre",
                               "طلبي تاخر ~tlb ~t5r",
                               "x",
                               "0 0 0",
                               "",
                               "entityorder_number where",
                               "😀 refund",
                               "\xFF\xFE broken",
                               std::string(400, 'a'),
                               "متى تفتحون وين المحل when do you open today please and thank you"};
  for (const Shape& shape : {Shape{"as shipped", 2, 2, 5}, Shape{"words alone", 1, 0, 0},
                             Shape{"three words", 3, 3, 3}}) {
    SCOPED_TRACE(shape.name);
    const Folder folder;
    TrainSettings settings;
    settings.epochs = 5;
    settings.buckets = 500;
    settings.word_ngrams = shape.words;
    settings.letters_min = shape.letters_min;
    settings.letters_max = shape.letters_max;
    const auto trained = Classifier::train(lines, settings, 1, folder.path() / "lines.txt");
    ASSERT_TRUE(trained) << trained.error().what;
    ASSERT_TRUE((*trained)->save(folder.path() / "model.bin"));
    fasttext::FastText library;
    library.loadModel((folder.path() / "model.bin").string());
    const Scorer scorer(library);
    for (const std::string& line : asked) {
      SCOPED_TRACE(line);
      const auto theirs = library_scores(library, line);
      const auto ours = scorer.score(line).labels;
      ASSERT_EQ(ours.size(), theirs.size());
      for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], theirs[i], 1e-4);
    }
    EXPECT_EQ(scorer.score("where is 0 zzzz").known_words, 2U);
  }
}

}  // namespace
}  // namespace wasl::intents
