-- What only visitors' requests found lies in tables of its own: no list, count, chart, feed or export of the others can show it. A video
-- moves to `video` when a query of the owner's, or an import, gives it too. Videos recorded before this migration stay where they are.

-- Columns as those of `video`. No video there has the same seq, so both can stand in one list.
CREATE TABLE visitor_video (
    seq              INTEGER PRIMARY KEY,
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
    missing_at       INTEGER NOT NULL DEFAULT 0,
    recheck_at       INTEGER NOT NULL             -- when videos.list is to be asked next
) STRICT;
CREATE INDEX visitor_video_by_turn ON visitor_video (recheck_at, seq DESC);

CREATE TABLE visitor_match (
    query     INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    seq       INTEGER NOT NULL REFERENCES visitor_video (seq) ON DELETE CASCADE,
    found_at  INTEGER NOT NULL,
    how       INTEGER NOT NULL,
    PRIMARY KEY (query, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX visitor_match_by_video ON visitor_match (seq);

-- Grows with every change of what visitors' requests found, and of the requests: `generation` does not, which every reader sees.
ALTER TABLE meta ADD COLUMN visitor_generation INTEGER NOT NULL DEFAULT 0;

-- Who made a visitor request: a keyed hash of the address. NULL for those made before.
ALTER TABLE query ADD COLUMN requester TEXT;
