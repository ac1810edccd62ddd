/*
 * Writes videos for the benchmark, as NDJSON for newsreel-fetch and as CSV for the sqlite3 shell: texts and channels of a corpus,
 * again and again, or invented ones, under new ids, evenly over five years.
 *
 * usage: videos CORPUS|- TOTAL FIRST COUNT NDJSON CSV
 *	FIRST and COUNT say which of the TOTAL videos that fill the five years until now; from TOTAL on they lie in the future.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "tests/sim/world/corpus.h"
#include "tests/sim/world/invent.h"
#include "tests/sim/world/rng.h"
#include "base/json_writer.h"

enum {
	SPAN_S = 5 * 365 * SECONDS_PER_DAY,
	LINE_MAX_BYTES = 64 * 1024,
	RARE_EVERY = 5000,
	STRIDE = 7919,
	CHANNELS_OF_A_TOPIC = 40
};

/* What the searches of the benchmark look for has to occur without a corpus too. */
static const char *const topics[] = {"minecraft",        "the official video",
                                     "roblox challenge", "the trailer",
                                     "music video",      "minecraft video",
                                     "マインクラフト",   "เพลงใหม่",
                                     "official trailer", "the news"};
static const char rare_topic[] = "rubinius";

struct row {
	char id[VIDEO_ID_SIZE];
	char url[64];
	char published_at[TIMESTAMP_SIZE];
	const char *title, *description, *channel_id, *channel_title; /* borrowed */
};

static void make_id(uint64_t number, char out[VIDEO_ID_SIZE])
{
	static const char digits[] = TEXT_ALPHANUMERIC "-_";
	uint64_t random = rng_mix(number + 1);

	for (int i = 0; i < 10; i++, random >>= 6)
		out[i] = digits[random & 63];
	out[10] = digits[(random & 3) << 2]; /* the last one of a real id has two bits of 0 */
	out[11] = '\0';
}

static bool write_json(const struct row *row, FILE *to, struct error *err)
{
	AUTO(buf_clear) struct buf line = BUF(LINE_MAX_BYTES);
	struct writer w = writer_json(&line);

	write_object(&w, NULL);
	write_text(&w, "id", row->id);
	write_text(&w, "title", row->title);
	write_text(&w, "description", row->description);
	write_text(&w, "published_at", row->published_at);
	write_text(&w, "channel_id", row->channel_id);
	write_text(&w, "channel_title", row->channel_title);
	write_text(&w, "thumbnail_url", row->url);
	write_end(&w);
	buf_add_char(&line, '\n');
	if (!buf_ok(&line, err))
		return false;
	return fwrite(line.data, 1, line.len, to) == line.len || error_set(err, ERR_INTERNAL, "cannot write");
}

/* RFC 4180 */
static bool write_csv(const struct row *row, FILE *to, struct error *err)
{
	const char *const cells[] = {row->id,         row->title,         row->description, row->published_at,
	                             row->channel_id, row->channel_title, row->url};
	size_t count = sizeof(cells) / sizeof(cells[0]);

	for (size_t i = 0; i < count; i++) {
		putc('"', to);
		for (const char *at = cells[i]; *at; at++) {
			if (*at == '"')
				putc('"', to);
			putc(*at, to);
		}
		fputs(i + 1 < count ? "\"," : "\"\n", to);
	}
	return !ferror(to) || error_set(err, ERR_INTERNAL, "cannot write");
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* Neighbours in time are not neighbours in the corpus, so that each year has some of everything. */
static void take_from_corpus(const struct corpus *corpus, int64_t number, struct row *row)
{
	const struct corpus_video *video = corpus_at(corpus, (size_t)number * STRIDE % corpus_count(corpus));

	row->title = video->title;
	row->description = or_empty(video->description);
	row->channel_id = video->channel_id;
	row->channel_title = or_empty(video->channel_title);
}

/* One of the channels of a topic. */
static bool invent_its_channel(uint64_t topic, uint64_t random, struct world_video *video, struct error *err)
{
	uint64_t which = topic * CHANNELS_OF_A_TOPIC + random % CHANNELS_OF_A_TOPIC;
	struct world_channel channel;

	invent_channel(which, 0, &channel);
	memcpy(video->channel_id, "UC", 2);
	make_id(which, video->channel_id + 2);
	make_id(~which, video->channel_id + 2 + VIDEO_ID_SIZE - 1);
	video->channel_id[2 + 2 * (VIDEO_ID_SIZE - 1) - 1] = 'A'; /* the last one of a real id has four bits of 0 */
	return text_copy(channel.title, &video->channel_title, err);
}

static bool invent(int64_t number, struct world_video *video, struct row *row, struct error *err)
{
	uint64_t random = rng_mix((uint64_t)number);
	size_t topic = (size_t)random % (sizeof(topics) / sizeof(topics[0]));

	if (!invent_texts((uint64_t)number, number % RARE_EVERY == 0 ? rare_topic : topics[topic], video, err) ||
	    !invent_its_channel(topic, random >> 32, video, err))
		return false;
	row->title = video->title;
	row->description = video->description;
	row->channel_id = video->channel_id;
	row->channel_title = video->channel_title;
	return true;
}

static bool write_video(const struct corpus *corpus, int64_t number, int64_t published_at, FILE *json, FILE *csv,
                        struct error *err)
{
	AUTO(world_video_clear) struct world_video invented = {0};
	struct row row;

	if (corpus)
		take_from_corpus(corpus, number, &row);
	else if (!invent(number, &invented, &row, err))
		return false;
	make_id((uint64_t)number, row.id);
	snprintf(row.url, sizeof(row.url), "https://i.ytimg.com/vi/%s/hqdefault.jpg", row.id);
	timestamp_format(published_at, row.published_at);
	return write_json(&row, json, err) && write_csv(&row, csv, err);
}

struct order {
	int64_t total, first, count;
};

static bool write_all(const struct corpus *corpus, const struct order *order, FILE *json, FILE *csv, struct error *err)
{
	int64_t since = (int64_t)time(NULL) - SPAN_S;

	for (int64_t i = order->first; i < order->first + order->count; i++)
		if (!write_video(corpus, i, since + (int64_t)((double)i * SPAN_S / (double)order->total), json, csv, err))
			return false;
	return (fflush(json) == 0 && fflush(csv) == 0) || error_set(err, ERR_INTERNAL, "cannot write");
}

int main(int argc, char *argv[])
{
	AUTO(corpus_close) struct corpus *corpus = NULL;
	struct order order;
	struct error err = {0};

	if (argc != 7 || !text_int(argv[2], 1, INT32_MAX, &order.total) || !text_int(argv[3], 0, INT32_MAX, &order.first) ||
	    !text_int(argv[4], 0, INT32_MAX, &order.count)) {
		fputs("usage: videos CORPUS|- TOTAL FIRST COUNT NDJSON CSV\n", stderr);
		return 2;
	}
	FILE *json = fopen(argv[5], "w");
	FILE *csv = fopen(argv[6], "w");
	bool done = json && csv ? (strcmp(argv[1], "-") == 0 || corpus_open(argv[1], 0, &corpus, &err)) &&
	                              write_all(corpus, &order, json, csv, &err)
	                        : error_set(&err, ERR_INTERNAL, "cannot open the files");

	if (!done)
		fprintf(stderr, "videos: %s\n", err.text);
	if (json)
		fclose(json);
	if (csv)
		fclose(csv);
	return done ? 0 : 1;
}
