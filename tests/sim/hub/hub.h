/*
 * The WebSub hub: takes subscriptions, verifies them, and tells subscribers what their channels upload, change and take away,
 * with the duplicates and delays of the real one. It sends nothing itself: hub_next() gives what is due, the carrier sends it and
 * says how it went with hub_done(). Callbacks are on loopback, unless nothing goes over a network.
 */
#pragma once

#include "base/buf.h"
#include "tests/sim/params.h"
#include "tests/sim/world/world.h"

enum { HUB_LEASES_MAX = 10000, HUB_POSTS_MAX = 512, HUB_URL_SIZE = 512, HUB_SECRET_SIZE = 201, HUB_ETERNITY_S = 10 * 86400 };

/* A subscription. */
struct hub_lease {
	char channel_id[CHANNEL_ID_SIZE];
	char topic[HUB_URL_SIZE]; /* as the subscriber wrote it */
	char callback[HUB_URL_SIZE];
	char secret[HUB_SECRET_SIZE];
	int64_t until;     /* 0 = the place is free, or it is not verified yet */
	int64_t looked_at; /* events until here are on their way */
};

/* A message that waits: a verification or a denial (GET), or a notification (POST). */
struct hub_post {
	struct hub_lease lease; /* as it will be when it is verified */
	bool verify;
	bool subscribe; /* of a verification */
	bool denied;    /* of one that is none: the hub denies it */
	char challenge[33];
	char *body; /* of a notification; owned */
	int64_t due_at;
	int tries;
};

struct hub {
	struct hub_lease *leases;
	size_t lease_count; /* with free places */
	bool carried;       /* the carrier is in this process: callbacks need not be on loopback */
	struct hub_post posts[HUB_POSTS_MAX];
	size_t post_count;
	double duplicates; /* share of notifications that come twice */
	double lost;       /* share of notifications that never come */
	double delayed;    /* share of notifications that come minutes to hours late */
	double lapsed;     /* share of leases that end after half of their time, without a word */
	double denied;     /* share of requests for subscriptions that are denied */
	double hub_spells; /* share of six-hour spells in which nothing is subscribed or renewed; notifications go on */
	uint64_t seed;
	int64_t sent, failed; /* deliveries so far */
};

void hub_clear(struct hub *hub);

/* Whether it takes no requests at NOW. */
bool hub_is_down(const struct hub *hub, int64_t now);

/* What becomes of the notification that something happened to a video at AT. */
struct hub_delivery {
	int copies; /* 0 = it is lost */
	int64_t due_at;
};

struct hub_delivery hub_deliver(const struct hub *hub, const char *video_id, int64_t at);

/* The lease for CHANNEL_ID at NOW, NULL when there is none. */
const struct hub_lease *hub_lease_of(const struct hub *hub, const char *channel_id, int64_t now);

/* Takes a request with hub.callback, hub.mode, hub.topic, hub.lease_seconds, hub.secret at NOW. Returns the HTTP status: 202,
 * 400 for what it does not take, 503 when it takes nothing. */
int hub_request(struct hub *hub, const struct params *form, int64_t now);

/* Looks what is new in WORLD, and gives the next message that is due at NOW: its index, or -1. Errors: ERR_NO_MEMORY. */
MUST_USE bool hub_next(struct hub *hub, struct world *world, int64_t now, int *index, struct error *err);

/* The URL to get or post to. */
void hub_url(const struct hub_post *post, struct buf *out);

/* How it went: the subscriber's status (0 = no answer) and its body. Failures are tried again later. */
void hub_done(struct hub *hub, int index, int status, const char *body, int64_t now);
