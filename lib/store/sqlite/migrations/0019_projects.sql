-- What the owner says of a tracked query (model/query.h, struct query_settings), and its backfill.

ALTER TABLE query ADD COLUMN label TEXT;                          -- what pages call it; NULL = its text
ALTER TABLE query ADD COLUMN group_name TEXT;                     -- NULL = none
ALTER TABLE query ADD COLUMN priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 2);  -- enum query_priority
ALTER TABLE query ADD COLUMN starts_at INTEGER NOT NULL DEFAULT 0;  -- nothing is recorded for it before then …
ALTER TABLE query ADD COLUMN ends_at INTEGER NOT NULL DEFAULT 0;    -- … and from then on; 0 = no such time
ALTER TABLE query ADD COLUMN in_period INTEGER NOT NULL DEFAULT 1 CHECK (in_period IN (0, 1));  -- between both, as of the last run

-- Publication times that coverage was extended to at the owner's wish; what of them is not read yet is a gap. 0 = no backfill.
ALTER TABLE query ADD COLUMN backfill_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN backfill_until INTEGER NOT NULL DEFAULT 0;
