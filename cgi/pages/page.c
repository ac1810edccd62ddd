#include "cgi/pages/page.h"

#include <string.h>

#include "base/embedded.h"
#include "base/crypto.h"
#include "cgi/request/auth.h"
#include "cgi/request/format.h"
#include "cgi/request/links.h"
#include "cgi/pages/widgets/parts.h"
#include "store/runs.h"

enum { URL_BYTES = 8 * 1024, TITLE_BYTES = 4096 };

bool page_link(struct app *app, struct writer *w, const char *name, const char *path, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_to(&url, app->shared->config, path);
	if (!buf_ok(&url, err))
		return false;
	write_text(w, name, buf_text(&url));
	return true;
}

/* The address of a static file, which carries a hash of its content. */
static bool write_asset(struct app *app, struct writer *w, const char *name, const char *file, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(URL_BYTES);

	for (size_t i = 0; i < embedded_assets.count; i++)
		if (strcmp(embedded_assets.items[i].name, file) == 0)
			buf_printf(&path, "/%s", embedded_assets.items[i].text);
	return buf_ok(&path, err) && page_link(app, w, name, buf_text(&path), err);
}

static bool write_title(struct writer *w, const char *title, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(TITLE_BYTES);

	buf_printf(&text, "%s%snewsreel", title ? title : "", title && *title ? " · " : "");
	if (!buf_ok(&text, err))
		return false;
	write_text(w, "title", buf_text(&text));
	return true;
}

/* How to end the demo. The address is the one that nginx listens on, as far as we know it. */
static bool write_demo(struct app *app, struct writer *w, struct error *err)
{
	const struct config *config = app->shared->config;
	AUTO(buf_clear) struct buf text = BUF(URL_BYTES);

	if (!app->shared->demo) {
		write_null(w, "demo");
		return true;
	}
	write_object(w, "demo");
	buf_printf(&text, "%s/admin-token", config->data);
	write_text(w, "token_file", buf_text(&text));
	buf_reset(&text);
	buf_printf(&text, "%s%s/api/api_key", *config->public_url ? "" : "http://",
	           *config->public_url ? config->public_url : config->listen);
	write_text(w, "key_url", buf_text(&text));
	write_text(w, "switch_words", "within a minute");
	if (!page_link(app, w, "keys_url", "/keys", err))
		return false;
	write_end(w);
	return buf_ok(&text, err);
}

static bool write_entry(struct app *app, struct writer *w, const char *path, const char *label, bool current, struct error *err)
{
	write_object(w, NULL);
	if (!page_link(app, w, "url", path, err))
		return false;
	write_text(w, "label", label);
	write_bool(w, "current", current);
	write_end(w);
	return true;
}

/* Whether the page at hand is PATH or lies below it. */
static bool is_below(const struct page_frame *frame, const char *path)
{
	size_t len = strlen(path);
	const char *at = frame->req && frame->req->path ? frame->req->path : "";

	return strncmp(at, path, len) == 0 && (at[len] == '\0' || at[len] == '/');
}

static bool write_menu(struct app *app, struct writer *w, const struct page_frame *frame, bool owner, struct error *err)
{
	static const struct {
		const char *path, *label;
		bool for_owner;
	} pages[] = {{"/queries", "Queries", false},
	             {"/channels", "Channels", false},
	             {"/status", "Status", false},
	             {"/keys", "Keys", true}};

	write_array(w, "menu");
	if (!write_entry(app, w, "/", "Videos", frame->params != NULL || is_below(frame, "/video"), err))
		return false;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if ((owner || !pages[i].for_owner) &&
		    !write_entry(app, w, pages[i].path, pages[i].label, is_below(frame, pages[i].path), err))
			return false;
	write_end(w);
	return true;
}

/* Who is signed in. A page's forms carry {{$csrf_token}}, which is null for visitors. */
static bool write_reader(struct app *app, struct writer *w, const struct page_frame *frame, bool owner, struct error *err)
{
	char csrf_token[CRYPTO_HEX_SIZE];
	struct session session;

	write_bool(w, "is_owner", owner);
	write_text(w, "sign_in_label", owner ? "Signed in" : "Sign in");
	write_bool(w, "at_login", is_below(frame, "/login"));
	if (!frame->req || !auth_session(app, frame->req, &session)) {
		write_null(w, "csrf_token");
		return page_link(app, w, "login_url", "/login", err);
	}
	if (!session_csrf_token(&session, app->shared->admin_token, csrf_token, err))
		return false;
	write_text(w, "csrf_token", csrf_token);
	return page_link(app, w, "login_url", "/login", err);
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

/* When newsreel last looked at YouTube, how that went, and when it looks again. */
static bool write_freshness(struct app *app, struct writer *w, bool with_record, struct error *err)
{
	AUTO(run_clear) struct run run = {0};
	int64_t now = app_now(app);

	if (!with_record) {
		write_null(w, "freshness");
		return true;
	}
	if (!store_run_last(app->store, &run, err) && err->code != ERR_NOT_FOUND)
		return false;
	bool late = run_is_late(run.finished_at, app->shared->config->interval_s, now);
	int64_t next = run.finished_at ? run.started_at + app->shared->config->interval_s : 0;
	write_object(w, "freshness");
	write_text(w, "state", run.finished_at == 0 ? "new" : late || run.error ? "late" : "good");
	write_text(w, "words", run.finished_at == 0 ? "nothing recorded yet" : run.error ? "last run failed" : "updated");
	page_write_moment(w, "last", run.finished_at, now);
	page_write_moment(w, "next", next > now ? next : 0, now);
	if (!page_link(app, w, "url", "/status", err))
		return false;
	write_end(w);
	return true;
}

/* The list at hand as a feed; on other pages all videos. */
static bool write_feed(struct app *app, const struct video_query *params, struct writer *w, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	if (!params)
		return page_link(app, w, "feed_url", "/feeds/videos.atom", err);
	link_to_page(&url, app->shared->config, "/feeds/videos.atom", params, 1);
	if (!buf_ok(&url, err))
		return false;
	write_text(w, "feed_url", buf_text(&url));
	return true;
}

bool page_begin(struct app *app, const struct page_frame *frame, struct writer *w, struct error *err)
{
	bool owner = frame->req && auth_is_owner(app, frame->req);

	write_object(w, NULL);
	write_text(w, "version", NEWSREEL_VERSION);
	write_search(w, frame->params);
	return write_title(w, frame->title, err) && write_asset(app, w, "style_url", "style.css", err) &&
	       write_asset(app, w, "script_url", "newsreel.js", err) && page_link(app, w, "channels_url", "/api/channels", err) &&
	       write_asset(app, w, "icon_url", "icon.svg", err) && page_link(app, w, "home_url", "/", err) &&
	       page_link(app, w, "about_url", "/about", err) && page_link(app, w, "docs_url", "/api/docs", err) &&
	       write_feed(app, frame->params, w, err) && write_demo(app, w, err) && write_menu(app, w, frame, owner, err) &&
	       write_reader(app, w, frame, owner, err) && write_freshness(app, w, frame->with_record, err);
}

bool page_redirect(struct app *app, const char *path, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	link_to(&url, app->shared->config, path);
	res->status = 303;
	response_header(res, "Location", buf_text(&url));
	return buf_ok(&url, err);
}

bool page_render(struct app *app, const char *name, const struct tree *tree, int status, struct response *res, struct error *err)
{
	res->status = status;
	response_header(res, "Content-Type", "text/html; charset=utf-8");
	return tree_ok(tree, err) && tmpl_render(app->shared->templates, name, tree->root, &res->body, err);
}
