#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "cron/status.h"
#include "store/coverage.h"
#include "store/keys.h"
#include "store/upkeep/quarantine.h"
#include "store/queries.h"
#include "store/runs.h"
#include "store/status.h"
#include "tests/support/flow.h"
#include "tests/support/store_fixture.h"

#define KEY_A "AIzaThisIsNoKeyOfAnybody0123456789-_x4Qk"
#define KEY_B "AIzaThisIsAnotherOneOfNobody0123456-_z9Wp"

static cJSON *body(const struct flow *flow)
{
	cJSON *json = NULL;
	struct error err;

	assert_true(json_parse(flow_body(flow), strlen(flow_body(flow)), &json, &err));
	return json;
}

static cJSON *get(struct flow *flow, const char *url, const char *token)
{
	assert_int_equal(flow_request(flow, "GET", url, NULL, token), 200);
	return body(flow);
}

/* The warning that contains TEXT, NULL when there is none. */
static const char *warning(const cJSON *status, const char *text)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, json_array(status, "warnings"))
	{
		if (strstr(item->valuestring, text))
			return item->valuestring;
	}
	return NULL;
}

static void add_run(struct flow *flow, int64_t at, const char *error)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	struct run run = {
	    .started_at = at - 3, .finished_at = at, .searches = 1, .units = 2, .added = 3, .gone = 4, .hidden = 5, .ms = 2900};
	char words[200];
	struct error err;

	assert_true(store_run_begin(store, run.started_at, &run.id, &err));
	snprintf(words, sizeof(words), "%s", error ? error : "");
	run.error = error ? words : NULL;
	assert_true(store_run_finish(store, &run, &err));
}

static void add_keys(struct flow *flow)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;
	int64_t a;
	int64_t b;

	assert_true(store_key_add(store, KEY_A, "spare", FLOW_NOW, &a, &err));
	assert_true(store_key_add(store, KEY_B, NULL, FLOW_NOW, &b, &err));
	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, FLOW_NOW, &err));
	assert_true(store_key_learn_project(store, a, "4711", &err) && store_key_learn_project(store, b, "4711", &err));
}

/* A poll of the query that went well at TIME, or failed with the words ERROR. */
static void poll(struct flow *flow, int64_t query, int64_t time, const char *error)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	struct poll poll = {.query_id = query, .at = time, .error = error};
	struct interval items[] = {{.since = time - 86400, .until = time - 3600, .reason = GAP_NOT_REACHED},
	                           {.since = time - 3600, .until = time, .read_at = time}};
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct error err;

	assert_true(coverage_set(&coverage, &items[1], &err) && coverage_set(&coverage, &items[0], &err));
	assert_true(store_coverage_write(store, query, &coverage, time, &err));
	assert_true(store_query_polled(store, &poll, &err));
}

static void a_good_status_has_no_warnings(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "cats");

	add_keys(flow);
	poll(flow, query, FLOW_NOW - 60, NULL);
	add_run(flow, FLOW_NOW - 60, NULL);
	AUTO(json_free) cJSON *status = get(flow, "/api/status", NULL);
	assert_string_equal(json_text(status, "status"), "ok");
	assert_int_equal(cJSON_GetArraySize(json_array(status, "warnings")), 0);
	assert_string_equal(json_text(status, "last_run_at"), "2026-11-22T09:59:00Z");
	assert_string_equal(json_text(status, "last_success_at"), "2026-11-22T09:59:00Z");
	const cJSON *run = cJSON_GetArrayItem(json_array(status, "runs"), 0);
	int64_t number;
	assert_true(json_int(run, "gone", &number));
	assert_int_equal(number, 4);
	assert_true(json_int(run, "ms", &number));
	assert_int_equal(number, 2900);
}

static void strangers_see_neither_keys_nor_visitors_queries(void **state)
{
	struct flow *flow = *state;

	flow_add_query(flow, "cats");
	add_keys(flow);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a+secret+wish", NULL), 202);
	AUTO(json_free) cJSON *status = get(flow, "/api/status", NULL);
	assert_false(flow_body_has(flow, "secret"));
	static const char *const owners[] = {
	    "keys",       "projects",     "left",           "planned",        "version",      "resets_at",    "visitor_queries",
	    "size_bytes", "fts_segments", "videos_waiting", "last_backup_at", "backup_error", "recount_units"};
	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
		assert_null(cJSON_GetObjectItem(status, owners[i]));
	assert_false(flow_body_has(flow, "AIza") || flow_body_has(flow, "4711"));
	assert_int_equal(flow_request(flow, "GET", "/api/status", NULL, "wrong-token"), 401);
	assert_int_equal(flow_request(flow, "GET", "/api/status?x=1", NULL, NULL), 400);
}

