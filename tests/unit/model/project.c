#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json_writer.h"
#include "model/key.h"

enum { NOW = 1795341600 };

/* Two keys of project 1, the first one bad; one of project 2, paused; one of project 3. */
struct fixture {
	struct key keys[4];
	struct key_list list;
};

static struct key key_of(int64_t id, int64_t project, int64_t used)
{
	return (struct key){
	    .id = id,
	    .health = KEY_OK,
	    .project = {.id = project,
	                .quota = {[BUCKET_SEARCHES] = {.used = used, .limit = 100}, [BUCKET_UNITS] = {.limit = 10000}}}};
}

static struct fixture *set_up(void)
{
	static struct fixture f;

	f = (struct fixture){.keys = {key_of(1, 1, 10), key_of(2, 2, 0), key_of(3, 1, 10), key_of(4, 3, 100)}};
	f.list = (struct key_list){f.keys, 4};
	f.keys[0].health = KEY_EXPIRED;
	f.keys[1].entry_state = ENTRY_PAUSED_BY_OWNER;
	return &f;
}

static void each_project_comes_once_by_its_first_key(void **state)
{
	const struct key_list none = {0};
	struct fixture *f = set_up();
	const struct key *key = NULL;

	(void)state;
	assert_null(key_list_next_project(&none, NULL));
	assert_ptr_equal(key = key_list_next_project(&f->list, key), &f->keys[0]);
	assert_ptr_equal(key = key_list_next_project(&f->list, key), &f->keys[1]);
	assert_ptr_equal(key = key_list_next_project(&f->list, key), &f->keys[3]);
	assert_null(key_list_next_project(&f->list, key));
}

static void what_is_left_needs_a_good_key_of_the_project_whichever(void **state)
{
	struct fixture *f = set_up();

	(void)state;
	assert_int_equal(key_list_left(&f->list, BUCKET_SEARCHES, NOW), 90);
	assert_int_equal(key_list_left(&f->list, BUCKET_UNITS, NOW), 20000);
	f->keys[2].health = KEY_INVALID;
	assert_int_equal(key_list_left(&f->list, BUCKET_UNITS, NOW), 10000);
	assert_true(key_list_any_good(&f->list));
	f->keys[3].health = KEY_SUSPENDED;
	assert_int_equal(key_list_left(&f->list, BUCKET_UNITS, NOW), 0);
	assert_false(key_list_any_good(&f->list));
}

static void the_limit_counts_the_projects_of_active_keys_bad_ones_too(void **state)
{
	struct fixture *f = set_up();

	(void)state;
	assert_int_equal(key_list_limit(&f->list, BUCKET_SEARCHES), 200);
	f->keys[1].entry_state = ENTRY_ACTIVE;
	assert_int_equal(key_list_limit(&f->list, BUCKET_SEARCHES), 300);
	f->keys[0].entry_state = f->keys[2].entry_state = ENTRY_PAUSED_BY_CONFIG;
	assert_int_equal(key_list_limit(&f->list, BUCKET_SEARCHES), 200);
}

static void a_refused_quota_is_spent_but_may_be_probed(void **state)
{
	const struct quota refused = {.used = 3, .limit = 100, .spent_until = NOW + 100, .probe_at = NOW + 50};

	(void)state;
	assert_int_equal(quota_left(&refused, NOW), 0);
	assert_int_equal(quota_left(&refused, NOW + 50), 1);
	assert_true(quota_is_spent(&refused, NOW + 50));
	assert_int_equal(quota_left(&refused, NOW + 100), 97);
	assert_false(quota_is_spent(&refused, NOW + 100));
}

static void the_json_names_number_quota_and_keys(void **state)
{
	AUTO(buf_clear) struct buf json = BUF(4096);
	struct writer w = writer_json(&json);
	struct fixture *f = set_up();

	(void)state;
	f->list.count = 3;
	f->keys[0].project = f->keys[2].project = (struct project){.id = 1, .number = "4711"};
	write_object(&w, NULL);
	key_list_write_projects(&w, "projects", &f->list);
	write_end(&w);
	assert_string_equal(buf_text(&json),
	                    "{\"projects\":[{\"project\":\"4711\",\"searches\":{\"used\":0,\"limit\":0},\"units\":{\"used\":0,"
	                    "\"limit\":0},\"keys\":[1,3]},{\"project\":null,\"searches\":{\"used\":0,\"limit\":100},\"units\":"
	                    "{\"used\":0,\"limit\":10000},\"keys\":[2]}]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_project_comes_once_by_its_first_key),
	    cmocka_unit_test(what_is_left_needs_a_good_key_of_the_project_whichever),
	    cmocka_unit_test(the_limit_counts_the_projects_of_active_keys_bad_ones_too),
	    cmocka_unit_test(a_refused_quota_is_spent_but_may_be_probed),
	    cmocka_unit_test(the_json_names_number_quota_and_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
