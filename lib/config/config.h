/*
 * The configuration: environment variables, filled up from `.env`, checked at start.
 *
 * One table in config.c holds name, type, bounds, default and meaning of every variable. A wrong value is an error that
 * names variable, value and what is allowed; nothing is silently corrected.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text_list.h"
#include "model/key.h"
#include "model/query.h"

struct config {
	struct text_list api_keys;            /* YOUTUBE_API_KEYS */
	struct text_list queries;             /* NEWSREEL_QUERIES */
	int64_t interval_s;                   /* NEWSREEL_INTERVAL */
	char *listen;                         /* NEWSREEL_LISTEN */
	char *data;                           /* NEWSREEL_DATA, without a slash at the end */
	char *database;                       /* NEWSREEL_DATABASE, a URL; "" = a file in the data folder */
	char *database_read;                  /* NEWSREEL_DATABASE_READ, a URL; "" = that is read as well */
	char *admin_token;                    /* NEWSREEL_ADMIN_TOKEN; "" = the one in the data folder */
	char *metrics_token;                  /* NEWSREEL_METRICS_TOKEN; "" = none */
	char *public_url;                     /* NEWSREEL_PUBLIC_URL, without a slash at the end; "" = none */
	struct text_list trusted_proxies;     /* NEWSREEL_TRUSTED_PROXIES */
	struct text_list embed_origins;       /* NEWSREEL_EMBED_ORIGINS */
	int64_t start_days;                   /* NEWSREEL_START_DAYS */
	int64_t visitor_queries;              /* NEWSREEL_VISITOR_QUERIES */
	enum safe_search visitor_safe_search; /* NEWSREEL_VISITOR_SAFE_SEARCH */
	int64_t scouts;                       /* NEWSREEL_SCOUTS */
	int64_t page_size;                    /* NEWSREEL_PAGE_SIZE */
	int64_t searches_per_day;             /* NEWSREEL_SEARCHES_PER_DAY */
	int64_t units_per_day;                /* NEWSREEL_UNITS_PER_DAY */
	int64_t refresh_days;                 /* NEWSREEL_REFRESH_DAYS */
	int64_t keep_days;                    /* NEWSREEL_KEEP_DAYS; 0 = no limit */
	int64_t keep_videos;                  /* NEWSREEL_KEEP_VIDEOS, the same */
	int64_t threads;                      /* NEWSREEL_THREADS */
	enum log_level log_level;             /* NEWSREEL_LOG */
	enum log_format log_format;           /* NEWSREEL_LOG_FORMAT */
	char *api_url;                        /* YOUTUBE_API_URL, without a slash at the end */
	int64_t push;                         /* NEWSREEL_PUSH */
	char *hub_url;                        /* NEWSREEL_HUB_URL, the same */
	int64_t rss;                          /* NEWSREEL_RSS: 1 = feeds are read */
	char *rss_url;                        /* NEWSREEL_RSS_URL, without a slash at the end */
	char *smtp_url;                       /* NEWSREEL_SMTP_URL; "" = no e-mail */
	char *smtp_password;                  /* NEWSREEL_SMTP_PASSWORD */
	char *mail_from;                      /* NEWSREEL_MAIL_FROM; "" = no e-mail */
	int64_t alerts_private;               /* NEWSREEL_ALERTS_PRIVATE: 1 = alerts may go to private addresses */
	char *backup_dir;                     /* NEWSREEL_BACKUP_DIR; "" = no scheduled backups */
	int64_t backup_keep;                  /* NEWSREEL_BACKUP_KEEP */
	int64_t backup_age_days;              /* NEWSREEL_BACKUP_AGE_DAYS */
	struct text_list warnings;            /* names in the environment that look like ours and are not */
};

/* Reads the environment, then the `.env` at PATH (which may be missing) for what the environment does not set, then the
 * files that NAME_FILE variables name. An empty value stands for the default; in the environment it hides that of `.env`.
 * Errors: ERR_INVALID naming the variable or the line, ERR_TOO_LARGE, ERR_NO_MEMORY. */
MUST_USE bool config_load(const char *path, struct config *out, struct error *err);

/* Releases what CONFIG holds; it is empty then. */
void config_clear(struct config *config);

/* The location of the database, for store_open(), added to OUT: NEWSREEL_DATABASE, or else newsreel.db in the data folder. Errors: ERR_NO_MEMORY,
 * ERR_TOO_LARGE. */
MUST_USE bool config_database(const struct config *config, struct buf *out, struct error *err);

/* Prints the value of the variable NAME and a newline; secrets are masked. Errors: ERR_INVALID when there is no NAME. */
MUST_USE bool config_print(const struct config *config, const char *name, FILE *to, struct error *err);

/* Every variable with its default and meaning, for --help. */
void config_print_help(FILE *to);

/* The base of the callbacks that the hub of push notifications reaches: NEWSREEL_PUBLIC_URL if it is https; without TLS only if it and the hub
 * are on this machine. NULL: there is none. Borrowed. */
const char *config_push_base(const struct config *config);

/* Whether alerts can be sent as e-mail: there is a mail server, and a sender. */
bool config_has_mail(const struct config *config);

/* What a project may use in a day, unless a refusal by YouTube or its owner says otherwise. */
struct quota_defaults config_quota_defaults(const struct config *config);
