#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "base/text_list.h"
#include "store/keys.h"
#include "store/upkeep/quarantine.h"
#include "store/runs.h"
#include "store/status.h"
#include "tests/support/store_fixture.h"

#define KEY_A "key-a-0000000000000000000"
#define KEY_B "key-b-0000000000000000000"
#define KEY_C "key-c-0000000000000000000"

static const struct quota_defaults quota = {.per_day = {[BUCKET_SEARCHES] = 100, [BUCKET_UNITS] = 10000}};

static int set_up(void **state)
{
	struct error err;

	assert_true(quota_day_open(&err));
	*state = fixture_store();
	return 0;
}

static int tear_down(void **state)
{
	struct store *store = *state;

	store_close(&store);
	return 0;
}

static int64_t add(struct store *store, const char *secret)
{
	struct error err;
	int64_t id;

	assert_true(store_key_add(store, secret, NULL, FIXTURE_NOW, &id, &err));
	return id;
}

static struct key get(struct store *store, int64_t id, int64_t now)
{
	struct key key = {0};
	struct error err;

	assert_true(store_key_get(store, id, &quota, now, &key, &err));
	return key;
}

static void follow(struct store *store, const char *variable)
{
	AUTO(text_list_clear) struct text_list secrets = {0};
	struct error err;

	assert_true(text_list_split(variable, ',', &secrets, &err));
	assert_true(store_keys_follow_variable(store, &secrets, FIXTURE_NOW, &err));
}

static void keys_are_tried_in_the_listed_order(void **state)
{
	struct store *store = *state;
	AUTO(key_list_clear) struct key_list keys = {0};
	struct error err;

	add(store, KEY_C);
	follow(store, KEY_B "," KEY_A);
	assert_true(store_keys_list(store, &quota, FIXTURE_NOW, &keys, &err));
	assert_int_equal(keys.count, 3);
	assert_string_equal(keys.items[0].secret, KEY_B);
	assert_string_equal(keys.items[1].secret, KEY_A);
	assert_string_equal(keys.items[2].secret, KEY_C);
}

static void assert_used(struct store *store, bool expected)
{
	struct error err;
	bool used;

	assert_true(store_is_used(store, &used, &err));
	assert_int_equal(used, expected);
}

static void a_database_is_used_once_it_had_a_key(void **state)
{
	struct store *store = *state;
	struct error err;

	assert_used(store, false);
	fixture_query(store, "rocket launch");
	assert_used(store, false);
	follow(store, KEY_A);
	assert_used(store, true);
	assert_true(store_key_set_state(store, 1, ENTRY_REMOVED, &err));
	assert_used(store, true);
}

static void a_database_is_used_once_it_has_a_video(void **state)
{
	struct store *store = *state;
	struct error err;
	int64_t hidden;
	bool left;

	fixture_save(store, "aaaaaaaaaaA", "cats", "", NULL, FIXTURE_NOW, SOURCE_IMPORT);
	assert_used(store, true);
	assert_true(store_quarantine_hide(store, FIXTURE_NOW + 1, 10, &hidden, &left, &err));
	assert_int_equal(hidden, 1);
	assert_used(store, true);
}

static void a_removed_key_of_the_variable_stays_removed(void **state)
{
	struct store *store = *state;
	struct error err;
	bool exist;

	follow(store, KEY_A);
	assert_true(store_key_set_state(store, 1, ENTRY_REMOVED, &err));
	follow(store, KEY_A);
	assert_true(store_keys_exist(store, &exist, &err));
	assert_false(exist);
	follow(store, "");
	follow(store, KEY_A);
	assert_true(store_keys_exist(store, &exist, &err));
	assert_true(exist);
	follow(store, KEY_B); /* A left: paused, not lost */
	AUTO(key_clear) struct key a = get(store, 1, FIXTURE_NOW);
	assert_string_equal(key_state_name(&a, FIXTURE_NOW), "paused");
}

