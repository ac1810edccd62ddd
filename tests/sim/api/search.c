/* search.list */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "tests/sim/api/call.h"
#include "tests/sim/escape.h"
#include "tests/sim/api/token.h"

enum {
	RESULTS_MAX = 500,
	PAGE_MAX = 50,
	PAGE_USUAL = 5,
	CUT_CHARACTERS = 160,
	UNBOUNDED_DAYS = 7,
	TOTAL_MAX = 1000000,
	TEXT_BYTES = 512
};

struct search {
	const char *text;
	int64_t after, before;
	int64_t page_size;
	int64_t offset;
	bool bare; /* nothing but ids was asked for */
};

/* One line of at most CUT_CHARACTERS, ended by " ..." where something is missing. */
static void cut(const char *description, struct buf *out)
{
	size_t characters = 0;

	for (; *description; description++) {
		if (!utf8_continues(*description) && characters++ == CUT_CHARACTERS) {
			buf_add_text(out, " ...");
			return;
		}
		if (*description != '\n')
			buf_add_char(out, *description);
		else if (out->len && out->data[out->len - 1] != ' ')
			buf_add_char(out, ' ');
	}
}

static bool emit_search_snippet(struct emit *e, const struct call *call, const struct world_video *video, struct error *err)
{
	AUTO(buf_clear) struct buf title = BUF(SIM_BODY_MAX);
	AUTO(buf_clear) struct buf description = BUF(SIM_BODY_MAX);
	int64_t published_at = fate_published_at(&video->fate, call->now);

	if (!happens(call, call->sim->untitled))
		escape_text(video->title, &title); /* nothing else is escaped, and no other method does it */
	cut(video->description, &description);
	emit_object(e, "snippet");
	emit_time(e, "publishedAt", published_at);
	emit_text(e, "channelId", video->channel_id);
	emit_text(e, "title", buf_text(&title));
	emit_text(e, "description", buf_text(&description));
	emit_thumbnails(e, call, video, false);
	emit_text(e, "channelTitle", video->channel_title);
	emit_text(e, "liveBroadcastContent", live_content(call, video));
	emit_time(e, "publishTime", published_at);
	emit_end(e);
	return buf_ok(&title, err) && buf_ok(&description, err);
}

static bool emit_search_item(struct emit *e, const struct call *call, const struct search *s, struct world_video *video,
                             struct error *err)
{
	bool bare = rng_share(&call->sim->faults.rng) < call->sim->without_snippet || s->bare;

	if (!bare && !world_tell(call->sim->world, call->now, video, err))
		return false;
	emit_object(e, NULL);
	emit_text(e, "kind", "youtube#searchResult");
	emit_etag(e, rng_text(video->id));
	emit_object(e, "id");
	emit_text(e, "kind", "youtube#video");
	emit_text(e, "videoId", video->id);
	emit_end(e);
	if (!bare && !emit_search_snippet(e, call, video, err))
		return false;
	emit_end(e);
	return true;
}

/* Filters of videos, which want type=video. */
static bool has_video_filter(const struct params *p)
{
	static const char *const filters[] = {"eventType",       "videoCaption",  "videoCategoryId", "videoDefinition",
	                                      "videoDimension",  "videoDuration", "videoEmbeddable", "videoLicense",
	                                      "videoSyndicated", "videoType",     "location",        "videoPaidProductPlacement"};

	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (params_get(p, filters[i]))
			return true;
	return false;
}

static bool read_page(struct call *call, struct search *s, bool *refused, struct error *err)
{
	const char *size = params_get(call->params, "maxResults");
	const char *token = params_get(call->params, "pageToken");
	char message[TEXT_BYTES];
	bool backward = false;

	*refused = true;
	if (size && !text_int(size, 0, INT64_MAX, &s->page_size)) {
		snprintf(message, sizeof(message), "Invalid unsigned integer value: '%.40s'.", size);
		return refuse_parameter(call, "global", "invalidParameter", "maxResults", message, err);
	}
	if (token && *token && !token_read(token, &s->offset, &backward))
		return refuse_parameter(call, "youtube.parameter", "invalidPageToken", "pageToken",
		                        "The request specifies an invalid page token.", err);
	s->page_size = s->page_size > PAGE_MAX ? PAGE_MAX : s->page_size;
	if (backward)
		s->offset = s->offset > s->page_size ? s->offset - s->page_size : 0;
	*refused = false;
	return true;
}

