#include "model/status.h"

#include <string.h>

#include "base/json.h"
#include "base/crypto.h"
#include "base/timestamp.h"

/* A member that finds no memory is missing, which the last look notices: every function takes a missing object. */

/* ---- members ---- */

struct object {
	cJSON *json;
	bool *failed;
};

static void keep(struct object to, const void *added)
{
	*to.failed = *to.failed || !added;
}

static void add_number(struct object to, const char *name, int64_t number)
{
	keep(to, cJSON_AddNumberToObject(to.json, name, (double)number));
}

static void add_text(struct object to, const char *name, const char *text)
{
	keep(to, text ? cJSON_AddStringToObject(to.json, name, text) : cJSON_AddNullToObject(to.json, name));
}

static void add_time(struct object to, const char *name, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(time, text);
	add_text(to, name, time ? text : NULL);
}

static struct object add_object(struct object to, const char *name)
{
	struct object added = {cJSON_AddObjectToObject(to.json, name), to.failed};

	keep(to, added.json);
	return added;
}

static struct object add_array(struct object to, const char *name)
{
	struct object added = {cJSON_AddArrayToObject(to.json, name), to.failed};

	keep(to, added.json);
	return added;
}

static void append(struct object to, cJSON *item)
{
	keep(to, item);
	if (item && !cJSON_AddItemToArray(to.json, item)) {
		*to.failed = true;
		cJSON_Delete(item);
	}
}

static struct object append_object(struct object to)
{
	cJSON *item = cJSON_CreateObject();

	append(to, item);
	return (struct object){*to.failed ? NULL : item, to.failed};
}

/* ---- queries and runs ---- */

static void add_gaps(struct object to, const struct coverage *gaps)
{
	struct object array = add_array(to, "gaps");

	for (size_t i = 0; i < gaps->count; i++) {
		struct object gap = append_object(array);

		add_time(gap, "from", gaps->items[i].since);
		add_time(gap, "to", gaps->items[i].until);
		add_text(gap, "reason", gap_reason_text(gaps->items[i].reason));
	}
}

static void add_query(struct object array, const struct query *query)
{
	struct object to = append_object(array);

	add_number(to, "id", query->id);
	add_text(to, "query", query->text);
	add_text(to, "state", query_state_name(query));
	add_text(to, "origin", origin_name(query->origin));
	add_number(to, "videos", query->videos);
	add_number(to, "videos_today", query->videos_today);
	add_time(to, "created_at", query->created_at);
	add_time(to, "last_success_at", query->succeeded_at);
	add_time(to, "next_poll_at", query->next_poll_at);
	add_time(to, "covered_since", query->covered_since);
	add_gaps(to, &query->gaps);
	add_text(to, "error", query->error);
}

static void add_run(struct object array, const struct run *run)
{
	struct object to = append_object(array);

	add_time(to, "started_at", run->started_at);
	add_time(to, "finished_at", run->finished_at);
	add_number(to, "searches", run->searches);
	add_number(to, "units", run->units);
	add_number(to, "added", run->added);
	add_number(to, "updated", run->updated);
	add_number(to, "skipped", run->skipped);
	add_number(to, "gone", run->gone);
	add_number(to, "hidden", run->hidden);
	add_number(to, "failures", run->failures);
	add_number(to, "ms", run->ms);
	add_text(to, "error", run->error);
}

static void add_public(struct object to, const struct status *status)
{
	add_text(to, "status", status->warnings.count ? "attention" : "ok");
	add_number(to, "videos", status->videos);
	add_number(to, "videos_hidden", status->hidden);
	add_time(to, "last_run_at", status->last_run_at);
	add_time(to, "last_success_at", status->last_success_at);
	struct object warnings = add_array(to, "warnings");
	for (size_t i = 0; i < status->warnings.count; i++)
		append(warnings, cJSON_CreateString(status->warnings.items[i]));
	struct object queries = add_array(to, "queries");
	for (size_t i = 0; i < status->queries.count; i++)
		add_query(queries, &status->queries.items[i]);
	struct object runs = add_array(to, "runs");
	for (size_t i = 0; i < status->runs.count; i++)
		add_run(runs, &status->runs.items[i]);
}

/* ---- quota ---- */

static void add_buckets(struct object to, const struct quota quota[BUCKET_COUNT])
{
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		struct object used = add_object(to, bucket_name(bucket));

		add_number(used, "used", quota[bucket].used);
		add_number(used, "limit", quota[bucket].limit);
	}
}

static void add_key(struct object array, const struct key *key, const struct status *status)
{
	struct object to = append_object(array);
	char mask[CRYPTO_MASK_SIZE];

	crypto_mask(key->secret, mask);
	add_number(to, "id", key->id);
	add_text(to, "key", mask);
	add_text(to, "label", key->label);
	add_text(to, "state", key_state_name(key, status->now));
	add_text(to, "reason", key_reason(key, status->now));
	add_text(to, "project", key->project[0] ? key->project : NULL);
	add_buckets(to, key->quota);
	add_time(to, "resets_at", status->resets_at);
	add_time(to, "last_used_at", key->used_at);
}

/* The project of the key at FIRST, unless an earlier key has it too. */
static void add_project(struct object array, const struct key_list *keys, size_t first)
{
	const struct key *key = &keys->items[first];

	for (size_t i = 0; i < first; i++)
		if (keys->items[i].project_id == key->project_id)
			return;
	struct object to = append_object(array);
	add_text(to, "project", key->project[0] ? key->project : NULL);
	add_buckets(to, key->quota);
	struct object ids = add_array(to, "keys");
	for (size_t i = first; i < keys->count; i++)
		if (keys->items[i].project_id == key->project_id)
			append(ids, cJSON_CreateNumber((double)keys->items[i].id));
}

static void add_owners(struct object to, const struct status *status)
{
	add_text(to, "version", NEWSREEL_VERSION);
	add_number(to, "videos_waiting", status->waiting);
	add_number(to, "visitor_queries", status->visitor_queries);
	add_number(to, "size_bytes", status->size_bytes);
	add_number(to, "fts_segments", status->fts_segments);
	add_time(to, "resets_at", status->resets_at);
	struct object left = add_object(to, "left");
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		add_number(left, bucket_name(bucket), key_list_left(&status->keys, bucket, status->now));
	struct object planned = add_object(to, "planned");
	for (enum budget_category category = BUDGET_ALL + 1; category < BUDGET_COUNT; category++)
		add_number(planned, budget_category_name(category), status->schedule.of[category].planned);
	struct object projects = add_array(to, "projects");
	for (size_t i = 0; i < status->keys.count; i++)
		add_project(projects, &status->keys, i);
	struct object keys = add_array(to, "keys");
	for (size_t i = 0; i < status->keys.count; i++)
		add_key(keys, &status->keys.items[i], status);
}

bool status_write_json(const struct status *status, bool owner, bool pretty, char **out, struct error *err)
{
	AUTO(json_free) cJSON *json = cJSON_CreateObject();
	bool failed = json == NULL;
	struct object to = {json, &failed};

	add_public(to, status);
	if (owner)
		add_owners(to, status);
	if (failed)
		return error_no_memory(err);
	char *text = pretty ? cJSON_Print(json) : cJSON_PrintUnformatted(json);
	if (!text)
		return error_no_memory(err);
	*out = text;
	return true;
}