static void the_owner_sees_what_is_left_and_planned(void **state)
{
	struct flow *flow = *state;
	struct schedule_table schedule = {.of = {[BUDGET_NEWEST] = {.planned = 40}, [BUDGET_GAPS] = {.planned = 7}}};
	struct error err;
	int64_t number;

	add_keys(flow);
	flow_add_video(flow, "aaaaaaaaaaA", "cats", FLOW_NOW, 0);
	{
		AUTO(store_close) struct store *store = flow_open(flow);
		struct run run = {.started_at = FLOW_NOW, .finished_at = FLOW_NOW, .recount_units = 3};
		assert_true(store_run_begin(store, FLOW_NOW, &run.id, &err) && store_run_finish(store, &run, &err));
		assert_true(
		    store_schedule_write(store, FLOW_NOW - 2 * 3600, &schedule, &err)); /* 08:00 UTC: midnight Pacific time */
	}
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a+secret+wish", NULL), 202);
	AUTO(json_free) cJSON *status = get(flow, "/api/status", FLOW_TOKEN);
	assert_false(flow_body_has(flow, "secret") || flow_body_has(flow, KEY_A));
	assert_true(json_int(status, "visitor_queries", &number));
	assert_int_equal(number, 1);
	assert_true(json_int(json_object(status, "left"), "searches", &number));
	assert_int_equal(number, 99); /* two keys, one project */
	assert_true(json_int(json_object(status, "planned"), "newest", &number));
	assert_int_equal(number, 40);
	assert_true(json_int(json_object(status, "planned"), "gaps", &number));
	assert_int_equal(number, 7);
	assert_true(json_int(status, "recount_units", &number));
	assert_int_equal(number, 3);
	assert_true(json_int(status, "fts_segments", &number));
	assert_int_equal(number, 1);
	assert_true(json_int(status, "size_bytes", &number));
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(status, "last_backup_at")));
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(status, "backup_error")));
	assert_true(number > 10000);
	assert_true(json_int(status, "videos_waiting", &number));
	assert_int_equal(number, 1);
	assert_int_equal(cJSON_GetArraySize(json_array(status, "projects")), 1);
	assert_true(flow_body_has(flow, "{\"project\":\"4711\",\"searches\":{\"used\":1,\"limit\":100},\"units\":{\"used\":0,"
	                                "\"limit\":10000},\"keys\":[1,2]}"));
	assert_string_equal(json_text(status, "version"), NEWSREEL_VERSION);
}

static void queries_and_keys_are_told_as_by_their_own_addresses(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "cats");

	add_keys(flow);
	flow_add_video(flow, "aaaaaaaaaaA", "cats", FLOW_NOW, query);
	poll(flow, query, FLOW_NOW - 60, "YouTube has a fault of its own: newsreel retries automatically");
	AUTO(json_free) cJSON *status = get(flow, "/api/status", FLOW_TOKEN);
	AUTO(json_free) cJSON *queries = get(flow, "/api/queries", FLOW_TOKEN);
	AUTO(json_free) cJSON *keys = get(flow, "/api/api_key", FLOW_TOKEN);
	assert_int_equal(cJSON_GetArraySize(json_array(queries, "results")), 1);
	assert_true(cJSON_Compare(json_array(status, "queries"), json_array(queries, "results"), true));
	assert_true(cJSON_Compare(json_array(status, "keys"), json_array(keys, "results"), true));
}

/* What the command prints for STATUS. */
static void printed(const struct status *status, bool json, char *out, size_t size)
{
	FILE *file = tmpfile();
	struct error err;

	assert_non_null(file);
	assert_true(status_print(status, json, file, &err));
	rewind(file);
	out[fread(out, 1, size - 1, file)] = '\0';
	fclose(file);
}

