/* What videos.list tells of a video beside its texts and numbers. All of it may be unknown, as with a video that only a search gave. */
#pragma once

#include <stdint.h>

#include "base/error.h"
#include "base/json.h"

/* Tags as JSON: YouTube allows 500 characters of them. What is longer is cut between two of them. */
enum { VIDEO_TAGS_MAX_BYTES = 4000 };

/* A language is a tag of BCP 47, such as "en" or "zh-Hans". */
enum { LANGUAGE_SIZE = 36 };

enum video_definition { VIDEO_DEFINITION_UNKNOWN, VIDEO_DEFINITION_SD, VIDEO_DEFINITION_HD, VIDEO_DEFINITION_COUNT };
enum video_caption { VIDEO_CAPTION_UNKNOWN, VIDEO_CAPTION_NONE, VIDEO_CAPTION_GIVEN, VIDEO_CAPTION_COUNT };
enum video_licence { VIDEO_LICENCE_UNKNOWN, VIDEO_LICENCE_YOUTUBE, VIDEO_LICENCE_CREATIVE_COMMONS, VIDEO_LICENCE_COUNT };

/* "sd", "hd"; "false", "true"; "youtube", "creativeCommon": the words of YouTube. NULL for unknown. */
const char *video_definition_name(enum video_definition definition);
const char *video_caption_name(enum video_caption caption);
const char *video_licence_name(enum video_licence licence);

/* The other way round: unknown for NULL and any other text. */
enum video_definition video_definition_of(const char *name);
enum video_caption video_caption_of(const char *name);
enum video_licence video_licence_of(const char *name);

/* "Science & Technology" for 28. NULL for an id that is not in the table. */
const char *video_category_name(int64_t id);

struct video_details {
	char *tags;                   /* JSON array of texts, written by newsreel; NULL = unknown */
	int64_t category;             /* YouTube's id, 0 = unknown */
	char language[LANGUAGE_SIZE]; /* of title and description; "" = unknown */
	char audio_language[LANGUAGE_SIZE];
	enum video_definition definition;
	enum video_caption caption;
	enum video_licence licence;
	int64_t started_at; /* a stream's, UTC seconds; 0 = not yet, unknown, or none */
	int64_t ended_at;
};

void video_details_clear(struct video_details *details);

/* A copy in place of *OUT, which must be empty. Errors: ERR_NO_MEMORY. */
MUST_USE bool video_details_copy(const struct video_details *details, struct video_details *out, struct error *err);

/* What TO lacks it takes from FROM. Errors: ERR_NO_MEMORY. */
MUST_USE bool video_details_fill(struct video_details *to, const struct video_details *from, struct error *err);

bool video_tags_equal(const struct video_details *a, const struct video_details *b);

/* Whether the rest is the same, but for when a stream begins and ends. */
bool video_details_equal(const struct video_details *a, const struct video_details *b);

/* Reads tags from an array; what is no text in it is left out. NULL gives none: "[]". Errors: ERR_NO_MEMORY. */
MUST_USE bool video_read_tags(const cJSON *array, char **out, struct error *err);

/* Copies TEXT if it can be a language's tag, else "". */
void video_read_language(const char *text, char out[LANGUAGE_SIZE]);
