#pragma once

#include "wasl/core/event.hpp"
#include "wasl/flows/step.hpp"

#include <memory>
#include <string>
#include <vector>

namespace wasl::flows {

struct Rendered {
  std::string answer;
  std::string text;
  Language language = Language::und;
  std::vector<Button> buttons;
};

struct Voice {
  Language language = Language::ar;
  bool upset = false;        ///< use the answer's `upset` form if it has one
  std::uint64_t seed = 0;    ///< picks the variant
  std::string channel = {};  ///< its kind, `web` or `telegram`: an answer may have a form for it
};

/// Turns replies into texts.  Holds ICU formatters: one per shard, not shared between threads.
class Renderer {
 public:
  static std::unique_ptr<Renderer> make(std::shared_ptr<const Program> program);
  virtual ~Renderer() = default;
  /// An unknown key gives the reserved apology in the right language, never an empty text.
  [[nodiscard]] virtual Rendered render(const Reply& reply, const Voice& voice) = 0;
  [[nodiscard]] virtual bool has(std::string_view answer) const = 0;
};

}  // namespace wasl::flows
