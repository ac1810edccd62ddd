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
