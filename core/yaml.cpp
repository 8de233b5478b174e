// yaml-cpp's event parser feeds our own tree: every node keeps its place, and the limits (depth,
// nodes, no aliases) are checked while reading, so a hostile file costs little.

#include "wasl/core/yaml.hpp"

#include "wasl/core/text.hpp"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <unordered_set>

namespace wasl::yaml {
namespace {

constexpr std::size_t kFileBytesMax = 8U * 1024 * 1024;
constexpr std::size_t kDepthMax = 40;
constexpr std::size_t kNodesMax = 400'000;
constexpr std::size_t kKeysMax = 20'000;  ///< of one map: readers look at one after the other
constexpr std::size_t kKeysFew = 16;      ///< up to here, looking at each key is the fastest

/// Where a mark of yaml-cpp stands, as people count: it counts bytes.
class Places {
 public:
  explicit Places(std::string_view text) : lines_(split(text, '\n')) {}

  /// Marks come almost in order, so each is counted on from the last: a file of one long line costs
  /// no more than one of many.
  [[nodiscard]] Mark at(const YAML::Mark& mark) {
    const auto line = static_cast<std::size_t>(std::max(0, mark.line));
    if (line >= lines_.size()) return {mark.line + 1, mark.column + 1};
    const std::string_view text = lines_[line];
    const std::size_t bytes =
        std::min(text.size(), static_cast<std::size_t>(std::max(0, mark.column)));
    if (line != line_ || bytes < bytes_) {
      line_ = line;
      bytes_ = 0;
      points_ = 0;
    }
    points_ += code_points(text.substr(bytes_, bytes - bytes_));
    bytes_ = bytes;
    return {mark.line + 1, static_cast<int>(points_) + 1};
  }

 private:
  std::vector<std::string_view> lines_;
  std::size_t line_ = 0;  ///< where it was counted last: line, bytes into it, code points
  std::size_t bytes_ = 0;
  std::size_t points_ = 0;
};

/// Thrown out of the parser at a limit; caught in parse().
struct Stop {
  Mark at;
  std::string what;
};

class Builder : public YAML::EventHandler {
 public:
  Builder(const std::string& file, Places& places, Mistakes& mistakes)
      : file_(file), places_(places), mistakes_(mistakes) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node = make(Node::Kind::null, mark, anchor);
    place_node(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    throw Stop{place(mark), "aliases (*name) are not allowed: write the value again"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = make(Node::Kind::scalar, mark, anchor);
    node.quoted = tag == "!";
    if (!node.quoted && (value == "~" || value == "null" || value.empty())) {
      node.kind = Node::Kind::null;
    } else if (!valid_utf8(value)) {  // the library writes these two as single bytes
      throw Stop{node.at, R"(write \u0085 and \u00A0 instead of \N and \_)"};
    } else {
      node.scalar = value;
    }
    place_node(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(make(Node::Kind::sequence, mark, anchor));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(make(Node::Kind::map, mark, anchor));
  }
  void OnMapEnd() override { close(); }

  Node root;

 private:
  struct Open {
    Node node;
    std::optional<Node> key = std::nullopt;     ///< of a map: the key whose value comes next
    std::unordered_set<std::string> keys = {};  ///< of a large map: all of `node`

    /// Whether `name` is new in the map.
    bool claim(const std::string& name) {
      if (node.entries.size() < kKeysFew) return node.find(name) == nullptr;
      if (keys.empty()) {
        for (const auto& [known, value] : node.entries) keys.insert(known.scalar);
      }
      return keys.insert(name).second;
    }
  };

  Node make(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) throw Stop{place(mark), "anchors (&name) are not allowed"};
    if (++nodes_ > kNodesMax) throw Stop{place(mark), "the file holds too many values"};
    Node node;
    node.kind = kind;
    node.at = place(mark);
    return node;
  }

  void open(Node node) {
    if (open_.size() >= kDepthMax) throw Stop{node.at, "nested too deeply"};
    open_.push_back({std::move(node)});
  }

  void close() {
    Node done = std::move(open_.back().node);
    open_.pop_back();
    place_node(std::move(done));
  }

  void place_node(Node node) {
    if (open_.empty()) {
      root = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == Node::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      if (!node.is_scalar()) {
        mistakes_.add(file_, node.at, "a key must be a plain word");
        node.kind = Node::Kind::scalar;
      }
      parent.key = std::move(node);
    } else {
      if (!parent.claim(parent.key->scalar)) {
        mistakes_.add(file_, parent.key->at, "duplicate key '" + parent.key->scalar + "'");
      } else if (parent.node.entries.size() == kKeysMax) {
        throw Stop{parent.key->at, "the map holds too many keys"};
      } else {
        parent.node.entries.push_back({std::move(*parent.key), std::move(node)});
      }
      parent.key.reset();
    }
  }

  [[nodiscard]] Mark place(const YAML::Mark& mark) { return places_.at(mark); }

  const std::string& file_;
  Places& places_;
  Mistakes& mistakes_;
  std::vector<Open> open_;
  std::size_t nodes_ = 0;
};

/// The first character no text file has, or npos.  A NUL would also make the parser read UTF-16.
std::size_t find_control(std::string_view text) {
  const auto control = [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return (code < 0x20 && c != '\t' && c != '\n' && c != '\r') || code == 0x7F;
  };
  const auto* const found = std::find_if(text.begin(), text.end(), control);
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

/// Where the byte `at` stands, as people count.
Mark mark_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line = before.rfind('\n') + 1;  // 0 when there is none
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(code_points(before.substr(line))) + 1};
}

}  // namespace

std::string to_string(const Mistake& mistake) {
  std::string text = mistake.file;
  if (mistake.at.line > 0) {
    text += ':' + std::to_string(mistake.at.line) + ':' + std::to_string(mistake.at.column);
  }
  return text + ": " + mistake.what;
}

void Mistakes::add(std::string file, Mark at, std::string what) {
  list_.push_back({std::move(file), at, std::move(what)});
}

void Mistakes::add_missing(std::string_view part, std::string file, Mark at, std::string what) {
  if (std::find(unread_.begin(), unread_.end(), part) != unread_.end()) return;
  add(std::move(file), at, std::move(what));
}

void Mistakes::leave_unread(const std::string& file) {
  unread_.push_back(file.substr(0, file.find('/')));
}

std::vector<Mistake> Mistakes::sorted() const {
  std::vector<Mistake> sorted = list_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Mistake& a, const Mistake& b) {
    return std::tie(a.file, a.at.line, a.at.column) < std::tie(b.file, b.at.line, b.at.column);
  });
  return sorted;
}

