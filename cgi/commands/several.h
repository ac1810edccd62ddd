/* What is done to several tracked queries at once: to each on its own, so that one that it cannot be done to stops none of the others. */
#pragma once

#include "cgi/commands/queries.h"

struct id_list {
	int64_t items[QUERY_COUNT_MAX];
	size_t count;
};

/* The ids in TEXT, "1,2,3". FIELD is what it came in. Errors: ERR_INVALID. */
MUST_USE bool several_read_ids(const char *field, const char *text, struct id_list *out, struct error *err);

/* Those of a form's check boxes, "id-7". */
MUST_USE bool several_read_checked(const struct fields *body, struct id_list *out, struct error *err);

/* What came of it. */
struct several {
	size_t changed;
	struct {
		int64_t id;
		struct error why;
	} * failed; /* owned */
	size_t failed_count;
};

void several_clear(struct several *several);

/* Does something to one query. Errors: those about the query; others end all. */
typedef bool do_to_query(struct app *app, const struct request *req, int64_t id, struct error *err);

/* Does it to each of IDS. Errors: those that are about no query, ERR_NO_MEMORY. */
MUST_USE bool several_do(struct app *app, const struct request *req, const struct id_list *ids, do_to_query *what,
                         struct several *out, struct error *err);
