#include "config/config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "config/dotenv.h"
#include "config/variable.h"
#include "model/loopback.h"

enum { FILE_MAX_BYTES = 256 * 1024, NAME_MAX_BYTES = 64, MISTAKES_MAX = 3 };

extern char **environ;

#define ROW(variable, kind, member, ...)                                                                                         \
	{                                                                                                                        \
		.name = variable, .type = VARIABLE_##kind, .at = offsetof(struct config, member), __VA_ARGS__                    \
	}

static const struct variable variables[] = {
    ROW("YOUTUBE_API_KEYS", KEYS, api_keys, .meaning = "API keys of the YouTube Data API, comma-separated"),
    ROW("NEWSREEL_QUERIES", QUERIES, queries,
        .meaning = "queries to track, ;-separated: searches, or channels such as @NASA (without any query: rocket launch)"),
    ROW("NEWSREEL_INTERVAL", NUMBER, interval_s, .min = 5, .max = 86400, .initial = "60", .meaning = "seconds between runs"),
    ROW("NEWSREEL_LISTEN", LISTEN, listen, .initial = "127.0.0.1:8080", .meaning = "address of nginx, IPv6 as [::]:8080"),
    ROW("NEWSREEL_DATA", FOLDER, data, .initial = "./data", .meaning = "folder of database and admin token"),
    ROW("NEWSREEL_DATABASE", DATABASE, database,
        .meaning = "postgresql:// URL of the database in place of a file there, for several machines"),
    ROW("NEWSREEL_ADMIN_TOKEN", TOKEN, admin_token,
        .meaning = "admin token for writes (created at the first start, file admin-token of the data folder)"),
    ROW("NEWSREEL_METRICS_TOKEN", TOKEN, metrics_token, .meaning = "token of monitoring: all of /metrics, and nothing else"),
    ROW("NEWSREEL_PUBLIC_URL", URL_OR_EMPTY, public_url, .meaning = "base URL of absolute links, may have a path"),
    ROW("NEWSREEL_TRUSTED_PROXIES", NETWORKS, trusted_proxies,
        .meaning = "networks whose X-Forwarded-For counts, comma-separated"),
    ROW("NEWSREEL_EMBED_ORIGINS", ORIGINS, embed_origins,
        .meaning = "sites whose pages may show /embed in a frame, such as https://example.org, comma-separated"),
    ROW("NEWSREEL_START_DAYS", NUMBER, start_days, .min = 1, .max = 3650, .initial = "7",
        .meaning = "how many days before its creation a new query covers"),
    ROW("NEWSREEL_VISITOR_QUERIES", NUMBER, visitor_queries, .min = 0, .max = 1000, .initial = "20",
        .meaning = "visitor requests tracked at a time; 0 = none"),
    ROW("NEWSREEL_VISITOR_SAFE_SEARCH", SAFE_SEARCH, visitor_safe_search, .initial = "moderate",
        .meaning = "what visitor requests find: none, moderate or strict of YouTube's safeSearch"),
    ROW("NEWSREEL_SCOUTS", NUMBER, scouts, .min = 0, .max = 1, .initial = "0",
        .meaning = "1 = quiet queries of one word or phrase also share searches"),
    ROW("NEWSREEL_PAGE_SIZE", NUMBER, page_size, .min = 1, .max = 100, .initial = "20", .meaning = "videos per page"),
    ROW("NEWSREEL_SEARCHES_PER_DAY", NUMBER, searches_per_day, .min = 0, .max = SEARCHES_PER_DAY_MAX, .initial = "100",
        .meaning = "daily searches of a project"),
    ROW("NEWSREEL_UNITS_PER_DAY", NUMBER, units_per_day, .min = 0, .max = UNITS_PER_DAY_MAX, .initial = "10000",
        .meaning = "daily units of a project"),
    ROW("NEWSREEL_REFRESH_DAYS", NUMBER, refresh_days, .min = 1, .max = 30, .initial = "25",
        .meaning = "re-check every video within this many days"),
    ROW("NEWSREEL_KEEP_DAYS", NUMBER, keep_days, .min = 0, .max = QUERY_KEEP_DAYS_MAX, .initial = "0",
        .meaning = "remove videos so many days after publication, unless their query says otherwise; 0 = never"),
    ROW("NEWSREEL_KEEP_VIDEOS", NUMBER, keep_videos, .min = 0, .max = 1000000000, .initial = "0",
        .meaning = "remove the oldest videos above this number; 0 = never"),
    ROW("NEWSREEL_THREADS", NUMBER, threads, .min = 1, .max = 256, .initial = "8", .meaning = "threads of the web program"),
    ROW("NEWSREEL_LOG", LOG_LEVEL, log_level, .initial = "info", .meaning = "error, warn, info or debug"),
    ROW("NEWSREEL_LOG_FORMAT", LOG_FORMAT, log_format, .initial = "text",
        .meaning = "text, or json: one object a line, with a line for every request"),
    ROW("YOUTUBE_API_URL", URL, api_url, .initial = "https://www.googleapis.com/youtube/v3",
        .meaning = "base URL of the Data API; https, or http on this machine"),
    ROW("NEWSREEL_PUSH", NUMBER, push, .min = 0, .max = 1, .initial = "1",
        .meaning = "0 = no push notifications of followed channels, be NEWSREEL_PUBLIC_URL https or not"),
    ROW("NEWSREEL_HUB_URL", URL, hub_url, .initial = "https://pubsubhubbub.appspot.com/subscribe",
        .meaning = "WebSub hub, which pushes new videos of followed channels to an https NEWSREEL_PUBLIC_URL"),
    ROW("NEWSREEL_RSS", NUMBER, rss, .min = 0, .max = 1, .initial = "0",
        .meaning = "1 = read the RSS feeds of followed channels too"),
    ROW("NEWSREEL_RSS_URL", URL, rss_url, .initial = "https://www.youtube.com/feeds/videos.xml",
        .meaning = "URL of these feeds; https, or http on this machine"),
    ROW("NEWSREEL_SMTP_URL", SMTP_URL, smtp_url,
        .meaning = "mail server of alerts: smtps://USER@HOST, or smtp://HOST:587 with STARTTLS"),
    ROW("NEWSREEL_SMTP_PASSWORD", PASSWORD, smtp_password, .meaning = "its password"),
    ROW("NEWSREEL_MAIL_FROM", EMAIL, mail_from, .meaning = "sender of alerts by e-mail"),
    ROW("NEWSREEL_ALERTS_PRIVATE", NUMBER, alerts_private, .min = 0, .max = 1, .initial = "0",
        .meaning = "1 = alerts may be sent to private addresses and this machine, and by http"),
    ROW("NEWSREEL_BACKUP_DIR", FOLDER_OR_EMPTY, backup_dir,
        .meaning = "folder of a backup a day, made by newsreel-fetch --daily-backup"),
    ROW("NEWSREEL_BACKUP_KEEP", NUMBER, backup_keep, .min = 1, .max = 30, .initial = "7", .meaning = "how many of them are kept"),
    ROW("NEWSREEL_BACKUP_AGE_DAYS", NUMBER, backup_age_days, .min = 1, .max = 30, .initial = "30",
        .why_max = "YouTube's rules let nobody keep copies of its data for longer than 30 days",
        .meaning = "how many days they are kept at most"),
};

