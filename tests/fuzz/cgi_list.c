/*
 * The parameters of a list, cursors among them. Input: a query string. A list that is answered can be read to its end by its
 * links, and by its cursors too, and then has as many videos as it counts.
 */

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/site.h"

enum { PAGES_MAX = 100, URL_MAX_BYTES = 32 * 1024 };

static cJSON *read_page(struct flow *flow, const char *url)
{
	cJSON *page = NULL;
	struct error err = {0};

	if (flow_get(flow, url) != 200)
		return NULL;
	PROMISE(json_parse(flow_body(flow), flow->response.body.len, &page, &err));
	return page;
}

/* How many videos PAGE has, and those that its links lead to. */
static int64_t read_on(struct flow *flow, const cJSON *page)
{
	int64_t videos = cJSON_GetArraySize(json_array(page, "results"));
	AUTO(text_free) char *next = NULL;
	struct error err;

	PROMISE(text_copy(json_text(page, "next"), &next, &err));
	for (int pages = 0; next; pages++) {
		AUTO(json_free) cJSON *more = read_page(flow, next);

		PROMISE(more != NULL && pages < PAGES_MAX);
		videos += cJSON_GetArraySize(json_array(more, "results"));
		PROMISE(text_replace(&next, json_text(more, "next"), &err));
	}
	return videos;
}

/* The first page, and all after it by its cursor. */
static int64_t read_by_cursor(struct flow *flow, const char *query, const cJSON *page)
{
	AUTO(buf_clear) struct buf url = BUF(URL_MAX_BYTES);
	AUTO(json_free) cJSON *rest = NULL;

	buf_printf(&url, "/api/videos?%s&cursor=%s", query, json_text(page, "next_cursor"));
	rest = read_page(flow, buf_text(&url));
	PROMISE(rest != NULL);
	return cJSON_GetArraySize(json_array(page, "results")) + read_on(flow, rest);
}

static void promise_list(struct flow *flow, const char *query, const cJSON *page)
{
	int64_t number = 0;
	int64_t count;
	int64_t videos = read_on(flow, page);

	PROMISE(json_int(page, "count", &count) && cJSON_IsTrue(cJSON_GetObjectItem(page, "count_is_exact")));
	if (!json_int(page, "page_number", &number) || number != 1)
		return;
	PROMISE(videos == count);
	if (json_text(page, "next_cursor") && !strstr(query, "page=") && !strstr(query, "page_number"))
		PROMISE(read_by_cursor(flow, query, page) == count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct flow *flow;
	AUTO(text_free) char *query = fuzz_take_line(&data, &size);
	AUTO(buf_clear) struct buf url = BUF(URL_MAX_BYTES);
	AUTO(json_free) cJSON *page = NULL;

	flow = flow ? flow : fuzz_site_open();
	buf_printf(&url, "/api/videos?%s", query);
	if (url.failed)
		return 0;
	page = read_page(flow, buf_text(&url));
	PROMISE(page || (flow->response.status >= 400 && flow->response.status < 500));
	if (page)
		promise_list(flow, query, page);
	return 0;
}
