#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "store/quota/calls.h"
#include "store/keys.h"
#include "store/quota/ledger.h"
#include "tests/support/store_fixture.h"

static int64_t add_key(struct store *store, const char *secret)
{
	struct error err;
	int64_t id;

	assert_true(store_key_add(store, secret, NULL, FIXTURE_NOW, &id, &err));
	return id;
}

static void add_calls(struct store *store, int64_t key, enum bucket bucket, enum error_class result, int count)
{
	struct error err;

	for (int i = 0; i < count; i++)
		assert_true(store_call_add(store, key, bucket, result, &err));
}

static void calls_are_counted_by_project_bucket_and_result(void **state)
{
	struct store *store = fixture_store();
	AUTO(call_count_list_clear) struct call_count_list list = {0};
	int64_t key = add_key(store, "key-a-0000000000000000000");
	struct error err;

	(void)state;
	add_calls(store, key, BUCKET_UNITS, CLASS_OK, 1);
	add_calls(store, key, BUCKET_SEARCHES, CLASS_TEMPORARY, 2);
	add_calls(store, key, BUCKET_SEARCHES, CLASS_OK, 3);
	assert_true(store_calls_list(store, &list, &err));
	assert_int_equal(list.count, 3);
	assert_int_equal(list.items[0].calls, 3);
	assert_int_equal(list.items[1].calls, 2);
	assert_int_equal(list.items[1].bucket, BUCKET_SEARCHES);
	assert_int_equal(list.items[1].result, CLASS_TEMPORARY);
	assert_int_equal(list.items[2].bucket, BUCKET_UNITS);
	store_close(&store);
}

/* Or their sums would go back. */
static void projects_that_turn_out_to_be_one_have_the_calls_of_both(void **state)
{
	struct store *store = fixture_store();
	AUTO(call_count_list_clear) struct call_count_list list = {0};
	int64_t a = add_key(store, "key-a-0000000000000000000"), b = add_key(store, "key-b-0000000000000000000");
	struct error err;

	(void)state;
	add_calls(store, a, BUCKET_SEARCHES, CLASS_OK, 2);
	add_calls(store, b, BUCKET_SEARCHES, CLASS_OK, 3);
	add_calls(store, b, BUCKET_SEARCHES, CLASS_GONE, 1);
	assert_true(store_key_learn_project(store, a, "111", &err));
	assert_true(store_key_learn_project(store, b, "111", &err));
	assert_true(store_calls_list(store, &list, &err));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].calls, 5);
	assert_int_equal(list.items[1].calls, 1);
	store_close(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(calls_are_counted_by_project_bucket_and_result),
	    cmocka_unit_test(projects_that_turn_out_to_be_one_have_the_calls_of_both),
	};
	struct error err;

	return quota_day_open(&err) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
