/*
 * Every parameter and every member of a body that the OpenAPI document names, with hostile values, as a visitor and as the owner.
 * Each answer has a status and a content type that the document lists, 503 tells when to come again, texts are UTF-8, and no
 * secret is in it. STORM_SEED and STORM_REQUESTS choose another storm, and a longer one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/utf8.h"
#include "cgi/api/openapi.h"
#include "store/keys.h"
#include "tests/sim/world/rng.h"
#include "tests/support/flow.h"

#define KEY "AIzaThisIsNoKeyOfAnybody0123456789-_q7Zw"
#define SENT_KEY "AIzaNorIsThisOneForItIsMadeUp9876543210Z" /* what hostile owners add */
#define LABEL "a-label-for-the-owner-alone"

/* The record is seeded anew every now and then: it grows and shrinks with what is written. */
enum {
	REQUESTS = 3000,
	SEED = 20261129,
	RESEED_EVERY = 250,
	TARGETS_MAX = 1024,
	VIDEOS = 40,
	MORE_MAX = 3,
	URL_BYTES = 64 * 1024
};

/* A parameter or a member of a body of an operation. */
struct target {
	const cJSON *path, *operation; /* their names are the path and the method */
	const cJSON *parameters;
	const cJSON *members; /* of the body, by name; NULL: it has none */
	const char *name;     /* NULL: the operation has nothing to give */
	const char *where;    /* "path", "query", "body" */
	const cJSON *schema;
};

struct storm {
	struct flow *flow;
	void *state;
	cJSON *document;
	struct target targets[TARGETS_MAX];
	size_t target_count;
	struct rng rng;
	char url[URL_BYTES], body[URL_BYTES]; /* of the request */
	bool as_owner;
};

/* ---- what is asked ---- */

/* As they stand in an address or a form. */
static const char *const hostile[] = {"",
                                      "%",
                                      "%0",
                                      "%zz",
                                      "%00",
                                      "a%00b",
                                      "%ff",
                                      "%c0%80",
                                      "%ed%a0%80",
                                      "%f4%90%80%80",
                                      "%e2%82",
                                      "%01%7f%c2%85",
                                      "%0d%0aX-Evil:%201",
                                      "%20",
                                      "%e2%80%ae%e2%80%8b",
                                      "%f0%9f%9a%80",
                                      "%cc%81%cc%81%cc%81",
                                      "0",
                                      "-0",
                                      "-1",
                                      "1",
                                      "%2b1",
                                      "01",
                                      "1.5",
                                      "1e9",
                                      "0x10",
                                      "NaN",
                                      "2147483648",
                                      "9223372036854775807",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999999999999999999",
                                      "'%20OR%20'1'%3d'1",
                                      "1%3bDROP%20TABLE%20video--",
                                      "%25%5f",
                                      "%22%20OR%20title:*",
                                      "rocket%20NEAR%20(",
                                      "%22open",
                                      "-",
                                      "*",
                                      "a*b%22",
                                      "rocket",
                                      "rocket%20OR",
                                      "-rocket",
                                      "%3Cscript%3Ealert(1)%3C/script%3E",
                                      "%22%20onload%3d%22x",
                                      "%5d%5d%3E%26amp;",
                                      "..%2f..%2fetc%2fpasswd",
                                      "http://127.0.0.1/",
                                      "javascript:alert(1)",
                                      "2026-11-22",
                                      "2026-02-30",
                                      "2026-11-22T10:00:00Z",
                                      "9999-12-31T23:59:59Z",
                                      "0000-00-00T00:00:00Z",
                                      "2026-11-22T10:00:00%2b99:99",
                                      "1970-01-01",
                                      "null",
                                      "true",
                                      "[1]",
                                      "{}",
                                      "id,id",
                                      ",,,",
                                      "UC0123456789012345678901",
                                      "video00001A",
                                      "eyJhIjoxfQ",
                                      "AAAAAAAAAAAAAAAAAAAAAAAA",
                                      "a&b",
                                      "a=b",
                                      ";",
                                      "#"};

