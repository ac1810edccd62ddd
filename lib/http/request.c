#include "http/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/crypto.h"
#include "base/text.h"
#include "base/utf8.h"

enum { ID_MIN = 8, ID_MAX = 32, HOST_MAX = 255, PATH_MAX_BYTES = 1024 };

/* ---- methods ---- */

static const char *const methods[] = {
    [METHOD_GET] = "GET",     [METHOD_HEAD] = "HEAD",     [METHOD_POST] = "POST",       [METHOD_PUT] = "PUT",
    [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE", [METHOD_OPTIONS] = "OPTIONS", [METHOD_OTHER] = "OTHER",
};

const char *method_name(enum method method)
{
	return methods[method];
}

enum method method_of(const char *name)
{
	for (enum method method = METHOD_GET; method < METHOD_OTHER; method++)
		if (strcmp(methods[method], name) == 0)
			return method;
	return METHOD_OTHER;
}

/* ---- parameters of CGI ---- */

const char *cgi_param(const struct cgi_input *input, const char *name)
{
	size_t len = strlen(name);

	for (const char *const *param = input->params; *param; param++)
		if (strncmp(*param, name, len) == 0 && (*param)[len] == '=')
			return *param + len + 1;
	return NULL;
}

static const char *param_or_empty(const struct cgi_input *input, const char *name)
{
	const char *value = cgi_param(input, name);

	return value ? value : "";
}

/* ---- fields ---- */

void fields_clear(struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		free(fields->items[i].name);
		free(fields->items[i].value);
	}
	fields->count = 0;
}

const char *fields_get(const struct fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->count; i++)
		if (strcmp(fields->items[i].name, name) == 0)
			return fields->items[i].value;
	return NULL;
}

bool fields_has(const struct fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->count; i++)
		if (strcmp(fields->items[i].name, name) == 0)
			return true;
	return false;
}

/* Takes NAME and VALUE over, also on failure. */
static bool fields_take(struct fields *fields, char *name, char *value, struct error *err)
{
	bool taken = false;

	if (fields_has(fields, name))
		error_set_field(err, ERR_INVALID, name, "given twice");
	else if (fields->count == REQUEST_FIELDS_MAX)
		error_set(err, ERR_INVALID, "more than %d parameters", REQUEST_FIELDS_MAX);
	else
		taken = true;
	if (!taken) {
		free(name);
		free(value);
		return false;
	}
	fields->items[fields->count++] = (struct field){name, value};
	return true;
}

/* ---- decoding, RFC 3986 section 2.1 ---- */

/* Decodes LEN bytes into OUT; with PLUS_IS_BLANK as forms do. WHAT names them in an error. */
static bool decode_into(struct buf *out, const char *text, size_t len, bool plus_is_blank, const char *what, struct error *err)
{
	if (!percent_decode(out, text, len, plus_is_blank))
		return error_set(err, ERR_INVALID, "%s: '%%' must be followed by two hexadecimal digits", what);
	if (!buf_ok(out, err))
		return false;
	return utf8_is_valid(buf_text(out), out->len) || error_set(err, ERR_INVALID, "%s: not valid UTF-8, or a NUL", what);
}

/* The same, as a text of its own. */
static bool decode(const char *text, size_t len, bool plus_is_blank, const char *what, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf decoded = BUF(REQUEST_BODY_MAX);

	return decode_into(&decoded, text, len, plus_is_blank, what, err) && buf_take(&decoded, out, err);
}

static bool is_among(const char *name, const char *const names[])
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* Pairs of names and values, such as a query string has. */
struct pairs {
	const char *what;        /* they are, for errors */
	const char *const *only; /* names of those to read, ended by NULL; others need not even be decodable. NULL: all */
};

