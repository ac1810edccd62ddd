#include "cgi/pages/widgets/key_rows.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "cgi/commands/keys.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/link_writer.h"

enum { NUMBER_SIZE = 24 };

static const struct {
	const char *words, *advice;
} states[KEY_STATE_COUNT] = {
    [KEY_NEW] = {.words = "not tested yet", .advice = "The next run tests it with one call of one unit, within a minute."},
    [KEY_OK] = {.words = "works"},
    [KEY_SPENT] = {.words = "quota used up", .advice = "newsreel uses it again after the reset."},
    [KEY_PAUSED] = {.words = "paused", .advice = "Resume it to use it again."},
    [KEY_INVALID] = {.words = "unknown to YouTube",
                     .advice = "Copy it again from the Google Cloud console, add it, and remove this one."},
    [KEY_EXPIRED] = {.words = "expired", .advice = "Renew it in the Google Cloud console, or create and add another one."},
    [KEY_RESTRICTED] = {.words = "restricted",
                        .advice = "In the Google Cloud console, allow the YouTube Data API v3 and this server's IP address. "
                                  "newsreel retries automatically."},
    [KEY_API_OFF] = {.words = "YouTube API not enabled",
                     .advice = "Enable the YouTube Data API v3 for its project. newsreel retries automatically."},
    [KEY_SUSPENDED] = {.words = "project suspended",
                       .advice = "See Google's mail to the owner of the project, or use a key of another project of yours."},
};

const char *key_state_words(const struct key *key, int64_t now)
{
	int state = key_state(key, now);

	/* It is new until YouTube has answered: not for want of trying. */
	return state == KEY_NEW && key->used_at ? "tested, no answer yet" : states[state].words;
}

/* One field of the form: what it holds, and whether that is what was refused. */
static void write_field(struct writer *w, const char *name, const char *value, const struct key_typed *typed)
{
	write_object(w, name);
	write_text(w, "value", value);
	write_bool(w, "is_invalid", typed->invalid_field && strcmp(typed->invalid_field, name) == 0);
	write_end(w);
}

static void write_limit(struct writer *w, const char *name, const char *text, int64_t limit, const struct key_typed *typed)
{
	char number[NUMBER_SIZE];

	snprintf(number, sizeof(number), "%lld", (long long)limit);
	write_field(w, name, text ? text : number, typed);
}

static void write_settings(struct app *app, struct writer *w, const struct key *key, const struct key_typed *typed)
{
	char mask[CRYPTO_MASK_SIZE];
	const char *label = typed->label ? typed->label : key->label ? key->label : "";

	if (app->shared->demo) {
		write_null(w, "settings");
		return;
	}
	crypto_mask(key->secret, mask);
	write_object(w, "settings");
	write_link_id(w, app, "url", "/keys/", key->id);
	write_text(w, "key", mask);
	write_int(w, "id", key->id);
	write_text(w, "refused", typed->refused);
	write_int(w, "label_length", KEY_LABEL_MAX);
	write_field(w, "label", label, typed);
	write_limit(w, "searches_per_day", typed->limit[BUCKET_SEARCHES], key->project.quota[BUCKET_SEARCHES].limit, typed);
	write_limit(w, "units_per_day", typed->limit[BUCKET_UNITS], key->project.quota[BUCKET_UNITS].limit, typed);
	write_end(w);
}

static void write_buttons(struct writer *w, const struct key *key, const char *mask)
{
	bool active = key->entry_state == ENTRY_ACTIVE;

	write_array(w, "buttons");
	page_add_button(w, active ? "pause" : "resume", active ? "Pause" : "Resume", mask, false);
	page_add_button(w, "remove", "Remove", mask, true);
	write_end(w);
}

/* The limits that are configured for the demo are not those that the key will have. */
static void write_meters(struct writer *w, const struct key *key, bool known)
{
	write_array(w, "meters");
	if (known) {
		page_add_meter(w, "Searches today", key->project.quota[BUCKET_SEARCHES].used,
		               key->project.quota[BUCKET_SEARCHES].limit);
		page_add_meter(w, "Units today", key->project.quota[BUCKET_UNITS].used, key->project.quota[BUCKET_UNITS].limit);
	}
	write_end(w);
}

void key_row_write(struct app *app, struct writer *w, const struct key *key, const struct key_typed *typed)
{
	int64_t now = app_now(app);
	char mask[CRYPTO_MASK_SIZE];

	crypto_mask(key->secret, mask);
	write_object(w, NULL);
	write_text(w, "key", mask);
	write_text(w, "label", key->label);
	write_text(w, "state", key_state_name(key, now));
	write_text(w, "state_words", key_state_words(key, now));
	write_text(w, "reason", key_reason(key, now));
	write_text(w, "advice", states[key_state(key, now)].advice);
	write_meters(w, key, !app->shared->demo);
	write_filled_text(w, "project", key->project.number);
	write_bool(w, "in_config", key->in_config);
	page_write_moment(w, "used", key->used_at, now);
	write_buttons(w, key, mask);
	write_settings(app, w, key, typed);
	write_link_id(w, app, "url", "/keys/", key->id);
	write_end(w);
}
