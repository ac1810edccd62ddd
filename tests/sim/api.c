#include "tests/sim/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pacific.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "tests/sim/emit.h"
#include "tests/sim/errors.h"
#include "tests/sim/params.h"
#include "tests/sim/pictures.h"
#include "tests/sim/token.h"

enum { RESULTS_MAX = 500, PAGE_MAX = 50, PAGE_USUAL = 5, CUT_CHARACTERS = 160, TOTAL_MAX = 1000000, TEXT_BYTES = 512 };

void sim_response_clear(struct sim_response *response)
{
	buf_clear(&response->body);
}

/* A call in hand. */
struct call {
	struct sim *sim;
	const struct params *params;
	int64_t now;
	struct sim_response *out;
	const struct sim_project *project;
};

/* ---- errors ---- */

static bool answer_error(struct call *call, const struct sim_error *error, struct error *err)
{
	call->out->status = error->status;
	sim_error_write(error, &call->out->body);
	return buf_ok(&call->out->body, err);
}

static bool refuse_parameter(struct call *call, const char *domain, const char *reason, const char *parameter,
                             const char *message, struct error *err)
{
	return answer_error(call,
	                    &(struct sim_error){.status = 400,
	                                        .message = message,
	                                        .domain = domain,
	                                        .reason = reason,
	                                        .location = parameter,
	                                        .location_type = "parameter"},
	                    err);
}

/* 429 of the search bucket; BURST is the limit per minute, which is no reason to stop for the day. */
static bool refuse_searches(struct call *call, bool burst, struct error *err)
{
	char message[TEXT_BYTES];

	snprintf(message, sizeof(message),
	         "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per %s' of service "
	         "'youtube.googleapis.com' for "
	         "consumer 'project_number:%s'.",
	         burst ? "minute" : "day", call->project->number);
	return answer_error(call,
	                    &(struct sim_error){.status = 429,
	                                        .message = message,
	                                        .domain = "global",
	                                        .reason = "rateLimitExceeded",
	                                        .grpc_status = "RESOURCE_EXHAUSTED",
	                                        .info_reason = "RATE_LIMIT_EXCEEDED",
	                                        .project = call->project->number,
	                                        .quota_limit = burst ? "defaultSearchListPerMinutePerProject"
	                                                             : "defaultSearchListPerDayPerProject",
	                                        .quota_metric = "youtube.googleapis.com/search_list",
	                                        .quota_unit = burst ? "1/min/{project}" : "1/d/{project}",
	                                        .quota_limit_value = burst ? 10 : call->project->limit[BUCKET_SEARCHES],
	                                        .window_start = burst ? 0 : pacific_day(call->now)},
	                    err);
}

static bool refuse_units(struct call *call, struct error *err)
{
	return answer_error(call,
	                    &(struct sim_error){.status = 403,
	                                        .message = "The request cannot be completed because you have exceeded your <a "
	                                                   "href=\"/youtube/v3/getting-started#quota\">quota</a>.",
	                                        .domain = "youtube.quota",
	                                        .reason = "quotaExceeded"},
	                    err);
}

