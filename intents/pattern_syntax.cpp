#include "intents/pattern_syntax.hpp"

#include "wasl/intents/clean.hpp"

#include "intents/clean_scan.hpp"

// RE2 has no look-around, and its \b knows ASCII only.  So the edges of words are put into the
// text: \x01 where a word starts, \x02 where it ends (a clean text holds no control characters).
// `<` and `>` then match a mark, and every other atom `x` becomes `(?:x[\x01\x02]?)`, that is,
// it steps over a mark the author did not ask for.  Between two letters of a word there is never a
// mark, so plain words stay as short as they were.

namespace wasl::intents {
namespace {

constexpr std::string_view kStart = "\\x01";
constexpr std::string_view kEnd = "\\x02";
constexpr std::string_view kSkip = "[\\x01\\x02]?";

bool is_meta(char c) {
  return std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos;
}

void append_literal(std::string& out, std::string_view utf8) {
  for (const char c : utf8) {
    if (is_meta(c)) out.push_back('\\');
    out.push_back(c);
  }
}

class Compiler {
 public:
  explicit Compiler(std::string_view pattern) : in_(pattern) {}

  Result<std::string> run() {
    while (at_ < in_.size()) {
      if (!step()) return Error{Error::Code::invalid_input, wrong_};
    }
    return std::move(out_);
  }

 private:
  bool step() {
    const char c = in_[at_];
    switch (c) {
      case '\\':
        return escape();
      case '[':
        return char_class();
      case '(':
        return group();
      case ')':
      case '|':
      case '$':
        out_.push_back(c);
        ++at_;
        return true;
      case '^':
        out_.append("^").append(kSkip);
        ++at_;
        return true;
      case '<':
        out_.append(kStart);
        ++at_;
        return true;
      case '>':
        out_.append(kEnd);
        ++at_;
        return true;
      case '*':
      case '+':
      case '?':
        out_.push_back(c);
        ++at_;
        return true;
      case '{':
        return repeat();
      case '.':
        ++at_;
        atom("[^\\n\\x01\\x02]", false);
        return true;
      default:
        literal();
        return true;
    }
  }

  /// Copies `{2,5}`; anything else is a literal brace.
  bool repeat() {
    const std::size_t close = in_.find('}', at_);
    const bool counts = close != std::string_view::npos && close > at_ + 1 &&
                        in_.substr(at_ + 1, close - at_ - 1).find_first_not_of("0123456789,") ==
                            std::string_view::npos;
    if (counts) {
      out_.append(in_.substr(at_, close - at_ + 1));
      at_ = close + 1;
    } else {
      ++at_;
      atom("\\{", false);
    }
    return true;
  }

  bool group() {
    if (in_.substr(at_, 4) == "(?P<") {
      const std::size_t close = in_.find('>', at_);
      if (close == std::string_view::npos) return fail("'(?P<' without '>'");
      out_.append(in_.substr(at_, close - at_ + 1));
      at_ = close + 1;
      return true;
    }
    if (in_.substr(at_, 2) == "(?") {
      const std::size_t end = in_.find_first_of(":)", at_);
      if (end == std::string_view::npos) return fail("'(?' without ':' or ')'");
      out_.append(in_.substr(at_, end - at_ + 1));
      at_ = end + 1;
      return true;
    }
    out_.push_back('(');
    ++at_;
    return true;
  }