/* "a=1" */
static bool read_pair(const struct pairs *pairs, const char *text, size_t len, struct fields *out, struct error *err)
{
	const char *equals = memchr(text, '=', len);
	size_t name_len = equals ? (size_t)(equals - text) : len;
	size_t value_at = equals ? name_len + 1 : len;
	char *name = NULL;
	char *value = NULL;

	if (!decode(text, name_len, true, pairs->what, &name, err))
		return pairs->only && err->code == ERR_INVALID;
	if (pairs->only && !is_among(name, pairs->only)) {
		free(name);
		return true;
	}
	if (!decode(text + value_at, len - value_at, true, name, &value, err)) {
		free(name);
		return false;
	}
	return fields_take(out, name, value, err);
}

/* "a=1&b=2" */
static bool read_pairs(const struct pairs *pairs, const char *text, size_t len, struct fields *out, struct error *err)
{
	const char *end = text + len;

	while (text < end) {
		const char *pair_end = memchr(text, '&', (size_t)(end - text));

		pair_end = pair_end ? pair_end : end;
		if (pair_end > text && !read_pair(pairs, text, (size_t)(pair_end - text), out, err))
			return false;
		text = pair_end + 1;
	}
	return true;
}

/* ---- the body ---- */

static bool json_value(const cJSON *member, char **out, struct error *err)
{
	if (cJSON_IsNull(member))
		return true;
	if (cJSON_IsString(member))
		return text_copy(member->valuestring, out, err);
	if (cJSON_IsBool(member))
		return text_copy(cJSON_IsTrue(member) ? "true" : "false", out, err);
	if (!cJSON_IsNumber(member))
		return error_set_field(err, ERR_INVALID, member->string, "a text, a number or a boolean is allowed");
	*out = cJSON_PrintUnformatted(member);
	return *out || error_no_memory(err);
}

/* Takes VALUE over, also on failure; PREFIX is "" or that of the object it is in, "filter.". */
static bool take_member(struct fields *out, const char *prefix, const char *member, char *value, struct error *err)
{
	AUTO(buf_clear) struct buf name = BUF(REQUEST_BODY_MAX);
	char *text = NULL;

	buf_printf(&name, "%s%s", prefix, member);
	if (!buf_take(&name, &text, err)) {
		free(value);
		return false;
	}
	return fields_take(out, text, value, err);
}

static bool read_object(const cJSON *object, const char *prefix, struct fields *out, struct error *err);

/* An object is told by its name, without a value, and by its members: "filter", "filter.query". Their values are no objects. */
static bool read_member(const cJSON *member, const char *prefix, struct fields *out, struct error *err)
{
	AUTO(buf_clear) struct buf inner = BUF(REQUEST_BODY_MAX);
	char *value = NULL;
	bool nested = cJSON_IsObject(member) && !*prefix;

	if ((!nested && !json_value(member, &value, err)) || !take_member(out, prefix, member->string, value, err))
		return false;
	if (!nested)
		return true;
	buf_printf(&inner, "%s.", member->string);
	return buf_ok(&inner, err) && read_object(member, buf_text(&inner), out, err);
}

static bool read_object(const cJSON *object, const char *prefix, struct fields *out, struct error *err)
{
	const cJSON *member;

	cJSON_ArrayForEach(member, object)
	{
		if (!read_member(member, prefix, out, err))
			return false;
	}
	return true;
}

bool fields_read_json(const char *body, size_t len, struct fields *out, struct error *err)
{
	AUTO(json_free) cJSON *json = NULL;

	if (!json_parse(body, len, &json, err))
		return false;
	return cJSON_IsObject(json) ? read_object(json, "", out, err)
	                            : error_set(err, ERR_INVALID, "the body has to be a JSON object");
}

static bool is_type(const char *content_type, const char *type)
{
	size_t len = strlen(type);

	return strncasecmp(content_type, type, len) == 0 &&
	       (!content_type[len] || content_type[len] == ';' || content_type[len] == ' ');
}

static bool is_xml(const char *content_type)
{
	return is_type(content_type, "application/atom+xml") || is_type(content_type, "application/xml") ||
	       is_type(content_type, "text/xml");
}

