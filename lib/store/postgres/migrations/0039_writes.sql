-- PostgreSQL reads and plans the CHECKs of a table again for each statement that writes into it, whatever columns that sets. In the tables whose rows
-- change most, for kept counts and refreshed numbers, that took more than the change: a trigger checks their columns where they are set.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE check_violation USING MESSAGE = format('new row for "%s" violates "%s"', tg_table_name, tg_name);
END $$;

ALTER TABLE meta DROP CONSTRAINT meta_id_check;
ALTER TABLE query DROP CONSTRAINT query_origin_check, DROP CONSTRAINT query_entry_state_check, DROP CONSTRAINT query_in_config_check,
    DROP CONSTRAINT query_follow_channels_check, DROP CONSTRAINT query_source_check, DROP CONSTRAINT query_priority_check,
    DROP CONSTRAINT query_in_period_check, DROP CONSTRAINT query_hide_shorts_check;
ALTER TABLE video DROP CONSTRAINT video_description_cut_check, DROP CONSTRAINT video_kind_check;
ALTER TABLE volume DROP CONSTRAINT volume_bucket_check; -- nothing but functions of triggers and copies writes it

CREATE TRIGGER meta_valid BEFORE INSERT OR UPDATE OF id ON meta FOR EACH ROW WHEN (new.id <> 1) EXECUTE FUNCTION refuse();
CREATE TRIGGER query_valid BEFORE INSERT OR UPDATE OF
    origin, entry_state, in_config, follow_channels, source, priority, in_period, hide_shorts ON query FOR EACH ROW
    WHEN (NOT (new.origin BETWEEN 0 AND 3 AND new.entry_state BETWEEN 0 AND 3 AND new.in_config IN (0, 1) AND new.follow_channels IN (0, 1)
        AND new.source IN (0, 1) AND new.priority BETWEEN 0 AND 2 AND new.in_period IN (0, 1) AND new.hide_shorts IN (0, 1)))
    EXECUTE FUNCTION refuse();
CREATE TRIGGER video_valid BEFORE INSERT OR UPDATE OF kind, description_cut ON video FOR EACH ROW
    WHEN (NOT (new.kind BETWEEN 0 AND 3 AND new.description_cut IN (0, 1))) EXECUTE FUNCTION refuse();