enum { VARIABLE_COUNT = sizeof(variables) / sizeof(variables[0]) };

/* An empty value stands for the default, as in `docker run -e NAME=`. */
static bool set(const struct variable *variable, struct config *config, const char *value, struct error *err)
{
	if (!value || !*value)
		value = variable->initial ? variable->initial : "";
	return variable_set(variable, (char *)config + variable->at, value, err);
}

/* ---- reading ---- */

static void name_file_variable(const struct variable *variable, char out[NAME_MAX_BYTES])
{
	snprintf(out, NAME_MAX_BYTES, "%s_FILE", variable->name);
}

/* Sets the variable to the content of the file at PATH, without white space at its end. */
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
	return set(variable, config, value, err);
}

static bool set_one(const struct variable *variable, const struct dotenv *dotenv, struct config *config, struct error *err)
{
	char file_variable[NAME_MAX_BYTES];

	name_file_variable(variable, file_variable);
	const char *value = getenv(variable->name);
	const char *file = getenv(file_variable);
	if (!value && !file) {
		value = dotenv_get(dotenv, variable->name);
		file = dotenv_get(dotenv, file_variable);
	}
	if (value && *value && file && *file)
		return error_set(err, ERR_INVALID, "%s and %s are both set: one is allowed", variable->name, file_variable);
	return file && *file ? set_from_file(variable, config, file, err) : set(variable, config, value, err);
}

static bool is_known(const char *name)
{
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		char file_variable[NAME_MAX_BYTES];

		name_file_variable(&variables[i], file_variable);
		if (strcmp(name, variables[i].name) == 0 || strcmp(name, file_variable) == 0)
			return true;
	}
	return false;
}

