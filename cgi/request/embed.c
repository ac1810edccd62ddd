#include "cgi/request/embed.h"

#include <string.h>

#include "cgi/request/links.h"
#include "http/params.h"

const char *const embed_parameters[] = {FILTER_PARAMETERS, "sort", "page_size", "view", "theme", NULL};

static const char *const views[] = {[EMBED_BOTH] = "both", [EMBED_CHART] = "chart", [EMBED_LIST] = "list"};
static const char *const themes[] = {[EMBED_AUTO] = "auto", [EMBED_LIGHT] = "light", [EMBED_DARK] = "dark"};

const char *embed_theme_name(enum embed_theme theme)
{
	return theme == EMBED_AUTO ? NULL : themes[theme];
}

bool embed_is_allowed(const struct config *config)
{
	return config->embed_origins.count > 0;
}

bool embed_read(const struct app *app, const struct request *req, struct embed *out, struct error *err)
{
	struct list_context lists = app_lists(app);
	struct embed embed = {0};
	size_t view = EMBED_BOTH, theme = EMBED_AUTO;

	lists.page_size = EMBED_PAGE_SIZE;
	if (!video_query_read(lists, req, &embed.params, err) ||
	    !params_choose(req, "view", views, EMBED_VIEW_COUNT, &view, err) ||
	    !params_choose(req, "theme", themes, EMBED_THEME_COUNT, &theme, err))
		return false;
	embed.view = (enum embed_view)view;
	embed.theme = (enum embed_theme)theme;
	*out = embed;
	return true;
}

void embed_link(struct buf *out, const struct app *app, const struct request *req, const struct embed *embed)
{
	AUTO(buf_clear) struct buf url = BUF(out->max);

	link_site(&url, app->shared->config, req);
	link_to_page(&url, app->shared->config, "/embed", &embed->params, 1);
	char separator = strchr(buf_text(&url), '?') ? '&' : '?';
	if (embed->view != EMBED_BOTH)
		link_add_parameter(&url, &separator, "view", views[embed->view]);
	if (embed->theme != EMBED_AUTO)
		link_add_parameter(&url, &separator, "theme", themes[embed->theme]);
	if (url.failed)
		out->failed = url.failed;
	buf_add_text(out, buf_text(&url));
}
