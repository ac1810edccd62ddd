#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "cgi/request/auth.h"
#include "cgi/request/format.h"
#include "cgi/handlers.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/links.h"
#include "cgi/pages/page.h"
#include "http/params.h"
#include "cgi/commands/sessions.h"
#include "cgi/pages/widgets/parts.h"
#include "store/private/sessions.h"

enum { COOKIE_BYTES = 1024 };

/* ---- the page ---- */

/* Where the owner is signed in. */
static bool write_sessions(struct app *app, const struct session *this_one, struct writer *w, struct error *err)
{
	AUTO(owner_session_list_clear) struct owner_session_list sessions = {0};
	char this_id[CRYPTO_HEX_SIZE];

	session_id(this_one, this_id);
	if (!app_open(app, err) || !store_sessions_list(app->store, app_now(app), &sessions, err))
		return false;
	write_array(w, "sessions");
	for (size_t i = 0; i < sessions.count; i++) {
		const struct owner_session *session = &sessions.items[i];

		write_object(w, NULL);
		write_text(w, "agent", *session->agent ? session->agent : "unknown browser");
		write_bool(w, "this_one", strcmp(session->id, this_id) == 0);
		page_write_moment(w, "created", session->created_at, app_now(app));
		page_write_moment(w, "used", session->used_at, app_now(app));
		write_end(w);
	}
	write_end(w);
	return true;
}

static bool write_session(struct app *app, const struct session *session, struct writer *w, struct error *err)
{
	char until[FORMAT_SIZE];

	format_full(session->expires_at, until);
	write_object(w, "signed_in");
	write_time(w, "until", session->expires_at);
	write_text(w, "until_full", until);
	write_link(w, app, "logout_url", "/logout");
	bool written = write_sessions(app, session, w, err);
	write_end(w);
	return written;
}

/* Why the form is shown, and where its sender goes on to. */
struct asking {
	int status;
	const char *refused; /* what was wrong with the last one, NULL = nothing */
	const char *next;    /* a page of ours; borrowed */
};

static void write_form(const struct asking *asking, struct writer *w)
{
	write_null(w, "signed_in");
	write_text(w, "refused", asking->refused);
	write_text(w, "next", strcmp(asking->next, "/") == 0 ? NULL : asking->next);
}

static bool show(struct app *app, const struct request *req, const struct asking *asking, struct response *res, struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	struct page_frame frame = {.title = "Sign in", .req = req};

	if (asking->status == 401)
		response_header(res, "WWW-Authenticate", "Bearer realm=\"newsreel\"");
	if (!page_begin(app, &frame, &page, err))
		return false;
	bool signed_in = asking->status == 200 && req->in_session;
	if (!signed_in)
		write_form(asking, &page.w);
	else if (!write_session(app, &req->session, &page.w, err))
		return false;
	return page_render(app, "login", &page, asking->status, res, err);
}

bool page_login(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return show(app, req, &(struct asking){.status = 200, .next = "/"}, res, err);
}

bool page_login_ask(struct app *app, const struct request *req, const char *next, struct response *res, struct error *err)
{
	return err->code == ERR_UNAUTHORIZED && show(app, req, &(struct asking){.status = 401, .next = next}, res, err);
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

static bool sign_in(struct app *app, const struct request *req, const char *next, struct response *res, struct error *err)
{
	char value[SESSION_VALUE_SIZE];

	return session_sign_in(app, req, value, err) && set_cookie(app, req, value, SESSION_LIFE_S, res, err) &&
	       page_redirect(app, next, res, err);
}

/* Where to go on to: nobody may send a browser elsewhere with our help, so it is one of these. */
static bool read_next(const struct request *req, const char **out, struct error *err)
{
	static const char *const pages[] = {"/", "/queries", "/channels", "/status", "/hidden", "/keys", "/alerts", "/about"};
	const char *next = fields_get(&req->body, "next");

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (strcmp(next ? next : "/", pages[i]) == 0) {
			*out = pages[i];
			return true;
		}
	}
	return error_set_field(err, ERR_INVALID, "next", "a page of newsreel is allowed");
}

bool page_login_submit(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	static const char *const members[] = {"token", "next", NULL};
	const char *token = fields_get(&req->body, "token");
	struct asking again = {.status = 401, .refused = token && *token ? "Wrong token." : "The token is missing."};

	if (!auth_check_origin(app, req, err) || !params_body_only(req, members, err) || !read_next(req, &again.next, err))
		return false;
	if (token && crypto_equal(token, app->shared->admin_token))
		return sign_in(app, req, again.next, res, err);
	return show(app, req, &again, res, err);
}

bool page_logout(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	static const char *const members[] = {"everywhere", NULL};
	const char *everywhere = fields_get(&req->body, "everywhere");
	enum access access;

	if (!auth_read(app, req, &access, err) || !params_body_only(req, members, err))
		return false;
	if (everywhere && strcmp(everywhere, "1") != 0)
		return error_set_value(err, ERR_INVALID, "everywhere", everywhere, "1 is allowed");
	if (everywhere && !auth_need_owner(app, req, err))
		return false;
	return session_sign_out(app, req, everywhere != NULL, err) && set_cookie(app, req, "", 0, res, err) &&
	       page_redirect(app, "/", res, err);
}
