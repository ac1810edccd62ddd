#include "cron/rehydrate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "cron/budget/plan.h"
#include "cron/import_format.h"
#include "cron/lookups.h"
#include "store/alerts/outbox.h"
#include "store/videos.h"

enum { CALL_WITHIN_S = 120, PROGRESS_CALLS = 20, INDEX_BATCH = 50000 };

static const char white[] = " \t\r\n";

/* ---- a line ---- */

static bool take_id(const char *text, size_t len, char id[VIDEO_ID_SIZE], struct error *err)
{
	char copy[VIDEO_ID_SIZE] = "";

	if (len >= sizeof(copy))
		return error_set(err, ERR_INVALID, "not a video's id");
	memcpy(copy, text, len);
	if (!video_id_is_valid(copy))
		return error_set(err, ERR_INVALID, "not a video's id");
	memcpy(id, copy, sizeof(copy));
	return true;
}

static bool take_json(const char *line, size_t len, char id[VIDEO_ID_SIZE], struct error *err)
{
	AUTO(json_free) cJSON *json = NULL;

	if (!json_parse(line, len, &json, err))
		return err->code != ERR_NO_MEMORY && error_set(err, ERR_INVALID, "not a JSON object");
	const char *text = json_text(json, "id");
	return text ? take_id(text, strlen(text), id, err) : error_set(err, ERR_INVALID, "no id");
}

bool rehydrate_line(const char *line, size_t len, char id[VIDEO_ID_SIZE], struct error *err)
{
	const char *end = line + len;

	while (line < end && strchr(white, *line))
		line++;
	while (end > line && strchr(white, end[-1]))
		end--;
	if (line < end && *line == '{')
		return take_json(line, (size_t)(end - line), id, err);
	if (end - line >= 2 && *line == '"' && end[-1] == '"') {
		line++;
		end--;
	}
	len = (size_t)(end - line);
	if (len == 0 || (len == strlen("id") && memcmp(line, "id", len) == 0)) {
		id[0] = '\0';
		return true;
	}
	return take_id(line, len, id, err);
}

/* ---- a call ---- */

/* One rehydration at work. */
struct work {
	struct api_client *client;
	struct text_list ids; /* to ask for next */
	int64_t most_units;
	int64_t calls;
	FILE *progress;
	struct rehydration *done;
};

/* An import makes a video public that only a visitor's request had found; the answer of videos.list then says all there is. */
static bool save_video(struct work *work, const struct video *video, int64_t now, struct error *err)
{
	struct store *store = work->client->store;
	enum video_saved imported, saved;

	if (!store_video_save(store, video, SOURCE_IMPORT, now, &imported, NULL, err) ||
	    !store_video_save(store, video, SOURCE_DETAILS, now, &saved, NULL, err))
		return error_wrap(err, "video %s", video->id);
	work->done->added++;
	return true;
}

/* In one transaction. What was not asked for is not saved, nor are canaries, which are there. */
static bool save_answer(struct work *work, struct details_answer *answer, struct error *err)
{
	struct store *store = work->client->store;
	AUTO(store_transaction_end) struct store *transaction = store;
	int64_t now = clock_now(&work->client->clock);
	int64_t recorded;

	video_list_sort(&answer->videos);
	if (!store_begin(store, err) || !store_recorded_last(store, &recorded, err))
		return false;
	for (size_t i = 0; i < answer->videos.count; i++)
		if (text_list_has(&work->ids, answer->videos.items[i].id) &&
		    !save_video(work, &answer->videos.items[i], now, err))
			return false;
	return store_backfill_note(store, recorded, err) && store_commit(store, err);
}

static void tell(const struct work *work)
{
	const struct rehydration *done = work->done;

	fprintf(work->progress, "%lld ids: %lld fetched, %lld there already, %lld gone from YouTube; %lld units\n",
	        (long long)done->ids, (long long)done->added, (long long)done->known, (long long)done->missing,
	        (long long)done->units);
	fflush(work->progress);
}

