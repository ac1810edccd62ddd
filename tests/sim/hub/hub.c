#include "tests/sim/hub/hub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"
#include "base/list.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "tests/sim/hub/notifications.h"
#include "tests/sim/world/rng.h"

enum {
	LEASE_USUAL_S = 5 * SECONDS_PER_DAY,
	TRIES_MAX = 5,
	FIRST_PAUSE_S = 30,
	DELAY_MAX_S = 10,
	AGAIN_AFTER_S = 5,
	LOOK_EVERY_S = 5,
	SPELL_S = 6 * SECONDS_PER_HOUR,
	LATE_MEDIAN_S = 40 * 60,
	LATE_MAX_S = 12 * SECONDS_PER_HOUR
};

static void post_clear(struct hub_post *post)
{
	free(post->body);
	*post = (struct hub_post){0};
}

void hub_clear(struct hub *hub)
{
	for (size_t i = 0; i < hub->post_count; i++)
		post_clear(&hub->posts[i]);
	hub->post_count = 0;
	free(hub->leases);
	hub->leases = NULL;
	hub->lease_count = 0;
}

/* ---- subscribing ---- */

static bool is_on_loopback(const char *url)
{
	static const char *const hosts[] = {"http://127.0.0.1:", "http://localhost:", "http://127.0.0.1/", "http://localhost/"};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strncmp(url, hosts[i], strlen(hosts[i])) == 0)
			return true;
	return false;
}

/* Both addresses of feeds that are in use. */
static bool read_topic(const char *topic, char channel_id[CHANNEL_ID_SIZE])
{
	static const char *const forms[] = {"https://www.youtube.com/xml/feeds/videos.xml?channel_id=",
	                                    "https://www.youtube.com/feeds/videos.xml?channel_id="};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *id = topic + strlen(forms[i]);

		if (strncmp(topic, forms[i], strlen(forms[i])) == 0 && strlen(id) < CHANNEL_ID_SIZE) {
			snprintf(channel_id, CHANNEL_ID_SIZE, "%s", id);
			return true;
		}
	}
	return false;
}

/* NULL when so many wait that another is not taken. */
static struct hub_post *add_post(struct hub *hub, const struct hub_lease *lease, int64_t due_at)
{
	if (hub->post_count == HUB_POSTS_MAX)
		return NULL;
	struct hub_post *post = &hub->posts[hub->post_count++];
	*post = (struct hub_post){.lease = *lease, .due_at = due_at};
	return post;
}

bool hub_is_down(const struct hub *hub, int64_t now)
{
	struct rng rng = rng_from(rng_join(hub->seed, (uint64_t)(now / SPELL_S)));

	return rng_share(&rng) < hub->hub_spells;
}

int hub_request(struct hub *hub, const struct params *form, int64_t now)
{
	const char *callback = params_get(form, "hub.callback");
	const char *mode = params_get(form, "hub.mode");
	const char *topic = params_get(form, "hub.topic");
	const char *secret = params_get(form, "hub.secret");
	const char *lease_text = params_get(form, "hub.lease_seconds");
	struct hub_lease lease = {.looked_at = now};
	int64_t seconds = LEASE_USUAL_S;

	if (!callback || !mode || !topic || strlen(callback) >= HUB_URL_SIZE || strlen(topic) >= HUB_URL_SIZE ||
	    (secret && strlen(secret) >= HUB_SECRET_SIZE) || !(hub->carried || is_on_loopback(callback)) ||
	    !read_topic(topic, lease.channel_id) || (lease_text && !text_int(lease_text, 1, INT64_MAX, &seconds)) ||
	    (strcmp(mode, "subscribe") != 0 && strcmp(mode, "unsubscribe") != 0))
		return 400;
	if (hub_is_down(hub, now))
		return 503;
	snprintf(lease.callback, sizeof(lease.callback), "%s", callback);
	snprintf(lease.topic, sizeof(lease.topic), "%s", topic);
	snprintf(lease.secret, sizeof(lease.secret), "%s", secret ? secret : "");
	lease.until = now + (seconds < HUB_ETERNITY_S ? seconds : HUB_ETERNITY_S);
	struct hub_post *post = add_post(hub, &lease, now);
	if (!post)
		return 503;
	post->verify = true;
	post->subscribe = strcmp(mode, "subscribe") == 0;
	struct rng rng = rng_from(rng_join(rng_join(hub->seed, rng_text(topic)), (uint64_t)now));
	post->denied = post->subscribe && rng_share(&rng) < hub->denied;
	uint64_t lot = rng_join(rng_join(hub->seed, rng_text(callback)), (uint64_t)now);
	snprintf(post->challenge, sizeof(post->challenge), "%016llx", (unsigned long long)lot);
	return 202;
}

/* The lease of this subscriber for this topic; else a free place; NULL when there is none. */
static struct hub_lease *place_of(struct hub *hub, const struct hub_lease *wanted)
{
	struct hub_lease *free_place = NULL;

	for (size_t i = 0; i < hub->lease_count; i++) {
		struct hub_lease *lease = &hub->leases[i];

		if (lease->until && strcmp(lease->callback, wanted->callback) == 0 && strcmp(lease->topic, wanted->topic) == 0)
			return lease;
		if (!lease->until && !free_place)
			free_place = lease;
	}
	if (free_place)
		return free_place;
	if (hub->lease_count == HUB_LEASES_MAX || !list_grow(&hub->leases, hub->lease_count, sizeof(*hub->leases)))
		return NULL;
	hub->leases[hub->lease_count] = (struct hub_lease){0};
	return &hub->leases[hub->lease_count++];
}

