/* Links as members of an answer: the same URLs as in links.h. A link that finds no room fails the writer. */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/context.h"
#include "listing/video_query.h"

/* The member NAME: the URL of PATH. */
void write_link(struct writer *w, const struct app *app, const char *name, const char *path);

/* The URL of PATH followed by ID ("/queries/7"), and of PATH with one parameter. */
void write_link_id(struct writer *w, const struct app *app, const char *name, const char *path, int64_t id);
void write_link_parameter(struct writer *w, const struct app *app, const char *name, const char *path, const char *parameter,
                          const char *value);

/* The URL of the static file FILE ("style.css"), which carries a hash of its content. */
void write_link_asset(struct writer *w, const struct app *app, const char *name, const char *file);

/* The URL of page PAGE_NUMBER of the list at PATH with PARAMS; 0 writes null. */
void write_list_link(struct writer *w, const struct app *app, const char *name, const char *path,
                     const struct video_query *params, int64_t page_number);
