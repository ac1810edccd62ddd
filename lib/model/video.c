#include "model/video.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/list.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/unicode.h"

enum { SOON_S = 1800, AFTER_START_S = 120, RECOUNTS_S = 2 * SECONDS_PER_DAY };

const char *video_kind_name(enum video_kind kind)
{
	static const char *const names[VIDEO_KIND_COUNT] = {
	    [VIDEO_NORMAL] = "video", [VIDEO_LIVE] = "live", [VIDEO_UPCOMING] = "upcoming", [VIDEO_WAS_LIVE] = "was_live"};

	return names[kind];
}

const char *found_how_name(enum found_how how)
{
	static const char *const names[FOUND_HOW_COUNT] = {[FOUND_SEARCH] = "search",
	                                                   [FOUND_CHANNEL] = "channel",
	                                                   [FOUND_PUSH] = "push",
	                                                   [FOUND_IMPORT] = "import",
	                                                   [FOUND_RSS] = "rss"};

	return names[how];
}

void found_write_counts(struct writer *w, const int64_t counts[FOUND_HOW_COUNT])
{
	write_object(w, "found");
	for (enum found_how how = 0; how < FOUND_HOW_COUNT; how++)
		write_int(w, found_how_name(how), counts[how]);
	write_end(w);
}

static void revision_clear(struct revision *revision)
{
	free(revision->title);
	free(revision->description);
	free(revision->thumbnail_url);
	*revision = (struct revision){0};
}

void video_clear(struct video *video)
{
	free(video->title);
	free(video->description);
	free(video->channel_title);
	free(video->thumbnail_url);
	free(video->thumbnails);
	video_details_clear(&video->details);
	for (size_t i = 0; i < video->found_count; i++)
		free(video->found[i].query);
	free(video->found);
	for (size_t i = 0; i < video->revision_count; i++)
		revision_clear(&video->revisions[i]);
	free(video->revisions);
	*video = (struct video){0};
}

int64_t video_recorded_at(const struct video *video)
{
	return video->recorded ? video->recorded / RECORDED_PER_SECOND : video->first_seen_at;
}

const char *video_shown_title(const char *title)
{
	return title && unicode_is_visible(title) ? title : "(no title)";
}

bool video_id_is_valid(const char *text)
{
	static const char allowed[] = TEXT_ALPHANUMERIC "_-";

	return strlen(text) == VIDEO_ID_SIZE - 1 && strspn(text, allowed) == VIDEO_ID_SIZE - 1;
}

bool channel_id_is_valid(const char *text)
{
	static const char allowed[] = TEXT_ALPHANUMERIC "_-";
	size_t len = strlen(text);

	return len > 0 && len < CHANNEL_ID_SIZE && strspn(text, allowed) == len;
}

bool channel_id_is_youtubes(const char *text)
{
	return strlen(text) == CHANNEL_ID_LENGTH && strncmp(text, "UC", 2) == 0 && channel_id_is_valid(text);
}

void hidden_write_reasons(struct writer *w, const char *name, unsigned reasons)
{
	static const char *const names[] = {"overdue", "hidden", "muted_channel", "query_rules"};

	write_array(w, name);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (reasons & 1U << i)
			write_text(w, NULL, names[i]);
	write_end(w);
}

bool video_time_is_possible(int64_t time, int64_t now)
{
	static const int64_t first = 1108339200; /* 2005-02-14, when YouTube was founded */

	return time >= first && time <= now + SECONDS_PER_DAY;
}

/* Every half hour at first, and the rarer the longer it lasts. */
static int64_t again_after(int64_t lasting)
{
	int64_t pause = lasting / 8;

	return pause < SOON_S ? SOON_S : pause < SECONDS_PER_DAY ? pause : SECONDS_PER_DAY;
}

int64_t video_recheck_at(const struct video *video, bool first, int64_t now)
{
	int64_t start = video->scheduled_at + AFTER_START_S;

	switch (video->kind) {
	case VIDEO_UPCOMING:
		if (start <= now)
			return now + again_after(now - (video->scheduled_at ? video->scheduled_at : video->published_at));
		return start < now + SECONDS_PER_DAY ? start : now + SECONDS_PER_DAY;
	case VIDEO_LIVE:
		return now + again_after(now - video->published_at);
	case VIDEO_NORMAL:
	case VIDEO_WAS_LIVE:
	case VIDEO_KIND_COUNT:
		break;
	}
	return first ? now + SECONDS_PER_DAY : 0;
}

int64_t video_recount_at(const struct video *video, int64_t now)
{
	int64_t age = now - video->published_at;
	int64_t pause = age / 8 > SECONDS_PER_HOUR ? age / 8 : SECONDS_PER_HOUR;

	return video->kind == VIDEO_UPCOMING || age + pause > RECOUNTS_S ? 0 : now + pause;
}

void video_list_clear(struct video_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		video_clear(&list->items[i]);
	free(list->items);
	*list = (struct video_list){0};
}

struct video *video_list_add(struct video_list *list)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return NULL;
	struct video *video = &list->items[list->count++];
	*video = (struct video){.duration_s = VIDEO_UNKNOWN,
	                        .views = VIDEO_UNKNOWN,
	                        .likes = VIDEO_UNKNOWN,
	                        .comments = VIDEO_UNKNOWN};
	return video;
}

static int by_publication(const void *a, const void *b)
{
	const struct video *x = a;
	const struct video *y = b;

	return (x->published_at > y->published_at) - (x->published_at < y->published_at);
}

void video_list_sort(struct video_list *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof(list->items[0]), by_publication);
}

/* ---- addresses ---- */

/* Ids are short, and cut where they are not. Printed, they would take a thirtieth of the time of a whole list. */
static void write_url(char *out, size_t size, const char *base, const char *id)
{
	size_t base_len = strlen(base);
	size_t id_len = strlen(id);

	if (id_len > size - base_len - 1)
		id_len = size - base_len - 1;
	memcpy(out, base, base_len);
	memcpy(out + base_len, id, id_len);
	out[base_len + id_len] = '\0';
}

void video_watch_url(const char *id, char out[WATCH_URL_SIZE])
{
	write_url(out, WATCH_URL_SIZE, "https://www.youtube.com/watch?v=", id);
}

void channel_url(const char *id, char out[CHANNEL_URL_SIZE])
{
	write_url(out, CHANNEL_URL_SIZE, "https://www.youtube.com/channel/", id);
}
