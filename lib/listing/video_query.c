#include "listing/video_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/text_list.h"
#include "base/utf8.h"
#include "base/timestamp.h"
#include "http/params.h"
#include "store/queries.h"

enum {
	PAGE_NUMBER_MAX = 1000000000, /* far beyond any database, and safe to multiply */
	DURATION_MAX_S = 10 * 366 * SECONDS_PER_DAY,
	HEX_DIGITS = 16,
};

const char *const filter_parameters[] = {FILTER_PARAMETERS, NULL};
const char *const export_parameters[] = {FILTER_PARAMETERS, "sort", "after", "include", "fields", NULL};
const char *const csv_parameters[] = {FILTER_PARAMETERS, "sort", "after", "include", "fields", "flavor", NULL};
const char *const list_parameters[] = {LIST_PARAMETERS, NULL};

/* ---- one value ---- */

/* A point in time, or a date for its midnight; *OUT stays when it is missing. */
static bool read_time(const struct request *req, const char *name, int64_t *out, struct error *err)
{
	const char *text = fields_get(&req->query, name);

	if (!text)
		return true;
	if (timestamp_parse_date(text, out) || timestamp_parse(text, out))
		return *out > 0 || error_set_value(err, ERR_INVALID, name, text, "must be later than 1970-01-01T00:00:00Z");
	return error_set_value(err, ERR_INVALID, name, text,
	                       "a time such as 2026-11-22T10:00:00Z or a date such as 2026-11-22 is allowed");
}

static bool read_words(const struct request *req, struct video_filter *filter, struct error *err)
{
	const char *text = fields_get(&req->query, "query");
	size_t length = text ? utf8_length(text) : 0;

	if (length > SEARCH_LENGTH_MAX)
		return error_set_field(err, ERR_INVALID, "query", "%zu characters, at most %d are allowed", length,
		                       SEARCH_LENGTH_MAX);
	/* Blanks alone filter nothing. */
	filter->words = text && text[strspn(text, " \t\r\n")] ? text : NULL;
	return true;
}

static bool read_tracked(struct list_context in, const struct request *req, int64_t *id, struct error *err)
{
	AUTO(query_clear) struct query query = {0};

	if (!request_int(req, "tracked", 1, INT64_MAX, id, err))
		return false;
	if (*id == 0 || store_query_get(in.store, *id, in.now, &query, err))
		return true;
	if (err->code == ERR_NOT_FOUND)
		return error_set_value(err, ERR_INVALID, "tracked", fields_get(&req->query, "tracked"),
		                       "there is no tracked query with this id");
	return false;
}

static bool read_channel(const struct request *req, const char **id, struct error *err)
{
	const char *text = fields_get(&req->query, "channel");

	if (text && !channel_id_is_valid(text))
		return error_set_value(err, ERR_INVALID, "channel", text, "the id of a channel, such as UC…, is allowed");
	*id = text;
	return true;
}

static bool read_excluded_channels(const struct request *req, const char **ids, struct error *err)
{
	static const char name[] = "exclude_channel";
	const char *text = fields_get(&req->query, name);
	AUTO(text_list_clear) struct text_list list = {0};

	*ids = text;
	if (!text)
		return true;
	if (!text_list_split(text, ',', &list, err))
		return false;
	/* The statement that reads it knows blanks only. */
	if (list.count == 0 || list.count > EXCLUDED_CHANNELS_MAX || text[strspn(text, TEXT_ALPHANUMERIC "_-, ")])
		return error_set_value(err, ERR_INVALID, name, text, "1 to %d ids of channels, such as UC…, are allowed",
		                       EXCLUDED_CHANNELS_MAX);
	for (size_t i = 0; i < list.count; i++)
		if (!channel_id_is_youtubes(list.items[i]))
			return error_set_value(err, ERR_INVALID, name, list.items[i],
			                       "ids of channels are allowed: UC and 22 letters, digits, - or _");
	return true;
}

