#include "cron/api_client.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "store/quota/calls.h"

static const char forbidden_text[] =
    "YouTube refuses every call with this key and gives no reason: look for a restriction in the Google Cloud console";

enum { TRIES_MAX = 4, TRIES_FEW = 2, FIRST_PAUSE_MS = 1000, PAUSE_MAX_MS = 60000 };

/* Any call, so that all share one loop. */
struct api_call {
	enum bucket bucket;
	int64_t key_id; /* 0 = any */
	const struct search_request *search;
	struct search_answer *search_answer;
	const struct text_list *ids;
	struct details_answer *details_answer;
	struct channels_answer *channels_answer;
	const struct uploads_request *uploads;
	struct uploads_answer *uploads_answer;
	const char *handle;
	struct handle_answer *handle_answer;
};

/* ---- keys ---- */

static bool is_skipped(const struct api_client *client, int64_t key_id)
{
	for (size_t i = 0; i < client->skipped_count; i++)
		if (client->skipped_keys[i] == key_id)
			return true;
	return false;
}

/* Leaves a key out for the rest of the run. False when so many are out that trying yet another makes no sense. */
static bool skip_key(struct api_client *client, int64_t key_id)
{
	if (client->skipped_count == sizeof(client->skipped_keys) / sizeof(client->skipped_keys[0]))
		return false;
	client->skipped_keys[client->skipped_count++] = key_id;
	return true;
}

/* The first key in order that may make the call; id 0 when there is none. */
static bool pick_key(struct api_client *client, const struct api_call *call, struct key *out, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	int64_t now = clock_now(&client->clock);

	if (!store_keys_list(client->store, &client->quota, now, &keys, err))
		return false;
	for (size_t i = 0; i < keys.count; i++) {
		struct key *key = &keys.items[i];

		if (!key_is_usable(key, call->bucket, now) || is_skipped(client, key->id) ||
		    (call->key_id && call->key_id != key->id))
			continue;
		*out = *key;
		*key = (struct key){0};
		break;
	}
	return true;
}

static bool disable_key(struct api_client *client, const struct key *key, enum key_health health, const char *reason,
                        struct error *err)
{
	client->keys_disabled++;
	snprintf(client->disabled_reason, sizeof(client->disabled_reason), "a key is disabled: %s", reason);
	return store_key_set_health(client->store, key->id, health, reason, clock_now(&client->clock), err);
}

/* The call was answered: earlier refusals no longer count. */
static bool mark_ok(struct api_client *client, const struct key *key, enum bucket bucket, int64_t called_at, struct error *err)
{
	if (called_at < key->project.quota[bucket].spent_until &&
	    !store_quota_good(client->store, key->id, bucket, called_at, err))
		return false;
	return (key->health == KEY_OK && key->refusals == 0) ||
	       store_key_set_health(client->store, key->id, KEY_OK, NULL, clock_now(&client->clock), err);
}

static const char *request_text(const struct api_call *call)
{
	if (call->search)
		return call->search->text;
	if (call->uploads)
		return call->uploads->channel_id;
	if (call->handle)
		return call->handle;
	return call->ids ? call->ids->items[0] : "";
}

/* Tells requests from each other. */
static int64_t request_hash(const struct api_call *call)
{
	const char *text = request_text(call);

	return (int64_t)(text_hash(text, strlen(text)) >> 1);
}

/* A key that is refused every call, whatever is asked, is disabled. */
static bool record_refusal(struct api_client *client, const struct key *key, const struct api_call *call, struct error *err)
{
	bool every_call = false;

	return store_key_refused(client->store, key->id, request_hash(call), clock_now(&client->clock), &every_call, err) &&
	       (!every_call || disable_key(client, key, KEY_RESTRICTED, forbidden_text, err));
}

