/*
 * The class of an answer of the YouTube Data API, whatever its wording: what to do about it. One table maps status, ErrorInfo and
 * reason to a class. Sources: https://developers.google.com/youtube/v3/docs/errors, google.api.ErrorReason
 * (github.com/googleapis/googleapis google/api/error_reason.proto), and bodies seen in production.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/key.h"

struct answer_class {
	enum error_class class;
	enum key_health key_health;               /* with CLASS_KEY_BAD, else KEY_OK */
	char project_number[PROJECT_NUMBER_SIZE]; /* "" when the answer does not name it */
	int64_t limit;                            /* per day, with CLASS_QUOTA_SPENT; -1 when the answer does not give it */
	char reason[64];                          /* YouTube's word: "quotaExceeded"; "http 503" when there is none */
	char text[192]; /* a sentence for a person, with the next step; no key, no project number, no markup */
};

/* Classifies an answer by its status and its LEN bytes of BODY, which may be empty, cut, or HTML. Never fails. */
struct answer_class classify_answer(int status, const char *body, size_t len);
