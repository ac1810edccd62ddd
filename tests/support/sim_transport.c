#include "tests/support/sim_transport.h"

#include <string.h>

#include "base/text.h"

/* "http://host:port/path?query" in two parts. */
static bool split_url(const char *url, char *path, size_t path_size, const char **query)
{
	const char *start = strstr(url, "://");
	const char *at = start ? strchr(start + 3, '/') : NULL;
	size_t len = at ? strcspn(at, "?") : 0;

	if (!at || len >= path_size)
		return false;
	memcpy(path, at, len);
	path[len] = '\0';
	*query = at[len] ? at + len + 1 : "";
	return true;
}

/* Asks for URL with KEY, unless it is as when ETAG was given, or posts FORM to it, as far as these are not NULL. */
static bool ask(const struct sim_transport *t, const char *url, const char *key, const char *etag, const char *form,
                struct http_response *out, struct error *err)
{
	AUTO(sim_response_clear) struct sim_response answer = {0};
	int64_t now = clock_now(&t->clock);
	char path[256];
	const char *query;

	if (t->no_network)
		return error_set(err, ERR_UNREACHED, "no answer: no such host");
	if (!split_url(url, path, sizeof(path), &query))
		return error_set(err, ERR_UPSTREAM, "not a URL");
	struct sim_request request = {.path = path, .query = query, .key = key, .etag = etag, .form = form};
	if (!sim_answer(t->sim, &request, now, &answer, err))
		return false;
	if (answer.fault == FAULT_CUT || answer.fault == FAULT_TRUNCATED || answer.fault == FAULT_RESET ||
	    answer.fault == FAULT_LENGTH)
		return error_set(err, ERR_UPSTREAM, "no answer: the connection was cut");
	if (answer.fault == FAULT_SLOW)
		return error_set(err, ERR_UPSTREAM, "no answer: timeout was reached");
	const char *retry_after = sim_response_header(&answer, "Retry-After");
	*out = (struct http_response){.status = answer.status, .date = now, .retry_after = -1, .body = answer.body};
	if (retry_after && !text_int(retry_after, 0, INT64_MAX, &out->retry_after))
		out->retry_after = -1;
	answer.body = (struct buf){0};
	return true;
}

static bool sim_get(void *context, const char *url, const char *key, struct http_response *out, struct error *err)
{
	return ask(context, url, key, NULL, NULL, out, err);
}

static bool sim_get_changed(void *context, const char *url, const char *key, const char *etag, struct http_response *out,
                            struct error *err)
{
	return ask(context, url, key, etag, NULL, out, err);
}

static bool sim_post(void *context, const char *url, const char *form, struct http_response *out, struct error *err)
{
	return ask(context, url, NULL, NULL, form, out, err);
}

struct transport sim_transport(struct sim_transport *context)
{
	return (struct transport){.get = sim_get, .get_changed = sim_get_changed, .post = sim_post, .context = context};
}
