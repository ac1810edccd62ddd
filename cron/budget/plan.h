/* What a run is going to do: calls, in the order to make them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/followed_channel.h"
#include "model/query.h"
#include "model/schedule.h"

/* What fails is tried again after a pause that doubles with every failure in a row, up to so often. */
enum { BACKOFF_DOUBLINGS_MAX = 10 };

/* So many videos one call of videos.list looks up; the others that it asks for are canaries. */
enum { LOOKUP_IDS = 48 };

/* So many queries share a search at most: with longer lists YouTube was seen to return fewer. */
enum { SCOUT_QUERIES_MAX = 10 };

/* Queries that share a search; borrowed from the input of the plan. */
struct scout_group {
	const struct query *queries[SCOUT_QUERIES_MAX];
	size_t count;
};

/* A search for the videos of one interval of time: a page, and further ones. */
struct search_job {
	enum budget_category category;
	const struct query *query; /* borrowed from the input of the plan; NULL for BUDGET_SCOUTS */
	struct scout_group group;  /* of BUDGET_SCOUTS */
	double alone;              /* of BUDGET_SCOUTS: new videos that a poll of one of the group would bring */
	int64_t since;             /* publication times, both ends inclusive */
	int64_t until;
	int64_t enough; /* down to here every page is wanted, below only while pages bring many late videos */
	int64_t page_s; /* it is read in windows of so many seconds, which a page should hold; 0 = in one */
	int pages_max;
	bool tried;           /* a gap that was asked for before */
	int64_t next_poll_at; /* of the query, if everything goes as now; not for gaps and second readings */
};

enum planned_kind {
	PLAN_TRY_KEY, /* one unit, to learn whether a key works */
	PLAN_SEARCH,  /* search.list */
	PLAN_LOOKUP,  /* videos.list for the videos that wait for it */
	PLAN_UPLOADS, /* playlistItems.list for a channel that is followed */
	PLAN_RECOUNT  /* videos.list for the numbers of new videos */
};

struct planned_call {
	enum planned_kind kind;
	int64_t key_id;                         /* of PLAN_TRY_KEY */
	struct search_job job;                  /* of PLAN_SEARCH */
	const struct followed_channel *channel; /* of PLAN_UPLOADS; borrowed from the input of the plan */
};

struct plan {
	struct planned_call *calls;
	size_t count;
};

void plan_clear(struct plan *plan);

/* Errors: ERR_NO_MEMORY. */
MUST_USE bool plan_add(struct plan *plan, const struct planned_call *call, struct error *err);

/* Whether a search for QUERY is planned already. */
bool plan_has_query(const struct plan *plan, const struct query *query);

/* Pages that the searches of the plan may bring. */
int64_t plan_pages(const struct plan *plan);
