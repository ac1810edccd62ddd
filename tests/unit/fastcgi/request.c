#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fastcgi/request.h"
#include "tests/support/fastcgi.h"

enum { BODY_MAX = 10, WIRE_MAX = 1024 * 1024, ID = 0x0102 };

static struct buf a_post(void)
{
	AUTO(buf_clear) struct buf params = BUF(WIRE_MAX);
	AUTO(buf_clear) struct buf large = BUF(WIRE_MAX);
	struct buf wire = BUF(WIRE_MAX);

	for (int i = 0; i < 1000; i++)
		buf_add_char(&large, (char)('a' + i % 26));
	add_param(&params, "REQUEST_METHOD", "POST");
	add_param(&params, "EMPTY", "");
	add_param(&params, "HTTP_COOKIE", buf_text(&large));
	add_record(&wire, FCGI_BEGIN_REQUEST, ID, "\0\1\1\0\0\0\0\0", FCGI_BEGIN_SIZE, 3);
	add_record(&wire, FCGI_PARAMS, ID, params.data, 700, 5); /* in the middle of a value */
	add_record(&wire, FCGI_PARAMS, ID, params.data + 700, params.len - 700, 0);
	add_record(&wire, FCGI_PARAMS, ID, "", 0, 0);
	add_record(&wire, FCGI_STDIN, ID, "hello", 5, 3);
	add_record(&wire, FCGI_STDIN, ID, "!", 1, 0);
	add_record(&wire, FCGI_STDIN, ID, "", 0, 7);
	return wire;
}

static void check_post(const struct fcgi_request *request)
{
	assert_int_equal(request->id, ID);
	assert_true(request->keeps);
	assert_string_equal(fcgi_request_param(request, "REQUEST_METHOD"), "POST");
	assert_string_equal(fcgi_request_param(request, "EMPTY"), "");
	assert_int_equal(strlen(fcgi_request_param(request, "HTTP_COOKIE")), 1000);
	assert_memory_equal(fcgi_request_param(request, "HTTP_COOKIE") + 26, "abc", 3);
	assert_null(fcgi_request_param(request, "POST")); /* a value */
	assert_null(fcgi_request_param(request, "REQUEST"));
	assert_string_equal(buf_text(&request->body), "hello!");
}

static void a_request_arrives_in_any_two_pieces(void **state)
{
	AUTO(buf_clear) struct buf wire = a_post();
	AUTO(fcgi_request_clear) struct fcgi_request request;

	(void)state;
	fcgi_request_init(&request, BODY_MAX);
	for (size_t cut = 0; cut < wire.len; cut++) {
		assert_int_equal(fcgi_request_read(&request, wire.data, cut), FCGI_INCOMPLETE);
		assert_int_equal(fcgi_request_read(&request, wire.data + cut, wire.len - cut), FCGI_COMPLETE);
		check_post(&request);
		fcgi_request_clear(&request);
	}
}

static void a_request_arrives_byte_by_byte(void **state)
{
	AUTO(buf_clear) struct buf wire = a_post();
	AUTO(fcgi_request_clear) struct fcgi_request request;

	(void)state;
	fcgi_request_init(&request, BODY_MAX);
	for (size_t i = 0; i + 1 < wire.len; i++)
		assert_int_equal(fcgi_request_read(&request, wire.data + i, 1), FCGI_INCOMPLETE);
	assert_int_equal(fcgi_request_read(&request, wire.data + wire.len - 1, 1), FCGI_COMPLETE);
	check_post(&request);
}

static void of_a_large_body_the_beginning_is_kept(void **state)
{
	AUTO(buf_clear) struct buf wire = BUF(WIRE_MAX);
	AUTO(fcgi_request_clear) struct fcgi_request request;

	(void)state;
	fcgi_request_init(&request, BODY_MAX);
	add_record(&wire, FCGI_BEGIN_REQUEST, ID, "\0\1\0\0\0\0\0\0", FCGI_BEGIN_SIZE, 0);
	add_record(&wire, FCGI_PARAMS, ID, "", 0, 0);
	add_record(&wire, FCGI_STDIN, ID, "1234567", 7, 1);
	add_record(&wire, FCGI_STDIN, ID, "89abcdef", 8, 0);
	add_record(&wire, FCGI_STDIN, ID, "more", 4, 4);
	add_record(&wire, FCGI_STDIN, ID, "", 0, 0);
	assert_int_equal(fcgi_request_read(&request, wire.data, wire.len), FCGI_COMPLETE);
	assert_false(request.keeps);
	assert_string_equal(buf_text(&request.body), "123456789a");
	assert_null(fcgi_request_param(&request, "REQUEST_METHOD"));
}

/* ---- what breaks a connection ---- */

struct database {
	int type, id;
	const char *content;
	size_t len;
};

#define BEGIN                                                                                                                    \
	{                                                                                                                        \
		FCGI_BEGIN_REQUEST, 1, "\0\1\0\0\0\0\0\0", FCGI_BEGIN_SIZE                                                       \
	}
