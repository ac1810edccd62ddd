/* The calls newsreel makes. One call is one HTTP request: charging, retrying and changing keys is for the caller to do. */
#pragma once

#include <stdint.h>

#include "base/text_list.h"
#include "model/query.h"
#include "youtube/http.h"
#include "youtube/parse.h"
#include "youtube/error_class.h"

struct youtube {
	const char *base_url; /* borrowed, without a slash at the end */
	struct transport transport;
};

/* What came of a call, besides its content. */
struct outcome {
	struct answer_class answer;
	int64_t date;        /* of the answer, 0 when unknown */
	int64_t retry_after; /* seconds, -1 when the answer does not say */
};

struct search_request {
	const char *text;
	int64_t published_after;  /* inclusive */
	int64_t published_before; /* inclusive */
	const char *page_token;   /* NULL or "" = first page */
	enum safe_search safe_search;
	const char *region;   /* "DE"; NULL or "" = none, as in the next */
	const char *language; /* "de" */
};

enum { DETAILS_IDS_MAX = 50 };

/* search.list: newest first, 50 results. True when YouTube answered: OUT is filled if the class is CLASS_OK. A call
 * without an answer, and a good status with a broken body, give CLASS_TEMPORARY and true as well (CLASS_UNREACHED when nothing was
 * sent), with the reason in words in its text. False only for ERR_NO_MEMORY. */
MUST_USE bool youtube_search(const struct youtube *youtube, const char *key, const struct search_request *request,
                             struct search_answer *out, struct outcome *outcome, struct error *err);

/* The same for videos.list: at most DETAILS_IDS_MAX IDS, with snippet, contentDetails, statistics and liveStreamingDetails. */
MUST_USE bool youtube_details(const struct youtube *youtube, const char *key, const struct text_list *ids,
                              struct details_answer *out, struct outcome *outcome, struct error *err);

/* The same for playlistItems.list: the newest SEARCH_PAGE_SIZE uploads of the channel CHANNEL_ID, unless they are as when YouTube gave ETAG
 * ("" = unknown). CLASS_GONE when it has none, or is closed. */
MUST_USE bool youtube_uploads(const struct youtube *youtube, const char *key, const char *channel_id, const char *etag,
                              struct uploads_answer *out, struct outcome *outcome, struct error *err);

/* The same for channels.list: the channel of HANDLE ("@name"). */
MUST_USE bool youtube_handle(const struct youtube *youtube, const char *key, const char *handle, struct handle_answer *out,
                             struct outcome *outcome, struct error *err);

/* The same for channels.list: at most DETAILS_IDS_MAX IDS of channels, with statistics. */
MUST_USE bool youtube_channels(const struct youtube *youtube, const char *key, const struct text_list *ids,
                               struct channels_answer *out, struct outcome *outcome, struct error *err);