static bool read_language(const struct request *req, const char **tag, struct error *err)
{
	const char *text = fields_get(&req->query, "language");
	char read[LANGUAGE_SIZE];

	*tag = text;
	if (!text)
		return true;
	video_read_language(text, read);
	return read[0] || error_set_value(err, ERR_INVALID, "language", text,
	                                  "the tag of a language, such as en, pt-BR or zh-Hans, is allowed");
}

static bool read_kind(const struct request *req, struct video_filter *filter, struct error *err)
{
	const char *names[VIDEO_KIND_COUNT];
	size_t kind = VIDEO_KIND_COUNT;

	for (enum video_kind k = 0; k < VIDEO_KIND_COUNT; k++)
		names[k] = video_kind_name(k);
	if (!params_choose(req, "kind", names, VIDEO_KIND_COUNT, &kind, err))
		return false;
	filter->one_kind = kind < VIDEO_KIND_COUNT;
	filter->kind = filter->one_kind ? (enum video_kind)kind : VIDEO_NORMAL;
	return true;
}

static bool read_durations(const struct request *req, struct video_filter *filter, struct error *err)
{
	if (!request_int(req, "min_duration", 0, DURATION_MAX_S, &filter->min_duration_s, err) ||
	    !request_int(req, "max_duration", 1, DURATION_MAX_S, &filter->max_duration_s, err))
		return false;
	return !filter->max_duration_s || filter->min_duration_s <= filter->max_duration_s ||
	       error_set_value(err, ERR_INVALID, "max_duration", fields_get(&req->query, "max_duration"),
	                       "must not be less than min_duration=%lld", (long long)filter->min_duration_s);
}

/* ---- times ---- */

static bool read_within(const struct request *req, int64_t now, struct video_query *params, struct error *err)
{
	static const char *const names[] = {"hour", "day", "week", "month"};
	static const int64_t seconds[] = {SECONDS_PER_HOUR, SECONDS_PER_DAY, 7 * SECONDS_PER_DAY, 30 * SECONDS_PER_DAY};
	const size_t count = sizeof(names) / sizeof(names[0]);
	size_t which = count;

	if (!params_choose(req, "within", names, count, &which, err))
		return false;
	if (which == count)
		return true;
	if (params->request.filter.published_after || params->request.filter.published_before)
		return error_set_field(err, ERR_INVALID, "within", "not together with published_after or published_before");
	params->within = names[which];
	params->request.filter.published_after = now - seconds[which];
	return true;
}

/* Two parameters, of which the one called BEFORE has to be later. */
static bool read_span(const struct request *req, const char *after, const char *before, int64_t *from, int64_t *until,
                      struct error *err)
{
	if (!read_time(req, after, from, err) || !read_time(req, before, until, err))
		return false;
	return !*until || *until > *from ||
	       error_set_value(err, ERR_INVALID, before, fields_get(&req->query, before), "must be later than %s", after);
}

static bool read_times(const struct request *req, int64_t now, struct video_query *params, struct error *err)
{
	struct video_filter *filter = &params->request.filter;

	return read_span(req, "published_after", "published_before", &filter->published_after, &filter->published_before, err) &&
	       read_span(req, "recorded_after", "recorded_before", &filter->recorded_after, &filter->recorded_before, err) &&
	       read_within(req, now, params, err);
}

/* ---- the filter ---- */

bool video_query_read_filter(struct list_context in, const struct request *req, struct video_query *out, struct error *err)
{
	int64_t page_size = in.page_size;
	struct video_query params = {.request = {.page_number = 1, .page_size = page_size}, .default_page_size = page_size};
	struct video_filter *filter = &params.request.filter;

	if (!read_words(req, filter, err) || !read_channel(req, &filter->channel_id, err) ||
	    !read_excluded_channels(req, &filter->excluded_channels, err) || !read_language(req, &filter->language, err) ||
	    !read_times(req, in.now, &params, err) || !read_kind(req, filter, err) || !read_durations(req, filter, err) ||
	    !read_tracked(in, req, &filter->query_id, err))
		return false;
	*out = params;
	return true;
}

