#include "cgi/commands/query_import.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/buf.h"
#include "cgi/commands/queries.h"
#include "cgi/commands/query_settings.h"
#include "cgi/request/params.h"

void query_import_clear(struct query_import *result)
{
	free(result->failed);
	*result = (struct query_import){0};
}

/* ---- one line ---- */

/* As the body of a PATCH; a line that is no object is a text. */
static bool read_line(const char *line, size_t len, struct request *out, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(REQUEST_BODY_MAX + 1);

	if (*line == '{')
		return fields_read_json(line, len, &out->body, err) && query_settings_allow(&out->body, err);
	buf_add(&text, line, len);
	return buf_ok(&text, err) && fields_add(&out->body, "query", buf_text(&text), err);
}

static bool take_line(struct app *app, const char *line, size_t len, enum query_added *added, struct error *err)
{
	struct request body = {0};
	bool taken = read_line(line, len, &body, err) && query_check_text(fields_get(&body.body, "query"), err) &&
	             query_track_with_settings(app, &body, added, err);

	fields_clear(&body.body);
	return taken;
}

/* ---- all of them ---- */

static bool is_about_line(const struct error *why)
{
	return why->code == ERR_INVALID || why->code == ERR_UNPROCESSABLE || why->code == ERR_CONFLICT ||
	       why->code == ERR_TOO_MANY || why->code == ERR_TOO_LARGE;
}

static bool note_failure(struct query_import *result, int64_t line, const struct error *why, struct error *err)
{
	if (!list_grow(&result->failed, result->failed_count, sizeof(*result->failed)))
		return error_no_memory(err);
	result->failed[result->failed_count++] = (struct failed_line){.line = line, .why = *why};
	return true;
}

static bool import_line(struct app *app, const char *line, size_t len, int64_t number, struct query_import *result,
                        struct error *err)
{
	enum query_added added = QUERY_KNOWN;
	struct error why = {0};

	if (take_line(app, line, len, &added, &why)) {
		result->added += added != QUERY_KNOWN;
		result->known += added == QUERY_KNOWN;
		return true;
	}
	if (is_about_line(&why))
		return note_failure(result, number, &why, err);
	*err = why;
	return false;
}

bool query_import(struct app *app, const char *lines, struct query_import *out, struct error *err)
{
	AUTO(query_import_clear) struct query_import result = {0};
	int64_t number = 1;

	for (const char *line = lines; *line; number++) {
		size_t len = strcspn(line, "\n");
		size_t begin = strspn(line, " \t\r");
		size_t text_len = len;

		while (text_len > begin && strchr(" \t\r", line[text_len - 1]))
			text_len--;
		if (begin < text_len && !import_line(app, line + begin, text_len - begin, number, &result, err))
			return false;
		line += line[len] ? len + 1 : len;
	}
	*out = result;
	result = (struct query_import){0};
	return true;
}

bool query_import_body(struct app *app, const struct request *req, struct query_import *out, struct error *err)
{
	static const char *const members[] = {"lines", NULL};
	const char *lines = fields_get(&req->body, "lines");

	if (!params_body_only(req, members, err))
		return false;
	if (!lines || !lines[strspn(lines, " \t\r\n")])
		return error_set_field(err, ERR_INVALID, "lines", "a query on each line is missing");
	return query_import(app, lines, out, err);
}
