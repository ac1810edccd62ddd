#include "model/alerts/alert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/encoding.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "model/alerts/timezone.h"

enum { EMAIL_MAX = 254, SECRET_MIN = 24, SECRET_MAX = 64, PAUSE_FIRST_S = 60, DOUBLINGS_MAX = 11 };

static const char secret_prefix[] = "whsec_";

/* ---- names ---- */

const char *destination_kind_name(enum destination_kind kind)
{
	static const char *const names[DESTINATION_COUNT] = {
	    [DESTINATION_NONE] = "none",       [DESTINATION_WEBHOOK] = "webhook",   [DESTINATION_SLACK] = "slack",
	    [DESTINATION_DISCORD] = "discord", [DESTINATION_TELEGRAM] = "telegram", [DESTINATION_NTFY] = "ntfy",
	    [DESTINATION_MATRIX] = "matrix",   [DESTINATION_EMAIL] = "email",
	};

	return names[kind];
}

const char *destination_member_name(enum destination_member member)
{
	static const char *const names[MEMBER_COUNT] = {
	    [MEMBER_URL] = "url",   [MEMBER_SECRET] = "secret", [MEMBER_TOKEN] = "token",
	    [MEMBER_CHAT] = "chat", [MEMBER_ROOM] = "room",     [MEMBER_TO] = "to",
	};

	return names[member];
}

enum member_use destination_member_use(enum destination_kind kind, enum destination_member member)
{
	static const enum member_use uses[DESTINATION_COUNT][MEMBER_COUNT] = {
	    [DESTINATION_WEBHOOK] = {[MEMBER_URL] = MEMBER_REQUIRED, [MEMBER_SECRET] = MEMBER_REQUIRED},
	    [DESTINATION_SLACK] = {[MEMBER_URL] = MEMBER_REQUIRED},
	    [DESTINATION_DISCORD] = {[MEMBER_URL] = MEMBER_REQUIRED},
	    [DESTINATION_TELEGRAM] =
		{[MEMBER_URL] = MEMBER_OPTIONAL, [MEMBER_TOKEN] = MEMBER_REQUIRED, [MEMBER_CHAT] = MEMBER_REQUIRED},
	    [DESTINATION_NTFY] = {[MEMBER_URL] = MEMBER_REQUIRED, [MEMBER_TOKEN] = MEMBER_OPTIONAL},
	    [DESTINATION_MATRIX] =
		{[MEMBER_URL] = MEMBER_REQUIRED, [MEMBER_TOKEN] = MEMBER_REQUIRED, [MEMBER_ROOM] = MEMBER_REQUIRED},
	    [DESTINATION_EMAIL] = {[MEMBER_TO] = MEMBER_REQUIRED},
	};

	return uses[kind][member];
}

size_t destination_videos_max(enum destination_kind kind)
{
	static const size_t most[DESTINATION_COUNT] = {
	    [DESTINATION_WEBHOOK] = 50, [DESTINATION_SLACK] = 25,  [DESTINATION_DISCORD] = 5, [DESTINATION_TELEGRAM] = 9,
	    [DESTINATION_NTFY] = 10,    [DESTINATION_MATRIX] = 25, [DESTINATION_EMAIL] = 50,
	};

	return most[kind];
}

const char *alert_schedule_name(enum alert_schedule schedule)
{
	static const char *const names[SCHEDULE_COUNT] = {
	    [SCHEDULE_NOW] = "now", [SCHEDULE_HOURLY] = "hourly", [SCHEDULE_DAILY] = "daily", [SCHEDULE_WEEKLY] = "weekly"};

	return names[schedule];
}

const char *alert_state_name(enum alert_state state)
{
	static const char *const names[ALERT_STATE_COUNT] = {
	    [ALERT_ACTIVE] = "active", [ALERT_PAUSED] = "paused", [ALERT_ENDED] = "ended", [ALERT_SET_ASIDE] = "set_aside"};

	return names[state];
}

const char *delivery_state_name(enum delivery_state state)
{
	static const char *const names[DELIVERY_STATE_COUNT] = {[DELIVERY_WAITING] = "waiting",
	                                                        [DELIVERY_DELIVERED] = "delivered",
	                                                        [DELIVERY_FAILED] = "failed",
	                                                        [DELIVERY_EMPTY] = "empty"};

	return names[state];
}

