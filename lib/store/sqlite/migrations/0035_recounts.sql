-- Numbers of new videos are asked for more often, by units that are left over.
ALTER TABLE video ADD COLUMN recount_at INTEGER NOT NULL DEFAULT 0;  -- worth asking again then; 0 = not before its other look-ups
CREATE INDEX video_recount ON video (recount_at) WHERE recount_at > 0;
ALTER TABLE run ADD COLUMN recount_units INTEGER NOT NULL DEFAULT 0; -- those of its units
CREATE INDEX run_recounts ON run (started_at) WHERE recount_units > 0;
