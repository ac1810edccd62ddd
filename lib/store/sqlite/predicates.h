/*
 * Inside lib/store only: the statements of lists of videos, composed of fixed fragments.
 *
 * A list is a walk along a b-tree from one end, or a union of two such walks: of a full-text index, and of what the tracked query
 * with the same text found. A walk is driven by one table in the order of its keys; what it cannot tell is looked up for each key.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "store/sqlite/connection.h"

/* What a walk goes along. */
enum drive {
	DRIVE_NONE,          /* there is no such walk */
	DRIVE_ALL,           /* all videos */
	DRIVE_QUERY,         /* those of the tracked query */
	DRIVE_SAME,          /* those of the query whose text is the search text */
	DRIVE_CHANNEL,       /* those of the channel */
	DRIVE_KIND,          /* those of a kind that is not the usual one */
	DRIVE_WORDS,         /* matches in the full-text index */
	DRIVE_CHANNEL_WORDS, /* those within the channel, in the index by channel */
	DRIVE_COUNT
};

/* What is looked up for each key, as bits. */
enum check {
	CHECK_QUERY = 1,
	CHECK_SAME = 2,
	CHECK_ROW = 4,      /* channel, kind, duration */
	CHECK_KIND = 8,     /* one that is not the usual one, in its small index */
	CHECK_CHANNEL = 16, /* in its index */
	CHECK_WORDS = 32    /* the full-text expression */
};

struct walk {
	enum drive drive;
	unsigned checks;
};

/* What is done with the keys. The last three rank the newest of them. */
enum list_use { LIST_NEWEST, LIST_OLDEST, LIST_COUNT, LIST_BY_VIEWS, LIST_BY_TITLE, LIST_BY_RELEVANCE, LIST_USE_COUNT };

struct list_shape {
	enum list_use use;
	struct walk first;
	struct walk second; /* DRIVE_NONE: the first is all */
	bool bounded;       /* from LIST_LOW to LIST_HIGH; otherwise these are 0 and INT64_MAX */
};

/* The parameters of every statement; what a shape does not look at stays unbound. */
enum list_parameter {
	LIST_LOW = 1, /* keys from here … */
	LIST_HIGH,    /* … to here, both inclusive */
	LIST_LIMIT,   /* -1 = none */
	LIST_OFFSET,
	LIST_QUERY,
	LIST_WORDS, /* a full-text expression */
	LIST_SAME_QUERY,
	LIST_CHANNEL, /* our id */
	LIST_KIND,
	LIST_MIN_DURATION,
	LIST_MAX_DURATION
};

/* Whether a walk goes along matches of the full-text expression. */
bool drive_is_words(enum drive drive);

/* Appends the text of a statement. */
void list_sql_write(const struct list_shape *shape, struct buf *out);

/* The prepared statement, borrowed from the store and ready to be bound. */
MUST_USE bool list_sql_use(struct store *store, const struct list_shape *shape, sqlite3_stmt **out, struct error *err);

/* Makes known what the statements use: folded(text) for the order of titles, and the weight of a match. */
MUST_USE bool list_functions_register(struct store *store, struct error *err);
