-- What is known of backups (store/files/backup_log.h): one row.

CREATE TABLE backup (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    wanted_since  INTEGER NOT NULL DEFAULT 0,  -- NEWSREEL_BACKUP_DIR has been set since then; 0 = it is not
    tried_at      INTEGER NOT NULL DEFAULT 0,  -- the last scheduled one
    error         TEXT,                        -- why that failed; NULL = it did not
    succeeded_at  INTEGER NOT NULL DEFAULT 0   -- the last good one, scheduled or not
) STRICT;
INSERT INTO backup (id) VALUES (1);
