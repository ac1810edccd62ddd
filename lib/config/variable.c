#include "config/variable.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/log.h"
#include "model/alerts/alert.h"
#include "model/loopback.h"
#include "base/text.h"
#include "base/text_list.h"
#include "base/utf8.h"
#include "config/database_url.h"
#include "model/key.h"
#include "model/query.h"

enum { TOKEN_MIN = 16, SMTP_URL_MAX = 500 };

/* How much of a wrong value an error shows. */
enum { SHOWN_BYTES = 60, SHOWN_SIZE = SHOWN_BYTES + sizeof("…") };

/* ---- checks ---- */

/* The beginning of a wrong value as it may be shown: no control characters, no broken UTF-8, and no key, should one have gone
 * into the wrong variable. */
static void show_value(const char *value, char out[SHOWN_SIZE])
{
	bool is_text = utf8_is_valid(value, strlen(value));
	const char *key = strstr(value, "AIza");
	size_t whole = key ? (size_t)(key - value) : strlen(value);
	size_t len = utf8_cut(value, whole < SHOWN_BYTES ? whole : SHOWN_BYTES);

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)value[i];
		out[i] = c < ' ' || c == 0x7F || (c > 0x7F && !is_text) ? '?' : value[i];
	}
	snprintf(out + len, SHOWN_SIZE - len, "%s", value[len] ? "…" : "");
}

/* "what is allowed", with variable and value before it */
static bool refuse(const struct variable *variable, const char *value, struct error *err, const char *allowed)
{
	char shown[SHOWN_SIZE];

	show_value(value, shown);
	return error_set(err, ERR_INVALID, "%s=%s: %s", variable->name, shown, allowed);
}

/* "127.0.0.1:8080", "[::1]:8080" or "localhost:8080" would not do for nginx's limits: addresses only. */
static bool is_listen_address(const char *value)
{
	unsigned char address[sizeof(struct in6_addr)];
	char host[INET6_ADDRSTRLEN + 2];
	const char *colon = strrchr(value, ':');
	int64_t port;

	if (!colon || !text_int(colon + 1, 1, 65535, &port) || (size_t)(colon - value) >= sizeof(host))
		return false;
	memcpy(host, value, (size_t)(colon - value));
	host[colon - value] = '\0';
	size_t len = strlen(host);
	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		return inet_pton(AF_INET6, host + 1, address) == 1;
	}
	return inet_pton(AF_INET, host, address) == 1;
}

/* "10.0.0.0/8", "::1" */
static bool is_network(const char *value)
{
	unsigned char address[sizeof(struct in6_addr)];
	char host[INET6_ADDRSTRLEN];
	size_t len = strcspn(value, "/");
	int64_t bits;

	if (len >= sizeof(host))
		return false;
	memcpy(host, value, len);
	host[len] = '\0';
	int max = inet_pton(AF_INET, host, address) == 1 ? 32 : inet_pton(AF_INET6, host, address) == 1 ? 128 : -1;
	return max > 0 && (!value[len] || text_int(value + len + 1, 0, max, &bits));
}

/* A URL as a base for others: no query, no fragment, no user, no blanks. */
static bool is_base_url(const char *value)
{
	const char *host = strncmp(value, "https://", 8) == 0 ? value + 8 : strncmp(value, "http://", 7) == 0 ? value + 7 : NULL;

	if (!host || !*host || *host == '/' || *host == ':' || strpbrk(host, "?#@\"'<>\\ ;{}$"))
		return false;
	for (const char *at = host; *at; at++)
		if (*at <= ' ' || *at > '~')
			return false;
	return true;
}

/* The key goes there: unreadable on the way, or not beyond this machine. */
static bool is_api_url(const char *value)
{
	static const char plain[] = "http://";

	return is_base_url(value) && (strncmp(value, plain, strlen(plain)) != 0 || url_is_loopback(value));
}

/* A user name may be an e-mail address, with its '@' as %40. */
static bool is_smtp_url(const char *value)
{
	static const char user[] = TEXT_ALPHANUMERIC "%.+_-";
	static const char host[] = TEXT_ALPHANUMERIC ".-_:[]";
	const char *rest = strncmp(value, "smtps://", 8) == 0 ? value + 8 : strncmp(value, "smtp://", 7) == 0 ? value + 7 : NULL;

	if (!rest)
		return false;
	if (strchr(rest, '@')) {
		size_t len = strspn(rest, user);
		if (len == 0 || rest[len] != '@')
			return false;
		rest += len + 1;
	}
	return *rest && strspn(rest, host) == strlen(rest) && strlen(value) < SMTP_URL_MAX;
}

/* A file name that may stand in nginx's configuration and in a shell word without quoting surprises. */
static bool is_folder(const char *value)
{
	return *value && !utf8_has_control(value) && !strpbrk(value, "\"'\\;{}$`");
}

/* ---- setting ---- */

static void strip_final_slashes(char *value)
{
	for (size_t len = strlen(value); len > 1 && value[len - 1] == '/'; len--)
		value[len - 1] = '\0';
}

