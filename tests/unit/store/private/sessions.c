#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/private/sessions.h"
#include "tests/support/store_fixture.h"

enum { HOUR = 3600 };

static int set_up(void **state)
{
	*state = fixture_store();
	return 0;
}

static int tear_down(void **state)
{
	struct store *store = *state;

	store_close(&store);
	return 0;
}

static void begin(struct store *store, const char *id, const char *agent, int64_t now)
{
	struct owner_session session = {.created_at = now, .used_at = now, .expires_at = now + 12 * HOUR};
	struct error err;

	strncpy(session.id, id, sizeof(session.id) - 1);
	assert_true(store_session_add(store, &session, agent, &err));
}

static bool is_there(struct store *store, const char *id, int64_t now)
{
	struct error err;
	int64_t used_at;
	bool found;

	assert_true(store_session_find(store, id, now, &found, &used_at, &err));
	return found;
}

static void a_session_is_there_until_it_ends(void **state)
{
	struct store *store = *state;
	struct error err;

	begin(store, "a", "", FIXTURE_NOW);
	begin(store, "b", "", FIXTURE_NOW);
	assert_true(is_there(store, "a", FIXTURE_NOW + 12 * HOUR - 1));
	assert_false(is_there(store, "a", FIXTURE_NOW + 12 * HOUR));
	assert_false(is_there(store, "c", FIXTURE_NOW));
	assert_true(store_session_remove(store, "a", &err));
	assert_false(is_there(store, "a", FIXTURE_NOW));
	assert_true(is_there(store, "b", FIXTURE_NOW));
	assert_true(store_session_remove(store, NULL, &err));
	assert_false(is_there(store, "b", FIXTURE_NOW));
}

static void they_are_listed_by_their_last_use(void **state)
{
	struct store *store = *state;
	AUTO(owner_session_list_clear) struct owner_session_list list = {0};
	struct error err;

	begin(store, "a", "Lynx", FIXTURE_NOW);
	begin(store, "b", "Links", FIXTURE_NOW);
	assert_true(store_session_use(store, "a", FIXTURE_NOW + 60, &err));
	assert_true(store_sessions_list(store, FIXTURE_NOW + 60, &list, &err));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].agent, "Lynx");
	assert_int_equal(list.items[0].used_at, FIXTURE_NOW + 60);
	assert_int_equal(list.items[1].created_at, FIXTURE_NOW);
}

static void expired_ones_are_deleted_at_the_next_sign_in(void **state)
{
	struct store *store = *state;

	begin(store, "a", "", FIXTURE_NOW);
	begin(store, "b", "", FIXTURE_NOW + 12 * HOUR);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM session"), 1);
}

static void what_a_browser_calls_itself_may_be_anything(void **state)
{
	struct store *store = *state;
	AUTO(owner_session_list_clear) struct owner_session_list list = {0};
	char agent[1000];
	struct error err;

	memset(agent, 'x', sizeof(agent));
	agent[0] = '\xFF';
	agent[sizeof(agent) - 1] = '\0';
	begin(store, "a", agent, FIXTURE_NOW);
	assert_true(store_sessions_list(store, FIXTURE_NOW, &list, &err));
	assert_int_equal(strlen(list.items[0].agent), 200);
	assert_memory_equal(list.items[0].agent, "\xEF\xBF\xBDx", 4);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_session_is_there_until_it_ends),
	    CASE(they_are_listed_by_their_last_use),
	    CASE(expired_ones_are_deleted_at_the_next_sign_in),
	    CASE(what_a_browser_calls_itself_may_be_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
