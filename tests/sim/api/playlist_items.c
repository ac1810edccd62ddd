/* playlistItems.list, for the lists of uploads that every channel has. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tests/sim/api/call.h"
#include "tests/sim/api/token.h"

enum { PAGE_MAX = 50, PAGE_USUAL = 5, ITEM_ID_BYTES = 96 };

struct page {
	const char *playlist;
	char channel_id[CHANNEL_ID_SIZE];
	int64_t size;
	int64_t offset;
};

/* ---- which list ---- */

static bool is_any(const struct fate *fate)
{
	(void)fate;
	return true;
}

static bool is_long(const struct fate *fate)
{
	return !fate->stream && !fate_is_short(fate);
}

static bool is_stream(const struct fate *fate)
{
	return fate->stream;
}

static const struct {
	const char *prefix;
	bool (*holds)(const struct fate *fate);
} lists[] = {{"UULF", is_long}, {"UUSH", fate_is_short}, {"UULV", is_stream}, {"UU", is_any}};

/* The uploads that PLAYLIST holds; none when there is no such list. */
static bool find_items(struct call *call, struct page *page, struct world_hits *hits, struct error *err)
{
	enum { REST = 22 }; /* of a channel id, after UC */
	size_t kept = 0;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		size_t len = strlen(lists[i].prefix);

		if (strncmp(page->playlist, lists[i].prefix, len) != 0 || strlen(page->playlist) != len + REST)
			continue;
		snprintf(page->channel_id, sizeof(page->channel_id), "UC%s", page->playlist + len);
		if (!world_uploads(call->sim->world, page->channel_id, call->now, hits, err))
			return false;
		for (size_t v = 0; v < hits->count; v++) {
			struct world_video video = hits->items[v];

			if (lists[i].holds(&video.fate))
				hits->items[kept++] = video;
			else
				world_video_clear(&video);
		}
		hits->count = kept;
		return true;
	}
	return true;
}

/* ---- an item ---- */

static void emit_item_id(struct emit *e, const struct page *page, const struct world_video *video)
{
	char plain[ITEM_ID_BYTES / 2];
	char id[ITEM_ID_BYTES];
	int len = snprintf(plain, sizeof(plain), "%s.%s", page->playlist, video->id);

	base64_write((const unsigned char *)plain, len, id);
	emit_text(e, "id", id);
}

static void emit_item_snippet(struct emit *e, const struct call *call, const struct page *page, const struct world_video *video,
                              int64_t position)
{
	bool there = fate_exists(&video->fate, call->now);

	emit_object(e, "snippet");
	emit_time(e, "publishedAt", video->fate.announced_at);
	emit_text(e, "channelId", page->channel_id);
	emit_text(e, "title", there ? video->title : rng_text(video->id) % 2 ? "Deleted video" : "Private video");
	emit_text(e, "description", there ? video->description : "This video is unavailable.");
	if (there) {
		emit_thumbnails(e, call, video, true);
	} else {
		emit_object(e, "thumbnails");
		emit_end(e);
	}
	emit_text(e, "channelTitle", video->channel_title);
	emit_text(e, "playlistId", page->playlist);
	emit_number(e, "position", position);
	emit_object(e, "resourceId");
	emit_text(e, "kind", "youtube#video");
	emit_text(e, "videoId", video->id);
	emit_end(e);
	if (there) {
		emit_text(e, "videoOwnerChannelTitle", video->channel_title);
		emit_text(e, "videoOwnerChannelId", video->channel_id);
	}
	emit_end(e);
}

static void emit_item_details(struct emit *e, const struct call *call, const struct world_video *video)
{
	emit_object(e, "contentDetails");
	emit_text(e, "videoId", video->id);
	if (fate_exists(&video->fate, call->now))
		emit_time(e, "videoPublishedAt", fate_published_at(&video->fate, call->now));
	emit_end(e);
}

static void emit_item(struct emit *e, const struct call *call, const struct page *page, const struct world_video *video,
                      int64_t position)
{
	emit_object(e, NULL);
	emit_text(e, "kind", "youtube#playlistItem");
	emit_etag(e, rng_text(video->id));
	emit_item_id(e, page, video);
	if (has_part(call, "snippet"))
		emit_item_snippet(e, call, page, video, position);
	if (has_part(call, "contentDetails"))
		emit_item_details(e, call, video);
	if (has_part(call, "status")) {
		emit_object(e, "status");
		emit_text(e, "privacyStatus", fate_exists(&video->fate, call->now) ? "public" : "privacyStatusUnspecified");
		emit_end(e);
	}
	emit_end(e);
}

/* ---- the answer ---- */

static uint64_t content_of(const struct call *call, const struct page *page, const struct world_hits *hits, int64_t to)
{
	uint64_t content = rng_join(rng_text(page->playlist), rng_text(params_get(call->params, "part")));

	for (int64_t i = page->offset; i < to; i++) {
		content = rng_join(content, rng_text(hits->items[i].id));
		content = rng_join(content, fate_is_renamed(&hits->items[i].fate, call->now));
		content = rng_join(content, fate_exists(&hits->items[i].fate, call->now));
	}
	return content;
}

static bool answer_items(struct call *call, const struct page *page, struct world_hits *hits, struct error *err)
{
	int64_t count = (int64_t)hits->count;
	int64_t to = page->offset + page->size < count ? page->offset + page->size : count;
	char token[TOKEN_SIZE];
	struct emit e;

	if (!begin_unless_same(call, &e, "youtube#playlistItemListResponse", content_of(call, page, hits, to)))
		return true;
	for (int64_t i = page->offset; i < to; i++)
		if (!world_tell(call->sim->world, call->now, &hits->items[i], err))
			return false;
	if (to < count && page->size > 0) {
		token_write_list(to, token);
		emit_text(&e, "nextPageToken", token);
	}
	if (page->offset > 0) {
		token_write_list(page->offset > page->size ? page->offset - page->size : 0, token);
		emit_text(&e, "prevPageToken", token);
	}
	emit_list(&e, "items");
	for (int64_t i = page->offset; i < to; i++)
		emit_item(&e, call, page, &hits->items[i], i);
	emit_end(&e);
	emit_page_info(&e, count, page->size);
	emit_end(&e);
	return buf_ok(&call->out->body, err);
}

bool call_playlist_items(struct call *call, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct page page = {.playlist = params_get(call->params, "playlistId"), .size = PAGE_USUAL};
	const char *size = params_get(call->params, "maxResults");
	const char *token = params_get(call->params, "pageToken");

	if (!params_get(call->params, "part"))
		return refuse_parameter(call, "global", "required", "part", "Required parameter: part", err);
	if (!page.playlist)
		return refuse_without_filter(call, "id, playlistId", err);
	if (size && !text_int(size, 0, INT64_MAX, &page.size))
		return refuse_by_name(call, refusal_of("invalidParameter"), err);
	if (token && *token && !token_read_list(token, &page.offset))
		return refuse_parameter(call, "youtube.parameter", "invalidPageToken", "pageToken",
		                        "The request specifies an invalid page token.", err);
	page.size = page.size > PAGE_MAX ? PAGE_MAX : page.size;
	if (!find_items(call, &page, &hits, err))
		return false;
	return hits.count ? answer_items(call, &page, &hits, err) : refuse_by_name(call, refusal_of("playlistNotFound"), err);
}
