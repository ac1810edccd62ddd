#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/utf8.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "tests/support/params.h"

/* Of the request at hand, which borrows from them. */
static struct cgi_params params;

static int forget_params(void **state)
{
	(void)state;
	cgi_params_clear(&params);
	return 0;
}

/* Reads a request with BODY, LEN bytes; params has more of it. */
static bool read_body(const char *body, size_t len, struct request *out, struct error *err)
{
	cgi_params_set(&params, "REQUEST_METHOD", "POST");
	cgi_params_set(&params, "REQUEST_URI", "/");
	struct cgi_input input = cgi_params_input(&params, NULL);
	input.body = body;
	input.body_len = len;
	return request_read(&input, "", out, err);
}

static bool read_url(const char *path, const char *query, const char *base, struct request *out, struct error *err)
{
	cgi_params_set(&params, "REQUEST_METHOD", "GET");
	cgi_params_set(&params, "REQUEST_URI", path);
	cgi_params_set(&params, "QUERY_STRING", query);
	const struct cgi_input input = cgi_params_input(&params, NULL);
	return request_read(&input, base, out, err) && request_read_query(out, NULL, UNKNOWN_REFUSED, err);
}

static void paths_and_parameters_are_decoded(void **state)
{
	AUTO(request_clear) struct request req = {0};
	struct error err;

	(void)state;
	assert_true(read_url("/api/v%C3%A9/?ignored", "a=1+2&b=%2B&c&d=x=y&", "", &req, &err));
	assert_string_equal(req.path, "/api/vé");
	assert_string_equal(fields_get(&req.query, "a"), "1 2");
	assert_string_equal(fields_get(&req.query, "b"), "+");
	assert_string_equal(fields_get(&req.query, "c"), "");
	assert_string_equal(fields_get(&req.query, "d"), "x=y");
	assert_null(fields_get(&req.query, "e"));
}

static void bad_requests_are_refused_with_the_culprit(void **state)
{
	static const struct {
		const char *path, *query, *word;
		enum error_code code;
	} cases[] = {
	    {"/a%zz", "", "path", ERR_INVALID},        {"/a%0", "", "path", ERR_INVALID},
	    {"/a%00b", "", "path", ERR_INVALID},       {"/a%ff", "", "path", ERR_INVALID},
	    {"//a", "", "nothing", ERR_NOT_FOUND},     {"/a/../b", "", "nothing", ERR_NOT_FOUND},
	    {"a", "", "nothing", ERR_NOT_FOUND},       {"/", "a=1&a=2", "a: ", ERR_INVALID},
	    {"/", "%=1", "query string", ERR_INVALID}, {"/", "name=%e4", "name", ERR_INVALID},
	    {"/%2e%2e", "", "nothing", ERR_NOT_FOUND},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(request_clear) struct request req = {0};
		struct error err;

		assert_false(read_url(cases[i].path, cases[i].query, "", &req, &err));
		assert_int_equal(err.code, cases[i].code);
		assert_non_null(strstr(err.text, cases[i].word));
		assert_int_equal(strlen(req.id), 16);
	}
}

