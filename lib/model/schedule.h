/* What searches are made for, and when each purpose has its turn. */
#pragma once

#include <stdint.h>

/* PACE_ALL is no purpose of its own: its row holds what all of them together have spent. */
enum purpose {
	PACE_ALL,
	PURPOSE_NEWEST,    /* the newest videos of the owner's queries */
	PURPOSE_NEW_QUERY, /* the first page of a query */
	PURPOSE_VISITORS,  /* visitors' queries */
	PURPOSE_AGAIN,     /* second reading of what was read too soon for late videos */
	PURPOSE_GAPS,      /* what could not be read so far */
	PURPOSE_COUNT
};

/* "all", "newest", "new_query", "visitors", "again", "gaps" */
const char *purpose_name(enum purpose purpose);

struct pace {
	int64_t next_ms;  /* its turn comes then, UTC milliseconds; 0 = any time */
	int64_t searches; /* made on this Pacific day */
	int64_t planned;  /* for what is left of it, as of the last search */
};

struct pace_table {
	struct pace of[PURPOSE_COUNT];
};
