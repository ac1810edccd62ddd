-- What counts as the same text: Unicode's forms, accents, points, strokes (search/tokenizer.h). The index, which holds the tokens of before, is
-- emptied, and every video waits for it: runs fill it in short steps, the newest videos first (store_upkeep()).

INSERT INTO video_fts (video_fts) VALUES ('delete-all');
DELETE FROM word;
INSERT OR IGNORE INTO unindexed SELECT seq FROM video;

-- query.folded is unique. Of queries that have become the same the oldest that is not removed is found by its text from now on; the others
-- are kept, with a number that is no text in its place.
UPDATE query SET folded = char(31) || id;
UPDATE query SET folded = same.folded
FROM (SELECT id, folded(text) AS folded, row_number() OVER (PARTITION BY folded(text) ORDER BY entry_state = 3, id) AS place FROM query) same
WHERE same.id = query.id AND same.place = 1;
