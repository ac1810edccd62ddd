#include "cgi/request/auth.h"

#include <string.h>
#include <strings.h>

#include "base/crypto.h"
#include "cgi/request/links.h"
#include "cgi/request/requester.h"
#include "store/private/sessions.h"

enum { USE_NOTED_S = 300 }; /* so often at most it is written down that a session is used */

static void note_use(struct app *app, const char *id)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	struct error ignored;

	if (!databases_lock(&app->shared->databases, &db, &ignored) || !store_session_use(db.served, id, app_now(app), &ignored))
		return; /* the next request notes it */
}

static bool find_session(struct app *app, struct request *req, struct error *err)
{
	char id[CRYPTO_HEX_SIZE];
	int64_t used_at = 0;

	if (!session_find(req->cookies, app->shared->admin_token, app_now(app), &req->session))
		return true;
	if (!app_open(app, err))
		return err->code == ERR_BUSY; /* there is no database yet */
	session_id(&req->session, id);
	if (!store_session_find(app->store, id, app_now(app), &req->in_session, &used_at, err))
		return false;
	if (req->in_session && app_now(app) - used_at >= USE_NOTED_S)
		note_use(app, id);
	return true;
}

/* Other schemes than Bearer are a proxy's, and no guesses. */
static bool find_token(struct app *app, struct request *req, struct error *err)
{
	static const char scheme[] = "Bearer ";
	const char *metrics_token = app->shared->config->metrics_token;
	struct wrong_tokens *wrong = &app->shared->wrong_tokens;
	char requester[CRYPTO_HEX_SIZE];

	req->token = *req->authorization ? TOKEN_WRONG : TOKEN_NONE;
	if (strncasecmp(req->authorization, scheme, strlen(scheme)) != 0)
		return true;
	if (!requester_name(app, req, requester, err))
		return false;
	if (!wrong_tokens_may_try(wrong, requester, app_now(app)))
		req->token = TOKEN_NOT_TRIED;
	else if (crypto_equal(req->authorization + strlen(scheme), app->shared->admin_token))
		req->token = TOKEN_RIGHT;
	else if (*metrics_token && crypto_equal(req->authorization + strlen(scheme), metrics_token))
		req->token = TOKEN_METRICS;
	else
		wrong_tokens_add(wrong, requester, app_now(app));
	return true;
}

bool auth_find(struct app *app, struct request *req, struct error *err)
{
	return find_token(app, req, err) && find_session(app, req, err);
}

/* "https://example.org:8443" -> "example.org:8443" */
static const char *host_of(const char *url)
{
	const char *host = strstr(url, "://");

	return host ? host + strlen("://") : "";
}

static bool is_host_of(const char *host, const char *url)
{
	const char *other = host_of(url);
	size_t len = strcspn(other, "/");

	return len > 0 && strlen(host) == len && strncasecmp(host, other, len) == 0;
}

/* Browsers send Origin with every POST. Another server may stand in front and end TLS, so the scheme says nothing. */
bool auth_check_origin(const struct app *app, const struct request *req, struct error *err)
{
	const char *site = req->fetch_site;
	bool ours = *req->origin ? is_host_of(host_of(req->origin), app->shared->config->public_url) ||
	                               (*req->host && is_host_of(req->host, req->origin))
	                         : !*site || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;

	return ours ||
	       error_set(err, ERR_FORBIDDEN,
	                 "this request comes from another site%s%.70s; if that is the address of this one, behind a proxy, set "
	                 "NEWSREEL_PUBLIC_URL to it",
	                 *req->origin ? ", " : "", req->origin);
}

static bool is_reading(enum method method)
{
	return method == METHOD_GET || method == METHOD_HEAD || method == METHOD_OPTIONS;
}

/* What a browser sends along by itself proves nothing of its user's wish: a change needs the token of our own form. */
static bool check_form(const struct app *app, const struct request *req, const struct session *session, struct error *err)
{
	char expected[CRYPTO_HEX_SIZE];

	if (is_reading(req->method))
		return true;
	if (!auth_check_origin(app, req, err) || !session_csrf_token(session, app->shared->admin_token, expected, err))
		return false;
	return crypto_equal(req->csrf_token, expected) ||
	       error_set(err, ERR_FORBIDDEN,
	                 "the CSRF token (X-CSRF-Token or csrf_token) is missing or out of date: reload the page and try again");
}

static bool check_token(const struct request *req, struct error *err)
{
	if (req->token == TOKEN_NOT_TRIED)
		return error_set(err, ERR_TOO_OFTEN, "too many wrong tokens from your IP address: try again in a minute");
	if (req->token == TOKEN_METRICS)
		return error_set(err, ERR_UNAUTHORIZED, "NEWSREEL_METRICS_TOKEN is for /metrics only");
	return req->token == TOKEN_RIGHT || error_set(err, ERR_UNAUTHORIZED, "wrong token");
}

bool auth_read(const struct app *app, const struct request *req, enum access *out, struct error *err)
{
	*out = ACCESS_VISITOR;
	if (req->token != TOKEN_NONE) {
		if (!check_token(req, err))
			return false;
		*out = ACCESS_OWNER;
	} else if (req->in_session) {
		if (!check_form(app, req, &req->session, err))
			return false;
		*out = ACCESS_OWNER;
	}
	return true;
}

bool auth_read_metrics(const struct app *app, const struct request *req, enum access *out, struct error *err)
{
	if (req->token != TOKEN_METRICS)
		return auth_read(app, req, out, err);
	*out = ACCESS_OWNER;
	return true;
}

bool auth_need_owner(const struct app *app, const struct request *req, struct error *err)
{
	enum access access;

	return auth_read(app, req, &access, err) &&
	       (access == ACCESS_OWNER ||
	        error_set(err, ERR_UNAUTHORIZED, "the admin token is needed: Authorization: Bearer TOKEN"));
}

bool auth_is_owner(const struct app *app, const struct request *req)
{
	enum access access;
	struct error err;

	return auth_read(app, req, &access, &err) && access == ACCESS_OWNER;
}

bool auth_may_list(const struct app *app, const struct request *req, const struct video_request *list, struct error *err)
{
	return !list->with_hidden || auth_need_owner(app, req, err);
}
