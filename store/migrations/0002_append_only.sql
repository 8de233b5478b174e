-- Schema 2: what is written with every decision is only ever appended.
--
-- `log` has one row for each decision: the state it left behind, its events and its dedupe keys,
-- packed (store/log_row.hpp), under one checksum.  `slot` is the one unique index over it: rows by
-- conversation and place, keys by scope and hash, so that what a decision adds lies side by side.
-- `conversation` keeps what seldom changes.  The rows of schema 1 are carried over by
-- store/sqlite_carry.cpp, in the same transaction; it drops the old tables.

DROP INDEX conversation_live;
DROP INDEX conversation_of_visitor;
ALTER TABLE conversation RENAME TO old_conversation;
ALTER TABLE event RENAME TO old_event;
ALTER TABLE dedupe RENAME TO old_dedupe;

CREATE TABLE conversation (
  key        INTEGER PRIMARY KEY,  -- counts up together with scope.key
  id         TEXT    NOT NULL UNIQUE,
  visitor    TEXT    NOT NULL,
  channel    TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  wake_at    INTEGER,              -- at or before its deadline; NULL: it has none
  checksum   INTEGER NOT NULL
) STRICT;

CREATE INDEX conversation_wake ON conversation (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX conversation_of_visitor ON conversation (visitor, created_at);

CREATE TABLE log (
  id               INTEGER PRIMARY KEY,  -- the order of decisions; never used again
  conversation_key INTEGER NOT NULL,
  last_seq         INTEGER NOT NULL,
  epoch            INTEGER NOT NULL,
  body             BLOB    NOT NULL,
  checksum         INTEGER NOT NULL
) STRICT;

CREATE TABLE scope (
  key  INTEGER PRIMARY KEY,
  name TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE slot (
  owner  INTEGER NOT NULL,  -- conversation.key where tag > 0, scope.key where tag < 0
  tag    INTEGER NOT NULL,  -- tag_of() of the row or tag_of_key() of one of its keys
  log_id INTEGER NOT NULL,
  PRIMARY KEY (owner, tag)
) STRICT, WITHOUT ROWID;

-- Whether a row is the first pending one of its conversation: only such a row may be sent.
ALTER TABLE outbox ADD COLUMN head INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET head = 1
  WHERE id IN (SELECT min(id) FROM outbox WHERE status = 'pending' GROUP BY conversation);
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (next_at, id) WHERE head = 1;
