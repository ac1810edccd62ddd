/* A form that narrows a page to one tracked query, for html/_query_choice.html. */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/context.h"
#include "model/query.h"

/* The member `form` of the page at PATH: `url`, `any_query`, `narrowed`, `queries` [{`id`, `query`, `chosen`}]; CHOSEN is an id, 0 = all. */
void query_choice_write(struct writer *w, const struct app *app, const char *path, const struct query_list *queries,
                        int64_t chosen);
