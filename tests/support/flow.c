#include "tests/support/flow.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "base/text.h"
#include "model/quota_day.h"
#include "store/coverage.h"
#include "store/matches.h"
#include "store/queries.h"
#include "store/videos.h"

static void make_record(const struct flow *flow, const char *name, char location[TEST_LOCATION_SIZE])
{
	struct store *store = NULL;
	struct error err;

	test_database_in(flow->folder, name, location);
	assert_true(store_open(location, STORE_CREATE, &store, &err));
	store_close(&store);
}

static int set_up(void **state, bool record, bool demo)
{
	struct flow *flow = calloc(1, sizeof(*flow));
	struct error err;

	assert_non_null(flow);
	snprintf(flow->folder, sizeof(flow->folder), "/tmp/newsreel-flow.XXXXXX");
	assert_non_null(mkdtemp(flow->folder));
	assert_true(quota_day_open(&err));
	assert_true(tmpl_set_open(&embedded_templates, &flow->templates, &err));
	if (record)
		make_record(flow, demo ? "demo.db" : "newsreel.db", flow->served_path);
	else
		test_database_absent(flow->folder, "newsreel.db", flow->served_path);
	if (demo)
		make_record(flow, "newsreel.db", flow->live_path);
	flow->time.now = FLOW_NOW;
	flow->config = (struct config){.interval_s = 60,
	                               .page_size = 20,
	                               .visitor_queries = 8, /* two for each address */
	                               .searches_per_day = 100,
	                               .units_per_day = 10000,
	                               .data = flow->folder};
	assert_true(text_copy("", &flow->config.public_url, &err) && text_copy("", &flow->config.metrics_token, &err));
	assert_true(text_copy("127.0.0.1:8080", &flow->config.listen, &err));
	assert_true(text_copy("", &flow->config.smtp_url, &err) && text_copy("", &flow->config.mail_from, &err));
	flow->shared = (struct shared){.config = &flow->config,
	                               .templates = flow->templates,
	                               .clock = fake_clock(&flow->time),
	                               .started_at = FLOW_NOW,
	                               .admin_token = FLOW_TOKEN,
	                               .demo = demo,
	                               .build = "test",
	                               .costly = {.guard = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER},
	                               .wrong_tokens = {.guard = PTHREAD_MUTEX_INITIALIZER},
	                               .databases = {.guard = PTHREAD_MUTEX_INITIALIZER,
	                                             .served = {.path = flow->served_path, .mode = STORE_WRITE},
	                                             .live = {.path = demo ? flow->live_path : NULL, .mode = STORE_WRITE}}};
	flow->app.shared = &flow->shared;
	flow_set(flow, "HTTP_HOST", "127.0.0.1:8080");
	*state = flow;
	return 0;
}

int flow_set_up(void **state)
{
	return set_up(state, true, false);
}

int flow_set_up_without_record(void **state)
{
	return set_up(state, false, false);
}

int flow_set_up_demo(void **state)
{
	return set_up(state, true, true);
}

static void remove_folder(const char *folder)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;
	char path[512];

	assert_non_null(entries);
	if (!entries)
		return;
	while ((entry = readdir(entries))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		unlink(path); /* "." and ".." refuse */
	}
	closedir(entries);
	rmdir(folder);
}

int flow_tear_down(void **state)
{
	struct flow *flow = *state;

	app_close(&flow->app);
	databases_close(&flow->shared.databases);
	tmpl_set_close(&flow->templates);
	request_clear(&flow->request);
	response_clear(&flow->response);
	cgi_params_clear(&flow->params);
	remove_folder(flow->folder);
	free(flow->config.public_url);
	free(flow->config.metrics_token);
	free(flow->config.listen);
	free(flow->config.smtp_url);
	free(flow->config.mail_from);
	text_list_clear(&flow->config.embed_origins);
	free(flow);
	return 0;
}

struct store *flow_open(struct flow *flow)
{
	struct store *store = NULL;
	struct error err;

	assert_true(store_open(flow->served_path, STORE_WRITE, &store, &err));
	return store;
}

static void add_video(struct store *store, const char *id, const char *title, int64_t published_at, int64_t query_id)
{
	struct video_list one = {0};
	struct video *video = video_list_add(&one);
	struct error err;
	enum video_saved saved;
	int64_t seq;
	bool added;

	assert_non_null(video);
	snprintf(video->id, sizeof(video->id), "%s", id);
	video->published_at = published_at;
	assert_true(text_copy(title, &video->title, &err));
	assert_true(store_video_save(store, video, SOURCE_SEARCH, FLOW_NOW, &saved, &seq, &err));
	assert_true(!query_id || store_match_save(store, query_id, seq, FOUND_SEARCH, FLOW_NOW, &added, &err));
	video_list_clear(&one);
}

void flow_add_video(struct flow *flow, const char *id, const char *title, int64_t published_at, int64_t query_id)
{
	AUTO(store_close) struct store *store = flow_open(flow);

	add_video(store, id, title, published_at, query_id);
}

void flow_add_videos(struct flow *flow, int count, int64_t step_s, int64_t query_id)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	char id[24];

	for (int i = 0; i < count; i++) {
		snprintf(id, sizeof(id), "video%05dA", i);
		add_video(store, id, "Starship", FLOW_NOW - i * step_s, query_id);
	}
}

