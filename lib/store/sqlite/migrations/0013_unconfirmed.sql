-- Coverage that is read and not yet confirmed, and answers that were doubted (model/coverage.h, model/doubt.h).

CREATE TABLE interval (
    query     INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    since     INTEGER NOT NULL,
    until     INTEGER NOT NULL CHECK (until > since),
    read_at   INTEGER NOT NULL,  -- 0 = a gap
    tried_at  INTEGER NOT NULL,
    reason    INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 4 AND (reason = 0) = (read_at > 0)),  -- enum gap_reason
    unseen    REAL NOT NULL,     -- videos that the index did not show yet when it was read, as is estimated
    read_once REAL NOT NULL,     -- videos that one reading only could have found
    PRIMARY KEY (query, since)
) STRICT, WITHOUT ROWID;
INSERT INTO interval SELECT query, since, until, read_at, tried_at, reason, 0, 0 FROM coverage;
DROP TABLE coverage;
ALTER TABLE interval RENAME TO coverage;
CREATE INDEX coverage_gap ON coverage (query, until) WHERE read_at = 0;
CREATE TRIGGER gap_added AFTER INSERT ON coverage WHEN new.read_at = 0 BEGIN
    UPDATE query SET gaps = gaps + 1, missing_s = missing_s + new.until - new.since WHERE id = new.query;
END;
CREATE TRIGGER gap_removed AFTER DELETE ON coverage WHEN old.read_at = 0 BEGIN
    UPDATE query SET gaps = gaps - 1, missing_s = missing_s - old.until + old.since WHERE id = old.query;
END;

ALTER TABLE query ADD COLUMN unseen REAL NOT NULL DEFAULT 0;     -- the sums over its coverage
ALTER TABLE query ADD COLUMN read_once REAL NOT NULL DEFAULT 0;
ALTER TABLE meta ADD COLUMN omitted REAL NOT NULL DEFAULT 0;     -- share of the videos that a search leaves out, as second readings show
-- When answers were last doubted, and why: enum doubt. 0 = never.
ALTER TABLE query ADD COLUMN order_doubted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN choice_doubted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN window_doubted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN silence_doubted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN pages_doubted_at INTEGER NOT NULL DEFAULT 0;
