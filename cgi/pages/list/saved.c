#include "cgi/pages/list/view.h"

#include "cgi/request/auth.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/links.h"
#include "listing/saved_filter.h"
#include "store/alerts/alerts.h"

enum { URL_BYTES = 8 * 1024, NAME_BYTES = 10 * 1024, SHOWN = 20 };

bool list_filter_words(struct app *app, const struct query_list *queries, const char *filter, struct buf *out, struct error *err)
{
	AUTO(saved_filter_clear) struct saved_filter saved = {0};

	if (!saved_filter_read(app_lists(app), filter, &saved, err)) {
		if (err->code != ERR_INVALID)
			return false;
		buf_add_text(out, filter);
		return buf_ok(out, err);
	}
	struct list_view view = {.app = app, .params = saved.query, .queries = *queries, .now = app_now(app)};
	list_view_title(&view, out);
	if (out->len == 0)
		buf_add_text(out, "All videos");
	return buf_ok(out, err);
}

static bool write_one(const struct list_view *view, const struct alert *alert, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);
	AUTO(buf_clear) struct buf name = BUF(NAME_BYTES);

	buf_printf(&url, "/%s%s", *alert->filter ? "?" : "", alert->filter);
	buf_add_text(&name, alert->label);
	if (!buf_ok(&url, err) || (!name.len && !list_filter_words(view->app, &view->queries, alert->filter, &name, err)))
		return false;
	write_object(view->w, NULL);
	write_link(view->w, view->app, "url", buf_text(&url));
	write_buf(view->w, "name", &name);
	write_end(view->w);
	return true;
}

static bool write_lists(const struct list_view *view, struct error *err)
{
	AUTO(alert_list_clear) struct alert_list alerts = {0};

	if (!store_alerts_list(view->app->store, &alerts, err))
		return false;
	if (alerts.count == 0) {
		write_null(view->w, "saved");
		return true;
	}
	write_object(view->w, "saved");
	write_array(view->w, "lists");
	for (size_t i = 0; i < alerts.count && i < SHOWN; i++)
		if (!write_one(view, &alerts.items[i], err))
			return false;
	write_end(view->w);
	write_end(view->w);
	return true;
}

bool list_view_saved(const struct list_view *view, const struct request *req, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);
	char separator = '?';

	if (!auth_is_owner(view->app, req)) {
		write_null(view->w, "saved");
		write_null(view->w, "alert_url");
		return true;
	}
	link_to(&url, view->app->shared->config, "/alerts/new");
	link_add_filter(&url, &separator, &view->params);
	write_buf(view->w, "alert_url", &url);
	return write_lists(view, err);
}
