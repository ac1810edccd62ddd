-- Searches that quiet queries share (cron/budget/scouts.c).
ALTER TABLE query ADD COLUMN scouted_at INTEGER NOT NULL DEFAULT 0;   -- the last of them, 0 = never
ALTER TABLE query ADD COLUMN scouts_balance REAL NOT NULL DEFAULT 0;  -- new videos that they brought it, less what polls would have
ALTER TABLE query ADD COLUMN scouts_end INTEGER NOT NULL DEFAULT 0;   -- the query takes part in none before
