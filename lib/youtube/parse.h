/* Answers of the YouTube Data API as videos: pure functions of bytes. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text_list.h"
#include "model/followed_channel.h"
#include "model/video.h"

enum { PAGE_TOKEN_SIZE = 256 };

struct search_answer {
	struct video_list videos;              /* in the order of the answer */
	struct text_list bare;                 /* ids of videos that came without a title or a time */
	char next_page_token[PAGE_TOKEN_SIZE]; /* "" on the last page */
	int64_t items;                         /* how many the answer had */
	struct text_list skipped;              /* those of them that are no videos: their ids, "" when they have none */
	int64_t total_results;                 /* YouTube's estimate, -1 when missing */
};

void search_answer_clear(struct search_answer *answer);

/* Reads an answer of search.list. Titles are decoded once (there, and only there, YouTube escapes them). One odd item changes nothing
 * for the others: a title may be empty, a time may be one that no video has (video.h); what is missing otherwise is unknown. Errors:
 * ERR_UPSTREAM when it is no such answer, ERR_NO_MEMORY. */
MUST_USE bool parse_search(const char *body, size_t len, struct search_answer *out, struct error *err);

struct details_answer {
	struct video_list videos;
	int64_t items;
	struct text_list skipped; /* items without a good id, and videos without a title and a time: their ids, "" for none */
};

void details_answer_clear(struct details_answer *answer);

/* Reads an answer of videos.list with any parts. A video needs a title or a time (0 then, or "": unknown). Errors: as parse_search. */
MUST_USE bool parse_details(const char *body, size_t len, struct details_answer *out, struct error *err);

/* A page of a channel's list of uploads. */
struct uploads_answer {
	struct video_list videos;              /* in the order of the answer; without those that are private or deleted */
	int64_t items;                         /* how many the answer had */
	int64_t total;                         /* how many there are altogether, -1 when missing */
	struct text_list skipped;              /* items without a good id: theirs, "" for none */
	char etag[ETAG_SIZE];                  /* "" when the answer has none */
	char next_page_token[PAGE_TOKEN_SIZE]; /* "" on the last page */
	bool unchanged;                        /* since the ETag that was sent along: all else is empty */
};

void uploads_answer_clear(struct uploads_answer *answer);

/* Reads an answer of playlistItems.list with snippet and contentDetails. Errors: as parse_search. */
MUST_USE bool parse_uploads(const char *body, size_t len, struct uploads_answer *out, struct error *err);

/* Which channel a handle belongs to. */
struct handle_answer {
	char channel_id[CHANNEL_ID_SIZE]; /* "" = there is no such channel */
	char *title;                      /* owned */
};

void handle_answer_clear(struct handle_answer *answer);

/* Reads an answer of channels.list with snippet. Errors: as parse_search. */
MUST_USE bool parse_handle(const char *body, size_t len, struct handle_answer *out, struct error *err);

/* How many videos each channel says it has. */
struct channel_size {
	char id[CHANNEL_ID_SIZE];
	int64_t videos; /* VIDEO_UNKNOWN when the answer does not tell */
};

struct channels_answer {
	struct channel_size *items; /* in no certain order; a channel that is gone is missing */
	size_t count;
};

void channels_answer_clear(struct channels_answer *answer);

/* Reads an answer of channels.list with the part statistics. Items without an id are left out. Errors: as parse_search. */
MUST_USE bool parse_channels(const char *body, size_t len, struct channels_answer *out, struct error *err);

/* Decodes the character references that YouTube writes (&amp; &lt; &gt; &quot; &apos; and numeric ones), once, in place. */
void parse_decode_entities(char *text);
