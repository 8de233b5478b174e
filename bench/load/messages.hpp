#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace wasl::bench {

/// What customers write: examples of a bot, each said in many ways.
///
/// A conversation keeps to one language, half of them to each, and goes from subject to subject, so
/// that the bot need not repeat itself.  The text ends with `number`: no two numbers, no two texts
/// alike; everything else about it is chosen by the digits of the three.
class Messages {
 public:
  enum class Only { both, en, ar };

  struct Message {
    std::string text;
    std::string_view intent;  ///< of the example
  };

  /// Reads what bench_mix wrote: lines `part TAB language TAB intent TAB text`.
  /// Throws std::runtime_error when the file cannot be read or a part is missing.
  explicit Messages(const std::filesystem::path& file, Only only = Only::both);

  [[nodiscard]] Message at(std::uint64_t conversation, std::uint64_t turn,
                           std::uint64_t number) const;

 private:
  struct Subject {
    std::string intent;
    std::vector<std::string> examples;
  };
  struct Words {
    std::vector<Subject> subjects;
    std::vector<std::string> openers;
    std::vector<std::string> closers;
  };

  std::vector<Words> languages_;
};

}  // namespace wasl::bench
