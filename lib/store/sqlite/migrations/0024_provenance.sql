-- What videos.list tells beside texts and numbers (model/video/details.h), NULL while unknown. At the end of the row, where a NULL takes a byte.

ALTER TABLE video ADD COLUMN tags TEXT; -- JSON array of texts, written by newsreel
ALTER TABLE video ADD COLUMN category INTEGER; -- YouTube's id
ALTER TABLE video ADD COLUMN language TEXT;
ALTER TABLE video ADD COLUMN audio_language TEXT;
ALTER TABLE video ADD COLUMN definition INTEGER; -- enum video_definition
ALTER TABLE video ADD COLUMN caption INTEGER; -- enum video_caption
ALTER TABLE video ADD COLUMN licence INTEGER; -- enum video_licence
ALTER TABLE video ADD COLUMN started_at INTEGER; -- a stream's
ALTER TABLE video ADD COLUMN ended_at INTEGER;

ALTER TABLE quarantine ADD COLUMN tags TEXT;
ALTER TABLE quarantine ADD COLUMN category INTEGER;
ALTER TABLE quarantine ADD COLUMN language TEXT;
ALTER TABLE quarantine ADD COLUMN audio_language TEXT;
ALTER TABLE quarantine ADD COLUMN definition INTEGER;
ALTER TABLE quarantine ADD COLUMN caption INTEGER;
ALTER TABLE quarantine ADD COLUMN licence INTEGER;
ALTER TABLE quarantine ADD COLUMN started_at INTEGER;
ALTER TABLE quarantine ADD COLUMN ended_at INTEGER;

ALTER TABLE visitor_video ADD COLUMN tags TEXT;
ALTER TABLE visitor_video ADD COLUMN category INTEGER;
ALTER TABLE visitor_video ADD COLUMN language TEXT;
ALTER TABLE visitor_video ADD COLUMN audio_language TEXT;
ALTER TABLE visitor_video ADD COLUMN definition INTEGER;
ALTER TABLE visitor_video ADD COLUMN caption INTEGER;
ALTER TABLE visitor_video ADD COLUMN licence INTEGER;
ALTER TABLE visitor_video ADD COLUMN started_at INTEGER;
ALTER TABLE visitor_video ADD COLUMN ended_at INTEGER;

-- What each answer of videos.list told of a video, for thirty days (store/history/statistics.c). It begins with what is known.
CREATE TABLE video_statistics (
    seq         INTEGER NOT NULL REFERENCES video (seq) ON DELETE CASCADE ON UPDATE CASCADE,
    counted_at  INTEGER NOT NULL,
    views       INTEGER,  -- NULL when it was not told, as in the two below
    likes       INTEGER,
    comments    INTEGER,
    PRIMARY KEY (seq, counted_at)
) STRICT, WITHOUT ROWID;
INSERT INTO video_statistics (seq, counted_at, views, likes, comments)
    SELECT seq, checked_at, views, likes, comments FROM video WHERE checked_at > 0 AND views IS NOT NULL;
