/*
 * What API and pages do to tracked queries. In the demo the owner's changes go to the live database as well: they must not be lost
 * when the demo ends.
 */
#pragma once

#include "cgi/request/auth.h"
#include "store/queries.h"

/* Whether TEXT, the member `query` of a body, is one. Errors: ERR_INVALID, ERR_UNPROCESSABLE about it. */
MUST_USE bool query_check_text(const char *text, struct error *err);

/* The member `query` of the body, checked; borrowed. Errors: ERR_INVALID naming it and what is allowed. */
MUST_USE bool query_read_text(const struct request *req, const char **out, struct error *err);

/* Who asks to track a query, as auth_read() tells. Errors: also ERR_FORBIDDEN for a visitor whom a page of another site sends. */
MUST_USE bool query_read_access(const struct app *app, const struct request *req, enum access *out, struct error *err);

/* Tracks TEXT for the owner. Errors: as store_query_add(). */
MUST_USE bool query_track(struct app *app, const char *text, int64_t *id, enum query_added *added, struct error *err);

/* Makes a visitor request of TEXT. Errors: as store_query_add(); ERR_FORBIDDEN when the site takes none; ERR_TOO_MANY while no slot is
 * free for the sender, whatever the text; ERR_UNPROCESSABLE for a channel. */
MUST_USE bool query_request(struct app *app, const struct request *req, const char *text, struct error *err);

/* Pauses, resumes or removes a public query. Errors: ERR_NOT_FOUND. */
MUST_USE bool query_set_state(struct app *app, int64_t id, enum entry_state entry_state, struct error *err);

/* The id that the query has in the live database, 0 when it has none or that is the one served: in the demo the same text has two ids. */
MUST_USE bool query_find_counterpart(struct app *app, const struct databases_lock *db, int64_t id, int64_t *counterpart,
                                     struct error *err);

/* Deletes the videos that the removed query found and no other. Others may write in between. */
MUST_USE bool query_purge(struct app *app, int64_t id, struct error *err);

/* What the owner does by one button of a page. */
enum query_action {
	QUERY_PAUSE,
	QUERY_RESUME,
	QUERY_REMOVE,
	QUERY_PURGE,
	QUERY_KEEP,
	QUERY_DROP,
	QUERY_FOLLOW,
	QUERY_UNFOLLOW,
	QUERY_ACTION_COUNT
};

/* "pause" … "unfollow" */
const char *query_action_name(enum query_action action);

/* Does it: resume also follows a removed query again, purge removes one that is not, keep makes a visitor's the owner's, drop
 * removes a visitor's, follow and unfollow say whether videos are taken from channels. Errors: ERR_NOT_FOUND when there is no
 * query that this can be done to. */
MUST_USE bool query_act(struct app *app, int64_t id, enum query_action action, struct error *err);