static void the_command_says_the_same(void **state)
{
	struct flow *flow = *state;
	AUTO(status_clear) struct status status = {0};
	AUTO(store_close) struct store *store = NULL;
	struct quota_defaults quota = config_quota_defaults(&flow->config);
	cJSON *said = NULL;
	char text[16 * 1024];
	struct error err;
	int64_t query = flow_add_query(flow, "cats");

	add_keys(flow);
	poll(flow, query, FLOW_NOW - 60, "YouTube has a fault of its own: newsreel retries automatically");
	add_run(flow, FLOW_NOW - 60, "words of a fault: do something");
	AUTO(json_free) cJSON *answered = get(flow, "/api/status", FLOW_TOKEN);
	store = flow_open(flow);
	assert_true(store_status_read(store, &quota, flow->config.interval_s, 0, FLOW_NOW, &status, &err));
	assert_true(store_queries_read_gaps(store, status.queries.items, status.queries.count, &err));
	printed(&status, true, text, sizeof(text));
	assert_true(json_parse(text, strlen(text), &said, &err));
	bool same = cJSON_Compare(answered, said, true);
	json_free(&said);
	assert_true(same);

	static const char *const words[] = {
	    "cats",  "fault of its own", "words of a fault",     "99 searches", "4711", "AIza…x4Qk",
	    "spare", "gap from",         "2026-11-23T08:00:00Z", "newest 0"};
	printed(&status, false, text, sizeof(text));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strstr(text, words[i]))
			fail_msg("'%s' is not in: %s", words[i], text);
	assert_null(strstr(text, KEY_A));
}

static void it_warns_of_what_needs_the_owner(void **state)
{
	struct flow *flow = *state;
	struct error err;
	int64_t hidden;
	bool left;

	AUTO(json_free) cJSON *empty = get(flow, "/api/status", NULL);
	assert_string_equal(json_text(empty, "status"), "attention");
	assert_non_null(warning(empty, "no run has finished yet"));
	assert_non_null(warning(empty, "there is no API key"));

	add_keys(flow);
	flow_add_query(flow, "cats");
	flow_add_query(flow, "dogs");
	flow_add_video(flow, "aaaaaaaaaaA", "cats", FLOW_NOW, 1);
	AUTO(store_close) struct store *store = flow_open(flow);
	assert_true(store_quarantine_hide(store, FLOW_NOW + 1, 10, &hidden, &left, &err));
	struct key_change one = {.sets_limit = {[BUCKET_SEARCHES] = true}, .limit = {[BUCKET_SEARCHES] = 1}};
	assert_true(store_key_change(store, 1, &one, FLOW_NOW, &err));
	add_run(flow, FLOW_NOW, NULL);
	flow->time.now = FLOW_NOW + 4 * 86400;
	AUTO(json_free) cJSON *status = get(flow, "/api/status", NULL);
	assert_null(warning(status, "there is no API key"));
	assert_non_null(warning(status, "no run for 5760 minutes"));
	assert_non_null(warning(status, "2 queries share 1 searches a day"));
	assert_non_null(warning(status, "no successful poll for 96 hours"));
	assert_non_null(warning(status, "1 videos are hidden, waiting for a re-check"));

	assert_true(store_key_set_health(store, 1, KEY_INVALID, "words", FLOW_NOW, &err));
	assert_true(store_key_set_health(store, 2, KEY_SUSPENDED, "words", FLOW_NOW, &err));
	AUTO(json_free) cJSON *keyless = get(flow, "/api/status", NULL);
	assert_non_null(warning(keyless, "no usable API key"));
	assert_null(warning(keyless, "no successful poll")); /* that says it */
}

static void it_tells_while_the_search_index_is_not_complete(void **state)
{
	struct flow *flow = *state;
	struct error err;
	int64_t indexed, left;

	flow_add_video(flow, "aaaaaaaaaaA", "cats", FLOW_NOW, 0);
	AUTO(store_close) struct store *store = flow_open(flow);
	assert_true(store_bulk_begin(store, &err)); /* an import, that ends early */
	fixture_save(store, "aaaaaaaaaaE", "more cats", "", NULL, FLOW_NOW, SOURCE_IMPORT);
	assert_true(store_bulk_end(store, &err));
	AUTO(json_free) cJSON *filling = get(flow, "/api/status", NULL);
	assert_true(json_int(filling, "videos_indexed", &indexed));
	assert_int_equal(indexed, 1);
	assert_non_null(warning(filling, "search index: 1 of 2 videos so far"));
	assert_true(store_upkeep(store, 10, &left, &err));
	AUTO(json_free) cJSON *complete = get(flow, "/api/status", NULL);
	assert_true(json_int(complete, "videos_indexed", &indexed));
	assert_int_equal(indexed, 2);
	assert_null(warning(complete, "search index"));
}

