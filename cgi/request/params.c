#include "cgi/request/params.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/timestamp.h"

enum { NAMES_BYTES = 120 };

bool params_read_id(const struct request *req, const char *what, int64_t *out, struct error *err)
{
	const char *text = fields_get(&req->captures, "id");

	return (text && text_int(text, 1, INT64_MAX, out)) || error_set(err, ERR_NOT_FOUND, "there is no %s with this id", what);
}

bool params_body_only(const struct request *req, const char *const names[], struct error *err)
{
	return fields_allow_only(&req->body, names, "member", err);
}

bool params_read_bool(const struct request *req, const char *name, bool *out, struct error *err)
{
	const char *value = fields_get(&req->body, name);

	if (!fields_has(&req->body, name))
		return true;
	bool is_true = value && strcmp(value, "true") == 0;
	if (!is_true && (!value || strcmp(value, "false") != 0))
		return error_set_field(err, ERR_INVALID, name, "true or false is allowed");
	*out = is_true;
	return true;
}

bool params_choose(const struct request *req, const char *name, const char *const names[], size_t count, size_t *out,
                   struct error *err)
{
	AUTO(buf_clear) struct buf allowed = BUF(NAMES_BYTES);
	const char *value = fields_get(&req->query, name);

	if (!value)
		return true;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(value, names[i]) == 0) {
			*out = i;
			return true;
		}
		buf_printf(&allowed, "%s%s", i ? ", " : "", names[i]);
	}
	return error_set_value(err, ERR_INVALID, name, value, "allowed: %s", buf_text(&allowed));
}

bool params_read_time(const struct fields *body, const char *name, int64_t *out, struct error *err)
{
	const char *text = fields_get(body, name);
	int64_t time = 0;

	if (!fields_has(body, name))
		return true;
	if (text && *text && ((!timestamp_parse_date(text, &time) && !timestamp_parse(text, &time)) || time <= 0))
		return error_set_value(err, ERR_INVALID, name, text,
		                       "a time such as 2026-11-22T10:00:00Z or a date such as 2026-11-22 is allowed");
	*out = time;
	return true;
}
