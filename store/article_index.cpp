// SQLite FTS5 over words that are stemmed already: its own tokenizer only splits at spaces.
//
// The database is built once, serialized, and from then on read only.  A thread that asks opens its
// own connection over the shared bytes, so nobody waits for anybody; it keeps the connections of
// the indexes it asked last, since a reload brings new ones.
#include "wasl/store/article_index.hpp"

#include "wasl/core/check.hpp"

#include "store/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <list>
#include <optional>
#include <string_view>

namespace wasl::store {
namespace {

constexpr std::size_t kWordsMax = 32;
constexpr std::size_t kFormBytesMax = 100;
constexpr std::size_t kConnectionsMax = 4;  // of a thread: two languages, before and after a reload

// A form is letters, digits and this mark, which keeps loose forms apart; no letter of ASCII's
// punctuation else reaches the index.
constexpr const char* kSchema =
    "CREATE VIRTUAL TABLE passages USING fts5(title, heading, body, "
    "tokenize = \"ascii tokenchars '~'\");"
    "CREATE VIRTUAL TABLE words USING fts5vocab(passages, row);";

struct FreeBytes {
  void operator()(unsigned char* bytes) const { sqlite3_free(bytes); }
};
struct Bytes {
  std::unique_ptr<unsigned char, FreeBytes> data;
  sqlite3_int64 size = 0;
};

/// One thread's way into an index; keeps its bytes.
class Reading {
 public:
  explicit Reading(std::shared_ptr<const Bytes> bytes)
      : bytes_(std::move(bytes)),
        connection_(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX) {
    const int code = sqlite3_deserialize(connection_.get(), "main", bytes_->data.get(),
                                         bytes_->size, bytes_->size, SQLITE_DESERIALIZE_READONLY);
    WASL_CHECK(code == SQLITE_OK);  // we serialized it
    find_.emplace(connection_,
                  "SELECT rowid, -bm25(passages, 4.0, 2.0, 1.0), title, heading, body "
                  "FROM passages WHERE passages MATCH ?1 ORDER BY bm25(passages, 4.0, 2.0, 1.0), "
                  "rowid LIMIT ?2");
    rows_with_.emplace(connection_, "SELECT doc FROM words WHERE term = ?1");
  }

  std::int64_t rows_with(const std::string& word) {
    sqlite::Rows rows = rows_with_->rows(std::string_view(word));
    return rows.next() ? rows.whole() : 0;
  }
  /// `query` must outlive the rows.
  sqlite::Rows find(const std::string& query, std::size_t hits_max) {
    return find_->rows(std::string_view(query), sqlite::clamped(hits_max));
  }

 private:
  std::shared_ptr<const Bytes> bytes_;
  sqlite::Connection connection_;
  std::optional<sqlite::Statement> find_;
  std::optional<sqlite::Statement> rows_with_;
};

/// Whether the space-separated `words` have `word`.
bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = words.find(word); at != std::string_view::npos;
       at = words.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' '))
      return true;
  }
  return false;
}

bool has_any(std::string_view words, const std::vector<std::string>& forms) {
  return std::any_of(forms.begin(), forms.end(),
                     [&](const std::string& form) { return has_word(words, form); });
}

class Fts5Index final : public ArticleIndex {
 public:
  explicit Fts5Index(const std::vector<Row>& rows) : rows_(rows.size()) {
    const sqlite::Connection connection(
        ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX);
    connection.run(kSchema);
    connection.run("BEGIN");
    sqlite::Statement insert(
        connection, "INSERT INTO passages (rowid, title, heading, body) VALUES (?1, ?2, ?3, ?4)");
    std::int64_t number = 0;
    for (const Row& row : rows) {
      insert.run(++number, std::string_view(row.title), std::string_view(row.heading),
                 std::string_view(row.body));
    }
    connection.run("COMMIT");
    connection.run("INSERT INTO passages (passages) VALUES ('optimize')");
    auto bytes = std::make_shared<Bytes>();
    bytes->data.reset(sqlite3_serialize(connection.get(), "main", &bytes->size, 0));
    WASL_CHECK(bytes->data != nullptr);  // memory alone can fail here
    bytes_ = std::move(bytes);
  }

