/*
 * The table of routes and the document say the same, both ways. That answers are as the document says is for
 * tests/e2e/test_openapi.py. A new endpoint: add its path to cgi/api/openapi.json; every fault is named here.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "cgi/routes.h"
#include "cgi/api/openapi.h"
#include "tests/support/flow.h"

enum { PATH_SIZE = 128, NAME_SIZE = 32 };

static int faults;

static void fault(const char *path, const char *method, const char *words, const char *what)
{
	print_error("cgi/api/openapi.json: %s %s: %s %s\n", method, path, words, what);
	faults++;
}

static cJSON *load(const struct flow *flow)
{
	struct error err;
	cJSON *document = NULL;

	assert_true(openapi_load(&flow->app, &document, &err));
	return document;
}

/* Pages are for people; only that of the document itself is in it. */
static bool is_described(const struct endpoint *endpoint)
{
	return endpoint->kind == ROUTE_API || strcmp(endpoint->pattern, "/api/docs") == 0;
}

/* Whether the path has a captured part called NAME. */
static bool has_capture(const struct endpoint *endpoint, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strchr(endpoint->pattern, ':'); at; at = strchr(at + 1, ':'))
		if (strncmp(at + 1, name, len) == 0 && (at[len + 1] == '/' || !at[len + 1]))
			return true;
	return false;
}

/* "/api/queries/:id/gaps" -> "/api/queries/{id}/gaps" */
static void path_of(const struct endpoint *endpoint, char path[PATH_SIZE])
{
	char *end = path + PATH_SIZE;

	*path = '\0';
	for (const char *at = endpoint->pattern; *at;) {
		bool capture = *at == ':';
		size_t len = strcspn(at + capture, capture ? "/" : ":");

		path += snprintf(path, (size_t)(end - path), capture ? "{%.*s}" : "%.*s", (int)len, at + capture);
		assert_true(path < end);
		at += len + capture;
	}
}

static void method_of_endpoint(const struct endpoint *endpoint, char method[16])
{
	snprintf(method, 16, "%s", method_name(endpoint->method));
	for (char *at = method; *at; at++)
		*at = (char)tolower((unsigned char)*at);
}

static const cJSON *operation_of(const cJSON *document, const struct endpoint *endpoint)
{
	char path[PATH_SIZE], method[16];

	path_of(endpoint, path);
	method_of_endpoint(endpoint, method);
	return json_object(json_object(json_object(document, "paths"), path), method);
}

static void every_route_is_in_the_document(void **state)
{
	AUTO(json_free) cJSON *document = load(*state);

	faults = 0;
	for (size_t i = 0; i < routes_count; i++)
		if (is_described(routes_at(i)) && !operation_of(document, routes_at(i)))
			fault(routes_at(i)->pattern, method_name(routes_at(i)->method), "is missing:", "add it to paths");
	assert_int_equal(faults, 0);
}

static bool is_route(const cJSON *document, const char *path, const char *method)
{
	for (size_t i = 0; i < routes_count; i++) {
		const cJSON *operation = operation_of(document, routes_at(i));
		char pattern[PATH_SIZE];

		path_of(routes_at(i), pattern);
		if (operation && strcmp(operation->string, method) == 0 && strcmp(pattern, path) == 0)
			return true;
	}
	return false;
}

static void everything_in_the_document_is_a_route(void **state)
{
	AUTO(json_free) cJSON *document = load(*state);
	const cJSON *path, *operation;

	faults = 0;
	cJSON_ArrayForEach(path, json_object(document, "paths"))
	{
		cJSON_ArrayForEach(operation, path)
		{
			if (!is_route(document, path->string, operation->string))
				fault(path->string, operation->string, "is not in", "cgi/routes.c");
		}
	}
	assert_int_equal(faults, 0);
}

static bool has_parameter(const cJSON *document, const cJSON *operation, const char *where, const char *name)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, json_array(operation, "parameters"))
	{
		const cJSON *parameter = openapi_resolve(document, one);

		if (parameter && strcmp(json_text(parameter, "in"), where) == 0 &&
		    strcmp(json_text(parameter, "name"), name) == 0)
			return true;
	}
	return false;
}

