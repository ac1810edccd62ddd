#include "tests/support/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/statement.h"
#include "store/matches.h"
#include "store/queries.h"
#include "store/video_search.h"
#include "tests/support/database.h"

struct store *fixture_store(void)
{
	struct store *store = NULL;
	struct error err;

	if (!store_open(test_database(), STORE_CREATE, &store, &err))
		fail_msg("%s", err.text);
	return store;
}

int64_t fixture_save(struct store *store, const char *id, const char *title, const char *description, const char *channel,
                     int64_t published_at, enum video_source source)
{
	struct video_list one = {0};
	struct video *video = video_list_add(&one);
	enum video_saved saved;
	struct error err;
	int64_t seq;

	assert_non_null(video);
	snprintf(video->id, sizeof(video->id), "%s", id);
	snprintf(video->channel_id, sizeof(video->channel_id), "%s", channel ? "UC0123456789012345678901" : "");
	video->published_at = published_at;
	assert_true(text_copy(title, &video->title, &err) && text_copy(description, &video->description, &err) &&
	            text_copy(channel, &video->channel_title, &err));
	assert_true(store_video_save(store, video, source, FIXTURE_NOW, &saved, &seq, &err));
	video_list_clear(&one);
	return seq;
}

int64_t fixture_query(struct store *store, const char *text)
{
	enum query_added added;
	struct error err;
	int64_t id;

	assert_true(store_query_add(store, text, ORIGIN_OWNER, 0, FIXTURE_NOW, &id, &added, &err));
	return id;
}

void fixture_match(struct store *store, int64_t query_id, int64_t seq)
{
	struct error err;
	bool added;

	assert_true(store_match_save(store, query_id, seq, FOUND_SEARCH, FIXTURE_NOW, &added, &err));
}

int64_t fixture_count(struct store *store, const char *words, int64_t query_id)
{
	AUTO(video_page_clear) struct video_page page = {0};
	struct video_request request = {.filter = {.words = words, .query_id = query_id},
	                                .page_number = 1,
	                                .page_size = VIDEO_PAGE_MAX};
	struct error err = {0};

	if (!store_videos_page(store, &request, &page, &err))
		fail_msg("%s: %s", words ? words : "", err.text);
	assert_true(page.count >= (int64_t)page.videos.count);
	return page.count;
}

void fixture_commit_some(struct store *store, int done)
{
	struct error err;

	if (done % 250 == 0)
		assert_true(store_commit(store, &err) && store_begin(store, &err));
}

void fixture_check(struct store *store)
{
	struct error err = {0};

	if (!store_check(store, &err))
		fail_msg("%s", err.text);
}

static void count_told(void *context, const char *fault)
{
	assert_null(strstr(fault, "newsreel-fetch"));
	++*(int *)context;
}

void fixture_repair(struct store *store)
{
	int told = 0;
	int64_t rebuilt, left;
	struct error err;

	assert_true(store_repair(store, count_told, &told, &rebuilt, &err));
	assert_true(rebuilt > 0);
	assert_int_equal(told, rebuilt);
	assert_true(store_upkeep(store, 100, &left, &err));
	assert_int_equal(left, 0);
	fixture_check(store);
	assert_true(store_repair(store, count_told, &told, &rebuilt, &err));
	assert_int_equal(rebuilt, 0);
}

void fixture_remove(const char *path)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
	char file[256];

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		snprintf(file, sizeof(file), "%s%s", path, suffixes[i]);
		unlink(file);
	}
}

/* Statements are kept by the address of their text. */
static const char *lasting(const char *sql)
{
	static char *texts[512];
	size_t i = 0;

	while (texts[i] && strcmp(texts[i], sql) != 0)
		i++;
	assert_true(i < sizeof(texts) / sizeof(texts[0]) - 1);
	if (!texts[i])
		assert_non_null(texts[i] = strdup(sql));
	return texts[i];
}

struct statement *fixture_statement(struct store *store, const char *sql)
{
	return statement_use(store, lasting(sql));
}

int64_t fixture_number(struct store *store, const char *sql)
{
	struct error err;
	int64_t value;

	if (!statement_number(fixture_statement(store, sql), &value, &err))
		fail_msg("%s: %s", sql, err.text);
	return value;
}

void fixture_run(struct store *store, const char *sql)
{
	struct error err;

	if (!statement_run(fixture_statement(store, sql), &err))
		fail_msg("%s: %s", sql, err.text);
}

void fixture_refuse(struct store *store, const char *pattern)
{
	char sql[160];

	snprintf(sql, sizeof(sql),
	         test_database_is_postgres()
	             ? "ALTER TABLE video ADD CONSTRAINT refuse CHECK (id NOT LIKE '%s') NOT VALID"
	             : "CREATE TRIGGER refuse BEFORE INSERT ON video WHEN new.id LIKE '%s' BEGIN SELECT raise(ABORT, 'no'); END",
	         pattern);
	fixture_run(store, sql);
}

void fixture_fill_disk(struct store *store)
{
	if (!test_database_is_postgres()) {
		assert_true(fixture_number(store, "PRAGMA max_page_count = 1") > 1); /* as many as there are */
		return;
	}
	fixture_run(store, "CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$");
	fixture_run(store, "CREATE TRIGGER fill_disk BEFORE INSERT OR UPDATE ON video FOR EACH ROW"
	                   " WHEN (length(new.description) > 4000) EXECUTE FUNCTION fill_disk()");
}
