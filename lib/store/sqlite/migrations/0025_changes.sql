-- What a copy of the public videos is to be told (store/changes/changes.h): numbers of the same order as `recorded`, one for each video, which
-- grows when the video changes, and one for each that readers saw and no longer see.

ALTER TABLE video ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;  -- of its last change; = recorded until the first
UPDATE video SET changed = recorded;
CREATE INDEX video_by_changed ON video (changed);

-- Which of its members changed, and when each last did; no rows of one that has not changed.
CREATE TABLE video_change (
    seq      INTEGER NOT NULL REFERENCES video (seq) ON UPDATE CASCADE ON DELETE CASCADE,
    field    INTEGER NOT NULL,  -- enum change_field
    changed  INTEGER NOT NULL,
    PRIMARY KEY (seq, field)
) STRICT, WITHOUT ROWID;

-- Videos that readers saw and no longer see: hidden if they are in quarantine, gone otherwise. Nothing but the id is kept, and that for a time.
CREATE TABLE removed (
    changed  INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE
) STRICT;

-- Queries, and channels, whose videos are still to be marked as changed, those up to `done` being marked.
CREATE TABLE change_pending (
    field  INTEGER NOT NULL,  -- enum change_field: which one tells what `id` is of
    id     INTEGER NOT NULL,
    done   INTEGER NOT NULL DEFAULT 0,  -- seq
    PRIMARY KEY (field, id)
) STRICT, WITHOUT ROWID;

-- Of what was removed up to here nothing is known any more.
ALTER TABLE meta ADD COLUMN changes_from INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER video_recorded;
CREATE TRIGGER video_shown AFTER INSERT ON video BEGIN
    UPDATE meta SET recorded = new.changed WHERE recorded < new.changed;
    DELETE FROM removed WHERE id = new.id;
    -- It is back. 0 = CHANGED_SIGHT
    INSERT INTO video_change (seq, field, changed) SELECT new.seq, 0, new.changed WHERE new.recorded < new.changed;
END;
CREATE TRIGGER video_changed AFTER UPDATE OF changed ON video BEGIN
    UPDATE meta SET recorded = new.changed WHERE recorded < new.changed;
END;
CREATE TRIGGER video_left AFTER DELETE ON video BEGIN
    UPDATE meta SET recorded = recorded + 1;
    INSERT INTO removed (changed, id) SELECT recorded, old.id FROM meta;
END;
-- What was hidden is gone, unless it is shown.
CREATE TRIGGER quarantine_left AFTER DELETE ON quarantine WHEN EXISTS (SELECT 1 FROM removed WHERE id = old.id) BEGIN
    UPDATE meta SET recorded = recorded + 1;
    UPDATE removed SET changed = (SELECT recorded FROM meta) WHERE id = old.id;
END;

-- 5 = CHANGED_CHANNEL, 10 = CHANGED_QUERIES; 2 = visitor, 3 = removed: what is of them no reader sees.
CREATE TRIGGER channel_renamed AFTER UPDATE OF title ON channel WHEN old.title <> new.title BEGIN
    INSERT OR REPLACE INTO change_pending (field, id) VALUES (5, new.id);
END;
CREATE TRIGGER query_shown AFTER UPDATE OF text, origin, entry_state ON query
    WHEN old.text <> new.text OR (old.origin = 2 OR old.entry_state = 3) <> (new.origin = 2 OR new.entry_state = 3) BEGIN
    INSERT OR REPLACE INTO change_pending (field, id) VALUES (10, new.id);
END;