  bool escape() {
    if (at_ + 1 >= in_.size()) return fail("a lone '\\' at the end");
    const char c = in_[at_ + 1];
    switch (c) {
      case 'b':
      case 'B':
        return fail("'\\b' knows only ASCII: write '<' and '>' for the start and end of a word");
      case 'A':
      case 'z':
        out_.append(c == 'A' ? std::string("\\A").append(kSkip) : "\\z");
        at_ += 2;
        return true;
      case 'd':
      case 's':
        at_ += 2;
        atom(std::string("\\") + c, false);
        return true;
      case 'D':
      case 'S':
        at_ += 2;
        atom(std::string("[^\\") + (c == 'D' ? 'd' : 's') + "\\x01\\x02]", false);
        return true;
      case 'w':
        at_ += 2;
        atom("[\\pL\\pN_]", false);
        return true;
      case 'W':
        at_ += 2;
        atom("[^\\pL\\pN_\\x01\\x02]", false);
        return true;
      case 'p':
      case 'P':
        return property();
      case 'x':
        return fail("'\\x' is not needed: write the character itself");
      case 'Q':
      case 'E':
      case 'C':
        return fail(std::string("'\\") + c + "' is not supported");
      case 'n':
      case 't':
      case 'r':
      case 'f':
      case 'v':
        at_ += 2;
        atom(" ", false);  // clean text has no other white space
        return true;
      default:
        break;
    }
    if (static_cast<unsigned char>(c) >= 0x80) {
      ++at_;
      literal();
      return true;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      return fail(std::string("unknown escape '\\") + c + "'");
    }
    at_ += 2;
    atom(c == '<' || c == '>' ? std::string(1, c) : std::string("\\") + c, false);
    return true;
  }

  bool property() {
    std::size_t end = at_ + 3;
    if (at_ + 2 < in_.size() && in_[at_ + 2] == '{') {
      end = in_.find('}', at_);
      if (end == std::string_view::npos) return fail("'\\p{' without '}'");
      ++end;
    }
    if (end > in_.size()) return fail("'\\p' without a name");
    const std::string name(in_.substr(at_ + 2, end - at_ - 2));
    const bool negated = in_[at_ + 1] == 'P';
    at_ = end;
    atom(negated ? "[^\\p" + name + "\\x01\\x02]" : "\\p" + name, false);
    return true;
  }

  /// A class keeps its shape; its members are cleaned one by one, except the ends of ranges.
  bool char_class() {
    const std::size_t open = at_++;
    std::string body;
    bool negated = false;
    if (peek() == '^') {
      negated = true;
      ++at_;
    }
    bool first = true;
    while (at_ < in_.size() && (in_[at_] != ']' || first)) {
      first = false;
      if (!class_member(body)) return false;
    }
    if (at_ >= in_.size()) {
      return fail("a '[' without ']' at character " + std::to_string(open + 1));
    }
    ++at_;
    if (body.empty()) return fail("an empty class '[]'");
    atom(negated ? "[^" + body + "\\x01\\x02]" : "[" + body + "]", false);
    return true;
  }

  bool class_member(std::string& body) {
    if (in_.substr(at_, 2) == "[:") {
      const std::size_t close = in_.find(":]", at_);
      if (close == std::string_view::npos) return fail("'[:' without ':]'");
      body.append(in_.substr(at_, close + 2 - at_));
      at_ = close + 2;
      return true;
    }
    if (in_[at_] == '\\') {
      if (at_ + 1 >= in_.size()) return fail("a lone '\\' at the end");
      const char c = in_[at_ + 1];
      if (c == 'w') {
        body.append("\\pL\\pN_");
        at_ += 2;
        return true;
      }
      if (c == '<' || c == '>') {
        body.push_back(c);
        at_ += 2;
        return true;
      }
      std::size_t size = 2;
      if ((c == 'p' || c == 'P') && at_ + 2 < in_.size() && in_[at_ + 2] == '{') {
        const std::size_t close = in_.find('}', at_);
        if (close == std::string_view::npos) return fail("'\\p{' without '}'");
        size = close + 1 - at_;
      } else if (c == 'p' || c == 'P') {
        size = 3;
      }
      body.append(in_.substr(at_, size));
      at_ += size;
      return true;
    }
    if (in_[at_] == '[') {
      body.append("\\[");
      ++at_;
      return true;
    }
    const bool range_end = !body.empty() && body.back() == '-' && at_ > 1 && in_[at_ - 1] == '-';
    const std::size_t start = at_;
    const char32_t c = next_code_point(in_, at_);
    const bool range_start = peek() == '-' && at_ + 1 < in_.size() && in_[at_ + 1] != ']';
    if (c < 0x80 || range_start || range_end) {
      body.append(in_.substr(start, at_ - start));
      return true;
    }
    const std::string cleaned = clean_code_point(c);
    for (std::size_t i = 0; i < cleaned.size(); ++i) {
      if (is_meta(cleaned[i]) || cleaned[i] == '-') body.push_back('\\');
      body.push_back(cleaned[i]);
    }
    return true;
  }

