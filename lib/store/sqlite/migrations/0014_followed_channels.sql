-- Channels whose uploads lists are read, because their videos match tracked queries again and again, or as a source of their own.

ALTER TABLE query ADD COLUMN follow_channels INTEGER NOT NULL DEFAULT 1 CHECK (follow_channels IN (0, 1));
ALTER TABLE query ADD COLUMN source INTEGER NOT NULL DEFAULT 0 CHECK (source IN (0, 1));  -- enum query_source
ALTER TABLE query ADD COLUMN source_channel INTEGER REFERENCES channel (id);  -- NULL until it is known

-- 0: found another way, and no search has given it yet. What search covers, and how many videos it brings, does not depend on those.
ALTER TABLE match ADD COLUMN in_search INTEGER NOT NULL DEFAULT 1 CHECK (in_search IN (0, 1));

CREATE TABLE followed_channel (
    channel     INTEGER PRIMARY KEY REFERENCES channel (id),
    since       INTEGER NOT NULL,            -- followed from then on
    read_at     INTEGER NOT NULL DEFAULT 0,  -- last reading of its list; the counts below are of then
    tried_at    INTEGER NOT NULL DEFAULT 0,
    failures    INTEGER NOT NULL DEFAULT 0,  -- in a row
    newest_at   INTEGER NOT NULL DEFAULT 0,  -- publication of its newest upload
    uploads     REAL NOT NULL DEFAULT 0,     -- older ones count less (model/followed_channel.h)
    observed_s  REAL NOT NULL DEFAULT 0,     -- the time in which they came, counted alike
    hours       TEXT NOT NULL DEFAULT '',    -- uploads by hour of the day, in tenths: 24 numbers
    etag        TEXT NOT NULL DEFAULT ''     -- of its list
) STRICT;

-- Which queries a channel is followed for.
CREATE TABLE following (
    channel  INTEGER NOT NULL REFERENCES followed_channel (channel) ON DELETE CASCADE,
    query    INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    PRIMARY KEY (channel, query)
) STRICT, WITHOUT ROWID;
