-- Recording that loses nothing: coverage by stretches, pace of the searches, what waits for videos.list, what is gone.

-- Stretches of publication time of a query, without holes and overlaps: read, or a gap (model/coverage.h).
CREATE TABLE stretch (
    query     INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    since     INTEGER NOT NULL,
    until     INTEGER NOT NULL CHECK (until > since),
    read_at   INTEGER NOT NULL,  -- 0 = a gap
    tried_at  INTEGER NOT NULL,
    reason    INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 3 AND (reason = 0) = (read_at > 0)),  -- enum gap_reason
    PRIMARY KEY (query, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX stretch_gap ON stretch (query, until) WHERE read_at = 0;
INSERT INTO stretch
    SELECT query, since, until, 0, 0, iif(reason LIKE 'published before%', 1, 2) FROM gap;
-- What lies before each gap, and behind the last one, was read.
INSERT INTO stretch
    SELECT query, since, until, covered_until, 0, 0 FROM (
        SELECT g.query, coalesce(lag(g.until) OVER (PARTITION BY g.query ORDER BY g.since), q.covered_since) AS since,
               g.since AS until, q.covered_until
        FROM gap g JOIN query q ON q.id = g.query
        UNION ALL
        SELECT q.id, coalesce((SELECT max(g.until) FROM gap g WHERE g.query = q.id), q.covered_since), q.covered_until, q.covered_until
        FROM query q WHERE q.covered_until > 0
    ) WHERE since < until;
DROP TABLE gap;

ALTER TABLE query ADD COLUMN rate REAL NOT NULL DEFAULT 0;        -- videos a day, as far as polls can tell; 0 = unknown
ALTER TABLE query ADD COLUMN empties INTEGER NOT NULL DEFAULT 0;  -- empty answers in a row

-- What the searches are for, how many of today each took, and when it is its turn again (cron/budget.h).
CREATE TABLE pace (
    purpose    INTEGER PRIMARY KEY,  -- enum purpose
    day        INTEGER NOT NULL,     -- first second of the Pacific day
    searches   INTEGER NOT NULL,     -- made on it
    planned    INTEGER NOT NULL,     -- for what is left of it
    next_ms    INTEGER NOT NULL      -- UTC milliseconds
) STRICT;

-- Ids that a search gave without a snippet, or that were gone before: videos.list is asked for them.
CREATE TABLE awaited (
    query     INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    id        TEXT NOT NULL,  -- of the video
    found_at  INTEGER NOT NULL,
    due_at    INTEGER NOT NULL,  -- ask then
    tries     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (id, query)
) STRICT, WITHOUT ROWID;
CREATE INDEX awaited_by_due ON awaited (due_at);

-- Videos that YouTube no longer has: no content, only that they were there.
CREATE TABLE gone (
    id             TEXT PRIMARY KEY,
    published_at   INTEGER NOT NULL,
    first_seen_at  INTEGER NOT NULL,
    gone_at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Earlier titles, descriptions, thumbnails and counts, for thirty days.
CREATE TABLE revision (
    id             INTEGER PRIMARY KEY,
    seq            INTEGER NOT NULL REFERENCES video (seq) ON UPDATE CASCADE ON DELETE CASCADE,
    replaced_at    INTEGER NOT NULL,
    title          TEXT NOT NULL,
    description    TEXT NOT NULL,
    thumbnail_url  TEXT NOT NULL,
    views          INTEGER,
    likes          INTEGER,
    comments       INTEGER
) STRICT;
CREATE INDEX revision_by_video ON revision (seq);
CREATE INDEX revision_by_age ON revision (replaced_at);

-- When videos.list is to be asked: sooner than usual (live ones, missing ones), and the longest unchecked first.
ALTER TABLE video ADD COLUMN recheck_at INTEGER NOT NULL DEFAULT 0;  -- 0 = in its turn
CREATE INDEX video_recheck ON video (recheck_at) WHERE recheck_at > 0;
CREATE INDEX video_by_check ON video (checked_at) WHERE checked_at > 0;
UPDATE video SET recheck_at = missing_at + 86400 WHERE missing_at > 0;

-- Search-only videos by age, to find those that were not looked up in time.
CREATE INDEX video_unchecked_by_age ON video (fetched_at) WHERE checked_at = 0;

-- Videos whose content is too old to be shown (store/quarantine.h): rows of video, match and revision, out of every reader's way.
CREATE TABLE overdue (
    overdue          INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    channel          INTEGER REFERENCES channel (id),
    published_at     INTEGER NOT NULL,
    title            TEXT NOT NULL,
    description      TEXT NOT NULL,
    description_cut  INTEGER NOT NULL,
    thumbnail_url    TEXT NOT NULL,
    thumbnails       TEXT NOT NULL,
    kind             INTEGER NOT NULL,
    duration_s       INTEGER,
    views            INTEGER,
    likes            INTEGER,
    comments         INTEGER,
    scheduled_at     INTEGER NOT NULL,
    first_seen_at    INTEGER NOT NULL,
    fetched_at       INTEGER NOT NULL,
    checked_at       INTEGER NOT NULL,
    missing_at       INTEGER NOT NULL,
    recheck_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX overdue_by_turn ON overdue (recheck_at, published_at DESC);
CREATE TABLE overdue_match (
    overdue   INTEGER NOT NULL REFERENCES overdue (overdue) ON DELETE CASCADE,
    query     INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    found_at  INTEGER NOT NULL,
    how       INTEGER NOT NULL,
    PRIMARY KEY (overdue, query)
) STRICT, WITHOUT ROWID;
CREATE INDEX overdue_match_by_query ON overdue_match (query);
CREATE TABLE overdue_revision (
    id             INTEGER PRIMARY KEY,
    overdue        INTEGER NOT NULL REFERENCES overdue (overdue) ON DELETE CASCADE,
    replaced_at    INTEGER NOT NULL,
    title          TEXT NOT NULL,
    description    TEXT NOT NULL,
    thumbnail_url  TEXT NOT NULL,
    views          INTEGER,
    likes          INTEGER,
    comments       INTEGER
) STRICT;
CREATE INDEX overdue_revision_by_video ON overdue_revision (overdue);
CREATE INDEX overdue_revision_by_age ON overdue_revision (replaced_at);

ALTER TABLE run ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN planned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN searches_left INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN units_left INTEGER NOT NULL DEFAULT 0;

ALTER TABLE ledger ADD COLUMN probe_at INTEGER NOT NULL DEFAULT 0;   -- one call may find out then whether a refusal still holds

-- What a refusal told of a project's limits; searches_per_day and units_per_day are its owner's word from now on.
ALTER TABLE project ADD COLUMN searches_told INTEGER;
ALTER TABLE project ADD COLUMN units_told INTEGER;
UPDATE project SET searches_told = searches_per_day, units_told = units_per_day, searches_per_day = NULL, units_per_day = NULL;

ALTER TABLE api_key ADD COLUMN judged_at INTEGER NOT NULL DEFAULT 0; -- when YouTube's word on its health was last heard
-- Refusals in a row that gave no reason, each of another request than the one before; when the first was, and of what the last.
ALTER TABLE api_key ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_key ADD COLUMN refused_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_key ADD COLUMN refused_request INTEGER NOT NULL DEFAULT 0;
