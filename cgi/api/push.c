/*
 * The callback of the hub (WebSub, https://www.w3.org/TR/websub/), a URL of its own for each followed channel: it verifies
 * subscriptions, or denies them, and posts what is new, signed. Nobody else knows the URL; what is not signed changes nothing.
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

const char *const push_parameters[] = {"hub.mode", "hub.topic", "hub.challenge", "hub.lease_seconds", "hub.reason", NULL};

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

/* Whether this is what the hub wants of SUBSCRIPTION. */
static bool is_mode(const struct request *req, const struct subscription *subscription, const char *wanted)
{
	const char *mode = fields_get(&req->query, "hub.mode");
	const char *topic = fields_get(&req->query, "hub.topic");

	return mode && topic && topic_is_of(topic, subscription->channel_id) && strcmp(mode, wanted) == 0;
}

static bool verify(struct app *app, const struct request *req, const struct subscription *subscription, struct error *err)
{
	if (is_mode(req, subscription, "subscribe"))
		return push_begin(app, subscription, read_lease(req), err);
	if (is_mode(req, subscription, "unsubscribe"))
		return push_end(app, subscription, err);
	return error_set(err, ERR_NOT_FOUND, "no such request was made");
}

/* The hub may deny a subscription at any time (WebSub, section 5.2). There is nothing to answer. */
static bool deny(struct app *app, const struct request *req, struct response *res, const struct subscription *subscription,
                 struct error *err)
{
	const char *given = fields_get(&req->query, "hub.reason");
	char reason[DENIED_REASON_SIZE] = "";

	if (given && !utf8_has_control(given))
		memcpy(reason, given, utf8_cut(given, sizeof(reason) - 1));
	struct log_field fields[] = {LOG_TEXT("channel", subscription->channel_id), LOG_TEXT("reason", reason), LOG_END};
	log_line(LOG_WARN, "the hub of push notifications denied a subscription; polling goes on without it", fields);
	res->status = 204;
	return push_deny(app, subscription, reason, err);
}

bool push_verify(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	struct subscription subscription;
	const char *challenge;

	if (!push_find(app, req, &subscription, err))
		return false;
	if (is_mode(req, &subscription, "denied"))
		return deny(app, req, res, &subscription, err);
	if (!read_challenge(req, &challenge, err) || !verify(app, req, &subscription, err))
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
