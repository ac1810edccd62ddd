/*
 * Two runs of newsreel-fetch on an empty record, hours apart, whatever YouTube answers. Input: answers by pairs of lines, a status
 * (0: the connection was cut) and a body; each is given to the next call, whichever it is, and after the last there is no network.
 * The runs end in their time, the database is sound, nobody's quota is exceeded, and every text is UTF-8.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "cron/cycle.h"
#include "model/quota_day.h"
#include "store/sqlite/connection.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/fake_clock.h"
#include "tests/support/store_fixture.h"

/* A day's quota that a few answers can use up. */
enum { RUNS = 2, INTERVAL_S = 300, PAUSE_S = 3 * 3600, SEARCHES = 3, UNITS = 4, CALL_MS = 500 };

struct answers {
	const uint8_t *data;
	size_t size;
	struct fake_clock time;
	int64_t calls[BUCKET_COUNT]; /* that reached YouTube */
};

static bool answers_get(void *context, const char *url, const char *key, struct http_response *out, struct error *err)
{
	struct answers *answers = context;

	(void)key;
	fuzz_promise_text(url);
	if (!answers->size)
		return error_set(err, ERR_UNREACHED, "no answer: no network");
	AUTO(text_free) char *status = fuzz_take_line(&answers->data, &answers->size);
	AUTO(text_free) char *body = fuzz_take_line(&answers->data, &answers->size);
	answers->calls[strstr(url, "/search?") ? BUCKET_SEARCHES : BUCKET_UNITS]++;
	answers->time.slept_ms += CALL_MS;
	*out =
	    (struct http_response){.status = (int)strtol(status, NULL, 10) % 1000, .body = BUF(HTTP_BODY_MAX), .retry_after = -1};
	if (!out->status)
		return error_set(err, ERR_UPSTREAM, "the connection was cut");
	buf_add_text(&out->body, body);
	return buf_ok(&out->body, err);
}

/* Making one takes longer than the runs: the same record is emptied for each input. */
static struct store *empty_store(void)
{
	static struct store *empty, *store;

	empty = empty ? empty : fixture_store();
	store = store ? store : fixture_store();
	sqlite3_backup *backup = sqlite3_backup_init(store->db, "main", empty->db, "main");
	PROMISE(backup != NULL);
	PROMISE(sqlite3_backup_step(backup, -1) == SQLITE_DONE);
	sqlite3_backup_finish(backup);
	return store;
}

static void promise_texts(struct store *store, const char *table)
{
	AUTO(buf_clear) struct buf sql = BUF(256);
	sqlite3_stmt *rows = NULL;

	buf_printf(&sql, "SELECT * FROM %s", table);
	PROMISE(sqlite3_prepare_v2(store->db, buf_text(&sql), -1, &rows, NULL) == SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(rows); i++)
			if (sqlite3_column_type(rows, i) == SQLITE_TEXT)
				fuzz_promise_text((const char *)sqlite3_column_text(rows, i));
	sqlite3_finalize(rows);
}

/* The one project was not asked more often than it may be, and knows of every call. */
static void promise_quota(struct store *store, const struct answers *answers)
{
	const struct quota_defaults defaults = {.per_day = {SEARCHES, UNITS}};
	AUTO(key_list_clear) struct key_list keys = {0};
	struct error err = {0};

	PROMISE(store_keys_list(store, &defaults, answers->time.now, &keys, &err));
	PROMISE(keys.count == 1);
	for (int bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		PROMISE(answers->calls[bucket] <= defaults.per_day[bucket]);
		PROMISE(answers->calls[bucket] <= keys.items[0].project.quota[bucket].used);
	}
}

static void run_once(struct cycle *cycle, struct answers *answers)
{
	AUTO(run_clear) struct run run = {0};
	struct error err = {0};
	bool no_key = true;
	bool went_on = cycle_run(cycle, &run, &no_key, &err);

	if (!went_on)
		fprintf(stderr, "%s\n", err.text);
	PROMISE(went_on && !no_key);
	PROMISE(answers->time.slept_ms <= INTERVAL_S * 1000);
	if (run.error)
		fuzz_promise_text(run.error);
	answers->time.now += PAUSE_S;
	answers->time.slept_ms = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const tables[] = {"video", "channel", "quarantine", "query", "api_key", "project", "meta", "run"};
	static char key[] = "key-a-of-project-one-00", rocket[] = "rocket", moon[] = "moon landing";
	char *keys[] = {key}, *queries[] = {rocket, moon};
	struct config config = {.interval_s = INTERVAL_S,
	                        .start_days = 7,
	                        .searches_per_day = SEARCHES,
	                        .units_per_day = UNITS,
	                        .refresh_days = 25,
	                        .api_keys = {.items = keys, .count = 1},
	                        .queries = {.items = queries, .count = 2}};
	struct answers answers = {.data = data, .size = size, .time = {.now = FIXTURE_NOW}};
	struct store *store = empty_store();
	struct cycle cycle = {.store = store,
	                      .config = &config,
	                      .youtube = {.base_url = "http://127.0.0.1/youtube/v3",
	                                  .transport = {.get = answers_get, .context = &answers}},
	                      .clock = fake_clock(&answers.time),
	                      .random = 1};
	struct error err = {0};

	log_set_level(LOG_ERROR);
	PROMISE(quota_day_open(&err));
	for (int i = 0; i < RUNS; i++)
		run_once(&cycle, &answers);
	fixture_check(store);
	promise_quota(store, &answers);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		promise_texts(store, tables[i]);
	return 0;
}