const struct hub_lease *hub_lease_of(const struct hub *hub, const char *channel_id, int64_t now)
{
	for (size_t i = 0; i < hub->lease_count; i++)
		if (hub->leases[i].until > now && strcmp(hub->leases[i].channel_id, channel_id) == 0)
			return &hub->leases[i];
	return NULL;
}

static void take_lease(struct hub *hub, const struct hub_post *post)
{
	struct hub_lease *place = place_of(hub, &post->lease);
	int64_t looked_at = place && place->until ? place->looked_at : post->lease.looked_at;

	if (!place)
		return;
	*place = post->subscribe ? post->lease : (struct hub_lease){0};
	struct rng rng = rng_from(rng_join(rng_join(hub->seed, rng_text(place->callback)), (uint64_t)place->until));
	if (rng_share(&rng) < hub->lapsed)
		place->until -= (place->until - post->lease.looked_at) / 2;
	place->looked_at = looked_at;
}

/* ---- what happens ---- */

struct hub_delivery hub_deliver(const struct hub *hub, const char *video_id, int64_t at)
{
	struct rng rng = rng_from(rng_join(rng_join(hub->seed, rng_text(video_id)), (uint64_t)at));
	struct hub_delivery delivery = {.due_at = at + rng_between(&rng, 1, DELAY_MAX_S)};

	delivery.copies = rng_share(&rng) < hub->duplicates ? 2 : 1;
	if (rng_share(&rng) < hub->lost)
		delivery.copies = 0;
	if (rng_share(&rng) < hub->delayed) {
		double late = rng_lognormal(&rng, LATE_MEDIAN_S, 1);
		delivery.due_at += late < LATE_MAX_S ? (int64_t)late : LATE_MAX_S;
	}
	return delivery;
}

static bool add_notification(struct hub *hub, const struct hub_lease *lease, const struct world_video *video, bool gone,
                             int64_t at, struct error *err)
{
	struct hub_delivery delivery = hub_deliver(hub, video->id, at);

	for (int i = 0; i < delivery.copies; i++) {
		struct hub_post *post = add_post(hub, lease, delivery.due_at + (int64_t)i * AGAIN_AFTER_S);

		/* As with the real one, what is too much is lost. */
		if (post && !(gone ? notification_of_deletion(video, at, &post->body, err)
		                   : notification_of_video(lease->topic, video, at, &post->body, err)))
			return false;
	}
	return true;
}

static bool look_at(struct hub *hub, struct hub_lease *lease, struct world *world, int64_t now, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits uploads = {0};
	int64_t since = lease->looked_at;

	if (!world_uploads(world, lease->channel_id, now, &uploads, err))
		return false;
	lease->looked_at = now;
	for (size_t i = 0; i < uploads.count; i++) {
		struct world_video *video = &uploads.items[i];
		const struct fate *fate = &video->fate;
		const int64_t events[] = {fate->announced_at, fate->renamed_at, fate->back_at, fate->gone_at};

		for (size_t k = 0; k < sizeof(events) / sizeof(events[0]); k++)
			if (events[k] > since && events[k] <= now &&
			    !(world_tell(world, now, video, err) &&
			      add_notification(hub, lease, video, events[k] == fate->gone_at, events[k], err)))
				return false;
	}
	return true;
}

bool hub_next(struct hub *hub, struct world *world, int64_t now, int *index, struct error *err)
{
	for (size_t i = 0; i < hub->lease_count; i++) {
		struct hub_lease *lease = &hub->leases[i];

		if (lease->until && now >= lease->until)
			*lease = (struct hub_lease){0};
		else if (lease->until && now >= lease->looked_at + LOOK_EVERY_S && !look_at(hub, lease, world, now, err))
			return false;
	}
	*index = -1;
	for (size_t i = 0; i < hub->post_count; i++)
		if (hub->posts[i].due_at <= now && (*index < 0 || hub->posts[i].due_at < hub->posts[*index].due_at))
			*index = (int)i;
	return true;
}

/* ---- sending ---- */

static void add_parameter(struct buf *url, char separator, const char *name, const char *value)
{
	buf_printf(url, "%c%s=", separator, name);
	percent_encode(url, value);
}

void hub_url(const struct hub_post *post, struct buf *out)
{
	char seconds[24];

	buf_add_text(out, post->lease.callback);
	if (!post->verify)
		return;
	snprintf(seconds, sizeof(seconds), "%lld", (long long)(post->lease.until - post->lease.looked_at));
	add_parameter(out, strchr(post->lease.callback, '?') ? '&' : '?', "hub.topic", post->lease.topic);
	if (post->denied) {
		add_parameter(out, '&', "hub.mode", "denied");
		add_parameter(out, '&', "hub.reason", "Subscriptions are not accepted at the moment");
		return;
	}
	add_parameter(out, '&', "hub.challenge", post->challenge);
	add_parameter(out, '&', "hub.mode", post->subscribe ? "subscribe" : "unsubscribe");
	add_parameter(out, '&', "hub.lease_seconds", seconds);
}

void hub_done(struct hub *hub, int index, int status, const char *body, int64_t now)
{
	struct hub_post *post = &hub->posts[index];
	bool taken = status >= 200 && status < 300;

	hub->sent++;
	hub->failed += !taken;
	if (post->verify && !post->denied && taken && strcmp(body, post->challenge) == 0)
		take_lease(hub, post);
	/* A verification that is refused is over; a notification comes again. */
	if (!post->verify && !taken && ++post->tries < TRIES_MAX) {
		post->due_at = now + ((int64_t)FIRST_PAUSE_S << post->tries);
		return;
	}
	post_clear(post);
	*post = hub->posts[--hub->post_count];
	hub->posts[hub->post_count] = (struct hub_post){0};
}
