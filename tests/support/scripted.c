#include "tests/support/scripted.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static bool scripted_get(void *context, const char *url, const char *key, struct http_response *out, struct error *err)
{
	struct scripted *s = context;

	assert(s->calls < SCRIPTED_MAX && s->answer_count > 0);
	snprintf(s->keys[s->calls], sizeof(s->keys[0]), "%s", key);
	snprintf(s->urls[s->calls], sizeof(s->urls[0]), "%s", url);
	const struct scripted_answer *answer = &s->answers[s->calls < s->answer_count ? s->calls : s->answer_count - 1];
	s->calls++;
	if (answer->status < 0)
		return error_set(err, ERR_UNREACHED, "no answer: no network");
	if (answer->status == 0)
		return error_set(err, ERR_UPSTREAM, "the connection was cut");
	out->status = answer->status;
	out->retry_after = answer->retry_after ? answer->retry_after : -1;
	out->date = 0;
	out->body = BUF(HTTP_BODY_MAX);
	buf_add_text(&out->body, answer->body ? answer->body : "");
	return buf_ok(&out->body, err);
}

struct transport scripted_transport(struct scripted *scripted)
{
	return (struct transport){.get = scripted_get, .context = scripted};
}