/* What a document means is for its handler to say. */
static bool read_body(const struct cgi_input *input, struct request *out, struct error *err)
{
	const char *type = param_or_empty(input, "CONTENT_TYPE");

	out->document = "";
	if (input->body_len == 0)
		return true;
	if (input->body_len > REQUEST_BODY_MAX)
		return error_set(err, ERR_TOO_LARGE, "the body is larger than %d bytes", REQUEST_BODY_MAX);
	if (is_type(type, "application/json"))
		return fields_read_json(input->body, input->body_len, &out->body, err);
	if (is_type(type, "application/x-www-form-urlencoded"))
		return read_pairs(&(struct pairs){.what = "the body"}, input->body, input->body_len, &out->body, err);
	if (is_xml(type)) {
		out->document = input->body;
		out->document_len = input->body_len;
		return true;
	}
	return error_set(err, ERR_INVALID,
	                 "Content-Type '%.60s': application/json or application/x-www-form-urlencoded is allowed", type);
}

bool fields_add(struct fields *fields, const char *name, const char *value, struct error *err)
{
	char *own_name = NULL;
	char *own_value = NULL;

	if (!text_copy(name, &own_name, err))
		return false;
	if (!text_copy(value, &own_value, err)) {
		free(own_name);
		return false;
	}
	return fields_take(fields, own_name, own_value, err);
}

/* ---- path and headers ---- */

/* PATH, *LEN bytes long, without BASE, with which it may begin: a server in front may or may not have taken it away. */
static const char *below_base(const char *path, size_t *len, const char *base)
{
	size_t base_len = strlen(base);

	if (*len < base_len || strncmp(path, base, base_len) != 0 || (*len > base_len && path[base_len] != '/'))
		return path;
	*len -= base_len;
	if (*len)
		return path + base_len;
	*len = 1;
	return "/";
}