#define LONG_NAME "\xFF\xFF\xFF\xFF\x01"

static void what_nginx_never_sends_breaks_the_connection(void **state)
{
	enum { RECORDS = 4 };
	static const struct record broken[][RECORDS] = {
	    {{FCGI_PARAMS, 1, "", 0}},                        /* without a beginning */
	    {BEGIN, BEGIN},                                   /* one in another */
	    {{FCGI_BEGIN_REQUEST, 0, "\0\1\0\0\0\0\0\0", 8}}, /* without a number */
	    {{FCGI_BEGIN_REQUEST, 1, "\0\2\0\0\0\0\0\0", 8}}, /* an authorizer */
	    {{FCGI_BEGIN_REQUEST, 1, "\0\1", 2}},             /* too short */
	    {BEGIN, {FCGI_PARAMS, 2, "", 0}},                 /* another request's */
	    {BEGIN, {FCGI_STDIN, 1, "", 0}},                  /* before the parameters' end */
	    {BEGIN, {2, 1, "", 0}},                           /* an abort */
	    {BEGIN, {9, 0, "", 0}},                           /* a question to the manager */
	    {BEGIN,
	     {FCGI_PARAMS, 1,
	      "\x01\x7F"
	      "a",
	      3},
	     {FCGI_PARAMS, 1, "", 0}},                                            /* a value cut off */
	    {BEGIN, {FCGI_PARAMS, 1, LONG_NAME "a", 6}, {FCGI_PARAMS, 1, "", 0}}, /* a name of 2 GB */
	    {BEGIN, {FCGI_PARAMS, 1, "\x80\0\0", 3}, {FCGI_PARAMS, 1, "", 0}},    /* a length cut off */
	    {BEGIN, {FCGI_PARAMS, 1, "\x01", 1}, {FCGI_PARAMS, 1, "", 0}},        /* no second length */
	    {BEGIN,
	     {FCGI_PARAMS, 1,
	      "\x01\x03"
	      "aA\0B",
	      6},
	     {FCGI_PARAMS, 1, "", 0}},                                                        /* a NUL in a value */
	    {BEGIN, {FCGI_PARAMS, 1, "", 0}, {FCGI_PARAMS, 1, "", 0}},                        /* parameters after their end */
	    {BEGIN, {FCGI_PARAMS, 1, "", 0}, {FCGI_STDIN, 1, "", 0}, {FCGI_STDIN, 1, "", 0}}, /* something after it */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		AUTO(buf_clear) struct buf wire = BUF(WIRE_MAX);
		AUTO(fcgi_request_clear) struct fcgi_request request;

		fcgi_request_init(&request, BODY_MAX);
		for (size_t n = 0; n < RECORDS && broken[i][n].type; n++)
			add_record(&wire, broken[i][n].type, broken[i][n].id, broken[i][n].content, broken[i][n].len, 0);
		if (fcgi_request_read(&request, wire.data, wire.len) != FCGI_BROKEN)
			fail_msg("number %zu is taken for a request", i);
	}
}

static void another_version_breaks_the_connection(void **state)
{
	AUTO(buf_clear) struct buf wire = a_post();
	AUTO(fcgi_request_clear) struct fcgi_request request;

	(void)state;
	fcgi_request_init(&request, BODY_MAX);
	wire.data[0] = 2;
	assert_int_equal(fcgi_request_read(&request, wire.data, wire.len), FCGI_BROKEN);
}

static void endless_parameters_break_the_connection(void **state)
{
	static const char content[1024];
	AUTO(fcgi_request_clear) struct fcgi_request request;
	AUTO(buf_clear) struct buf begin = BUF(WIRE_MAX), more = BUF(WIRE_MAX);
	enum fcgi_progress progress;
	int records = 0;

	(void)state;
	fcgi_request_init(&request, BODY_MAX);
	add_record(&begin, FCGI_BEGIN_REQUEST, ID, "\0\1\0\0\0\0\0\0", FCGI_BEGIN_SIZE, 0);
	add_record(&more, FCGI_PARAMS, ID, content, sizeof(content), 0);
	progress = fcgi_request_read(&request, begin.data, begin.len);
	while (progress == FCGI_INCOMPLETE && records++ <= FCGI_PARAMS_MAX / (int)sizeof(content))
		progress = fcgi_request_read(&request, more.data, more.len);
	assert_int_equal(progress, FCGI_BROKEN);
	assert_int_equal(records, FCGI_PARAMS_MAX / (int)sizeof(content) + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_request_arrives_in_any_two_pieces),
	    cmocka_unit_test(a_request_arrives_byte_by_byte),
	    cmocka_unit_test(of_a_large_body_the_beginning_is_kept),
	    cmocka_unit_test(what_nginx_never_sends_breaks_the_connection),
	    cmocka_unit_test(another_version_breaks_the_connection),
	    cmocka_unit_test(endless_parameters_break_the_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