/* As they stand in JSON. */
static const char *const hostile_json[] = {"",
                                           "null",
                                           "true",
                                           "0",
                                           "-1",
                                           "1.5",
                                           "1e999",
                                           "-0",
                                           "9223372036854775807",
                                           "9223372036854775808",
                                           "NaN",
                                           "[]",
                                           "{}",
                                           "[[[[[[]]]]]]",
                                           "{\"a\":{\"a\":1}}",
                                           "\"\"",
                                           "\" \"",
                                           "\"\\u0000\"",
                                           "\"a\\u0000b\"",
                                           "\"\\ud800\"",
                                           "\"\\udc00\\ud800\"",
                                           "\"\xff\"",
                                           "\"\xed\xa0\x80\"",
                                           "\"\\u0007\\u0085\\u202e\"",
                                           "\"\\r\\nX-Evil: 1\"",
                                           "\"<script>alert(1)</script>\"",
                                           "\"' OR '1'='1\"",
                                           "\"1; DROP TABLE video--\"",
                                           "\"https://www.youtube.com/@a\"",
                                           "\"rocket\"",
                                           "\"open",
                                           "'a'",
                                           "\"active\"",
                                           "\"paused\"",
                                           "\"1\"",
                                           "\"0x10\"",
                                           "/* */1",
                                           "1,",
                                           "1}{"};

#define ANY_OF(storm, list) (list)[rng_below(&(storm)->rng, sizeof(list) / sizeof((list)[0]))]

/* Appends to TEXT, which has room for URL_BYTES, as far as there is room. */
static void append(char *text, const char *more)
{
	size_t len = strlen(text);

	snprintf(text + len, URL_BYTES - len, "%s", more);
}

static void append_long(struct storm *s, char *text)
{
	static const int lengths[] = {100, 101, 200, 201, 500, 501, 1100, 4000, 8200};
	static const char *const characters[] = {"a", "%c3%a9", "%22", "1", "a+"};
	const char *character = ANY_OF(s, characters);

	for (int left = ANY_OF(s, lengths); left > 0; left--)
		append(text, character);
}

/* A number of the schema, or one beside it. False when it has none. */
static bool append_bound(struct storm *s, const cJSON *schema, char *text)
{
	static const char *const names[] = {"minimum", "maximum", "maxLength"};
	const cJSON *bound = cJSON_GetObjectItemCaseSensitive(schema, ANY_OF(s, names));
	char number[32];

	if (!cJSON_IsNumber(bound))
		return false;
	snprintf(number, sizeof(number), "%d", bound->valueint + (int)rng_between(&s->rng, -1, 1));
	append(text, number);
	return true;
}

/* A value that the schema lists. */
static bool append_listed(struct storm *s, const cJSON *schema, char *text)
{
	const cJSON *listed = json_array(schema, "enum");
	const cJSON *list = listed ? listed : json_array(schema, "examples");
	const cJSON *one = cJSON_GetArrayItem(list, (int)rng_below(&s->rng, (size_t)cJSON_GetArraySize(list)));

	if (!cJSON_IsString(one))
		return false;
	append(text, one->valuestring);
	return true;
}

static void append_value(struct storm *s, const char *name, const cJSON *schema, char *text)
{
	size_t kind = rng_below(&s->rng, 8);

	if (strcmp(name, "key") == 0 && kind < 3)
		append(text, SENT_KEY);
	else if (kind == 0)
		append_long(s, text);
	else if ((kind > 2 || !append_bound(s, schema, text)) && (kind > 4 || !append_listed(s, schema, text)))
		append(text, ANY_OF(s, hostile));
}

/* What is likely to be taken, so that the target's value gets further. */
static void append_good(struct storm *s, const cJSON *schema, char *text)
{
	const cJSON *least = cJSON_GetObjectItemCaseSensitive(schema, "minimum");

	if (cJSON_IsNumber(least))
		append(text, least->valueint ? "2" : "0");
	else if (!append_listed(s, schema, text))
		append(text, "rocket");
}

/* The path with its {id} and others: of something recorded, unless that is the target. A value in the middle is none that leads elsewhere. */
static void write_path(struct storm *s, const struct target *target)
{
	const char *path = target->path->string;
	const char *known = strstr(path, "videos") ? "video00001A" : "1";

	s->url[0] = '\0';
	for (size_t part = 0; *path; path += part) {
		size_t at = strlen(s->url);

		if (*path != '{') {
			part = strcspn(path, "{");
			snprintf(s->url + at, sizeof(s->url) - at, "%.*s", (int)part, path);
			continue;
		}
		part = strcspn(path, "}") + 1;
		bool wanted = strcmp(target->where, "path") == 0 && strncmp(path + 1, target->name, part - 2) == 0;
		if (wanted)
			append_value(s, target->name, target->schema, s->url);
		if (s->url[at] == '\0' || strcspn(s->url + at, "?#/") == 0 ||
		    (path[part] && s->url[at + strcspn(s->url + at, "?#/")]))
			snprintf(s->url + at, sizeof(s->url) - at, "%s", known); /* it was another path */
	}
}

