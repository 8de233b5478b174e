// Flows that others do: nothing goes round, nothing nests too deeply or becomes too long, and every
// flow is reached by somebody.  What passes here bounds a turn.
#include "flows/load.hpp"

#include <map>

namespace wasl::flows {
namespace {

class SubflowCheck {
 public:
  explicit SubflowCheck(const Loading& loading) : loading_(loading) {
    for (const Done& one : loading.done) below_[one.flow].push_back(&one);
  }

  /// Depth-first from every flow; a way back to a flow on the path never ends.
  bool run() {
    for (const auto& [name, flow] : loading_.program.flows) visit(name);
    return ends_;
  }

 private:
  struct Size {
    std::size_t depth = 0;  ///< subflows one in the other
    std::size_t steps = 0;  ///< with all its subflows
  };

  Size visit(const std::string& name) {
    if (const auto known = sizes_.find(name); known != sizes_.end()) return known->second;
    path_.push_back(name);
    Size size{0, loading_.program.find_flow(name)->code.size()};
    for (const Done* one : below_[name]) {
      if (contains(path_, one->subflow)) {
        complain(*one, "this never ends: " + way_to(one->subflow));
        ends_ = false;
        continue;
      }
      const Size inner = visit(one->subflow);
      size.depth = std::max(size.depth, inner.depth + 1);
      size.steps += inner.steps;
      if (inner.depth + 1 == kSubflowsMax + 1) {
        complain(*one, "'" + one->subflow + "' does other flows " + std::to_string(inner.depth) +
                           " deep already; at most " + std::to_string(kSubflowsMax) +
                           " may lie one in the other");
      }
    }
    if (size.steps > kInstructionsMax && !below_[name].empty()) {
      complain(*below_[name].front(), "this flow is too long together with what it does; split it");
      size.steps = 0;  // told once
    }
    path_.pop_back();
    sizes_[name] = size;
    return size;
  }

  /// `a → b → a`, beginning where the path first comes to `name`.
  [[nodiscard]] std::string way_to(const std::string& name) const {
    std::string way;
    for (auto at = std::find(path_.begin(), path_.end(), name); at != path_.end(); ++at) {
      way += *at + " → ";
    }
    return way + name;
  }

  void complain(const Done& place, std::string what) const {
    loading_.mistakes.add(place.file, place.at, std::move(what));
  }

  const Loading& loading_;
  std::map<std::string, std::vector<const Done*>> below_;
  std::map<std::string, Size> sizes_;
  std::vector<std::string> path_;
  bool ends_ = true;
};

}  // namespace

bool check_subflows(const Loading& loading) {
  for (const Unread& flow : loading.unread) {
    const bool done = std::any_of(loading.done.begin(), loading.done.end(),
                                  [&](const Done& one) { return one.subflow == flow.flow; });
    if (done || flow.starts) continue;
    loading.mistakes.add(flow.file, flow.at, "missing 'start': nothing would start this flow");
  }
  return SubflowCheck(loading).run();
}

}  // namespace wasl::flows
