/* A request, free of FastCGI: decoded, checked and bounded. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "http/session.h"

enum { REQUEST_BODY_MAX = 64 * 1024, REQUEST_QUERY_MAX = 8 * 1024, REQUEST_FIELDS_MAX = 64 };

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD_OPTIONS, METHOD_OTHER };

/* "GET" … */
const char *method_name(enum method method);
enum method method_of(const char *name);

/* A decoded name and value of a query string, a form, a JSON object or a path. The value is NULL for JSON's null only. */
struct field {
	char *name;
	char *value;
};

struct fields {
	struct field items[REQUEST_FIELDS_MAX];
	size_t count;
};

void fields_clear(struct fields *fields);

/* Adds the members of a flat object in JSON. Errors: ERR_INVALID naming the member; OUT may hold some of them then. */
MUST_USE bool fields_read_json(const char *json, size_t len, struct fields *out, struct error *err);

/* Adds a copy of one. Errors: ERR_INVALID when there is one of this name, ERR_TOO_LARGE. */
MUST_USE bool fields_add(struct fields *fields, const char *name, const char *value, struct error *err);

/* The value of NAME, NULL when missing or null. Borrowed. */
const char *fields_get(const struct fields *fields, const char *name);

/* Whether NAME is given, be it as null. */
bool fields_has(const struct fields *fields, const char *name);

/* Whether every field's name is one of NAMES (ended by NULL). WHAT says what a field is: "parameter". Errors: ERR_INVALID naming
 * the unknown one and what is allowed. */
MUST_USE bool fields_allow_only(const struct fields *fields, const char *const names[], const char *what, struct error *err);

/* What the Authorization header is worth. */
enum token_state {
	TOKEN_NONE,
	TOKEN_RIGHT,
	TOKEN_METRICS, /* that for monitoring: right for /metrics, wrong elsewhere */
	TOKEN_WRONG,
	TOKEN_NOT_TRIED /* after too many wrong ones it is not even looked at */
};

/* A request as a CGI program gets it (RFC 3875); all borrowed. */
struct cgi_input {
	const char *const *params; /* "NAME=value", ended by NULL */
	const char *body;
	size_t body_len;
};

/* The value of the parameter NAME, NULL when there is none. Borrowed. */
const char *cgi_param(const struct cgi_input *input, const char *name);

/* Texts that are not owned are borrowed from the input, "" when missing. */
struct request {
	enum method method;
	char *path;               /* owned; decoded, begins with '/', no '/' at the end unless it is all */
	const char *query_string; /* as it was sent */
	struct fields query;      /* of the query string, see request_read_query(); each name at most once */
	struct fields captures;   /* of the route: ":id" -> "id" */
	struct fields body;   /* of a form or of a JSON object (numbers and booleans as text); of an object in it "name.member" */
	const char *document; /* a body in XML, as it was sent, DOCUMENT_LEN bytes long; "" for others */
	size_t document_len;
	const char *route;         /* the pattern of the route, "" = none fits; a literal */
	const char *host;          /* of the Host header, "" when malformed */
	const char *scheme;        /* "http" or "https" */
	const char *authorization; /* of the headers with these names */
	const char *cookies;
	const char *origin;     /* the site whose page sent this */
	const char *fetch_site; /* of Sec-Fetch-Site: "same-origin" … */
	const char *address;    /* IP address of the client: of REMOTE_ADDR */
	const char *user_agent;
	const char *if_none_match;
	const char *hub_signature; /* of X-Hub-Signature */
	const char *csrf_token;    /* of the header X-CSRF-Token, else of the body, where it is no member then */
	char *form_token;          /* owned; that of the body */
	bool is_preflight;         /* OPTIONS with Access-Control-Request-Method: a browser asks before a script may */
	enum token_state token;    /* this and the next for the caller to find out */
	bool in_session;           /* it carries the cookie of … */
	struct session session;    /* … a session that is not over */
	char id[33];               /* REQUEST_ID, or a random one; in the log and in X-Request-Id */
};

/* Decodes and checks INPUT, all but its query string. It has to outlive OUT. BASE_PATH ("/newsreel", "") is what the path may
 * begin with; it is left out. Errors: ERR_INVALID naming the invalid field (bad percent-encoding, invalid UTF-8, a NUL, a name
 * twice, malformed JSON, an unknown content type …), ERR_NOT_FOUND for a path that no route can have, ERR_TOO_LARGE,
 * ERR_NO_MEMORY. OUT is usable (method, texts, id; path if it could be read, else NULL) for an error answer even then, and to be
 * cleared in every case. */
MUST_USE bool request_read(const struct cgi_input *input, const char *base_path, struct request *out, struct error *err);

void request_clear(struct request *request);

/* Reads a query parameter as a whole number within MIN..MAX; *OUT stays when it is missing. Errors: ERR_INVALID naming it, its
 * value and what is allowed. */
MUST_USE bool request_int(const struct request *request, const char *name, int64_t min, int64_t max, int64_t *out,
                          struct error *err);

/* What becomes of a parameter that nobody knows. Links are shared with some added (?fbclid=…), so people's addresses ignore them. */
enum unknown_parameters { UNKNOWN_REFUSED, UNKNOWN_IGNORED };

/* Decodes and checks the query string into REQUEST->query, which is still empty. NAMES (ended by NULL) are the parameters there are;
 * NULL: any. Errors: ERR_INVALID naming the invalid or unknown parameter and what is allowed, ERR_TOO_LARGE, ERR_NO_MEMORY. */
MUST_USE bool request_read_query(struct request *request, const char *const names[], enum unknown_parameters unknown,
                                 struct error *err);
