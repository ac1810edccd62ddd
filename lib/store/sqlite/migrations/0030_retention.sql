-- How long videos are kept (store/upkeep/retention.h). Times of publication, UTC seconds.

ALTER TABLE query ADD COLUMN keep_days INTEGER NOT NULL DEFAULT 0;   -- 0 = as NEWSREEL_KEEP_DAYS says, -1 = for ever
ALTER TABLE query ADD COLUMN kept_since INTEGER NOT NULL DEFAULT 0;  -- what it found from before then is removed; 0 = nothing is

-- The same for videos that no query found.
ALTER TABLE meta ADD COLUMN kept_since INTEGER NOT NULL DEFAULT 0;
-- The key that the removal goes on at; -1 = nothing is to be removed until one of the times above changes.
ALTER TABLE meta ADD COLUMN retention_seq INTEGER NOT NULL DEFAULT -1;
