/*
 * Inside lib/store only: the statements of lists of videos, composed of fixed fragments.
 *
 * A list is a scan along a b-tree from one end, or up to three such scans merged: of the full-text index, of what the tracked query with
 * the same text found, and of what a visitor request with that text found, which lies apart. A scan takes one access path in the order of
 * its keys; what that does not tell is looked up for each key, and every key is a row, whether it passes or not: so the reader can stop
 * after any number of them (search_scan.h). What only an engine knows is its dialect.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"

enum access_path {
	PATH_NONE,           /* there is no such scan */
	PATH_ALL,            /* all videos */
	PATH_QUERY,          /* those of the tracked query */
	PATH_SAME_TEXT,      /* those of the query whose text is the search text */
	PATH_CHANNEL,        /* those of the channel */
	PATH_KIND,           /* those of a kind that is not the usual one */
	PATH_LENGTH,         /* those of a class of length */
	PATH_MATCHES,        /* matches in the full-text index */
	PATH_VISITORS,       /* what is that of the visitor request whose text is the search text alone */
	PATH_RECORDED,       /* all videos, in the order of recording */
	PATH_QUERY_RECORDED, /* those of the tracked query, in the order of its matches */
	PATH_COUNT
};

/* What is looked up for each key, as bits. MATCH and SAME_TEXT together mean either. */
enum predicate {
	PREDICATE_QUERY = 1,
	PREDICATE_SAME_TEXT = 2,
	PREDICATE_ROW = 4,       /* channel, excluded channels, kind, duration, language */
	PREDICATE_KIND = 8,      /* one that is not the usual one, in its small index */
	PREDICATE_CHANNEL = 16,  /* in its index */
	PREDICATE_MATCH = 32,    /* the full-text expression, word by word */
	PREDICATE_LENGTH = 64,   /* duration, in the index of a class of length */
	PREDICATE_PHRASES = 128, /* of PATH_MATCHES, whose expression is word by word */
	PREDICATE_RECORDED =
	    256, /* recorded from PARAMETER_RECORDED_LOW to PARAMETER_RECORDED_HIGH: the match of the query, if there is one */
	PREDICATE_KEY = 512 /* of a scan in the order of recording: from PARAMETER_LOW to PARAMETER_HIGH */
};

/* Classes of length that have an index. */
enum length_class {
	LENGTH_ANY,
	LENGTH_TO_3_MINUTES,
	LENGTH_TO_4_MINUTES,
	LENGTH_4_TO_20_MINUTES,
	LENGTH_FROM_20_MINUTES,
	LENGTH_COUNT
};

/* The smallest class that has all videos of MIN_S to MAX_S seconds (0 = no limit); LENGTH_ANY when none has. */
enum length_class length_class_of(int64_t min_s, int64_t max_s);

/* Whether the class has no others. */
bool length_class_is(enum length_class length, int64_t min_s, int64_t max_s);

struct scan {
	enum access_path path;
	unsigned predicates;
};

/* The rows: the place in the order, what it weighs, NULL when it does not pass, and the key of the video: the place but for recording. LIST_COUNT is one row, their number; all keys have to pass. */
enum list_result {
	LIST_NEWEST,   /* newest first, each weighs 1 */
	LIST_OLDEST,   /* oldest first, the same */
	LIST_WEIGHTED, /* newest first, with the weight of each match; PATH_MATCHES is the first path */
	LIST_COUNT,
	LIST_RESULT_COUNT
};

enum { SCAN_COL_PLACE, SCAN_COL_WEIGHT, SCAN_COL_SEQ };

/* What each engine says in its own way. The places of keys that follow a text are written behind it. */
struct search_dialect {
	const char *match_key;    /* of PATH_MATCHES … */
	const char *match_from;   /* FROM … WHERE it matches PARAMETER_EXPRESSION */
	const char *match_bounds; /* AND … within PARAMETER_LOW and PARAMETER_HIGH */
	const char *match_lookup; /* EXISTS (… of the key that follows and lookup_end */
	const char *lookup_end;   /* of every EXISTS */
	const char *phrases;      /* whether PARAMETER_PHRASES are there */
	const char *weight;       /* of a match */
	const char *no_weight;    /* in the same column */
	const char *excluded_ids; /* SELECT of the ids in PARAMETER_EXCLUDED */
	bool in_chunks; /* rows are not read one by one: a statement gives PARAMETER_LIMIT of them at most, each with its
	                           * number in the last column, and of those that do not pass only the last two */
};

bool path_is_recorded(enum access_path path);

struct statement_shape {
	enum list_result result;
	struct scan first;
	struct scan second;                  /* PATH_NONE: the first is all; a key may be in both */
	struct scan third;                   /* PATH_VISITORS or PATH_NONE */
	bool of_query;                       /* PARAMETER_QUERY is set */
	bool excludes_channels, of_language; /* PARAMETER_EXCLUDED, PARAMETER_LANGUAGE are; PREDICATE_ROW checks them */
	enum length_class length;
	bool bounded; /* from PARAMETER_LOW to PARAMETER_HIGH; otherwise these are 0 and INT64_MAX */
};

/* The parameters of every statement; what a shape does not look at stays unbound. */
enum statement_parameter {
	PARAMETER_LOW = 1, /* keys from here … */
	PARAMETER_HIGH,    /* … to here, both inclusive */
	PARAMETER_LIMIT,   /* of LIST_COUNT, or of a chunk */
	PARAMETER_QUERY,
	PARAMETER_EXPRESSION, /* of the engine */
	PARAMETER_SAME_QUERY,
	PARAMETER_CHANNEL, /* our id */
	PARAMETER_KIND,
	PARAMETER_MIN_DURATION,
	PARAMETER_MAX_DURATION,
	PARAMETER_PHRASES,      /* of an expression that is word by word: lengths, as fts_expression_write() makes them */
	PARAMETER_RECORDED_LOW, /* inclusive both; the range of a scan in the order of recording */
	PARAMETER_RECORDED_HIGH,
	PARAMETER_EXCLUDED, /* YouTube's ids of channels, with commas between */
	PARAMETER_LANGUAGE
};

/* Appends the text of a statement. */
void search_statement_write(const struct statement_shape *shape, const struct search_dialect *dialect, struct buf *out);

/* A number of its own for each shape, never 0. */
uint64_t search_statement_number(const struct statement_shape *shape);
