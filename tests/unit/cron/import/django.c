/* The database of the Django program, imported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "cron/import/django.h"
#include "store/keys.h"
#include "store/queries.h"
#include "store/videos.h"
#include "tests/support/fake_clock.h"
#include "tests/support/place.h"
#include "tests/support/store_fixture.h"

/* As that program's migrations make them. */
#define QUERIES "CREATE TABLE FamPay_Task_searchquery (id integer PRIMARY KEY AUTOINCREMENT, query varchar(255) NOT NULL);"
#define KEYS                                                                                                                     \
	"CREATE TABLE FamPay_Task_apikey (id integer PRIMARY KEY AUTOINCREMENT, \"key\" text NOT NULL UNIQUE, is_limit_over "    \
	"bool NOT NULL);"
#define VIDEOS                                                                                                                   \
	"CREATE TABLE FamPay_Task_video (id integer PRIMARY KEY AUTOINCREMENT, video_id varchar(255) NOT NULL UNIQUE,"           \
	" title varchar(255) NOT NULL, description text NOT NULL, published_at datetime NOT NULL, thumbnail_url varchar(200) "   \
	"NOT NULL,"                                                                                                              \
	" searchQuery_id bigint NOT NULL REFERENCES FamPay_Task_searchquery (id));"

static const char content[] = QUERIES KEYS VIDEOS
    "INSERT INTO FamPay_Task_searchquery VALUES (1, 'cricket'), (4, 'moon landing'), (5, '  ');"
    "INSERT INTO FamPay_Task_apikey VALUES (1, 'AIzaSy-a-key-of-the-django-program-0001', 0), (2, 'short', 1);"
    "INSERT INTO FamPay_Task_video VALUES"
    " (1, 'abcdefghijA', 'It&#39;s one &amp; only', 'x &amp; y', '2024-10-19 15:53:24', "
    "'https://i.ytimg.com/vi/a/hqdefault.jpg', 4),"
    " (2, 'abcdefghijB', 'Two', '', '2024-10-19 15:53:24.250000', '', 1),"
    " (3, '-', 'No id', '', '2024-10-19 15:53:24', '', 1),"
    " (4, 'abcdefghijC', 'No time', '', 'yesterday', '', 1),"
    " (5, 'abcdefghijD', 'Of a query that is gone', '', '2024-10-20 00:00:00', '', 77);";

struct scene {
	struct place *place;
	char path[PLACE_PATH_SIZE];
	struct store *store;
	struct fake_clock time;
	struct clock clock;
	char *told;
	size_t told_len;
};

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	void *place;

	assert_non_null(scene);
	place_set_up(&place);
	scene->place = place;
	place_path(scene->place, "db.sqlite3", scene->path);
	scene->store = fixture_store();
	scene->time.now = FIXTURE_NOW;
	scene->clock = fake_clock(&scene->time);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	void *place = scene->place;

	store_close(&scene->store);
	free(scene->told);
	free(scene);
	return place_tear_down(&place);
}

