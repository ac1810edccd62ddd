#include "config/config.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/crypto.h"
#include "model/query.h"

enum { FILE_MAX_BYTES = 256 * 1024, NAME_MAX_BYTES = 64, TOKEN_MIN = 16 };

/* How much of a wrong value an error shows. */
enum { SHOWN_BYTES = 60, SHOWN_SIZE = SHOWN_BYTES + sizeof("…") };

enum type { NUMBER, FOLDER, LISTEN, URL_OR_EMPTY, URL, KEYS, QUERIES, NETWORKS, TOKEN, LOG_LEVEL };

struct variable {
	const char *name;
	enum type type;
	size_t at; /* of the member in struct config */
	int64_t min, max;
	const char *initial;
	const char *meaning;
};

#define MEMBER(name) offsetof(struct config, name)

static const struct variable variables[] = {
    {"YOUTUBE_API_KEYS", KEYS, MEMBER(api_keys), 0, 0, "", "keys of the YouTube Data API, comma-separated"},
    {"NEWSREEL_QUERIES", QUERIES, MEMBER(queries), 0, 0, "",
     "searches to track, ;-separated (rocket launch while there is no query at all)"},
    {"NEWSREEL_INTERVAL", NUMBER, MEMBER(interval_s), 5, 86400, "60", "seconds between ticks of the schedule"},
    {"NEWSREEL_LISTEN", LISTEN, MEMBER(listen), 0, 0, "127.0.0.1:8080", "address of nginx, IPv6 as [::]:8080"},
    {"NEWSREEL_DATA", FOLDER, MEMBER(data), 0, 0, "./data", "folder of database, token, backups"},
    {"NEWSREEL_ADMIN_TOKEN", TOKEN, MEMBER(admin_token), 0, 0, "",
     "token for writes (made at first start in the data folder, file admin-token)"},
    {"NEWSREEL_PUBLIC_URL", URL_OR_EMPTY, MEMBER(public_url), 0, 0, "", "base of absolute links, may have a path"},
    {"NEWSREEL_TRUSTED_PROXIES", NETWORKS, MEMBER(trusted_proxies), 0, 0, "",
     "networks whose X-Forwarded-For counts, comma-separated"},
    {"NEWSREEL_START_DAYS", NUMBER, MEMBER(start_days), 1, 3650, "7", "how many days back a new query begins"},
    {"NEWSREEL_VISITOR_QUERIES", NUMBER, MEMBER(visitor_queries), 0, 1000, "20",
     "how many searches typed by visitors may be tracked at a time; 0 = none"},
    {"NEWSREEL_PAGE_SIZE", NUMBER, MEMBER(page_size), 1, 100, "20", "videos on a page"},
    {"NEWSREEL_SEARCHES_PER_DAY", NUMBER, MEMBER(searches_per_day), 0, SEARCHES_PER_DAY_MAX, "100",
     "searches one project may make in a day"},
    {"NEWSREEL_UNITS_PER_DAY", NUMBER, MEMBER(units_per_day), 0, UNITS_PER_DAY_MAX, "10000",
     "units one project may spend in a day"},
    {"NEWSREEL_REFRESH_DAYS", NUMBER, MEMBER(refresh_days), 1, 30, "25", "re-check every video within so many days"},
    {"NEWSREEL_THREADS", NUMBER, MEMBER(threads), 1, 256, "8", "threads of the web program"},
    {"NEWSREEL_LOG", LOG_LEVEL, MEMBER(log_level), 0, 0, "info", "error, warn, info or debug"},
    {"YOUTUBE_API_URL", URL, MEMBER(api_url), 0, 0, "https://www.googleapis.com/youtube/v3", "base of the Data API"},
};

enum { VARIABLE_COUNT = sizeof(variables) / sizeof(variables[0]) };

static const char *const log_levels[] = {[LOG_ERROR] = "error", [LOG_WARN] = "warn", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};

enum { LOG_LEVEL_COUNT = sizeof(log_levels) / sizeof(log_levels[0]) };

