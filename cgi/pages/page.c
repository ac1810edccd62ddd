#include "cgi/pages/page.h"

#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/auth.h"
#include "cgi/request/embed.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/links.h"
#include "store/keys.h"
#include "store/runs.h"
#include "store/status.h"

enum { URL_BYTES = 8 * 1024, TITLE_BYTES = 10 * 1024 };

void page_clear(struct page *page)
{
	tree_clear(&page->tree);
}

/* Where a site that shows the list LIST in a frame learns how (oEmbed); null when none may. */
static void write_oembed(struct app *app, struct writer *w, const struct page_frame *frame, const struct video_query *list)
{
	const struct config *config = app->shared->config;
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);
	AUTO(buf_clear) struct buf oembed = BUF(3 * URL_BYTES);
	char separator = '?';

	if (!list || !frame->req || !embed_is_allowed(config)) {
		write_null(w, "oembed_url");
		return;
	}
	link_site(&url, config, frame->req);
	link_to_page(&url, config, "/", list, 1);
	link_site(&oembed, config, frame->req);
	link_to(&oembed, config, "/oembed");
	link_add_parameter(&oembed, &separator, "url", buf_text(&url));
	link_add_parameter(&oembed, &separator, "format", "json");
	if (url.failed)
		oembed.failed = url.failed;
	write_buf(w, "oembed_url", &oembed);
}

/* What the head of a page tells feed readers and browsers. The feeds are of the list at hand; on other pages, of all videos. */
static void write_discovery(struct app *app, struct writer *w, const struct page_frame *frame)
{
	const struct video_query *list = frame->feed ? frame->feed : frame->params;
	static const struct {
		const char *name, *path;
	} feeds[] = {{"feed_url", "/feeds/videos.atom"}, {"json_feed_url", "/feeds/videos.json"}};

	write_text(w, "feed_title", list ? "This list" : "All videos");
	for (size_t i = 0; i < sizeof(feeds) / sizeof(feeds[0]); i++)
		if (list)
			write_list_link(w, app, feeds[i].name, feeds[i].path, list, 1);
		else
			write_link(w, app, feeds[i].name, feeds[i].path);
	write_oembed(app, w, frame, list);
	write_link_asset(w, app, "favicon_url", "favicon.ico");
	write_link(w, app, "manifest_url", "/manifest.webmanifest");
	write_link(w, app, "opensearch_url", "/opensearch.xml");
}

/* "rocket launch · past 7 days · page 2 · newsreel", and a sentence that begins the same way. */
static void write_title(struct writer *w, const struct page_frame *frame)
{
	static const char rest[] = " running, searchable record of the YouTube videos that match tracked searches.";
	AUTO(buf_clear) struct buf name = BUF(TITLE_BYTES);
	AUTO(buf_clear) struct buf title = BUF(TITLE_BYTES);
	AUTO(buf_clear) struct buf description = BUF(TITLE_BYTES);

	buf_add_text(&name, frame->title ? frame->title : "");
	if (frame->page_number > 1)
		buf_printf(&name, "%spage %lld", name.len ? " · " : "", (long long)frame->page_number);
	buf_printf(&title, "%s%snewsreel", buf_text(&name), name.len ? " · " : "");
	buf_printf(&description, "%s%s%s", buf_text(&name), name.len ? ": a" : "A", rest);
	write_buf(w, "title", &title);
	write_buf(w, "meta_description", &description);
}

/* How to end the demo. The address is the one that nginx listens on, as far as we know it. */
static void write_demo(struct app *app, struct writer *w)
{
	const struct config *config = app->shared->config;
	AUTO(buf_clear) struct buf key_url = BUF(URL_BYTES);

	if (!app->shared->demo) {
		write_null(w, "demo");
		return;
	}
	buf_printf(&key_url, "%s%s/api/api_key", *config->public_url ? "" : "http://",
	           *config->public_url ? config->public_url : config->listen);
	write_object(w, "demo");
	write_buf(w, "key_url", &key_url);
	write_text(w, "switch_words", "within a minute");
	write_link(w, app, "keys_url", "/keys");
	write_end(w);
}

/* Whether the page at hand is PATH or lies below it. */
static bool is_below(const struct page_frame *frame, const char *path)
{
	size_t len = strlen(path);
	const char *at = frame->req && frame->req->path ? frame->req->path : "";

	return strncmp(at, path, len) == 0 && (at[len] == '\0' || at[len] == '/');
}

