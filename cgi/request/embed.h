/* What other sites show in a frame: the parameters of /embed beside those of the list, and its URL. */
#pragma once

#include "cgi/request/context.h"

/* Videos of a list in a frame, unless another number is asked for. */
enum { EMBED_PAGE_SIZE = 10 };

enum embed_view { EMBED_BOTH, EMBED_CHART, EMBED_LIST, EMBED_VIEW_COUNT };
enum embed_theme { EMBED_AUTO, EMBED_LIGHT, EMBED_DARK, EMBED_THEME_COUNT };

struct embed {
	struct video_query params;
	enum embed_view view;
	enum embed_theme theme; /* EMBED_AUTO: as the reader's browser has it */
};

/* Ended by NULL. */
extern const char *const embed_parameters[];

/* "light", "dark"; NULL for EMBED_AUTO. */
const char *embed_theme_name(enum embed_theme theme);

/* Whether there is a site that may show a frame of ours. */
bool embed_is_allowed(const struct config *config);

/* Reads what embed_parameters name. Errors: as video_query_read(). */
MUST_USE bool embed_read(const struct app *app, const struct request *req, struct embed *out, struct error *err);

/* Appends the absolute URL of EMBED; REQ tells the host. */
void embed_link(struct buf *out, const struct app *app, const struct request *req, const struct embed *embed);
