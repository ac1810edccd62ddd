/*
 * Bodies. Input: the first line is the content type, the rest the body. What was read as a form or as JSON says the same when it
 * is written as a form, which has no null: an empty value stands for it.
 */

#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"
#include "base/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/params.h"
#include "http/request.h"

static const char *value_of(const struct field *field)
{
	return field->value ? field->value : "";
}

static bool read_body(const char *type, const char *body, size_t len, struct request *out, struct error *err)
{
	static struct cgi_params params; /* the request borrows from them */

	cgi_params_set(&params, "REQUEST_METHOD", "POST");
	cgi_params_set(&params, "REQUEST_URI", "/");
	cgi_params_set(&params, "CONTENT_TYPE", type);
	struct cgi_input input = cgi_params_input(&params, NULL);
	input.body = body;
	input.body_len = len;
	return request_read(&input, "", out, err);
}

static void promise_round_trip(const struct fields *fields)
{
	AUTO(buf_clear) struct buf form = BUF(4 * REQUEST_BODY_MAX);
	AUTO(request_clear) struct request again = {0};
	struct error err = {0};

	for (size_t i = 0; i < fields->count; i++) {
		buf_add_text(&form, i ? "&" : "");
		percent_encode(&form, fields->items[i].name);
		buf_add_char(&form, '=');
		percent_encode(&form, value_of(&fields->items[i]));
	}
	if (form.len > REQUEST_BODY_MAX)
		return;
	PROMISE(read_body("application/x-www-form-urlencoded", buf_text(&form), form.len, &again, &err));
	PROMISE(again.body.count == fields->count);
	for (size_t i = 0; i < fields->count; i++) {
		fuzz_promise_text(fields->items[i].name);
		fuzz_promise_text(value_of(&fields->items[i]));
		PROMISE(strcmp(again.body.items[i].name, fields->items[i].name) == 0);
		PROMISE(strcmp(value_of(&again.body.items[i]), value_of(&fields->items[i])) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum error_code allowed[] = {ERR_INVALID, ERR_TOO_LARGE, ERR_NONE};
	AUTO(text_free) char *type = fuzz_take_line(&data, &size);
	AUTO(request_clear) struct request req = {0};
	struct error err = {0};

	if (read_body(type, (const char *)data, size, &req, &err))
		promise_round_trip(&req.body);
	else
		fuzz_promise_error(&err, allowed);
	return 0;
}
