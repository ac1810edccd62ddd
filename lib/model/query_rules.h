/*
 * The rules of a tracked query: which of the videos that it found are shown with it. The others are hidden, not deleted, so that a rule that
 * goes brings them back.
 *
 * Region and language are no rules: YouTube is asked with them (regionCode, relevanceLanguage), which changes what it answers from then on,
 * and nothing that is recorded.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/text_list.h"
#include "model/video.h"

struct writer; /* base/json_writer.h */

/* A possible Short is not longer: nobody but YouTube can tell for sure which video is one. */
enum { SHORTS_MAX_S = 180 };

enum { RULES_WORDS_MAX = 100, RULES_WORD_MAX_BYTES = 150, RULES_CHANNELS_MAX = 200, RULES_DURATION_MAX_S = 365 * 24 * 3600 };
enum { RULES_LINES_MAX_BYTES = 64 * 1024 }; /* a list as text */
enum { REGION_SIZE = 3, RELEVANCE_LANGUAGE_SIZE = 12 };

struct query_rules {
	struct text_list excluded_words;    /* words and phrases: as search text with a minus before each */
	struct text_list excluded_channels; /* YouTube's ids */
	int64_t min_duration_s;             /* inclusive; 0 = none, as in the next */
	int64_t max_duration_s;
	bool hide_shorts;
	unsigned kinds;                         /* bits by enum video_kind: only these; 0 = all */
	char region[REGION_SIZE];               /* "DE"; "" = none */
	char language[RELEVANCE_LANGUAGE_SIZE]; /* "de", "zh-Hans"; "" = none */
};

void query_rules_clear(struct query_rules *rules);

/* Whether VIDEO is shown; HAS_EXCLUDED_WORD tells whether one of the excluded words is in it (search/excluded_words.h). A video of unknown
 * length is shown: newsreel looks it up soon. An announced or running live stream has no length yet. */
bool query_rules_shows(const struct query_rules *rules, const struct video *video, bool has_excluded_word);

/* Reads a list as people write it, separated by lines or commas, without repetition. Errors: ERR_INVALID about NAME; ERR_NO_MEMORY. */
MUST_USE bool query_rules_read_words(const char *name, const char *text, struct text_list *out, struct error *err);
MUST_USE bool query_rules_read_channels(const char *name, const char *text, struct text_list *out, struct error *err);
MUST_USE bool query_rules_read_kinds(const char *name, const char *text, unsigned *out, struct error *err);
MUST_USE bool query_rules_read_region(const char *name, const char *text, char out[REGION_SIZE], struct error *err);
MUST_USE bool query_rules_read_language(const char *name, const char *text, char out[RELEVANCE_LANGUAGE_SIZE], struct error *err);

/* Members of the object that is open: excluded_words, excluded_channels, region, language, min_duration, max_duration, hide_shorts, kinds.
 * null where there is none. What is excluded is written FOR_OWNER only, and null for others. */
void query_rules_write_json(struct writer *w, const struct query_rules *rules, bool for_owner);

/* Appends a list by lines, and kinds by commas. */
void query_rules_write_lines(const struct text_list *list, struct buf *out);
void query_rules_write_kinds(unsigned kinds, struct buf *out);

/* The same as query_rules_read_…() read it: lists as texts, by lines and commas. What is not for others is missing, so that it stays as it is where
 * it is read. */
void query_rules_write_texts(struct writer *w, const struct query_rules *rules, bool for_owner);
