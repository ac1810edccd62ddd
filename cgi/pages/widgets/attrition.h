/* What share of a query's videos is still there some days after it found them, as a table for html/_attrition.html. */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/context.h"

/* The member `attrition`: `rows` [{`day` (null: all days together), `found`, `cells` [words]}], the newest MOST days; `gone_url`, `api_url`.
 * Null while the query has found nothing. Errors: as store.h. */
MUST_USE bool attrition_write_table(struct app *app, struct writer *w, int64_t query_id, int64_t most, struct error *err);
