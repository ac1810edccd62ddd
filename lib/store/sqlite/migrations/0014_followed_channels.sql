-- Channels whose uploads lists are read, because their videos match tracked queries again and again, or as a source of their own.
CREATE TABLE followed_channel (
    channel   INTEGER PRIMARY KEY REFERENCES channel (id),
    since     INTEGER NOT NULL   -- followed from then on
) STRICT;
