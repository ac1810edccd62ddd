#include "cron/import/django.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "model/key.h"
#include "store/files/django.h"
#include "store/keys.h"
#include "store/queries.h"
#include "youtube/parse.h"

enum { TIME_MAX_BYTES = 40 };

/* The ids of a query there and here. */
struct query_pair {
	int64_t there, here;
};

struct queries {
	struct query_pair *items;
	size_t count;
};

static void queries_clear(struct queries *queries)
{
	free(queries->items);
	*queries = (struct queries){0};
}

/* ---- queries ---- */

static bool is_of_no_use(const struct error *err)
{
	return err->code == ERR_INVALID || err->code == ERR_UNPROCESSABLE;
}

static bool take_query(struct store *store, const struct django_query *row, int64_t now, FILE *progress, struct queries *queries,
                       struct django_import *out, struct error *err)
{
	enum query_added added;
	int64_t id;

	if (!query_check(row->text ? row->text : "", err)) {
		if (!is_of_no_use(err))
			return false;
		fprintf(progress, "query %lld skipped: %s\n", (long long)row->id, err->text);
		out->queries_skipped++;
		return true;
	}
	if (!list_grow(&queries->items, queries->count, sizeof(*queries->items)))
		return error_no_memory(err);
	if (!store_query_add(store, row->text, ORIGIN_OWNER, 0, now, &id, &added, err))
		return false;
	queries->items[queries->count++] = (struct query_pair){.there = row->id, .here = id};
	out->queries_known += added == QUERY_KNOWN;
	out->queries_added += added != QUERY_KNOWN;
	return true;
}

static bool take_queries(struct store *store, struct django *django, int64_t now, FILE *progress, struct queries *queries,
                         struct django_import *out, struct error *err)
{
	struct django_query row;
	bool any = true;

	while (any)
		if (!django_next_query(django, &row, &any, err) ||
		    (any && !take_query(store, &row, now, progress, queries, out, err)))
			return false;
	return true;
}

/* ---- keys ---- */

static bool take_key(struct store *store, const char *key, int64_t now, struct django_import *out, struct error *err)
{
	int64_t id;

	if (!key_check(key ? key : "", err)) {
		out->keys_skipped++;
		return is_of_no_use(err);
	}
	if (store_key_add(store, key, NULL, now, &id, err)) {
		out->keys_added++;
		return true;
	}
	out->keys_known++;
	return err->code == ERR_CONFLICT;
}

static bool take_keys(struct store *store, struct django *django, bool with_keys, int64_t now, struct django_import *out,
                      struct error *err)
{
	const char *key;
	bool any = true;

	while (any) {
		if (!django_next_key(django, &key, &any, err) || (any && with_keys && !take_key(store, key, now, out, err)))
			return false;
		out->keys_left_out += any && !with_keys;
	}
	return true;
}

/* ---- videos ---- */

/* It is UTC, without saying so. */
static bool read_time(const char *text, int64_t *out)
{
	char with_zone[TIME_MAX_BYTES];

	if (timestamp_parse(text, out))
		return true;
	int len = snprintf(with_zone, sizeof(with_zone), "%sZ", text);
	return len < TIME_MAX_BYTES && timestamp_parse(with_zone, out);
}

static bool copy(const char *text, char **out, struct error *err)
{
	return text_repair(text ? text : "", text ? strlen(text) : 0, out, err);
}

/* As search gave them: the title with entities of HTML, the description cut. */
static bool copy_texts(const struct django_video *row, struct video *video, struct error *err)
{
	if (!copy(row->title, &video->title, err) || !copy(row->description, &video->description, err) ||
	    !copy(row->thumbnail_url, &video->thumbnail_url, err))
		return false;
	parse_decode_entities(video->title);
	video->description_cut = true;
	if (strlen(video->thumbnail_url) > VIDEO_URL_MAX_BYTES)
		*video->thumbnail_url = '\0';
	return true;
}

static bool find_query(const struct queries *queries, int64_t id, struct video *video, struct error *err)
{
	for (size_t i = 0; i < queries->count; i++) {
		if (queries->items[i].there != id)
			continue;
		video->found = calloc(1, sizeof(*video->found));
		if (!video->found)
			return error_no_memory(err);
		video->found[video->found_count++].query_id = queries->items[i].here;
		return true;
	}
	return true;
}

/* Errors: ERR_INVALID for a row that is no video. */
static bool read_video(const struct django_video *row, const struct queries *queries, struct video *video, struct error *err)
{
	if (!row->id || !video_id_is_valid(row->id))
		return error_set(err, ERR_INVALID, row->id ? "video_id is not a video's" : "no video_id");
	if (!row->title)
		return error_set(err, ERR_INVALID, "no title");
	if (!row->published_at)
		return error_set(err, ERR_INVALID, "no published_at");
	if (!read_time(row->published_at, &video->published_at))
		return error_set(err, ERR_INVALID, "published_at is no time");
	memcpy(video->id, row->id, VIDEO_ID_SIZE);
	video->duration_s = video->views = video->likes = video->comments = VIDEO_UNKNOWN;
	return copy_texts(row, video, err) && find_query(queries, row->query, video, err);
}

static bool take_video(struct importer *importer, const struct django_video *row, const struct queries *queries,
                       struct error *err)
{
	AUTO(video_clear) struct video video = {0};

	importer_count(importer);
	if (read_video(row, queries, &video, err))
		return importer_add(importer, &video, err);
	if (err->code != ERR_INVALID)
		return false;
	importer_skip(importer, err->text);
	return true;
}

static bool take_videos(struct importer *importer, struct django *django, const struct queries *queries, struct error *err)
{
	struct django_video row;
	bool any = true;

	while (any)
		if (!django_next_video(django, &row, &any, err) || (any && !take_video(importer, &row, queries, err)))
			return false;
	return true;
}

/* ---- all of it ---- */

bool import_django(struct store *store, const char *path, bool with_keys, FILE *progress, const struct clock *clock,
                   struct django_import *out, struct error *err)
{
	struct importer importer = {.store = store, .clock = clock, .progress = progress, .unit = "row"};
	AUTO(django_close) struct django *django = NULL;
	AUTO(queries_clear) struct queries queries = {0};
	int64_t now = clock_now(clock);

	*out = (struct django_import){0};
	if (!django_open(path, &django, err) || !take_keys(store, django, with_keys, now, out, err) ||
	    !take_queries(store, django, now, progress, &queries, out, err))
		return false;
	bool done = importer_begin(&importer, err) && take_videos(&importer, django, &queries, err);
	done = importer_end(&importer, done, err);
	out->videos = importer.result;
	return done;
}
