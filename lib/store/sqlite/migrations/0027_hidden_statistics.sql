-- The points of a video's numbers while the video is hidden, so that they are there when it is shown again.
CREATE TABLE quarantine_statistics (
    number      INTEGER NOT NULL REFERENCES quarantine (number) ON DELETE CASCADE,
    counted_at  INTEGER NOT NULL,
    views       INTEGER,
    likes       INTEGER,
    comments    INTEGER,
    PRIMARY KEY (number, counted_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX quarantine_statistics_by_age ON quarantine_statistics (counted_at);
