#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace wasl::store {

/// A bounded memory of what was used last: two generations; when the young one is full it becomes
/// the old one, and what the old one still held is forgotten.  Holds at most twice `size_max`.
template <typename Value>
class Recent {
 public:
  explicit Recent(std::size_t size_max) : size_max_(size_max) {}

  /// Null when it is not remembered.  Valid until the next put() or clear().
  Value* find(std::string_view key) {
    if (const auto young = young_.find(key); young != young_.end()) return &young->second;
    const auto old = old_.find(key);
    if (old == old_.end()) return nullptr;
    auto node = old_.extract(old);
    make_room();
    return &young_.insert(std::move(node)).position->second;
  }

  Value& put(std::string_view key, Value value) {
    old_.erase(std::string(key));
    make_room();
    return young_.insert_or_assign(std::string(key), std::move(value)).first->second;
  }

  void clear() {
    young_.clear();
    old_.clear();
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>()(key);
    }
  };
  using Map = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

  void make_room() {
    if (young_.size() < size_max_) return;
    old_ = std::move(young_);
    young_.clear();
  }

  std::size_t size_max_;
  Map young_;
  Map old_;
};

}  // namespace wasl::store
