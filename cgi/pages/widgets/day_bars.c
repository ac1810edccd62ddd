#include "cgi/pages/widgets/day_bars.h"

#include <stdio.h>

#include "base/timestamp.h"
#include "cgi/request/format.h"
#include "store/figures/stats.h"

/* As html/_bars.html draws them: each bar has STEP units of width, the highest one HEIGHT. */
enum { STEP = 10, HEIGHT = 32, LABEL_SIZE = 300 };

struct days {
	int64_t first;
	int64_t counts[DAY_BARS];
	int64_t sum;
	int most; /* the day with the highest count */
};

static bool read_days(struct app *app, int64_t query_id, int64_t now, struct days *out, struct error *err)
{
	AUTO(volume_clear) struct volume volume = {0};
	struct days days = {.first = timestamp_day(now) - (int64_t)(DAY_BARS - 1) * SECONDS_PER_DAY};
	struct video_filter filter = {.query_id = query_id, .published_after = days.first};

	if (!store_volume(app->store, &filter, BUCKET_OF_DAY, &volume, err))
		return false;
	for (size_t i = 0; i < volume.count; i++) {
		int64_t day = (volume.points[i].from - days.first) / SECONDS_PER_DAY;

		if (day < 0 || day >= DAY_BARS)
			continue;
		days.counts[day] = volume.points[i].count;
		days.sum += volume.points[i].count;
		if (days.counts[day] >= days.counts[days.most])
			days.most = (int)day;
	}
	*out = days;
	return true;
}

static void write_label(struct writer *w, const struct days *days)
{
	char sum[FORMAT_SIZE], most[FORMAT_SIZE], day[FORMAT_SIZE];
	char label[LABEL_SIZE];

	format_count(days->sum, sum);
	format_count(days->counts[days->most], most);
	format_date(days->first + (int64_t)days->most * SECONDS_PER_DAY, day);
	if (days->sum)
		snprintf(label, sizeof(label), "Published in the last %d days: %s, most on %s: %s", DAY_BARS, sum, day, most);
	else
		snprintf(label, sizeof(label), "Published in the last %d days: none", DAY_BARS);
	write_text(w, "label", label);
}

/* A day with videos shows, however few they are. */
static int64_t height_of(const struct days *days, int day)
{
	int64_t count = days->counts[day];
	int64_t height = count ? count * HEIGHT / days->counts[days->most] : 1;

	return height < 2 && count ? 2 : height;
}

static void write_bar(struct writer *w, const struct days *days, int day)
{
	char date[FORMAT_SIZE], count[FORMAT_SIZE];
	char words[LABEL_SIZE];
	int64_t height = height_of(days, day);

	format_date(days->first + (int64_t)day * SECONDS_PER_DAY, date);
	format_count(days->counts[day], count);
	snprintf(words, sizeof(words), "%s: %s", date, count);
	write_object(w, NULL);
	write_int(w, "x", (int64_t)day * STEP);
	write_int(w, "y", HEIGHT - height);
	write_int(w, "height", height);
	write_text(w, "words", words);
	write_end(w);
}

bool day_bars_write(struct app *app, struct writer *w, const char *name, int64_t query_id, int64_t now, struct error *err)
{
	struct days days;

	if (!read_days(app, query_id, now, &days, err))
		return false;
	write_object(w, name);
	write_label(w, &days);
	write_array(w, "bars");
	for (int day = 0; day < DAY_BARS; day++)
		write_bar(w, &days, day);
	write_end(w);
	write_end(w);
	return true;
}
