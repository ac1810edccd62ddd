#include "model/video.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "base/timestamp.h"

enum { SOON_S = 1800, AFTER_START_S = 120 };

const char *video_kind_name(enum video_kind kind)
{
	static const char *const names[VIDEO_KIND_COUNT] = {
	    [VIDEO_NORMAL] = "video", [VIDEO_LIVE] = "live", [VIDEO_UPCOMING] = "upcoming", [VIDEO_WAS_LIVE] = "was_live"};

	return names[kind];
}

const char *found_how_name(enum found_how how)
{
	static const char *const names[FOUND_HOW_COUNT] = {
	    [FOUND_SEARCH] = "search", [FOUND_CHANNEL] = "channel", [FOUND_PUSH] = "push", [FOUND_IMPORT] = "import"};

	return names[how];
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
	for (size_t i = 0; i < video->found_count; i++)
		free(video->found[i].query);
	free(video->found);
	for (size_t i = 0; i < video->revision_count; i++)
		revision_clear(&video->revisions[i]);
	free(video->revisions);
	*video = (struct video){0};
}

bool video_id_is_valid(const char *text)
{
	static const char allowed[] = TEXT_ALPHANUMERIC "_-";

	return strlen(text) == VIDEO_ID_SIZE - 1 && strspn(text, allowed) == VIDEO_ID_SIZE - 1;
}

/* A look every half hour at first, and the rarer the longer it lasts. */
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