static void a_known_key_is_a_conflict_that_does_not_show_it(void **state)
{
	struct store *store = *state;
	struct error err;
	int64_t id;

	add(store, KEY_A);
	assert_false(store_key_add(store, KEY_A, NULL, FIXTURE_NOW, &id, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_null(strstr(err.text, KEY_A));
}

static void charges_belong_to_the_project_and_the_pacific_day(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	struct error err;

	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, FIXTURE_NOW, &err));
	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, FIXTURE_NOW, &err));
	assert_true(store_quota_charge(store, a, BUCKET_UNITS, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key today = get(store, a, FIXTURE_NOW);
	assert_int_equal(today.project.quota[BUCKET_SEARCHES].used, 2);
	assert_int_equal(today.project.quota[BUCKET_UNITS].used, 1);
	assert_int_equal(today.used_at, FIXTURE_NOW);
	AUTO(key_clear) struct key tomorrow = get(store, a, quota_day_end(FIXTURE_NOW));
	assert_int_equal(tomorrow.project.quota[BUCKET_SEARCHES].used, 0);
	/* The ledger outlives the key. */
	assert_true(store_key_set_state(store, a, ENTRY_REMOVED, &err));
	assert_int_equal(add(store, KEY_A), a);
	AUTO(key_clear) struct key again = get(store, a, FIXTURE_NOW);
	assert_int_equal(again.project.quota[BUCKET_SEARCHES].used, 2);
}

static void a_refusal_snaps_to_the_truth_until_the_reset(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	struct error err;

	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "111", 50, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key key = get(store, a, FIXTURE_NOW);
	assert_int_equal(key.project.quota[BUCKET_SEARCHES].used, 50);
	assert_int_equal(key.project.quota[BUCKET_SEARCHES].limit, 50);
	assert_int_equal(key.project.quota[BUCKET_SEARCHES].spent_until, quota_day_end(FIXTURE_NOW));
	assert_string_equal(key.project.number, "111");
	assert_false(key_is_usable(&key, BUCKET_SEARCHES, FIXTURE_NOW));
	assert_true(key_is_usable(&key, BUCKET_UNITS, FIXTURE_NOW));
	AUTO(key_clear) struct key tomorrow = get(store, a, quota_day_end(FIXTURE_NOW));
	assert_true(key_is_usable(&tomorrow, BUCKET_SEARCHES, quota_day_end(FIXTURE_NOW)));
}

static void keys_of_one_project_share_its_ledger(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t b = add(store, KEY_B);
	struct error err;

	for (int i = 0; i < 7; i++)
		assert_true(store_quota_charge(store, b, BUCKET_UNITS, FIXTURE_NOW, &err));
	assert_true(store_quota_charge(store, a, BUCKET_UNITS, FIXTURE_NOW, &err));
	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "111", 100, FIXTURE_NOW, &err));
	assert_true(store_quota_spent(store, b, BUCKET_SEARCHES, "111", 100, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key one = get(store, a, FIXTURE_NOW);
	AUTO(key_clear) struct key two = get(store, b, FIXTURE_NOW);
	assert_int_equal(one.project.id, two.project.id);
	assert_int_equal(one.project.quota[BUCKET_UNITS].used, 8); /* what was charged to either was charged to it */
	assert_true(store_quota_charge(store, a, BUCKET_UNITS, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key shared = get(store, b, FIXTURE_NOW);
	assert_int_equal(shared.project.quota[BUCKET_UNITS].used, 9);
}

static void a_refusal_is_doubted_once_a_day(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t later = FIXTURE_NOW + 4 * 3600;
	struct error err;

	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "", -1, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key refused = get(store, a, later - 1);
	assert_false(key_is_usable(&refused, BUCKET_SEARCHES, later - 1));
	AUTO(key_clear) struct key doubted = get(store, a, later);
	assert_int_equal(quota_left(&doubted.project.quota[BUCKET_SEARCHES], later), 1);
	/* The probe is refused as well: there is no other today. */
	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, later, &err));
	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "", -1, later, &err));
	AUTO(key_clear) struct key again = get(store, a, later + 5 * 3600);
	assert_false(key_is_usable(&again, BUCKET_SEARCHES, later + 5 * 3600));
}

