#include "cron/api_client.h"

#include <stdio.h>
#include <string.h>

static const char forbidden_text[] =
    "YouTube refuses every call with this key and gives no reason: look for a restriction in the Google Cloud console";

enum { TRIES_MAX = 4, TRIES_FEW = 2, FIRST_PAUSE_MS = 1000, PAUSE_MAX_MS = 60000 };

/* What is to be called, so that both calls share one loop. */
struct task {
	enum bucket bucket;
	int64_t key_id; /* 0 = any */
	const struct search_request *search;
	struct search_answer *search_answer;
	const struct text_list *ids;
	struct details_answer *details_answer;
};

static bool make(const struct youtube *youtube, const char *secret, const struct task *task, struct outcome *outcome,
                 struct error *err)
{
	if (task->search)
		return youtube_search(youtube, secret, task->search, task->search_answer, outcome, err);
	return youtube_details(youtube, secret, task->ids, task->details_answer, outcome, err);
}

/* Tells requests from each other (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/). */
static int64_t fingerprint(const struct task *task)
{
	const char *text = task->search ? task->search->text : task->ids->items[0];
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return (int64_t)(hash >> 1);
}

static bool is_passed_over(const struct caller *caller, int64_t key_id)
{
	for (size_t i = 0; i < caller->passed_over_count; i++)
		if (caller->passed_over[i] == key_id)
			return true;
	return false;
}

/* Leaves a key out for the rest of the tick. False when so many are out that asking on makes no sense. */
static bool pass_over(struct caller *caller, int64_t key_id)
{
	if (caller->passed_over_count == sizeof(caller->passed_over) / sizeof(caller->passed_over[0]))
		return false;
	caller->passed_over[caller->passed_over_count++] = key_id;
	return true;
}

/* The first key in order that may make the call; id 0 when there is none. */
static bool pick_key(struct caller *caller, const struct task *task, struct key *out, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	int64_t now = clock_now(&caller->clock);

	if (!store_keys_list(caller->store, &caller->quota, now, &keys, err))
		return false;
	for (size_t i = 0; i < keys.count; i++) {
		struct key *key = &keys.items[i];

		if (!key_is_usable(key, task->bucket, now) || is_passed_over(caller, key->id) ||
		    (task->key_id && task->key_id != key->id))
			continue;
		*out = *key;
		*key = (struct key){0};
		break;
	}
	return true;
}

/* xorshift64 (Marsaglia, "Xorshift RNGs", 2003): jitter needs no better randomness. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Waits before the next try: twice as long each time, half of it jitter, or as long as YouTube asks. False when the tick's
 * time would be over then. */
static bool pause_before(struct caller *caller, int try, int64_t retry_after_s)
{
	int64_t pause_ms = (int64_t)FIRST_PAUSE_MS << try;

	pause_ms = pause_ms / 2 + (int64_t)(next_random(caller->random) % (uint64_t)(pause_ms / 2 + 1));
	if (retry_after_s > 0 && retry_after_s * 1000 > pause_ms)
		pause_ms = retry_after_s * 1000;
	if (pause_ms > PAUSE_MAX_MS || clock_now(&caller->clock) + pause_ms / 1000 >= caller->deadline)
		return false;
	clock_sleep(&caller->clock, pause_ms);
	return true;
}

static bool set_aside(struct caller *caller, const struct key *key, enum key_health health, const char *why, struct error *err)
{
	caller->keys_set_aside++;
	snprintf(caller->why, sizeof(caller->why), "a key is set aside: %s", why);
	return store_key_set_health(caller->store, key->id, health, why, clock_now(&caller->clock), err);
}

/* The call was answered: whatever was held against the key no longer holds. */
static bool acquit(struct caller *caller, const struct key *key, enum bucket bucket, int64_t called_at, struct error *err)
{
	if (called_at < key->project.quota[bucket].spent_until &&
	    !store_quota_good(caller->store, key->id, bucket, called_at, err))
		return false;
	return (key->health == KEY_OK && key->refusals == 0) ||
	       store_key_set_health(caller->store, key->id, KEY_OK, NULL, clock_now(&caller->clock), err);
}

static bool suspect(struct caller *caller, const struct key *key, const struct task *task, struct error *err)
{
	bool guilty = false;

	return store_key_refused(caller->store, key->id, fingerprint(task), clock_now(&caller->clock), &guilty, err) &&
	       (!guilty || set_aside(caller, key, KEY_RESTRICTED, forbidden_text, err));
}

/* What the verdict on the call made at CALLED_AT says of the key is written down; *NEXT_KEY tells whether another one should
 * try. */
