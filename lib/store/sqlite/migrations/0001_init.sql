-- The record. Times are UTC seconds since 1970; 0 stands for "never" where a column is NOT NULL.

-- What belongs to the record as a whole: one row.
CREATE TABLE record (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    generation  INTEGER NOT NULL,  -- grows with every transaction that changes what a public reader sees
    videos      INTEGER NOT NULL   -- kept count of video
) STRICT;
INSERT INTO record VALUES (1, 1, 0);

CREATE TABLE channel (
    id          INTEGER PRIMARY KEY,
    youtube_id  TEXT NOT NULL UNIQUE,        -- "UC…"
    title       TEXT NOT NULL,
    videos      INTEGER NOT NULL DEFAULT 0   -- kept count
) STRICT;

-- The key carries the time: seq = published_at << 10 | n, n telling apart the videos of one second (the 1,025th takes the
-- nearest free place). Newest first is a walk along the table, and along the full-text index, whose rowid is seq.
CREATE TABLE video (
    seq              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,  -- YouTube's, compared byte by byte
    channel          INTEGER REFERENCES channel (id),  -- NULL when unknown (imports)
    published_at     INTEGER NOT NULL,
    title            TEXT NOT NULL,         -- decoded, plain
    description      TEXT NOT NULL,         -- decoded, plain
    description_cut  INTEGER NOT NULL CHECK (description_cut IN (0, 1)),  -- a search's: YouTube cuts it there
    thumbnail_url    TEXT NOT NULL,         -- the one to show, '' when there is none
    thumbnails       TEXT NOT NULL,         -- JSON object written by newsreel
    kind             INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),  -- enum video_kind
    duration_s       INTEGER,               -- NULL while unknown, as in the three below
    views            INTEGER,
    likes            INTEGER,
    comments         INTEGER,
    scheduled_at     INTEGER NOT NULL DEFAULT 0,  -- announced start of an upcoming one
    first_seen_at    INTEGER NOT NULL,
    fetched_at       INTEGER NOT NULL,      -- when YouTube, or an import, last gave its content
    checked_at       INTEGER NOT NULL DEFAULT 0,  -- when videos.list last gave it
    missing_at       INTEGER NOT NULL DEFAULT 0   -- when an answer of videos.list first lacked it
) STRICT;
CREATE INDEX video_by_channel ON video (channel, seq);
-- What still waits for its second look; a small index, since most videos leave it within a tick.
CREATE INDEX video_unchecked ON video (seq) WHERE checked_at = 0 AND missing_at = 0;

-- Search text. 'newsreel' is our tokenizer (lib/store/sqlite/tokenizer.c): unicode61, and bigrams for scripts without spaces.
CREATE VIEW video_text (seq, title, description, channel) AS
    SELECT v.seq, v.title, v.description, coalesce(c.title, '') FROM video v LEFT JOIN channel c ON c.id = v.channel;
CREATE VIRTUAL TABLE video_fts USING fts5 (
    title, description, channel, content = 'video_text', content_rowid = 'seq', tokenize = 'newsreel'
);

CREATE TABLE query (
    id             INTEGER PRIMARY KEY,
    text           TEXT NOT NULL,         -- as sent to YouTube
    folded         TEXT NOT NULL UNIQUE,  -- squeezed and in lower case: equal means the same query
    origin         INTEGER NOT NULL CHECK (origin BETWEEN 0 AND 3),    -- enum origin
    presence       INTEGER NOT NULL CHECK (presence BETWEEN 0 AND 3),  -- enum presence
    in_variable    INTEGER NOT NULL CHECK (in_variable IN (0, 1)),     -- NEWSREEL_QUERIES named it at the last look
    region         TEXT,                  -- for later: regionCode
    language       TEXT,                  -- for later: relevanceLanguage
    created_at     INTEGER NOT NULL,
    posted_at      INTEGER NOT NULL DEFAULT 0,  -- when a visitor last posted it
    videos         INTEGER NOT NULL DEFAULT 0,  -- kept count of match
    attempted_at   INTEGER NOT NULL DEFAULT 0,
    succeeded_at   INTEGER NOT NULL DEFAULT 0,
    next_poll_at   INTEGER NOT NULL DEFAULT 0,
    covered_since  INTEGER NOT NULL DEFAULT 0,  -- publication times from here …
    covered_until  INTEGER NOT NULL DEFAULT 0,  -- … to here are read, but for the gaps
    failures       INTEGER NOT NULL DEFAULT 0,  -- in a row
    error          TEXT                         -- of the last call, NULL when it went well
) STRICT;

