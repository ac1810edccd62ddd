#include "cgi/pages/widgets/alert_form.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "cgi/pages/list/view.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/links.h"
#include "delivery/message.h"
#include "listing/saved_filter.h"

enum { FILTER_BYTES = 4096, URL_BYTES = 8 * 1024, NAME_SIZE = 64 };

const char *alert_kind_words(enum destination_kind kind)
{
	static const char *const words[DESTINATION_COUNT] = {
	    [DESTINATION_NONE] = "Saved filter", [DESTINATION_WEBHOOK] = "Webhook",   [DESTINATION_SLACK] = "Slack",
	    [DESTINATION_DISCORD] = "Discord",   [DESTINATION_TELEGRAM] = "Telegram", [DESTINATION_NTFY] = "ntfy",
	    [DESTINATION_MATRIX] = "Matrix",     [DESTINATION_EMAIL] = "E-mail",
	};

	return words[kind];
}

/* ---- which rule ---- */

/* The filter of the list that the page was reached from. */
static bool read_filter(struct app *app, const struct request *req, char **out, struct error *err)
{
	AUTO(saved_filter_clear) struct saved_filter filter = {0};
	AUTO(buf_clear) struct buf text = BUF(FILTER_BYTES);
	const char *typed = fields_get(&req->body, "filter");

	for (size_t i = 0; i < req->query.count; i++)
		for (size_t p = 0; filter_parameters[p] && !typed; p++)
			if (strcmp(req->query.items[i].name, filter_parameters[p]) == 0 && req->query.items[i].value)
				parameters_add_pair(&text, filter_parameters[p], req->query.items[i].value);
	if (!buf_ok(&text, err) || !saved_filter_read(app_lists(app), typed ? typed : buf_text(&text), &filter, err))
		return false;
	buf_reset(&text);
	parameters_write_filter(&text, &filter.query);
	return buf_ok(&text, err) && text_copy(buf_text(&text), out, err);
}

static bool read_label(struct app *app, const struct alert *alert, char **out, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(buf_clear) struct buf words = BUF(10 * 1024);

	if (!store_queries_list(app->store, QUERIES_PUBLIC, app_now(app), &queries, err) ||
	    !list_filter_words(app, &queries, alert->filter, &words, err) || !text_copy(buf_text(&words), out, err))
		return false;
	(*out)[utf8_cut(*out, ALERT_LABEL_MAX)] = '\0';
	return true;
}

bool alert_form_choose(const struct request *req, struct alert *alert, struct error *err)
{
	const char *typed = fields_get(&req->body, "destination.kind");
	const char *to = typed ? typed : fields_get(&req->query, "to");
	const char *kept = destination_kind_name(alert->kind);

	for (enum destination_kind kind = 0; to && kind < DESTINATION_COUNT; kind++)
		if (strcmp(to, destination_kind_name(kind)) == 0)
			alert->kind = kind;
	if (strcmp(kept, destination_kind_name(alert->kind)) == 0)
		return true;
	return text_replace(&alert->url, "", err) && text_replace(&alert->secret, "", err) &&
	       text_replace(&alert->recipient, "", err);
}

bool alert_form_begin(struct app *app, const struct request *req, struct alert *out, struct error *err)
{
	AUTO(alert_clear) struct alert alert = {.kind = DESTINATION_WEBHOOK, .minute = 8 * 60};

	if (!read_filter(app, req, &alert.filter, err) || !read_label(app, &alert, &alert.label, err) ||
	    !text_copy("", &alert.url, err) || !text_copy("", &alert.secret, err) || !text_copy("", &alert.old_secret, err) ||
	    !text_copy("", &alert.recipient, err) || !text_copy("UTC", &alert.timezone, err) ||
	    !alert_form_choose(req, &alert, err))
		return false;
	*out = alert;
	alert = (struct alert){0};
	return true;
}

/* ---- the choice of kinds ---- */

static void write_kind(struct app *app, struct writer *w, const struct alert *alert, enum destination_kind kind)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	if (alert->id)
		buf_printf(&url, "/alerts/%lld?", (long long)alert->id);
	else
		buf_printf(&url, "/alerts/new?%s%s", alert->filter, *alert->filter ? "&" : "");
	buf_printf(&url, "to=%s", destination_kind_name(kind));
	write_object(w, NULL);
	write_link(w, app, "url", buf_text(&url));
	write_text(w, "label", alert_kind_words(kind));
	write_bool(w, "current", kind == alert->kind);
	write_end(w);
}

/* ---- the fields ---- */

struct field_words {
	const char *label, *hint;
};

static struct field_words words_of(enum destination_kind kind, enum destination_member member)
{
	static const struct field_words urls[DESTINATION_COUNT] = {
	    [DESTINATION_WEBHOOK] = {"URL", "Messages are posted there as JSON, signed as Standard Webhooks says."},
	    [DESTINATION_SLACK] = {"Webhook URL", "https://hooks.slack.com/services/…, from an app’s Incoming Webhooks."},
	    [DESTINATION_DISCORD] = {"Webhook URL", "https://discord.com/api/webhooks/…, from the channel’s Integrations."},
	    [DESTINATION_TELEGRAM] = {"Server (optional)", "Empty: https://api.telegram.org"},
	    [DESTINATION_NTFY] = {"Topic URL", "Such as https://ntfy.sh/your-topic"},
	    [DESTINATION_MATRIX] = {"Homeserver", "Such as https://matrix.org"},
	};
	static const struct field_words others[MEMBER_COUNT] = {
	    [MEMBER_SECRET] = {"Signing secret",
	                       "Give it to the receiver, which verifies messages with it; it is not shown again."},
	    [MEMBER_TOKEN] = {"Access token", "Of the bot or user that writes; it is not shown again."},
	    [MEMBER_CHAT] = {"Chat", "The number of a chat, or @channel."},
	    [MEMBER_ROOM] = {"Room", "Its id, such as !abc:matrix.org; the user has to be in it."},
	    [MEMBER_TO] = {"E-mail address", "One address."},
	};