static bool is_among(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static void check_parameters(const cJSON *document, const struct endpoint *endpoint)
{
	const cJSON *operation = operation_of(document, endpoint);
	const char *method = method_name(endpoint->method);
	const cJSON *one;

	for (const char *const *name = endpoint->parameters; name && *name; name++)
		if (!has_parameter(document, operation, "query", *name))
			fault(endpoint->pattern, method, "lacks the parameter", *name);
	for (const char *at = strchr(endpoint->pattern, ':'); at; at = strchr(at + 1, ':')) {
		char capture[NAME_SIZE];

		snprintf(capture, sizeof(capture), "%.*s", (int)strcspn(at + 1, "/"), at + 1);
		if (!has_parameter(document, operation, "path", capture))
			fault(endpoint->pattern, method, "lacks the part of the path", capture);
	}
	cJSON_ArrayForEach(one, json_array(operation, "parameters"))
	{
		const cJSON *parameter = openapi_resolve(document, one);
		const char *name = json_text(parameter, "name");
		bool in_query = strcmp(json_text(parameter, "in"), "query") == 0;

		if (in_query ? !is_among(endpoint->parameters, name) : !has_capture(endpoint, name))
			fault(endpoint->pattern, method, "does not have the parameter", name);
	}
}

static void parameters_are_the_same(void **state)
{
	AUTO(json_free) cJSON *document = load(*state);

	faults = 0;
	for (size_t i = 0; i < routes_count; i++)
		if (operation_of(document, routes_at(i)))
			check_parameters(document, routes_at(i));
	assert_int_equal(faults, 0);
}

static bool has_answer(const cJSON *operation, const char *status)
{
	return json_object(json_object(operation, "responses"), status) != NULL;
}

/* All that these are told is in their path. */
static bool takes_nothing(const struct endpoint *endpoint)
{
	static const char *const patterns[] = {"/api/alerts/:id/test", "/api/alerts/:id/deliveries/:delivery/retry", NULL};

	return is_among(patterns, endpoint->pattern);
}

static void check_access_and_answers(const cJSON *document, const struct endpoint *endpoint)
{
	const cJSON *operation = operation_of(document, endpoint);
	const char *method = method_name(endpoint->method);
	const cJSON *way = cJSON_GetArrayItem(json_array(operation, "security"), 0);
	bool needs_token = endpoint->needs & NEEDS_TOKEN;

	if (needs_token != (way && way->child))
		fault(endpoint->pattern, method, needs_token ? "needs a token:" : "needs no token:", "security says otherwise");
	if ((way != NULL) != has_answer(operation, "401"))
		fault(endpoint->pattern, method, "answer 401", way ? "is missing" : "is too many");
	if ((endpoint->cache_scope != CACHE_NOT) != has_answer(operation, "304"))
		fault(endpoint->pattern, method, "answer 304", endpoint->cache_scope ? "is missing" : "is too many");
	if (!has_answer(operation, "400") || !has_answer(operation, "413")) /* any request may be malformed, or too large */
		fault(endpoint->pattern, method, "answer 400 or 413", "is missing");
	if (strchr(endpoint->pattern, ':') && !has_answer(operation, "404"))
		fault(endpoint->pattern, method, "answer 404", "is missing");
	bool has_body = endpoint->method == METHOD_POST || endpoint->method == METHOD_PATCH; /* others say all in their URL */
	if (has_body && !takes_nothing(endpoint) && !json_object(operation, "requestBody"))
		fault(endpoint->pattern, method, "requestBody", "is missing");
}

static void access_and_usual_answers_are_the_same(void **state)
{
	AUTO(json_free) cJSON *document = load(*state);

	faults = 0;
	for (size_t i = 0; i < routes_count; i++)
		if (operation_of(document, routes_at(i)))
			check_access_and_answers(document, routes_at(i));
	assert_int_equal(faults, 0);
}

/* Every $ref leads somewhere, and what can be referred to is. */
static void check_references(const cJSON *document, const cJSON *value)
{
	const char *reference = json_text(value, "$ref");
	const cJSON *child;

	if (reference && !openapi_resolve(document, value))
		fault("", "", "nothing is at", reference);
	cJSON_ArrayForEach(child, value)
	{
		check_references(document, child);
	}
}

static void references_lead_somewhere(void **state)
{
	AUTO(json_free) cJSON *document = load(*state);
	AUTO(text_free) char *text = cJSON_PrintUnformatted(document);
	const cJSON *kind, *part;

	faults = 0;
	check_references(document, document);
	cJSON_ArrayForEach(kind, json_object(document, "components"))
	{
		if (strcmp(kind->string, "securitySchemes") == 0)
			continue;
		cJSON_ArrayForEach(part, kind)
		{
			char reference[PATH_SIZE];

			snprintf(reference, sizeof(reference), "\"#/components/%s/%s\"", kind->string, part->string);
			if (!strstr(text, reference))
				fault("", "", "nobody refers to", reference);
		}
	}
	assert_int_equal(faults, 0);
}

static void the_document_names_version_and_base(void **state)
{
	struct flow *flow = *state;
	char public_url[] = "https://example.org/newsreel";
	char *configured = flow->config.public_url;

	assert_int_equal(flow_get(flow, "/api/openapi.json"), 200);
	assert_true(flow_header_has(flow, "Content-Type: application/json"));
	assert_true(flow_header_has(flow, "Access-Control-Allow-Origin: *\r\n"));
	assert_true(flow_body_has(flow, "\"openapi\":\"3.1.0\""));
	assert_true(flow_body_has(flow, "\"version\":\"" NEWSREEL_VERSION "\""));
	assert_true(flow_body_has(flow, "\"servers\":[{\"url\":\"/\"}]"));
	flow->config.public_url = public_url;
	assert_int_equal(flow_get(flow, "/api/openapi.json"), 200);
	assert_true(flow_body_has(flow, "\"servers\":[{\"url\":\"https://example.org/newsreel\"}]"));
	flow->config.public_url = configured;
}

static bool is_in(const cJSON *texts, const char *text)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, texts)
	{
		if (strcmp(one->valuestring, text) == 0)
			return true;
	}
	return false;
}

