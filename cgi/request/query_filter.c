#include "cgi/request/query_filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/unicode.h"
#include "cgi/request/links.h"
#include "http/params.h"

static const char *const orders[ORDER_COUNT] = {[ORDER_ADDED] = "added",   [ORDER_NAME] = "name",   [ORDER_GROUP] = "group",
                                                [ORDER_VIDEOS] = "videos", [ORDER_TODAY] = "today", [ORDER_POLLED] = "polled"};
static const char *const standings[STANDING_COUNT] = {[STANDING_ACTIVE] = "active",
                                                      [STANDING_PAUSED] = "paused",
                                                      [STANDING_BEFORE] = "not_started",
                                                      [STANDING_ENDED] = "ended",
                                                      [STANDING_FAILING] = "failing"};

const char *query_order_name(enum query_order order)
{
	return orders[order];
}

const char *query_standing_name(enum query_standing standing)
{
	return standings[standing];
}

bool query_filter_read(const struct request *req, struct query_filter *out, struct error *err)
{
	const char *text = fields_get(&req->query, "text");
	const char *group = fields_get(&req->query, "group");
	const char *state = fields_get(&req->query, "state");

	out->text = text && *text ? text : NULL;
	out->group = group && *group ? group : NULL;
	return params_choose(req, "sort", orders, ORDER_COUNT, &out->order, err) &&
	       (!state || !*state || params_choose(req, "state", standings, STANDING_COUNT, &out->standing, err)) &&
	       request_int(req, "page_number", 1, QUERY_COUNT_MAX, &out->page_number, err) &&
	       request_int(req, "page_size", 1, PAGE_SIZE_MAX, &out->page_size, err);
}

/* ---- what fits ---- */

static enum query_standing standing_of(const struct query *query)
{
	if (query->entry_state != ENTRY_ACTIVE)
		return STANDING_PAUSED;
	if (query->period != PERIOD_WITHIN)
		return query->period == PERIOD_BEFORE ? STANDING_BEFORE : STANDING_ENDED;
	return query->error ? STANDING_FAILING : STANDING_ACTIVE;
}

/* Whether TEXT (NULL: no) contains the folded PART. */
static bool contains(const char *text, const char *part, bool *out, struct error *err)
{
	AUTO(text_free) char *folded = NULL;

	if (!text || *out)
		return true;
	if (!unicode_fold_text(text, &folded, err))
		return false;
	*out = strstr(folded, part) != NULL;
	return true;
}

/* PART is the folded text of FILTER. */
static bool fits(const struct query_filter *filter, const char *part, const struct query *query, bool *out, struct error *err)
{
	const char *group = query->settings.group ? query->settings.group : "";
	bool fits = part == NULL;

	if (part && (!contains(query->text, part, &fits, err) || !contains(query->settings.label, part, &fits, err)))
		return false;
	*out = fits && (!filter->group || strcmp(group, filter->group) == 0) &&
	       (filter->standing == STANDING_COUNT || standing_of(query) == filter->standing);
	return true;
}

/* ---- the order ---- */

static int by_id(const struct query *a, const struct query *b)
{
	return (a->id > b->id) - (a->id < b->id);
}

static int by_name(const void *a, const void *b)
{
	int order = strcmp(query_name(a), query_name(b));

	return order ? order : by_id(a, b);
}

/* Those without a group come last. */
static int by_group(const void *a, const void *b)
{
	const char *one = ((const struct query *)a)->settings.group;
	const char *other = ((const struct query *)b)->settings.group;
	int order = one && other ? strcmp(one, other) : !one - !other;

	return order ? order : by_id(a, b);
}

static int falling(int64_t a, int64_t b)
{
	return (a < b) - (a > b);
}

static int by_videos(const void *a, const void *b)
{
	int order = falling(((const struct query *)a)->videos, ((const struct query *)b)->videos);

	return order ? order : by_id(a, b);
}

static int by_today(const void *a, const void *b)
{
	int order = falling(((const struct query *)a)->videos_today, ((const struct query *)b)->videos_today);

	return order ? order : by_id(a, b);
}

static int by_poll(const void *a, const void *b)
{
	int order = falling(((const struct query *)a)->succeeded_at, ((const struct query *)b)->succeeded_at);

	return order ? order : by_id(a, b);
}

static void sort(struct query_list *list, enum query_order order)
{
	static int (*const comparisons[ORDER_COUNT])(const void *, const void *) = {[ORDER_NAME] = by_name,
	                                                                            [ORDER_GROUP] = by_group,
	                                                                            [ORDER_VIDEOS] = by_videos,
	                                                                            [ORDER_TODAY] = by_today,
	                                                                            [ORDER_POLLED] = by_poll};

	if (comparisons[order] && list->count > 1)
		qsort(list->items, list->count, sizeof(*list->items), comparisons[order]);
}

bool query_filter_apply(const struct query_filter *filter, struct query_list *list, struct error *err)
{
	AUTO(text_free) char *part = NULL;
	size_t kept = 0;

	if (filter->text && !unicode_fold_text(filter->text, &part, err))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		struct query query = list->items[i];
		bool stays;

		if (!fits(filter, part, &query, &stays, err))
			return false;
		list->items[i] = list->items[kept]; /* what does not fit moves to the end, where the list clears it */
		list->items[kept] = query;
		kept += stays;
	}
	while (list->count > kept)
		query_clear(&list->items[--list->count]);
	sort(list, (enum query_order)filter->order);
	return true;
}

int64_t query_filter_page(const struct query_filter *filter, const struct query_list *list, size_t *from, size_t *to)
{
	size_t size = filter->page_size ? (size_t)filter->page_size : QUERY_COUNT_MAX;
	size_t skipped = (size_t)(filter->page_number - 1) * size;

	*from = skipped < list->count ? skipped : list->count;
	*to = *from + size < list->count ? *from + size : list->count;
	return (int64_t)((list->count + size - 1) / size);
}

void query_filter_path(const struct query_filter *filter, const char *path, struct buf *out)
{
	char separator = '?';

	buf_add_text(out, path);
	if (filter->text)
		link_add_parameter(out, &separator, "text", filter->text);
	if (filter->group)
		link_add_parameter(out, &separator, "group", filter->group);
	if (filter->standing < STANDING_COUNT)
		link_add_parameter(out, &separator, "state", query_standing_name((enum query_standing)filter->standing));
	if (filter->order != filter->default_order)
		link_add_parameter(out, &separator, "sort", query_order_name((enum query_order)filter->order));
}
