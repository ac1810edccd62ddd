-- What is told to nobody: alerts, and copies that are kept by /api/changes.

-- What waits for its look-up, and was found by a first poll, a gap that was closed or a first reading: alerts do not tell it.
ALTER TABLE pending_lookup ADD COLUMN backfill INTEGER NOT NULL DEFAULT 0;
ALTER TABLE noted_video ADD COLUMN backfill INTEGER NOT NULL DEFAULT 0;

-- That a video was removed before is known of it for as long as it is shown: one without is hidden without a trace by the transaction that recorded it
-- (change_is_unseen() in store/changes/changes.c). Else as in 0025.
DROP TRIGGER video_shown;
CREATE TRIGGER video_shown AFTER INSERT ON video BEGIN
    UPDATE meta SET recorded = new.changed WHERE recorded < new.changed;
    -- It is back. 0 = CHANGED_SIGHT
    INSERT INTO video_change (seq, field, changed) SELECT new.seq, 0, new.changed
        WHERE new.recorded < new.changed OR EXISTS (SELECT 1 FROM removed WHERE id = new.id);
    DELETE FROM removed WHERE id = new.id;
END;