static void every_operation_has_an_id_of_its_own(void **state)
{
	AUTO(json_free) cJSON *document = load(*state);
	AUTO(json_free) cJSON *ids = cJSON_CreateArray();
	const cJSON *path, *operation;

	faults = 0;
	cJSON_ArrayForEach(path, json_object(document, "paths"))
	{
		cJSON_ArrayForEach(operation, path)
		{
			const char *id = json_text(operation, "operationId");

			if (!id || is_in(ids, id))
				fault(path->string, operation->string, "operationId", id ? "is another's too" : "is missing");
			else
				cJSON_AddItemToArray(ids, cJSON_CreateString(id));
		}
	}
	assert_int_equal(faults, 0);
	assert_non_null(json_array(document, "security")); /* of operations that say nothing of their own */
}

/* A client made from the document must take the members that a later version adds. */
static void check_open(const cJSON *document, const cJSON *value, const char *path)
{
	const cJSON *child;

	if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(value, "additionalProperties")))
		fault(path, "", "an answer refuses members unknown to it:", json_text(value, "description"));
	cJSON_ArrayForEach(child, value)
	{
		check_open(document, openapi_resolve(document, child), path);
	}
}

static void answers_may_get_new_members(void **state)
{
	AUTO(json_free) cJSON *document = load(*state);
	const cJSON *path, *operation;

	faults = 0;
	cJSON_ArrayForEach(path, json_object(document, "paths"))
	{
		cJSON_ArrayForEach(operation, path)
		{
			check_open(document, json_object(operation, "responses"), path->string);
		}
	}
	assert_int_equal(faults, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_route_is_in_the_document),
	    CASE(everything_in_the_document_is_a_route),
	    CASE(parameters_are_the_same),
	    CASE(access_and_usual_answers_are_the_same),
	    CASE(references_lead_somewhere),
	    CASE(the_document_names_version_and_base),
	    CASE(every_operation_has_an_id_of_its_own),
	    CASE(answers_may_get_new_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
