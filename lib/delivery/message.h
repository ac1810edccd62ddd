/*
 * What is sent: the message of a rule as the request that its destination takes. Pure: no clock, no network. Titles and names are hostile input:
 * each kind's own marks in them are made harmless.
 */
#pragma once

#include "base/text_list.h"
#include "delivery/news.h"

/* What to send: by HTTP, or by SMTP where RECIPIENT is set. */
struct outgoing {
	const char *method; /* "POST", "PUT" */
	struct buf url;
	struct text_list headers; /* "Name: value" */
	struct buf body;
	const char *recipient; /* borrowed from the rule, for transfers_add(); NULL: HTTP */
};

void outgoing_clear(struct outgoing *outgoing);

/* The request or e-mail that tells NEWS. The caller's to clear. Errors: ERR_NO_MEMORY, ERR_TOO_LARGE, ERR_INTERNAL. */
MUST_USE bool message_write(const struct news *news, struct outgoing *out, struct error *err);

/* Appends the value of webhook-signature for BODY: "v1,…" for each of the secrets ("whsec_…"; "" = none), with a blank between
 * (Standard Webhooks). Errors: ERR_INTERNAL. */
MUST_USE bool webhook_sign(const char *const secrets[2], const char *id, int64_t timestamp, const struct buf *body,
                           struct buf *out, struct error *err);

/* A new secret of a webhook: "whsec_" and 32 random bytes. Errors: ERR_INTERNAL. */
MUST_USE bool webhook_secret_make(struct buf *out, struct error *err);
