/*
 * Which intervals of publication time of a query have been read, and when; which have not, and why. A pure list: the intervals
 * follow each other without holes and without overlap, the oldest first.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/index_lag.h"
struct writer; /* base/json_writer.h */

/* Why an interval has not been read. */
enum gap_reason {
	GAP_NONE, /* it has been read */
	GAP_BEFORE_TRACKING,
	GAP_NOT_REACHED,
	GAP_INTERRUPTED,
	GAP_DOUBTED,
	GAP_REASON_COUNT
};

/* Words for a reader. */
const char *gap_reason_text(enum gap_reason reason);

/* Publication times from SINCE to before UNTIL, UTC seconds. */
struct interval {
	int64_t since;
	int64_t until;
	int64_t read_at;  /* when it was last read to its end; 0 = it is a gap */
	int64_t tried_at; /* of a gap: when a search last tried to close it, 0 = never */
	enum gap_reason reason;
	double unseen;    /* videos that the index did not show yet when it was read, as is estimated */
	double read_once; /* videos that one reading only could have found: what it left out is missing */
};
struct coverage {
	struct interval *items;
	size_t count;
};

/* Late videos come into YouTube's index up to this long after their publication: so long an interval is read more than once. */
enum { COVERAGE_SETTLED_S = INDEX_LAG_MAX_S };

enum { COVERAGE_GAPS_MAX = 200 };

/* A search omits some videos for hours: what is this old when it is read again has been looked at twice. */
enum { COVERAGE_OMITTED_S = 6 * 3600 };

void coverage_clear(struct coverage *coverage);

/* Both are 0 without any interval. */
int64_t coverage_since(const struct coverage *coverage);
int64_t coverage_until(const struct coverage *coverage);

/* What held for [INTERVAL->since, INTERVAL->until) is replaced. A hole that would be left before or after it becomes a gap,
 * GAP_NOT_REACHED. An empty interval changes nothing. Errors: ERR_NO_MEMORY. */
MUST_USE bool coverage_set(struct coverage *coverage, const struct interval *interval, struct error *err);

/* Joins what need not be told apart at NOW, so that the list stays short: read intervals that are settled, or that together are
 * shorter than half an hour (the earlier reading counts); gaps that touch; and the two oldest gaps while there are more than
 * COVERAGE_GAPS_MAX. */
void coverage_compact(struct coverage *coverage, int64_t now);

/* Estimates for INTERVAL, which was read of a query with so many videos PER_DAY, what it leaves unconfirmed: its members unseen and
 * read_once. COVERAGE is the one before. */
void coverage_estimate(const struct coverage *coverage, double per_day, struct interval *interval);

/* The sums of both over what lies in [SINCE, UNTIL). */
double coverage_unseen(const struct coverage *coverage, int64_t since, int64_t until);
double coverage_read_once(const struct coverage *coverage, int64_t since, int64_t until);

/* Forgets the oldest part, up to the end of the newest gap that begins before UNTIL, or to UNTIL within it: no gap is left before UNTIL. */
void coverage_cut_gaps(struct coverage *coverage, int64_t until);

/* Forgets what lies before UNTIL. */
void coverage_cut(struct coverage *coverage, int64_t until);

/* How many seconds of [SINCE, UNTIL) are gaps. */
int64_t coverage_missing(const struct coverage *coverage, int64_t since, int64_t until);

/* What of [SINCE, UNTIL) has not been read: gaps, and what lies before and after all intervals; in order, and joined where they touch. OUT is the caller's to clear.
 * Errors: ERR_NO_MEMORY. */
MUST_USE bool coverage_uncovered(const struct coverage *coverage, int64_t since, int64_t until, struct coverage *out,
                                 struct error *err);

/* The gap as one object: from, to, reason. */
void gap_write_json(struct writer *w, const struct interval *gap);
