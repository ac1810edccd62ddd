/* What becomes of a video: when search shows it, whether it is a live stream, how it is watched, when it goes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "model/video.h"

/* How videos behave. Shares are between 0 and 1. */
struct fate_options {
	double lag_median_s;   /* from publication to the search index: log-normal */
	double lag_spread;     /* deviation of its logarithm */
	int64_t lag_max_s;     /* and never more */
	double late_share;     /* of videos that come 3 to 20 hours late */
	double never_share;    /* of videos that search never shows */
	double stream_share;   /* of live streams; half of them are announced first */
	double gone_share;     /* of videos that are deleted or made private within weeks */
	double misdated_share; /* of videos that the index sorts under a time some minutes wrong */
	double back_share;     /* of those that went: they are there again within days or weeks */
	double renamed_share;  /* of videos whose title and description change, within days */
	double omitted_share;  /* of videos that the index lacks at a time, though it showed them: each for some hours */
};

struct fate_options fate_defaults(void);

/* Times are UTC seconds; FATE_NEVER for what does not happen. */
#define FATE_NEVER INT64_MAX

/* An announced stream moves to its start, at most this much later. */
enum { FATE_MOVE_MAX_S = 74 * 3600, FATE_MISDATED_MAX_S = 600, FATE_GONE_IN_INDEX_S = 12 * 3600, FATE_OMITTED_S = 6 * 3600 };

struct fate {
	int64_t announced_at; /* first publication time */
	int64_t shown_at;     /* by the search index, FATE_NEVER = never */
	int64_t index_slip_s; /* how wrong the index's time is, seconds */
	int64_t gone_at;
	int64_t back_at;    /* after it was gone */
	int64_t renamed_at; /* title and description change */
	bool stream;
	int64_t scheduled_at; /* 0 = not announced */
	int64_t started_at;   /* of a stream */
	int64_t ended_at;
	int64_t duration_s;
	double audience; /* views in the end */
	double liked;    /* likes for each view, negative = hidden */
	double talked;   /* comments for each view, negative = switched off */
	bool views_hidden;
	double omitted_share; /* of its spells of FATE_OMITTED_S: the index lacks it then */
	uint64_t random;      /* for which of them */
};

/* The fate of the video with these RANDOM bits. */
struct fate fate_of(const struct fate_options *options, uint64_t random, int64_t announced_at);

/* As it stands at NOW. */
enum video_kind fate_kind(const struct fate *fate, int64_t now);
int64_t fate_published_at(const struct fate *fate, int64_t now);
int64_t fate_index_time(const struct fate *fate, int64_t now);
bool fate_is_in_index(const struct fate *fate, int64_t now);
bool fate_exists(const struct fate *fate, int64_t now);
bool fate_is_short(const struct fate *fate);
bool fate_is_renamed(const struct fate *fate, int64_t now);

/* Counts never fall; VIDEO_UNKNOWN when hidden. */
struct fate_counts {
	int64_t views, likes, comments, watching;
};

struct fate_counts fate_counts(const struct fate *fate, int64_t now);
