/*
 * What is sent: the message of a rule as the request that its destination takes. Pure: no clock, no network. Titles and names are hostile input:
 * each kind's own marks in them are made harmless.
 */
#pragma once

#include "base/text_list.h"
#include "base/buf.h"
#include "model/alerts/alert.h"
#include "model/video.h"

/* A message to be written; all borrowed. */
struct news {
	const struct alert *alert;
	const struct delivery *delivery;
	const struct video_list *videos;
	const char *list_url;        /* of the rule's list, absolute; "" = not known */
	const char *unsubscribe_url; /* the same, of the page that ends the rule's e-mails */
	const char *mail_from;
	int64_t now;
};

enum { MESSAGE_MAX_BYTES = 2 * 1024 * 1024 };

/* What to send: by HTTP, or by SMTP where RECIPIENT is set. */
struct outgoing {
	const char *method; /* "POST", "PUT" */
	struct buf url;
	struct text_list headers; /* "Name: value" */
	struct buf body;
	const char *recipient; /* borrowed from the rule; NULL: HTTP */
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

/* TEXT on one line, nothing in it that cannot be seen: control characters and marks of direction become blanks; at most MAX bytes, cut at a
 * character. Each character of SPECIAL gets a BEFORE in front ("" = none) and an AFTER behind. */
struct escaping {
	const char *special, *before, *after;
};
void message_add_line(struct buf *out, const char *text, size_t max, const struct escaping *escaping);
