/* An API key and the quota of its Google project. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/origin.h"

/* YouTube counts two things per project and Pacific day: searches, and units of everything else. */
enum bucket { BUCKET_SEARCHES, BUCKET_UNITS, BUCKET_COUNT };

/* "searches", "units" */
const char *bucket_name(enum bucket bucket);

/* What YouTube said of a key. Whether its project is spent, or its owner paused it, is told apart from this. */
enum key_health {
	KEY_NEW, /* not tried yet */
	KEY_OK,
	KEY_INVALID,
	KEY_EXPIRED,
	KEY_RESTRICTED,
	KEY_API_OFF,
	KEY_SUSPENDED,
	KEY_HEALTH_COUNT
};

/* The highest quota of a project that anybody may name. */
enum { SEARCHES_PER_DAY_MAX = 1000000, UNITS_PER_DAY_MAX = 100000000 };

/* Quota of a project that neither a refusal nor its owner told otherwise: calls per Pacific day, by bucket. */
struct quota_defaults {
	int64_t per_day[BUCKET_COUNT];
};

enum { KEY_SIZE = 129, PROJECT_NUMBER_SIZE = 24 };

/* One bucket of one project on one Pacific day. */
struct quota {
	int64_t used;
	int64_t limit;
	int64_t spent_until; /* YouTube refused: not before this time; 0 = it did not */
	int64_t probe_at;    /* while it is refused, one call may find out from here on whether that still holds; 0 = none may */
};

/* How many calls may still be made at NOW. */
int64_t quota_left(const struct quota *quota, int64_t now);

struct key {
	int64_t id;
	char secret[KEY_SIZE];
	char *label; /* NULL when none */
	enum origin origin;
	enum entry_state entry_state;
	bool in_config;
	enum key_health health;
	char *reason;     /* of a bad health in words, NULL when there is none */
	int64_t refusals; /* in a row, without a reason */
	int64_t project_id;
	char project[PROJECT_NUMBER_SIZE]; /* Google's number; "" until a refusal told it */
	struct quota quota[BUCKET_COUNT];  /* of today */
	int64_t created_at;
	int64_t used_at; /* last call, 0 = never */
};

void key_clear(struct key *key);

struct key_list {
	struct key *items;
	size_t count;
};

void key_list_clear(struct key_list *list);

/* Whether a call of this BUCKET may be made with the key at NOW: active, not known to be bad, quota left. */
bool key_is_usable(const struct key *key, enum bucket bucket, int64_t now);

/* What is left of BUCKET at NOW over all projects whose keys can be used, and what the projects of all active keys may use in a
 * day: each project counts once. */
int64_t key_list_left(const struct key_list *list, enum bucket bucket, int64_t now);
int64_t key_list_limit(const struct key_list *list, enum bucket bucket);

/* Why the key is in its state, in words with a next step where there is one; NULL when there is nothing to explain. */
const char *key_reason(const struct key *key, int64_t now);

/* The state to show: "new" "ok" "spent" "paused" "invalid" "expired" "restricted" "api_off" "suspended". */
const char *key_state_name(const struct key *key, int64_t now);

/* Whether TEXT is a key: 20 to 128 characters of [A-Za-z0-9_-]. Errors: ERR_INVALID, never with the key in the text. */
MUST_USE bool key_check(const char *text, struct error *err);
