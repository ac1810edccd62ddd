/* How a status is judged: the summary, whether it is healthy, and that warnings and summary agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "model/status.h"

enum { NOW = 1795341600, HOUR = 3600 }; /* 2026-11-22T10:00:00Z */

/* All is well: a query that was polled a minute ago with one of two keys, each of a project of its own. */
struct fixture {
	struct key keys[2];
	struct query query;
	struct status status;
};

static struct key good_key(int64_t id)
{
	return (
	    struct key){.id = id,
	                .health = KEY_OK,
	                .created_at = NOW - 1000 * HOUR,
	                .project = {.id = id, .quota = {[BUCKET_SEARCHES] = {.limit = 100}, [BUCKET_UNITS] = {.limit = 10000}}}};
}

static struct fixture *set_up(void)
{
	static struct fixture f;

	text_list_clear(&f.status.warnings);
	free(f.status.failure);
	f = (struct fixture){.keys = {good_key(1), good_key(2)}, .query = {.id = 1, .created_at = NOW - 1000 * HOUR}};
	f.status = (struct status){.now = NOW,
	                           .interval_s = 60,
	                           .last_run_at = NOW - 60,
	                           .last_success_at = NOW - 60,
	                           .queries = {&f.query, 1},
	                           .keys = {f.keys, 2},
	                           .resets_at = NOW + 22 * HOUR,
	                           .room_bytes = INT64_MAX};
	return &f;
}

static bool warns(const struct status *status, const char *words)
{
	for (size_t i = 0; i < status->warnings.count; i++)
		if (strstr(status->warnings.items[i], words))
			return true;
	return false;
}

static void assert_judged(struct fixture *f, enum summary summary, bool healthy)
{
	struct error err;

	assert_true(status_judge(&f->status, &err));
	assert_string_equal(summary_words(f->status.summary), summary_words(summary));
	assert_int_equal(f->status.healthy, healthy);
	assert_int_equal(f->status.warnings.count == 0, summary == SUMMARY_GOOD);
}

static void good_is_without_warnings(void **state)
{
	(void)state;
	assert_judged(set_up(), SUMMARY_GOOD, true);
}

static void a_full_disk_outweighs_all_else(void **state)
{
	struct fixture *f = set_up();

	(void)state;
	f->status.room_bytes = 0;
	f->status.keys.count = 0;
	assert_judged(f, SUMMARY_NO_ROOM, false);
	assert_false(f->status.writable);
	assert_true(warns(&f->status, "full or read-only") && warns(&f->status, "there is no API key"));
	f->status.room_bytes = 1024 * 1024;
	assert_judged(f, SUMMARY_NO_KEY, true);
	assert_true(f->status.writable);
}

static void runs_that_stopped_are_no_health(void **state)
{
	struct fixture *f = set_up();

	(void)state;
	f->status.last_run_at = NOW - 16 * 60;
	assert_judged(f, SUMMARY_STOPPED, false);
	f->status.started_at = NOW - 60; /* since then there was no time for one */
	assert_judged(f, SUMMARY_GOOD, true);
	f->status.last_run_at = 0;
	assert_judged(f, SUMMARY_NEW, true);
	f->status.started_at = NOW - 16 * 60;
	assert_judged(f, SUMMARY_STOPPED, false);
	f->status.started_at = 0; /* unknown */
	assert_judged(f, SUMMARY_NEW, true);
}

static void silence_is_no_health_after_three_hours_or_three_pauses(void **state)
{
	struct fixture *f = set_up();

	(void)state;
	f->status.last_success_at = NOW - 3 * HOUR;
	assert_judged(f, SUMMARY_GOOD, true);
	f->status.last_success_at--;
	assert_judged(f, SUMMARY_SILENT, false);
	assert_true(warns(&f->status, "no successful poll for 3 hours"));
	/* 6 searches a day over both projects: four hours between two */
	f->keys[0].project.quota[BUCKET_SEARCHES].limit = f->keys[1].project.quota[BUCKET_SEARCHES].limit = 3;
	f->status.last_success_at = NOW - 12 * HOUR;
	assert_judged(f, SUMMARY_GOOD, true);
	f->status.last_success_at--;
	assert_judged(f, SUMMARY_SILENT, false);
	/* A run every five hours. */
	f->status.interval_s = 5 * HOUR;
	assert_judged(f, SUMMARY_GOOD, true);
	f->status.last_success_at = NOW - 15 * HOUR - 1;
	assert_judged(f, SUMMARY_SILENT, false);
}