static void write_menu(struct app *app, struct writer *w, const struct page_frame *frame, bool owner)
{
	static const struct {
		const char *path, *label;
		bool for_owner;
	} pages[] = {
	    {.path = "/", .label = "Videos"},
	    {.path = "/queries", .label = "Queries"},
	    {.path = "/channels", .label = "Channels"},
	    {.path = "/compare", .label = "Compare"},
	    {.path = "/alerts", .label = "Alerts", .for_owner = true},
	    {.path = "/hidden", .label = "Hidden", .for_owner = true},
	    {.path = "/status", .label = "Status"},
	    {.path = "/keys", .label = "Keys", .for_owner = true},
	};

	write_array(w, "menu");
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		bool videos = strcmp(pages[i].path, "/") == 0;

		if (pages[i].for_owner && !owner)
			continue;
		write_object(w, NULL);
		write_link(w, app, "url", pages[i].path);
		write_text(w, "label", pages[i].label);
		write_bool(w, "current", videos ? frame->params || is_below(frame, "/video") : is_below(frame, pages[i].path));
		write_end(w);
	}
	write_end(w);
}

/* Who is signed in. A page's forms carry {{$csrf_token}}, which is null for visitors. */
static bool write_reader(struct app *app, struct writer *w, const struct page_frame *frame, bool owner, struct error *err)
{
	char csrf_token[CRYPTO_HEX_SIZE];
	bool in_session = frame->req && frame->req->in_session;

	write_bool(w, "is_owner", owner);
	write_text(w, "sign_in_label", owner ? "Signed in" : "Sign in");
	write_bool(w, "at_login", is_below(frame, "/login"));
	write_link(w, app, "login_url", "/login");
	if (in_session && !session_csrf_token(&frame->req->session, app->shared->admin_token, csrf_token, err))
		return false;
	write_text(w, "csrf_token", in_session ? csrf_token : NULL);
	return true;
}

static void write_search(struct writer *w, const struct video_query *params)
{
	const char *words = params && params->request.filter.words ? params->request.filter.words : "";

	write_text(w, "search_text", words);
	if (params && params->request.filter.query_id)
		write_int(w, "search_tracked", params->request.filter.query_id);
	else
		write_null(w, "search_tracked");
}

/* When the last run was, whether it succeeded, and when the next one is due. */
static bool write_freshness(struct app *app, struct writer *w, bool with_freshness, struct error *err)
{
	AUTO(run_clear) struct run run = {0};
	AUTO(text_free) char *failure = NULL;
	bool any_key;
	int64_t now = app_now(app);

	if (!with_freshness) {
		write_null(w, "freshness");
		return true;
	}
	if ((!store_run_last(app->store, &run, err) && err->code != ERR_NOT_FOUND) ||
	    !store_last_failure(app->store, &failure, err) || !store_keys_exist(app->store, &any_key, err))
		return false;
	bool late = run_is_late(run.finished_at, app->shared->config->interval_s, now);
	int64_t next = run.finished_at ? run.started_at + app->shared->config->interval_s : 0;
	write_object(w, "freshness");
	write_text(w, "state", run.finished_at == 0 ? "new" : late || failure || !any_key ? "late" : "good");
	write_text(w, "words",
	           run.finished_at == 0 ? "nothing recorded yet"
	           : !any_key           ? "no API key; last run"
	           : failure            ? "last run failed"
	                                : "updated");
	page_write_moment(w, "last", run.finished_at, now);
	page_write_moment(w, "next", next > now ? next : 0, now);
	write_link(w, app, "url", "/status");
	write_end(w);
	return true;
}

bool page_begin(struct app *app, const struct page_frame *frame, struct page *page, struct error *err)
{
	bool owner = frame->req && auth_is_owner(app, frame->req);
	struct writer *w = &page->w;

	*w = writer_values(&page->tree);
	write_object(w, NULL);
	write_text(w, "version", NEWSREEL_VERSION);
	write_search(w, frame->params);
	write_title(w, frame);
	write_link_asset(w, app, "style_url", "style.css");
	write_link_asset(w, app, "script_url", "newsreel.js");
	write_link_asset(w, app, "icon_url", "icon.svg");
	write_link(w, app, "channels_url", "/api/channels");
	write_link(w, app, "home_url", "/");
	write_link(w, app, "about_url", "/about");
	write_link(w, app, "docs_url", "/api/docs");
	write_discovery(app, w, frame);
	write_demo(app, w);
	write_menu(app, w, frame, owner);
	return write_reader(app, w, frame, owner, err) && write_freshness(app, w, frame->with_freshness, err);
}

bool page_redirect(struct app *app, const char *path, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_to(&url, app->shared->config, path);
	res->status = 303;
	response_header(res, "Location", buf_text(&url));
	return buf_ok(&url, err);
}

bool page_render(struct app *app, const char *name, struct page *page, int status, struct response *res, struct error *err)
{
	write_end(&page->w);
	res->status = status;
	response_header(res, "Content-Type", "text/html; charset=utf-8");
	return tree_ok(&page->tree, err) && tmpl_render(app->shared->templates, name, page->tree.root, &res->body, err);
}