static bool refuse_key(struct call *call, enum sim_key_state state, const char *project, struct error *err)
{
	char disabled[TEXT_BYTES];

	snprintf(disabled, sizeof(disabled), "YouTube Data API v3 has not been used in project %s before or it is disabled.",
	         project);
	const struct sim_error errors[SIM_KEY_STATE_COUNT] = {
	    [SIM_KEY_INVALID] = {.status = 400,
	                         .message = "API key not valid. Please pass a valid API key.",
	                         .domain = "global",
	                         .reason = "badRequest",
	                         .grpc_status = "INVALID_ARGUMENT",
	                         .info_reason = "API_KEY_INVALID"},
	    [SIM_KEY_EXPIRED] = {.status = 400,
	                         .message = "API key expired. Please renew the API key.",
	                         .domain = "global",
	                         .reason = "badRequest",
	                         .grpc_status = "INVALID_ARGUMENT",
	                         .info_reason = "API_KEY_INVALID"},
	    [SIM_KEY_API_OFF] = {.status = 403,
	                         .message = disabled,
	                         .domain = "usageLimits",
	                         .reason = "accessNotConfigured",
	                         .grpc_status = "PERMISSION_DENIED",
	                         .info_reason = "SERVICE_DISABLED",
	                         .project = project},
	    [SIM_KEY_RESTRICTED] =
		{.status = 403,
	         .message =
	             "The provided API key has an IP address restriction. The originating IP address of the call (192.0.2.1) "
	             "violates this restriction.",
	         .domain = "global",
	         .reason = "forbidden",
	         .grpc_status = "PERMISSION_DENIED",
	         .info_reason = "API_KEY_IP_ADDRESS_BLOCKED",
	         .project = project},
	    [SIM_KEY_SUSPENDED] = {.status = 403,
	                           .message = "Permission denied: Consumer has been suspended.",
	                           .domain = "global",
	                           .reason = "forbidden",
	                           .grpc_status = "PERMISSION_DENIED",
	                           .info_reason = "CONSUMER_SUSPENDED",
	                           .project = project},
	};

	return answer_error(call, &errors[state], err);
}

static bool refuse_without_key(struct call *call, struct error *err)
{
	return answer_error(
	    call,
	    &(struct sim_error){
		.status = 403,
		.message = "Method doesn't allow unregistered callers (callers without established identity). Please use "
			   "API Key or other form of API consumer identity to call this API.",
		.domain = "global",
		.reason = "forbidden",
		.grpc_status = "PERMISSION_DENIED"},
	    err);
}

/* ---- what both lists have in common ---- */

static void emit_etag(struct emit *e, uint64_t seed)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	struct rng rng = rng_from(seed);
	char etag[28];

	for (size_t i = 0; i + 1 < sizeof(etag); i++)
		etag[i] = digits[rng_below(&rng, 64)];
	etag[sizeof(etag) - 1] = '\0';
	emit_text(e, "etag", etag);
}

static void emit_thumbnail(struct emit *e, const struct call *call, const struct world_video *video, const char *name,
                           const char *file, int width, int height)
{
	bool live = fate_kind(&video->fate, call->now) == VIDEO_LIVE;
	char url[TEXT_BYTES];

	snprintf(url, sizeof(url), "%s/vi/%s/%s%s.jpg", call->sim->pictures, video->id, file, live ? "_live" : "");
	emit_object(e, name);
	emit_text(e, "url", url);
	emit_number(e, "width", width);
	emit_number(e, "height", height);
	emit_end(e);
}

/* Search gives three sizes; videos.list the larger ones too. */
static void emit_thumbnails(struct emit *e, const struct call *call, const struct world_video *video, bool all)
{
	emit_object(e, "thumbnails");
	emit_thumbnail(e, call, video, "default", "default", 120, 90);
	emit_thumbnail(e, call, video, "medium", "mqdefault", 320, 180);
	emit_thumbnail(e, call, video, "high", "hqdefault", 480, 360);
	if (all) {
		emit_thumbnail(e, call, video, "standard", "sddefault", 640, 480);
		emit_thumbnail(e, call, video, "maxres", "maxresdefault", 1280, 720);
	}
	emit_end(e);
}

static const char *live_content(const struct call *call, const struct world_video *video)
{
	enum video_kind kind = fate_kind(&video->fate, call->now);

	return kind == VIDEO_LIVE ? "live" : kind == VIDEO_UPCOMING ? "upcoming" : "none";
}

static bool begin_answer(struct call *call, struct emit *e, const char *kind)
{
	*e = (struct emit){.to = &call->out->body};
	emit_object(e, NULL);
	emit_text(e, "kind", kind);
	emit_etag(e, rng_next(&call->sim->faults.rng));
	return true;
}