/* Reads the parameters; *REFUSED when an answer has been given because of one. */
static bool read_search(struct call *call, struct search *out, bool *refused, struct error *err)
{
	const struct params *p = call->params;
	const char *part = params_get(p, "part");
	const char *after = params_get(p, "publishedAfter");
	const char *before = params_get(p, "publishedBefore");
	const char *type = params_get(p, "type");

	*out = (struct search){.text = params_get(p, "q"), .before = call->now, .page_size = PAGE_USUAL};
	out->text = out->text ? out->text : "";
	/* As a rule the five hundred that can be had are not older; the world itself reaches back for ever. */
	out->after = call->now - (int64_t)UNBOUNDED_DAYS * SECONDS_PER_DAY;
	out->bare = part && !strstr(part, "snippet");
	*refused = true;
	if (!part)
		return refuse_parameter(call, "global", "required", "part", "Required parameter: part", err);
	if (happens(call, call->sim->unbounded))
		after = before = NULL;
	if (has_video_filter(p) && (!type || strcmp(type, "video") != 0))
		return refuse_parameter(call, "youtube.search", "invalidSearchFilter", "parameters.",
		                        "The request contains an invalid combination of search filters and/or restrictions.",
		                        err);
	if ((after && !timestamp_parse(after, &out->after)) || (before && !timestamp_parse(before, &out->before)))
		return refuse_parameter(call, "global", "badRequest", "publishedAfter", "Request contains an invalid argument.",
		                        err);
	return read_page(call, out, refused, err);
}

static int64_t noisy_total(const struct call *call, int64_t count)
{
	int64_t noise = count > PAGE_MAX ? rng_between(&call->sim->faults.rng, 0, count * 20) : 0;

	return count + noise < TOTAL_MAX ? count + noise : TOTAL_MAX;
}

static void emit_tokens(struct emit *e, const struct call *call, const struct search *s, int64_t to, int64_t end)
{
	char token[TOKEN_SIZE];
	bool more = to < end || (s->offset < end && happens(call, call->sim->endless));

	if (more && s->page_size > 0) {
		token_write(to, false, token);
		emit_text(e, "nextPageToken", token);
	}
	if (s->offset > 0) {
		token_write(s->offset, true, token);
		emit_text(e, "prevPageToken", token);
	}
}

bool call_search(struct call *call, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct search s;
	struct emit e;
	bool refused;

	if (!read_search(call, &s, &refused, err))
		return false;
	if (refused)
		return true;
	if (!world_search(call->sim->world, s.text, s.after, s.before, call->now, &hits, err))
		return false;
	if (!rank_hits(call, &hits, err))
		return false;
	int64_t count = call->fault == FAULT_NO_RESULTS ? 0 : (int64_t)hits.count;
	int64_t end = count < RESULTS_MAX ? count : RESULTS_MAX;
	int64_t to = s.offset + s.page_size < end ? s.offset + s.page_size : end;

	begin_answer(call, &e, "youtube#searchListResponse");
	emit_tokens(&e, call, &s, to, end);
	emit_text(&e, "regionCode", "US");
	emit_page_info(&e, noisy_total(call, count), s.offset < end ? s.page_size : 0);
	emit_list(&e, "items");
	for (int64_t i = s.offset; i < to; i++)
		if (!happens(call, call->sim->withheld) && !emit_search_item(&e, call, &s, &hits.items[i], err))
			return false;
	emit_end(&e);
	emit_end(&e);
	return buf_ok(&call->out->body, err);
}