const Node* Node::find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name.scalar == key) return &value;
  }
  return nullptr;
}

std::optional<Document> parse(std::string_view text, std::string file, Mistakes& mistakes) {
  if (text.size() > kFileBytesMax) {
    mistakes.add(std::move(file), {}, "the file is larger than 8 MiB");
    return std::nullopt;
  }
  if (!valid_utf8(text)) {
    mistakes.add(std::move(file), {}, "the file is not UTF-8");
    return std::nullopt;
  }
  if (const std::size_t at = find_control(text); at != std::string_view::npos) {
    const std::string code = std::to_string(static_cast<unsigned char>(text[at]));
    mistakes.add(std::move(file), mark_of(text, at),
                 "a control character (code " + code + ") is not allowed");
    return std::nullopt;
  }
  const std::size_t before = mistakes.size();
  Places places(text);
  Builder builder(file, places, mistakes);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
  } catch (const Stop& stop) {
    mistakes.add(file, stop.at, stop.what);
  } catch (const YAML::Exception& broken) {
    std::string what = broken.msg;
    // A plain scalar that ends in `?` inside {…} or […]: the library only says "unknown token".
    if (what == "unknown token") what += ": a text with ? : # , or brackets needs quotes here";
    mistakes.add(file, places.at(broken.mark), what);
  }
  if (mistakes.size() != before) return std::nullopt;
  return Document{std::move(file), std::move(builder.root)};
}

std::optional<Document> load(const std::filesystem::path& path, std::string file,
                             Mistakes& mistakes) {
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  std::array<char, 64 * 1024> chunk{};
  while (stream && text.size() <= kFileBytesMax) {
    stream.read(chunk.data(), chunk.size());
    text.append(chunk.data(), static_cast<std::size_t>(stream.gcount()));
  }
  std::optional<Document> document;
  if (stream.is_open() && !stream.bad()) {
    document = parse(text, file, mistakes);
  } else {
    mistakes.add(file, {}, "cannot be read");
  }
  if (!document) mistakes.leave_unread(file);
  return document;
}

std::vector<Document> load_folder(const std::filesystem::path& folder, const std::string& sub,
                                  Mistakes& mistakes) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder / sub, error)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".yml") && !name.starts_with(".")) names.push_back(name);
    if (name.ends_with(".yaml")) mistakes.add(sub + "/" + name, {}, "must be called .yml");
  }
  std::sort(names.begin(), names.end());

  std::vector<Document> documents;
  for (const std::string& name : names) {
    auto document = load(folder / sub / name, sub + "/" + name, mistakes);
    if (document) documents.push_back(std::move(*document));
  }
  return documents;
}