static void unknown_parameters_are_refused_or_ignored(void **state)
{
	static const char *const names[] = {"query", "page", NULL};
	static const struct {
		const char *query;
		bool refused, ignored; /* whether it can be read, where unknown ones are refused, and where they are ignored */
	} cases[] = {
	    {"query=a&page=2", true, true},
	    {"query=a&fbclid=x", false, true},
	    {"query=a&utm_id=1&utm_id=2", false, true},
	    {"query=a&%=1&%ff&x=%e4&=&_=%", false, true},
	    {"query=a&page=%e4", false, false},
	    {"query=a&query=b&_=1", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (enum unknown_parameters unknown = UNKNOWN_REFUSED; unknown <= UNKNOWN_IGNORED; unknown++) {
			AUTO(request_clear) struct request req = {0};
			struct error err;

			cgi_params_set(&params, "REQUEST_URI", "/");
			cgi_params_set(&params, "QUERY_STRING", cases[i].query);
			const struct cgi_input input = cgi_params_input(&params, NULL);
			assert_true(request_read(&input, "", &req, &err));
			bool read = request_read_query(&req, names, unknown, &err);
			assert_int_equal(read, unknown == UNKNOWN_IGNORED ? cases[i].ignored : cases[i].refused);
			if (read)
				assert_string_equal(fields_get(&req.query, "query"), "a");
			if (read)
				assert_int_equal(req.query.count, fields_has(&req.query, "page") ? 2 : 1);
		}
	}
}

static void too_much_is_refused(void **state)
{
	AUTO(buf_clear) struct buf query = BUF(3 * 1024 * 1024);
	AUTO(request_clear) struct request req = {0};
	struct error err;

	(void)state;
	while (query.len < 2 * 1024 * 1024)
		buf_add_text(&query, "a=bcdefgh&");
	assert_false(read_url("/", buf_text(&query), "", &req, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	AUTO(request_clear) struct request with_body = {0};
	cgi_params_set(&params, "QUERY_STRING", NULL);
	assert_false(read_body(buf_text(&query), query.len, &with_body, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
}

static void bodies_are_forms_or_objects(void **state)
{
	static const struct {
		const char *type, *body, *value; /* of "key"; NULL = refused */
	} cases[] = {
	    {"application/x-www-form-urlencoded", "key=a+b%26", "a b&"},
	    {"application/json", "{\"key\": \"a \\u00e9\"}", "a é"},
	    {"application/json; charset=utf-8", "{\"key\": 12, \"no\": null}", "12"},
	    {"application/json", "{\"key\": null, \"key\": 12}", NULL},
	    {"application/json", "{\"key\": true}", "true"},
	    {"application/json", "{\"key\": {\"a\": {}}}", NULL},
	    {"application/json", "{\"key\": {\"a\": 1, \"a\": 2}}", NULL},
	    {"application/json", "{\"key\": {\"a\": 1}, \"key.a\": 2}", NULL},
	    {"application/json", "[1]", NULL},
	    {"application/json", "{\"key\": 1, \"key\": 2}", NULL},
	    {"application/json", "{", NULL},
	    {"text/plain", "key=a", NULL},
	    {NULL, "key=a", NULL},
	    {"application/jsonx", "{}", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(request_clear) struct request req = {0};
		struct error err;

		cgi_params_set(&params, "CONTENT_TYPE", cases[i].type);
		assert_int_equal(read_body(cases[i].body, strlen(cases[i].body), &req, &err), cases[i].value != NULL);
		if (cases[i].value)
			assert_string_equal(fields_get(&req.body, "key"), cases[i].value);
	}
}

static void members_of_an_object_have_its_name_before_a_dot(void **state)
{
	static const char body[] = "{\"key\": {\"a\": 1, \"b\": null}}";
	AUTO(request_clear) struct request req = {0};
	struct error err;

	(void)state;
	cgi_params_set(&params, "CONTENT_TYPE", "application/json");
	assert_true(read_body(body, strlen(body), &req, &err));
	assert_true(fields_has(&req.body, "key"));
	assert_null(fields_get(&req.body, "key"));
	assert_string_equal(fields_get(&req.body, "key.a"), "1");
	assert_true(fields_has(&req.body, "key.b"));
}

static void forged_hosts_do_not_get_through(void **state)
{
	static const struct {
		const char *host, *seen;
	} cases[] = {{"example.org", "example.org"},
	             {"[::1]:8080", "[::1]:8080"},
	             {"a b", ""},
	             {"x\"><script>", ""},
	             {"example.org:x", ""},
	             {"", ""},
	             {"a/b", ""},
	             {"127.0.0.1:80", "127.0.0.1:80"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(request_clear) struct request req = {0};
		struct error err;

		cgi_params_set(&params, "HTTP_HOST", cases[i].host);
		assert_true(read_url("/", NULL, "", &req, &err));
		assert_string_equal(req.host, cases[i].seen);
	}
}

static void random_requests_do_no_harm(void **state)
{
	unsigned seed = 4711;

	(void)state;
	print_message("seed %u\n", seed);
	srand(seed);
	for (int round = 0; round < 5000; round++) {
		AUTO(request_clear) struct request req = {0};
		char noise[3][64];
		struct error err;

		for (int n = 0; n < 3; n++) {
			size_t len = (size_t)rand() % 63;
			for (size_t i = 0; i < len; i++)
				noise[n][i] = "%&=+/.0aZ\"{}[]:,\xc3\xa9\x01"[rand() % 19];
			noise[n][len] = '\0';
		}
		noise[0][0] = '/';
		cgi_params_set(&params, "REQUEST_URI", noise[0]);
		cgi_params_set(&params, "QUERY_STRING", noise[1]);
		cgi_params_set(&params, "CONTENT_TYPE", round % 2 ? "application/json" : "application/x-www-form-urlencoded");
		const struct cgi_input input = cgi_params_input(&params, noise[2]);
		if (request_read(&input, "", &req, &err)) {
			assert_true(utf8_is_valid(req.path, strlen(req.path)));
			(void)!request_read_query(&req, NULL, UNKNOWN_REFUSED, &err);
		}
	}
}

/* ---- routes ---- */

static void literal_parts_win_over_captures(void **state)
{
	static const struct route routes[] = {{METHOD_GET, "/", 0},
	                                      {METHOD_GET, "/videos/:id", 1},
	                                      {METHOD_GET, "/videos/new", 2},
	                                      {METHOD_POST, "/videos/:id", 3},
	                                      {METHOD_GET, "/videos/:id/parts/:part", 4}};
	static const struct {
		enum method method;
		const char *path;
		enum routed routed;
		int handler;
		const char *id;
		const char *allow;
	} cases[] = {
	    {METHOD_GET, "/", ROUTED, 0, NULL, ""},
	    {METHOD_GET, "/videos/7", ROUTED, 1, "7", ""},
	    {METHOD_HEAD, "/videos/7", ROUTED, 1, "7", ""},
	    {METHOD_POST, "/videos/7", ROUTED, 3, "7", "GET, HEAD"},
	    {METHOD_GET, "/videos/new", ROUTED, 2, NULL, ""},
	    {METHOD_POST, "/videos/new", ROUTED_NO_METHOD, 0, NULL, "GET, HEAD, OPTIONS"},
	    {METHOD_DELETE, "/videos/7", ROUTED_NO_METHOD, 0, NULL, "GET, HEAD, POST, OPTIONS"},
	    {METHOD_GET, "/videos/7/parts/8", ROUTED, 4, "7", ""},
	    {METHOD_GET, "/videos", ROUTED_NO_PATH, 0, NULL, ""},
	    {METHOD_GET, "/videos/7/8", ROUTED_NO_PATH, 0, NULL, ""},
	};
	const struct router router = {routes, sizeof(routes) / sizeof(routes[0])};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fields captures = {0};
		AUTO(buf_clear) struct buf allow = BUF(256);
		const struct route *route;
		enum routed routed;
		struct error err;

		assert_true(router_find(&router, cases[i].method, cases[i].path, &routed, &route, &captures, &allow, &err));
		assert_int_equal(routed, cases[i].routed);
		if (routed == ROUTED)
			assert_int_equal(route->handler, cases[i].handler);
		else
			assert_string_equal(buf_text(&allow), cases[i].allow);
		if (cases[i].id)
			assert_string_equal(fields_get(&captures, "id"), cases[i].id);
		fields_clear(&captures);
	}
}

/* ---- answers ---- */

static void header_values_cannot_begin_a_line(void **state)
{
	AUTO(response_clear) struct response res = {0};

	(void)state;
	response_init(&res);
	response_header(&res, "Location", "/x\r\nSet-Cookie: a=b\x01");
	assert_string_equal(buf_text(&res.headers), "Location: /xSet-Cookie: a=b\r\n");
}

static void the_token_of_a_form_is_no_member(void **state)
{
	static const struct {
		const char *type, *body, *header, *token;
		size_t members;
	} cases[] = {
	    {"application/x-www-form-urlencoded", "a=1&csrf_token=abc&b=2", NULL, "abc", 2},
	    {"application/json", "{\"csrf_token\":\"abc\",\"a\":\"1\"}", NULL, "abc", 1},
	    {"application/json", "{\"csrf_token\":null,\"a\":\"1\"}", NULL, "", 1},
	    {"application/x-www-form-urlencoded", "csrf_token=abc", "def", "def", 0},
	    {NULL, NULL, "def", "def", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(request_clear) struct request req = {0};
		struct error err;

		cgi_params_set(&params, "CONTENT_TYPE", cases[i].type);
		cgi_params_set(&params, "HTTP_X_CSRF_TOKEN", cases[i].header);
		assert_true(read_body(cases[i].body, cases[i].body ? strlen(cases[i].body) : 0, &req, &err));
		assert_string_equal(req.csrf_token, cases[i].token);
		assert_int_equal(req.body.count, cases[i].members);
		assert_null(fields_get(&req.body, "csrf_token"));
	}
}

static void paths_may_begin_with_our_base(void **state)
{
	static const char *const cases[][2] = {
	    {"/base/api", "/api"},      {"/base", "/"},         {"/base/", "/"}, {"/api", "/api"},
	    {"/baseball", "/baseball"}, {"/base/base", "/base"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(request_clear) struct request req = {0};
		struct error err;

		assert_true(read_url(cases[i][0], NULL, "/base", &req, &err));
		assert_string_equal(req.path, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(paths_and_parameters_are_decoded, forget_params),
	    cmocka_unit_test_teardown(the_token_of_a_form_is_no_member, forget_params),
	    cmocka_unit_test_teardown(paths_may_begin_with_our_base, forget_params),
	    cmocka_unit_test_teardown(bad_requests_are_refused_with_the_culprit, forget_params),
	    cmocka_unit_test_teardown(unknown_parameters_are_refused_or_ignored, forget_params),
	    cmocka_unit_test_teardown(too_much_is_refused, forget_params),
	    cmocka_unit_test_teardown(bodies_are_forms_or_objects, forget_params),
	    cmocka_unit_test_teardown(members_of_an_object_have_its_name_before_a_dot, forget_params),
	    cmocka_unit_test_teardown(forged_hosts_do_not_get_through, forget_params),
	    cmocka_unit_test_teardown(random_requests_do_no_harm, forget_params),
	    cmocka_unit_test_teardown(literal_parts_win_over_captures, forget_params),
	    cmocka_unit_test_teardown(header_values_cannot_begin_a_line, forget_params),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
