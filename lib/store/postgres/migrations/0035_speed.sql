-- Spans of time of three lengths, 18 hours, 6 days and 50 days, since records are of many densities: each span that is looked through costs as much
-- as some hundred entries, and the list of what is new is gone through for each.
DROP INDEX video_search_by_time;
CREATE INDEX video_search_by_time ON video_search USING gin ((seq >> 26), (seq >> 29), (seq >> 32), words) WITH (gin_pending_list_limit = 64);

-- Functions in SQL are planned anew each time a trigger runs them, unless they become part of the statement; those in PL/pgSQL once a connection.

-- The time zone of a timestamp without one depends on no setting: so this becomes a part.
CREATE OR REPLACE FUNCTION month_start(at bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT extract(epoch FROM date_trunc('month', to_timestamp(at) AT TIME ZONE 'UTC'))::bigint $$;

CREATE OR REPLACE FUNCTION volume_add(of_query bigint, at bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO volume AS v (query, bucket, start, videos)
        VALUES (of_query, 0, day_start(at), 1), (of_query, 1, month_start(at), 1)
        ON CONFLICT (query, bucket, start) DO UPDATE SET videos = v.videos + 1;
END $$;

CREATE OR REPLACE FUNCTION volume_take(of_query bigint, at bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    UPDATE volume SET videos = videos - 1
        WHERE query = of_query AND (bucket = 0 AND start = day_start(at) OR bucket = 1 AND start = month_start(at));
END $$;

CREATE OR REPLACE FUNCTION recorded_raise(to_number bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    UPDATE meta SET recorded = to_number WHERE id = 1 AND recorded < to_number;
END $$;

-- As before, but with one change of the row of `meta`, of which the transaction keeps every version.
CREATE OR REPLACE FUNCTION video_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE meta SET videos = videos + 1, recorded = greatest(recorded, new.changed) WHERE id = 1;
    UPDATE channel SET videos = videos + 1 WHERE id = new.channel;
    PERFORM volume_add(0, new.seq >> 10);
    -- It is back. 0 = CHANGED_SIGHT
    INSERT INTO video_change (seq, field, changed) SELECT new.seq, 0, new.changed
        WHERE new.recorded < new.changed OR EXISTS (SELECT 1 FROM removed WHERE id = new.id);
    DELETE FROM removed WHERE id = new.id;
    RETURN NULL;
END $$;

-- As before, but with one change of the row of the query, for the same reason.
CREATE OR REPLACE FUNCTION match_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE query SET videos = videos + 1,
        found_by_search = found_by_search + (new.how = 0)::int, found_by_channel = found_by_channel + (new.how = 1)::int,
        found_by_push = found_by_push + (new.how = 2)::int, found_by_import = found_by_import + (new.how = 3)::int,
        found_by_rss = found_by_rss + (new.how = 4)::int,
        delay_s = delay_s + CASE
            WHEN new.how <> 3 AND new.seq >> 10 >= created_at AND new.recorded > (SELECT recorded FROM meta WHERE id = 1)
            THEN (max(min(new.found_at - (new.seq >> 10), 172800), 1) - delay_s) / CASE WHEN delay_s = 0 THEN 1 ELSE 50.0 END
            ELSE 0 END
        WHERE id = new.query;
    PERFORM recorded_raise(new.recorded);
    PERFORM volume_add(new.query, new.seq >> 10);
    INSERT INTO found_count AS f (day, how, matches) SELECT day_start(new.found_at), new.how, 1 FROM query
        WHERE id = new.query AND origin <> 2
        ON CONFLICT (day, how) DO UPDATE SET matches = f.matches + 1;
    INSERT INTO attrition AS t (query, day, age, there)
        SELECT new.query, day_start(new.found_at), a.age, 1
            FROM video v CROSS JOIN LATERAL ages_seen(new.found_at, v.checked_at) AS a (age) WHERE v.seq = new.seq
        ON CONFLICT (query, day, age) DO UPDATE SET there = t.there + 1;
    RETURN NULL;
END $$;

-- Counts along an index need not look into the table where it was vacuumed: of the newest rows too, which are read most.
ALTER TABLE video SET (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE match SET (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_scale_factor = 0.05);
