/* One tracked query as pages show it, for html/_query.html: its state and what of its time is read, in words. */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/context.h"
#include "model/query.h"

/* Where a row is shown: in a list, where the owner can choose several, or on the owner's page of the query, which has its name already. */
enum query_row_use { ROW_FOR_VISITORS, ROW_TO_CHOOSE, ROW_ALONE };

/* Appends an item: `query` (its label, if it has one), `alone`, `text` (null without a label), `group`, `url`, `videos`, `today`, `chart`, `state`, `trouble`, times, `coverage`, and for the owner `actions`.
 * Errors: as store.h. */
MUST_USE bool query_row_write(struct app *app, struct writer *w, const struct query *query, enum query_row_use use,
                              struct error *err);

/* The member `coverage`: `since`, `percent` (null: all of it is read), `gaps` {`count`, `first` [{`from`, `to`, `reason`}],
 * `more`, `url` of the page of all}; null before the first search. */
void query_write_coverage(struct app *app, struct writer *w, const struct query *query);

/* Appends an item: `from`, `to`, `reason`. */
void query_write_gap(struct writer *w, const struct interval *gap);
