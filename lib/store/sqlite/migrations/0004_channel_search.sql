-- Fast search within a channel: the search text once more, in the order of channels.

-- In video_fts a channel's entries of a word lie among all others of that word. Here they lie together, in the order of seq: the key is
-- channel * 2^42 + seq. What that has no room for is not in here, and the planner knows (store/sqlite/query_plan.c): channels from the
-- 2,097,151st on, and videos published in 2106 or later.
CREATE VIEW channel_text (key, seq, in_channel, title, description, channel) AS
    SELECT (v.channel << 42) + v.seq, v.seq, v.channel, v.title, v.description, c.title
    FROM video v JOIN channel c ON c.id = v.channel
    WHERE v.channel < 2097151 AND v.seq < 4398046511104;
-- Sizes of columns are for bm25, which nothing here asks for.
CREATE VIRTUAL TABLE channel_fts USING fts5 (
    title, description, channel, content = 'channel_text', content_rowid = 'key', columnsize = 0, tokenize = 'newsreel'
);
-- In the order of the keys; any other is several times as slow.
INSERT INTO channel_fts (rowid, title, description, channel)
    SELECT key, title, description, channel FROM channel_text
    WHERE NOT EXISTS (SELECT 1 FROM unindexed u WHERE u.seq = channel_text.seq) ORDER BY in_channel, seq;
