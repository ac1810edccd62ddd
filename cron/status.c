#include "cron/status.h"

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/pacific.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "model/run.h"
#include "store/queries.h"
#include "store/runs.h"

/* Everything that --status shows. */
struct status {
	int64_t now;
	int64_t videos;
	bool has_run;
	struct run run;
	struct query_list queries;
	struct key_list keys;
};

static void status_clear(struct status *status)
{
	run_clear(&status->run);
	query_list_clear(&status->queries);
	key_list_clear(&status->keys);
}

static bool status_read(struct store *store, const struct quota_defaults *quota, struct status *out, struct error *err)
{
	out->has_run = store_run_last(store, &out->run, err);
	if (!out->has_run && err->code != ERR_NOT_FOUND)
		return false;
	return store_video_count(store, &out->videos, err) &&
	       store_queries_list(store, QUERIES_PUBLIC, out->now, &out->queries, err) &&
	       store_keys_list(store, quota, out->now, &out->keys, err);
}

/* ---- text ---- */

/* "2026-11-22T10:00:00Z", or OTHERWISE for 0 */
static const char *time_text(int64_t time, const char *otherwise, char text[TIMESTAMP_SIZE])
{
	if (time == 0)
		return otherwise;
	timestamp_format(time, text);
	return text;
}

static void print_run(const struct status *status, FILE *to)
{
	const struct run *run = &status->run;
	char text[TIMESTAMP_SIZE];

	if (!status->has_run) {
		fprintf(to, "last tick  none yet\n");
		return;
	}
	fprintf(to, "last tick  %s: %lld searches, %lld units, %lld new videos, %lld changed, %lld failed calls\n",
	        time_text(run->finished_at, "not finished", text), (long long)run->searches, (long long)run->units,
	        (long long)run->added, (long long)run->updated, (long long)run->failures);
	if (run->error)
		fprintf(to, "           error: %s\n", run->error);
}

static void print_query(const struct query *query, int64_t now, FILE *to)
{
	char last[TIMESTAMP_SIZE];
	char next[TIMESTAMP_SIZE];

	fprintf(to, "  %lld  %s  [%s]  %lld videos, last success %s, next poll %s\n", (long long)query->id, query->text,
	        query_state_name(query), (long long)query->videos, time_text(query->succeeded_at, "never", last),
	        query->next_poll_at <= now ? "at the next tick" : time_text(query->next_poll_at, "", next));
	for (size_t i = 0; i < query->gaps.count; i++) {
		char since[TIMESTAMP_SIZE];
		char until[TIMESTAMP_SIZE];

		fprintf(to, "     gap from %s to %s: %s\n", time_text(query->gaps.items[i].since, "", since),
		        time_text(query->gaps.items[i].until, "", until), gap_reason_text(query->gaps.items[i].reason));
	}
	if (query->error)
		fprintf(to, "     error (%lld in a row): %s\n", (long long)query->failures, query->error);
}

static void print_key(const struct key *key, int64_t now, FILE *to)
{
	char mask[SECRET_MASK_SIZE];

	secret_mask(key->secret, mask);
	fprintf(to, "  %lld  %s  [%s]", (long long)key->id, mask, key_state_name(key, now));
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		fprintf(to, "  %lld of %lld %s", (long long)key->quota[bucket].used, (long long)key->quota[bucket].limit,
		        bucket_name(bucket));
	fprintf(to, "%s%s\n", key->reason ? "  " : "", key->reason ? key->reason : "");
}

static void print_text(const struct status *status, FILE *to)
{
	char reset[TIMESTAMP_SIZE];

	fprintf(to, "videos     %lld\n", (long long)status->videos);
	print_run(status, to);
	fprintf(to, "queries    %zu\n", status->queries.count);
	for (size_t i = 0; i < status->queries.count; i++)
		print_query(&status->queries.items[i], status->now, to);
	fprintf(to, "keys       %zu, quota resets %s\n", status->keys.count, time_text(pacific_reset(status->now), "", reset));
	for (size_t i = 0; i < status->keys.count; i++)
		print_key(&status->keys.items[i], status->now, to);
}

/* ---- JSON: a member that finds no memory is missing, which the last check notices ---- */

