-- Schema 1.
--
-- Times are milliseconds since 1970 in UTC.  Every row ends with `checksum`: a keyed hash of its
-- other values (store/seal.hpp), verified whenever the row is read.
--
-- Events are only ever appended, so they sit in a rowid table with a single index.  They and the
-- dedupe keys name their conversation by its short number `key`.

CREATE TABLE conversation (
  key        INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  visitor    TEXT    NOT NULL,
  channel    TEXT    NOT NULL,
  state      TEXT    NOT NULL,
  epoch      INTEGER NOT NULL,
  last_seq   INTEGER NOT NULL,
  deadline   INTEGER,
  live       INTEGER NOT NULL,  -- whether there is a deadline; apart, so that its index rests
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  snapshot   TEXT    NOT NULL,
  checksum   INTEGER NOT NULL
) STRICT;

CREATE INDEX conversation_live ON conversation (live) WHERE live = 1;
CREATE INDEX conversation_of_visitor ON conversation (visitor, created_at);

CREATE TABLE event (
  conversation_key INTEGER NOT NULL,
  seq              INTEGER NOT NULL,
  at               INTEGER NOT NULL,
  epoch            INTEGER NOT NULL,
  visible          INTEGER NOT NULL,
  kind             TEXT    NOT NULL,
  json             TEXT    NOT NULL,
  checksum         INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX event_in_order ON event (conversation_key, seq);

CREATE TABLE dedupe (
  scope            TEXT    NOT NULL,
  key              TEXT    NOT NULL,
  conversation_key INTEGER NOT NULL,
  seq              INTEGER NOT NULL,
  checksum         INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  channel      TEXT    NOT NULL,
  conversation TEXT    NOT NULL,
  seq          INTEGER NOT NULL,
  payload      TEXT    NOT NULL,
  status       TEXT    NOT NULL CHECK (status IN ('pending', 'sent', 'dead')),
  attempts     INTEGER NOT NULL,
  next_at      INTEGER NOT NULL,
  last_error   TEXT    NOT NULL,
  checksum     INTEGER NOT NULL
) STRICT;

CREATE INDEX outbox_due ON outbox (next_at) WHERE status = 'pending';
CREATE INDEX outbox_first ON outbox (conversation, id) WHERE status = 'pending';
CREATE INDEX outbox_dead ON outbox (id) WHERE status = 'dead';

CREATE TABLE visitor (
  id           TEXT    NOT NULL PRIMARY KEY,
  token_hash   TEXT    NOT NULL,
  channel      TEXT    NOT NULL,
  external_id  TEXT    NOT NULL,
  name         TEXT    NOT NULL,
  conversation TEXT    NOT NULL,
  created_at   INTEGER NOT NULL,
  checksum     INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX visitor_token ON visitor (token_hash) WHERE token_hash <> '';
CREATE UNIQUE INDEX visitor_external ON visitor (channel, external_id) WHERE external_id <> '';

CREATE TABLE agent (
  id            TEXT    NOT NULL PRIMARY KEY,
  email         TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  role          TEXT    NOT NULL,
  password_hash TEXT    NOT NULL,
  languages     TEXT    NOT NULL,  -- one per line
  skills        TEXT    NOT NULL,  -- one per line
  capacity      INTEGER NOT NULL,
  enabled       INTEGER NOT NULL,
  checksum      INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  token_hash TEXT    NOT NULL PRIMARY KEY,
  agent      TEXT    NOT NULL,
  expires_at INTEGER NOT NULL,
  checksum   INTEGER NOT NULL
) STRICT;

CREATE INDEX session_of_agent ON session (agent);

-- A row to write to when we must learn whether writing works again.
CREATE TABLE probe (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL
) STRICT;

INSERT INTO probe (id, count) VALUES (1, 0);
