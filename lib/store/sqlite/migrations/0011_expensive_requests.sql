-- What keeps expensive requests cheap.

-- How many gaps a query has, and how many seconds they are: a reader must not count them.
ALTER TABLE query ADD COLUMN gaps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN missing_s INTEGER NOT NULL DEFAULT 0;
UPDATE query SET gaps = c.gaps, missing_s = c.missing_s
    FROM (SELECT query, count(*) AS gaps, sum(until - since) AS missing_s FROM coverage WHERE read_at = 0 GROUP BY query) c
    WHERE c.query = query.id;
CREATE TRIGGER gap_added AFTER INSERT ON coverage WHEN new.read_at = 0 BEGIN
    UPDATE query SET gaps = gaps + 1, missing_s = missing_s + new.until - new.since WHERE id = new.query;
END;
CREATE TRIGGER gap_removed AFTER DELETE ON coverage WHEN old.read_at = 0 BEGIN
    UPDATE query SET gaps = gaps - 1, missing_s = missing_s - old.until + old.since WHERE id = old.query;
END;

-- Videos of usual lengths, in the order of lists: a filter by length scans the one that holds all it may let through
-- (store/sqlite/search_statement.c).
CREATE INDEX video_to_3_minutes ON video (seq, duration_s) WHERE duration_s <= 180;
CREATE INDEX video_to_4_minutes ON video (seq, duration_s) WHERE duration_s <= 240;
CREATE INDEX video_4_to_20_minutes ON video (seq, duration_s) WHERE duration_s BETWEEN 240 AND 1200;
CREATE INDEX video_from_20_minutes ON video (seq, duration_s) WHERE duration_s >= 1200;

-- Channels whose new title is not in the index with all of their videos yet: those above `done` are there with the one before. The index
-- wants the text that is in it for a deletion, so the view tells each video's own.
CREATE TABLE channel_rename (
    channel  INTEGER PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,
    title    TEXT NOT NULL,     -- the one before
    done     INTEGER NOT NULL   -- seq
) STRICT;
DROP VIEW video_text;
CREATE VIEW video_text (seq, title, description, channel, channel_id) AS
    SELECT v.seq, v.title, v.description, coalesce(r.title, c.title, ''), coalesce(CAST(x'FF' AS TEXT) || v.channel, '')
    FROM video v LEFT JOIN channel c ON c.id = v.channel
    LEFT JOIN channel_rename r ON r.channel = v.channel AND v.seq > r.done;
