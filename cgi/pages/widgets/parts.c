#include "cgi/pages/widgets/parts.h"

#include <stdio.h>
#include <string.h>

#include "base/unicode.h"
#include "cgi/request/format.h"

enum { COUNTED_SIZE = 128 };

const char *page_visible(const char *text, const char *instead)
{
	return text && unicode_is_visible(text) ? text : instead;
}

/* ---- times and numbers ---- */

static void write_worded(struct writer *w, const char *name, int64_t time, const char *words)
{
	char full[FORMAT_SIZE];

	if (time == 0) {
		write_null(w, name);
		return;
	}
	format_full(time, full);
	write_object(w, name);
	write_time(w, "time", time);
	write_text(w, "full", full);
	write_text(w, "words", words);
	write_end(w);
}

void page_write_moment(struct writer *w, const char *name, int64_t time, int64_t now)
{
	char words[FORMAT_SIZE];

	format_ago(time, now, words);
	write_worded(w, name, time, words);
}

void page_write_date(struct writer *w, const char *name, int64_t time)
{
	char words[FORMAT_SIZE];

	format_date(time, words);
	write_worded(w, name, time, words);
}

void page_write_minute(struct writer *w, const char *name, int64_t time)
{
	char words[FORMAT_SIZE];

	format_minute(time, words);
	write_worded(w, name, time, words);
}

void page_write_number(struct writer *w, const char *name, int64_t number)
{
	char text[FORMAT_SIZE];

	format_count(number, text);
	write_text(w, name, text);
}

void page_write_counted(struct writer *w, const char *name, int64_t number, const char *one, const char *many)
{
	char count[FORMAT_SIZE];
	char text[COUNTED_SIZE];

	format_count(number, count);
	snprintf(text, sizeof(text), "%s %s", count, number == 1 ? one : many);
	write_text(w, name, text);
}

void page_add_meter(struct writer *w, const char *label, int64_t used, int64_t limit)
{
	int64_t full = limit > 0 ? limit : 1; /* a meter needs some length; with nothing to use it is full */

	write_object(w, NULL);
	write_text(w, "label", label);
	page_write_number(w, "used", used);
	page_write_number(w, "limit", limit);
	write_int(w, "max", full);
	write_int(w, "value", limit > 0 && used < full ? used : full);
	write_bool(w, "spent", used >= limit);
	write_end(w);
}

/* ---- buttons ---- */

void page_add_button(struct writer *w, const char *action, const char *label, const char *about, bool danger)
{
	write_object(w, NULL);
	write_text(w, "action", action);
	write_text(w, "label", label);
	write_text(w, "about", about);
	write_bool(w, "danger", danger);
	write_end(w);
}

void page_add_option(struct writer *w, const char *value, const char *label, bool chosen)
{
	write_object(w, NULL);
	write_text(w, "value", value);
	write_text(w, "label", label);
	write_bool(w, "chosen", chosen);
	write_end(w);
}

void page_add_parameter(void *context, const char *name, const char *value)
{
	struct writer *w = context;

	write_object(w, NULL);
	write_text(w, "name", name);
	write_text(w, "value", value);
	write_end(w);
}

/* ---- refusals ---- */

bool page_is_refusal(const struct error *error)
{
	return error->code == ERR_INVALID || error->code == ERR_UNPROCESSABLE || error->code == ERR_CONFLICT ||
	       error->code == ERR_TOO_MANY;
}

const char *page_refusal_words(const struct error *error, const char *field)
{
	return strcmp(error->field, field) == 0 ? error_reason(error) : error->text;
}
