-- One full-text index: that of channels goes, and a channel's number becomes a token of the other one.

-- The index by channel took more than a third of the file and of every write.
DROP TABLE channel_fts;
DROP VIEW channel_text;

-- channel_id is the channel's number after a byte that no text has, for it is not UTF-8. The tokenizer lets that pass as one token, which
-- no search text can name and the table word does not count (store/sqlite/tokenizer.h). Sizes of columns are for bm25, which nothing asks
-- for.
DROP TABLE video_fts;
DROP VIEW video_text;
CREATE VIEW video_text (seq, title, description, channel, channel_id) AS
    SELECT v.seq, v.title, v.description, coalesce(c.title, ''), coalesce(CAST(x'FF' AS TEXT) || v.channel, '')
    FROM video v LEFT JOIN channel c ON c.id = v.channel;
CREATE VIRTUAL TABLE video_fts USING fts5 (
    title, description, channel, channel_id,
    content = 'video_text', content_rowid = 'seq', columnsize = 0, tokenize = 'newsreel'
);

-- Filled here and not bit by bit from the table unindexed: readers go on with the old state meanwhile, and never miss a result. It takes
-- half a minute for a million videos. Pending entries may be large meanwhile, so that few segments come of it. What waits in unindexed goes
-- on waiting.
INSERT INTO video_fts (video_fts, rank) VALUES ('hashsize', 67108864);
INSERT INTO video_fts (rowid, title, description, channel, channel_id)
    SELECT seq, title, description, channel, channel_id FROM video_text t
    WHERE NOT EXISTS (SELECT 1 FROM unindexed u WHERE u.seq = t.seq) ORDER BY seq;
INSERT INTO video_fts (video_fts, rank) VALUES ('hashsize', 1048576);