static bool set_text(const struct variable *variable, char **slot, const char *value, struct error *err)
{
	if (!text_replace(slot, value, err))
		return error_wrap(err, "%s", variable->name);
	if (variable->type != VARIABLE_TOKEN && variable->type != VARIABLE_PASSWORD && variable->type != VARIABLE_DATABASE)
		strip_final_slashes(*slot);
	return true;
}

static bool set_number(const struct variable *variable, int64_t *slot, const char *value, struct error *err)
{
	char allowed[200];

	if (text_int(value, variable->min, variable->max, slot))
		return true;
	snprintf(allowed, sizeof(allowed), "a whole number from %lld to %lld is allowed%s%s", (long long)variable->min,
	         (long long)variable->max, variable->why_max ? ": " : "", variable->why_max ? variable->why_max : "");
	return refuse(variable, value, err, allowed);
}

static bool check_network(const char *network, struct error *err)
{
	return is_network(network) || error_set(err, ERR_INVALID, "a network such as 10.0.0.0/8 or ::1 is allowed");
}

/* "https://example.org:8443": a base URL that is nothing but scheme, host and port, for a header. */
static bool check_origin(const char *origin, struct error *err)
{
	return (is_base_url(origin) && !strchr(strstr(origin, "://") + strlen("://"), '/')) ||
	       error_set(err, ERR_INVALID, "an origin such as https://example.org is allowed, without a path");
}

static char separator_of(const struct variable *variable)
{
	return variable->type == VARIABLE_QUERIES ? ';' : ',';
}

/* Names the entry; a key by its place alone. */
static bool refuse_entry(const struct variable *variable, const struct text_list *list, size_t at, struct error *err)
{
	char shown[SHOWN_SIZE];

	if (err->code == ERR_UNPROCESSABLE)
		err->code = ERR_INVALID;
	if (variable->type == VARIABLE_KEYS)
		return error_wrap(err, "%s, entry %zu", variable->name, at + 1);
	show_value(list->items[at], shown);
	return error_wrap(err, "%s, entry %zu (%s)", variable->name, at + 1, shown);
}

static bool set_list(const struct variable *variable, struct text_list *slot, const char *value,
                     bool (*check)(const char *item, struct error *err), struct error *err)
{
	AUTO(text_list_clear) struct text_list list = {0};

	if (!text_list_split(value, separator_of(variable), &list, err))
		return error_wrap(err, "%s", variable->name);
	if (variable->type == VARIABLE_QUERIES && list.count > QUERY_COUNT_MAX)
		return error_set(err, ERR_INVALID, "%s: %zu queries, at most %d are allowed", variable->name, list.count,
		                 QUERY_COUNT_MAX);
	if (*value && list.count == 0)
		return refuse(variable, value, err, "it holds no entry; leave it empty, or name one");
	for (size_t i = 0; i < list.count; i++)
		if (!check(list.items[i], err))
			return refuse_entry(variable, &list, i, err);
	text_list_clear(slot);
	*slot = list;
	list = (struct text_list){0};
	return true;
}

static bool set_log_level(const struct variable *variable, enum log_level *slot, const char *value, struct error *err)
{
	for (enum log_level level = LOG_ERROR; level <= LOG_DEBUG; level++) {
		if (strcmp(log_level_name(level), value) == 0) {
			*slot = level;
			return true;
		}
	}
	return refuse(variable, value, err, "error, warn, info or debug are allowed");
}

static bool set_log_format(const struct variable *variable, enum log_format *slot, const char *value, struct error *err)
{
	for (enum log_format format = LOG_FORMAT_TEXT; format < LOG_FORMAT_COUNT; format++) {
		if (strcmp(log_format_name(format), value) == 0) {
			*slot = format;
			return true;
		}
	}
	return refuse(variable, value, err, "text or json are allowed");
}

static bool set_safe_search(const struct variable *variable, enum safe_search *slot, const char *value, struct error *err)
{
	for (enum safe_search s = SAFE_SEARCH_NONE; s < SAFE_SEARCH_COUNT; s++) {
		if (strcmp(safe_search_name(s), value) == 0) {
			*slot = s;
			return true;
		}
	}
	return refuse(variable, value, err, "none, moderate or strict are allowed");
}

static bool set_token(const struct variable *variable, char **slot, const char *value, struct error *err)
{
	if (*value && (strlen(value) < TOKEN_MIN || utf8_has_control(value)))
		return error_set(err, ERR_INVALID, "%s: at least %d characters without control characters are allowed",
		                 variable->name, TOKEN_MIN);
	return set_text(variable, slot, value, err);
}

static bool set_checked(const struct variable *variable, char **slot, const char *value, bool is_allowed, const char *allowed,
                        struct error *err)
{
	return is_allowed ? set_text(variable, slot, value, err) : refuse(variable, value, err, allowed);
}