static void append_parameter(struct storm *s, const char *name, const cJSON *schema, bool good)
{
	append(s->url, s->url[strlen(s->url) - 1] == '?' ? "" : "&");
	append(s->url, name);
	append(s->url, "=");
	if (good)
		append_good(s, schema, s->url);
	else
		append_value(s, name, schema, s->url);
}

/* The target and some more, which may be the same once more. */
static void write_query(struct storm *s, const struct target *target)
{
	int count = cJSON_GetArraySize(target->parameters);

	append(s->url, "?");
	if (strcmp(target->where, "query") == 0)
		append_parameter(s, target->name, target->schema, false);
	for (size_t more = rng_below(&s->rng, MORE_MAX + 1); count && more > 0; more--) {
		const cJSON *one = cJSON_GetArrayItem(target->parameters, (int)rng_below(&s->rng, (size_t)count));
		const cJSON *parameter = openapi_resolve(s->document, one);

		if (strcmp(json_text(parameter, "in"), "query") == 0)
			append_parameter(s, json_text(parameter, "name"), json_object(parameter, "schema"),
			                 rng_below(&s->rng, 10));
	}
	if (rng_below(&s->rng, target->name ? 20 : 2) == 0)
		append_parameter(s, "unknown", NULL, false);
}

static void append_member(struct storm *s, const cJSON *member, bool json)
{
	append(s->body, strlen(s->body) <= json ? "" : json ? "," : "&");
	append(s->body, json ? "\"" : "");
	append(s->body, member->string);
	append(s->body, json ? "\":" : "=");
	if (!json)
		append_value(s, member->string, member, s->body);
	else if (strcmp(member->string, "key") == 0 && rng_below(&s->rng, 2))
		append(s->body, "\"" SENT_KEY "\"");
	else if (!append_bound(s, member, s->body))
		append(s->body, ANY_OF(s, hostile_json));
}

/* The target, at times twice, and some more; as a form or as JSON. */
static void write_body(struct storm *s, const struct target *target)
{
	bool json = rng_below(&s->rng, 2);
	const cJSON *member;

	s->body[0] = '\0';
	if (!target->members)
		return;
	append(s->body, json ? "{" : "");
	cJSON_ArrayForEach(member, target->members)
	{
		bool wanted = target->name && strcmp(member->string, target->name) == 0;

		if (wanted || rng_below(&s->rng, 3) == 0)
			append_member(s, member, json);
		if (wanted && rng_below(&s->rng, 20) == 0)
			append_member(s, member, json);
	}
	append(s->body, json ? "}" : "");
}

/* ---- what must hold ---- */

static void fault(const struct storm *s, const char *method, const char *what)
{
	print_error("%s %.900s\n", method, s->url);
	print_error("%.900s\n", s->body);
	print_error("%d %.900s\n", s->flow->response.status, buf_text(&s->flow->response.headers));
	print_error("%.900s\n", flow_body(s->flow));
	fail_msg("%s, as %s", what, s->as_owner ? "owner" : "visitor");
}

/* The content type of the answer is among those of CONTENT, by name; without CONTENT there is no body. */
static bool is_of_a_type(const struct flow *flow, const cJSON *content)
{
	char type[128];

	flow_header(flow, "Content-Type", type, sizeof(type));
	type[strcspn(type, ";")] = '\0';
	return content ? json_object(content, type) != NULL : flow->response.body.len == 0;
}

static void check_secrets(const struct storm *s, const char *method)
{
	static const char *const secrets[] = {KEY, SENT_KEY, FLOW_TOKEN};
	static const char *const owners[] = {"AIza…q7Zw", LABEL};

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (flow_body_has(s->flow, secrets[i]) || flow_header_has(s->flow, secrets[i]))
			fault(s, method, "a secret");
	for (size_t i = 0; !s->as_owner && i < sizeof(owners) / sizeof(owners[0]); i++)
		if (flow_body_has(s->flow, owners[i]) || flow_header_has(s->flow, owners[i]))
			fault(s, method, "what is the owner's");
}