static void silence_counts_from_the_first_key_and_query(void **state)
{
	struct fixture *f = set_up();

	(void)state;
	f->status.last_success_at = NOW - 100 * HOUR;
	f->keys[0].created_at = f->keys[1].created_at = NOW - HOUR;
	assert_judged(f, SUMMARY_GOOD, true);
	f->keys[1].created_at = NOW - 4 * HOUR;
	assert_judged(f, SUMMARY_SILENT, false);
	f->status.last_success_at = 0;
	f->query.created_at = NOW - HOUR;
	assert_judged(f, SUMMARY_GOOD, true);
	f->query.created_at = NOW - 4 * HOUR;
	assert_judged(f, SUMMARY_SILENT, false);
	f->query.entry_state = ENTRY_PAUSED_BY_OWNER;
	assert_judged(f, SUMMARY_NO_QUERY, true);
}

static void silence_without_key_or_quota_is_healthy(void **state)
{
	struct fixture *f = set_up();

	(void)state;
	f->status.last_success_at = NOW - 70 * HOUR;
	f->keys[0].project.quota[BUCKET_SEARCHES].used = f->keys[1].project.quota[BUCKET_SEARCHES].used = 100;
	assert_judged(f, SUMMARY_SPENT, true);
	assert_true(warns(&f->status, "no searches left today") && warns(&f->status, "no successful poll for 70 hours"));
	f->status.keys.count = 0;
	assert_judged(f, SUMMARY_NO_KEY, true);
}

static void only_bad_keys_are_no_health_after_a_while(void **state)
{
	struct fixture *f = set_up();

	(void)state;
	f->keys[0].health = f->keys[1].health = KEY_INVALID;
	assert_judged(f, SUMMARY_NO_GOOD_KEY, true);
	f->status.last_success_at = NOW - 4 * HOUR;
	assert_judged(f, SUMMARY_NO_GOOD_KEY, false);
	assert_false(warns(&f->status, "no successful poll"));
}

static void one_bad_key_beside_a_good_one_is_a_warning(void **state)
{
	struct fixture *f = set_up();

	(void)state;
	f->keys[0].health = KEY_INVALID;
	assert_judged(f, SUMMARY_ATTENTION, true);
	assert_true(warns(&f->status, "an API key cannot be used"));
	f->keys[0].entry_state = ENTRY_PAUSED_BY_OWNER; /* that is what the owner wants */
	assert_judged(f, SUMMARY_GOOD, true);
}

static void a_failure_is_told(void **state)
{
	struct fixture *f = set_up();
	struct error err;

	(void)state;
	assert_true(text_copy("no answer: Could not connect to server", &f->status.failure, &err));
	assert_judged(f, SUMMARY_FAILING, true);
	assert_true(warns(&f->status, "Could not connect to server"));
	f->status.keys.count = 0;
	assert_judged(f, SUMMARY_NO_KEY, true);
	assert_false(warns(&f->status, "Could not connect to server"));
}

static void a_scheduled_backup_that_fails_or_is_old_is_told(void **state)
{
	struct fixture *f = set_up();
	struct error err;

	(void)state;
	f->status.backup.succeeded_at = NOW - 48 * HOUR - 1;
	assert_judged(f, SUMMARY_GOOD, true); /* none is scheduled */
	f->status.backup.wanted_since = NOW - 48 * HOUR;
	assert_judged(f, SUMMARY_GOOD, true); /* nor was it for two days */
	f->status.backup.wanted_since--;
	assert_judged(f, SUMMARY_ATTENTION, true);
	assert_true(warns(&f->status, "no backup for 2 days: "));
	f->status.backup.succeeded_at++;
	assert_judged(f, SUMMARY_GOOD, true);
	assert_true(text_copy("/mnt/backups: No space left on device", &f->status.backup.error, &err));
	assert_judged(f, SUMMARY_ATTENTION, true);
	assert_true(warns(&f->status, "the last backup failed"));
	assert_false(warns(&f->status, "/mnt"));
	backup_log_clear(&f->status.backup);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_is_without_warnings),
	    cmocka_unit_test(a_full_disk_outweighs_all_else),
	    cmocka_unit_test(runs_that_stopped_are_no_health),
	    cmocka_unit_test(silence_is_no_health_after_three_hours_or_three_pauses),
	    cmocka_unit_test(silence_counts_from_the_first_key_and_query),
	    cmocka_unit_test(silence_without_key_or_quota_is_healthy),
	    cmocka_unit_test(only_bad_keys_are_no_health_after_a_while),
	    cmocka_unit_test(one_bad_key_beside_a_good_one_is_a_warning),
	    cmocka_unit_test(a_failure_is_told),
	    cmocka_unit_test(a_scheduled_backup_that_fails_or_is_old_is_told),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	set_up(); /* releases what the last one made */
	return failed;
}