/* ---- memory ---- */

void alert_clear(struct alert *alert)
{
	char **const texts[] = {&alert->label,     &alert->filter,   &alert->url,         &alert->secret, &alert->old_secret,
	                        &alert->recipient, &alert->timezone, &alert->unsubscribe, &alert->error};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(*texts[i]);
	*alert = (struct alert){0};
}

void alert_list_clear(struct alert_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		alert_clear(&list->items[i]);
	free(list->items);
	*list = (struct alert_list){0};
}

void delivery_clear(struct delivery *delivery)
{
	free(delivery->videos);
	free(delivery->error);
	*delivery = (struct delivery){0};
}

void delivery_list_clear(struct delivery_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		delivery_clear(&list->items[i]);
	free(list->items);
	*list = (struct delivery_list){0};
}

char **alert_member(struct alert *alert, enum destination_member member)
{
	switch (member) {
	case MEMBER_URL:
		return &alert->url;
	case MEMBER_SECRET:
	case MEMBER_TOKEN:
		return &alert->secret;
	case MEMBER_CHAT:
	case MEMBER_ROOM:
	case MEMBER_TO:
	case MEMBER_COUNT:
		break;
	}
	return &alert->recipient;
}

/* ---- checks ---- */

bool email_is_valid(const char *address)
{
	static const char local[] = TEXT_ALPHANUMERIC "!#$%&'*+/=?^_`{|}~.-";
	static const char host[] = TEXT_ALPHANUMERIC ".-";
	size_t len = strspn(address, local);

	return len > 0 && address[0] != '-' && address[len] == '@' && address[len + 1] &&
	       strspn(address + len + 1, host) == strlen(address + len + 1) && strlen(address) <= EMAIL_MAX;
}

/* Whether URL is http or https, of plain characters, with a host and without a user name. *PLAIN tells whether it is http. */
static bool is_url(const char *url, bool *plain)
{
	const char *host = strncmp(url, "https://", 8) == 0 ? url + 8 : strncmp(url, "http://", 7) == 0 ? url + 7 : NULL;

	*plain = host == url + 7;
	for (const char *at = url; *at; at++)
		if (*at <= ' ' || *at > '~' || strchr("\"<>\\^`{|}#", *at))
			return false;
	return host && *host && !strchr("/:?@", *host) && strcspn(host, "@") >= strcspn(host, "/?");
}

static bool check_url(const struct alert *alert, bool may_be_private, struct error *err)
{
	bool plain = false;

	if (!*alert->url)
		return true;
	if (!is_url(alert->url, &plain))
		return error_set_field(err, ERR_INVALID, "destination.url",
		                       "an https:// URL of ASCII characters without user name and '#' is allowed");
	return !plain || may_be_private ||
	       error_set_field(err, ERR_INVALID, "destination.url",
	                       "https:// is allowed; http:// only with NEWSREEL_ALERTS_PRIVATE=1");
}

static bool secret_is_valid(const char *secret)
{
	AUTO(buf_clear) struct buf key = BUF(SECRET_MAX);

	return strncmp(secret, secret_prefix, strlen(secret_prefix)) == 0 &&
	       base64_decode(&key, secret + strlen(secret_prefix)) && !key.failed && key.len >= SECRET_MIN;
}

static bool check_secret(const struct alert *alert, struct error *err)
{
	static const char allowed[] = TEXT_ALPHANUMERIC "-._~+/=:";

	if (alert->kind == DESTINATION_WEBHOOK)
		return secret_is_valid(alert->secret) ||
		       error_set_field(err, ERR_INVALID, "destination.secret",
		                       "whsec_ and the base64 of %d to %d bytes is allowed", SECRET_MIN, SECRET_MAX);
	return strspn(alert->secret, allowed) == strlen(alert->secret) ||
	       error_set_field(err, ERR_INVALID, "destination.token", "letters, digits and -._~+/=: are allowed");
}

