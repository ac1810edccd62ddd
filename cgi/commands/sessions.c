#include "cgi/commands/sessions.h"

#include "store/private/sessions.h"

bool session_sign_in(struct app *app, const struct request *req, char value[SESSION_VALUE_SIZE], struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	struct owner_session stored = {.created_at = app_now(app), .used_at = app_now(app)};
	struct session session;

	if (!session_begin(stored.created_at, &session, err) || !session_sign(&session, app->shared->admin_token, value, err))
		return false;
	session_id(&session, stored.id);
	stored.expires_at = session.expires_at;
	return databases_lock(&app->shared->databases, &db, err) && store_session_add(db.served, &stored, req->user_agent, err) &&
	       (db.live == db.served || store_session_add(db.live, &stored, req->user_agent, err));
}

bool session_sign_out(struct app *app, const struct request *req, bool everywhere, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	char id[CRYPTO_HEX_SIZE];

	if (!everywhere && !req->in_session)
		return true;
	session_id(&req->session, id);
	const char *which = everywhere ? NULL : id;
	return databases_lock(&app->shared->databases, &db, err) && store_session_remove(db.served, which, err) &&
	       (db.live == db.served || store_session_remove(db.live, which, err));
}