static void a_search_a_day_is_given_time(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "cats");
	struct key_change one = {.sets_limit = {[BUCKET_SEARCHES] = true}, .limit = {[BUCKET_SEARCHES] = 1}};
	struct error err;

	add_keys(flow);
	poll(flow, query, FLOW_NOW, NULL);
	AUTO(store_close) struct store *store = flow_open(flow);
	assert_true(store_key_change(store, 1, &one, FLOW_NOW, &err));
	flow->time.now = FLOW_NOW + 3 * 86400;
	AUTO(json_free) cJSON *patient = get(flow, "/api/status", NULL);
	assert_null(warning(patient, "no successful poll"));
	flow->time.now++;
	AUTO(json_free) cJSON *impatient = get(flow, "/api/status", NULL);
	assert_non_null(warning(impatient, "no successful poll"));
}

/* What /api/status, /healthz, the page, /metrics and the command say, each in its way; HEALTH is the status of /healthz. */
static void assert_all_say(struct flow *flow, const char *words, int health)
{
	struct quota_defaults quota = config_quota_defaults(&flow->config);
	AUTO(status_clear) struct status status = {0};
	AUTO(store_close) struct store *store = flow_open(flow);
	bool good = strcmp(words, "Running normally") == 0;
	char text[16 * 1024];
	char expected[128];
	struct error err;

	print_message("%s\n", words);
	AUTO(json_free) cJSON *api = get(flow, "/api/status", NULL);
	assert_string_equal(json_text(api, "summary"), words);
	assert_string_equal(json_text(api, "status"), good ? "ok" : "attention");
	assert_int_equal(flow_get(flow, "/healthz"), health);
	AUTO(json_free) cJSON *answered = body(flow);
	assert_string_equal(json_text(answered, "status"), good ? "ok" : words);
	assert_true(cJSON_Compare(json_array(answered, "warnings"), json_array(api, "warnings"), true));
	assert_int_equal(flow_get(flow, "/status"), 200);
	snprintf(expected, sizeof(expected), "<strong>%s.</strong>", words);
	assert_true(flow_body_has(flow, expected));
	assert_int_equal(flow_get(flow, "/metrics"), 200);
	snprintf(expected, sizeof(expected), "\nnewsreel_healthy %d\n", health == 200);
	assert_true(flow_body_has(flow, expected));
	snprintf(expected, sizeof(expected), "\nnewsreel_warnings %d\n", cJSON_GetArraySize(json_array(api, "warnings")));
	assert_true(flow_body_has(flow, expected));
	assert_true(
	    store_status_read(store, &quota, flow->config.interval_s, flow->shared.started_at, flow->time.now, &status, &err));
	printed(&status, false, text, sizeof(text));
	snprintf(expected, sizeof(expected), "status     %s\n", words);
	assert_non_null(strstr(text, expected));
}

static void youtube_out_of_reach_is_said_by_all(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "cats");

	add_keys(flow);
	poll(flow, query, FLOW_NOW, NULL);
	add_run(flow, FLOW_NOW, NULL);
	assert_all_say(flow, "Running normally", 200);
	for (int64_t minute = 1; minute <= 60; minute++)
		add_run(flow, FLOW_NOW + minute * 60, "no answer: Could not connect to server");
	flow->time.now = FLOW_NOW + 61 * 60;
	assert_all_say(flow, "The last run failed", 200);
	assert_true(flow_get(flow, "/") == 200 && flow_body_has(flow, "last run failed"));
	flow->time.now = FLOW_NOW + 3 * 3600;
	add_run(flow, flow->time.now, "no answer: Could not connect to server");
	assert_all_say(flow, "The last run failed", 200);
	flow->time.now++;
	assert_all_say(flow, "No successful poll for too long", 503);
	poll(flow, query, flow->time.now, NULL);
	assert_all_say(flow, "Running normally", 200);
	assert_true(flow_get(flow, "/") == 200 && !flow_body_has(flow, "last run failed"));
}

