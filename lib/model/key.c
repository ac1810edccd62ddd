#include "model/key.h"

#include <stdlib.h>

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
	return key->presence == PRESENCE_ACTIVE && (key->health == KEY_NEW || key->health == KEY_OK) &&
	       quota_left(&key->quota[bucket], now) > 0;
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

	if (key->presence != PRESENCE_ACTIVE)
		return "paused";
	if (key->health != KEY_NEW && key->health != KEY_OK)
		return names[key->health];
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		if (now < key->quota[bucket].spent_until || quota_left(&key->quota[bucket], now) == 0)
			return "spent";
	return names[key->health];
}