static void make(struct scene *scene, const char *sql)
{
	sqlite3 *db = NULL;

	remove(scene->path);
	assert_int_equal(sqlite3_open(scene->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static bool import(struct scene *scene, bool with_keys, struct django_import *out, struct error *err)
{
	free(scene->told);
	FILE *progress = open_memstream(&scene->told, &scene->told_len);

	assert_non_null(progress);
	bool done = import_django(scene->store, scene->path, with_keys, progress, &scene->clock, out, err);
	assert_int_equal(fclose(progress), 0);
	return done;
}

static int64_t count_keys(struct store *store)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	struct quota_defaults quota = {{100, 10000}};
	struct error err;

	assert_true(store_keys_list(store, &quota, FIXTURE_NOW, &keys, &err));
	return (int64_t)keys.count;
}

static void videos_come_with_the_queries_that_found_them(void **state)
{
	struct scene *scene = *state;
	AUTO(video_clear) struct video video = {0};
	AUTO(query_list_clear) struct query_list queries = {0};
	struct django_import done;
	struct error err;

	make(scene, content);
	if (!import(scene, false, &done, &err))
		fail_msg("%s", err.text);
	assert_int_equal(done.videos.lines, 5);
	assert_int_equal(done.videos.added, 3);
	assert_int_equal(done.videos.skipped, 2);
	assert_int_equal(done.queries_added, 2);
	assert_int_equal(done.queries_skipped, 1);
	assert_int_equal(done.keys_left_out, 2);
	assert_int_equal(count_keys(scene->store), 0);
	assert_non_null(
	    strstr(scene->told, "row 3 skipped: video_id is not a video's\nrow 4 skipped: published_at is no time\n"));
	assert_non_null(strstr(scene->told, "query 5 skipped: "));
	assert_true(store_video_get(scene->store, "abcdefghijA", &video, &err));
	assert_string_equal(video.title, "It's one & only");
	assert_string_equal(video.description, "x &amp; y"); /* of descriptions YouTube's search writes none */
	assert_int_equal(video.published_at, 1729353204);
	assert_string_equal(video.thumbnail_url, "https://i.ytimg.com/vi/a/hqdefault.jpg");
	assert_int_equal(video.found_count, 1);
	assert_string_equal(video.found[0].query, "moon landing");
	assert_int_equal(video.found[0].how, FOUND_IMPORT);
	assert_int_equal(fixture_count(scene->store, "only", 0), 1);
	assert_true(store_queries_list(scene->store, QUERIES_PUBLIC, FIXTURE_NOW, &queries, &err));
	assert_int_equal(queries.count, 2);
	assert_int_equal(queries.items[0].found[FOUND_IMPORT], 1);
	fixture_check(scene->store);

	/* Once more: nothing is new. */
	assert_true(import(scene, false, &done, &err));
	assert_int_equal(done.videos.unchanged, 3);
	assert_int_equal(done.queries_known, 2);
	fixture_check(scene->store);
}

static void keys_come_only_when_they_are_asked_for(void **state)
{
	struct scene *scene = *state;
	struct django_import done;
	struct error err;

	make(scene, content);
	assert_true(import(scene, true, &done, &err));
	assert_int_equal(done.keys_added, 1);
	assert_int_equal(done.keys_skipped, 1);
	assert_int_equal(done.keys_left_out, 0);
	assert_int_equal(count_keys(scene->store), 1);
	assert_true(import(scene, true, &done, &err));
	assert_int_equal(done.keys_known, 1);
	assert_null(strstr(scene->told, "AIza"));
}

static void columns_that_are_not_needed_may_be_missing(void **state)
{
	struct scene *scene = *state;
	struct django_import done;
	struct error err;

	make(scene,
	     QUERIES KEYS "CREATE TABLE FamPay_Task_video (id integer PRIMARY KEY, video_id text, title text, published_at text);"
	                  "INSERT INTO FamPay_Task_video VALUES (1, 'abcdefghijA', 'T', '2024-10-19 15:53:24')");
	assert_true(import(scene, false, &done, &err));
	assert_int_equal(done.videos.added, 1);
}

static void what_is_missing_is_named_and_nothing_is_written(void **state)
{
	static const struct {
		const char *sql;
		const char *words;
	} files[] = {
	    {"CREATE TABLE note (text)", "no table FamPay_Task_searchquery"},
	    {QUERIES KEYS "CREATE TABLE FamPay_Task_video (id integer PRIMARY KEY, video_id text, title text)",
	     "table FamPay_Task_video has no column published_at"},
	    {QUERIES VIDEOS "CREATE TABLE FamPay_Task_apikey (id integer PRIMARY KEY, secret text)",
	     "table FamPay_Task_apikey has no column key"},
	};
	struct scene *scene = *state;
	struct django_import done;
	struct error err;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		make(scene, files[i].sql);
		assert_false(import(scene, true, &done, &err));
		assert_int_equal(err.code, ERR_INVALID);
		assert_non_null(strstr(err.text, "db.sqlite3"));
		assert_non_null(strstr(err.text, files[i].words));
	}
	remove(scene->path);
	assert_false(import(scene, true, &done, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_false(place_has(scene->place, "db.sqlite3"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(videos_come_with_the_queries_that_found_them),
	    TEST(keys_come_only_when_they_are_asked_for),
	    TEST(columns_that_are_not_needed_may_be_missing),
	    TEST(what_is_missing_is_named_and_nothing_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