static bool check_recipient(const struct alert *alert, struct error *err)
{
	bool valid = !utf8_has_control(alert->recipient);

	if (alert->kind == DESTINATION_EMAIL)
		return email_is_valid(alert->recipient) ||
		       error_set_value(err, ERR_INVALID, "destination.to", alert->recipient, "an e-mail address is allowed");
	if (alert->kind == DESTINATION_TELEGRAM)
		return (valid && !strchr(alert->recipient, ' ')) ||
		       error_set_value(err, ERR_INVALID, "destination.chat", alert->recipient,
		                       "the number of a chat or @channel is allowed");
	return alert->kind != DESTINATION_MATRIX || (valid && alert->recipient[0] == '!') ||
	       error_set_value(err, ERR_INVALID, "destination.room", alert->recipient,
	                       "the id of a room, such as !…:host, is allowed");
}

static bool check_members(const struct alert *alert, struct error *err)
{
	struct alert copy = *alert;

	for (enum destination_member m = 0; m < MEMBER_COUNT; m++) {
		const char *name = destination_member_name(m);
		const char *value = *alert_member(&copy, m);
		char field[40];

		snprintf(field, sizeof(field), "destination.%s", name);
		if (destination_member_use(alert->kind, m) == MEMBER_REQUIRED && !*value)
			return error_set_field(err, ERR_INVALID, field, "missing: %s needs it",
			                       destination_kind_name(alert->kind));
		if (destination_member_use(alert->kind, m) && strlen(value) > ALERT_TEXT_MAX_BYTES)
			return error_set_field(err, ERR_INVALID, field, "at most %d bytes are allowed", ALERT_TEXT_MAX_BYTES);
	}
	return true;
}

static bool check_label(const char *label, struct error *err)
{
	if (utf8_length(label) > ALERT_LABEL_MAX || utf8_has_control(label))
		return error_set_field(err, ERR_INVALID, "label", "at most %d characters without control characters are allowed",
		                       ALERT_LABEL_MAX);
	return true;
}

bool alert_check(const struct alert *alert, bool may_be_private, struct error *err)
{
	if (!check_label(alert->label, err))
		return false;
	if (alert->schedule != SCHEDULE_NOW && !timezone_exists(alert->timezone))
		return error_set_value(err, ERR_INVALID, "timezone", alert->timezone,
		                       "the name of a time zone, such as Europe/Berlin, is allowed");
	return check_members(alert, err) && check_url(alert, may_be_private, err) && check_secret(alert, err) &&
	       check_recipient(alert, err);
}

/* ---- times ---- */

void alert_time_write(int64_t minute, char out[CLOCK_TIME_SIZE])
{
	snprintf(out, CLOCK_TIME_SIZE, "%02d:%02d", (int)(minute / 60 % 24), (int)(minute % 60));
}

bool alert_time_read(const char *text, int64_t *out)
{
	int64_t hour, minute;
	char digits[3] = {0};

	if (strlen(text) != 5 || text[2] != ':')
		return false;
	memcpy(digits, text, 2);
	if (digits[0] == '-' || text[3] == '-' || !text_int(digits, 0, 23, &hour) || !text_int(text + 3, 0, 59, &minute))
		return false;
	*out = hour * 60 + minute;
	return true;
}

int64_t delivery_pause_s(int64_t tries, int64_t retry_after_s, uint64_t random)
{
	int64_t doublings = tries > 1 ? tries - 1 : 0;
	int64_t pause = (int64_t)PAUSE_FIRST_S << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX);
	int64_t least = retry_after_s < SECONDS_PER_DAY ? retry_after_s : SECONDS_PER_DAY;

	pause = pause < SECONDS_PER_DAY ? pause : SECONDS_PER_DAY;
	pause += (int64_t)(random % (uint64_t)(pause / 5 + 1)) - pause / 10;
	pause = pause < least ? least + (int64_t)(random % (uint64_t)(least / 10 + 1)) : pause;
	return pause < SECONDS_PER_DAY ? pause : SECONDS_PER_DAY;
}

/* ---- JSON ---- */

