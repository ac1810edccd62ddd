#include "http/router.h"

#include <string.h>

/* Moves both texts over one part ("/videos"); false at the end of either. */
static bool next_part(const char **at, const char **part, size_t *len)
{
	if (**at == '/')
		++*at;
	if (!**at)
		return false;
	*part = *at;
	*len = strcspn(*at, "/");
	*at += *len;
	return true;
}

enum fit { FIT_NONE, FIT_CAPTURE, FIT_LITERAL };

/* How well PATH fits PATTERN: character by character, since most patterns differ soon. A captured part is not empty. */
static enum fit fit(const char *pattern, const char *path)
{
	enum fit best = FIT_LITERAL;

	for (;;) {
		if (*pattern == ':' && *path && *path != '/') {
			best = FIT_CAPTURE;
			pattern += strcspn(pattern, "/");
			path += strcspn(path, "/");
		}
		if (*pattern != *path)
			return FIT_NONE;
		if (!*pattern)
			return best;
		pattern++;
		path++;
	}
}

static bool capture(const char *name, size_t name_len, const char *value, size_t value_len, struct fields *captures,
                    struct error *err)
{
	AUTO(buf_clear) struct buf name_text = BUF(REQUEST_QUERY_MAX);
	AUTO(buf_clear) struct buf value_text = BUF(REQUEST_QUERY_MAX);
	struct field *field = &captures->items[captures->count];

	buf_add(&name_text, name, name_len);
	buf_add(&value_text, value, value_len);
	if (!buf_take(&name_text, &field->name, err))
		return false;
	captures->count++;
	return buf_take(&value_text, &field->value, err);
}

static bool capture_all(const char *pattern, const char *path, struct fields *captures, struct error *err)
{
	const char *want, *have;
	size_t want_len, have_len;

	while (next_part(&pattern, &want, &want_len) && next_part(&path, &have, &have_len))
		if (*want == ':' && !capture(want + 1, want_len - 1, have, have_len, captures, err))
			return false;
	return true;
}

static bool answers(enum method offered, enum method asked)
{
	return offered == asked || (offered == METHOD_GET && asked == METHOD_HEAD);
}

static void allow_method(struct buf *allow, enum method method)
{
	buf_add_text(allow, method_name(method));
	if (method == METHOD_GET)
		buf_add_text(allow, ", HEAD");
	buf_add_text(allow, ", ");
}

bool router_find(const struct router *router, enum method method, const char *path, enum routed *routed,
                 const struct route **route, struct fields *captures, struct buf *allow, struct error *err)
{
	enum fit best = FIT_NONE;

	*routed = ROUTED_NO_PATH;
	*route = NULL;
	/* Literal parts win over captured ones, whatever the method. */
	for (size_t i = 0; i < router->count; i++) {
		enum fit this = fit(router->routes[i].pattern, path);
		best = this > best ? this : best;
	}
	for (size_t i = 0; best && i < router->count; i++) {
		const struct route *row = &router->routes[i];

		if (fit(row->pattern, path) != best)
			continue;
		*routed = ROUTED_NO_METHOD;
		if (answers(row->method, method)) {
			*routed = ROUTED;
			*route = row;
			return capture_all(row->pattern, path, captures, err);
		}
		allow_method(allow, row->method);
	}
	if (*routed == ROUTED_NO_METHOD)
		allow_method(allow, METHOD_OPTIONS);
	if (allow->len > 2)
		allow->data[allow->len -= 2] = '\0'; /* the last comma */
	return buf_ok(allow, err);
}
