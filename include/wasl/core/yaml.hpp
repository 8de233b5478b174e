#pragma once

#include "wasl/core/time.hpp"

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// YAML as bot authors write it, read into plain values that remember where they stood.
///
/// YAML 1.2 core reading: `yes/no/on/off` are strings.  Duplicate keys, anchors and aliases are
/// mistakes; depth and size are bounded, so hostile files cost little.
namespace wasl::yaml {

struct Mark {
  int line = 0;    ///< from 1; 0: no place
  int column = 0;  ///< from 1, in code points
};

/// One thing somebody must fix in a file.
struct Mistake {
  std::string file;
  Mark at;
  std::string what;
};

/// `file:line:column: what`
[[nodiscard]] std::string to_string(const Mistake& mistake);

/// Collects all mistakes of a folder; loading goes on after each, so that all are reported at once.
class Mistakes {
 public:
  void add(std::string file, Mark at, std::string what);
  /// The same, of a name that nothing in `part` (a folder like `flows`, or a file) has.  Told only
  /// if all of it could be read: what could not may well have it, and one slip would hide among its
  /// consequences.
  void add_missing(std::string_view part, std::string file, Mark at, std::string what);
  /// `file` could not be read, which was told: nothing is known of what it has.
  void leave_unread(const std::string& file);
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] std::size_t size() const { return list_.size(); }
  /// Sorted by file, line, column.
  [[nodiscard]] std::vector<Mistake> sorted() const;

 private:
  std::vector<Mistake> list_;
  std::vector<std::string> unread_;  ///< parts
};

struct Entry;

struct Node {
  enum class Kind { null, scalar, sequence, map };

  Kind kind = Kind::null;
  Mark at;
  bool quoted = false;  ///< the scalar was in quotes or a block: never a number or a truth value
  std::string scalar;
  std::vector<Node> items;     ///< of a sequence
  std::vector<Entry> entries;  ///< of a map, in file order; keys are scalars

  [[nodiscard]] bool is_null() const { return kind == Kind::null; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::sequence; }
  [[nodiscard]] bool is_map() const { return kind == Kind::map; }

  /// The value under `key` of a map, or nullptr.
  [[nodiscard]] const Node* find(std::string_view key) const;
};

/// One line of a map.
struct Entry {
  Node key;
  Node value;
};

/// A file and its root; carries the file's name for messages.
struct Document {
  std::string file;  ///< as shown to people, relative to the bot folder
  Node root;
};

/// Parses `text`.  Mistakes (syntax, duplicate keys, aliases, too deep or too large) are added to
/// `mistakes`; then nothing is returned.
[[nodiscard]] std::optional<Document> parse(std::string_view text, std::string file,
                                            Mistakes& mistakes);

/// Reads and parses `path`, shown as `file`; what cannot be is left unread.
[[nodiscard]] std::optional<Document> load(const std::filesystem::path& path, std::string file,
                                           Mistakes& mistakes);

/// Every `*.yml` below `folder/sub`, parsed, in name order; shown as `sub/name.yml`.
[[nodiscard]] std::vector<Document> load_folder(const std::filesystem::path& folder,
                                                const std::string& sub, Mistakes& mistakes);

/// `unknown key 'step' (did you mean "steps"?)`, or, when none is near, which keys there are.
[[nodiscard]] std::string unknown_key(std::string_view key, const std::vector<std::string>& known);

/// Typed access to one map, which complains for the author.
///
///     Map map(document.file, node, mistakes);
///     map.only({"flow", "steps"});              // any other key: "unknown key 'step' (did you
///     mean "steps"?)" std::string name = map.text("flow");      // missing or not a scalar:
///     complains, gives ""
///
/// A node that is no map complains once and reads as an empty map.
class Map {
 public:
  Map(std::string file, const Node& node, Mistakes& mistakes);

  /// Complains about keys not in `keys`.
  void only(std::initializer_list<std::string_view> keys) const;

  [[nodiscard]] const Node* find(std::string_view key) const { return node_->find(key); }
  [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
  [[nodiscard]] const Node& node() const { return *node_; }
  [[nodiscard]] const std::string& file() const { return file_; }

  /// A required scalar.
  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] std::string text_or(std::string_view key, std::string otherwise) const;
  [[nodiscard]] long long whole_or(std::string_view key, long long otherwise, long long low,
                                   long long high) const;
  [[nodiscard]] double number_or(std::string_view key, double otherwise, double low,
                                 double high) const;
  /// `true` or `false`, nothing else.
  [[nodiscard]] bool flag_or(std::string_view key, bool otherwise) const;
  /// `30s`, `5m`, `72h`, `2d`.
  [[nodiscard]] Millis duration_or(std::string_view key, Millis otherwise) const;
  /// A sequence of scalars, or one scalar alone.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;

  void complain(Mark at, std::string what) const;
  /// As Mistakes::add_missing().
  void complain_missing(std::string_view part, Mark at, std::string what) const;

 private:
  std::string file_;
  const Node* node_;
  Mistakes* mistakes_;
};

/// A whole number, a number or a truth value written plainly; nothing when `node` is something
/// else.
[[nodiscard]] std::optional<long long> as_whole(const Node& node);
[[nodiscard]] std::optional<double> as_number(const Node& node);
[[nodiscard]] std::optional<bool> as_flag(const Node& node);

}  // namespace wasl::yaml