	return member == MEMBER_URL ? urls[kind] : others[member];
}

/* What the field shows: what was typed, unless it is a secret; what is stored, unless it is one; a new secret for a new webhook. */
static bool value_of(const struct request *req, const struct alert *alert, enum destination_member member, const char *name,
                     struct buf *out, struct error *err)
{
	struct alert copy = *alert;
	const char *typed = fields_get(&req->body, name);

	if (member == MEMBER_SECRET)
		return *alert->secret != '\0' || webhook_secret_make(out, err);
	if (member == MEMBER_TOKEN)
		return true;
	if (typed)
		buf_add_text(out, typed);
	else if (member != MEMBER_URL)
		buf_add_text(out, *alert_member(&copy, member));
	return buf_ok(out, err);
}

static bool write_member(struct writer *w, const struct request *req, const struct alert *alert, enum destination_member member,
                         const struct error *why, struct error *err)
{
	AUTO(buf_clear) struct buf value = BUF(ALERT_TEXT_MAX_BYTES + REQUEST_BODY_MAX);
	struct alert copy = *alert;
	struct field_words words = words_of(alert->kind, member);
	char name[NAME_SIZE], hint[ALERT_MASK_SIZE];
	bool kept =
	    (member == MEMBER_URL || member == MEMBER_SECRET || member == MEMBER_TOKEN) && *(*alert_member(&copy, member));

	snprintf(name, sizeof(name), "destination.%s", destination_member_name(member));
	if (!value_of(req, alert, member, name, &value, err))
		return false;
	alert_destination_words(alert, hint);
	write_object(w, NULL);
	write_text(w, "id", destination_member_name(member));
	write_text(w, "name", name);
	write_text(w, "words", words.label);
	write_text(w, "hint", kept ? "Set. Leave it empty to keep it." : words.hint);
	write_buf(w, "value", &value);
	write_bool(w, "password", member == MEMBER_TOKEN);
	write_bool(w, "required", destination_member_use(alert->kind, member) == MEMBER_REQUIRED && !kept);
	write_bool(w, "invalid", why && strcmp(why->field, name) == 0);
	write_end(w);
	return true;
}

static bool write_members(struct writer *w, const struct request *req, const struct alert *alert, const struct error *why,
                          struct error *err)
{
	write_array(w, "members");
	for (enum destination_member m = 0; m < MEMBER_COUNT; m++)
		if (destination_member_use(alert->kind, m) && !write_member(w, req, alert, m, why, err))
			return false;
	write_end(w);
	return true;
}

static const char *typed_or(const struct request *req, const char *name, const char *stored)
{
	const char *typed = fields_get(&req->body, name);

	return typed ? typed : stored;
}

static void write_schedule(struct writer *w, const struct request *req, const struct alert *alert)
{
	static const char *const words[SCHEDULE_COUNT] = {"at once", "hourly digest", "daily digest", "weekly digest"};
	const char *chosen = typed_or(req, "schedule", alert_schedule_name(alert->schedule));
	char at[CLOCK_TIME_SIZE];

	alert_time_write(alert->minute, at);
	write_object(w, "sends");
	write_array(w, "schedules");
	for (enum alert_schedule s = 0; s < SCHEDULE_COUNT; s++) {
		write_object(w, NULL);
		write_text(w, "value", alert_schedule_name(s));
		write_text(w, "words", words[s]);
		write_bool(w, "chosen", strcmp(chosen, alert_schedule_name(s)) == 0);
		write_end(w);
	}
	write_end(w);
	write_text(w, "at", typed_or(req, "at", at));
	write_text(w, "timezone", typed_or(req, "timezone", alert->timezone));
	write_bool(w, "backfill", strcmp(typed_or(req, "backfill", alert->backfill ? "true" : "false"), "true") == 0);
	write_end(w);
}

static bool write_form(struct app *app, struct writer *w, const struct request *req, const struct alert *alert,
                       const struct error *why, struct error *err)
{
	write_object(w, "form");
	if (alert->id)
		write_link_id(w, app, "url", "/alerts/", alert->id);
	else
		write_link(w, app, "url", "/alerts");
	write_bool(w, "exists", alert->id != 0);
	write_text(w, "kind", destination_kind_name(alert->kind));
	write_text(w, "filter", typed_or(req, "filter", alert->filter));
	write_text(w, "label", typed_or(req, "label", alert->label));
	write_int(w, "label_length", ALERT_LABEL_MAX);
	write_text(w, "refused", why ? page_refusal_words(why, "") : NULL);
	if (!write_members(w, req, alert, why, err))
		return false;
	if (alert->kind == DESTINATION_NONE)
		write_null(w, "sends");
	else
		write_schedule(w, req, alert);
	write_end(w);
	return true;
}

bool alert_form_write(struct app *app, struct writer *w, const struct request *req, const struct alert *alert,
                      const struct error *why, struct error *err)
{
	const struct config *config = app->shared->config;

	write_array(w, "kinds");
	for (enum destination_kind kind = DESTINATION_WEBHOOK; kind < DESTINATION_COUNT; kind++)
		if (kind != DESTINATION_EMAIL || config_has_mail(config))
			write_kind(app, w, alert, kind);
	write_kind(app, w, alert, DESTINATION_NONE);
	write_end(w);
	return write_form(app, w, req, alert, why, err);
}
