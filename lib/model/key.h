/* An API key, and the keys there are with their projects. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/origin.h"
#include "model/project.h"

struct writer; /* base/json_writer.h */

/* What YouTube said of a key. That its project is spent, or its owner paused it, is no health: see enum key_state. */
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

/* What an answer of YouTube to a call with a key means for what is done next (youtube/error_class.h). The numbers are stored. */
enum error_class {
	CLASS_OK,
	CLASS_QUOTA_SPENT, /* the project has used up this bucket until the reset: next key of another project */
	CLASS_KEY_BAD,     /* the key cannot be used (KEY_HEALTH says why): disable it, next key */
	CLASS_TEMPORARY,   /* retry after a pause */
	CLASS_UNREACHED,   /* the same, but nothing was sent: it cost nothing, and no other call would fare better now */
	CLASS_NEXT_KEY,    /* refused this once: one retry, then another key; no key is disabled */
	CLASS_FORBIDDEN,   /* the same, and evidence against the key if it happens to every call */
	CLASS_REQUEST,     /* a fault of the request: neither retry nor another key */
	CLASS_GONE,        /* the resource does not exist */
	CLASS_COUNT
};

/* "ok", "quota", "key", "temporary", "unreached", "refused", "forbidden", "request", "gone" */
const char *error_class_name(enum error_class class);

enum { KEY_SIZE = 129 };

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
	struct project project;
	int64_t created_at;
	int64_t used_at; /* last call, 0 = never */
};

void key_clear(struct key *key);

struct key_list {
	struct key *items;
	size_t count;
};

void key_list_clear(struct key_list *list);

/* Whether the key is active and not known to be bad. */
bool key_is_good(const struct key *key);

/* Whether a call of this BUCKET may be made with the key at NOW: it is good, and quota is left. */
bool key_is_usable(const struct key *key, enum bucket bucket, int64_t now);

/* Whether any of the keys is good, and whether YouTube refuses any active one. */
bool key_list_any_good(const struct key_list *list);
bool key_list_any_bad(const struct key_list *list);

/* Goes through the projects of the keys: the first key of the project after AFTER's, in the order of the list, from AFTER NULL (the
 * first project) to NULL (there is no further one). Borrowed. */
const struct key *key_list_next_project(const struct key_list *list, const struct key *after);

/* What is left of BUCKET at NOW over all projects that have a good key, and what the projects of all active keys may use in a day:
 * each project counts once. */
int64_t key_list_left(const struct key_list *list, enum bucket bucket, int64_t now);
int64_t key_list_limit(const struct key_list *list, enum bucket bucket);

/* Why the key is in its state, in words with a next step where there is one; NULL when there is nothing to explain. */
const char *key_reason(const struct key *key, int64_t now);

/* What a key's state is besides a health. */
enum key_state { KEY_PAUSED = KEY_HEALTH_COUNT, KEY_SPENT, KEY_STATE_COUNT };

/* The state to show: an enum key_health, or one of enum key_state. */
int key_state(const struct key *key, int64_t now);

/* The same as "new" "ok" "spent" "paused" "invalid" "expired" "restricted" "api_off" "suspended". */
const char *key_state_name(const struct key *key, int64_t now);

/* Whether TEXT is a key: 20 to 128 characters of [A-Za-z0-9_-]. Errors: ERR_INVALID, never with the key in the text. */
MUST_USE bool key_check(const char *text, struct error *err);

/* The key as one object: id, key (masked), label, state, reason, project, searches {used, limit}, units {used, limit}, resets_at,
 * last_used_at. */
void key_write_json(struct writer *w, const struct key *key, int64_t now);

/* The projects as one array: [{project, searches {used, limit}, units {used, limit}, keys (their ids)}]. */
void key_list_write_projects(struct writer *w, const char *name, const struct key_list *list);
