/*
 * An alert rule: which videos are told, where and when. A rule without destination is a saved filter.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct writer; /* base/json_writer.h */

enum { ALERT_LABEL_MAX = 100, ALERT_TEXT_MAX_BYTES = 2000, ALERTS_MAX = 1000, ALERT_MASK_SIZE = 300 };

enum destination_kind {
	DESTINATION_NONE,
	DESTINATION_WEBHOOK,
	DESTINATION_SLACK,
	DESTINATION_DISCORD,
	DESTINATION_TELEGRAM,
	DESTINATION_NTFY,
	DESTINATION_MATRIX,
	DESTINATION_EMAIL,
	DESTINATION_COUNT
};

/* "none", "webhook", "slack" … */
const char *destination_kind_name(enum destination_kind kind);

/* How many videos a message of the kind has at most: so many fit. */
size_t destination_videos_max(enum destination_kind kind);

/* The members of a destination, besides its kind: what each of them means depends on the kind. */
enum destination_member { MEMBER_URL, MEMBER_SECRET, MEMBER_TOKEN, MEMBER_CHAT, MEMBER_ROOM, MEMBER_TO, MEMBER_COUNT };

/* "url", "secret" … */
const char *destination_member_name(enum destination_member member);

enum member_use { MEMBER_UNKNOWN, MEMBER_OPTIONAL, MEMBER_REQUIRED };

/* Whether the kind has the member. */
enum member_use destination_member_use(enum destination_kind kind, enum destination_member member);

enum alert_schedule { SCHEDULE_NOW, SCHEDULE_HOURLY, SCHEDULE_DAILY, SCHEDULE_WEEKLY, SCHEDULE_COUNT };

/* "now", "hourly", "daily", "weekly" */
const char *alert_schedule_name(enum alert_schedule schedule);

enum alert_state {
	ALERT_ACTIVE,
	ALERT_PAUSED,    /* by its owner */
	ALERT_ENDED,     /* the destination said that it is gone for good */
	ALERT_SET_ASIDE, /* the destination failed for a week */
	ALERT_STATE_COUNT
};

/* "active", "paused", "ended", "set_aside" */
const char *alert_state_name(enum alert_state state);

/* Texts are owned and never NULL in a stored rule. */
struct alert {
	int64_t id;
	char *label;
	char *filter; /* list parameters, as a link has them: "query=falcon&tracked=1"; "" = all videos */
	enum destination_kind kind;
	char *url;        /* where to post; a secret. "" = none */
	char *secret;     /* of a webhook ("whsec_…"), or the token of Telegram, ntfy, Matrix; "" = none */
	char *old_secret; /* of a webhook: the one before, which signs too until … */
	int64_t old_secret_until;
	char *recipient; /* the chat, the room, the e-mail address; "" = none */
	enum alert_schedule schedule;
	int64_t minute; /* of the day in TIMEZONE: when a daily or weekly (Mondays) digest is sent; of the hour: an hourly one */
	char *timezone;
	bool backfill; /* what first polls, imports and closed gaps bring is news too */
	char *unsubscribe;
	enum alert_state state;
	int64_t cursor; /* what was recorded up to here is told, or will not be (model/video.h) */
	int64_t created_at;
	int64_t next_at; /* nothing is told before; 0 = not known yet */
	int64_t failing_since;
	char *error;     /* what is wrong; NULL = nothing */
	int64_t waiting; /* messages in the outbox; when read from the store */
	int64_t delivered_at;
};

void alert_clear(struct alert *alert);

struct alert_list {
	struct alert *items;
	size_t count;
};

void alert_list_clear(struct alert_list *list);

/* The text in ALERT that MEMBER is kept in. */
char **alert_member(struct alert *alert, enum destination_member member);

/* Whether ALERT may be stored: everything but its filter is checked, http and hosts without a dot only where MAY_BE_PRIVATE. Errors:
 * ERR_INVALID naming the member and what is allowed; no secret is in its text. */
MUST_USE bool alert_check(const struct alert *alert, bool may_be_private, struct error *err);

/* Whether ADDRESS is one e-mail address as it may stand in a header and in an SMTP command: user@host of printable ASCII. */
bool email_is_valid(const char *address);

/* "08:00" from minutes, and back: false when it is none. */
enum { CLOCK_TIME_SIZE = 24 };
void alert_time_write(int64_t minute, char out[CLOCK_TIME_SIZE]);
MUST_USE bool alert_time_read(const char *text, int64_t *out);

/* Where the rule tells, for people, with no secret in it: "https://hooks.slack.com/…", an address, a chat. */
void alert_destination_words(const struct alert *alert, char out[ALERT_MASK_SIZE]);

/* The rule as one object. Secrets are masked: of a URL the host is shown, of others nothing. SECRET, if it is not NULL, is shown in clear: the
 * one that was made just now. FILTER writes its members. */
void alert_write_json(struct writer *w, const struct alert *alert, const char *secret,
                      void (*filter)(struct writer *w, void *context), void *context);

enum delivery_state {
	DELIVERY_WAITING,
	DELIVERY_DELIVERED,
	DELIVERY_FAILED, /* it is not tried again by itself */
	DELIVERY_EMPTY,  /* its videos went before it could be sent */
	DELIVERY_STATE_COUNT
};

/* "waiting", "delivered", "failed", "empty" */
const char *delivery_state_name(enum delivery_state state);

enum { MESSAGE_ID_SIZE = 40 };

/* A message: in the outbox, then in the log. */
struct delivery {
	int64_t id;
	int64_t alert_id;
	char message_id[MESSAGE_ID_SIZE]; /* the same on every try */
	bool is_test;
	char *videos; /* their ids, each with a blank behind it */
	int64_t count;
	int64_t made_at;
	enum delivery_state state;
	int64_t tries;
	int64_t next_at;  /* of the next try, while it waits */
	int64_t tried_at; /* 0 = never */
	int64_t status;   /* of the last answer, 0 = none */
	char *error;      /* of the last try; NULL = none */
};

void delivery_clear(struct delivery *delivery);

struct delivery_list {
	struct delivery *items;
	size_t count;
};

void delivery_list_clear(struct delivery_list *list);

void delivery_write_json(struct writer *w, const struct delivery *delivery);

/* So long a destination may fail until its rule is set aside. */
#define ALERT_PATIENCE_S INT64_C(604800)

/* How long to wait after TRIES failed ones, in seconds: a minute at first, doubled up to a day; at least the RETRY_AFTER_S seconds that the
 * destination asks for (-1 = none), within a day; of this, RANDOM takes or adds up to a tenth, never going below what was asked for. */
int64_t delivery_pause_s(int64_t tries, int64_t retry_after_s, uint64_t random);
