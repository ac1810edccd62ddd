/* A request, free of FastCGI: everything decoded, bounded, and owned. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

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

/* The value of NAME, NULL when missing or null. Borrowed. */
const char *fields_get(const struct fields *fields, const char *name);

/* Whether NAME is given, be it as null. */
bool fields_has(const struct fields *fields, const char *name);

/* Whether every field's name is one of NAMES (ended by NULL). WHAT says what a field is: "parameter". Errors: ERR_INVALID naming
 * the unknown field and what is allowed. */
MUST_USE bool fields_allow_only(const struct fields *fields, const char *const names[], const char *what, struct error *err);

struct request {
	enum method method;
	char *path;             /* decoded, begins with '/', no '/' at the end unless it is all */
	char *query_string;     /* as it came, without '?' */
	struct fields query;    /* of the query string; each name at most once */
	struct fields captures; /* of the route: ":id" -> "id" */
	struct fields body;     /* of a form or of a flat JSON object (numbers and booleans as text) */
	char *host;             /* of the Host header, "" when missing or malformed */
	char *scheme;           /* "http" or "https" */
	char *authorization;    /* of the header, "" when missing */
	char *remote_address;   /* for the log and limits */
	char *cookies;          /* of the Cookie header, "" when missing; as the ones below */
	char *origin;           /* of the Origin header: the site whose page sent this */
	char *fetch_site;       /* of Sec-Fetch-Site: "same-origin" … */
	char *if_none_match;    /* of the header of this name */
	char *csrf_token;       /* of the header X-CSRF-Token, else of the body, where it is no member then */
	bool is_preflight;      /* OPTIONS with Access-Control-Request-Method: a browser asks before a script may */
	char id[33];            /* one per request, in the log and in X-Request-Id */
};

/* What a server passes on; all borrowed, NULL = not there. */
struct raw_request {
	const char *method;
	const char *path; /* percent-encoded, without the query string */
	const char *query_string;
	const char *content_type;
	const char *body;
	size_t body_len;
	const char *host;
	const char *scheme;
	const char *authorization;
	const char *remote_address;
	const char *cookies;
	const char *origin;
	const char *fetch_site;
	const char *if_none_match;
	const char *csrf_token;
	const char *preflight_method; /* of Access-Control-Request-Method */
	const char *base_path;        /* what all our paths may begin with: "/newsreel", "" */
	const char *id;               /* NULL or ill-formed: a random one is made */
};

/* Decodes and checks RAW. Errors: ERR_INVALID naming the invalid field (bad percent-encoding, invalid UTF-8, a NUL, a name twice,
 * malformed JSON, an unknown content type …), ERR_TOO_LARGE, ERR_NO_MEMORY. OUT is usable (method, path if it could be read, id)
 * for an error answer even then, and to be cleared in every case. */
MUST_USE bool request_read(const struct raw_request *raw, struct request *out, struct error *err);

void request_clear(struct request *request);

/* Reads a query parameter as a whole number within MIN..MAX; *OUT stays when it is missing. Errors: ERR_INVALID naming it, its
 * value and what is allowed. */
MUST_USE bool request_int(const struct request *request, const char *name, int64_t min, int64_t max, int64_t *out,
                          struct error *err);

/* Whether every query parameter is one of NAMES (ended by NULL). Errors: ERR_INVALID naming the unknown field and what is allowed. */
MUST_USE bool request_allow_only(const struct request *request, const char *const names[], struct error *err);
