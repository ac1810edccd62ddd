-- Channels of matches that were there before channels were followed, or while their query followed none (store/followed.h).

-- The query's matches below this seq are still to be looked through; 0 = none.
ALTER TABLE query ADD COLUMN follow_below INTEGER NOT NULL DEFAULT 0;
UPDATE query SET follow_below = 9223372036854775807;
