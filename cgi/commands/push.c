#include "cgi/commands/push.h"

#include <string.h>

#include "store/push/notes.h"
#include "store/push/subscriptions.h"
#include "store/upkeep/refresh.h"

/* What has not the form of a token costs no look into the database. */
static bool is_token(const char *text)
{
	return strlen(text) == PUSH_TOKEN_SIZE - 1 && strspn(text, "0123456789abcdef") == PUSH_TOKEN_SIZE - 1;
}

bool push_find(struct app *app, const struct request *req, struct subscription *out, struct error *err)
{
	const char *token = fields_get(&req->captures, "token");

	return token && is_token(token) ? store_subscription_find(app->store, token, out, err)
	                                : error_set(err, ERR_NOT_FOUND, "no subscription");
}

static bool was_asked(const struct subscription *subscription, bool wanted, struct error *err)
{
	return (subscription->asked_at && subscription->wanted == wanted) ||
	       error_set(err, ERR_NOT_FOUND, "no such request was made");
}

bool push_begin(struct app *app, const struct subscription *subscription, int64_t lease_s, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	int64_t now = app_now(app);

	return was_asked(subscription, true, err) && databases_lock(&app->shared->databases, &db, err) &&
	       store_subscription_verified(db.served, subscription->channel, now + lease_s,
	                                   subscription_renew_at(subscription->token, lease_s, now), err);
}

bool push_end(struct app *app, const struct subscription *subscription, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return was_asked(subscription, false, err) && databases_lock(&app->shared->databases, &db, err) &&
	       store_subscription_end(db.served, subscription->channel, err);
}

static bool deny(struct store *store, const struct subscription *subscription, const char *reason, int64_t now, struct error *err)
{
	/* One that was to end is at its end with that. */
	if (!subscription->wanted)
		return store_subscription_end(store, subscription->channel, err);
	return store_subscription_denied(store, subscription->channel, now,
	                                 subscription_denied_retry_at(subscription->denials + 1, now), reason, err);
}

bool push_deny(struct app *app, const struct subscription *subscription, const char *reason, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return was_asked(subscription, subscription->wanted, err) && databases_lock(&app->shared->databases, &db, err) &&
	       deny(db.served, subscription, reason, app_now(app), err);
}

static bool note(struct store *store, const struct subscription *subscription, const struct feed *feed, int64_t now,
                 struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = store;
	AUTO(text_list_clear) struct text_list gone = {0};

	if (!store_begin(store, err))
		return false;
	for (size_t i = 0; i < feed->count; i++) {
		const struct feed_entry *entry = &feed->entries[i];

		if (entry->gone && !text_list_add(&gone, entry->video_id, err))
			return false;
		if (!entry->gone && strcmp(entry->channel_id, subscription->channel_id) == 0 &&
		    !store_push_note(store, entry->video_id, entry->channel_id, now, err))
			return false;
	}
	return store_refresh_postpone(store, &gone, now, err) && store_commit(store, err);
}

bool push_note(struct app *app, const struct subscription *subscription, const struct feed *feed, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return feed->count == 0 ||
	       (databases_lock(&app->shared->databases, &db, err) && note(db.served, subscription, feed, app_now(app), err));
}