/* Names that look like ours but are not known; others are somebody else's, such as compose's. */
static bool is_mistaken(const char *name)
{
	return (strncmp(name, "NEWSREEL_", 9) == 0 || strncmp(name, "YOUTUBE_", 8) == 0) && !is_known(name);
}

/* The error that there is no variable NAME, with the one that may be meant. Returns false. */
static bool no_variable(const char *name, struct error *err)
{
	const char *nearest = NULL;
	size_t distance = MISTAKES_MAX + 1;

	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		size_t to_this = text_distance(name, variables[i].name);

		if (to_this < distance) {
			distance = to_this;
			nearest = variables[i].name;
		}
	}
	return nearest ? error_set(err, ERR_INVALID, "there is no variable %.60s; the nearest is %s", name, nearest)
	               : error_set(err, ERR_INVALID, "there is no variable %.60s; newsreel-fetch --help lists all", name);
}

static bool check_dotenv(const struct dotenv *dotenv, const char *path, struct error *err)
{
	for (size_t i = 0; i < dotenv->count; i++)
		if (is_mistaken(dotenv->entries[i].name)) {
			no_variable(dotenv->entries[i].name, err);
			return error_wrap(err, "%s, line %d", path, dotenv->entries[i].line);
		}
	return true;
}

/* The environment is also that of other programs, and may come from far above: a warning. */
static bool check_environment(struct config *config, struct error *err)
{
	char name[NAME_MAX_BYTES];
	struct error why;

	for (char *const *variable = environ; variable && *variable; variable++) {
		size_t len = strcspn(*variable, "=");

		if (len >= sizeof(name))
			continue;
		memcpy(name, *variable, len);
		name[len] = '\0';
		if (!is_mistaken(name) || no_variable(name, &why))
			continue;
		error_wrap(&why, "environment");
		if (!text_list_add(&config->warnings, why.text, err))
			return false;
	}
	return true;
}

bool config_load(const char *path, struct config *out, struct error *err)
{
	AUTO(dotenv_clear) struct dotenv dotenv = {0};
	AUTO(config_clear) struct config config = {0};

	if (!dotenv_read(path, &dotenv, err) || !check_dotenv(&dotenv, path, err) || !check_environment(&config, err))
		return false;
	for (size_t i = 0; i < VARIABLE_COUNT; i++)
		if (!set_one(&variables[i], &dotenv, &config, err))
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
	text_list_clear(&config->embed_origins);
	text_list_clear(&config->warnings);
	free(config->listen);
	free(config->data);
	free(config->database);
	free(config->admin_token);
	free(config->metrics_token);
	free(config->public_url);
	free(config->api_url);
	free(config->hub_url);
	free(config->rss_url);
	free(config->smtp_url);
	free(config->smtp_password);
	free(config->mail_from);
	free(config->backup_dir);
	*config = (struct config){0};
}

/* ---- showing ---- */

bool config_database(const struct config *config, struct buf *out, struct error *err)
{
	if (*config->database)
		buf_add_text(out, config->database);
	else
		buf_printf(out, "%s/newsreel.db", config->data);
	return buf_ok(out, err);
}

bool config_print(const struct config *config, const char *name, FILE *to, struct error *err)
{
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		if (strcmp(variables[i].name, name) == 0) {
			variable_print(&variables[i], (const char *)config + variables[i].at, to);
			return true;
		}
	}
	return no_variable(name, err);
}

void config_print_help(FILE *to)
{
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		fprintf(to, "  %-28s %s", variables[i].name, variables[i].meaning);
		if (variables[i].initial)
			fprintf(to, " (%s)", variables[i].initial);
		fputc('\n', to);
	}
}

const char *config_push_base(const struct config *config)
{
	static const char secure[] = "https://";
	bool reachable = strncmp(config->public_url, secure, strlen(secure)) == 0 ||
	                 (url_is_loopback(config->public_url) && url_is_loopback(config->hub_url));

	return config->push && reachable ? config->public_url : NULL;
}

bool config_has_mail(const struct config *config)
{
	return *config->smtp_url && *config->mail_from;
}

struct quota_defaults config_quota_defaults(const struct config *config)
{
	return (struct quota_defaults){
	    .per_day = {[BUCKET_SEARCHES] = config->searches_per_day, [BUCKET_UNITS] = config->units_per_day}};
}
