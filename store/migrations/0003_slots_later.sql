-- Schema 3: `slot` may lag behind the log.
--
-- What one decision adds to `slot` lies on a page of its own when many conversations go on at
-- once.  So slots of the newest rows stay in memory, follow from the log after a crash, and are
-- moved many at a time (store/sqlite_slots.cpp).
--
-- Messages that were sent are removed after a time: an index leads to them.

CREATE TABLE slot_mark (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  complete_to INTEGER NOT NULL,  -- slots of rows with an id up to this are all in the table
  checksum    INTEGER NOT NULL
) STRICT;

CREATE INDEX outbox_sent ON outbox (next_at, id) WHERE status = 'sent';
