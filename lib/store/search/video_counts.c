#include "store/search/video_counts.h"

#include <stdlib.h>

#include "store/internal.h"
#include "store/figures/stats.h"

enum { EXACT_MAX = 2000000 }; /* videos are counted up to here where an index alone tells: some tenths of a second */

enum video_counts_statement { COUNT_UNUSUAL };

static const char *const sql[] = {
    [COUNT_UNUSUAL] = ("SELECT count(*) FROM video INDEXED BY video_by_kind WHERE kind IN (1, 2, 3) AND kind <> 0"
                       " AND seq BETWEEN ?1 AND ?2"),
};

const struct statements video_counts_statements = STATEMENTS(sql);

/* ---- counters ---- */

/* Whether the statistics of words tell as much as is asked for. */
static bool is_told(const struct list *list)
{
	const struct estimate *told = &list->plan.told;

	return told->least == told->most || (list->request->counting == COUNT_CHEAPLY && told->least > COUNT_MAX);
}

static bool has_counter(const struct list *list)
{
	const struct search_plan *plan = &list->plan;
	bool of_channel = plan->channel && !plan->has_words && !plan->checks_row && !plan->query_id;

	return search_plan_has_days(plan) || (of_channel && key_range_is_whole(plan->range)) || is_told(list);
}

/* The denormalised counter of all videos, or a query's, in the range. */
static bool read_days(struct store *store, const struct search_plan *plan, int64_t *out, struct error *err)
{
	int64_t after = 0, from = 0;

	if (key_range_is_whole(plan->range))
		return plan->query_id ? search_query_videos(store, plan->query_id, out, err) : store_video_count(store, out, err);
	if (!volume_newer(store, plan->query_id, plan->range.low - 1, &from, err) ||
	    (plan->range.high != INT64_MAX && !volume_newer(store, plan->query_id, plan->range.high, &after, err)))
		return false;
	*out = from - after;
	return true;
}

/* Whether the usual kind is all that filters: then the others, which have a small index, are counted. */
static bool is_of_usual_kind(const struct search_plan *plan)
{
	const struct video_filter *filter = plan->filter;

	return filter->one_kind && filter->kind == VIDEO_NORMAL && !filter->min_duration_s && !filter->max_duration_s &&
	       !filter->excluded_channels && !filter->language && !filter->recorded_after && !filter->recorded_before &&
	       !plan->has_words && !plan->channel && !plan->query_id;
}

static bool count_usual_kind(struct store *store, const struct search_plan *plan, int64_t *out, struct error *err)
{
	struct statement *unusual = statement_use(store, sql[COUNT_UNUSUAL]);
	int64_t all, others;

	bind_ints(unusual, INTS(plan->range.low, plan->range.high));
	if (!read_days(store, plan, &all, err) || !statement_number(unusual, &others, err))
		return false;
	*out = all - others;
	return true;
}

/* ---- counting ---- */

static void set_count(struct video_page *page, int64_t count, bool is_exact)
{
	page->count = count;
	page->count_is_exact = is_exact;
}

static void set_told_count(const struct list *list, struct video_page *page)
{
	int64_t most = list->request->counting == COUNT_CHEAPLY ? COUNT_MAX : INT64_MAX, least = list->plan.told.least;

	set_count(page, smaller(least, most), least <= most);
}

/* The count of a list that has a counter. */
static bool read_counter(const struct list *list, struct video_page *page, struct error *err)
{
	const struct search_plan *plan = &list->plan;

	page->count_is_exact = true;
	if (search_plan_has_days(plan))
		return read_days(list->store, plan, &page->count, err);
	if (is_told(list))
		set_told_count(list, page);
	else
		set_count(page, plan->channel_videos, true);
	return true;
}

/* Counts what a scan finds, up to LIMIT. */
static bool count_by_scan(const struct list *list, int64_t limit, struct video_page *page, struct error *err)
{
	AUTO(scan_result_clear) struct scan_result found = {0};

	if (!search_scan(list->store, &list->plan, LIST_NEWEST, list->plan.range, limit + 1, &found, err))
		return false;
	set_count(page, smaller((int64_t)found.count, limit), !found.cut && (int64_t)found.count <= limit);
	page->scanned_within = found.cut ? found.looked_at : 0;
	return true;
}

