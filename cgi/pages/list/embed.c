/* A list and its chart for a frame in the pages of other sites (docs/lists.md). It has no script and no frame of its own, and shows what every
 * reader sees, whoever is signed in. */

#include "cgi/handlers.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/page.h"
#include "cgi/request/embed.h"
#include "cgi/request/format.h"
#include "cgi/request/link_writer.h"

enum { TITLE_BYTES = 8 * 1024 };

static bool write_embed(const struct list_view *view, const struct embed *embed, struct error *err)
{
	AUTO(buf_clear) struct buf title = BUF(TITLE_BYTES);
	struct writer *w = view->w;
	char date[FORMAT_SIZE];

	list_view_title(view, &title);
	if (title.len == 0)
		buf_add_text(&title, "All videos");
	format_date(view->now, date);
	write_text(w, "theme", embed_theme_name(embed->theme));
	write_buf(w, "title", &title);
	write_text(w, "date", date);
	write_link_asset(w, view->app, "style_url", "style.css");
	list_view_link(view, "list_url", "/", &view->params);
	list_view_count(view);
	if (embed->view == EMBED_LIST)
		write_null(w, "chart");
	else if (!list_view_chart(view, err))
		return false;
	if (embed->view != EMBED_CHART)
		return list_view_cards(view, err);
	write_null(w, "videos");
	return true;
}

bool page_embed(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	AUTO(list_view_clear)
	struct list_view view = {.app = app, .w = &page.w, .now = app_now(app), .new_tab = true};
	struct embed embed;

	if (!embed_read(app, req, &embed, err))
		return false;
	view.params = embed.params;
	if (!list_view_read(&view, err))
		return false;
	view.params.default_page_size = view.params.request.page_size; /* links lead to pages of the usual size */
	page.w = writer_values(&page.tree);
	write_object(&page.w, NULL);
	return write_embed(&view, &embed, err) && page_render(app, "embed", &page, 200, res, err);
}