std::string unknown_key(std::string_view key, const std::vector<std::string>& known) {
  std::string what = "unknown key '" + std::string(key) + "'";
  const std::string near = did_you_mean(key, known);
  if (!near.empty() || known.empty()) return what + near;
  what += "; known here:";
  for (const std::string& name : known) {
    what += &name == &known.front() ? " " : ", ";
    what += name;
  }
  return what;
}

Map::Map(std::string file, const Node& node, Mistakes& mistakes)
    : file_(std::move(file)), node_(&node), mistakes_(&mistakes) {
  if (!node.is_map() && !node.is_null()) complain(node.at, "must be a map of `key: value`");
}

void Map::only(std::initializer_list<std::string_view> keys) const {
  std::vector<std::string> names(keys.begin(), keys.end());
  for (const auto& [key, value] : node_->entries) {
    if (std::find(names.begin(), names.end(), key.scalar) == names.end()) {
      complain(key.at, unknown_key(key.scalar, names));
    }
  }
}

std::string Map::text(std::string_view key) const {
  const Node* node = find(key);
  if (node == nullptr) {
    complain(node_->at, "missing '" + std::string(key) + "'");
    return "";
  }
  if (!node->is_scalar()) {
    complain(node->at, "'" + std::string(key) + "' must be a text");
    return "";
  }
  return node->scalar;
}

std::string Map::text_or(std::string_view key, std::string otherwise) const {
  return has(key) ? text(key) : otherwise;
}

long long Map::whole_or(std::string_view key, long long otherwise, long long low,
                        long long high) const {
  const Node* node = find(key);
  if (node == nullptr) return otherwise;
  const auto value = as_whole(*node);
  if (!value || *value < low || *value > high) {
    complain(node->at, "'" + std::string(key) + "' must be a whole number from " +
                           std::to_string(low) + " to " + std::to_string(high));
    return otherwise;
  }
  return *value;
}

double Map::number_or(std::string_view key, double otherwise, double low, double high) const {
  const Node* node = find(key);
  if (node == nullptr) return otherwise;
  const auto value = as_number(*node);
  if (!value || *value < low || *value > high) {
    std::ostringstream range;
    range << low << " to " << high;
    complain(node->at, "'" + std::string(key) + "' must be a number from " + range.str());
    return otherwise;
  }
  return *value;
}

bool Map::flag_or(std::string_view key, bool otherwise) const {
  const Node* node = find(key);
  if (node == nullptr) return otherwise;
  const auto value = as_flag(*node);
  if (!value) complain(node->at, "'" + std::string(key) + "' must be true or false");
  return value.value_or(otherwise);
}

Millis Map::duration_or(std::string_view key, Millis otherwise) const {
  const Node* node = find(key);
  if (node == nullptr) return otherwise;
  const auto value = node->is_scalar() ? parse_duration(node->scalar) : std::nullopt;
  if (!value)
    complain(node->at, "'" + std::string(key) + "' must be a duration like 30s, 5m, 72h or 2d");
  return value.value_or(otherwise);
}

std::vector<std::string> Map::texts(std::string_view key) const {
  std::vector<std::string> texts;
  const Node* node = find(key);
  if (node == nullptr || node->is_null()) return texts;
  if (node->is_scalar()) {
    texts.push_back(node->scalar);
  } else if (node->is_sequence()) {
    for (const Node& item : node->items) {
      if (item.is_scalar()) {
        texts.push_back(item.scalar);
      } else {
        complain(item.at, "each item of '" + std::string(key) + "' must be a text");
      }
    }
  } else {
    complain(node->at, "'" + std::string(key) + "' must be a list of texts");
  }
  return texts;
}

void Map::complain(Mark at, std::string what) const {
  mistakes_->add(file_, at, std::move(what));
}

void Map::complain_missing(std::string_view part, Mark at, std::string what) const {
  mistakes_->add_missing(part, file_, at, std::move(what));
}

std::optional<long long> as_whole(const Node& node) {
  if (!node.is_scalar() || node.quoted) return std::nullopt;
  long long value = 0;
  const char* const last = node.scalar.data() + node.scalar.size();
  const auto [end, error] = std::from_chars(node.scalar.data(), last, value);
  if (error != std::errc{} || end != last) return std::nullopt;
  return value;
}

std::optional<double> as_number(const Node& node) {
  if (!node.is_scalar() || node.quoted) return std::nullopt;
  double value = 0;
  const char* const last = node.scalar.data() + node.scalar.size();
  const auto [end, error] = std::from_chars(node.scalar.data(), last, value);
  if (error != std::errc{} || end != last || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<bool> as_flag(const Node& node) {
  if (!node.is_scalar() || node.quoted) return std::nullopt;
  if (node.scalar == "true") return true;
  if (node.scalar == "false") return false;
  return std::nullopt;
}

}  // namespace wasl::yaml