static void a_probe_that_is_answered_opens_the_bucket(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t later = FIXTURE_NOW + 4 * 3600;
	struct error err;

	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, FIXTURE_NOW, &err));
	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "", -1, FIXTURE_NOW, &err));
	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, later, &err));
	assert_true(store_quota_good(store, a, BUCKET_SEARCHES, later, &err));
	AUTO(key_clear) struct key key = get(store, a, later);
	assert_int_equal(quota_left(&key.project.quota[BUCKET_SEARCHES], later), 98);
}

static void a_limit_of_none_is_probed_once_a_day(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t tomorrow = FIXTURE_NOW + 27 * 3600; /* hours after the reset */
	struct error err;

	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "111", 0, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key key = get(store, a, tomorrow);
	assert_int_equal(quota_left(&key.project.quota[BUCKET_SEARCHES], tomorrow), 1);
	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, tomorrow, &err));
	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "111", 0, tomorrow, &err));
	AUTO(key_clear) struct key refused = get(store, a, tomorrow + 5 * 3600);
	assert_int_equal(quota_left(&refused.project.quota[BUCKET_SEARCHES], tomorrow + 5 * 3600), 0);
}

/* ---- what its owner changes ---- */

static void change(struct store *store, int64_t id, const struct key_change *wanted, int64_t now)
{
	struct error err;

	assert_true(store_key_change(store, id, wanted, now, &err));
}

static void set_searches(struct store *store, int64_t id, int64_t limit, int64_t now)
{
	struct key_change wanted = {.sets_limit = {[BUCKET_SEARCHES] = true}, .limit = {[BUCKET_SEARCHES] = limit}};

	change(store, id, &wanted, now);
}

static void the_owner_sets_label_and_limits(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	struct error err;
	struct key_change wanted = {.sets_label = true, .label = "spare"};

	change(store, a, &wanted, FIXTURE_NOW);
	set_searches(store, a, 250, FIXTURE_NOW);
	AUTO(key_clear) struct key key = get(store, a, FIXTURE_NOW);
	assert_string_equal(key.label, "spare");
	assert_int_equal(key.project.quota[BUCKET_SEARCHES].limit, 250);
	assert_int_equal(key.project.quota[BUCKET_UNITS].limit, 10000);
	wanted.label = NULL;
	change(store, a, &wanted, FIXTURE_NOW);
	set_searches(store, a, KEY_LIMIT_DEFAULT, FIXTURE_NOW);
	AUTO(key_clear) struct key back = get(store, a, FIXTURE_NOW);
	assert_null(back.label);
	assert_int_equal(back.project.quota[BUCKET_SEARCHES].limit, 100);
	assert_false(store_key_change(store, 99, &wanted, FIXTURE_NOW, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void a_change_is_made_as_a_whole_or_not_at_all(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	struct error err;
	struct key_change wanted = {.sets_label = true,
	                            .label = "spare",
	                            .sets_state = true,
	                            .entry_state = ENTRY_PAUSED_BY_OWNER,
	                            .sets_limit = {true, true},
	                            .limit = {5, 6}};

	assert_true(store_key_set_state(store, a, ENTRY_REMOVED, &err));
	assert_false(store_key_change(store, a, &wanted, FIXTURE_NOW, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	add(store, KEY_A);
	AUTO(key_clear) struct key untouched = get(store, a, FIXTURE_NOW);
	assert_int_equal(untouched.project.quota[BUCKET_SEARCHES].limit, 100);
	change(store, a, &wanted, FIXTURE_NOW);
	AUTO(key_clear) struct key key = get(store, a, FIXTURE_NOW);
	assert_string_equal(key_state_name(&key, FIXTURE_NOW), "paused");
	assert_int_equal(key.project.quota[BUCKET_SEARCHES].limit, 5);
	assert_int_equal(key.project.quota[BUCKET_UNITS].limit, 6);
}

static void a_refusal_knows_better_than_the_owner_but_not_the_other_way_round(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t tomorrow = quota_day_end(FIXTURE_NOW);
	struct error err;

	set_searches(store, a, 500, FIXTURE_NOW);
	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "111", 100, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key told = get(store, a, tomorrow);
	assert_int_equal(told.project.quota[BUCKET_SEARCHES].limit, 100);
	set_searches(store, a, 40, tomorrow); /* the rest is for another program */
	AUTO(key_clear) struct key kept = get(store, a, tomorrow);
	assert_int_equal(kept.project.quota[BUCKET_SEARCHES].limit, 40);
	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "111", 100, tomorrow, &err));
	AUTO(key_clear) struct key still = get(store, a, tomorrow);
	assert_int_equal(still.project.quota[BUCKET_SEARCHES].limit, 40);
}

static void a_new_limit_lets_one_call_doubt_the_refusal_of_today(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t later = FIXTURE_NOW + 60;
	struct error err;

	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "111", 100, FIXTURE_NOW, &err));
	set_searches(store, a, 500, later);
	AUTO(key_clear) struct key doubted = get(store, a, later);
	assert_int_equal(quota_left(&doubted.project.quota[BUCKET_SEARCHES], later), 1);
	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, later, &err));
	assert_true(store_quota_good(store, a, BUCKET_SEARCHES, later, &err));
	AUTO(key_clear) struct key open = get(store, a, later);
	assert_int_equal(quota_left(&open.project.quota[BUCKET_SEARCHES], later), 499);
}