static const struct variable *variable_find(const char *name)
{
	for (size_t i = 0; i < VARIABLE_COUNT; i++)
		if (strcmp(variables[i].name, name) == 0)
			return &variables[i];
	return NULL;
}

/* ---- checks ---- */

/* The beginning of a wrong value as it may be shown: no control characters, no broken UTF-8, and no key, should one have gone
 * into the wrong variable. */
static void show_value(const char *value, char out[SHOWN_SIZE])
{
	bool is_text = text_is_utf8(value, strlen(value));
	const char *key = strstr(value, "AIza");
	size_t whole = key ? (size_t)(key - value) : strlen(value);
	size_t len = whole < SHOWN_BYTES ? whole : SHOWN_BYTES;

	while (len && ((unsigned char)value[len] & 0xC0) == 0x80)
		len--;
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

/* A file name that may stand in nginx's configuration and in a shell word without quoting surprises. */
static bool is_folder(const char *value)
{
	return *value && !text_has_control(value) && !strpbrk(value, "\"'\\;{}$`");
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
	if (variable->type != TOKEN)
		strip_final_slashes(*slot);
	return true;
}

static bool set_number(const struct variable *variable, int64_t *slot, const char *value, struct error *err)
{
	char allowed[80];

	if (text_int(value, variable->min, variable->max, slot))
		return true;
	snprintf(allowed, sizeof(allowed), "a whole number from %lld to %lld is allowed", (long long)variable->min,
	         (long long)variable->max);
	return refuse(variable, value, err, allowed);
}

static bool check_networks(const char *network, struct error *err)
{
	return is_network(network) || error_set(err, ERR_INVALID, "a network such as 10.0.0.0/8 or ::1 is allowed");
}

/* Names the culprit; a key by its place alone. */
static bool refuse_entry(const struct variable *variable, const struct text_list *list, size_t at, struct error *err)
{
	char shown[SHOWN_SIZE];

	if (variable->type == KEYS)
		return error_wrap(err, "%s, entry %zu", variable->name, at + 1);
	show_value(list->items[at], shown);
	return error_wrap(err, "%s, entry %zu (%s)", variable->name, at + 1, shown);
}

static bool set_list(const struct variable *variable, struct text_list *slot, const char *value, struct error *err)
{
	bool (*check)(const char *, struct error *) = variable->type == KEYS      ? key_check
	                                              : variable->type == QUERIES ? query_check
	                                                                          : check_networks;
	AUTO(text_list_clear) struct text_list list = {0};

	if (!text_list_split(value, variable->type == QUERIES ? ';' : ',', &list, err))
		return error_wrap(err, "%s", variable->name);
	if (variable->type == QUERIES && list.count > QUERY_COUNT_MAX)
		return error_set(err, ERR_INVALID, "%s: %zu queries, at most %d are allowed", variable->name, list.count,
		                 QUERY_COUNT_MAX);
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
	for (size_t i = 0; i < LOG_LEVEL_COUNT; i++) {
		if (strcmp(log_levels[i], value) == 0) {
			*slot = (enum log_level)i;
			return true;
		}
	}
	return refuse(variable, value, err, "error, warn, info or debug are allowed");
}

static bool set_token(const struct variable *variable, char **slot, const char *value, struct error *err)
{
	if (*value && (strlen(value) < TOKEN_MIN || text_has_control(value)))
		return error_set(err, ERR_INVALID, "%s: at least %d characters without control characters are allowed",
		                 variable->name, TOKEN_MIN);
	return set_text(variable, slot, value, err);
}

static bool set(const struct variable *variable, struct config *config, const char *value, struct error *err)
{
	void *slot = (char *)config + variable->at;

	switch (variable->type) {
	case NUMBER:
		return set_number(variable, slot, value, err);
	case KEYS:
	case QUERIES:
	case NETWORKS:
		return set_list(variable, slot, value, err);
	case LOG_LEVEL:
		return set_log_level(variable, slot, value, err);
	case TOKEN:
		return set_token(variable, slot, value, err);
	case FOLDER:
		return is_folder(value)
		           ? set_text(variable, slot, value, err)
		           : refuse(variable, value, err, "the path of a folder is allowed, without quotes, \\ ; { } $ and `");
	case LISTEN:
		return is_listen_address(value)
		           ? set_text(variable, slot, value, err)
		           : refuse(variable, value, err, "ADDRESS:PORT is allowed, such as 127.0.0.1:8080 or [::]:8080");
	case URL_OR_EMPTY:
	case URL:
		return is_base_url(value) || (!*value && variable->type == URL_OR_EMPTY)
		           ? set_text(variable, slot, value, err)
		           : refuse(variable, value, err, "an http:// or https:// URL without '?' and '#' is allowed");
	}
	return error_set(err, ERR_INTERNAL, "%s has no type", variable->name);
}

/* ---- reading ---- */

/* Cuts blanks at both ends, in place. */
static char *trim(char *text)
{
	text += strspn(text, " \t");
	size_t len = strlen(text);
	while (len && strchr(" \t\r", text[len - 1]))
		text[--len] = '\0';
	return text;
}

/* The values of one `.env`, by position in the table; a second row for NAME_FILE. */
struct dotenv {
	char *values[VARIABLE_COUNT];
	char *files[VARIABLE_COUNT];
};

static void dotenv_clear(struct dotenv *dotenv)
{
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		free(dotenv->values[i]);
		free(dotenv->files[i]);
	}
}

