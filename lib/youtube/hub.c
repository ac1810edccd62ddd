#include "youtube/hub.h"

#include <stdio.h>

#include "base/encoding.h"

enum { FORM_MAX_BYTES = 8 * 1024 };

static void add_field(struct buf *form, const char *name, const char *value)
{
	buf_printf(form, "&hub.%s=", name);
	percent_encode(form, value);
}

static void write_form(const struct hub_request *request, struct buf *form)
{
	buf_printf(form, "hub.mode=%s&hub.verify=async&hub.lease_seconds=%lld", request->subscribe ? "subscribe" : "unsubscribe",
	           (long long)request->lease_s);
	add_field(form, "callback", request->callback);
	add_field(form, "topic", request->topic);
	add_field(form, "secret", request->secret);
}

static enum hub_result result_of(int status)
{
	if (status >= 200 && status < 300)
		return HUB_TAKEN;
	return status >= 400 && status < 500 && status != 408 && status != 429 ? HUB_REFUSED : HUB_DOWN;
}

bool hub_ask(const struct transport *transport, const char *url, const struct hub_request *request, struct hub_answer *out,
             struct error *err)
{
	AUTO(buf_clear) struct buf form = BUF(FORM_MAX_BYTES);
	AUTO(http_response_clear) struct http_response response = {0};

	write_form(request, &form);
	*out = (struct hub_answer){.result = HUB_REFUSED, .retry_after = -1};
	if (!buf_ok(&form, err)) {
		snprintf(out->text, sizeof(out->text), "the request is too long");
		return err->code != ERR_NO_MEMORY;
	}
	if (!transport->post(transport->context, url, buf_text(&form), &response, err)) {
		out->result = HUB_DOWN;
		snprintf(out->text, sizeof(out->text), "%.150s", err->text);
		return err->code != ERR_NO_MEMORY;
	}
	out->result = result_of(response.status);
	out->retry_after = response.retry_after;
	if (out->result != HUB_TAKEN)
		snprintf(out->text, sizeof(out->text), "status %d", response.status);
	return true;
}