static bool take_answer(struct work *work, struct details_answer *answer, const struct text_list *asked, struct error *err)
{
	if (!lookups_any_given(answer, asked))
		return error_set(err, ERR_UPSTREAM, "YouTube gave none of %zu videos, of which it has one at least",
		                 asked->count);
	if (!save_answer(work, answer, err))
		return false;
	for (size_t i = 0; i < work->ids.count; i++)
		work->done->missing += !lookups_any_given(answer, &(struct text_list){&work->ids.items[i], 1});
	text_list_clear(&work->ids);
	if (++work->calls % PROGRESS_CALLS == 0)
		tell(work);
	return true;
}

/* Asks for the ids that wait; those that cannot be paid for still wait. */
static bool ask(struct work *work, struct error *err)
{
	struct api_client *client = work->client;
	AUTO(text_list_clear) struct text_list asked = {0};
	AUTO(details_answer_clear) struct details_answer answer = {0};
	enum call_result result;
	size_t ignored;

	work->done->stopped = client->made[BUCKET_UNITS] >= work->most_units;
	if (work->done->stopped)
		return true;
	for (size_t i = 0; i < work->ids.count; i++)
		if (!text_list_add(&asked, work->ids.items[i], err))
			return false;
	client->deadline = clock_now(&client->clock) + CALL_WITHIN_S;
	if (!lookups_add_canaries(client->store, &asked, &ignored, err) ||
	    !api_client_details(client, 0, &asked, &answer, &result, err))
		return false;
	work->done->units = client->made[BUCKET_UNITS];
	work->done->stopped = result == CALL_NO_QUOTA;
	return work->done->stopped || (result == CALL_OK && take_answer(work, &answer, &asked, err));
}

/* ---- the file ---- */

static bool take_new(struct work *work, const char *id, struct error *err)
{
	bool known = false;

	work->done->ids++;
	if (!text_list_has(&work->ids, id) && !store_video_is_known(work->client->store, id, &known, err))
		return false;
	if (known || text_list_has(&work->ids, id)) {
		work->done->known++;
		return true;
	}
	return text_list_add(&work->ids, id, err) && (work->ids.count < LOOKUP_IDS || ask(work, err));
}

static bool take_line(struct work *work, const char *line, size_t len, struct error *err)
{
	char id[VIDEO_ID_SIZE] = "";

	if (rehydrate_line(line, len, id, err))
		return !*id || take_new(work, id, err);
	if (err->code == ERR_NO_MEMORY)
		return false;
	if (work->done->lines == 1 && strchr(line, ','))
		return error_set(err, ERR_INVALID,
		                 "the file has other columns than id: use a data set with content=ids, or NDJSON");
	work->done->skipped++;
	fprintf(work->progress, "line %lld skipped: %s\n", (long long)work->done->lines, err->text);
	return true;
}

static bool read_lines(struct work *work, FILE *from, struct error *err)
{
	AUTO(text_free) char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while (!work->done->stopped && (len = getline(&line, &room, from)) >= 0) {
		if (work->done->lines == 0 && !import_format_check(line, (size_t)len, "--rehydrate", "'ids.*'", err))
			return false;
		work->done->lines++;
		if (!take_line(work, line, (size_t)len, err))
			return false;
	}
	if (ferror(from))
		return error_set(err, ERR_INVALID, "cannot read on: %s", strerror(errno));
	return work->done->stopped || work->ids.count == 0 || ask(work, err);
}

static bool fill_index(struct store *store, struct error *err)
{
	int64_t left = 1;

	while (left)
		if (!store_upkeep(store, INDEX_BATCH, &left, err))
			return false;
	return true;
}

bool rehydrate(struct api_client *client, FILE *from, int64_t most_units, FILE *progress, struct rehydration *out,
               struct error *err)
{
	struct work work = {.client = client, .most_units = most_units, .progress = progress, .done = out};

	*out = (struct rehydration){0};
	bool done = read_lines(&work, from, err) && fill_index(client->store, err);
	text_list_clear(&work.ids);
	return done;
}