/* ---- order and page ---- */

static bool read_sort(struct list_context in, const struct request *req, struct video_request *request, struct error *err)
{
	const char *names[SORT_COUNT];
	size_t sort = request->sort;

	for (enum video_sort s = 0; s < SORT_COUNT; s++)
		names[s] = video_sort_name(s);
	if (!params_choose(req, "sort", names, SORT_COUNT, &sort, err))
		return false;
	request->sort = (enum video_sort)sort;
	request->rising_since = in.now - SECONDS_PER_DAY;
	return request->sort != SORT_RELEVANCE || request->filter.words ||
	       error_set_value(err, ERR_INVALID, "sort", "relevance", "needs search text in query");
}

/* What a list may include: hidden videos, and members that lists leave out. Hidden ones are in lists that go on from video to video. */
static bool read_include(const struct request *req, bool members, struct video_query *params, struct error *err)
{
	enum { NAME_COUNT = 1 + VIDEO_MEMBER_COUNT - VIDEO_MEMBER_LIGHT_COUNT };
	const char *names[NAME_COUNT] = {"hidden"};
	size_t chosen[NAME_COUNT];
	size_t count = 0;
	struct video_request *request = &params->request;

	memcpy(names + 1, video_member_names + VIDEO_MEMBER_LIGHT_COUNT, sizeof(names) - sizeof(names[0]));
	if (!params_choose_several(req, "include", names, members ? NAME_COUNT : 1, chosen, &count, err))
		return false;
	params->include = fields_get(&req->query, "include");
	params->members = video_members_first(VIDEO_MEMBER_LIGHT_COUNT);
	for (size_t i = 0; i < count; i++) {
		if (chosen[i] == 0)
			request->with_hidden = true;
		else
			params->members.at[params->members.count++] = VIDEO_MEMBER_LIGHT_COUNT + chosen[i] - 1;
	}
	if (request->with_hidden && request->sort != SORT_NEWEST && request->sort != SORT_OLDEST)
		return error_set_value(err, ERR_INVALID, "include", "hidden", "only with sort=newest or oldest");
	return !request->with_hidden || request->page_number <= 1 ||
	       error_set_value(err, ERR_INVALID, "include", "hidden", "go on with cursor, not with a page number");
}

static bool read_counting(const struct request *req, struct video_request *request, struct error *err)
{
	static const char *const names[] = {"exact"};
	size_t which = 1;

	if (!params_choose(req, "count", names, 1, &which, err))
		return false;
	request->counting = which == 0 ? COUNT_EXACTLY : COUNT_CHEAPLY;
	return true;
}

/* What a cursor begins with, of a list in an order, and of a forward one. */
static const char letters[SORT_COUNT] = {
    [SORT_NEWEST] = 'n', [SORT_OLDEST] = 'o', [SORT_RECORDED] = 'r', [SORT_RECORDED_OLDEST] = 's'};
static const char forward = 'f';

static void write_cursor(char letter, int64_t place, char out[CURSOR_SIZE])
{
	snprintf(out, CURSOR_SIZE, "%c%0*llx", letter, HEX_DIGITS, (unsigned long long)place);
}

void cursor_write(enum video_sort sort, int64_t seq, char out[CURSOR_SIZE])
{
	write_cursor(letters[sort], seq, out);
}

void cursor_write_forward(int64_t recorded, char out[CURSOR_SIZE])
{
	write_cursor(forward, recorded, out);
}

bool cursor_read_number(const char *digits, int64_t *out)
{
	char number[HEX_DIGITS + 1] = "";

	if (strspn(digits, "0123456789abcdef") < HEX_DIGITS)
		return false;
	memcpy(number, digits, HEX_DIGITS);
	uint64_t value = strtoull(number, NULL, 16);
	*out = (int64_t)value;
	return value <= INT64_MAX;
}

