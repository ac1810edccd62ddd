#include "cron/alerts/send.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "cron/api_client.h"
#include "delivery/transfer.h"
#include "store/alerts/alerts.h"
#include "store/alerts/outbox.h"
#include "store/videos.h"

enum { AT_ONCE = 32, DUE_MAX = 256, WAIT_MS = 200, STATUS_GONE = 410, URL_MAX_BYTES = 4096 };

/* A message on its way. */
struct underway {
	struct delivery delivery;
	int64_t failing_since; /* of its rule */
	char *label;
};

struct sender {
	struct store *store;
	const struct config *config;
	const struct clock *clock;
	struct transfers *transfers;
	struct underway underway[AT_ONCE];
	size_t count;
	uint64_t random; /* state of the jitter */
	struct sent sent;
};

static void underway_clear(struct underway *underway)
{
	delivery_clear(&underway->delivery);
	free(underway->label);
	*underway = (struct underway){0};
}

static void sender_clear(struct sender *sender)
{
	transfers_close(&sender->transfers);
	for (size_t i = 0; i < sender->count; i++)
		underway_clear(&sender->underway[i]);
	sender->count = 0;
}

/* ---- what came of a try ---- */

static void log_try(const struct delivery *delivery, const char *label)
{
	bool well = delivery->state == DELIVERY_DELIVERED || delivery->state == DELIVERY_EMPTY;
	struct log_field fields[] = {LOG_NUMBER("alert", delivery->alert_id),
	                             LOG_TEXT("label", label),
	                             LOG_TEXT("id", delivery->message_id),
	                             LOG_NUMBER("videos", delivery->count),
	                             LOG_NUMBER("tries", delivery->tries),
	                             LOG_TEXT("error", well ? "" : delivery->error),
	                             LOG_END};

	log_line(well ? LOG_DEBUG : LOG_WARN, well ? "alert delivered" : "alert not delivered", fields);
}

/* What a failure means for the message and its rule. */
static enum alert_state fail(struct sender *sender, struct underway *underway, const struct transfer_result *result, int64_t now)
{
	struct delivery *delivery = &underway->delivery;
	bool gone = result->status == STATUS_GONE;
	bool too_long = underway->failing_since && now - underway->failing_since >= ALERT_PATIENCE_S;

	sender->sent.failed++;
	if (delivery->is_test || gone || too_long) {
		delivery->state = DELIVERY_FAILED;
		sender->sent.refused += !delivery->is_test;
		return delivery->is_test ? ALERT_ACTIVE : gone ? ALERT_ENDED : ALERT_SET_ASIDE;
	}
	delivery->state = DELIVERY_WAITING;
	delivery->next_at = now + delivery_pause_s(delivery->tries, result->retry_after, random_next(&sender->random));
	return ALERT_ACTIVE;
}

static bool take_result(struct sender *sender, struct underway *underway, const struct transfer_result *result, struct error *err)
{
	struct delivery *delivery = &underway->delivery;
	enum alert_state state = ALERT_ACTIVE;
	int64_t now = clock_now(sender->clock);

	delivery->tries++;
	delivery->tried_at = now;
	delivery->status = result->status;
	if (!text_replace(&delivery->error, result->delivered ? NULL : result->error, err))
		return false;
	if (result->delivered) {
		delivery->state = DELIVERY_DELIVERED;
		sender->sent.delivered++;
	} else {
		state = fail(sender, underway, result, now);
	}
	log_try(delivery, underway->label);
	return store_delivery_tried(sender->store, delivery, state, err);
}

/* ---- a message ---- */

/* The videos of the message as they are now; those that are gone or hidden are left out. */
static bool read_videos(struct sender *sender, const struct delivery *delivery, struct video_list *out, struct error *err)
{
	AUTO(video_list_clear) struct video_list videos = {0};
	char id[VIDEO_ID_SIZE];

	for (const char *at = delivery->videos; *at; at += strcspn(at, " "), at += *at == ' ') {
		size_t len = strcspn(at, " ");
		AUTO(video_clear) struct video video = {0};

		if (len >= sizeof(id))
			continue;
		memcpy(id, at, len);
		id[len] = '\0';
		if (!store_video_get(sender->store, id, &video, err)) {
			if (err->code == ERR_NOT_FOUND || err->code == ERR_GONE)
				continue;
			return false;
		}
		struct video *slot = video_list_add(&videos);
		if (!slot)
			return error_no_memory(err);
		*slot = video;
		video = (struct video){0};
	}
	*out = videos;
	videos = (struct video_list){0};
	return true;
}

static void write_urls(const struct config *config, const struct alert *alert, struct buf *list, struct buf *unsubscribe)
{
	if (!*config->public_url)
		return;
	buf_printf(list, "%s/?%s%ssort=recorded", config->public_url, alert->filter, *alert->filter ? "&" : "");
	buf_printf(unsubscribe, "%s/alerts/unsubscribe/%s", config->public_url, alert->unsubscribe);
}

static bool write_message(struct sender *sender, const struct alert *alert, const struct delivery *delivery,
                          const struct video_list *videos, struct outgoing *out, struct error *err)
{
	AUTO(buf_clear) struct buf list = BUF(URL_MAX_BYTES);
	AUTO(buf_clear) struct buf unsubscribe = BUF(URL_MAX_BYTES);

	write_urls(sender->config, alert, &list, &unsubscribe);
	struct news news = {.alert = alert,
	                    .delivery = delivery,
	                    .videos = videos,
	                    .list_url = list.failed ? "" : buf_text(&list),
	                    .unsubscribe_url = buf_text(&unsubscribe),
	                    .mail_from = sender->config->mail_from,
	                    .now = clock_now(sender->clock)};
	return message_write(&news, out, err);
}