static void add_time(cJSON *object, const char *name, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	if (time == 0)
		cJSON_AddNullToObject(object, name);
	else
		cJSON_AddStringToObject(object, name, time_text(time, "", text));
}

static void add_text(cJSON *object, const char *name, const char *text)
{
	if (text)
		cJSON_AddStringToObject(object, name, text);
	else
		cJSON_AddNullToObject(object, name);
}

static void add_run(cJSON *parent, const struct status *status)
{
	cJSON *run = status->has_run ? cJSON_AddObjectToObject(parent, "last_run") : cJSON_AddNullToObject(parent, "last_run");

	if (!status->has_run)
		return;
	add_time(run, "started_at", status->run.started_at);
	add_time(run, "finished_at", status->run.finished_at);
	cJSON_AddNumberToObject(run, "searches", (double)status->run.searches);
	cJSON_AddNumberToObject(run, "units", (double)status->run.units);
	cJSON_AddNumberToObject(run, "added", (double)status->run.added);
	cJSON_AddNumberToObject(run, "updated", (double)status->run.updated);
	cJSON_AddNumberToObject(run, "failures", (double)status->run.failures);
	add_text(run, "error", status->run.error);
}

static void add_query(cJSON *array, const struct query *query)
{
	cJSON *object = cJSON_CreateObject();
	cJSON *gaps = cJSON_AddArrayToObject(object, "gaps");

	cJSON_AddItemToArray(array, object);
	cJSON_AddNumberToObject(object, "id", (double)query->id);
	cJSON_AddStringToObject(object, "query", query->text);
	cJSON_AddStringToObject(object, "state", query_state_name(query));
	cJSON_AddNumberToObject(object, "videos", (double)query->videos);
	add_time(object, "last_success_at", query->succeeded_at);
	add_time(object, "next_poll_at", query->next_poll_at);
	add_time(object, "covered_since", query->covered_since);
	for (size_t i = 0; i < query->gaps.count; i++) {
		cJSON *gap = cJSON_CreateObject();

		cJSON_AddItemToArray(gaps, gap);
		add_time(gap, "from", query->gaps.items[i].since);
		add_time(gap, "to", query->gaps.items[i].until);
		cJSON_AddStringToObject(gap, "reason", gap_reason_text(query->gaps.items[i].reason));
	}
	add_text(object, "error", query->error);
}

static void add_key(cJSON *array, const struct key *key, int64_t now)
{
	cJSON *object = cJSON_CreateObject();
	char mask[SECRET_MASK_SIZE];

	secret_mask(key->secret, mask);
	cJSON_AddItemToArray(array, object);
	cJSON_AddNumberToObject(object, "id", (double)key->id);
	cJSON_AddStringToObject(object, "key", mask);
	cJSON_AddStringToObject(object, "state", key_state_name(key, now));
	add_text(object, "reason", key->reason);
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		cJSON *quota = cJSON_AddObjectToObject(object, bucket_name(bucket));

		cJSON_AddNumberToObject(quota, "used", (double)key->quota[bucket].used);
		cJSON_AddNumberToObject(quota, "limit", (double)key->quota[bucket].limit);
	}
}

static bool print_json(const struct status *status, FILE *to, struct error *err)
{
	AUTO(json_free) cJSON *json = cJSON_CreateObject();
	cJSON *queries = cJSON_AddArrayToObject(json, "queries");
	cJSON *keys = cJSON_AddArrayToObject(json, "keys");

	cJSON_AddNumberToObject(json, "videos", (double)status->videos);
	add_run(json, status);
	for (size_t i = 0; i < status->queries.count; i++)
		add_query(queries, &status->queries.items[i]);
	for (size_t i = 0; i < status->keys.count; i++)
		add_key(keys, &status->keys.items[i], status->now);
	add_time(json, "resets_at", pacific_reset(status->now));

	AUTO(text_free) char *text = json ? cJSON_Print(json) : NULL;
	if (!text)
		return error_no_memory(err);
	fprintf(to, "%s\n", text);
	return true;
}

bool status_print(struct store *store, const struct quota_defaults *quota, int64_t now, bool json, FILE *to, struct error *err)
{
	AUTO(status_clear) struct status status = {.now = now};

	if (!status_read(store, quota, &status, err))
		return false;
	if (json)
		return print_json(&status, to, err);
	print_text(&status, to);
	return true;
}