static bool count_in_index(const struct list *list, struct video_page *page, struct error *err)
{
	int64_t count;

	if (!search_count(list->store, &list->plan, list->plan.range, EXACT_MAX + 1, &count, err))
		return false;
	set_count(page, smaller(count, EXACT_MAX), count <= EXACT_MAX);
	return true;
}

/* Whether an exact count needs no more than an index or counters. */
static bool counts_in_index(const struct search_plan *plan)
{
	return is_of_usual_kind(plan) || (search_plan_all_pass(plan) && !plan->window);
}

/* Whether the page's own scan has to count. */
static bool counts_with_scan(const struct list *list)
{
	enum count_effort effort = list->request->counting;

	return effort != COUNT_NOT && !list->request->after && !video_sort_is_recorded(list->request->sort) &&
	       !has_counter(list) && (effort == COUNT_CHEAPLY || !counts_in_index(&list->plan));
}

static int64_t most_counted(const struct list *list)
{
	return list->request->counting == COUNT_CHEAPLY ? COUNT_MAX : SCANNED_MAX;
}

static void count_with_scan(const struct list *list, struct video_page *page)
{
	int64_t found = list->found.total, most = most_counted(list);

	if (counts_with_scan(list))
		set_count(page, smaller(found, most), !list->found.cut && found <= most);
}

/* The count that does not come from the page's own scan, as far as it is asked for. */
bool counts_apart(const struct list *list, struct video_page *page, struct error *err)
{
	const struct search_plan *plan = &list->plan;
	enum count_effort effort = list->request->counting;

	if (effort == COUNT_NOT || counts_with_scan(list))
		return true;
	if (has_counter(list))
		return read_counter(list, page, err);
	page->count_is_exact = true;
	if (effort == COUNT_CHEAPLY || !counts_in_index(plan))
		return count_by_scan(list, most_counted(list), page, err);
	return is_of_usual_kind(plan) ? count_usual_kind(list->store, plan, &page->count, err) : count_in_index(list, page, err);
}

bool counts_of_newest(const struct list *list, struct video_page *page, struct error *err)
{
	if (list->request->counting != COUNT_CHEAPLY || has_counter(list))
		return counts_apart(list, page, err);
	set_count(page, smaller((int64_t)list->found.count, COUNT_MAX), false);
	page->scanned_within = list->found.cut ? list->found.looked_at : 0;
	return true;
}

/* ---- times, for a chart ---- */

/* Whether the scan is of the newest, and there are no counters of days. */
static bool scans_times(const struct list *list)
{
	return list->request->with_times && list->request->sort != SORT_OLDEST && !video_sort_is_recorded(list->request->sort) &&
	       !list->request->after && !search_plan_has_days(&list->plan);
}

static bool take_times(const struct list *list, struct video_page *page, struct error *err)
{
	const struct scan_result *found = &list->found;

	if (!scans_times(list))
		return true;
	free(page->times);
	page->times_count = (size_t)smaller((int64_t)found->count, COUNTED_MAX);
	page->times = malloc((page->times_count + 1) * sizeof(*page->times));
	if (!page->times)
		return error_no_memory(err);
	for (size_t i = 0; i < page->times_count; i++)
		page->times[i] = found->keys[i].seq / SEQ_PER_SECOND;
	page->times_are_all = !found->cut && found->count <= COUNTED_MAX;
	return true;
}

/* ---- of the page's own scan ---- */

int64_t counts_keys_wanted(struct list *list, int64_t wanted)
{
	list->plan.counted = counts_with_scan(list) ? most_counted(list) + 1 : 0;
	return scans_times(list) ? larger(wanted, COUNTED_MAX + 1) : wanted;
}

bool counts_of_scan(const struct list *list, struct video_page *page, struct error *err)
{
	count_with_scan(list, page);
	return take_times(list, page, err);
}
