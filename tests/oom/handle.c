/*
 * Flow tests on scarce memory: the linker sends their calls of dispatch() here (-Wl,--wrap), where the request is answered
 * again and again, each time with another allocation failing, until none fails any more. That last answer is the test's. Every
 * one before it has to be the same status or an error that can be shown; the sanitizers look for the rest.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "cgi/dispatch.h"
#include "tests/oom/no_memory.h"

enum { SEED = 20261122, EVERY_ONE_UP_TO = 16, FILE_MAX_BYTES = 64 * 1024 * 1024, STATUS_MAX = 600 };

void __real_dispatch(struct app *app, const struct cgi_input *input, struct request *req, struct response *response);
void __wrap_dispatch(struct app *app, const struct cgi_input *input, struct request *req, struct response *response);
void __wrap_log_line(enum log_level level, const char *message, const struct log_field *fields);

/* Thousands of failures on purpose are nothing to read. */
void __wrap_log_line(enum log_level level, const char *message, const struct log_field *fields)
{
	(void)level;
	(void)message;
	(void)fields;
}

/* ---- the record as it was before a request that writes ---- */

struct saved {
	const char *path; /* borrowed; NULL: there is no such record */
	bool exists;
	struct buf content;
};

static void saved_clear(struct saved *saved)
{
	buf_clear(&saved->content);
}

/* The last connection that closes a file leaves nothing beside it. */
static void close_records(struct app *app)
{
	app_close(app);
	databases_close(&app->shared->databases);
}

static void save(const char *path, struct saved *out)
{
	struct error err;

	*out = (struct saved){.path = path, .content = BUF(FILE_MAX_BYTES)};
	out->exists = path && file_read(path, &out->content, &err);
}

static void restore(const struct saved *saved)
{
	if (!saved->path || !saved->exists)
		return;
	FILE *file = fopen(saved->path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(saved->content.data, 1, saved->content.len, file), saved->content.len);
	assert_int_equal(fclose(file), 0);
}

/* ---- the answers ---- */

/* What the failing n-th allocation led to. */
struct outcomes {
	const struct cgi_input *input;
	bool seen[STATUS_MAX];
	long at[STATUS_MAX]; /* the n of a status that was seen */
};

/* An error says what it is, whole; so does /healthz with 503. */
static void check_error(const struct outcomes *outcomes, const struct response *response, long n)
{
	bool is_page = strstr(buf_text(&response->headers), "text/html") != NULL;
	bool is_json = strstr(buf_text(&response->headers), "application/problem+json") ||
	               strcmp(cgi_param(outcomes->input, "REQUEST_URI"), "/healthz") == 0;
	const char *end = is_page ? "</html>\n" : "}";
	size_t len = strlen(end);

	if ((!is_page && !is_json) || response->body.failed || response->headers.failed || response->body.len < len ||
	    strcmp(buf_text(&response->body) + response->body.len - len, end) != 0)
		fail_msg("%s %s, allocation %ld: no whole error:\n%s\n%s", cgi_param(outcomes->input, "REQUEST_METHOD"),
		         cgi_param(outcomes->input, "REQUEST_URI"), n, buf_text(&response->headers), buf_text(&response->body));
}

static void note(struct outcomes *outcomes, const struct response *response, long n)
{
	assert_in_range(response->status, 200, STATUS_MAX - 1);
	outcomes->seen[response->status] = true;
	outcomes->at[response->status] = n;
	if (response->status == 500 || response->status == 503)
		check_error(outcomes, response, n);
}

/* Nothing is reported as another error than it is. */
static void check_outcomes(const struct outcomes *outcomes, int last)
{
	for (int status = 0; status < STATUS_MAX; status++)
		if (outcomes->seen[status] && status != last && status != 500 && status != 503)
			fail_msg("%s %s, allocation %ld: status %d instead of %d, 500 or 503",
			         cgi_param(outcomes->input, "REQUEST_METHOD"), cgi_param(outcomes->input, "REQUEST_URI"),
			         outcomes->at[status], status, last);
}

static bool reads_only(const struct cgi_input *input)
{
	const char *method = cgi_param(input, "REQUEST_METHOD");

	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "OPTIONS") == 0;
}

/* All of the first, then fewer and fewer; fewer still where the record is put back each time. */
static long next_allocation(long n, bool writes)
{
	return n < EVERY_ONE_UP_TO ? n + 1 : n + 1 + rand() % (n / (writes ? 3 : 6));
}

/* Reads what is produced after the body until its end, or until the producer fails, which cuts the answer off. Returns whether
 * there was any. */
static bool produce(struct response *response)
{
	AUTO(buf_clear) struct buf piece = BUF(RESPONSE_BODY_MAX);
	struct error err;

	if (!response->rest.next)
		return false;
	while (response->rest.next(response->rest.context, &piece, &err) && piece.len)
		buf_reset(&piece);
	return true;
}

void __wrap_dispatch(struct app *app, const struct cgi_input *input, struct request *req, struct response *response)
{
	static bool seeded;
	struct outcomes outcomes = {.input = input};
	AUTO(saved_clear) struct saved shown = {0};
	AUTO(saved_clear) struct saved real = {0};
	bool writes = !reads_only(input);
	const struct request_metrics counted = app->shared->request_metrics; /* the test counts one request, */
	struct wrong_tokens_entry wrong_tokens[WRONG_TOKENS_SENDERS];        /* and one wrong token */

	if (!seeded) {
		print_message("seed %d\n", SEED);
		srand(SEED);
		seeded = true;
	}
	memcpy(wrong_tokens, app->shared->wrong_tokens.entries, sizeof(wrong_tokens));
	if (writes) {
		close_records(app);
		save(app->shared->databases.served.path, &shown);
		save(app->shared->databases.live.path, &real);
	}
	for (long n = 1;; n = next_allocation(n, writes)) {
		app->shared->request_metrics = counted;
		memcpy(app->shared->wrong_tokens.entries, wrong_tokens, sizeof(wrong_tokens));
		no_memory_at(n);
		__real_dispatch(app, input, req, response);
		bool produced = produce(response);
		if (!no_memory_end()) {
			if (produced) { /* once more, for the test to read */
				request_clear(req);
				response_clear(response);
				app->shared->request_metrics = counted;
				memcpy(app->shared->wrong_tokens.entries, wrong_tokens, sizeof(wrong_tokens));
				__real_dispatch(app, input, req, response);
			}
			break;
		}
		note(&outcomes, response, n);
		request_clear(req);
		response_clear(response);
		if (writes) {
			close_records(app);
			restore(&shown);
			restore(&real);
		}
	}
	check_outcomes(&outcomes, response->status);
}
