#include "tests/support/scripted.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static bool answer(struct scripted *s, const char *url, const char *key, const char *form, struct http_response *out,
                   struct error *err)
{
	assert(s->calls < SCRIPTED_MAX && s->answer_count > 0);
	snprintf(s->keys[s->calls], sizeof(s->keys[0]), "%s", key ? key : "");
	snprintf(s->urls[s->calls], sizeof(s->urls[0]), "%s", url);
	snprintf(s->forms[s->calls], sizeof(s->forms[0]), "%s", form ? form : "");
	const struct scripted_answer *next = &s->answers[s->calls < s->answer_count ? s->calls : s->answer_count - 1];
	s->calls++;
	if (next->status < 0)
		return error_set(err, ERR_UNREACHED, "no answer: no network");
	if (next->status == 0)
		return error_set(err, ERR_UPSTREAM, "the connection was cut");
	out->status = next->status;
	out->retry_after = next->retry_after ? next->retry_after : -1;
	out->date = 0;
	out->body = BUF(HTTP_BODY_MAX);
	buf_add_text(&out->body, next->body ? next->body : "");
	return buf_ok(&out->body, err);
}

static bool scripted_get(void *context, const char *url, const char *key, struct http_response *out, struct error *err)
{
	return answer(context, url, key, NULL, out, err);
}

static bool scripted_post(void *context, const char *url, const char *form, struct http_response *out, struct error *err)
{
	return answer(context, url, NULL, form, out, err);
}

struct transport scripted_transport(struct scripted *scripted)
{
	return (struct transport){.get = scripted_get, .post = scripted_post, .context = scripted};
}
