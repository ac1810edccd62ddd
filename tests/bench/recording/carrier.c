#include "tests/bench/recording/carrier.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "store/push/notes.h"
#include "store/push/subscriptions.h"

void carrier_clear(struct carrier *carrier)
{
	hub_clear(&carrier->hub);
	free(carrier->notices);
	carrier->notices = NULL;
}

/* ---- subscriptions ---- */

static bool confirm(struct store *store, const struct hub_post *post, int64_t now, struct error *err)
{
	const char *slash = strrchr(post->lease.callback, '/');
	struct subscription subscription;

	if (!store_subscription_find(store, slash ? slash + 1 : "", &subscription, err))
		return err->code == ERR_NOT_FOUND;
	if (!post->subscribe)
		return store_subscription_end(store, subscription.channel, err);
	return store_subscription_verified(store, subscription.channel, post->lease.until,
	                                   subscription_renew_at(subscription.token, post->lease.until - now, now), err);
}

static bool verify_all(struct carrier *carrier, struct store *store, int64_t now, struct error *err)
{
	struct hub *hub = &carrier->hub;

	while (hub->post_count) {
		char challenge[sizeof(hub->posts[0].challenge)];

		if (!confirm(store, &hub->posts[0], now, err))
			return false;
		memcpy(challenge, hub->posts[0].challenge, sizeof(challenge));
		hub_done(hub, 0, 200, challenge, now);
	}
	return true;
}

/* ---- notifications ---- */

/* What the hub will tell of what was announced since the last look. */
static bool look(struct carrier *carrier, struct world *world, int64_t now, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	int64_t from = carrier->looked_at ? carrier->looked_at + 1 : now;

	if (!world_announced(world, from, now, &hits, err))
		return false;
	carrier->looked_at = now;
	for (size_t i = 0; i < hits.count; i++) {
		const struct world_video *video = &hits.items[i];
		struct hub_delivery delivery = hub_deliver(&carrier->hub, video->id, video->fate.announced_at);

		if (delivery.copies == 0 || !hub_lease_of(&carrier->hub, video->channel_id, video->fate.announced_at))
			continue;
		if (!list_grow(&carrier->notices, carrier->count, sizeof(*carrier->notices)))
			return error_no_memory(err);
		struct notice *notice = &carrier->notices[carrier->count++];
		*notice = (struct notice){.due_at = delivery.due_at};
		memcpy(notice->video_id, video->id, sizeof(notice->video_id));
		memcpy(notice->channel_id, video->channel_id, sizeof(notice->channel_id));
	}
	return true;
}

static bool deliver(struct carrier *carrier, struct store *store, int64_t now, struct error *err)
{
	for (size_t i = carrier->count; i-- > 0;) {
		const struct notice *notice = &carrier->notices[i];

		if (notice->due_at > now)
			continue;
		if (!store_push_note(store, notice->video_id, notice->channel_id, now, err))
			return false;
		carrier->notices[i] = carrier->notices[--carrier->count];
	}
	return true;
}

bool carrier_serve(struct carrier *carrier, struct store *store, struct world *world, int64_t now, struct error *err)
{
	return verify_all(carrier, store, now, err) && look(carrier, world, now, err) && deliver(carrier, store, now, err);
}
