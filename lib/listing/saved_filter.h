/* A filter that was stored as the parameters of its list. */
#pragma once

#include "listing/video_query.h"

struct saved_filter {
	struct request request; /* what the texts of QUERY are borrowed from */
	struct video_query query;
};

/* Reads TEXT, "query=falcon&tracked=1"; OUT is to be cleared in every case, and must not move meanwhile. Errors: as video_query_read_filter(). */
MUST_USE bool saved_filter_read(struct list_context in, const char *text, struct saved_filter *out, struct error *err);

void saved_filter_clear(struct saved_filter *filter);