/* No empty parts, no "." and "..": they would be another spelling of another path. */
static bool is_plain_path(const char *path)
{
	for (const char *part = path; *part == '/';) {
		size_t len = strcspn(++part, "/");

		if ((len == 0 && *part) || (len == 1 && part[0] == '.') || (len == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		part += len;
	}
	return path[0] == '/';
}

/* The decoded path without a slash at its end. An encoded slash counts as a slash. */
static bool read_path(const char *uri, const char *base, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(PATH_MAX_BYTES);
	size_t len = strcspn(uri, "?");

	uri = below_base(uri, &len, base);
	if (len > PATH_MAX_BYTES)
		return error_set(err, ERR_TOO_LARGE, "the path is longer than %d bytes", PATH_MAX_BYTES);
	if (!decode_into(&path, uri, len, false, "the path", err))
		return false;
	if (!is_plain_path(buf_text(&path)))
		return error_set(err, ERR_NOT_FOUND, "there is nothing at this address");
	if (path.len > 1 && path.data[path.len - 1] == '/')
		path.data[--path.len] = '\0';
	return buf_take(&path, out, err);
}

/* A host name or address with an optional port, and nothing that could mean something in a URL or a page. */
static bool is_host(const char *host)
{
	static const char name[] = TEXT_ALPHANUMERIC ".-_";
	size_t len = *host == '[' ? strspn(host + 1, "0123456789abcdefABCDEF:.") + 2 : strspn(host, name);

	if (len == 0 || len > HOST_MAX || (*host == '[' && host[len - 1] != ']'))
		return false;
	return !host[len] ||
	       (host[len] == ':' && host[len + 1] && strspn(host + len + 1, "0123456789") == strlen(host + len + 1));
}

static bool is_id(const char *id)
{
	size_t len = strlen(id);

	return len >= ID_MIN && len <= ID_MAX && strspn(id, TEXT_ALPHANUMERIC "-") == len;
}

static bool read_id(const char *id, char out[33], struct error *err)
{
	if (!id || !is_id(id))
		return crypto_random_hex(8, out, err);
	memcpy(out, id, strlen(id) + 1);
	return true;
}

static void read_headers(const struct cgi_input *input, struct request *out)
{
	out->method = method_of(param_or_empty(input, "REQUEST_METHOD"));
	out->is_preflight = out->method == METHOD_OPTIONS && cgi_param(input, "HTTP_ACCESS_CONTROL_REQUEST_METHOD");
	out->scheme = strcmp(param_or_empty(input, "REQUEST_SCHEME"), "https") == 0 ? "https" : "http";
	out->host = param_or_empty(input, "HTTP_HOST");
	if (!is_host(out->host))
		out->host = "";
	out->authorization = param_or_empty(input, "HTTP_AUTHORIZATION");
	out->cookies = param_or_empty(input, "HTTP_COOKIE");
	out->address = param_or_empty(input, "REMOTE_ADDR");
	out->origin = param_or_empty(input, "HTTP_ORIGIN");
	out->fetch_site = param_or_empty(input, "HTTP_SEC_FETCH_SITE");
	out->user_agent = param_or_empty(input, "HTTP_USER_AGENT");
	out->if_none_match = param_or_empty(input, "HTTP_IF_NONE_MATCH");
	out->hub_signature = param_or_empty(input, "HTTP_X_HUB_SIGNATURE");
	out->csrf_token = param_or_empty(input, "HTTP_X_CSRF_TOKEN");
	out->query_string = param_or_empty(input, "QUERY_STRING");
}

/* A form carries its token as a member, which is nothing for the handlers. */
static void take_form_token(struct request *out)
{
	struct fields *body = &out->body;

	for (size_t i = 0; i < body->count; i++) {
		struct field found = body->items[i];

		if (strcmp(found.name, "csrf_token") != 0)
			continue;
		out->form_token = found.value;
		if (!*out->csrf_token && found.value)
			out->csrf_token = found.value;
		free(found.name);
		body->count--;
		memmove(&body->items[i], &body->items[i + 1], (body->count - i) * sizeof(found));
		break;
	}
}

bool request_read(const struct cgi_input *input, const char *base_path, struct request *out, struct error *err)
{
	*out = (struct request){.route = ""};
	read_headers(input, out);
	if (!read_id(cgi_param(input, "REQUEST_ID"), out->id, err) ||
	    !read_path(param_or_empty(input, "REQUEST_URI"), base_path, &out->path, err) || !read_body(input, out, err))
		return false;
	take_form_token(out);
	return true;
}

void request_clear(struct request *request)
{
	fields_clear(&request->query);
	fields_clear(&request->captures);
	fields_clear(&request->body);
	free(request->path);
	free(request->form_token);
	*request = (struct request){0};
}

/* ---- parameters ---- */

bool request_int(const struct request *request, const char *name, int64_t min, int64_t max, int64_t *out, struct error *err)
{
	const char *value = fields_get(&request->query, name);

	if (!value || text_int(value, min, max, out))
		return true;
	return error_set_value(err, ERR_INVALID, name, value, "a whole number from %lld to %lld is allowed", (long long)min,
	                       (long long)max);
}

bool fields_allow_only(const struct fields *fields, const char *const names[], const char *what, struct error *err)
{
	for (size_t i = 0; i < fields->count; i++) {
		AUTO(buf_clear) struct buf allowed = BUF(sizeof(err->text));

		if (is_among(fields->items[i].name, names))
			continue;
		for (size_t n = 0; names[n]; n++)
			buf_printf(&allowed, "%s%s", n ? ", " : "", names[n]);
		error_set(err, ERR_INVALID, "there is no %s '%.40s'; allowed: %s", what, fields->items[i].name,
		          names[0] ? buf_text(&allowed) : "none");
		return error_about(err, fields->items[i].name);
	}
	return true;
}

bool request_read_query(struct request *request, const char *const names[], enum unknown_parameters unknown, struct error *err)
{
	const struct pairs pairs = {.what = "the query string", .only = unknown == UNKNOWN_IGNORED ? names : NULL};
	size_t len = strlen(request->query_string);

	if (len > REQUEST_QUERY_MAX)
		return error_set(err, ERR_TOO_LARGE, "the query string is longer than %d bytes", REQUEST_QUERY_MAX);
	return read_pairs(&pairs, request->query_string, len, &request->query, err) &&
	       (!names || fields_allow_only(&request->query, names, "parameter", err));
}