/* Reads the digits of a cursor: exactly those that write_cursor() makes. */
static bool read_digits(const char *digits, int64_t *out)
{
	return strlen(digits) == HEX_DIGITS && cursor_read_number(digits, out);
}

static bool read_cursor(const struct request *req, struct video_request *request, struct error *err)
{
	const char *text = fields_get(&req->query, "cursor");

	if (!text)
		return true;
	if (video_sort_ranks(request->sort))
		return error_set_field(err, ERR_INVALID, "cursor",
		                       "only with sort=newest, oldest, recorded or recorded_oldest; use page_number with sort=%s",
		                       video_sort_name(request->sort));
	if (fields_get(&req->query, "page") || fields_get(&req->query, "page_number"))
		return error_set_field(err, ERR_INVALID, "cursor", "not together with a page number");
	if (!*text || !read_digits(text + 1, &request->after) || !request->after)
		return error_set_value(err, ERR_INVALID, "cursor", text, "not one that newsreel gave");
	return text[0] == letters[request->sort] ||
	       error_set_value(err, ERR_INVALID, "cursor", text, "of a list in another order than sort=%s",
	                       video_sort_name(request->sort));
}

/* What was recorded since: it is read first recorded first, so that none is missed where it is more than a page. */
static bool read_after(const struct request *req, struct video_query *params, struct error *err)
{
	static const char *const others[] = {"cursor", "page", "page_number"};
	struct video_request *request = &params->request;
	const char *text = fields_get(&req->query, "after");

	if (!text)
		return true;
	if (request->sort != SORT_RECORDED)
		return error_set_field(err, ERR_INVALID, "after", "only with sort=recorded");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (fields_get(&req->query, others[i]))
			return error_set_field(err, ERR_INVALID, "after", "not together with %s", others[i]);
	if (text[0] != forward || !read_digits(text + 1, &request->after))
		return error_set_value(err, ERR_INVALID, "after", text, "not a latest_cursor that newsreel gave");
	params->forward = true;
	request->sort = SORT_RECORDED_OLDEST;
	request->public_only = true;
	request->whole = true;
	return true;
}

bool video_query_read_export(struct list_context in, const struct request *req, struct video_query *out, struct error *err)
{
	struct video_query params;

	if (!video_query_read_filter(in, req, &params, err) || !read_sort(in, req, &params.request, err) ||
	    !read_after(req, &params, err) || !read_include(req, false, &params, err))
		return false;
	*out = params;
	return true;
}

static bool read_page(const struct request *req, struct video_request *request, struct error *err)
{
	if (fields_get(&req->query, "page") && fields_get(&req->query, "page_number"))
		return error_set(err, ERR_INVALID, "page and page_number mean the same: one is allowed") ||
		       error_about(err, "page");
	return request_int(req, "page", 1, PAGE_NUMBER_MAX, &request->page_number, err) &&
	       request_int(req, "page_number", 1, PAGE_NUMBER_MAX, &request->page_number, err) &&
	       request_int(req, "page_size", 1, PAGE_SIZE_MAX, &request->page_size, err);
}

static bool read_list(struct list_context in, const struct request *req, enum video_sort default_sort, struct video_query *out,
                      struct error *err)
{
	struct video_query params;
	struct video_request *request = &params.request;

	if (!video_query_read_filter(in, req, &params, err))
		return false;
	params.default_sort = request->sort = default_sort;
	if (!read_page(req, request, err) || !read_sort(in, req, request, err) || !read_counting(req, request, err) ||
	    !read_cursor(req, request, err) || !read_after(req, &params, err) || !read_include(req, true, &params, err))
		return false;
	*out = params;
	return true;
}

bool video_query_read(struct list_context in, const struct request *req, struct video_query *out, struct error *err)
{
	return read_list(in, req, SORT_NEWEST, out, err);
}

bool video_query_read_feed(struct list_context in, const struct request *req, struct video_query *out, struct error *err)
{
	return read_list(in, req, SORT_RECORDED, out, err);
}