/* Records what the ANSWER to the call made at CALLED_AT says of the key. */
static bool record_answer(struct api_client *client, const struct key *key, const struct api_call *call,
                          const struct answer_class *answer, int64_t called_at, struct error *err)
{
	if (answer->project_number[0] && strcmp(answer->project_number, key->project.number) != 0 &&
	    !store_key_learn_project(client->store, key->id, answer->project_number, err))
		return false;
	switch (answer->class) {
	case CLASS_QUOTA_SPENT:
		/* Of the day on which it was charged, should the reset have come between. */
		return store_quota_spent(client->store, key->id, call->bucket, "", answer->limit, called_at, err);
	case CLASS_KEY_BAD:
		return disable_key(client, key, answer->key_health, answer->text, err);
	case CLASS_OK:
	case CLASS_GONE:
		return mark_ok(client, key, call->bucket, called_at, err);
	case CLASS_FORBIDDEN:
		return record_refusal(client, key, call, err);
	case CLASS_TEMPORARY:
	case CLASS_UNREACHED:
	case CLASS_NEXT_KEY:
	case CLASS_REQUEST:
		return true;
	case CLASS_COUNT:
		break;
	}
	return error_set(err, ERR_INTERNAL, "no such error class");
}

/* ---- tries ---- */

/* xorshift64 (Marsaglia, "Xorshift RNGs", 2003): jitter needs no better randomness. */
uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

uint64_t api_client_random(struct api_client *client)
{
	return random_next(client->random);
}

/* Waits before the next try: twice as long each time, half of it jitter, or as long as YouTube asks. False when the run's
 * time would be over then. */
static bool pause_before(struct api_client *client, int try, int64_t retry_after_s)
{
	int64_t pause_ms = (int64_t)FIRST_PAUSE_MS << try;

	pause_ms = pause_ms / 2 + (int64_t)(api_client_random(client) % (uint64_t)(pause_ms / 2 + 1));
	if (retry_after_s > 0 && retry_after_s * 1000 > pause_ms)
		pause_ms = retry_after_s * 1000;
	if (pause_ms > PAUSE_MAX_MS || clock_now(&client->clock) + pause_ms / 1000 >= client->deadline)
		return false;
	clock_sleep(&client->clock, pause_ms);
	return true;
}

/* Refusals that may pass, or hold for one key only. */
static bool is_vague(const struct answer_class *answer)
{
	return answer->class == CLASS_NEXT_KEY || answer->class == CLASS_FORBIDDEN;
}

/* The most tries with one key that make sense after ANSWER. */
static int tries_after(const struct answer_class *answer)
{
	if (answer->class == CLASS_TEMPORARY)
		return TRIES_MAX;
	return answer->class == CLASS_UNREACHED || is_vague(answer) ? TRIES_FEW : 1;
}

static bool send_call(const struct youtube *youtube, const char *secret, const struct api_call *call, struct outcome *outcome,
                      struct error *err)
{
	if (call->search)
		return youtube_search(youtube, secret, call->search, call->search_answer, outcome, err);
	if (call->uploads)
		return youtube_uploads(youtube, secret, call->uploads, call->uploads_answer, outcome, err);
	if (call->handle)
		return youtube_handle(youtube, secret, call->handle, call->handle_answer, outcome, err);
	if (call->channels_answer)
		return youtube_channels(youtube, secret, call->ids, call->channels_answer, outcome, err);
	return youtube_details(youtube, secret, call->ids, call->details_answer, outcome, err);
}

/* One try, charged before it is sent. What was never sent is given back: a day without a network must not cost the quota of the
 * hours after it. */
static bool try_once(struct api_client *client, const struct key *key, const struct api_call *call, struct outcome *outcome,
                     int64_t called_at, struct error *err)
{
	if (!store_quota_charge(client->store, key->id, call->bucket, called_at, err))
		return false;
	client->made[call->bucket]++;
	if (!send_call(client->youtube, key->secret, call, outcome, err))
		return false;
	struct error ignored; /* an answer is worth more than its count */
	(void)!store_call_add(client->store, key->id, call->bucket, outcome->answer.class, &ignored);
	if (outcome->answer.class != CLASS_UNREACHED)
		return true;
	client->made[call->bucket]--;
	return store_quota_refund(client->store, key->id, call->bucket, called_at, err);
}

