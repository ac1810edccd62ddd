#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "cgi/access.h"
#include "cgi/format.h"
#include "cgi/handlers.h"
#include "cgi/links.h"
#include "cgi/page.h"
#include "cgi/params.h"

enum { COOKIE_BYTES = 1024, PATH_BYTES = 4096 };

/* ---- the page ---- */

static bool write_session(struct app *app, const struct session *session, struct writer *w, struct error *err)
{
	char until[FORMAT_SIZE];

	format_full(session->expires_at, until);
	write_object(w, "signed_in");
	write_time(w, "until", session->expires_at);
	write_text(w, "until_full", until);
	if (!page_link(app, w, "logout_url", "/logout", err))
		return false;
	write_end(w);
	return true;
}

static bool write_form(struct app *app, const char *refused, struct writer *w, struct error *err)
{
	AUTO(buf_clear) struct buf token_file = BUF(PATH_BYTES);

	buf_printf(&token_file, "%s/admin-token", app->shared->config->data);
	if (!buf_ok(&token_file, err))
		return false;
	write_null(w, "signed_in");
	write_text(w, "token_file", buf_text(&token_file));
	write_text(w, "refused", refused);
	return true;
}

static bool show(struct app *app, const struct request *req, int status, const char *refused, struct response *res,
                 struct error *err)
{
	AUTO(tree_clear) struct tree tree = {0};
	struct writer w = writer_tree(&tree);
	struct page_frame frame = {.title = "Sign in", .req = req};
	struct session session;

	if (!page_begin(app, &frame, &w, err))
		return false;
	if (!(!refused && access_session(app, req, &session) ? write_session(app, &session, &w, err)
	                                                     : write_form(app, refused, &w, err)))
		return false;
	write_end(&w);
	return page_render(app, "login", &tree, status, res, err);
}

bool page_login(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return show(app, req, 200, NULL, res, err);
}

/* ---- the cookie ---- */

static bool is_https(const struct app *app, const struct request *req)
{
	return strncmp(app->shared->config->public_url, "https:", strlen("https:")) == 0 || strcmp(req->scheme, "https") == 0;
}

/* VALUE for LIFE_S seconds; 0 takes the cookie away. Scripts never see it, and other sites' pages cannot send it. */
static bool set_cookie(struct app *app, const struct request *req, const char *value, int life_s, struct response *res,
                       struct error *err)
{
	AUTO(buf_clear) struct buf cookie = BUF(COOKIE_BYTES);
	const char *base = links_base_path(app->shared->config);

	buf_printf(&cookie, "%s=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Strict%s", SESSION_COOKIE, value, *base ? base : "/",
	           life_s, is_https(app, req) ? "; Secure" : "");
	response_header(res, "Set-Cookie", buf_text(&cookie));
	return buf_ok(&cookie, err);
}

static bool sign_in(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	char value[SESSION_VALUE_SIZE];
	struct session session;

	return session_begin(app_now(app), &session, err) && session_sign(&session, app->shared->admin_token, value, err) &&
	       set_cookie(app, req, value, SESSION_LIFE_S, res, err) && page_redirect(app, "/", res, err);
}

bool page_login_submit(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	static const char *const members[] = {"token", NULL};
	const char *token = fields_get(&req->body, "token");

	if (!access_check_origin(app, req, err) || !params_body_only(req, members, err))
		return false;
	if (token && secret_equal(token, app->shared->admin_token))
		return sign_in(app, req, res, err);
	response_header(res, "WWW-Authenticate", "Bearer realm=\"newsreel\"");
	return show(app, req, 401, token && *token ? "This is not the token." : "The token is missing.", res, err);
}

bool page_logout(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	enum access access;

	return access_read(app, req, &access, err) && set_cookie(app, req, "", 0, res, err) && page_redirect(app, "/", res, err);
}
