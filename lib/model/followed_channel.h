/*
 * A channel whose uploads list is read. A few numbers tell how often it uploads what queries want, where older uploads count less, by
 * e^(-age / 21 days), and at which hours: these change little, so all of them count alike.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/video.h"

enum { HOURS_A_DAY = 24, ETAG_SIZE = 96, FOLLOWED_SILENT_DAYS = 45 };

struct followed_channel {
	int64_t id;                       /* the store's */
	char channel_id[CHANNEL_ID_SIZE]; /* YouTube's */
	int64_t query_id;                 /* of the queries it is followed for, the one that brings most */
	bool is_source;                   /* that one's source: followed without end */
	int64_t since;                    /* followed from then on */
	int64_t read_at;                  /* last reading of its list, 0 = none yet */
	int64_t tried_at;                 /* the same, be it without success */
	int64_t failures;                 /* in a row */
	int64_t newest_at;                /* publication of its newest upload, wanted or not, 0 = unknown */
	double uploads;                   /* that are wanted, as of read_at … */
	double observed_s;                /* … in so many seconds, counted alike; 0 = nothing is counted yet */
	double hours[HOURS_A_DAY];        /* wanted uploads so far by hour of the day, UTC, whatever their age */
	char etag[ETAG_SIZE];             /* of its list, "" = unknown */
};

/* One of a channel's list. */
struct upload {
	int64_t at;  /* its publication */
	bool wanted; /* it is about a query that follows channels */
};

struct followed_list {
	struct followed_channel *items;
	size_t count;
};

void followed_list_clear(struct followed_list *list);

/* Appends an empty one and returns it (borrowed, until the next call), NULL without memory. */
struct followed_channel *followed_list_add(struct followed_list *list);

/* Takes a reading: the list has these COUNT uploads, in any order. The first one counts all of them, each later one those since the newest
 * that was known: a busy channel's list is soon past what it had at the last reading. Times after NOW tell nothing. */
void followed_channel_take(struct followed_channel *channel, const struct upload *uploads, size_t count, int64_t now);

/* Takes a reading of a list that has not changed since the last one. */
void followed_channel_take_unchanged(struct followed_channel *channel, int64_t now);

/* Wanted uploads a second that are to be expected: (n + 1/2) / (T + 6 days). */
double followed_channel_rate(const struct followed_channel *channel);

/* Its newest upload, or with none the beginning, is so old that nothing is to be expected. Only after a reading. */
bool followed_channel_is_silent(const struct followed_channel *channel, int64_t now);

/* The hours as a text, in tenths with blanks between, and back; a text that is none leaves them at 0. */
enum { HOURS_TEXT_SIZE = HOURS_A_DAY * 8 };
void followed_channel_write_hours(const struct followed_channel *channel, char out[HOURS_TEXT_SIZE]);
void followed_channel_read_hours(struct followed_channel *channel, const char *text);
