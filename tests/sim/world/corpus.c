#include "tests/sim/world/corpus.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/unicode.h"
#include "base/list.h"
#include "base/text.h"
#include "base/timestamp.h"

enum { LINE_MAX_BYTES = 1024 * 1024, WORD_MAX_BYTES = 256 };

struct corpus {
	struct corpus_video *videos;
	size_t count;
	struct corpus_video **by_id; /* sorted */
	struct corpus_video **by_channel;
	int64_t end;
};

static void video_free(struct corpus_video *video)
{
	free(video->title);
	free(video->description);
	free(video->channel_title);
	free(video->folded);
}

void corpus_close(struct corpus **corpus)
{
	if (!*corpus)
		return;
	for (size_t i = 0; i < (*corpus)->count; i++)
		video_free(&(*corpus)->videos[i]);
	free((*corpus)->videos);
	free((*corpus)->by_id);
	free((*corpus)->by_channel);
	free(*corpus);
	*corpus = NULL;
}

static struct corpus_video *add(struct corpus *corpus)
{
	if (!list_grow(&corpus->videos, corpus->count, sizeof(*corpus->videos)))
		return NULL;
	struct corpus_video *video = &corpus->videos[corpus->count++];
	*video = (struct corpus_video){0};
	return video;
}

static bool copy_or_empty(const cJSON *json, const char *name, char **out, struct error *err)
{
	const char *text = json_text(json, name);

	return text_copy(text ? text : "", out, err);
}

static bool fold(struct corpus_video *video, struct error *err)
{
	AUTO(buf_clear) struct buf both = BUF(LINE_MAX_BYTES);

	buf_printf(&both, "%s %s", video->title, video->description);
	return buf_ok(&both, err) && unicode_fold_text(buf_text(&both), &video->folded, err);
}

static bool read_line(struct corpus *corpus, const char *line, int64_t shift_s, struct error *err)
{
	AUTO(json_free) cJSON *json = NULL;
	int64_t published_at;

	if (!json_parse(line, strlen(line), &json, err))
		return false;
	const char *id = json_text(json, "id");
	const char *published = json_text(json, "published_at");
	const char *channel = json_text(json, "channel_id");
	if (!id || !video_id_is_valid(id) || !json_text(json, "title") || !published ||
	    !timestamp_parse(published, &published_at))
		return true;
	struct corpus_video *video = add(corpus);
	if (!video)
		return error_no_memory(err);
	memcpy(video->id, id, sizeof(video->id));
	if (channel && strlen(channel) < sizeof(video->channel_id))
		memcpy(video->channel_id, channel, strlen(channel) + 1);
	video->published_at = published_at + shift_s;
	return copy_or_empty(json, "title", &video->title, err) && copy_or_empty(json, "description", &video->description, err) &&
	       copy_or_empty(json, "channel_title", &video->channel_title, err) && fold(video, err);
}

static int by_id(const void *a, const void *b)
{
	return strcmp((*(struct corpus_video *const *)a)->id, (*(struct corpus_video *const *)b)->id);
}

static int by_channel(const void *a, const void *b)
{
	const struct corpus_video *x = *(struct corpus_video *const *)a;
	const struct corpus_video *y = *(struct corpus_video *const *)b;
	int order = strcmp(x->channel_id, y->channel_id);

	return order ? order : (x->published_at > y->published_at) - (x->published_at < y->published_at);
}

/* Pointers to all videos in the order of COMPARE. */
static bool sort(const struct corpus *corpus, int (*compare)(const void *, const void *), struct corpus_video ***out,
                 struct error *err)
{
	*out = calloc(corpus->count ? corpus->count : 1, sizeof(**out));
	if (!*out)
		return error_no_memory(err);
	for (size_t i = 0; i < corpus->count; i++)
		(*out)[i] = &corpus->videos[i];
	qsort(*out, corpus->count, sizeof(**out), compare);
	return true;
}

/* Reads all lines of FROM. */
static bool read_lines(struct corpus *corpus, gzFile from, int64_t shift_s, struct error *err)
{
	AUTO(text_free) char *line = malloc(LINE_MAX_BYTES);

	if (!line)
		return error_no_memory(err);
	for (int64_t number = 1; gzgets(from, line, LINE_MAX_BYTES); number++)
		if (!read_line(corpus, line, shift_s, err))
			return error_wrap(err, "line %lld", (long long)number);
	for (size_t i = 0; i < corpus->count; i++)
		if (corpus->videos[i].published_at > corpus->end)
			corpus->end = corpus->videos[i].published_at;
	return sort(corpus, by_id, &corpus->by_id, err) && sort(corpus, by_channel, &corpus->by_channel, err);
}

bool corpus_open(const char *file, int64_t shift_s, struct corpus **out, struct error *err)
{
	gzFile from = gzopen(file, "rb"); /* reads plain files too */

	if (!from)
		return error_set(err, ERR_NOT_FOUND, "%s cannot be opened", file);
	AUTO(corpus_close) struct corpus *corpus = calloc(1, sizeof(*corpus));
	bool done = corpus ? read_lines(corpus, from, shift_s, err) : error_no_memory(err);
	gzclose(from);
	if (!done)
		return error_wrap(err, "%s", file);
	*out = corpus;
	corpus = NULL;
	return true;
}

size_t corpus_count(const struct corpus *corpus)
{
	return corpus->count;
}

const struct corpus_video *corpus_at(const struct corpus *corpus, size_t i)
{
	return &corpus->videos[i];
}

const struct corpus_video *corpus_by_channel(const struct corpus *corpus, size_t i)
{
	return corpus->by_channel[i];
}

size_t corpus_of_channel(const struct corpus *corpus, const char *channel_id, size_t *first)
{
	size_t low = 0;
	size_t count = 0;

	for (size_t high = corpus->count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(corpus->by_channel[middle]->channel_id, channel_id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + count < corpus->count && strcmp(corpus->by_channel[low + count]->channel_id, channel_id) == 0)
		count++;
	*first = low;
	return count;
}

int64_t corpus_end(const struct corpus *corpus)
{
	return corpus->end;
}

const struct corpus_video *corpus_find(const struct corpus *corpus, const char *id)
{
	size_t low = 0;

	for (size_t high = corpus->count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(corpus->by_id[middle]->id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < corpus->count && strcmp(corpus->by_id[low]->id, id) == 0 ? corpus->by_id[low] : NULL;
}

bool corpus_matches(const struct corpus_video *video, const char *folded)
{
	while (*folded) {
		char word[WORD_MAX_BYTES];
		size_t len = strcspn(folded, " ");

		if (len >= sizeof(word))
			return false;
		memcpy(word, folded, len);
		word[len] = '\0';
		if (!strstr(video->folded, word))
			return false;
		folded += len + (folded[len] == ' ');
	}
	return true;
}