/* Ends the message without sending it, for WHY. */
static bool settle(struct sender *sender, struct underway *underway, enum delivery_state state, const char *why,
                   struct error *err)
{
	struct delivery *delivery = &underway->delivery;

	delivery->state = state;
	delivery->tried_at = clock_now(sender->clock);
	if (!text_replace(&delivery->error, why, err))
		return false;
	log_try(delivery, underway->label);
	return store_delivery_tried(sender->store, delivery, ALERT_ACTIVE, err);
}

/* Begins to send the message of UNDERWAY; *BEGUN is false when there is nothing to wait for. */
static bool begin(struct sender *sender, struct underway *underway, bool *begun, struct error *err)
{
	AUTO(alert_clear) struct alert alert = {0};
	AUTO(video_list_clear) struct video_list videos = {0};
	AUTO(outgoing_clear) struct outgoing outgoing = {0};
	const struct delivery *delivery = &underway->delivery;

	*begun = false;
	if (!store_alert_get(sender->store, delivery->alert_id, &alert, err))
		return err->code == ERR_NOT_FOUND;
	underway->failing_since = alert.failing_since;
	if (!text_replace(&underway->label, alert.label, err) || !read_videos(sender, delivery, &videos, err))
		return false;
	if (videos.count == 0 && !delivery->is_test)
		return settle(sender, underway, DELIVERY_EMPTY, "its videos are gone or hidden", err);
	if (alert.kind == DESTINATION_NONE)
		return settle(sender, underway, DELIVERY_EMPTY, "the rule has no destination any more", err);
	if (alert.kind == DESTINATION_EMAIL && !config_has_mail(sender->config)) {
		struct transfer_result none = {.retry_after = -1,
		                               .error = "NEWSREEL_SMTP_URL and NEWSREEL_MAIL_FROM are not set"};
		return take_result(sender, underway, &none, err);
	}
	if (!write_message(sender, &alert, delivery, &videos, &outgoing, err))
		return err->code != ERR_NO_MEMORY && settle(sender, underway, DELIVERY_FAILED, err->text, err);
	*begun = transfers_add(sender->transfers, delivery->id, &outgoing, err);
	return *begun;
}

static bool has_alert(const struct sender *sender, int64_t alert_id)
{
	for (size_t i = 0; i < sender->count; i++)
		if (sender->underway[i].delivery.alert_id == alert_id)
			return true;
	return false;
}

/* Begins what is due, as far as there is room. *BEGUN tells whether anything was done. */
static bool begin_due(struct sender *sender, bool *any, struct error *err)
{
	AUTO(delivery_list_clear) struct delivery_list due = {0};

	*any = false;
	if (!store_deliveries_due(sender->store, clock_now(sender->clock), DUE_MAX, &due, err))
		return false;
	for (size_t i = 0; i < due.count && sender->count < AT_ONCE; i++) {
		struct underway *underway = &sender->underway[sender->count];
		bool begun;

		if (has_alert(sender, due.items[i].alert_id))
			continue;
		underway->delivery = due.items[i];
		due.items[i] = (struct delivery){0};
		*any = true;
		if (!begin(sender, underway, &begun, err)) {
			underway_clear(underway);
			return false;
		}
		if (begun)
			sender->count++;
		else
			underway_clear(underway);
	}
	return true;
}

static bool take_next(struct sender *sender, int wait_ms, bool *any, struct error *err)
{
	struct transfer_result result;

	if (!transfers_next(sender->transfers, wait_ms, &result, any, err))
		return false;
	for (size_t i = 0; *any && i < sender->count; i++) {
		if (sender->underway[i].delivery.id != result.key)
			continue;
		bool done = take_result(sender, &sender->underway[i], &result, err);
		underway_clear(&sender->underway[i]);
		sender->underway[i] = sender->underway[--sender->count];
		return done;
	}
	return true;
}

/* What the next run puts into the outbox meanwhile is sent too. */
static bool send_all(struct sender *sender, int64_t deadline, struct error *err)
{
	bool any = true;

	while (any || sender->count) {
		any = false;
		if (clock_now(sender->clock) < deadline && sender->count < AT_ONCE && !begin_due(sender, &any, err))
			return false;
		bool over = sender->count > 0;
		for (int wait_ms = WAIT_MS; over; wait_ms = 0)
			if (!take_next(sender, wait_ms, &over, err))
				return false;
	}
	return true;
}

static bool anything_due(struct store *store, int64_t now, bool *out, struct error *err)
{
	AUTO(delivery_list_clear) struct delivery_list due = {0};

	if (!store_deliveries_due(store, now, 1, &due, err))
		return false;
	*out = due.count > 0;
	return true;
}

bool alerts_send(struct store *store, const struct config *config, const struct clock *clock, int64_t deadline, int64_t timeout_s,
                 uint64_t *random, struct sent *out, struct error *err)
{
	AUTO(sender_clear) struct sender sender = {.store = store, .config = config, .clock = clock, .random = *random};
	const struct transfer_options options = {.may_be_private = config->alerts_private != 0,
	                                         .smtp_url = config->smtp_url,
	                                         .smtp_password = config->smtp_password,
	                                         .mail_from = config->mail_from,
	                                         .timeout_s = timeout_s};
	bool any;

	*out = (struct sent){0};
	if (!anything_due(store, clock_now(clock), &any, err))
		return false;
	if (!any)
		return true;
	if (!transfers_open(&options, &sender.transfers, err))
		return false;
	bool done = send_all(&sender, deadline, err);
	*out = sender.sent;
	*random = sender.random;
	return done;
}
