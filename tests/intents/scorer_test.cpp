#include "intents/scorer.hpp"

#include "tests/intents/folder.hpp"

#include <fasttext/fasttext.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>
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

constexpr std::string_view kLines =
    "__label__track where is my order\n__label__track وين طلبي ~wn ~tlb\n"
    "__label__track order 0 status\n__label__refund i want my money back\n"
    "__label__refund ابغى استرجاع المبلغ ~b8 ~strj3 ~lmbl8\n__label__refund refund please\n"
    "__label__hours when do you open\n__label__hours متى تفتحون ~mt ~tfthn\n";

/// Trains the library itself, with one thread.
void train(const Folder& folder, const Shape& shape, fasttext::FastText& library) {
  folder.write("lines.txt", kLines);
  fasttext::Args args;
  args.input = (folder.path() / "lines.txt").string();
  args.model = fasttext::model_name::sup;
  args.loss = fasttext::loss_name::ova;
  args.minCount = 1;
  args.lr = 0.2;
  args.epoch = 5;
  args.dim = 32;
  args.bucket = 500;
  args.wordNgrams = shape.words;
  args.minn = shape.letters_min;
  args.maxn = shape.letters_max;
  args.thread = 1;
  args.verbose = 0;
  library.train(args);
}

const std::string kAsked[] = {"where is my order",
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

TEST(Scorer, ScoresAsTheLibraryDoes) {
  for (const Shape& shape : {Shape{"as shipped", 2, 2, 5}, Shape{"words alone", 1, 0, 0},
                             Shape{"three words", 3, 3, 3}}) {
    SCOPED_TRACE(shape.name);
    const Folder folder;
    fasttext::FastText library;
    train(folder, shape, library);
    const Scorer scorer(library);
    const auto stored = Scorer::read(scorer.write());
    ASSERT_TRUE(stored) << stored.error().what;
    EXPECT_EQ(stored->labels(), (std::vector<std::string>{"track", "refund", "hours"}));
    EXPECT_EQ(stored->write().size(), scorer.write().size());
    for (const std::string& line : kAsked) {
      SCOPED_TRACE(line);
      const auto theirs = library_scores(library, line);
      const auto ours = scorer.score(line).labels;
      const auto rounded = stored->score(line).labels;
      ASSERT_EQ(ours.size(), theirs.size());
      ASSERT_EQ(rounded.size(), theirs.size());
      for (std::size_t i = 0; i < ours.size(); ++i) {
        EXPECT_NEAR(ours[i], theirs[i], 1e-4);
        EXPECT_NEAR(rounded[i], theirs[i], 0.02) << "one byte for a weight";
      }
    }
    EXPECT_EQ(scorer.score("where is 0 zzzz").known_words, 2U);
  }
}

TEST(Scorer, RefusesWhatItDidNotWrite) {
  const Folder folder;
  fasttext::FastText library;
  train(folder, {"as shipped", 2, 2, 5}, library);
  const std::string bytes = Scorer(library).write();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{3}, std::size_t{31}, bytes.size() / 2, bytes.size() - 1}) {
    EXPECT_FALSE(Scorer::read(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(Scorer::read(bytes + "x"));
  for (std::size_t at = 0; at < 36; ++at) {  // sizes: another one fits no file of this length
    std::string forged = bytes;
    forged[at] = static_cast<char>(forged[at] ^ 0x40);
    const auto read = Scorer::read(forged);
    if (read) {
      EXPECT_TRUE(at >= 16 && at < 28) << at << ": only lengths of n-grams are free";
    }
  }
}

}  // namespace
}  // namespace wasl::intents
