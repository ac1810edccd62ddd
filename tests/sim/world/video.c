#include "tests/sim/world/video.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/text.h"
#include "base/utf8.h"

enum { TITLE_MAX_CHARACTERS = 100, TEXT_MAX_BYTES = 16 * 1024 };

void world_video_cut_title(char *title)
{
	size_t characters = 0;

	for (char *at = title; *at; at++) {
		if (utf8_continues(*at))
			continue;
		if (characters++ == TITLE_MAX_CHARACTERS) {
			*at = '\0';
			return;
		}
	}
}

bool world_video_rename(struct world_video *video, struct error *err)
{
	AUTO(buf_clear) struct buf title = BUF(TEXT_MAX_BYTES);
	AUTO(buf_clear) struct buf description = BUF(TEXT_MAX_BYTES);

	buf_printf(&title, "Update: %s", video->title);
	buf_printf(&description, "Edited since.\n\n%s", video->description);
	if (!buf_ok(&title, err) || !buf_ok(&description, err) || !text_replace(&video->title, buf_text(&title), err) ||
	    !text_replace(&video->description, buf_text(&description), err))
		return false;
	world_video_cut_title(video->title);
	return true;
}

void world_video_clear(struct world_video *video)
{
	free(video->title);
	free(video->description);
	free(video->channel_title);
	*video = (struct world_video){0};
}

void world_hits_clear(struct world_hits *hits)
{
	for (size_t i = 0; i < hits->count; i++)
		world_video_clear(&hits->items[i]);
	free(hits->items);
	*hits = (struct world_hits){0};
}

struct world_video *world_hits_add(struct world_hits *hits)
{
	if (!list_grow(&hits->items, hits->count, sizeof(*hits->items)))
		return NULL;
	struct world_video *video = &hits->items[hits->count++];
	*video = (struct world_video){0};
	return video;
}

int world_newest_first(const void *a, const void *b)
{
	const struct world_video *x = a;
	const struct world_video *y = b;

	if (x->fate.announced_at != y->fate.announced_at)
		return x->fate.announced_at < y->fate.announced_at ? 1 : -1;
	return strcmp(x->id, y->id);
}
