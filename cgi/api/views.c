#include "cgi/api/views.h"

#include <string.h>

#include "model/quota_day.h"
#include "base/crypto.h"
#include "http/response.h"

struct writer view_json(struct response *res, int status)
{
	res->status = status;
	response_header(res, "Content-Type", "application/json; charset=utf-8");
	return writer_json(&res->body);
}

/* ---- videos ---- */

static void write_known(struct writer *w, const char *name, int64_t number)
{
	if (number == VIDEO_UNKNOWN)
		write_null(w, name);
	else
		write_int(w, name, number);
}

static const char *null_if_empty(const char *text)
{
	return text && *text ? text : NULL;
}

static void view_channel_of(struct writer *w, const struct video *video)
{
	if (!video->channel_id[0]) {
		write_null(w, "channel");
		return;
	}
	write_object(w, "channel");
	write_text(w, "id", video->channel_id);
	write_text(w, "title", null_if_empty(video->channel_title));
	write_end(w);
}

static void view_found(struct writer *w, const struct video *video, bool history)
{
	write_array(w, "queries");
	for (size_t i = 0; i < video->found_count; i++) {
		const struct found *found = &video->found[i];

		write_object(w, NULL);
		write_int(w, "id", found->query_id);
		write_text(w, "query", found->query);
		if (history) {
			write_text(w, "found_by", found_how_name(found->how));
			write_time(w, "found_at", found->found_at);
		}
		write_end(w);
	}
	write_end(w);
}

/* Ids are short, and cut where they are not. Printed, they would take a thirtieth of the time of a whole list. */
static void write_url(char *out, size_t size, const char *base, const char *id)
{
	size_t base_len = strlen(base);
	size_t id_len = strlen(id);

	if (id_len > size - base_len - 1)
		id_len = size - base_len - 1;
	memcpy(out, base, base_len);
	memcpy(out + base_len, id, id_len);
	out[base_len + id_len] = '\0';
}

void view_watch_url(const char *id, char out[WATCH_URL_SIZE])
{
	write_url(out, WATCH_URL_SIZE, "https://www.youtube.com/watch?v=", id);
}

void view_channel_url(const char *id, char out[CHANNEL_URL_SIZE])
{
	write_url(out, CHANNEL_URL_SIZE, "https://www.youtube.com/channel/", id);
}

static void view_any_video(struct writer *w, const struct video *video, bool history)
{
	char url[WATCH_URL_SIZE];

	view_watch_url(video->id, url);
	write_text(w, "id", video->id);
	write_text(w, "url", url);
	write_text(w, "title", video->title);
	write_text(w, "description", video->description);
	write_time(w, "published_at", video->published_at);
	write_time(w, "first_seen_at", video->first_seen_at);
	view_channel_of(w, video);
	write_text(w, "thumbnail_url", null_if_empty(video->thumbnail_url));
	write_raw_json(w, "thumbnails", video->thumbnails);
	write_text(w, "kind", video_kind_name(video->kind));
	write_known(w, "duration_seconds", video->duration_s);
	write_known(w, "views", video->views);
	write_known(w, "likes", video->likes);
	write_known(w, "comments", video->comments);
	view_found(w, video, history);
}

void view_video(struct writer *w, const struct video *video)
{
	view_any_video(w, video, false);
}

static void view_revision(struct writer *w, const struct revision *revision)
{
	write_object(w, NULL);
	write_time(w, "replaced_at", revision->replaced_at);
	write_text(w, "title", revision->title);
	write_text(w, "description", revision->description);
	write_text(w, "thumbnail_url", null_if_empty(revision->thumbnail_url));
	write_known(w, "views", revision->views);
	write_known(w, "likes", revision->likes);
	write_known(w, "comments", revision->comments);
	write_end(w);
}

void view_video_with_history(struct writer *w, const struct video *video)
{
	view_any_video(w, video, true);
	write_array(w, "history");
	for (size_t i = 0; i < video->revision_count; i++)
		view_revision(w, &video->revisions[i]);
	write_end(w);
}

/* ---- channels ---- */

void view_channel(struct writer *w, const struct channel *channel)
{
	char url[CHANNEL_URL_SIZE];

	view_channel_url(channel->id, url);
	write_text(w, "id", channel->id);
	write_text(w, "url", url);
	write_text(w, "title", null_if_empty(channel->title));
	write_int(w, "videos", channel->videos);
}

/* ---- queries ---- */

static void view_gap(struct writer *w, const struct interval *gap)
{
	write_object(w, NULL);
	write_time(w, "from", gap->since);
	write_time(w, "to", gap->until);
	write_text(w, "reason", gap_reason_text(gap->reason));
	write_end(w);
}

void view_query(struct writer *w, const struct query *query)
{
	write_int(w, "id", query->id);
	write_text(w, "query", query->text);
	write_text(w, "state", query_state_name(query));
	write_text(w, "origin", origin_name(query->origin));
	write_int(w, "videos", query->videos);
	write_int(w, "videos_today", query->videos_today);
	write_time(w, "created_at", query->created_at);
	write_time(w, "last_success_at", query->succeeded_at);
	write_time(w, "next_poll_at", query->next_poll_at);
	write_time(w, "covered_since", query->covered_since);
	write_array(w, "gaps");
	for (size_t i = 0; i < query->gaps.count; i++)
		view_gap(w, &query->gaps.items[i]);
	write_end(w);
	write_text(w, "error", query->error);
}

/* ---- keys ---- */

static void view_quota(struct writer *w, const char *name, const struct quota *quota)
{
	write_object(w, name);
	write_int(w, "used", quota->used);
	write_int(w, "limit", quota->limit);
	write_end(w);
}

void view_key(struct writer *w, const struct key *key, int64_t now)
{
	char mask[CRYPTO_MASK_SIZE];

	crypto_mask(key->secret, mask);
	write_int(w, "id", key->id);
	write_text(w, "key", mask);
	write_text(w, "label", key->label);
	write_text(w, "state", key_state_name(key, now));
	write_text(w, "reason", key_reason(key, now));
	write_text(w, "project", null_if_empty(key->project));
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		view_quota(w, bucket_name(bucket), &key->quota[bucket]);
	write_time(w, "resets_at", quota_day_end(now));
	write_time(w, "last_used_at", key->used_at);
}

/* ---- problems ---- */

void view_problem(struct writer *w, const struct problem *problem)
{
	write_text(w, "type", problem->type);
	write_text(w, "title", problem->title);
	write_int(w, "status", problem->status);
	write_text(w, "detail", problem->detail);
	write_text(w, "request_id", problem->request_id);
}