/* Tries KEY until another try would not change the answer. *CALLED_AT is when the last try was sent. */
static bool try_key(struct api_client *client, const struct key *key, const struct api_call *call, struct outcome *outcome,
                    int64_t *called_at, struct error *err)
{
	for (int try = 0;; try++) {
		*called_at = clock_now(&client->clock);
		if (!try_once(client, key, call, outcome, *called_at, err))
			return false;
		bool again = try + 1 < tries_after(&outcome->answer);
		bool may = try + 1 < quota_left(&key->project.quota[call->bucket], clock_now(&client->clock));
		if (!again || !may || !pause_before(client, try, outcome->retry_after))
			return true;
	}
}

static enum call_result fail(const struct answer_class *answer, struct error *err)
{
	error_set(err, ERR_UPSTREAM, "%s", answer->text);
	return answer->class == CLASS_UNREACHED ? CALL_UNREACHED : CALL_FAILED;
}

static bool make_call(struct api_client *client, const struct api_call *call, struct outcome *outcome, enum call_result *result,
                      struct error *err)
{
	bool refused = false;

	for (;;) {
		AUTO(key_clear) struct key key = {0};
		int64_t called_at;

		if (!pick_key(client, call, &key, err))
			return false;
		if (!key.id && refused) { /* by the last of them, without a reason */
			*result = fail(&outcome->answer, err);
			return true;
		}
		if (!key.id) {
			*result = CALL_NO_QUOTA;
			error_set(err, ERR_UPSTREAM, "no key with %s left", bucket_name(call->bucket));
			return true;
		}
		if (!try_key(client, &key, call, outcome, &called_at, err) ||
		    !record_answer(client, &key, call, &outcome->answer, called_at, err))
			return false;
		if (outcome->date > 0)
			client->clock_ahead_s = clock_now(&client->clock) - outcome->date;
		enum error_class class = outcome->answer.class;
		if (class == CLASS_OK) {
			*result = CALL_OK;
			return true;
		}
		refused = is_vague(&outcome->answer);
		bool next_key = refused ? skip_key(client, key.id) : class == CLASS_QUOTA_SPENT || class == CLASS_KEY_BAD;
		if (!next_key) {
			*result = fail(&outcome->answer, err);
			return true;
		}
	}
}

bool api_client_search(struct api_client *client, const struct search_request *request, struct search_answer *out, int64_t *at,
                       enum call_result *result, struct error *err)
{
	struct outcome outcome = {0};
	struct api_call call = {.bucket = BUCKET_SEARCHES, .search = request, .search_answer = out};

	if (!make_call(client, &call, &outcome, result, err))
		return false;
	int64_t now = clock_now(&client->clock);
	*at = outcome.date > 0 && outcome.date < now ? outcome.date : now;
	return true;
}

bool api_client_details(struct api_client *client, int64_t key_id, const struct text_list *ids, struct details_answer *out,
                        enum call_result *result, struct error *err)
{
	struct outcome outcome = {0};
	struct api_call call = {.bucket = BUCKET_UNITS, .key_id = key_id, .ids = ids, .details_answer = out};

	return make_call(client, &call, &outcome, result, err);
}

bool api_client_uploads(struct api_client *client, const struct uploads_request *request, struct uploads_answer *out,
                        enum call_result *result, struct error *err)
{
	struct outcome outcome = {0};
	struct api_call call = {.bucket = BUCKET_UNITS, .uploads = request, .uploads_answer = out};

	if (!make_call(client, &call, &outcome, result, err))
		return false;
	if (*result == CALL_FAILED && outcome.answer.class == CLASS_GONE)
		*result = CALL_GONE;
	return true;
}

bool api_client_handle(struct api_client *client, const char *handle, struct handle_answer *out, enum call_result *result,
                       struct error *err)
{
	struct outcome outcome = {0};
	struct api_call call = {.bucket = BUCKET_UNITS, .handle = handle, .handle_answer = out};

	return make_call(client, &call, &outcome, result, err);
}

bool api_client_channels(struct api_client *client, const struct text_list *ids, struct channels_answer *out,
                         enum call_result *result, struct error *err)
{
	struct outcome outcome = {0};
	struct api_call call = {.bucket = BUCKET_UNITS, .ids = ids, .channels_answer = out};

	return make_call(client, &call, &outcome, result, err);
}
