/*
 * The calls of one run to YouTube, with everything around each of them: which key, the charge before it, what its error class
 * means for the key, pauses and retries, another project's key in the same run.
 */
#pragma once

#include <stdint.h>

#include "base/clock.h"
#include "store/keys.h"
#include "youtube/client.h"

struct api_client {
	struct store *store;
	const struct youtube *youtube;
	struct clock clock;
	struct quota_defaults quota;
	int64_t deadline;           /* UTC seconds: no further try begins after it */
	uint64_t *random;           /* state of the jitter */
	int64_t made[BUCKET_COUNT]; /* calls charged so far */
	int64_t clock_ahead_s;      /* of our clock, before the Date of the last answer that had one; 0 = none had */
	int64_t keys_disabled;      /* because YouTube said that they cannot be used */
	char disabled_reason[224];  /* of the last of them, in words */
	int64_t skipped_keys[16];   /* ids of keys that were refused in this run without a clear reason */
	size_t skipped_count;
};

/* The next number of a jitter whose state, not 0, is STATE; and of the client's. */
uint64_t random_next(uint64_t *state);
uint64_t api_client_random(struct api_client *client);

/* How a call ended. */
enum call_result {
	CALL_OK,        /* the answer is there */
	CALL_FAILED,    /* not this time; *ERR says why */
	CALL_UNREACHED, /* nothing was sent, and it cost nothing: YouTube cannot be reached now; *ERR says why */
	CALL_NO_QUOTA,  /* no key has any of this bucket left; *ERR says so */
	CALL_GONE       /* of uploads: the channel has none, or is closed; *ERR says so */
};

/* Searches; OUT is filled on CALL_OK. AT receives when the answer was given (its Date, at most now). False: ERR says why the run
 * cannot go on. */
MUST_USE bool api_client_search(struct api_client *client, const struct search_request *request, struct search_answer *out,
                                int64_t *at, enum call_result *result, struct error *err);

/* The same for videos.list. KEY_ID 0 = any key, otherwise only that one. */
MUST_USE bool api_client_details(struct api_client *client, int64_t key_id, const struct text_list *ids,
                                 struct details_answer *out, enum call_result *result, struct error *err);

/* The same for a page of a channel's uploads. */
MUST_USE bool api_client_uploads(struct api_client *client, const struct uploads_request *request, struct uploads_answer *out,
                                 enum call_result *result, struct error *err);

/* The same for the channel of HANDLE ("@name"). */
MUST_USE bool api_client_handle(struct api_client *client, const char *handle, struct handle_answer *out,
                                enum call_result *result, struct error *err);

/* The same for channels.list. */
MUST_USE bool api_client_channels(struct api_client *client, const struct text_list *ids, struct channels_answer *out,
                                  enum call_result *result, struct error *err);
