/*
 * Sending, several at once: each with a deadline of its own, so that a destination that hangs holds up no other. By HTTP, whose address is checked when
 * it is connected to, without redirects and proxies; and by SMTP. transfer.c is the only file beside youtube/http.c that knows libcurl.
 */
#pragma once

#include "delivery/message.h"

/* How transfers are made; all borrowed. */
struct transfer_options {
	bool may_be_private;  /* this machine and its networks may be sent to */
	const char *smtp_url; /* "smtps://user@host", "" = no e-mail */
	const char *smtp_password;
	const char *mail_from;
	int64_t timeout_s; /* for each */
};

struct transfer_result {
	int64_t key;
	bool delivered;
	int status;          /* of HTTP or SMTP, 0 = no answer */
	int64_t retry_after; /* seconds, -1 = nothing was said */
	char error[200];     /* why it is not delivered, without secrets; "" = it is */
};

struct transfers;

/* Errors: ERR_NO_MEMORY. */
MUST_USE bool transfers_open(const struct transfer_options *options, struct transfers **out, struct error *err);

/* Ends those that are going on, too. */
void transfers_close(struct transfers **transfers);

/* Begins to send OUTGOING, which is taken over also on failure; its result will have KEY. Errors: ERR_NO_MEMORY. */
MUST_USE bool transfers_add(struct transfers *transfers, int64_t key, struct outgoing *outgoing, struct error *err);

/* The next result, waiting for it up to WAIT_MS; *ANY is false when there is none yet. */
MUST_USE bool transfers_next(struct transfers *transfers, int wait_ms, struct transfer_result *out, bool *any, struct error *err);
