/*
 * The callback of the hub (WebSub, https://www.w3.org/TR/websub/), a URL of its own for each followed channel: it verifies
 * subscriptions, and posts what is new, signed. Nobody else knows the URL; what is not signed changes nothing.
 */
#include <string.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "cgi/commands/push.h"
#include "cgi/handlers.h"
#include "feed/topic.h"

enum { LEASE_MAX_S = 30 * SECONDS_PER_DAY, LEASE_USUAL_S = 5 * SECONDS_PER_DAY, CHALLENGE_MAX_BYTES = 512 };

const char *const push_parameters[] = {"hub.mode", "hub.topic", "hub.challenge", "hub.lease_seconds", NULL};

/* ---- verification ---- */

static bool read_challenge(const struct request *req, const char **out, struct error *err)
{
	*out = fields_get(&req->query, "hub.challenge");
	return (*out && **out && strlen(*out) <= CHALLENGE_MAX_BYTES && !utf8_has_control(*out)) ||
	       error_set_field(err, ERR_INVALID, "hub.challenge", "1 to %d bytes without control characters are allowed",
	                       CHALLENGE_MAX_BYTES);
}

static int64_t read_lease(const struct request *req)
{
	const char *text = fields_get(&req->query, "hub.lease_seconds");
	int64_t lease_s = LEASE_USUAL_S;

	if (text && !text_int(text, 1, LEASE_MAX_S, &lease_s))
		lease_s = LEASE_USUAL_S;
	return lease_s;
}

static bool verify(struct app *app, const struct request *req, const struct subscription *subscription, struct error *err)
{
	const char *mode = fields_get(&req->query, "hub.mode");
	const char *topic = fields_get(&req->query, "hub.topic");

	if (mode && topic && topic_is_of(topic, subscription->channel_id) && strcmp(mode, "subscribe") == 0)
		return push_begin(app, subscription, read_lease(req), err);
	if (mode && topic && topic_is_of(topic, subscription->channel_id) && strcmp(mode, "unsubscribe") == 0)
		return push_end(app, subscription, err);
	return error_set(err, ERR_NOT_FOUND, "no such request was made");
}

bool push_verify(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct subscription subscription;
	const char *challenge;

	if (!push_find(app, req, &subscription, err) || !read_challenge(req, &challenge, err) ||
	    !verify(app, req, &subscription, err))
		return false;
	response_header(res, "Content-Type", "text/plain; charset=utf-8");
	buf_add_text(&res->body, challenge);
	return true;
}

/* ---- notifications ---- */

static bool is_signed(const struct request *req, const struct subscription *subscription)
{
	static const char method[] = "sha1=";
	char expected[sizeof(method) + CRYPTO_SHA1_HEX_SIZE];

	memcpy(expected, method, sizeof(method));
	crypto_hmac_sha1(subscription->secret, req->document, req->document_len, expected + strlen(method));
	return crypto_equal(req->hub_signature, expected);
}

/* A subscriber answers so whatever it thinks of the message (WebSub, section 7.1.1): who forges one learns nothing. */
bool push_receive(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct subscription subscription;
	struct feed feed;

	if (!push_find(app, req, &subscription, err))
		return false;
	res->status = 204;
	if (!is_signed(req, &subscription)) {
		log_line(LOG_DEBUG, "a push notification without the hub's signature is ignored", NULL);
		return true;
	}
	if (!feed_parse(req->document, req->document_len, &feed, err)) {
		log_line(LOG_WARN, err->text, NULL);
		return err->code != ERR_NO_MEMORY;
	}
	return push_note(app, &subscription, &feed, err);
}
