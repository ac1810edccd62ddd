#include "cgi/pages/widgets/attrition.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/timestamp.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/link_writer.h"
#include "store/history/attrition.h"

enum { PATH_SIZE = 64, CELL_BYTES = 256, SHARE_SIZE = 32 };

/* "98.5 %", without the decimal where that is 0, and without the unit. */
static void format_share(int64_t part, int64_t all, char out[SHARE_SIZE])
{
	int64_t per_mille = (part * 1000 + all / 2) / all;

	if (per_mille % 10)
		snprintf(out, SHARE_SIZE, "%lld.%lld", (long long)(per_mille / 10), (long long)(per_mille % 10));
	else
		snprintf(out, SHARE_SIZE, "%lld", (long long)(per_mille / 10));
}

/* "98.5 %", "90 to 98.5 %" when it is not known of all whether they were there. */
static void write_known(struct writer *w, const struct attrition *attrition, size_t age)
{
	const struct attrition_count *count = &attrition->after[age];
	char share[SHARE_SIZE];
	AUTO(buf_clear) struct buf cell = BUF(CELL_BYTES);

	format_share(count->there, attrition->found, share);
	buf_add_text(&cell, share);
	format_share(attrition->found - count->gone, attrition->found, share);
	if (count->there + count->gone < attrition->found)
		buf_printf(&cell, " to %s", share);
	buf_add_text(&cell, " %");
	write_buf(w, NULL, &cell);
}

/* The last video of a day is as old as the day's end tells. */
static bool is_too_early(const struct attrition *attrition, size_t age, int64_t now)
{
	return attrition->day + (attrition_ages[age] + 1) * SECONDS_PER_DAY > now;
}

static void write_row(struct writer *w, const struct attrition *attrition, int64_t now)
{
	write_object(w, NULL);
	page_write_date(w, "day", attrition->day);
	page_write_number(w, "found", attrition->found);
	write_array(w, "cells");
	for (size_t age = 0; age < ATTRITION_AGES; age++) {
		if (attrition_known(attrition, age))
			write_known(w, attrition, age);
		else
			write_text(w, NULL,
			           attrition->day && is_too_early(attrition, age, now) ? "too early" : "not checked yet");
	}
	write_end(w);
	write_end(w);
}

static void write_links(struct app *app, struct writer *w, int64_t query_id)
{
	char path[PATH_SIZE];
	char id[PATH_SIZE];

	snprintf(id, sizeof(id), "%lld", (long long)query_id);
	write_link_parameter(w, app, "gone_url", "/gone", "tracked", id);
	snprintf(path, sizeof(path), "/api/queries/%lld/attrition", (long long)query_id);
	write_link(w, app, "api_url", path);
}

bool attrition_write_table(struct app *app, struct writer *w, int64_t query_id, int64_t most, struct error *err)
{
	AUTO(attrition_list_clear) struct attrition_list days = {0};
	int64_t now = app_now(app);
	struct attrition all;

	if (!store_attrition_sum(app->store, query_id, &all, err) ||
	    !store_attrition_list(app->store, query_id, most, 0, &days, err))
		return false;
	if (days.count == 0) {
		write_null(w, "attrition");
		return true;
	}
	write_object(w, "attrition");
	write_array(w, "rows");
	write_row(w, &all, now);
	for (size_t i = 0; i < days.count; i++)
		write_row(w, &days.items[i], now);
	write_end(w);
	write_links(app, w, query_id);
	write_end(w);
	return true;
}