static void a_limit_of_none_by_its_owner_is_not_doubted(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t later = FIXTURE_NOW + 27 * 3600;

	set_searches(store, a, 0, FIXTURE_NOW);
	AUTO(key_clear) struct key key = get(store, a, later);
	assert_int_equal(quota_left(&key.project.quota[BUCKET_SEARCHES], later), 0);
}

static void a_limit_of_none_that_was_raised_is_found_out(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t tomorrow = FIXTURE_NOW + 27 * 3600;
	struct error err;

	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "111", 0, FIXTURE_NOW, &err));
	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, tomorrow, &err));
	assert_true(store_quota_good(store, a, BUCKET_SEARCHES, tomorrow, &err));
	AUTO(key_clear) struct key key = get(store, a, tomorrow);
	assert_int_equal(quota_left(&key.project.quota[BUCKET_SEARCHES], tomorrow), 99);
}

/* ---- days of 23 and 25 hours ---- */

static void a_quota_day_of_23_or_25_hours_is_one_day(void **state)
{
	static const struct {
		int64_t begins; /* 2026-03-08T08:00Z (PST), 2026-11-01T07:00Z (PDT) */
		int64_t hours;
	} days[] = {{1772956800, 23}, {1793516400, 25}};
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	struct error err;

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		int64_t last = days[i].begins + days[i].hours * 3600 - 1;

		assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, days[i].begins - 1, &err)); /* the day before */
		assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, days[i].begins, &err));
		assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, last, &err));
		AUTO(key_clear) struct key today = get(store, a, last);
		assert_int_equal(today.project.quota[BUCKET_SEARCHES].used, 2);
		AUTO(key_clear) struct key tomorrow = get(store, a, last + 1);
		assert_int_equal(tomorrow.project.quota[BUCKET_SEARCHES].used, 0);
		assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "", -1, days[i].begins, &err));
		AUTO(key_clear) struct key refused = get(store, a, last);
		assert_int_equal(refused.project.quota[BUCKET_SEARCHES].spent_until, last + 1);
		AUTO(key_clear) struct key again = get(store, a, last + 1);
		assert_int_equal(quota_left(&again.project.quota[BUCKET_SEARCHES], last + 1), 100);
	}
}

/* ---- projects ---- */

static void any_answer_may_tell_that_keys_share_a_project(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t b = add(store, KEY_B);
	struct error err;

	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, FIXTURE_NOW, &err));
	assert_true(store_quota_charge(store, b, BUCKET_SEARCHES, FIXTURE_NOW, &err));
	assert_true(store_key_learn_project(store, a, "111", &err));
	assert_true(store_key_learn_project(store, b, "111", &err));
	AUTO(key_list_clear) struct key_list keys = {0};
	assert_true(store_keys_list(store, &quota, FIXTURE_NOW, &keys, &err));
	assert_int_equal(keys.items[0].project.id, keys.items[1].project.id);
	assert_int_equal(keys.items[1].project.quota[BUCKET_SEARCHES].used, 2);
	assert_int_equal(key_list_left(&keys, BUCKET_SEARCHES, FIXTURE_NOW), 98);
	assert_int_equal(key_list_limit(&keys, BUCKET_SEARCHES), 100);
}

