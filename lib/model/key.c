#include "model/key.h"

#include <stdlib.h>
#include <string.h>

const char *bucket_name(enum bucket bucket)
{
	return bucket == BUCKET_SEARCHES ? "searches" : "units";
}

void key_clear(struct key *key)
{
	free(key->label);
	free(key->reason);
	*key = (struct key){0};
}

void key_list_clear(struct key_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		key_clear(&list->items[i]);
	free(list->items);
	*list = (struct key_list){0};
}

int64_t quota_left(const struct quota *quota, int64_t now)
{
	if (now < quota->spent_until)
		return quota->probe_at && now >= quota->probe_at;
	return quota->used < quota->limit ? quota->limit - quota->used : 0;
}

bool key_is_usable(const struct key *key, enum bucket bucket, int64_t now)
{
	return key->entry_state == ENTRY_ACTIVE && (key->health == KEY_NEW || key->health == KEY_OK) &&
	       quota_left(&key->quota[bucket], now) > 0;
}

/* Whether a usable key before the one at INDEX has the same project. */
static bool is_counted(const struct key_list *list, size_t index, enum bucket bucket, int64_t now)
{
	for (size_t i = 0; i < index; i++)
		if (list->items[i].project_id == list->items[index].project_id && key_is_usable(&list->items[i], bucket, now))
			return true;
	return false;
}

int64_t key_list_left(const struct key_list *list, enum bucket bucket, int64_t now)
{
	int64_t left = 0;

	for (size_t i = 0; i < list->count; i++)
		if (key_is_usable(&list->items[i], bucket, now) && !is_counted(list, i, bucket, now))
			left += quota_left(&list->items[i].quota[bucket], now);
	return left;
}

int64_t key_list_limit(const struct key_list *list, enum bucket bucket)
{
	int64_t limit = 0;

	for (size_t i = 0; i < list->count; i++) {
		bool counted = list->items[i].entry_state != ENTRY_ACTIVE;

		for (size_t before = 0; before < i && !counted; before++)
			counted = list->items[before].entry_state == ENTRY_ACTIVE &&
			          list->items[before].project_id == list->items[i].project_id;
		if (!counted)
			limit += list->items[i].quota[bucket].limit;
	}
	return limit;
}

/* A refusal counts until the reset, also while a probe is allowed. */
static bool is_spent(const struct key *key, enum bucket bucket, int64_t now)
{
	return now < key->quota[bucket].spent_until || quota_left(&key->quota[bucket], now) == 0;
}

const char *key_reason(const struct key *key, int64_t now)
{
	if (key->entry_state == ENTRY_PAUSED_BY_CONFIG)
		return "YOUTUBE_API_KEYS no longer names it";
	if (key->entry_state != ENTRY_ACTIVE || (key->health != KEY_NEW && key->health != KEY_OK))
		return key->reason;
	bool searches = is_spent(key, BUCKET_SEARCHES, now);
	bool units = is_spent(key, BUCKET_UNITS, now);
	if (searches && units)
		return "searches and units used up for today";
	return searches ? "searches used up for today" : units ? "units used up for today" : NULL;
}

const char *key_state_name(const struct key *key, int64_t now)
{
	static const char *const names[KEY_HEALTH_COUNT] = {
	    [KEY_NEW] = "new",
	    [KEY_OK] = "ok",
	    [KEY_INVALID] = "invalid",
	    [KEY_EXPIRED] = "expired",
	    [KEY_RESTRICTED] = "restricted",
	    [KEY_API_OFF] = "api_off",
	    [KEY_SUSPENDED] = "suspended",
	};

	if (key->entry_state != ENTRY_ACTIVE)
		return "paused";
	if (key->health != KEY_NEW && key->health != KEY_OK)
		return names[key->health];
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		if (is_spent(key, bucket, now))
			return "spent";
	return names[key->health];
}

enum { KEY_MIN = 20, KEY_MAX = KEY_SIZE - 1 };

bool key_check(const char *text, struct error *err)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t len = strlen(text);

	if (len < KEY_MIN || len > KEY_MAX || strspn(text, allowed) != len)
		return error_set(err, ERR_INVALID, "a key has %d to %d characters of A-Z a-z 0-9 _ -", KEY_MIN, KEY_MAX) ||
		       error_wrap(err, "not a key");
	return true;
}
