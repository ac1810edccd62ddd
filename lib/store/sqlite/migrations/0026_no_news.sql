-- What waits for its look-up, and was found by a first poll, a gap that was closed or a first reading: alerts do not tell it.
ALTER TABLE pending_lookup ADD COLUMN backfill INTEGER NOT NULL DEFAULT 0;
ALTER TABLE noted_video ADD COLUMN backfill INTEGER NOT NULL DEFAULT 0;
