-- Spans of time of two lengths, 18 hours and 12 days: each span that is looked through costs as much as some hundred entries.
DROP INDEX video_search_by_time;
CREATE INDEX video_search_by_time ON video_search USING gin ((seq >> 26), (seq >> 30), words) WITH (gin_pending_list_limit = 256);

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
