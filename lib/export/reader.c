#include "export/reader.h"

#include <stdlib.h>

#include "base/text.h"

/* Rows of one read: a few milliseconds, and about a megabyte at most. */
enum { STEP = 200 };

bool video_reader_open(struct store *store, const struct video_query *params, struct video_reader *out, struct error *err)
{
	*out = (struct video_reader){.store = store, .request = params->request, .forward = params->forward, .more = true};
	out->request.page_size = STEP;
	out->request.counting = COUNT_NOT;
	out->request.whole = true;
	if (!text_copy(params->request.filter.words, &out->words, err) ||
	    !text_copy(params->request.filter.channel_id, &out->channel_id, err) ||
	    !text_copy(params->request.filter.excluded_channels, &out->excluded_channels, err) ||
	    !text_copy(params->request.filter.language, &out->language, err))
		return false;
	out->request.filter.words = out->words;
	out->request.filter.channel_id = out->channel_id;
	out->request.filter.excluded_channels = out->excluded_channels;
	out->request.filter.language = out->language;
	return !video_sort_ranks(out->request.sort) || store_videos_rank(store, &out->request, &out->ranked, err);
}

void video_reader_clear(struct video_reader *reader)
{
	free(reader->words);
	free(reader->channel_id);
	free(reader->excluded_channels);
	free(reader->language);
	video_keys_clear(&reader->ranked);
	*reader = (struct video_reader){0};
}

static bool read_by_key(struct video_reader *reader, struct video_list *videos, struct error *err)
{
	AUTO(video_page_clear) struct video_page page = {0};

	if (!store_videos_page(reader->store, &reader->request, &page, err))
		return false;
	if (!reader->latest && video_sort_is_recorded(reader->request.sort))
		reader->latest = page.last_recorded > reader->request.after ? page.last_recorded : reader->request.after;
	reader->request.until = reader->forward ? reader->latest : 0;
	reader->request.after = page.next_after;
	reader->more = page.next_after != 0;
	*videos = page.videos;
	page.videos = (struct video_list){0};
	return true;
}

static bool read_ranked(struct video_reader *reader, struct video_list *videos, struct error *err)
{
	size_t left = reader->ranked.count - reader->done;
	size_t step = left < STEP ? left : STEP;

	if (!store_videos_by_keys(reader->store, reader->ranked.items + reader->done, step, videos, err))
		return false;
	reader->done += step;
	reader->more = left > step;
	return true;
}

bool video_reader_next(struct video_reader *reader, struct video_list *out, struct error *err)
{
	return video_sort_ranks(reader->request.sort) ? read_ranked(reader, out, err) : read_by_key(reader, out, err);
}