bool variable_set(const struct variable *variable, void *slot, const char *value, struct error *err)
{
	switch (variable->type) {
	case VARIABLE_NUMBER:
		return set_number(variable, slot, value, err);
	case VARIABLE_LOG_LEVEL:
		return set_log_level(variable, slot, value, err);
	case VARIABLE_LOG_FORMAT:
		return set_log_format(variable, slot, value, err);
	case VARIABLE_SAFE_SEARCH:
		return set_safe_search(variable, slot, value, err);
	case VARIABLE_KEYS:
		return set_list(variable, slot, value, key_check, err);
	case VARIABLE_QUERIES:
		return set_list(variable, slot, value, query_check, err);
	case VARIABLE_NETWORKS:
		return set_list(variable, slot, value, check_network, err);
	case VARIABLE_ORIGINS:
		return set_list(variable, slot, value, check_origin, err);
	case VARIABLE_FOLDER:
	case VARIABLE_FOLDER_OR_EMPTY:
		return set_checked(variable, slot, value,
		                   is_folder(value) || (!*value && variable->type == VARIABLE_FOLDER_OR_EMPTY),
		                   "the path of a folder is allowed, without quotes, \\ ; { } $ and `", err);
	case VARIABLE_LISTEN:
		return set_checked(variable, slot, value, is_listen_address(value),
		                   "ADDRESS:PORT is allowed, such as 127.0.0.1:8080 or [::]:8080", err);
	case VARIABLE_URL:
	case VARIABLE_URL_OR_EMPTY:
		if (strchr(value, '@')) /* what stands before it may be a password: it is not shown */
			return error_set(err, ERR_INVALID, "%s: a URL without user name and password is allowed", variable->name);
		if (variable->type == VARIABLE_URL)
			return set_checked(
			    variable, slot, value, is_api_url(value),
			    "an https:// URL without '?' and '#' is allowed, http:// only for this machine (127.0.0.1)", err);
		return set_checked(variable, slot, value, is_base_url(value) || !*value,
		                   "an http:// or https:// URL without '?' and '#' is allowed", err);
	case VARIABLE_SMTP_URL:
		return set_checked(variable, slot, value, is_smtp_url(value) || !*value,
		                   "smtps://USER@HOST or smtp://HOST:PORT is allowed, the password in NEWSREEL_SMTP_PASSWORD",
		                   err);
	case VARIABLE_EMAIL:
		return set_checked(variable, slot, value, email_is_valid(value) || !*value, "an e-mail address is allowed", err);
	case VARIABLE_DATABASE: /* it may hold a password: it is not shown */
		if (*value && !database_url_is_valid(value))
			return error_set(err, ERR_INVALID,
			                 "%s: postgresql://USER:PASSWORD@HOST/NAME is allowed, or nothing; in a password %%40 "
			                 "for '@', %%2F for '/', %%25 for '%%'",
			                 variable->name);
		return set_text(variable, slot, value, err);
	case VARIABLE_PASSWORD:
		if (utf8_has_control(value))
			return error_set(err, ERR_INVALID, "%s: a text without control characters is allowed", variable->name);
		return set_text(variable, slot, value, err);
	case VARIABLE_TOKEN:
		return set_token(variable, slot, value, err);
	}
	return error_set(err, ERR_INTERNAL, "%s has no type", variable->name);
}

/* ---- showing ---- */

static void print_list(const struct variable *variable, const struct text_list *list, FILE *to)
{
	for (size_t i = 0; i < list->count; i++) {
		char mask[CRYPTO_MASK_SIZE];

		if (i)
			fputc(separator_of(variable), to);
		if (variable->type == VARIABLE_KEYS)
			crypto_mask(list->items[i], mask);
		fputs(variable->type == VARIABLE_KEYS ? mask : list->items[i], to);
	}
}

void variable_print(const struct variable *variable, const void *slot, FILE *to)
{
	switch (variable->type) {
	case VARIABLE_NUMBER:
		fprintf(to, "%lld", (long long)*(const int64_t *)slot);
		break;
	case VARIABLE_LOG_LEVEL:
		fputs(log_level_name(*(const enum log_level *)slot), to);
		break;
	case VARIABLE_LOG_FORMAT:
		fputs(log_format_name(*(const enum log_format *)slot), to);
		break;
	case VARIABLE_SAFE_SEARCH:
		fputs(safe_search_name(*(const enum safe_search *)slot), to);
		break;
	case VARIABLE_KEYS:
	case VARIABLE_QUERIES:
	case VARIABLE_NETWORKS:
	case VARIABLE_ORIGINS:
		print_list(variable, slot, to);
		break;
	case VARIABLE_FOLDER:
	case VARIABLE_FOLDER_OR_EMPTY:
	case VARIABLE_LISTEN:
	case VARIABLE_URL:
	case VARIABLE_URL_OR_EMPTY:
	case VARIABLE_SMTP_URL:
	case VARIABLE_EMAIL:
		fputs(*(char *const *)slot, to);
		break;
	case VARIABLE_DATABASE:
	case VARIABLE_PASSWORD:
	case VARIABLE_TOKEN:
		fputs(**(char *const *)slot ? "…" : "", to);
		break;
	}
	fputc('\n', to);
}
