#include "model/key.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "model/quota_day.h"

const char *error_class_name(enum error_class class)
{
	static const char *const names[CLASS_COUNT] = {
	    [CLASS_OK] = "ok",
	    [CLASS_QUOTA_SPENT] = "quota",
	    [CLASS_KEY_BAD] = "key",
	    [CLASS_TEMPORARY] = "temporary",
	    [CLASS_UNREACHED] = "unreached",
	    [CLASS_NEXT_KEY] = "refused",
	    [CLASS_FORBIDDEN] = "forbidden",
	    [CLASS_REQUEST] = "request",
	    [CLASS_GONE] = "gone",
	};

	return names[class];
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

bool key_is_good(const struct key *key)
{
	return key->entry_state == ENTRY_ACTIVE && (key->health == KEY_NEW || key->health == KEY_OK);
}

bool key_is_usable(const struct key *key, enum bucket bucket, int64_t now)
{
	return key_is_good(key) && quota_left(&key->project.quota[bucket], now) > 0;
}

/* ---- projects ---- */

static bool is_active(const struct key *key)
{
	return key->entry_state == ENTRY_ACTIVE;
}

/* The first key of the PROJECT that IS so (NULL: any), NULL when there is none. */
static const struct key *find(const struct key_list *list, int64_t project, bool (*is)(const struct key *))
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].project.id == project && (!is || is(&list->items[i])))
			return &list->items[i];
	return NULL;
}

const struct key *key_list_next_project(const struct key_list *list, const struct key *after)
{
	for (size_t i = after ? (size_t)(after - list->items) + 1 : 0; i < list->count; i++)
		if (find(list, list->items[i].project.id, NULL) == &list->items[i])
			return &list->items[i];
	return NULL;
}

bool key_list_any_good(const struct key_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (key_is_good(&list->items[i]))
			return true;
	return false;
}

bool key_list_any_bad(const struct key_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (is_active(&list->items[i]) && !key_is_good(&list->items[i]))
			return true;
	return false;
}

int64_t key_list_left(const struct key_list *list, enum bucket bucket, int64_t now)
{
	int64_t left = 0;

	for (const struct key *key = NULL; (key = key_list_next_project(list, key));)
		if (find(list, key->project.id, key_is_good))
			left += quota_left(&key->project.quota[bucket], now);
	return left;
}

int64_t key_list_limit(const struct key_list *list, enum bucket bucket)
{
	int64_t limit = 0;

	for (const struct key *key = NULL; (key = key_list_next_project(list, key));)
		if (find(list, key->project.id, is_active))
			limit += key->project.quota[bucket].limit;
	return limit;
}

/* ---- states ---- */

const char *key_reason(const struct key *key, int64_t now)
{
	if (key->entry_state == ENTRY_PAUSED_BY_CONFIG)
		return "no longer in YOUTUBE_API_KEYS";
	if (!key_is_good(key))
		return key->reason;
	bool searches = quota_is_spent(&key->project.quota[BUCKET_SEARCHES], now);
	bool units = quota_is_spent(&key->project.quota[BUCKET_UNITS], now);
	if (searches && units)
		return "searches and units used up for today";
	return searches ? "searches used up for today" : units ? "units used up for today" : NULL;
}

int key_state(const struct key *key, int64_t now)
{
	if (key->entry_state != ENTRY_ACTIVE)
		return KEY_PAUSED;
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		if (key_is_good(key) && quota_is_spent(&key->project.quota[bucket], now))
			return KEY_SPENT;
	return (int)key->health;
}

const char *key_state_name(const struct key *key, int64_t now)
{
	static const char *const names[KEY_STATE_COUNT] = {
	    [KEY_NEW] = "new",
	    [KEY_OK] = "ok",
	    [KEY_INVALID] = "invalid",
	    [KEY_EXPIRED] = "expired",
	    [KEY_RESTRICTED] = "restricted",
	    [KEY_API_OFF] = "api_off",
	    [KEY_SUSPENDED] = "suspended",
	    [KEY_PAUSED] = "paused",
	    [KEY_SPENT] = "spent",
	};

	return names[key_state(key, now)];
}

enum { KEY_MIN = 20, KEY_MAX = KEY_SIZE - 1 };

bool key_check(const char *text, struct error *err)
{
	static const char allowed[] = TEXT_ALPHANUMERIC "_-";
	size_t len = strlen(text);

	if (len < KEY_MIN || len > KEY_MAX || strspn(text, allowed) != len)
		return error_set(err, ERR_INVALID, "a key has %d to %d characters of A-Z a-z 0-9 _ -", KEY_MIN, KEY_MAX) ||
		       error_wrap(err, "not a key");
	return true;
}

/* ---- JSON ---- */

void key_write_json(struct writer *w, const struct key *key, int64_t now)
{
	char mask[CRYPTO_MASK_SIZE];

	crypto_mask(key->secret, mask);
	write_object(w, NULL);
	write_int(w, "id", key->id);
	write_text(w, "key", mask);
	write_text(w, "label", key->label);
	write_text(w, "state", key_state_name(key, now));
	write_text(w, "reason", key_reason(key, now));
	write_filled_text(w, "project", key->project.number);
	project_write_quota(w, &key->project);
	write_time(w, "resets_at", quota_day_end(now));
	write_time(w, "last_used_at", key->used_at);
	write_end(w);
}

void key_list_write_projects(struct writer *w, const char *name, const struct key_list *list)
{
	write_array(w, name);
	for (const struct key *first = NULL; (first = key_list_next_project(list, first));) {
		write_object(w, NULL);
		write_filled_text(w, "project", first->project.number);
		project_write_quota(w, &first->project);
		write_array(w, "keys");
		for (size_t i = 0; i < list->count; i++)
			if (list->items[i].project.id == first->project.id)
				write_int(w, NULL, list->items[i].id);
		write_end(w);
		write_end(w);
	}
	write_end(w);
}