static void check_answer(const struct storm *s, const struct target *target, const char *method)
{
	const struct flow *flow = s->flow;
	int status = flow->response.status;
	char name[16];

	snprintf(name, sizeof(name), "%d", status);
	const cJSON *answer = openapi_get(s->document, json_object(target->operation, "responses"), name);
	if (!answer)
		fault(s, method, "a status that the document does not have");
	if (status >= 500 && status != 503)
		fault(s, method, "a fault of ours");
	if (json_object(json_object(answer, "headers"), "Retry-After") && !flow_header_has(flow, "Retry-After: "))
		fault(s, method, "no time to come again");
	if (!is_of_a_type(flow, json_object(answer, "content")))
		fault(s, method, "a content type that the document does not have");
	if (!flow_header_has(flow, "Content-Type: application/zip") && !utf8_is_valid(flow_body(flow), flow->response.body.len))
		fault(s, method, "a body that is not UTF-8");
	if (flow_header_has(flow, "\nX-Evil"))
		fault(s, method, "a header of somebody else");
	check_secrets(s, method);
}

/* ---- the storm ---- */

static void add_target(struct storm *s, struct target target, const char *name, const char *where, const cJSON *schema)
{
	assert_true(s->target_count < TARGETS_MAX);
	target.name = name;
	target.where = where;
	target.schema = schema;
	s->targets[s->target_count++] = target;
}

static void add_targets_of(struct storm *s, const cJSON *path, const cJSON *operation)
{
	const cJSON *content = json_object(json_object(operation, "requestBody"), "content");
	const cJSON *schema = openapi_get(s->document, json_object(content, "application/json"), "schema");
	const struct target of = {.path = path,
	                          .operation = operation,
	                          .parameters = json_array(operation, "parameters"),
	                          .members = json_object(schema, "properties")};
	const cJSON *one;

	add_target(s, of, NULL, "", NULL);
	cJSON_ArrayForEach(one, of.parameters)
	{
		const cJSON *parameter = openapi_resolve(s->document, one);

		add_target(s, of, json_text(parameter, "name"), json_text(parameter, "in"), json_object(parameter, "schema"));
	}
	cJSON_ArrayForEach(one, of.members)
	{
		add_target(s, of, one->string, "body", one);
	}
}

static void add_targets(struct storm *s)
{
	const cJSON *path, *operation;

	cJSON_ArrayForEach(path, json_object(s->document, "paths"))
	{
		cJSON_ArrayForEach(operation, path)
		{
			add_targets_of(s, path, operation);
		}
	}
}

static void seed(struct storm *s)
{
	struct store *store;
	struct error err;
	int64_t id;

	if (s->state)
		flow_tear_down(&s->state);
	assert_int_equal(flow_set_up(&s->state), 0);
	s->flow = s->state;
	flow_add_videos(s->flow, VIDEOS, 3600, flow_add_query(s->flow, "rocket launch"));
	store = flow_open(s->flow);
	assert_true(store_key_add(store, KEY, LABEL, FLOW_NOW, &id, &err));
	store_close(&store);
}

static void send_one(struct storm *s, const struct target *target)
{
	char method[16] = "";

	for (size_t i = 0; target->operation->string[i]; i++)
		method[i] = (char)(target->operation->string[i] - 'a' + 'A');
	s->as_owner = rng_below(&s->rng, 2);
	s->flow->time.now += rng_between(&s->rng, 0, 20);
	write_path(s, target);
	write_query(s, target);
	write_body(s, target);
	flow_request(s->flow, method, s->url, target->members ? s->body : NULL, s->as_owner ? FLOW_TOKEN : NULL);
	check_answer(s, target, method);
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

static void no_value_of_any_parameter_breaks_a_promise(void **state)
{
	static struct storm storm;
	const uint64_t requests = number_of("STORM_REQUESTS", REQUESTS);
	const uint64_t seed_of_all = number_of("STORM_SEED", SEED);
	size_t next = 0;
	struct error err;

	(void)state;
	log_set_level(LOG_ERROR);
	print_message("STORM_SEED=%llu\n", (unsigned long long)seed_of_all);
	storm.rng = rng_from(seed_of_all);
	seed(&storm);
	assert_true(openapi_load(&storm.flow->app, &storm.document, &err));
	add_targets(&storm);
	assert_true(storm.target_count > 100);
	for (uint64_t i = 0; i < requests; i++) {
		if (i % RESEED_EVERY == RESEED_EVERY - 1)
			seed(&storm);
		send_one(&storm, &storm.targets[next]);
		next = next + 1 < storm.target_count ? next + 1 : 0;
	}
	json_free(&storm.document);
	flow_tear_down(&storm.state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(no_value_of_any_parameter_breaks_a_promise)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
