-- What the owner says of a tracked query (model/query.h, struct query_settings).

ALTER TABLE query ADD COLUMN label TEXT;       -- what pages call it; NULL = its text
ALTER TABLE query ADD COLUMN group_name TEXT;  -- NULL = none
