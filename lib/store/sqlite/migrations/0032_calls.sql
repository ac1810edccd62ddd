-- Calls to YouTube since this version, for counters that never go back: the ledger forgets, and runs do.
CREATE TABLE call_count (
    project INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    bucket INTEGER NOT NULL CHECK (bucket IN (0, 1)),  -- enum bucket
    result INTEGER NOT NULL,                           -- enum error_class
    calls INTEGER NOT NULL,
    PRIMARY KEY (project, bucket, result)
) STRICT, WITHOUT ROWID;
