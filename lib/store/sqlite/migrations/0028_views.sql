-- What other programs read with SQL beside newsreel: docs/data.md promises that these views, their columns and their types stay. They have what
-- every reader of the API sees, under the names that CSV has. Times are texts, since SQLite has no type for them. The cast tells programs that ask
-- for the type of a column what it is. Unlike them, `seq` is what rows are found and ordered by in no time.

CREATE VIEW videos AS SELECT
    v.id,
    CAST('https://www.youtube.com/watch?v=' || v.id AS TEXT) AS url,
    v.title,
    v.description,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', v.published_at, 'unixepoch') AS TEXT) AS published_at,
    v.published_unknown AS published_at_unknown,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', v.first_seen_at, 'unixepoch') AS TEXT) AS first_seen_at,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', coalesce(nullif(v.recorded / 1048576, 0), v.first_seen_at), 'unixepoch') AS TEXT) AS recorded_at,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', v.fetched_at, 'unixepoch') AS TEXT) AS last_seen_at,
    c.youtube_id AS channel_id,
    CAST(nullif(c.title, '') AS TEXT) AS channel_title,
    CAST(nullif(v.thumbnail_url, '') AS TEXT) AS thumbnail_url,
    CAST(CASE v.kind WHEN 0 THEN 'video' WHEN 1 THEN 'live' WHEN 2 THEN 'upcoming' WHEN 3 THEN 'was_live' END AS TEXT) AS kind,
    v.duration_s AS duration_seconds,
    v.views,
    v.likes,
    v.comments,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', nullif(v.checked_at, 0), 'unixepoch') AS TEXT) AS statistics_at,
    v.category AS category_id,
    v.language,
    v.audio_language,
    CAST(CASE v.definition WHEN 1 THEN 'sd' WHEN 2 THEN 'hd' END AS TEXT) AS definition,
    CAST(CASE v.caption WHEN 1 THEN 0 WHEN 2 THEN 1 END AS INTEGER) AS caption,
    CAST(CASE v.licence WHEN 1 THEN 'youtube' WHEN 2 THEN 'creativeCommon' END AS TEXT) AS licence,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', nullif(v.scheduled_at, 0), 'unixepoch') AS TEXT) AS scheduled_at,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', nullif(v.started_at, 0), 'unixepoch') AS TEXT) AS started_at,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', nullif(v.ended_at, 0), 'unixepoch') AS TEXT) AS ended_at,
    v.tags,
    v.seq
    FROM video v LEFT JOIN channel c ON c.id = v.channel;

CREATE VIEW channels AS SELECT
    c.youtube_id AS id,
    CAST('https://www.youtube.com/channel/' || c.youtube_id AS TEXT) AS url,
    CAST(nullif(c.title, '') AS TEXT) AS title,
    c.videos
    FROM channel c WHERE c.videos > 0;

-- 2 = visitor, 3 = removed (model/origin.h): what is of them no reader sees.
CREATE VIEW queries AS SELECT
    q.id,
    q.text AS query,
    q.label,
    q.group_name,
    CAST(CASE q.source WHEN 0 THEN 'search' WHEN 1 THEN 'channel' END AS TEXT) AS source,
    CAST(CASE q.entry_state WHEN 0 THEN 'active' ELSE 'paused' END AS TEXT) AS state,
    CAST(CASE q.origin WHEN 0 THEN 'environment' WHEN 1 THEN 'owner' WHEN 3 THEN 'default' END AS TEXT) AS origin,
    CAST(CASE q.priority WHEN 0 THEN 'normal' WHEN 1 THEN 'low' WHEN 2 THEN 'high' END AS TEXT) AS priority,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', q.created_at, 'unixepoch') AS TEXT) AS created_at,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', nullif(q.starts_at, 0), 'unixepoch') AS TEXT) AS starts_at,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', nullif(q.ends_at, 0), 'unixepoch') AS TEXT) AS ends_at,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', nullif(q.succeeded_at, 0), 'unixepoch') AS TEXT) AS last_success_at,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', nullif(q.covered_since, 0), 'unixepoch') AS TEXT) AS covered_since,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', nullif(q.covered_until, 0), 'unixepoch') AS TEXT) AS covered_until,
    q.gaps AS gaps_count,
    q.missing_s AS missing_seconds,
    q.videos
    FROM query q WHERE q.origin <> 2 AND q.entry_state <> 3;

CREATE VIEW matches AS SELECT
    m.query AS query_id,
    v.id AS video_id,
    CAST(strftime('%Y-%m-%dT%H:%M:%SZ', m.found_at, 'unixepoch') AS TEXT) AS found_at,
    CAST(CASE m.how WHEN 0 THEN 'search' WHEN 1 THEN 'channel' WHEN 2 THEN 'push' WHEN 3 THEN 'import' WHEN 4 THEN 'rss' END AS TEXT) AS found_by,
    m.seq
    FROM match m JOIN query q ON q.id = m.query JOIN video v ON v.seq = m.seq
    WHERE q.origin <> 2 AND q.entry_state <> 3;
