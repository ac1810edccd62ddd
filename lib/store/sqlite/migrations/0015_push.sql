-- Push notifications of followed channels (WebSub), and their feeds (RSS).

-- A fifth way to find a video, FOUND_RSS. Only the check changes, no row: rewriting the largest table would take minutes. SQLite describes this
-- way to change a check (https://www.sqlite.org/lang_altertable.html#otheralter).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'how BETWEEN 0 AND 3', 'how BETWEEN 0 AND 4') WHERE type = 'table' AND name = 'match';
PRAGMA writable_schema = RESET;

-- Subscriptions at the hub. That of a channel which is no longer followed stays until the hub knows, or its lease is over.
CREATE TABLE push_subscription (
    channel   INTEGER PRIMARY KEY REFERENCES channel (id),
    token     TEXT NOT NULL UNIQUE,         -- last part of the callback's URL
    secret    TEXT NOT NULL,                -- which the hub signs with
    base      TEXT NOT NULL,                -- first part of the callback's URL: NEWSREEL_PUBLIC_URL
    wanted    INTEGER NOT NULL CHECK (wanted IN (0, 1)),
    failures  INTEGER NOT NULL DEFAULT 0,   -- requests since the last verification
    asked_at  INTEGER NOT NULL DEFAULT 0,
    next_at   INTEGER NOT NULL,             -- ask the hub then
    until     INTEGER NOT NULL DEFAULT 0    -- end of the lease, 0 = none was verified
) STRICT;
CREATE INDEX push_subscription_by_turn ON push_subscription (next_at);

-- Ids of videos that the hub, or a feed, named: videos.list is asked for them before all others.
CREATE TABLE noted_video (
    id        TEXT PRIMARY KEY,
    how       INTEGER NOT NULL CHECK (how BETWEEN 0 AND 4),  -- enum found_how
    noted_at  INTEGER NOT NULL,
    due_at    INTEGER NOT NULL,
    tries     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX noted_video_by_turn ON noted_video (due_at);

-- Feeds of followed channels, once read.
CREATE TABLE channel_feed (
    channel    INTEGER PRIMARY KEY REFERENCES channel (id),
    newest_at  INTEGER NOT NULL DEFAULT 0,  -- publication of the newest entry seen
    failures   INTEGER NOT NULL DEFAULT 0,  -- in a row
    next_at    INTEGER NOT NULL             -- not before
) STRICT;

-- Hosts that failed are left alone for a while.
CREATE TABLE host_pause (
    host      INTEGER PRIMARY KEY,          -- enum push_host
    failures  INTEGER NOT NULL,             -- in a row
    until     INTEGER NOT NULL,
    error     TEXT NOT NULL                 -- the last one, in words
) STRICT;

-- Which way brought how many matches of the owner's queries.
CREATE TABLE found_count (
    day      INTEGER NOT NULL,              -- first second of the UTC day
    how      INTEGER NOT NULL,              -- enum found_how
    matches  INTEGER NOT NULL,
    PRIMARY KEY (day, how)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER match_found AFTER INSERT ON match WHEN (SELECT origin FROM query WHERE id = new.query) <> 2 BEGIN
    INSERT INTO found_count VALUES (new.found_at / 86400 * 86400, new.how, 1) ON CONFLICT DO UPDATE SET matches = matches + 1;
END;
