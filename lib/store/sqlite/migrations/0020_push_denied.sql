-- Subscriptions that the hub denied.
ALTER TABLE push_subscription ADD COLUMN denials INTEGER NOT NULL DEFAULT 0;     -- in a row
ALTER TABLE push_subscription ADD COLUMN denied_reason TEXT NOT NULL DEFAULT '';  -- of the last one, in the hub's words; '' = none
