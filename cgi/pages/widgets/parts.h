/* What several pages write alike: times, numbers, meters, buttons, refusals. */
#pragma once

#include <stdint.h>

#include "base/error.h"
#include "base/json_writer.h"

/* A point in time for {{>_time}}, {time, full, words}, with how long ago it is as its words ("12 min ago"); 0 writes null. */
void page_write_moment(struct writer *w, const char *name, int64_t time, int64_t now);

/* The same with the date ("22 Nov 2026"). */
void page_write_date(struct writer *w, const char *name, int64_t time);

/* And with the minute ("22 Nov 2026, 10:00"). */
void page_write_minute(struct writer *w, const char *name, int64_t time);

/* "4,711" */
void page_write_number(struct writer *w, const char *name, int64_t number);

/* "1 video", "4,711 videos" */
void page_write_counted(struct writer *w, const char *name, int64_t number, const char *one, const char *many);

/* TEXT, or INSTEAD of it when there is nothing in it to see or to click on; TEXT may be NULL. Borrowed. */
const char *page_visible(const char *text, const char *instead);

/* Appends an item for {{>_meter}}: how much of LIMIT is USED of what LABEL names. */
void page_add_meter(struct writer *w, const char *label, int64_t used, int64_t limit);

/* Appends an item for {{>_button}}: what the button sends as `action`, its label, and, unseen, what it is about. */
void page_add_button(struct writer *w, const char *action, const char *label, const char *about, bool danger);

/* Appends an item for {{>_option}}: what the form sends, what readers see, whether it is chosen. */
void page_add_option(struct writer *w, const char *value, const char *label, bool chosen);

/* Appends a parameter {name, value} that a form sends besides; CONTEXT is the writer. */
void page_add_parameter(void *context, const char *name, const char *value);

/* Whether ERROR is about what somebody typed, so that the page shows it beside its form (http_error_of() knows its status). */
bool page_is_refusal(const struct error *error);

/* The words of such an error beside FIELD of the form: the reason alone when it is about that one. Borrowed from ERROR. */
const char *page_refusal_words(const struct error *error, const char *field);