  [[nodiscard]] Found find(const std::vector<Word>& words, std::size_t hits_max) const override {
    Found found;
    const std::size_t count = std::min(words.size(), kWordsMax);
    const std::string query = query_of(words, count);
    if (query.empty() || rows_ == 0) return found;
    try {
      Reading& reading = own_reading();
      for (std::size_t i = 0; i < count; ++i) found.weights.push_back(weight(reading, words[i]));
      sqlite::Rows rows = reading.find(query, hits_max);
      while (rows.next()) found.hits.push_back(hit(rows, words, count));
    } catch (const sqlite::Failure&) {  // of memory; nothing else can go wrong in bytes of our own
      found = {};
    }
    return found;
  }

 private:
  /// Every form in quotes: whatever it is, FTS5 takes it for a word.
  static std::string query_of(const std::vector<Word>& words, std::size_t count) {
    std::string query;
    const auto add = [&](const std::string& form) {
      if (form.empty() || form.size() > kFormBytesMax) return;
      if (form.find_first_of(std::string_view("\"\0", 2)) != std::string::npos) return;
      query.append(query.empty() ? "\"" : " OR \"").append(form).append("\"");
    };
    for (std::size_t i = 0; i < count; ++i) {
      std::for_each(words[i].forms.begin(), words[i].forms.end(), add);
      std::for_each(words[i].loose.begin(), words[i].loose.end(), add);
    }
    return query;
  }

  double weight(Reading& reading, const Word& word) const {
    std::int64_t most = 0;
    for (const std::string& form : word.forms) most = std::max(most, reading.rows_with(form));
    if (most == 0) {
      for (const std::string& form : word.loose) most = std::max(most, reading.rows_with(form));
    }
    return std::log(1.0 + (static_cast<double>(rows_) + 1.0) /
                              (static_cast<double>(std::max<std::int64_t>(most, 1)) + 0.5));
  }

  static Hit hit(sqlite::Rows& row, const std::vector<Word>& words, std::size_t count) {
    Hit hit;
    hit.row = static_cast<std::size_t>(row.whole() - 1);
    hit.score = row.real();
    const std::string title = row.text();
    const std::string heading = row.text();
    const std::string body = row.text();
    for (std::size_t i = 0; i < count; ++i) {
      const auto place = [&](const std::vector<std::string>& forms) {
        return has_any(title, forms)     ? Place::title
               : has_any(heading, forms) ? Place::heading
               : has_any(body, forms)    ? Place::body
                                         : Place::nowhere;
      };
      Match match{place(words[i].forms), false};
      if (match.place == Place::nowhere) match = {place(words[i].loose), true};
      hit.matches.push_back(match);
    }
    return hit;
  }

  /// This thread's connection; the least recently used one makes room.
  Reading& own_reading() const {
    struct Own {
      std::uint64_t index;
      std::unique_ptr<Reading> reading;
    };
    thread_local std::list<Own> all;
    const auto mine =
        std::find_if(all.begin(), all.end(), [&](const Own& own) { return own.index == number_; });
    if (mine != all.end()) {
      all.splice(all.begin(), all, mine);
    } else {
      all.push_front({number_, std::make_unique<Reading>(bytes_)});
      if (all.size() > kConnectionsMax) all.pop_back();
    }
    return *all.front().reading;
  }

  static inline std::atomic<std::uint64_t> next_number_{1};

  std::size_t rows_;
  std::uint64_t number_ = next_number_++;  ///< never used again, unlike an address
  std::shared_ptr<const Bytes> bytes_;
};

}  // namespace

std::shared_ptr<const ArticleIndex> ArticleIndex::build(const std::vector<Row>& rows) {
  return std::make_shared<Fts5Index>(rows);
}

}  // namespace wasl::store
