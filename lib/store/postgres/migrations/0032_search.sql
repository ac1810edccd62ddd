-- The search index. What it holds of a video is one value: the words of title, description and channel title, as newsreel's own tokenizer reads
-- them (postgres/search/document.h), and a word for the channel.

-- Found by newest first, a span of time after the other: 2^26 keys are 18 hours. In Debian's postgresql-15, and trusted: who owns the database
-- may make it.
CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE TABLE video_search (
    seq bigint PRIMARY KEY REFERENCES video (seq) ON UPDATE CASCADE ON DELETE CASCADE,
    words tsvector NOT NULL
);
-- New entries wait in a list, which every search goes through: a short one.
CREATE INDEX video_search_by_time ON video_search USING gin ((seq >> 26), words) WITH (gin_pending_list_limit = 256);

-- Every word of the index: search/term_stats.h.
CREATE TABLE word (
    term text COLLATE "C" PRIMARY KEY,  -- as the tokenizer folds it
    videos bigint NOT NULL,  -- how many have it
    newest bigint NOT NULL  -- no video with a larger seq has it
);

-- SQLite's, of arrays of numbers, for statements of both engines.
CREATE FUNCTION json_each(numbers text) RETURNS TABLE (key bigint, value bigint) LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
    AS $$ SELECT n.ordinality - 1, n.value::bigint FROM json_array_elements_text(numbers::json) WITH ORDINALITY AS n (value, ordinality) $$;
