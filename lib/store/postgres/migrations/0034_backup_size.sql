-- The size of the last good backup. When one was tried need not be known: its schedule is not that of runs any more.

ALTER TABLE backup ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
ALTER TABLE backup DROP COLUMN tried_at;
