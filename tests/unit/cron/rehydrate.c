#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cron/rehydrate.h"
#include "tests/support/run_fixture.h"
#include "tests/support/store_fixture.h"

#define A "aaaaaaaaaaA"
#define B "bbbbbbbbbbB"
#define FIRST_VIDEO "jNQXAC9IVRw"

#define ITEM(id)                                                                                                                 \
	"{\"kind\":\"youtube#video\",\"id\":\"" id "\",\"snippet\":{\"title\":\"cats\",\"publishedAt\":\"2026-11-20T00:00:"      \
	"00Z\"}}"
#define ANSWER(items) "{\"kind\":\"youtube#videoListResponse\",\"items\":[" items "]}"

static bool run(struct run_fixture *f, const char *text, int64_t units, struct rehydration *out, struct error *err)
{
	char *told = NULL;
	size_t len;
	FILE *from = tmpfile();
	FILE *progress = open_memstream(&told, &len);

	assert_non_null(from);
	assert_true(fputs(text, from) >= 0);
	rewind(from);
	bool done = rehydrate(&f->run.client, from, units, progress, out, err);
	fclose(from);
	fclose(progress);
	free(told);
	return done;
}

static void answer_with(struct run_fixture *f, const char *body)
{
	f->answers.answers[f->answers.answer_count++] = (struct scripted_answer){.status = 200, .body = body};
}

static void expect_id(const char *line, const char *expected)
{
	char id[VIDEO_ID_SIZE];
	struct error err;

	assert_true(rehydrate_line(line, strlen(line), id, &err));
	assert_string_equal(id, expected);
}

static void a_line_has_an_id_in_any_of_three_forms(void **state)
{
	(void)state;
	expect_id(A "\n", A);
	expect_id("\"" A "\"\r\n", A);
	expect_id("{\"title\":\"x\",\"id\":\"" A "\"}\n", A);
	expect_id("id\r\n", "");
	expect_id("  \n", "");
}

static void what_has_none_is_said(void **state)
{
	static const char *const lines[] = {"abc", A "A", "{\"title\":\"x\"}", "{", A "," B, "{\"id\":\"abc\"}"};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char id[VIDEO_ID_SIZE] = "";
		struct error err = {0};

		assert_false(rehydrate_line(lines[i], strlen(lines[i]), id, &err));
		assert_int_equal(err.code, ERR_INVALID);
	}
}

static void what_youtube_has_is_saved_and_the_rest_counted(void **state)
{
	struct run_fixture *f = *state;
	struct rehydration done;
	struct error err;

	answer_with(f, ANSWER(ITEM(A) "," ITEM("ccccccccccC")));
	assert_true(run(f, "id\n" A "\n" B "\n" A "\nnonsense\n", 10, &done, &err));
	assert_int_equal(done.ids, 3);
	assert_int_equal(done.added, 1);
	assert_int_equal(done.known, 1);
	assert_int_equal(done.missing, 1);
	assert_int_equal(done.skipped, 1);
	assert_int_equal(done.units, 1);
	assert_false(done.stopped);
	assert_int_equal(fixture_count(f->store, "cats", 0), 1); /* what nobody asked for is not saved */
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM video WHERE checked_at > 0"), 1);
	assert_true(run(f, A "\n", 10, &done, &err));
	assert_int_equal(f->answers.calls, 1); /* what is there is not asked for */
	fixture_check(f->store);
}

static void it_stops_where_its_units_end(void **state)
{
	struct run_fixture *f = *state;
	struct rehydration done;
	struct error err;

	answer_with(f, ANSWER(ITEM(A)));
	assert_true(run(f, A "\n", 0, &done, &err));
	assert_true(done.stopped);
	assert_int_equal(done.added, 0);
	assert_int_equal(f->answers.calls, 0);
}

static void an_answer_without_any_of_them_is_no_end_of_all(void **state)
{
	struct run_fixture *f = *state;
	struct rehydration done;
	struct error err;

	answer_with(f, ANSWER(""));
	assert_false(run(f, A "\n" B "\n", 10, &done, &err));
	assert_int_equal(err.code, ERR_UPSTREAM);
	answer_with(f, ANSWER(ITEM(FIRST_VIDEO)));
	assert_true(run(f, A "\n" B "\n", 10, &done, &err));
	assert_int_equal(done.missing, 2);
	assert_int_equal(fixture_count(f->store, NULL, 0), 0); /* nor is the canary saved */
}

static void a_table_of_more_columns_is_refused(void **state)
{
	struct run_fixture *f = *state;
	struct rehydration done;
	struct error err;

	assert_false(run(f, "id,title\n" A ",x\n", 10, &done, &err));
	assert_non_null(strstr(err.text, "content=ids"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, run_fixture_set_up, run_fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_has_an_id_in_any_of_three_forms), cmocka_unit_test(what_has_none_is_said),
	    CASE(what_youtube_has_is_saved_and_the_rest_counted),     CASE(it_stops_where_its_units_end),
	    CASE(an_answer_without_any_of_them_is_no_end_of_all),     CASE(a_table_of_more_columns_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