static void emit_page_info(struct emit *e, int64_t total, int64_t per_page)
{
	emit_object(e, "pageInfo");
	emit_number(e, "totalResults", total);
	emit_number(e, "resultsPerPage", per_page);
	emit_end(e);
}

/* ---- search.list ---- */

/* Titles are escaped in search, and nothing else is. */
static void escape(const char *title, struct buf *out)
{
	static const struct {
		char c;
		const char *text;
	} escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};

	for (; *title; title++) {
		const char *text = NULL;

		for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
			text = escapes[i].c == *title ? escapes[i].text : text;
		if (text)
			buf_add_text(out, text);
		else
			buf_add_char(out, *title);
	}
}

/* One line of at most CUT_CHARACTERS, ended by " ..." where something is missing. */
static void cut(const char *description, struct buf *out)
{
	size_t characters = 0;

	for (; *description; description++) {
		bool begins = ((unsigned char)*description & 0xC0) != 0x80;

		if (begins && characters++ == CUT_CHARACTERS) {
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

	escape(video->title, &title);
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

static bool emit_search_item(struct emit *e, const struct call *call, const struct world_video *video, struct error *err)
{
	bool bare = rng_share(&call->sim->faults.rng) < call->sim->without_snippet;

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

struct search {
	const char *text;
	int64_t after, before;
	int64_t page_size;
	int64_t offset;
};

/* Reads the parameters; *REFUSED when an answer has been given because of one. */
static bool read_search(struct call *call, struct search *out, bool *refused, struct error *err)
{
	const struct params *p = call->params;
	const char *after = params_get(p, "publishedAfter");
	const char *before = params_get(p, "publishedBefore");
	const char *size = params_get(p, "maxResults");
	const char *token = params_get(p, "pageToken");
	const char *type = params_get(p, "type");
	char message[TEXT_BYTES];

	*out = (struct search){.text = params_get(p, "q"), .before = call->now, .page_size = PAGE_USUAL};
	out->text = out->text ? out->text : "";
	*refused = true;
	if (!params_get(p, "part"))
		return refuse_parameter(call, "global", "required", "part", "Required parameter: part", err);
	if (size && !text_int(size, 0, INT64_MAX, &out->page_size)) {
		snprintf(message, sizeof(message), "Invalid unsigned integer value: '%.40s'.", size);
		return refuse_parameter(call, "global", "invalidParameter", "maxResults", message, err);
	}
	if ((params_get(p, "eventType") || params_get(p, "videoDuration")) && (!type || strcmp(type, "video") != 0))
		return refuse_parameter(call, "youtube.search", "invalidSearchFilter", "parameters.",
		                        "The request contains an invalid combination of search filters and/or restrictions.",
		                        err);
	if ((after && !timestamp_parse(after, &out->after)) || (before && !timestamp_parse(before, &out->before)))
		return refuse_parameter(call, "global", "badRequest", "publishedAfter", "Request contains an invalid argument.",
		                        err);
	if (token && *token && !token_read(token, &out->offset))
		return refuse_parameter(call, "youtube.parameter", "invalidPageToken", "pageToken",
		                        "The request specifies an invalid page token.", err);
	out->page_size = out->page_size > PAGE_MAX ? PAGE_MAX : out->page_size;
	*refused = false;
	return true;
}

static int64_t noisy_total(const struct call *call, int64_t count)
{
	int64_t noise = count > PAGE_MAX ? rng_between(&call->sim->faults.rng, 0, count * 20) : 0;

	return count + noise < TOTAL_MAX ? count + noise : TOTAL_MAX;
}

static bool search(struct call *call, enum fault fault, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct search s;
	struct emit e;
	bool refused;
	char token[TOKEN_SIZE];

	if (!read_search(call, &s, &refused, err))
		return false;
	if (refused)
		return true;
	if (!world_search(call->sim->world, s.text, s.after, s.before, call->now, &hits, err))
		return false;
	int64_t count = fault == FAULT_NO_RESULTS ? 0 : (int64_t)hits.count;
	int64_t end = count < RESULTS_MAX ? count : RESULTS_MAX;
	int64_t to = s.offset + s.page_size < end ? s.offset + s.page_size : end;

	begin_answer(call, &e, "youtube#searchListResponse");
	if (to < end && s.page_size > 0) {
		token_write(to, token);
		emit_text(&e, "nextPageToken", token);
	}
	emit_text(&e, "regionCode", "US");
	emit_page_info(&e, noisy_total(call, count), s.offset < end ? s.page_size : 0);
	emit_list(&e, "items");
	for (int64_t i = s.offset; i < to; i++)
		if (!emit_search_item(&e, call, &hits.items[i], err))
			return false;
	emit_end(&e);
	emit_end(&e);
	return buf_ok(&call->out->body, err);
}

/* ---- videos.list ---- */

static void emit_localized(struct emit *e, const struct world_video *video)
{
	emit_object(e, "localized");
	emit_text(e, "title", video->title);
	emit_text(e, "description", video->description);
	emit_end(e);
}

static void emit_details_snippet(struct emit *e, const struct call *call, const struct world_video *video)
{
	emit_object(e, "snippet");
	emit_time(e, "publishedAt", fate_published_at(&video->fate, call->now));
	emit_text(e, "channelId", video->channel_id);
	emit_text(e, "title", video->title);
	emit_text(e, "description", video->description);
	emit_thumbnails(e, call, video, true);
	emit_text(e, "channelTitle", video->channel_title);
	emit_text(e, "categoryId", "28");
	emit_text(e, "liveBroadcastContent", live_content(call, video));
	emit_localized(e, video);
	emit_end(e);
}

static void emit_content_details(struct emit *e, const struct call *call, const struct world_video *video)
{
	enum video_kind kind = fate_kind(&video->fate, call->now);
	int64_t seconds = video->fate.duration_s;
	char duration[64];

	if (kind == VIDEO_LIVE || kind == VIDEO_UPCOMING)
		snprintf(duration, sizeof(duration), "P0D");
	else if (seconds >= 3600)
		snprintf(duration, sizeof(duration), "PT%dH%dM%dS", (int)(seconds / 3600), (int)(seconds / 60 % 60),
		         (int)(seconds % 60));
	else
		snprintf(duration, sizeof(duration), "PT%dM%dS", (int)(seconds / 60), (int)(seconds % 60));
	emit_object(e, "contentDetails");
	emit_text(e, "duration", duration);
	emit_text(e, "dimension", "2d");
	emit_text(e, "definition", "hd");
	emit_text(e, "caption", "false");
	emit_bool(e, "licensedContent", false);
	emit_object(e, "contentRating");
	emit_end(e);
	emit_text(e, "projection", "rectangular");
	emit_end(e);
}

static void emit_known_count(struct emit *e, const char *name, int64_t number)
{
	if (number != VIDEO_UNKNOWN)
		emit_count(e, name, number);
}

static void emit_statistics(struct emit *e, const struct call *call, const struct world_video *video)
{
	struct fate_counts counts = fate_counts(&video->fate, call->now);

	emit_object(e, "statistics");
	emit_known_count(e, "viewCount", counts.views);
	emit_known_count(e, "likeCount", counts.likes);
	emit_text(e, "favoriteCount", "0");
	emit_known_count(e, "commentCount", counts.comments);
	emit_end(e);
}

static void emit_streaming(struct emit *e, const struct call *call, const struct world_video *video)
{
	const struct fate *fate = &video->fate;
	enum video_kind kind = fate_kind(fate, call->now);

	if (kind == VIDEO_NORMAL)
		return;
	emit_object(e, "liveStreamingDetails");
	if (kind != VIDEO_UPCOMING)
		emit_time(e, "actualStartTime", fate->started_at);
	if (kind == VIDEO_WAS_LIVE)
		emit_time(e, "actualEndTime", fate->ended_at);
	if (fate->scheduled_at)
		emit_time(e, "scheduledStartTime", fate->scheduled_at);
	if (kind == VIDEO_LIVE)
		emit_count(e, "concurrentViewers", fate_counts(fate, call->now).watching);
	emit_end(e);
}

static bool has_part(const struct call *call, const char *part)
{
	const char *parts = params_get(call->params, "part");
	size_t len = strlen(part);

	for (const char *at = parts; at && (at = strstr(at, part)); at += len)
		if ((at == parts || at[-1] == ',') && (at[len] == ',' || !at[len]))
			return true;
	return false;
}

static void emit_video(struct emit *e, const struct call *call, const struct world_video *video)
{
	emit_object(e, NULL);
	emit_text(e, "kind", "youtube#video");
	emit_etag(e, rng_text(video->id));
	emit_text(e, "id", video->id);
	if (has_part(call, "snippet"))
		emit_details_snippet(e, call, video);
	if (has_part(call, "contentDetails"))
		emit_content_details(e, call, video);
	if (has_part(call, "statistics"))
		emit_statistics(e, call, video);
	if (has_part(call, "liveStreamingDetails"))
		emit_streaming(e, call, video);
	emit_end(e);
}

static bool list_videos(struct call *call, const struct text_list *ids, struct error *err)
{
	struct emit e;
	int64_t count = 0;

	begin_answer(call, &e, "youtube#videoListResponse");
	emit_list(&e, "items");
	for (size_t i = 0; i < ids->count; i++) {
		AUTO(world_video_clear) struct world_video video = {0};
		bool found;

		if (!world_find(call->sim->world, ids->items[i], call->now, &found, &video, err))
			return false;
		if (!found) /* unknown, deleted or private: just not there */
			continue;
		emit_video(&e, call, &video);
		count++;
	}
	emit_end(&e);
	emit_page_info(&e, count, count);
	emit_end(&e);
	return buf_ok(&call->out->body, err);
}

static bool videos(struct call *call, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	const char *id = params_get(call->params, "id");

	if (!params_get(call->params, "part"))
		return refuse_parameter(call, "global", "required", "part", "Required parameter: part", err);
	if (!id)
		return answer_error(call,
		                    &(struct sim_error){.status = 400,
		                                        .message = "No filter selected. Expected one of: myRating, chart, id",
		                                        .domain = "youtube.parameter",
		                                        .reason = "missingRequiredParameter",
		                                        .location = "parameters.",
		                                        .location_type = "other"},
		                    err);
	if (!text_list_split(id, ',', &ids, err))
		return false;
	if (ids.count > PAGE_MAX)
		return refuse_parameter(call, "youtube.parameter", "invalidFilters", "parameters.",
		                        "The request specifies an invalid filter parameter.", err);
	return list_videos(call, &ids, err);
}

/* ---- faults ---- */

static bool answer_page(struct call *call, struct error *err)
{
	call->out->status = 502;
	call->out->content_type = "text/html; charset=UTF-8";
	buf_add_text(&call->out->body,
	             "<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n<p><b>502.</b> <ins>That's an "
	             "error.</ins>\n<p>The server encountered a temporary error and could not complete your request.\n");
	return buf_ok(&call->out->body, err);
}

/* Answers that a fault gives in place of the right one. False: there is none of that kind. */
static bool answer_fault(struct call *call, enum fault fault, bool *answered, struct error *err)
{
	*answered = true;
	switch (fault) {
	case FAULT_503:
		return answer_error(call,
		                    &(struct sim_error){.status = 503,
		                                        .message = "The service is currently unavailable.",
		                                        .domain = "global",
		                                        .reason = "backendError",
		                                        .grpc_status = "UNAVAILABLE"},
		                    err);
	case FAULT_HTML:
		return answer_page(call, err);
	case FAULT_EMPTY_BODY:
	case FAULT_CUT:
		call->out->fault = fault;
		return true;
	case FAULT_BURST:
		return refuse_searches(call, true, err);
	case FAULT_FORBIDDEN:
		return answer_error(
		    call, &(struct sim_error){.status = 403, .message = "Forbidden", .domain = "global", .reason = "forbidden"},
		    err);
	case FAULT_DELEGATION:
		return answer_error(
		    call,
		    &(struct sim_error){.status = 403,
		                        .message = "The authenticated user cannot act on behalf of the specified Google account.",
		                        .domain = "youtube.common",
		                        .reason = "accountDelegationForbidden"},
		    err);
	case FAULT_SLOW:
	case FAULT_TRUNCATED:
		call->out->fault = fault;
		break;
	case FAULT_NONE:
	case FAULT_NO_RESULTS:
	case FAULT_COUNT:
		break;
	}
	*answered = false;
	return true;
}

/* ---- the call ---- */

static bool make_call(struct call *call, struct sim_key *key, enum bucket bucket, struct error *err)
{
	enum fault fault = faults_next(&call->sim->faults, bucket);
	bool answered;

	call->project = &call->sim->projects.projects[key->project];
	/* Invalid requests are charged too. */
	bool charged = projects_charge(&call->sim->projects, key, bucket, call->now);
	if (!answer_fault(call, fault, &answered, err))
		return false;
	if (answered)
		return true;
	if (!charged)
		return bucket == BUCKET_SEARCHES ? refuse_searches(call, false, err) : refuse_units(call, err);
	return bucket == BUCKET_SEARCHES ? search(call, fault, err) : videos(call, err);
}

static bool is_call(const char *path, enum bucket *bucket)
{
	if (strcmp(path, "/youtube/v3/search") == 0)
		*bucket = BUCKET_SEARCHES;
	else if (strcmp(path, "/youtube/v3/videos") == 0)
		*bucket = BUCKET_UNITS;
	else
		return false;
	return true;
}

/* "/vi/ID/hqdefault.jpg" */
static bool answer_picture(const char *path, struct sim_response *out, struct error *err)
{
	char id[VIDEO_ID_SIZE] = "";

	snprintf(id, sizeof(id), "%.*s", VIDEO_ID_SIZE - 1, path + strlen("/vi/"));
	out->content_type = "image/svg+xml";
	picture_write(id, &out->body);
	return buf_ok(&out->body, err);
}

bool sim_answer(struct sim *sim, const struct sim_request *request, int64_t now, struct sim_response *out, struct error *err)
{
	AUTO(params_clear) struct params params = {0};
	struct call call = {.sim = sim, .params = &params, .now = now, .out = out};
	enum bucket bucket;

	*out = (struct sim_response){.status = 200, .content_type = "application/json; charset=UTF-8", .body = BUF(SIM_BODY_MAX)};
	if (strncmp(request->path, "/vi/", 4) == 0)
		return answer_picture(request->path, out, err);
	if (!is_call(request->path, &bucket)) {
		out->status = 404;
		out->content_type = "text/html; charset=UTF-8";
		buf_add_text(&out->body, "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>\n");
		return buf_ok(&out->body, err);
	}
	if (!params_read(request->query, &params, err))
		return false;
	const char *in_url = params_get(&params, "key");
	sim->keys_in_urls += in_url != NULL;
	const char *secret = request->key ? request->key : in_url;
	if (!secret)
		return refuse_without_key(&call, err);
	struct sim_key *key = projects_find(&sim->projects, secret);
	enum sim_key_state state = key ? key->state : SIM_KEY_INVALID;
	if (state != SIM_KEY_GOOD)
		return refuse_key(&call, state, key ? sim->projects.projects[key->project].number : "0", err);
	return make_call(&call, key, bucket, err);
}
