-- The order in which videos, and matches of tracked queries, came into the database: a number that grows with each and carries the time,
-- recorded = UTC seconds << 20 | n. It stays while a video moves, goes and comes back, and is never given twice (model/video.h).

-- The last one given, which may be that of a row that is gone.
ALTER TABLE meta ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;

ALTER TABLE video ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE match ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quarantine ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quarantine_match ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visitor_video ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;   -- 0 until it becomes public
ALTER TABLE gone ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;            -- what the video had; 0 = not known
ALTER TABLE pending_lookup ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;  -- what the match had; 0 = a new one

-- What is there already: by the seconds that are known, those of one second by publication.
UPDATE video SET recorded = n.recorded FROM (
    SELECT seq, first_seen_at * 1048576 + row_number() OVER (PARTITION BY first_seen_at ORDER BY seq) AS recorded FROM video
) n WHERE n.seq = video.seq;
UPDATE match SET recorded = n.recorded FROM (
    SELECT query, seq, found_at * 1048576 + row_number() OVER (PARTITION BY query, found_at ORDER BY seq) AS recorded FROM match
) n WHERE n.query = match.query AND n.seq = match.seq;
-- Those in quarantine come after the shown ones of their second.
UPDATE quarantine SET recorded = first_seen_at * 1048576 + 524288 + number % 524288;
UPDATE quarantine_match SET recorded = found_at * 1048576 + 524288 + number % 524288;
UPDATE meta SET recorded = (
    SELECT max(recorded) FROM (
        SELECT 0 AS recorded UNION ALL SELECT max(recorded) FROM video UNION ALL SELECT max(recorded) FROM match
        UNION ALL SELECT max(recorded) FROM quarantine UNION ALL SELECT max(recorded) FROM quarantine_match
    )
);

CREATE INDEX video_by_recorded ON video (recorded);
CREATE INDEX match_by_recorded ON match (query, recorded);

CREATE TRIGGER video_recorded AFTER INSERT ON video BEGIN
    UPDATE meta SET recorded = new.recorded WHERE recorded < new.recorded;
END;
CREATE TRIGGER match_recorded AFTER INSERT ON match BEGIN
    UPDATE meta SET recorded = new.recorded WHERE recorded < new.recorded;
END;
