-- Fast search at a million videos: the words there are, what still waits for the full-text index, the rare kinds.

-- Every word of the full-text index: words that begin with some letters are found here, since walking all of their entries in the
-- index would take long. Kept by the writer, see sqlite/term_stats.h.
CREATE TABLE word (
    term    TEXT PRIMARY KEY,   -- as the tokenizer folds it
    videos  INTEGER NOT NULL,   -- how many have it
    newest  INTEGER NOT NULL    -- no video with a larger seq has it
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE video_vocabulary USING fts5vocab (video_fts, row);
INSERT INTO word SELECT term, doc, 9223372036854775807 FROM video_vocabulary WHERE term <> '';  -- of words that are all accents nothing is left

-- Videos whose text is not in video_fts yet: an import fills it last, in order, and the next tick when that was cut short.
CREATE TABLE unindexed (
    seq  INTEGER PRIMARY KEY REFERENCES video (seq) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT;

CREATE INDEX video_by_kind ON video (kind, seq) WHERE kind <> 0;