/* A run in which nothing was due says nothing of YouTube. */
static void an_idle_run_ends_no_failure(void **state)
{
	struct flow *flow = *state;
	struct run idle = {.started_at = FLOW_NOW - 30, .finished_at = FLOW_NOW - 30};
	struct error err;

	add_keys(flow);
	flow_add_query(flow, "cats");
	add_run(flow, FLOW_NOW - 60, "YouTube has a fault of its own");
	AUTO(store_close) struct store *store = flow_open(flow);
	assert_true(store_run_begin(store, idle.started_at, &idle.id, &err) && store_run_finish(store, &idle, &err));
	assert_all_say(flow, "The last run failed", 200);
	add_run(flow, FLOW_NOW, NULL);
	assert_all_say(flow, "Running normally", 200);
}

static void one_bad_key_is_said_as_a_warning(void **state)
{
	struct flow *flow = *state;
	struct error err;

	add_keys(flow);
	poll(flow, flow_add_query(flow, "cats"), FLOW_NOW, NULL);
	add_run(flow, FLOW_NOW, NULL);
	AUTO(store_close) struct store *store = flow_open(flow);
	assert_true(store_key_set_health(store, 1, KEY_INVALID, "words", FLOW_NOW, &err));
	assert_all_say(flow, "Running, with warnings", 200);
}

static bool has_text(const char *page, size_t len, const char *text)
{
	for (size_t at = 0; at + strlen(text) <= len; at++)
		if (memcmp(page + at, text, strlen(text)) == 0)
			return true;
	return false;
}

/* Overwrites every page of the file that holds TEXT but the first, which says what the others are. */
static void damage(const struct flow *flow, const char *text)
{
	enum { PAGE = 4096 };
	char page[PAGE], rubbish[PAGE];
	FILE *file = fopen(flow->served_path, "r+b");
	int damaged = 0;

	assert_non_null(file);
	if (!file)
		return;
	memset(rubbish, 0xFF, sizeof(rubbish));
	for (long at = 0; fread(page, 1, PAGE, file) == PAGE; at += PAGE) {
		if (at == 0 || !has_text(page, PAGE, text))
			continue;
		assert_int_equal(fseek(file, at, SEEK_SET), 0);
		assert_int_equal(fwrite(rubbish, 1, PAGE, file), PAGE);
		assert_int_equal(fseek(file, at + PAGE, SEEK_SET), 0);
		damaged++;
	}
	assert_true(damaged > 0);
	assert_int_equal(fclose(file), 0);
}

static void a_damaged_database_is_neither_ready_nor_healthy(void **state)
{
	struct flow *flow = *state;

	if (test_database_is_postgres()) /* whose files are the server's business */
		skip();
	for (int i = 0; i < 40; i++) {
		char id[24];

		snprintf(id, sizeof(id), "video%05dA", i);
		flow_add_video(flow, id, "A title that is easy to find", FLOW_NOW - i, 0);
	}
	damage(flow, "A title that is easy to find");
	assert_int_equal(flow_get(flow, "/"), 500);
	static const char *const urls[] = {"/readyz", "/healthz"};
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_int_equal(flow_get(flow, urls[i]), 503);
		assert_true(flow_body_has(flow, "the database cannot be read: see the log"));
		assert_false(flow_body_has(flow, "malformed"));
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_good_status_has_no_warnings),
	    CASE(strangers_see_neither_keys_nor_visitors_queries),
	    CASE(the_owner_sees_what_is_left_and_planned),
	    CASE(queries_and_keys_are_told_as_by_their_own_addresses),
	    CASE(the_command_says_the_same),
	    CASE(it_warns_of_what_needs_the_owner),
	    CASE(it_tells_while_the_search_index_is_not_complete),
	    CASE(a_search_a_day_is_given_time),
	    CASE(youtube_out_of_reach_is_said_by_all),
	    CASE(an_idle_run_ends_no_failure),
	    CASE(one_bad_key_is_said_as_a_warning),
	    CASE(a_damaged_database_is_neither_ready_nor_healthy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
