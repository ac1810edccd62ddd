/* Keys, the projects they belong to, and what those have left today: two buckets for each Pacific day (model/quota_day.h must be
 * open). */
#pragma once

#include "base/error.h"
#include "model/key.h"

enum { SIM_KEYS_MAX = 64 };

/* How a key answers. */
enum sim_key_state {
	SIM_KEY_GOOD,
	SIM_KEY_INVALID,
	SIM_KEY_EXPIRED,
	SIM_KEY_API_OFF,
	SIM_KEY_RESTRICTED,
	SIM_KEY_SUSPENDED,
	SIM_KEY_STATE_COUNT
};

/* "good" "invalid" "expired" "api_off" "restricted" "suspended" */
const char *sim_key_state_name(enum sim_key_state state);

struct sim_project {
	char number[PROJECT_NUMBER_SIZE];
	int64_t limit[BUCKET_COUNT];
	int64_t used[BUCKET_COUNT];    /* on DAY */
	int64_t calls[BUCKET_COUNT];   /* ever, refused ones too */
	int64_t refused[BUCKET_COUNT]; /* of these: beyond the limit */
	int64_t day;
};

struct sim_key {
	char secret[KEY_SIZE];
	enum sim_key_state state;
	size_t project;
};

struct projects {
	struct sim_key keys[SIM_KEYS_MAX];
	size_t key_count;
	struct sim_project projects[SIM_KEYS_MAX];
	size_t project_count;
	bool any_key; /* a well-formed key that is not listed is good, with a project of its own */
};

/* Adds a key; NUMBER NULL gives it a project of its own. Limits below 0 mean YouTube's usual ones. Errors: ERR_TOO_MANY. */
MUST_USE bool projects_add(struct projects *projects, const char *secret, const char *number, int64_t searches, int64_t units,
                           struct error *err);

/* The key, NULL when it is unknown. */
struct sim_key *projects_find(struct projects *projects, const char *secret);

/* Charges a call; false when the bucket is used up at NOW. */
bool projects_charge(struct projects *projects, const struct sim_key *key, enum bucket bucket, int64_t now);
