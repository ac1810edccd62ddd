/* The order of search results, and how far it can be relied on. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/api/call.h"

static int most_popular_first(const void *a, const void *b)
{
	const struct world_video *x = a;
	const struct world_video *y = b;

	if (x->fate.audience != y->fate.audience)
		return x->fate.audience < y->fate.audience ? 1 : -1;
	return strcmp(x->id, y->id);
}

static int greatest_first(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return *x < *y ? 1 : *x > *y ? -1 : 0;
}

/* Keeps the POOL most popular in their order. */
static bool cut_to_pool(struct world_hits *hits, size_t pool, struct error *err)
{
	size_t kept = 0;

	if (pool == 0 || hits->count <= pool)
		return true;
	double *audiences = calloc(hits->count, sizeof(*audiences));
	if (!audiences)
		return error_no_memory(err);
	for (size_t i = 0; i < hits->count; i++)
		audiences[i] = hits->items[i].fate.audience;
	qsort(audiences, hits->count, sizeof(*audiences), greatest_first);
	double least = audiences[pool - 1];
	free(audiences);
	for (size_t i = 0; i < hits->count; i++) {
		struct world_video video = hits->items[i];

		if (video.fate.audience >= least && kept < pool)
			hits->items[kept++] = video;
		else
			world_video_clear(&video);
	}
	hits->count = kept;
	return true;
}

/* Some change places with the next one. */
static void swap_neighbours(const struct call *call, struct world_hits *hits)
{
	for (size_t i = 1; i < hits->count; i++) {
		struct world_video first = hits->items[i - 1];

		if (!happens(call, call->sim->swapped))
			continue;
		hits->items[i - 1] = hits->items[i];
		hits->items[i] = first;
	}
}

bool rank_hits(const struct call *call, struct world_hits *hits, struct error *err)
{
	const char *order = params_get(call->params, "order");
	bool by_date = order && strcmp(order, "date") == 0;

	if (!cut_to_pool(hits, (size_t)call->sim->pool, err))
		return false;
	if (hits->count && (!by_date || happens(call, call->sim->unordered)))
		qsort(hits->items, hits->count, sizeof(hits->items[0]), most_popular_first);
	swap_neighbours(call, hits);
	return true;
}