static bool is_ours(const char *name)
{
	return strncmp(name, "NEWSREEL_", 9) == 0 || strncmp(name, "YOUTUBE_", 8) == 0;
}

static bool dotenv_set(struct dotenv *dotenv, const char *name, const char *value, struct error *err)
{
	char base[NAME_MAX_BYTES];
	size_t len = strlen(name);
	bool file = len > 5 && strcmp(name + len - 5, "_FILE") == 0;

	snprintf(base, sizeof(base), "%.*s", (int)(file ? len - 5 : len), name);
	const struct variable *variable = variable_find(base);
	if (variable)
		return text_replace(file ? &dotenv->files[variable - variables] : &dotenv->values[variable - variables], value,
		                    err);
	if (is_ours(name))
		return error_set(err, ERR_INVALID, "there is no variable %.60s", name);
	return true; /* somebody else's, compose's say */
}

/* "export NAME" and a byte order mark are no names: they would hide the variable. */
static bool is_name(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

	return *text && !text[strspn(text, allowed)];
}

static bool dotenv_line(struct dotenv *dotenv, char *line, struct error *err)
{
	line = trim(line);
	if (!*line || *line == '#')
		return true;
	char *equals = strchr(line, '=');
	if (equals)
		*equals = '\0';
	char *name = trim(line);
	if (!equals || !is_name(name))
		return error_set(err, ERR_INVALID, "NAME=value is allowed, or a line that begins with #");
	return dotenv_set(dotenv, name, trim(equals + 1), err);
}

static bool dotenv_read(const char *path, struct dotenv *dotenv, struct error *err)
{
	AUTO(buf_clear) struct buf content = BUF(FILE_MAX_BYTES);
	int number = 0;

	if (!file_read(path, &content, err))
		return err->code == ERR_NOT_FOUND;
	if (!text_is_utf8(buf_text(&content), content.len))
		return error_set(err, ERR_INVALID, "%s: not a text in UTF-8", path);
	for (char *line = content.data; line && *line;) {
		char *end = line + strcspn(line, "\n");
		char *next = *end ? end + 1 : end;

		*end = '\0';
		number++;
		if (!dotenv_line(dotenv, line, err))
			return error_wrap(err, "%s, line %d", path, number);
		line = next;
	}
	return true;
}

/* The content of the file that NAME_FILE names, without blanks and newlines at its end; an empty one gives the default. */
static bool set_from_file(const struct variable *variable, struct config *config, const char *path, struct error *err)
{
	AUTO(buf_clear) struct buf content = BUF(FILE_MAX_BYTES);
	AUTO(text_free) char *value = NULL;

	if (!file_read(path, &content, err)) {
		err->code = err->code == ERR_NO_MEMORY ? ERR_NO_MEMORY : ERR_INVALID;
		return error_wrap(err, "%s_FILE", variable->name);
	}
	size_t len = content.len;
	if (!buf_take(&content, &value, err))
		return false;
	if (strlen(value) != len)
		return error_set(err, ERR_INVALID, "%s_FILE=%.100s: a text without NUL is allowed", variable->name, path);
	while (len && strchr(" \t\r\n", value[len - 1]))
		value[--len] = '\0';
	return set(variable, config, *value ? value : variable->initial, err);
}