int64_t flow_add_query(struct flow *flow, const char *text)
{
	struct store *store = flow_open(flow);
	struct error err;
	enum query_added added;
	int64_t id;

	assert_true(store_query_add(store, text, ORIGIN_OWNER, 0, FLOW_NOW, &id, &added, &err));
	store_close(&store);
	return id;
}

void flow_add_gaps(struct flow *flow, int64_t query_id, int64_t count)
{
	struct store *store = flow_open(flow);
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct error err;

	for (int64_t i = 0; i < count; i++) {
		const struct interval gap = {.since = 7200 * (i + 1), .until = 7200 * (i + 1) + 60, .reason = GAP_INTERRUPTED};
		const struct interval read = {.since = gap.until, .until = gap.since + 7200, .read_at = FLOW_NOW};

		assert_true(coverage_set(&coverage, &gap, &err) && coverage_set(&coverage, &read, &err));
	}
	assert_true(store_coverage_write(store, query_id, &coverage, FLOW_NOW, &err));
	store_close(&store);
}

/* As cgi/server.c sends it, but into one buffer. */
static void read_rest(struct response *response)
{
	AUTO(buf_clear) struct buf piece = BUF(RESPONSE_BODY_MAX);
	struct error err;

	while (response->rest.next) {
		buf_reset(&piece);
		assert_true(response->rest.next(response->rest.context, &piece, &err));
		if (piece.len == 0)
			return;
		buf_add(&response->body, buf_text(&piece), piece.len);
	}
}

void flow_set(struct flow *flow, const char *name, const char *value)
{
	cgi_params_set(&flow->params, name, value);
}

static int request(struct flow *flow, const char *method, const char *url, const char *body, const char *content_type,
                   const char *token)
{
	const char *question = strchr(url, '?');
	const struct cgi_input input = cgi_params_input(&flow->params, body);
	char authorization[128];

	snprintf(authorization, sizeof(authorization), "Bearer %s", token ? token : "");
	flow_set(flow, "REQUEST_METHOD", method);
	flow_set(flow, "REQUEST_URI", url);
	flow_set(flow, "QUERY_STRING", question ? question + 1 : NULL);
	flow_set(flow, "CONTENT_TYPE", content_type);
	flow_set(flow, "HTTP_AUTHORIZATION", token ? authorization : NULL);
	request_clear(&flow->request);
	response_clear(&flow->response);
	dispatch(&flow->app, &input, &flow->request, &flow->response);
	read_rest(&flow->response);
	return flow->response.status;
}

int flow_request(struct flow *flow, const char *method, const char *url, const char *body, const char *token)
{
	return request(flow, method, url, body,
	               !body          ? NULL
	               : *body == '{' ? "application/json"
	                              : "application/x-www-form-urlencoded",
	               token);
}

int flow_request_as(struct flow *flow, const char *method, const char *url, const char *body, const char *content_type)
{
	return request(flow, method, url, body, content_type, NULL);
}

void flow_sign_in(struct flow *flow, char cookie[FLOW_COOKIE_SIZE], char csrf[CRYPTO_HEX_SIZE])
{
	static const char field[] = "name=\"csrf_token\" value=\"";

	assert_int_equal(flow_request(flow, "POST", "/login", "token=" FLOW_TOKEN, NULL), 303);
	flow_header(flow, "Set-Cookie", cookie, FLOW_COOKIE_SIZE);
	cookie[strcspn(cookie, ";")] = '\0';
	flow_set(flow, "HTTP_COOKIE", cookie);
	assert_int_equal(flow_get(flow, "/login"), 200);
	const char *found = strstr(flow_body(flow), field);
	assert_non_null(found);
	if (found)
		snprintf(csrf, CRYPTO_HEX_SIZE, "%s", found + strlen(field));
}

int flow_submit(struct flow *flow, const struct flow_browser *browser, const char *url, const char *fields)
{
	char form[1024];

	snprintf(form, sizeof(form), "csrf_token=%s&%s", browser->csrf, fields);
	return flow_request(flow, "POST", url, form, NULL);
}

int flow_get(struct flow *flow, const char *url)
{
	return flow_request(flow, "GET", url, NULL, NULL);
}

void flow_header(const struct flow *flow, const char *name, char *value, size_t size)
{
	char line[64];

	snprintf(line, sizeof(line), "%s: ", name);
	const char *found = strstr(buf_text(&flow->response.headers), line);
	const char *start = found ? found + strlen(line) : "";
	snprintf(value, size, "%.*s", (int)strcspn(start, "\r"), start);
}

const char *flow_body(const struct flow *flow)
{
	return buf_text(&flow->response.body);
}

bool flow_body_has(const struct flow *flow, const char *text)
{
	return strstr(flow_body(flow), text) != NULL;
}

int flow_body_count(const struct flow *flow, const char *text)
{
	int count = 0;

	for (const char *at = flow_body(flow); (at = strstr(at, text)); at += strlen(text))
		count++;
	return count;
}

bool flow_header_has(const struct flow *flow, const char *text)
{
	return strstr(buf_text(&flow->response.headers), text) != NULL;
}
