/*
 * What an answer of the YouTube Data API means, whatever its wording. One table turns status, ErrorInfo and reason into what
 * to do. Sources: https://developers.google.com/youtube/v3/docs/errors, google.api.ErrorReason
 * (github.com/googleapis/googleapis google/api/error_reason.proto), and bodies seen in production.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/key.h"

enum verdict_class {
	VERDICT_OK,
	VERDICT_SPENT,     /* the project has used up this bucket until the reset: next key of another project */
	VERDICT_KEY_BAD,   /* the key is of no use (KEY_HEALTH says why): disable it, next key */
	VERDICT_TEMPORARY, /* try again after a pause */
	VERDICT_UNREACHED, /* the same, but nothing was sent: it cost nothing, and no other call would fare better now */
	VERDICT_NEXT_KEY,  /* this key, this time: one more try, then another key; nobody is disabled */
	VERDICT_FORBIDDEN, /* the same, and a sign against the key when it happens to every call */
	VERDICT_REQUEST,   /* our fault: neither retry nor rotate */
	VERDICT_GONE       /* what was asked for is not there */
};

struct verdict {
	enum verdict_class class;
	enum key_health key_health;               /* with VERDICT_KEY_BAD */
	char project_number[PROJECT_NUMBER_SIZE]; /* "" when the answer does not tell */
	int64_t limit;                            /* per day, with VERDICT_SPENT; -1 when the answer does not tell */
	char reason[64];                          /* YouTube's word: "quotaExceeded"; "http 503" when there is none */
	char text[192]; /* a sentence for a person, with the next step; no key, no project number, no markup */
};

/* Judges an answer: its status and its LEN bytes of BODY, which may be empty, cut, or HTML. Never fails. */
struct verdict verdict_of(int status, const char *body, size_t len);
