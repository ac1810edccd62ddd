-- An import with less work for the full-text indices.

-- Pending entries become a part of an index when there are so many bytes of them, four times FTS5's own choice. An import has the less work
-- the fewer parts there are; a tick has far less than one.
INSERT INTO video_fts (video_fts, rank) VALUES ('hashsize', 4194304);
INSERT INTO channel_fts (channel_fts, rank) VALUES ('hashsize', 4194304);