/* Scheme and host of a URL. */
static void mask_url(const char *url, char out[ALERT_MASK_SIZE])
{
	const char *host = strstr(url, "://");
	size_t len = host ? (size_t)(host - url) + 3 + strcspn(host + 3, "/?") : 0;

	snprintf(out, ALERT_MASK_SIZE, "%.*s/…", (int)(len < ALERT_MASK_SIZE / 2 ? len : ALERT_MASK_SIZE / 2), url);
}

void alert_destination_words(const struct alert *alert, char out[ALERT_MASK_SIZE])
{
	if (*alert->recipient)
		snprintf(out, ALERT_MASK_SIZE, "%.*s", (int)utf8_cut(alert->recipient, ALERT_MASK_SIZE - 1), alert->recipient);
	else if (*alert->url)
		mask_url(alert->url, out);
	else
		out[0] = '\0';
}

static void write_member(struct writer *w, struct alert *alert, enum destination_member m, const char *clear_secret)
{
	const char *name = destination_member_name(m);
	const char *value = *alert_member(alert, m);
	char masked[ALERT_MASK_SIZE];

	if (!destination_member_use(alert->kind, m))
		return;
	mask_url(value, masked);
	if (m == MEMBER_SECRET && clear_secret)
		write_text(w, name, clear_secret);
	else if (!*value)
		write_null(w, name);
	else
		write_text(w, name, m == MEMBER_URL ? masked : m == MEMBER_SECRET || m == MEMBER_TOKEN ? "…" : value);
}

static void write_destination(struct writer *w, const struct alert *alert, const char *clear_secret)
{
	struct alert copy = *alert;

	write_object(w, "destination");
	write_text(w, "kind", destination_kind_name(alert->kind));
	for (enum destination_member m = 0; m < MEMBER_COUNT; m++)
		write_member(w, &copy, m, clear_secret);
	write_end(w);
}

void alert_write_json(struct writer *w, const struct alert *alert, const char *secret,
                      void (*filter)(struct writer *w, void *context), void *context)
{
	bool digest = alert->schedule != SCHEDULE_NOW;
	char at[CLOCK_TIME_SIZE];

	alert_time_write(alert->minute, at);
	write_object(w, NULL);
	write_int(w, "id", alert->id);
	write_text(w, "label", alert->label);
	write_object(w, "filter");
	filter(w, context);
	write_end(w);
	write_destination(w, alert, secret);
	write_text(w, "schedule", alert_schedule_name(alert->schedule));
	write_text(w, "at", digest ? at : NULL);
	write_text(w, "timezone", digest ? alert->timezone : NULL);
	write_bool(w, "backfill", alert->backfill);
	write_text(w, "state", alert_state_name(alert->state));
	write_time(w, "created_at", alert->created_at);
	write_time(w, "next_at", digest ? alert->next_at : 0);
	write_time(w, "delivered_at", alert->delivered_at);
	write_int(w, "waiting", alert->waiting);
	write_time(w, "failing_since", alert->failing_since);
	write_text(w, "error", alert->error);
	write_end(w);
}

static void write_ids(struct writer *w, const char *ids)
{
	write_array(w, "videos");
	while (*ids) {
		char id[32] = "";
		size_t len = strcspn(ids, " ");

		snprintf(id, sizeof(id), "%.*s", (int)len, ids);
		write_text(w, NULL, id);
		ids += len + (ids[len] == ' ');
	}
	write_end(w);
}

void delivery_write_json(struct writer *w, const struct delivery *delivery)
{
	write_object(w, NULL);
	write_int(w, "id", delivery->id);
	write_text(w, "message_id", delivery->message_id);
	write_bool(w, "test", delivery->is_test);
	write_text(w, "state", delivery_state_name(delivery->state));
	write_time(w, "created_at", delivery->made_at);
	write_int(w, "tries", delivery->tries);
	write_time(w, "tried_at", delivery->tried_at);
	write_time(w, "next_try_at", delivery->state == DELIVERY_WAITING ? delivery->next_at : 0);
	if (delivery->status)
		write_int(w, "status", delivery->status);
	else
		write_null(w, "status");
	write_text(w, "error", delivery->error);
	write_ids(w, delivery->videos);
	write_end(w);
}