-- Stretches of publication time inside a query's coverage that could not be read.
CREATE TABLE gap (
    id      INTEGER PRIMARY KEY,
    query   INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    since   INTEGER NOT NULL,
    until   INTEGER NOT NULL CHECK (until > since),
    reason  TEXT NOT NULL
) STRICT;
CREATE INDEX gap_by_query ON gap (query, until);

-- Which query found which video, when and how.
CREATE TABLE match (
    query     INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    seq       INTEGER NOT NULL REFERENCES video (seq) ON UPDATE CASCADE ON DELETE CASCADE,
    found_at  INTEGER NOT NULL,
    how       INTEGER NOT NULL CHECK (how BETWEEN 0 AND 3),  -- enum found_how
    PRIMARY KEY (query, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX match_by_video ON match (seq);

-- Kept counts by time of publication: they give exact totals, and a page deep in the list without walking there.
CREATE TABLE volume (
    query   INTEGER NOT NULL,  -- 0 = all videos
    bucket  INTEGER NOT NULL CHECK (bucket IN (0, 1)),  -- 0 = UTC day, 1 = UTC month
    start   INTEGER NOT NULL,  -- first second of the day or month
    videos  INTEGER NOT NULL,
    PRIMARY KEY (query, bucket, start)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER video_added AFTER INSERT ON video BEGIN
    UPDATE record SET videos = videos + 1;
    UPDATE channel SET videos = videos + 1 WHERE id = new.channel;
    INSERT INTO volume VALUES (0, 0, (new.seq >> 10) / 86400 * 86400, 1)
        ON CONFLICT DO UPDATE SET videos = videos + 1;
    INSERT INTO volume VALUES (0, 1, unixepoch(new.seq >> 10, 'unixepoch', 'start of month'), 1)
        ON CONFLICT DO UPDATE SET videos = videos + 1;
END;
CREATE TRIGGER video_removed AFTER DELETE ON video BEGIN
    UPDATE record SET videos = videos - 1;
    UPDATE channel SET videos = videos - 1 WHERE id = old.channel;
    UPDATE volume SET videos = videos - 1 WHERE query = 0 AND bucket = 0 AND start = (old.seq >> 10) / 86400 * 86400;
    UPDATE volume SET videos = videos - 1
        WHERE query = 0 AND bucket = 1 AND start = unixepoch(old.seq >> 10, 'unixepoch', 'start of month');
END;
CREATE TRIGGER video_moved AFTER UPDATE OF seq ON video WHEN old.seq <> new.seq BEGIN
    UPDATE volume SET videos = videos - 1 WHERE query = 0 AND bucket = 0 AND start = (old.seq >> 10) / 86400 * 86400;
    UPDATE volume SET videos = videos - 1
        WHERE query = 0 AND bucket = 1 AND start = unixepoch(old.seq >> 10, 'unixepoch', 'start of month');
    INSERT INTO volume VALUES (0, 0, (new.seq >> 10) / 86400 * 86400, 1)
        ON CONFLICT DO UPDATE SET videos = videos + 1;
    INSERT INTO volume VALUES (0, 1, unixepoch(new.seq >> 10, 'unixepoch', 'start of month'), 1)
        ON CONFLICT DO UPDATE SET videos = videos + 1;
END;
CREATE TRIGGER video_rechannelled AFTER UPDATE OF channel ON video WHEN old.channel IS NOT new.channel BEGIN
    UPDATE channel SET videos = videos - 1 WHERE id = old.channel;
    UPDATE channel SET videos = videos + 1 WHERE id = new.channel;
END;
CREATE TRIGGER match_added AFTER INSERT ON match BEGIN
    UPDATE query SET videos = videos + 1 WHERE id = new.query;
    INSERT INTO volume VALUES (new.query, 0, (new.seq >> 10) / 86400 * 86400, 1)
        ON CONFLICT DO UPDATE SET videos = videos + 1;
    INSERT INTO volume VALUES (new.query, 1, unixepoch(new.seq >> 10, 'unixepoch', 'start of month'), 1)
        ON CONFLICT DO UPDATE SET videos = videos + 1;
END;
CREATE TRIGGER match_removed AFTER DELETE ON match BEGIN
    UPDATE query SET videos = videos - 1 WHERE id = old.query;
    UPDATE volume SET videos = videos - 1 WHERE query = old.query AND bucket = 0 AND start = (old.seq >> 10) / 86400 * 86400;
    UPDATE volume SET videos = videos - 1
        WHERE query = old.query AND bucket = 1 AND start = unixepoch(old.seq >> 10, 'unixepoch', 'start of month');
END;
CREATE TRIGGER match_moved AFTER UPDATE OF seq ON match WHEN old.seq <> new.seq BEGIN
    UPDATE volume SET videos = videos - 1 WHERE query = old.query AND bucket = 0 AND start = (old.seq >> 10) / 86400 * 86400;
    UPDATE volume SET videos = videos - 1
        WHERE query = old.query AND bucket = 1 AND start = unixepoch(old.seq >> 10, 'unixepoch', 'start of month');
    INSERT INTO volume VALUES (new.query, 0, (new.seq >> 10) / 86400 * 86400, 1)
        ON CONFLICT DO UPDATE SET videos = videos + 1;
    INSERT INTO volume VALUES (new.query, 1, unixepoch(new.seq >> 10, 'unixepoch', 'start of month'), 1)
        ON CONFLICT DO UPDATE SET videos = videos + 1;
END;

-- A Google project: quota belongs to it, whichever of its keys is used. A key's project stays when the key goes.
CREATE TABLE project (
    id                INTEGER PRIMARY KEY,
    number            TEXT UNIQUE,  -- Google's, NULL until a refusal told it
    searches_per_day  INTEGER,      -- told by a refusal or the owner; NULL = the configured default
    units_per_day     INTEGER
) STRICT;

CREATE TABLE api_key (
    id           INTEGER PRIMARY KEY,
    secret       TEXT NOT NULL UNIQUE,
    label        TEXT,
    origin       INTEGER NOT NULL CHECK (origin BETWEEN 0 AND 3),    -- enum origin
    presence     INTEGER NOT NULL CHECK (presence BETWEEN 0 AND 3),  -- enum presence
    in_variable  INTEGER NOT NULL CHECK (in_variable IN (0, 1)),     -- YOUTUBE_API_KEYS named it at the last look
    health       INTEGER NOT NULL CHECK (health BETWEEN 0 AND 6),    -- enum key_health
    reason       TEXT,                  -- of a bad health, in words
    project      INTEGER NOT NULL REFERENCES project (id),
    position     INTEGER NOT NULL,      -- keys are tried in this order
    created_at   INTEGER NOT NULL,
    used_at      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX api_key_by_project ON api_key (project);

-- What each project has spent, by bucket and Pacific day. Charged before the call goes out: never below the truth.
CREATE TABLE ledger (
    project      INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    bucket       INTEGER NOT NULL CHECK (bucket IN (0, 1)),  -- enum bucket
    day          INTEGER NOT NULL,            -- first second of the Pacific day
    used         INTEGER NOT NULL,
    spent_until  INTEGER NOT NULL DEFAULT 0,  -- YouTube refused: not before
    PRIMARY KEY (project, bucket, day)
) STRICT, WITHOUT ROWID;

-- Ticks of newsreel-fetch, the newest some thousands.
CREATE TABLE run (
    id           INTEGER PRIMARY KEY,
    started_at   INTEGER NOT NULL,
    finished_at  INTEGER NOT NULL DEFAULT 0,  -- 0 = still running, or killed
    searches     INTEGER NOT NULL DEFAULT 0,
    units        INTEGER NOT NULL DEFAULT 0,
    added        INTEGER NOT NULL DEFAULT 0,
    updated      INTEGER NOT NULL DEFAULT 0,
    skipped      INTEGER NOT NULL DEFAULT 0,
    failures     INTEGER NOT NULL DEFAULT 0,
    error        TEXT
) STRICT;
