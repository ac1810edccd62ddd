-- What each way of finding brought a query, and how late: denormalised counters of match.how (enum found_how).
ALTER TABLE query ADD COLUMN found_by_search INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN found_by_channel INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN found_by_push INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN found_by_import INTEGER NOT NULL DEFAULT 0;
ALTER TABLE query ADD COLUMN found_by_rss INTEGER NOT NULL DEFAULT 0;
-- Seconds from publication to recording: the mean of about the last fifty videos published while the query was tracked, of which each
-- counts for two days at most, or one of years ago would outweigh the others for long. 0 = none yet.
ALTER TABLE query ADD COLUMN delay_s REAL NOT NULL DEFAULT 0;

UPDATE query SET found_by_search = m.search, found_by_channel = m.channel, found_by_push = m.push, found_by_import = m.import
    FROM (SELECT query, sum(how = 0) AS search, sum(how = 1) AS channel, sum(how = 2) AS push, sum(how = 3) AS import
          FROM match GROUP BY query) AS m WHERE m.query = id;

CREATE TRIGGER match_found_by AFTER INSERT ON match BEGIN
    UPDATE query SET
        found_by_search = found_by_search + (new.how = 0), found_by_channel = found_by_channel + (new.how = 1),
        found_by_push = found_by_push + (new.how = 2), found_by_import = found_by_import + (new.how = 3),
        found_by_rss = found_by_rss + (new.how = 4)
        WHERE id = new.query;
    UPDATE query SET
        delay_s = delay_s + (max(min(new.found_at - (new.seq >> 10), 172800), 1) - delay_s) / iif(delay_s = 0, 1, 50.0)
        WHERE id = new.query AND new.how <> 3 AND new.seq >> 10 >= created_at;
END;
CREATE TRIGGER match_lost_by AFTER DELETE ON match BEGIN
    UPDATE query SET
        found_by_search = found_by_search - (old.how = 0), found_by_channel = found_by_channel - (old.how = 1),
        found_by_push = found_by_push - (old.how = 2), found_by_import = found_by_import - (old.how = 3),
        found_by_rss = found_by_rss - (old.how = 4)
        WHERE id = old.query;
END;
