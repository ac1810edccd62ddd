-- What the owner does not want to see: videos and channels for the whole database, and rules of a query for its matches. It is hidden, not deleted.

-- The rules of a query (model/query_rules.h); its region and language are columns already.
ALTER TABLE query ADD COLUMN excluded_words TEXT NOT NULL DEFAULT '';     -- a word or phrase a line
ALTER TABLE query ADD COLUMN excluded_channels TEXT NOT NULL DEFAULT '';  -- YouTube's ids, one a line
ALTER TABLE query ADD COLUMN min_duration_s INTEGER NOT NULL DEFAULT 0;   -- 0 = no limit, as in the next
ALTER TABLE query ADD COLUMN max_duration_s INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN hide_shorts INTEGER NOT NULL DEFAULT 0 CHECK (hide_shorts IN (0, 1));
ALTER TABLE query ADD COLUMN kinds INTEGER NOT NULL DEFAULT 0;            -- bits by enum video_kind, 0 = all
-- Its matches with a lower key are still to be judged by the rules; and those of hidden videos with a lower number. 0 = all are.
ALTER TABLE query ADD COLUMN judge_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN judge_number INTEGER NOT NULL DEFAULT 0;
CREATE INDEX query_to_judge ON query (id) WHERE judge_seq > 0 OR judge_number > 0;

-- Matches that a rule of their query hides, of videos that another query shows.
CREATE TABLE hidden_match (
    query      INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    seq        INTEGER NOT NULL REFERENCES video (seq) ON UPDATE CASCADE ON DELETE CASCADE,
    found_at   INTEGER NOT NULL,
    how        INTEGER NOT NULL,  -- enum found_how
    in_search  INTEGER NOT NULL CHECK (in_search IN (0, 1)),
    recorded   INTEGER NOT NULL,
    PRIMARY KEY (query, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX hidden_match_by_video ON hidden_match (seq);

-- The owner's word on videos and channels, by YouTube's ids: it holds for what comes later too.
CREATE TABLE hidden_video (
    id         TEXT PRIMARY KEY,
    hidden_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE muted_channel (
    id        TEXT PRIMARY KEY,
    muted_at  INTEGER NOT NULL,
    ends      INTEGER NOT NULL DEFAULT 0 CHECK (ends IN (0, 1))  -- 1: no longer muted, some of its videos are still hidden
) STRICT, WITHOUT ROWID;

-- Why a video is hidden: bits of enum hidden_reason (model/video.h). So far all were waiting for a re-check.
ALTER TABLE quarantine ADD COLUMN reasons INTEGER NOT NULL DEFAULT 1;
CREATE INDEX quarantine_by_channel ON quarantine (channel, number);
CREATE INDEX quarantine_by_time ON quarantine (published_at, number);
CREATE INDEX quarantine_by_recorded ON quarantine (recorded);
ALTER TABLE quarantine_match ADD COLUMN in_search INTEGER NOT NULL DEFAULT 1 CHECK (in_search IN (0, 1));
ALTER TABLE quarantine_match ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1));  -- 1: a rule hides it

-- A match that comes back is not new: it counts once among those of its day, and says nothing of how late videos are found.
DROP TRIGGER match_found_by;
DROP TRIGGER match_recorded;
CREATE TRIGGER match_found_by AFTER INSERT ON match BEGIN
    UPDATE query SET
        found_by_search = found_by_search + (new.how = 0), found_by_channel = found_by_channel + (new.how = 1),
        found_by_push = found_by_push + (new.how = 2), found_by_import = found_by_import + (new.how = 3),
        found_by_rss = found_by_rss + (new.how = 4)
        WHERE id = new.query;
    UPDATE query SET
        delay_s = delay_s + (max(min(new.found_at - (new.seq >> 10), 172800), 1) - delay_s) / iif(delay_s = 0, 1, 50.0)
        WHERE id = new.query AND new.how <> 3 AND new.seq >> 10 >= created_at AND new.recorded > (SELECT recorded FROM meta);
    UPDATE meta SET recorded = new.recorded WHERE recorded < new.recorded;
END;
CREATE TRIGGER match_unfound AFTER DELETE ON match WHEN (SELECT origin FROM query WHERE id = old.query) <> 2 BEGIN
    UPDATE found_count SET matches = matches - 1 WHERE day = old.found_at / 86400 * 86400 AND how = old.how;
END;
CREATE TRIGGER hidden_match_recorded AFTER INSERT ON hidden_match BEGIN
    UPDATE meta SET recorded = new.recorded WHERE recorded < new.recorded;
END;
CREATE TRIGGER quarantine_recorded AFTER INSERT ON quarantine BEGIN
    UPDATE meta SET recorded = new.recorded WHERE recorded < new.recorded;
END;
CREATE TRIGGER quarantine_match_recorded AFTER INSERT ON quarantine_match BEGIN
    UPDATE meta SET recorded = new.recorded WHERE recorded < new.recorded;
END;
