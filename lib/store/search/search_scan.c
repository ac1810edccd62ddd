#include "store/search/search_scan.h"

#include <stdlib.h>

#include "base/json_writer.h"
#include "base/list.h"
#include "store/internal.h"

void scan_result_clear(struct scan_result *found)
{
	free(found->keys);
	*found = (struct scan_result){0};
}

void scan_result_write_keys(const struct scan_result *found, struct buf *out)
{
	struct writer w = writer_json(out);

	write_array(&w, NULL);
	for (size_t i = 0; i < found->count; i++)
		write_int(&w, NULL, found->keys[i].seq);
	write_end(&w);
}

bool scan_result_take(struct scan_result *found, int64_t seq, int64_t place, int64_t weight, struct error *err)
{
	struct found_key *last = found->count ? &found->keys[found->count - 1] : NULL;

	if (last && last->seq == seq) {
		last->weight = weight > last->weight ? weight : last->weight;
		return true;
	}
	if (!list_grow(&found->keys, found->count, sizeof(*found->keys)))
		return error_no_memory(err);
	found->keys[found->count++] = (struct found_key){seq, place, weight};
	return true;
}

bool key_range_shrink(struct store *store, int64_t videos, bool oldest, struct key_range *range, bool *cut, struct error *err)
{
	int64_t position = 0, end;

	*cut = false;
	if (!videos)
		return true;
	if ((oldest || range->high != INT64_MAX) &&
	    !volume_newer(store, 0, oldest ? range->low - 1 : range->high, &position, err))
		return false;
	position = oldest ? position - videos : position + videos;
	if (position < 0)
		return true;
	if (!volume_find(store, 0, position, &end, err))
		return false;
	*cut = end > range->low && end < range->high;
	if (*cut)
		*(oldest ? &range->high : &range->low) = end;
	return true;
}