static bool judge(struct caller *caller, const struct key *key, const struct task *task, const struct verdict *verdict,
                  int64_t called_at, bool *next_key, struct error *err)
{
	*next_key = verdict->class == VERDICT_SPENT || verdict->class == VERDICT_KEY_BAD;
	if (verdict->project_number[0] && strcmp(verdict->project_number, key->project.number) != 0 &&
	    !store_key_learn_project(caller->store, key->id, verdict->project_number, err))
		return false;
	switch (verdict->class) {
	case VERDICT_SPENT:
		/* Of the day on which it was charged, should the reset have come between. */
		return store_quota_spent(caller->store, key->id, task->bucket, "", verdict->limit, called_at, err);
	case VERDICT_KEY_BAD:
		return set_aside(caller, key, verdict->key_health, verdict->text, err);
	case VERDICT_OK:
	case VERDICT_GONE:
		return acquit(caller, key, task->bucket, called_at, err);
	case VERDICT_FORBIDDEN:
		return suspect(caller, key, task, err);
	case VERDICT_TEMPORARY:
	case VERDICT_UNREACHED:
	case VERDICT_NEXT_KEY:
	case VERDICT_REQUEST:
		return true;
	}
	return error_set(err, ERR_INTERNAL, "no such verdict");
}

static enum called fail(struct error *err, const struct verdict *verdict)
{
	error_set(err, ERR_UPSTREAM, "%s", verdict->text);
	return verdict->class == VERDICT_UNREACHED ? CALL_UNREACHED : CALL_FAILED;
}

/* Refusals that may pass, or be the other key's fortune. */
static bool is_vague(const struct verdict *verdict)
{
	return verdict->class == VERDICT_NEXT_KEY || verdict->class == VERDICT_FORBIDDEN;
}

/* The most tries that make sense after VERDICT. */
static int tries_after(const struct verdict *verdict)
{
	if (verdict->class == VERDICT_TEMPORARY)
		return TRIES_MAX;
	return verdict->class == VERDICT_UNREACHED || is_vague(verdict) ? TRIES_FEW : 1;
}

/* One try, charged before it goes out. What never went out is given back: a day without a network must not cost the quota of the
 * hours after it. */
static bool try_once(struct caller *caller, const struct key *key, const struct task *task, struct outcome *outcome,
                     int64_t called_at, struct error *err)
{
	if (!store_quota_charge(caller->store, key->id, task->bucket, called_at, err))
		return false;
	caller->made[task->bucket]++;
	if (!make(caller->youtube, key->secret, task, outcome, err))
		return false;
	if (outcome->verdict.class != VERDICT_UNREACHED)
		return true;
	caller->made[task->bucket]--;
	return store_quota_refund(caller->store, key->id, task->bucket, called_at, err);
}

/* Tries KEY until there is a verdict that another try would not change. *CALLED_AT is when the last try went out. */
static bool call_with(struct caller *caller, const struct key *key, const struct task *task, struct outcome *outcome,
                      int64_t *called_at, struct error *err)
{
	for (int try = 0;; try++) {
		*called_at = clock_now(&caller->clock);
		if (!try_once(caller, key, task, outcome, *called_at, err))
			return false;
		bool again = try + 1 < tries_after(&outcome->verdict);
		bool may = try + 1 < quota_left(&key->project.quota[task->bucket], clock_now(&caller->clock));
		if (!again || !may || !pause_before(caller, try, outcome->retry_after))
			return true;
	}
}

static bool call(struct caller *caller, const struct task *task, struct outcome *outcome, enum called *called, struct error *err)
{
	bool refused = false;

	for (;;) {
		AUTO(key_clear) struct key key = {0};
		bool next_key;
		int64_t called_at;

		if (!pick_key(caller, task, &key, err))
			return false;
		if (!key.id && refused) { /* by the last of them, and nobody knows why */
			*called = fail(err, &outcome->verdict);
			return true;
		}
		if (!key.id) {
			*called = CALL_NO_QUOTA;
			error_set(err, ERR_UPSTREAM, "no key with %s left", bucket_name(task->bucket));
			return true;
		}
		if (!call_with(caller, &key, task, outcome, &called_at, err) ||
		    !judge(caller, &key, task, &outcome->verdict, called_at, &next_key, err))
			return false;
		if (outcome->verdict.class == VERDICT_OK) {
			*called = CALLED;
			return true;
		}
		refused = is_vague(&outcome->verdict);
		if (refused)
			next_key = pass_over(caller, key.id);
		if (!next_key) {
			*called = fail(err, &outcome->verdict);
			return true;
		}
	}
}

bool caller_search(struct caller *caller, const struct search_request *request, struct search_answer *out, int64_t *at,
                   enum called *called, struct error *err)
{
	struct outcome outcome = {0};
	struct task task = {.bucket = BUCKET_SEARCHES, .search = request, .search_answer = out};

	if (!call(caller, &task, &outcome, called, err))
		return false;
	int64_t now = clock_now(&caller->clock);
	*at = outcome.date > 0 && outcome.date < now ? outcome.date : now;
	return true;
}

bool caller_details(struct caller *caller, int64_t key_id, const struct text_list *ids, struct details_answer *out,
                    enum called *called, struct error *err)
{
	struct outcome outcome = {0};
	struct task task = {.bucket = BUCKET_UNITS, .key_id = key_id, .ids = ids, .details_answer = out};

	return call(caller, &task, &outcome, called, err);
}
