/* Which tracked queries a list shows, and in which order: parameters that API and page share. */
#pragma once

#include "base/buf.h"
#include "http/request.h"
#include "model/query.h"

enum query_order { ORDER_ADDED, ORDER_NAME, ORDER_GROUP, ORDER_VIDEOS, ORDER_TODAY, ORDER_POLLED, ORDER_COUNT };

/* "added" … "polled" */
const char *query_order_name(enum query_order order);

/* What a query does now. */
enum query_standing { STANDING_ACTIVE, STANDING_PAUSED, STANDING_BEFORE, STANDING_ENDED, STANDING_FAILING, STANDING_COUNT };

/* "active", "paused", "not_started", "ended", "failing" */
const char *query_standing_name(enum query_standing standing);

struct query_filter {
	const char *text;     /* a part of its text or label, in any case and accent; NULL = any; borrowed from the request */
	const char *group;    /* NULL = any; borrowed */
	size_t standing;      /* enum query_standing; STANDING_COUNT = any */
	size_t order;         /* enum query_order … */
	size_t default_order; /* … and the one that links need not name */
	int64_t page_number;
	int64_t page_size; /* 0 = all on one page */
};

/* OUT holds what is taken for a missing parameter. Errors: ERR_INVALID naming the parameter. */
MUST_USE bool query_filter_read(const struct request *req, struct query_filter *out, struct error *err);

/* Removes from LIST what does not fit, and sorts the rest. Errors: ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool query_filter_apply(const struct query_filter *filter, struct query_list *list, struct error *err);

/* The part of LIST on the page, from *FROM to before *TO. Returns the number of the last page. */
int64_t query_filter_page(const struct query_filter *filter, const struct query_list *list, size_t *from, size_t *to);

/* Appends PATH with the parameters of FILTER, but for the page. */
void query_filter_path(const struct query_filter *filter, const char *path, struct buf *out);
