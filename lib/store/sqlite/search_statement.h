/*
 * Inside lib/store only: the statements of lists of videos, composed of fixed fragments.
 *
 * A list is a scan along a b-tree from one end, or a union of such scans: of the full-text index, and of what the tracked query
 * with the same text found; a visitor request's finds lie apart. A scan takes one access path in the order of its keys; what that does not tell is looked up for each key.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "store/sqlite/connection.h"

enum access_path {
	PATH_NONE,      /* there is no such scan */
	PATH_ALL,       /* all videos */
	PATH_QUERY,     /* those of the tracked query */
	PATH_SAME_TEXT, /* those of the query whose text is the search text */
	PATH_CHANNEL,   /* those of the channel */
	PATH_KIND,      /* those of a kind that is not the usual one */
	PATH_MATCHES,   /* matches in the full-text index */
	PATH_VISITORS,  /* what is that of the visitor request whose text is the search text alone */
	PATH_COUNT
};

/* What is looked up for each key, as bits. */
enum predicate {
	PREDICATE_QUERY = 1,
	PREDICATE_SAME_TEXT = 2,
	PREDICATE_ROW = 4,      /* channel, kind, duration */
	PREDICATE_KIND = 8,     /* one that is not the usual one, in its small index */
	PREDICATE_CHANNEL = 16, /* in its index */
	PREDICATE_MATCH = 32    /* the full-text expression */
};

struct scan {
	enum access_path path;
	unsigned predicates;
};

/* What is done with the keys. The last three rank the newest of them. */
enum list_result { LIST_NEWEST, LIST_OLDEST, LIST_COUNT, LIST_BY_VIEWS, LIST_BY_TITLE, LIST_BY_RELEVANCE, LIST_RESULT_COUNT };

struct statement_shape {
	enum list_result result;
	struct scan first;
	struct scan second; /* PATH_NONE: the first is all */
	struct scan third;  /* PATH_VISITORS or PATH_NONE */
	bool bounded;       /* from PARAMETER_LOW to PARAMETER_HIGH; otherwise these are 0 and INT64_MAX */
};

/* The parameters of every statement; what a shape does not look at stays unbound. */
enum statement_parameter {
	PARAMETER_LOW = 1, /* keys from here … */
	PARAMETER_HIGH,    /* … to here, both inclusive */
	PARAMETER_LIMIT,   /* -1 = none */
	PARAMETER_OFFSET,
	PARAMETER_QUERY,
	PARAMETER_EXPRESSION, /* of FTS5 */
	PARAMETER_SAME_QUERY,
	PARAMETER_CHANNEL, /* our id */
	PARAMETER_KIND,
	PARAMETER_MIN_DURATION,
	PARAMETER_MAX_DURATION
};

/* Appends the text of a statement. */
void search_statement_write(const struct statement_shape *shape, struct buf *out);

/* The prepared statement, borrowed from the store and ready to be bound. */
MUST_USE bool search_statement_use(struct store *store, const struct statement_shape *shape, struct statement **out,
                                   struct error *err);

/* Makes known what the statements use: folded(text) for the order of titles, and the weight of a match. */
MUST_USE bool search_functions_register(struct store *store, struct error *err);
