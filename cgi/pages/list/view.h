/*
 * The page of videos: its parts, each in a file of its own, and what all of them are made from. Every function writes members into
 * the outermost object of html/videos.html. Errors: as store.h.
 */
#pragma once

#include "cgi/request/context.h"
#include "listing/video_query.h"
#include "search/highlight.h"
#include "store/queries.h"
#include "base/buf.h"
#include "base/json_writer.h"

struct list_view {
	struct app *app;
	struct writer *w;
	struct video_query params;
	struct video_page page;
	struct query_list queries;   /* the tracked ones, those of a group together, those without one last */
	struct highlight *highlight; /* of the search text */
	int64_t videos;              /* in the whole database */
	int64_t unindexed;           /* of them not in the search index yet; with words only */
	int64_t now;
	bool owner;   /* signed in: cards have buttons */
	bool new_tab; /* links of the chart open in one: the page stands in a frame */
};

void list_view_clear(struct list_view *view);

/* Reads all of it that PARAMS ask for. */
MUST_USE bool list_view_read(struct list_view *view, struct error *err);

/* count: how many videos the list has, in words; and what else there is to say of that number. */
void list_view_count(const struct list_view *view);

/* The member NAME: the URL of the list at PATH ("/", "/api/videos" …) with PARAMS instead of the view's own. */
void list_view_link(const struct list_view *view, const char *name, const char *path, const struct video_query *params);

/* The tracked query that was chosen, NULL when all are shown. Borrowed. */
const struct query *list_view_chosen(const struct list_view *view);

/* tracked: the queries to choose from, by groups, with their denormalised counters; cgi/pages/list/tracked.c. */
void list_view_tracked(const struct list_view *view);

/* filters: every choice as a link, and the form for the rest; chips: those that hold, each with the link that removes it;
 * cgi/pages/list/filters.c, cgi/pages/list/chips.c. */
void list_view_filters(const struct list_view *view);
void list_view_chips(struct list_view *view);

/* Appends what the list is called: the filters that hold, "falcon · rocket launch · past 7 days"; nothing when there are none. */
void list_view_title(const struct list_view *view, struct buf *out);

/* chart: how many of these videos were published when, each bar a link that narrows the list to its time; cgi/pages/list/chart.c. */
MUST_USE bool list_view_chart(const struct list_view *view, struct error *err);

/* videos: the cards; cgi/pages/list/cards.c. */
MUST_USE bool list_view_cards(const struct list_view *view, struct error *err);

/* empty: why there is nothing to see, and what to do next; null when there is something. ask: the form that has the search text
 * tracked; null when it is tracked already, or may not be. followed: it is tracked. The answer with the form is not for caches: having
 * sent it, its reader sees another page at the same URL. cgi/pages/list/empty.c. */
void list_view_empty(const struct list_view *view);
MUST_USE bool list_view_ask(const struct list_view *view, const struct request *req, struct response *res, struct error *err);

/* saved: the owner's alerts and saved filters as lists to choose from; alert_url: where the list at hand becomes one. Both are null for others.
 * cgi/pages/list/saved.c. */
MUST_USE bool list_view_saved(const struct list_view *view, const struct request *req, struct error *err);

/* What the list of a stored FILTER is called, "All videos" when nothing is filtered; in OUT. */
MUST_USE bool list_filter_words(struct app *app, const struct query_list *queries, const char *filter, struct buf *out,
                                struct error *err);
