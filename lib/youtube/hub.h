/* Requests to a WebSub hub (https://www.w3.org/TR/websub/): to push what is new of a topic to a callback, or to stop it. It answers whether it
 * took the request; the verification comes to the callback later, or at once. */
#pragma once

#include <stdint.h>

#include "youtube/http.h"

struct hub_request {
	bool subscribe; /* else unsubscribe */
	const char *callback;
	const char *topic;
	const char *secret; /* to sign with */
	int64_t lease_s;
};

enum hub_result {
	HUB_TAKEN,
	HUB_REFUSED, /* this request; another may fare better */
	HUB_DOWN     /* any request, for now */
};

struct hub_answer {
	enum hub_result result;
	int64_t retry_after; /* seconds, -1 when the answer does not say */
	char text[160];      /* what is wrong, in words; without token and secret */
};

/* Asks the hub at URL. False only for ERR_NO_MEMORY. */
MUST_USE bool hub_ask(const struct transport *transport, const char *url, const struct hub_request *request,
                      struct hub_answer *out, struct error *err);