static bool set_one(const struct variable *variable, const struct dotenv *dotenv, struct config *config, struct error *err)
{
	char file_variable[NAME_MAX_BYTES];
	size_t i = (size_t)(variable - variables);

	snprintf(file_variable, sizeof(file_variable), "%s_FILE", variable->name);
	const char *value = getenv(variable->name);
	const char *file = getenv(file_variable);
	if (!value && !file) {
		value = dotenv->values[i];
		file = dotenv->files[i];
	}
	if (value && *value && file && *file)
		return error_set(err, ERR_INVALID, "%s and %s are both set: one is allowed", variable->name, file_variable);
	if (file && *file)
		return set_from_file(variable, config, file, err);
	/* An empty value stands for the default, as in `docker run -e NAME=`. */
	return set(variable, config, value && *value ? value : variable->initial, err);
}

bool config_load(const char *dotenv, struct config *out, struct error *err)
{
	AUTO(dotenv_clear) struct dotenv values = {0};
	AUTO(config_clear) struct config config = {0};

	if (!dotenv_read(dotenv, &values, err))
		return false;
	for (size_t i = 0; i < VARIABLE_COUNT; i++)
		if (!set_one(&variables[i], &values, &config, err))
			return false;
	*out = config;
	config = (struct config){0};
	return true;
}

void config_clear(struct config *config)
{
	text_list_clear(&config->api_keys);
	text_list_clear(&config->queries);
	text_list_clear(&config->trusted_proxies);
	free(config->listen);
	free(config->data);
	free(config->admin_token);
	free(config->public_url);
	free(config->api_url);
	*config = (struct config){0};
}

/* ---- showing ---- */

static void print_list(const struct variable *variable, const struct text_list *list, FILE *to)
{
	for (size_t i = 0; i < list->count; i++) {
		char mask[CRYPTO_MASK_SIZE];

		if (variable->type == KEYS)
			crypto_mask(list->items[i], mask);
		fprintf(to, "%s%s", i ? (variable->type == QUERIES ? ";" : ",") : "",
		        variable->type == KEYS ? mask : list->items[i]);
	}
	fputc('\n', to);
}

bool config_print(const struct config *config, const char *name, FILE *to, struct error *err)
{
	const struct variable *variable = variable_find(name);

	if (!variable)
		return error_set(err, ERR_INVALID, "there is no variable %.60s", name);
	const void *slot = (const char *)config + variable->at;
	switch (variable->type) {
	case NUMBER:
		fprintf(to, "%lld\n", (long long)*(const int64_t *)slot);
		break;
	case KEYS:
	case QUERIES:
	case NETWORKS:
		print_list(variable, slot, to);
		break;
	case LOG_LEVEL:
		fprintf(to, "%s\n", log_levels[*(const enum log_level *)slot]);
		break;
	case TOKEN:
		fprintf(to, "%s\n", **(char *const *)slot ? "…" : "");
		break;
	case FOLDER:
	case LISTEN:
	case URL_OR_EMPTY:
	case URL:
		fprintf(to, "%s\n", *(char *const *)slot);
		break;
	}
	return true;
}

void config_print_help(FILE *to)
{
	for (size_t i = 0; i < VARIABLE_COUNT; i++)
		fprintf(to, "  %-26s %s%s%s%s\n", variables[i].name, variables[i].meaning, *variables[i].initial ? " (" : "",
		        variables[i].initial, *variables[i].initial ? ")" : "");
}

struct quota_defaults config_quota_defaults(const struct config *config)
{
	return (struct quota_defaults){
	    .per_day = {[BUCKET_SEARCHES] = config->searches_per_day, [BUCKET_UNITS] = config->units_per_day}};
}
