/* The text that --status prints, line by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cron/status.h"
#include "model/quota_day.h"

enum { NOW = 1795341600, HOUR = 3600 }; /* 2026-11-22T10:00:00Z */

static void assert_prints(const struct status *status, const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);
	struct error err;

	assert_non_null(to);
	assert_true(status_print(status, false, to, &err));
	assert_int_equal(fclose(to), 0);
	assert_string_equal(text, expected);
	free(text);
}

static void a_new_database_has_no_runs_queries_and_keys(void **state)
{
	struct status status = {.now = NOW, .resets_at = NOW + HOUR, .summary = SUMMARY_NEW};

	(void)state;
	assert_prints(&status, "newsreel   " NEWSREEL_VERSION "\n"
	                       "videos     0, 0 waiting for a lookup\n"
	                       "database   0 bytes, 0 full-text index segments\n"
	                       "status     newsreel has just started\n"
	                       "backup     last good one never, none scheduled (NEWSREEL_BACKUP_DIR)\n"
	                       "runs       last run never, last successful poll never\n"
	                       "queries    0 tracked, 0 visitor requests; 0 channels followed\n"
	                       "quota      0 searches and 0 units left, resets at 2026-11-22T11:00:00Z\n"
	                       "planned    newest 0 new_query 0 visitors 0 again 0 gaps 0 scouts 0\n"
	                       "keys       0\n");
}

static void push_says_what_it_brings_and_what_is_wrong(void **state)
{
	struct status status = {.now = NOW,
	                        .resets_at = NOW + HOUR,
	                        .summary = SUMMARY_GOOD,
	                        .found = {[FOUND_SEARCH] = 50, [FOUND_CHANNEL] = 11, [FOUND_PUSH] = 38, [FOUND_RSS] = 1},
	                        .push_wanted = 14,
	                        .push_alive = 12,
	                        .push_denied = 1,
	                        .push_reason = "too many",
	                        .push_hub = {.failures = 3, .error = "status 503"}};

	(void)state;
	assert_prints(&status, "newsreel   " NEWSREEL_VERSION "\n"
	                       "videos     0, 0 waiting for a lookup\n"
	                       "database   0 bytes, 0 full-text index segments\n"
	                       "status     Running normally\n"
	                       "backup     last good one never, none scheduled (NEWSREEL_BACKUP_DIR)\n"
	                       "runs       last run never, last successful poll never\n"
	                       "queries    0 tracked, 0 visitor requests; 0 channels followed\n"
	                       "push       12 of 14 channels subscribed to, 38% of what was found in 7 days (38 videos)\n"
	                       "     the hub denied 1, which are asked for again within days: too many\n"
	                       "     the hub failed (3 in a row): status 503\n"
	                       "quota      0 searches and 0 units left, resets at 2026-11-22T11:00:00Z\n"
	                       "planned    newest 0 new_query 0 visitors 0 again 0 gaps 0 scouts 0\n"
	                       "keys       0\n");
}

static void runs_polls_and_gaps_are_named_with_their_times(void **state)
{
	struct interval gap = {.since = NOW - 3 * HOUR, .until = NOW - 2 * HOUR, .reason = GAP_INTERRUPTED};
	char text[] = "solar eclipse";
	char error[] = "no answer";
	struct query query = {.id = 1,
	                      .text = text,
	                      .videos = 50,
	                      .succeeded_at = NOW - HOUR,
	                      .next_poll_at = NOW + HOUR,
	                      .covered_since = NOW - 5 * HOUR,
	                      .gaps = {&gap, 1},
	                      .found = {[FOUND_SEARCH] = 48, [FOUND_CHANNEL] = 2},
	                      .delay_s = 12 * 60,
	                      .searches = 3,
	                      .searches_day = quota_day_start(NOW),
	                      .unconfirmed = 7.4,
	                      .doubted_at = {[DOUBT_SILENCE] = NOW - HOUR},
	                      .failures = 2,
	                      .error = error};
	struct run runs[] = {{.started_at = NOW - 60},
	                     {.started_at = NOW - 120, .finished_at = NOW - 119, .searches = 1, .failures = 1, .error = error}};
	char warning[] = "a warning";
	char *warnings[] = {warning};
	struct status status = {.now = NOW,
	                        .videos = 50,
	                        .hidden = 2,
	                        .waiting = 1,
	                        .last_run_at = NOW - 119,
	                        .last_success_at = NOW - HOUR,
	                        .runs = {runs, 2},
	                        .queries = {&query, 1},
	                        .visitor_queries = 3,
	                        .backup = {.wanted_since = NOW - HOUR, .succeeded_at = NOW - HOUR, .error = error},
	                        .resets_at = NOW + HOUR,
	                        .summary = SUMMARY_ATTENTION,
	                        .warnings = {warnings, 1}};
	char expected[2048];

	(void)state;
	snprintf(
	    expected, sizeof(expected),
	    "newsreel   " NEWSREEL_VERSION "\n"
	    "videos     50, 2 hidden until re-checked, 1 waiting for a lookup\n"
	    "database   0 bytes, 0 full-text index segments\n"
	    "status     Running, with warnings\n"
	    "warning    a warning\n"
	    "backup     last good one 2026-11-22T09:00:00Z, one a day\n"
	    "     error: no answer\n"
	    "runs       last run 2026-11-22T09:58:01Z, last successful poll 2026-11-22T09:00:00Z\n"
	    "  2026-11-22T09:59:00Z  running or interrupted\n"
	    "  2026-11-22T09:58:00Z  1 searches, 0 units, 0 added, 0 updated, 0 skipped, 0 gone, 0 hidden, 1 failures, 0 ms\n"
	    "     error: no answer\n"
	    "queries    1 tracked, 3 visitor requests; 0 channels followed\n"
	    "  1  solar eclipse  [active]  50 videos, last successful poll 2026-11-22T09:00:00Z, next poll"
	    " 2026-11-22T11:00:00Z, covered since 2026-11-22T05:00:00Z\n"
	    "     found search 48 channel 2 push 0 import 0 rss 0, lately 12 min after publication; 3 searches today\n"
	    "     gap from 2026-11-22T07:00:00Z to 2026-11-22T08:00:00Z: %s\n"
	    "     about 7 videos not yet confirmed\n"
	    "     doubt, last at 2026-11-22T09:00:00Z: %s\n"
	    "     error (2 in a row): no answer\n"
	    "quota      0 searches and 0 units left, resets at 2026-11-22T11:00:00Z\n"
	    "planned    newest 0 new_query 0 visitors 0 again 0 gaps 0 scouts 0\n"
	    "keys       0\n",
	    gap_reason_text(GAP_INTERRUPTED), doubt_text(DOUBT_SILENCE));
	assert_prints(&status, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_new_database_has_no_runs_queries_and_keys),
	    cmocka_unit_test(push_says_what_it_brings_and_what_is_wrong),
	    cmocka_unit_test(runs_polls_and_gaps_are_named_with_their_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
