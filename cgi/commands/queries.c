#include "cgi/commands/queries.h"

#include <string.h>

#include "config/config.h"
#include "base/text.h"
#include "cgi/request/params.h"
#include "cgi/request/requester.h"
#include "model/youtube_url.h"
#include "store/private/visitors.h"

enum { PURGE_STEP = 200 };

/* ---- adding ---- */

bool query_check_text(const char *text, struct error *err)
{
	AUTO(text_free) char *squeezed = NULL;

	if (!text)
		return error_set_field(err, ERR_INVALID, "query", "the search to track is missing");
	return text_squeeze(text, &squeezed, err) &&
	       (query_check(squeezed, err) || error_wrap(err, "query") || error_about(err, "query"));
}

bool query_read_text(const struct request *req, const char **out, struct error *err)
{
	static const char *const members[] = {"query", NULL};
	const char *text = fields_get(&req->body, "query");

	if (!params_body_only(req, members, err) || !query_check_text(text, err))
		return false;
	*out = text;
	return true;
}

bool query_read_access(const struct app *app, const struct request *req, enum access *out, struct error *err)
{
	return auth_read(app, req, out, err) && (*out == ACCESS_OWNER || auth_check_origin(app, req, err));
}

bool query_track(struct app *app, const char *text, int64_t *id, enum query_added *added, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	if (!databases_lock(&app->shared->databases, &db, err))
		return false;
	if (db.live != db.served && !store_query_add(db.live, text, ORIGIN_OWNER, 0, app_now(app), id, added, err))
		return false;
	return store_query_add(db.served, text, ORIGIN_OWNER, 0, app_now(app), id, added, err);
}

static bool names_channel(const char *text)
{
	char name[CHANNEL_NAME_SIZE];

	return youtube_url_channel(text + strspn(text, " "), name);
}

bool query_request(struct app *app, const struct request *req, const char *text, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	int64_t limit = app->shared->config->visitor_queries;
	char requester[CRYPTO_HEX_SIZE];
	bool taken;

	if (limit == 0)
		return error_set(err, ERR_FORBIDDEN, "this site takes no visitor requests");
	if (names_channel(text))
		return error_set_field(err, ERR_UNPROCESSABLE, "query",
		                       "it is a channel, which only the owner of this site can track: enter words to search for");
	if (!requester_name(app, req, requester, err) || !databases_lock(&app->shared->databases, &db, err) ||
	    !store_visitors_request(db.served, text, requester, limit, app_now(app), &taken, err))
		return false;
	return taken || error_set(err, ERR_TOO_MANY,
	                          "no slot for visitor requests is free, or your IP address has its share of them: try again "
	                          "later. A request that is tracked already goes on");
}

/* ---- pausing, resuming, removing ---- */

bool query_find_counterpart(struct app *app, const struct databases_lock *db, int64_t id, int64_t *counterpart, struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(query_list_clear) struct query_list others = {0};

	*counterpart = 0;
	if (db->live == db->served)
		return true;
	if (!store_query_get(db->served, id, app_now(app), &query, err) ||
	    !store_queries_list(db->live, QUERIES_PUBLIC, app_now(app), &others, err))
		return false;
	for (size_t i = 0; i < others.count; i++)
		if (strcmp(others.items[i].text, query.text) == 0)
			*counterpart = others.items[i].id;
	return true;
}

bool query_set_state(struct app *app, int64_t id, enum entry_state entry_state, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	int64_t counterpart;

	return databases_lock(&app->shared->databases, &db, err) && query_find_counterpart(app, &db, id, &counterpart, err) &&
	       store_query_set_state(db.served, id, entry_state, err) &&
	       (!counterpart || store_query_set_state(db.live, counterpart, entry_state, err));
}

static bool set_follow_channels(struct app *app, int64_t id, bool follow_channels, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	int64_t counterpart;

	return databases_lock(&app->shared->databases, &db, err) && query_find_counterpart(app, &db, id, &counterpart, err) &&
	       store_query_set_follow_channels(db.served, id, follow_channels, err) &&
	       (!counterpart || store_query_set_follow_channels(db.live, counterpart, follow_channels, err));
}

bool query_purge(struct app *app, int64_t id, struct error *err)
{
	for (bool left = true; left;) {
		AUTO(databases_unlock) struct databases_lock db = {0};

		if (!databases_lock(&app->shared->databases, &db, err) ||
		    !store_query_purge(db.served, id, PURGE_STEP, &left, err))
			return false;
	}
	return true;
}

/* ---- what a button does ---- */

const char *query_action_name(enum query_action action)
{
	static const char *const names[QUERY_ACTION_COUNT] = {
	    [QUERY_PAUSE] = "pause", [QUERY_RESUME] = "resume", [QUERY_REMOVE] = "remove", [QUERY_PURGE] = "purge",
	    [QUERY_KEEP] = "keep",   [QUERY_DROP] = "drop",     [QUERY_FOLLOW] = "follow", [QUERY_UNFOLLOW] = "unfollow",
	};

	return names[action];
}

/* Adding the same text again is what brings a query back, and what makes a visitor's the owner's. */
static bool track_again(struct app *app, const struct query *query, struct error *err)
{
	enum query_added added;
	int64_t id;

	return query_track(app, query->text, &id, &added, err);
}

static bool drop(struct app *app, int64_t id, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) && store_query_drop(db.served, id, err);
}

bool query_act(struct app *app, int64_t id, enum query_action action, struct error *err)
{
	AUTO(query_clear) struct query query = {0};

	if (!store_query_get_any(app->store, id, app_now(app), &query, err))
		return false;
	bool removed = query.entry_state == ENTRY_REMOVED;
	bool visitors = query.origin == ORIGIN_VISITOR && !removed;
	switch (action) {
	case QUERY_PAUSE:
		return query_set_state(app, id, ENTRY_PAUSED_BY_OWNER, err);
	case QUERY_RESUME:
		return removed ? track_again(app, &query, err) : query_set_state(app, id, ENTRY_ACTIVE, err);
	case QUERY_REMOVE:
		return query_set_state(app, id, ENTRY_REMOVED, err);
	case QUERY_PURGE:
		return (removed || query_set_state(app, id, ENTRY_REMOVED, err)) && query_purge(app, id, err);
	case QUERY_KEEP:
		return visitors ? track_again(app, &query, err) : error_set(err, ERR_NOT_FOUND, "no such query");
	case QUERY_DROP:
		return drop(app, id, err);
	case QUERY_FOLLOW:
	case QUERY_UNFOLLOW:
		return set_follow_channels(app, id, action == QUERY_FOLLOW, err);
	case QUERY_ACTION_COUNT:
		break;
	}
	return error_set(err, ERR_INTERNAL, "no such action");
}