  /// One character, folded as clean() folds it; one that folds to nothing is left out.
  void literal() {
    const std::size_t start = at_;
    const char32_t c = next_code_point(in_, at_);
    if (c < 0x80) {  // case is RE2's business, so that \D in a pattern stays \D
      const char lower = static_cast<char>(c >= U'A' && c <= U'Z' ? c + 32 : c);
      atom(std::string(in_.substr(start, 1)), is_word(static_cast<unsigned char>(lower)));
      return;
    }
    const std::string cleaned = clean_code_point(c);
    if (cleaned.empty()) return;
    std::string quoted;
    append_literal(quoted, cleaned);
    std::size_t end = 0;
    const bool word = is_word(next_code_point(cleaned, end));
    atom(end == cleaned.size() ? quoted : "(?:" + quoted + ")", word && end == cleaned.size());
  }

  void atom(std::string_view re2, bool word_letter) {
    if (word_letter && next_is_plain_letter()) {
      out_.append(re2);
      return;
    }
    out_.append("(?:").append(re2).append(kSkip).append(")");
  }

  /// Whether a letter follows that nothing makes optional: then no edge can lie before it.
  [[nodiscard]] bool next_is_plain_letter() const {
    if (at_ >= in_.size()) return false;
    std::size_t at = at_;
    char32_t c = next_code_point(in_, at);
    if (c >= U'A' && c <= U'Z') c += 32;
    const std::string folded =
        c < 0x80 ? std::string(1, static_cast<char>(c)) : clean_code_point(c);
    if (folded.empty()) return false;
    std::size_t end = 0;
    if (!is_word(next_code_point(folded, end)) || end != folded.size()) return false;
    return at >= in_.size() || std::string_view("*?{").find(in_[at]) == std::string_view::npos;
  }

  [[nodiscard]] char peek() const { return at_ < in_.size() ? in_[at_] : '\0'; }

  bool fail(std::string what) {
    wrong_ = std::move(what);
    return false;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
  std::string wrong_;
};

}  // namespace

Marked mark_words(std::string_view clean) {
  Marked marked;
  const std::size_t most = 3 * clean.size() + 2;  // a mark before and behind each byte
  marked.text.resize(most);
  marked.clean_at.resize(most + 1);
  std::size_t size = 0;
  const auto put = [&](char c, std::size_t at) {
    marked.text[size] = c;
    marked.clean_at[size++] = static_cast<std::uint32_t>(at);
  };
  bool inside = false;
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t start = at;
    const bool word = scan_is_word(scan_code_point(clean, at));
    if (word != inside) put(word ? '\x01' : '\x02', start);
    inside = word;
    for (std::size_t i = start; i < at; ++i) put(clean[i], i);
  }
  if (inside) put('\x02', clean.size());
  marked.clean_at[size] = static_cast<std::uint32_t>(clean.size());
  marked.text.resize(size);
  marked.clean_at.resize(size + 1);
  return marked;
}

Result<std::string> compile_pattern(std::string_view pattern) {
  return Compiler(pattern).run();
}

std::string quote_pattern(std::string_view text) {
  const Clean cleaned = clean(text);
  std::string out;
  for (const char c : cleaned.text) {
    if (is_meta(c) || c == '<' || c == '>') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

}  // namespace wasl::intents
