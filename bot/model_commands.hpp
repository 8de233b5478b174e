#pragma once

#include "wasl/core/yaml.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>

/// The commands about models: train, eval, predict.  Each returns the exit code, as in
/// bot/commands.hpp.
namespace wasl::bot {

struct ModelOptions {
  std::filesystem::path bot = ".";
  std::filesystem::path data;  ///< train: examples; eval: rows to judge
  std::filesystem::path dev;
  std::filesystem::path model;   ///< a model's own folder, instead of a bot
  std::filesystem::path report;  ///< eval: a page to write, or empty
  std::uint64_t seed = 1;
  int folds = 10;
  std::size_t top = 5;
  bool if_needed = false;
  bool rollback = false;
  bool json = false;
};

int run_train(const ModelOptions& options);
int run_eval(const ModelOptions& options);
int run_predict(const ModelOptions& options);

/// Prints mistakes, one a line or as JSON.  0 when there are none, else 3.
int report_mistakes(const yaml::Mistakes& mistakes, bool as_json,
                    const std::vector<yaml::Mistake>& warnings = {});

}  // namespace wasl::bot
