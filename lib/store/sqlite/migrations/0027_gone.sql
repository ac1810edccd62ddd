-- Videos that are gone, by query, and how many of a day's videos were still there after some days.

ALTER TABLE gone ADD COLUMN checked_at INTEGER NOT NULL DEFAULT 0;  -- when videos.list last gave it, 0 = never, or not known
ALTER TABLE gone ADD COLUMN missing_at INTEGER NOT NULL DEFAULT 0;  -- when an answer first lacked it, 0 = not known
ALTER TABLE gone ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1));  -- 1: the owner or all rules hid it before
CREATE INDEX gone_by_time ON gone (gone_at, id);

-- The shown matches it had. All columns but the query's are those of its row, for the order of a list and for the counters below.
CREATE TABLE gone_match (
    query       INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    gone_at     INTEGER NOT NULL,
    id          TEXT NOT NULL REFERENCES gone (id) ON DELETE CASCADE,
    found_at    INTEGER NOT NULL,  -- of the match
    checked_at  INTEGER NOT NULL,
    missing_at  INTEGER NOT NULL,
    PRIMARY KEY (query, gone_at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX gone_match_by_video ON gone_match (id);

-- Denormalised counters of match and gone_match: of the videos that the query found on a UTC day, how many were there `age` days after they
-- were found, as a later look-up told; how many were gone by then; and how many went between two look-ups, of which one was earlier and one
-- later than that. With age 0 `there` counts all of them. Of what is left no look-up tells yet.
CREATE TABLE attrition (
    query    INTEGER NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    day      INTEGER NOT NULL,  -- its first second
    age      INTEGER NOT NULL,  -- days
    there    INTEGER NOT NULL,
    gone     INTEGER NOT NULL DEFAULT 0,
    undated  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (query, day, age)
) STRICT, WITHOUT ROWID;

-- The ages that are counted.
CREATE TABLE attrition_age (age INTEGER PRIMARY KEY) STRICT;
INSERT INTO attrition_age VALUES (0), (1), (7), (30), (90);

-- Which queries had found what is gone already is known for a week only, and of its look-ups no more than that the last one lacked it.
INSERT INTO gone_match (query, gone_at, id, found_at, checked_at, missing_at)
    SELECT p.query, g.gone_at, g.id, p.found_at, 0, g.gone_at FROM gone g JOIN pending_lookup p ON p.id = g.id AND p.recorded > 0;
INSERT INTO attrition (query, day, age, there, gone, undated)
    SELECT query, found_at / 86400 * 86400, age, sum(there), sum(gone), sum(NOT there AND NOT gone) FROM (
        SELECT m.query, m.found_at, a.age, 1 AS there, 0 AS gone FROM match m JOIN video v ON v.seq = m.seq
            JOIN attrition_age a ON a.age * 86400 <= max(v.checked_at - m.found_at, 0)
        UNION ALL
        SELECT g.query, g.found_at, a.age, a.age * 86400 <= max(g.checked_at - g.found_at, 0),
               a.age * 86400 > max(g.checked_at - g.found_at, 0) AND a.age * 86400 >= g.missing_at - g.found_at
            FROM gone_match g JOIN attrition_age a
    ) GROUP BY query, found_at / 86400, age;

-- A match comes or goes, a video is looked up, and goes with all of its matches: when these go after it, it is no longer there.
CREATE TRIGGER attrition_match_added AFTER INSERT ON match BEGIN
    INSERT INTO attrition (query, day, age, there)
        SELECT new.query, new.found_at / 86400 * 86400, a.age, 1 FROM video v JOIN attrition_age a
            WHERE v.seq = new.seq AND a.age * 86400 <= max(v.checked_at - new.found_at, 0)
        ON CONFLICT DO UPDATE SET there = there + 1;
END;
CREATE TRIGGER attrition_match_removed AFTER DELETE ON match BEGIN
    UPDATE attrition SET there = there - 1 WHERE query = old.query AND day = old.found_at / 86400 * 86400
        AND age * 86400 <= (SELECT max(v.checked_at - old.found_at, 0) FROM video v WHERE v.seq = old.seq);
END;
CREATE TRIGGER attrition_video_removed BEFORE DELETE ON video BEGIN
    UPDATE attrition SET there = there - 1 WHERE (query, day, age) IN (
        SELECT m.query, m.found_at / 86400 * 86400, a.age FROM match m JOIN attrition_age a
            WHERE m.seq = old.seq AND a.age * 86400 <= max(old.checked_at - m.found_at, 0)
    );
END;
CREATE TRIGGER attrition_video_checked AFTER UPDATE OF checked_at ON video WHEN new.checked_at > old.checked_at BEGIN
    INSERT INTO attrition (query, day, age, there)
        SELECT m.query, m.found_at / 86400 * 86400, a.age, 1 FROM match m JOIN attrition_age a
            WHERE m.seq = new.seq AND a.age * 86400 > max(old.checked_at - m.found_at, 0)
            AND a.age * 86400 <= max(new.checked_at - m.found_at, 0)
        ON CONFLICT DO UPDATE SET there = there + 1;
END;

CREATE TRIGGER attrition_gone_added AFTER INSERT ON gone_match BEGIN
    INSERT INTO attrition (query, day, age, there, gone, undated)
        SELECT new.query, new.found_at / 86400 * 86400, age, there, NOT there AND gone, NOT there AND NOT gone FROM (
            SELECT age, age * 86400 <= max(new.checked_at - new.found_at, 0) AS there,
                   age * 86400 >= new.missing_at - new.found_at AS gone FROM attrition_age
        ) WHERE true
        ON CONFLICT DO UPDATE SET there = there + excluded.there, gone = gone + excluded.gone, undated = undated + excluded.undated;
END;
CREATE TRIGGER attrition_gone_removed AFTER DELETE ON gone_match BEGIN
    UPDATE attrition SET
        there = there - (age * 86400 <= max(old.checked_at - old.found_at, 0)),
        gone = gone - (age * 86400 > max(old.checked_at - old.found_at, 0) AND age * 86400 >= old.missing_at - old.found_at),
        undated = undated - (age * 86400 > max(old.checked_at - old.found_at, 0) AND age * 86400 < old.missing_at - old.found_at)
        WHERE query = old.query AND day = old.found_at / 86400 * 86400;
END;
