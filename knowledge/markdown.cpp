// One tree, read twice: cmark writes the page, we write the passages.
//
// A passage is what a clerk would read out: a heading with the paragraphs and lists under it, cut
// between blocks where it grows too long for a chat, and inside a block only if that alone is too
// long.  What a passage leaves out is emphasis; a link keeps its address.
#include "knowledge/markdown.hpp"

#include "wasl/core/text.hpp"

#include <cmark.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace wasl::knowledge {
namespace {

constexpr std::size_t kPassageCharsMax = 600;
constexpr std::size_t kPassagesMax = 200;
constexpr int kDepthMax = 16;  // lists in lists; the text below is left out of passages
constexpr int kHeadingMax = 6;

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeIterator {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};
struct FreeText {
  void operator()(char* text) const { std::free(text); }
};
using Tree = std::unique_ptr<cmark_node, FreeNode>;

std::string_view literal(cmark_node* node) {
  const char* text = cmark_node_get_literal(node);
  return text == nullptr ? std::string_view() : text;
}

/// The nearest line that is known; cmark knows those of blocks.
int line_of(cmark_node* node) {
  for (cmark_node* one = node; one != nullptr; one = cmark_node_parent(one)) {
    if (const int line = cmark_node_get_start_line(one); line > 0) return line;
  }
  return 1;
}

/// An address worth reading out: one that works outside the page.
bool whole_address(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

// ---- the page

/// Puts the words of an image in its place.
void unwrap(cmark_node* image) {
  while (cmark_node* child = cmark_node_first_child(image)) {
    cmark_node_unlink(child);
    cmark_node_insert_before(image, child);
  }
  cmark_node_unlink(image);
  cmark_node_free(image);
}

void prepare(cmark_node* root, std::vector<LeftOut>& left_out) {
  std::vector<cmark_node*> images;
  const std::unique_ptr<cmark_iter, FreeIterator> walk(cmark_iter_new(root));
  for (cmark_event_type event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(walk.get())) {
    if (event != CMARK_EVENT_ENTER) continue;
    cmark_node* node = cmark_iter_get_node(walk.get());
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HEADING) {
      cmark_node_set_heading_level(node,
                                   std::min(cmark_node_get_heading_level(node) + 1, kHeadingMax));
    } else if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
      const bool comment = trim(literal(node)).starts_with("<!--");
      if (!comment) left_out.push_back({line_of(node), "raw HTML is not shown: write Markdown"});
    } else if (type == CMARK_NODE_IMAGE) {
      left_out.push_back({line_of(node), "an image is not shown, only its words"});
      images.push_back(node);
    }
  }
  // Innermost last: an image inside another's words is moved before that is taken away.
  for (cmark_node* image : images) unwrap(image);
}

// ---- the passages

/// The words of a block's inlines.
class Words {
 public:
  static std::string of(cmark_node* block) {
    Words words;
    const std::unique_ptr<cmark_iter, FreeIterator> walk(cmark_iter_new(block));
    for (cmark_event_type event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(walk.get())) {
      words.meet(cmark_iter_get_node(walk.get()), event == CMARK_EVENT_ENTER);
    }
    return std::string(trim(words.text_));
  }

 private:
  void meet(cmark_node* node, bool enters) {
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_TEXT:
      case CMARK_NODE_CODE:
      case CMARK_NODE_CODE_BLOCK:
        if (enters) text_ += literal(node);
        break;
      case CMARK_NODE_SOFTBREAK:
        text_ += ' ';
        break;
      case CMARK_NODE_LINEBREAK:
        text_ += '\n';
        break;
      case CMARK_NODE_LINK:
        link(node, enters);
        break;
      default:
        break;
    }
  }

  void link(cmark_node* node, bool enters) {
    if (enters) {
      link_from_ = text_.size();
      return;
    }
    const char* url = cmark_node_get_url(node);
    const std::string_view address = url == nullptr ? "" : url;
    if (whole_address(address) && std::string_view(text_).substr(link_from_) != address) {
      text_.append(" (").append(address).append(")");
    }
  }

  std::string text_;
  std::size_t link_from_ = 0;
};

/// `text` in pieces of at most `chars_max`, cut between words.
std::vector<std::string> cut(std::string_view text, std::size_t chars_max) {
  std::vector<std::string> pieces;
  while (code_points(text) > chars_max) {
    std::string_view head = first_code_points(text, chars_max);
    const std::size_t space = head.find_last_of(" \n");
    if (space != std::string_view::npos && space > head.size() / 2) head = head.substr(0, space);
    pieces.emplace_back(trim(head));
    text.remove_prefix(head.size());
    text = trim(text);
  }
  if (!text.empty()) pieces.emplace_back(text);
  return pieces;
}

class Cutter {
 public:
  explicit Cutter(std::vector<Passage>& passages) : passages_(passages) {}

  void read(cmark_node* root) {
    for (cmark_node* block = cmark_node_first_child(root); block != nullptr;
         block = cmark_node_next(block)) {
      if (cmark_node_get_type(block) == CMARK_NODE_HEADING) {
        finish();
        heading_ = Words::of(block);
      } else {
        std::string text;
        add_block(block, "", 0, text);
        put(trim(text));
      }
    }
    finish();
  }

 private:
  void add_block(cmark_node* block, const std::string& indent, int depth, std::string& text) {
    if (depth > kDepthMax) return;
    switch (cmark_node_get_type(block)) {
      case CMARK_NODE_LIST:
        return add_list(block, indent, depth, text);
      case CMARK_NODE_BLOCK_QUOTE:
        for (cmark_node* one = cmark_node_first_child(block); one != nullptr;
             one = cmark_node_next(one)) {
          add_block(one, indent, depth + 1, text);
        }
        return;
      case CMARK_NODE_HTML_BLOCK:
      case CMARK_NODE_THEMATIC_BREAK:
        return;
      default:
        text.append(Words::of(block)).append("\n");
    }
  }

  void add_list(cmark_node* list, const std::string& indent, int depth, std::string& text) {
    const bool numbered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
    int number = cmark_node_get_list_start(list);
    for (cmark_node* item = cmark_node_first_child(list); item != nullptr;
         item = cmark_node_next(item)) {
      text += indent + (numbered ? std::to_string(number++) + ". " : "• ");
      for (cmark_node* one = cmark_node_first_child(item); one != nullptr;
           one = cmark_node_next(one)) {
        add_block(one, indent + "  ", depth + 1, text);
      }
    }
  }

  void put(std::string_view text) {
    if (text.empty()) return;
    if (code_points(text_) + code_points(text) > kPassageCharsMax) finish();
    if (code_points(text) > kPassageCharsMax) {
      for (std::string& piece : cut(text, kPassageCharsMax)) add(std::move(piece));
      return;
    }
    if (!text_.empty()) text_ += '\n';
    text_ += text;
  }

  void finish() {
    if (!text_.empty()) add(std::move(text_));
    text_.clear();
  }

  void add(std::string text) {
    if (passages_.size() < kPassagesMax) passages_.push_back({heading_, std::move(text)});
  }

  std::vector<Passage>& passages_;
  std::string heading_;
  std::string text_;
};

}  // namespace

Body read_markdown(std::string_view markdown) {
  Body body;
  constexpr int kOptions = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8;  // and safe: no raw HTML
  const Tree tree(cmark_parse_document(markdown.data(), markdown.size(), kOptions));
  prepare(tree.get(), body.left_out);
  Cutter(body.passages).read(tree.get());
  const std::unique_ptr<char, FreeText> html(cmark_render_html(tree.get(), kOptions));
  body.html = html.get();
  return body;
}

}  // namespace wasl::knowledge
