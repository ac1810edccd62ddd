/* A Google project: what its API keys share, the quota of a Pacific day. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct writer; /* base/json_writer.h */

/* YouTube counts two things per project and Pacific day: searches, and units of everything else. */
enum bucket { BUCKET_SEARCHES, BUCKET_UNITS, BUCKET_COUNT };

/* "searches", "units" */
const char *bucket_name(enum bucket bucket);

/* The highest quota of a project that anybody may name. */
enum { SEARCHES_PER_DAY_MAX = 1000000, UNITS_PER_DAY_MAX = 100000000 };

/* Quota of a project unless a refusal or its owner says otherwise: calls per Pacific day, by bucket. */
struct quota_defaults {
	int64_t per_day[BUCKET_COUNT];
};

/* One bucket of one project on one Pacific day. */
struct quota {
	int64_t used;
	int64_t limit;
	int64_t spent_until; /* YouTube refused: not before this time; 0 = it did not */
	int64_t probe_at;    /* while it is refused, one call may find out from here on whether that still holds; 0 = none may */
};

/* How many calls may still be made at NOW. */
int64_t quota_left(const struct quota *quota, int64_t now);

/* Whether the quota counts as used up at NOW: a refusal does until the reset, also while a probe is allowed. */
bool quota_is_spent(const struct quota *quota, int64_t now);

enum { PROJECT_NUMBER_SIZE = 24 };

struct project {
	int64_t id;                       /* the store's */
	char number[PROJECT_NUMBER_SIZE]; /* Google's; "" until an answer told it */
	struct quota quota[BUCKET_COUNT]; /* of today */
};

/* The members searches {used, limit} and units {used, limit} of the object that is open. */
void project_write_quota(struct writer *w, const struct project *project);
