-- What odd answers of YouTube must not do: take searches from other queries, move a video to a time that it cannot have.

ALTER TABLE query ADD COLUMN searches INTEGER NOT NULL DEFAULT 0;      -- made for it on the day
ALTER TABLE query ADD COLUMN searches_day INTEGER NOT NULL DEFAULT 0;  -- first second of that Pacific day

-- 1: published_at is when the video was recorded, for YouTube gave no time that it can have.
ALTER TABLE video ADD COLUMN published_unknown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quarantine ADD COLUMN published_unknown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visitor_video ADD COLUMN published_unknown INTEGER NOT NULL DEFAULT 0;

-- Seconds that this machine's clock is ahead of the Date of YouTube's answers; 0 = no answer had one.
ALTER TABLE run ADD COLUMN clock_ahead_s INTEGER NOT NULL DEFAULT 0;

-- An unchecked video is asked for in its turn (recheck_at = 0), or when recheck_at says.
DROP INDEX video_unchecked;
CREATE INDEX video_unchecked ON video (seq) WHERE checked_at = 0 AND missing_at = 0 AND recheck_at = 0;