static void a_shared_project_keeps_its_one_probe(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t b = add(store, KEY_B);
	int64_t later = FIXTURE_NOW + 4 * 3600;
	struct error err;

	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "111", 100, FIXTURE_NOW, &err));
	assert_true(store_quota_charge(store, b, BUCKET_SEARCHES, FIXTURE_NOW, &err));
	assert_true(store_quota_spent(store, b, BUCKET_SEARCHES, "111", 100, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key refused = get(store, b, later - 1);
	assert_int_equal(quota_left(&refused.project.quota[BUCKET_SEARCHES], later - 1), 0);
	AUTO(key_clear) struct key doubted = get(store, b, later);
	assert_int_equal(quota_left(&doubted.project.quota[BUCKET_SEARCHES], later), 1);
	assert_true(store_quota_charge(store, b, BUCKET_SEARCHES, later, &err));
	AUTO(key_clear) struct key other = get(store, a, later);
	assert_int_equal(quota_left(&other.project.quota[BUCKET_SEARCHES], later), 0);
}

static void a_removed_key_leaves_the_ledger_of_its_project(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	int64_t b = add(store, KEY_B);
	struct error err;

	assert_true(store_quota_charge(store, a, BUCKET_SEARCHES, FIXTURE_NOW, &err));
	assert_true(store_key_learn_project(store, a, "111", &err));
	assert_true(store_key_set_state(store, a, ENTRY_REMOVED, &err));
	assert_true(store_key_learn_project(store, b, "111", &err));
	AUTO(key_clear) struct key key = get(store, b, FIXTURE_NOW);
	assert_int_equal(key.project.quota[BUCKET_SEARCHES].used, 1);
}

static void reasons_say_which_bucket_is_used_up(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	struct error err;

	assert_true(store_quota_spent(store, a, BUCKET_UNITS, "", -1, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key units = get(store, a, FIXTURE_NOW);
	assert_string_equal(key_state_name(&units, FIXTURE_NOW), "spent");
	assert_string_equal(key_reason(&units, FIXTURE_NOW), "units used up for today");
	assert_true(store_quota_spent(store, a, BUCKET_SEARCHES, "", -1, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key both = get(store, a, FIXTURE_NOW);
	assert_string_equal(key_reason(&both, FIXTURE_NOW), "searches and units used up for today");
	int64_t tomorrow = quota_day_end(FIXTURE_NOW);
	AUTO(key_clear) struct key fresh = get(store, a, tomorrow);
	assert_null(key_reason(&fresh, tomorrow));
}

static void refusals_of_different_requests_over_an_hour_set_a_key_aside(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	struct error err;
	bool aside = false;

	for (int i = 0; i < 20 && !aside; i++) /* one request, however often */
		assert_true(store_key_refused(store, a, 1, FIXTURE_NOW + i * 3600, &aside, &err));
	assert_false(aside);
	assert_true(store_key_set_health(store, a, KEY_OK, NULL, FIXTURE_NOW, &err));
	for (int i = 0; i < 20 && !aside; i++) /* many, but all at once */
		assert_true(store_key_refused(store, a, i, FIXTURE_NOW + i, &aside, &err));
	assert_false(aside);
	assert_true(store_key_refused(store, a, 99, FIXTURE_NOW + 3600, &aside, &err));
	assert_true(aside);
}

static void what_somebody_may_have_mended_is_tried_again(void **state)
{
	struct store *store = *state;
	int64_t off = add(store, KEY_A);
	int64_t expired = add(store, KEY_B);
	struct error err;

	assert_true(store_key_set_health(store, off, KEY_API_OFF, "off", FIXTURE_NOW, &err));
	assert_true(store_key_set_health(store, expired, KEY_EXPIRED, "expired", FIXTURE_NOW, &err));
	assert_true(store_keys_retry(store, FIXTURE_NOW, &err));
	AUTO(key_clear) struct key still = get(store, off, FIXTURE_NOW);
	assert_int_equal(still.health, KEY_API_OFF);
	assert_true(store_keys_retry(store, FIXTURE_NOW + 1, &err));
	AUTO(key_clear) struct key fresh = get(store, off, FIXTURE_NOW);
	assert_int_equal(fresh.health, KEY_NEW);
	AUTO(key_clear) struct key lost = get(store, expired, FIXTURE_NOW);
	assert_int_equal(lost.health, KEY_EXPIRED);
}

static void a_resumed_key_is_tried_again(void **state)
{
	struct store *store = *state;
	int64_t a = add(store, KEY_A);
	struct error err;

	assert_true(store_key_set_health(store, a, KEY_RESTRICTED, "not from here", FIXTURE_NOW, &err));
	AUTO(key_clear) struct key bad = get(store, a, FIXTURE_NOW);
	assert_string_equal(key_state_name(&bad, FIXTURE_NOW), "restricted");
	assert_string_equal(bad.reason, "not from here");
	assert_true(store_key_set_state(store, a, ENTRY_ACTIVE, &err));
	AUTO(key_clear) struct key fresh = get(store, a, FIXTURE_NOW);
	assert_string_equal(key_state_name(&fresh, FIXTURE_NOW), "new");
	assert_null(fresh.reason);
}

static void runs_are_remembered(void **state)
{
	struct store *store = *state;
	struct error err;
	struct run last = {0};
	struct run run = {
	    .started_at = 1, .finished_at = 5, .searches = 1, .units = 2, .added = 3, .updated = 4, .skipped = 5, .failures = 6};
	char error[] = "words";

	assert_false(store_run_last(store, &last, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_true(store_run_begin(store, 1, &run.id, &err));
	run.error = error;
	assert_true(store_run_finish(store, &run, &err));
	int64_t killed;
	assert_true(store_run_begin(store, 9, &killed, &err));
	assert_true(store_run_last(store, &last, &err));
	assert_int_equal(last.id, run.id);
	assert_int_equal(last.added, 3);
	assert_string_equal(last.error, "words");
	run_clear(&last);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(keys_are_tried_in_the_listed_order),
	    CASE(a_database_is_used_once_it_had_a_key),
	    CASE(a_database_is_used_once_it_has_a_video),
	    CASE(a_removed_key_of_the_variable_stays_removed),
	    CASE(a_known_key_is_a_conflict_that_does_not_show_it),
	    CASE(charges_belong_to_the_project_and_the_pacific_day),
	    CASE(a_refusal_snaps_to_the_truth_until_the_reset),
	    CASE(keys_of_one_project_share_its_ledger),
	    CASE(a_refusal_is_doubted_once_a_day),
	    CASE(a_probe_that_is_answered_opens_the_bucket),
	    CASE(a_limit_of_none_is_probed_once_a_day),
	    CASE(the_owner_sets_label_and_limits),
	    CASE(a_change_is_made_as_a_whole_or_not_at_all),
	    CASE(a_refusal_knows_better_than_the_owner_but_not_the_other_way_round),
	    CASE(a_new_limit_lets_one_call_doubt_the_refusal_of_today),
	    CASE(a_limit_of_none_by_its_owner_is_not_doubted),
	    CASE(a_limit_of_none_that_was_raised_is_found_out),
	    CASE(a_quota_day_of_23_or_25_hours_is_one_day),
	    CASE(any_answer_may_tell_that_keys_share_a_project),
	    CASE(a_shared_project_keeps_its_one_probe),
	    CASE(a_removed_key_leaves_the_ledger_of_its_project),
	    CASE(reasons_say_which_bucket_is_used_up),
	    CASE(refusals_of_different_requests_over_an_hour_set_a_key_aside),
	    CASE(what_somebody_may_have_mended_is_tried_again),
	    CASE(a_resumed_key_is_tried_again),
	    CASE(runs_are_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
