#include "model/followed_channel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/timestamp.h"

static const double decay_s = 21.0 * SECONDS_PER_DAY;
static const double prior_uploads = 0.5;
static const double prior_s = 6.0 * SECONDS_PER_DAY;

void followed_list_clear(struct followed_list *list)
{
	free(list->items);
	*list = (struct followed_list){0};
}

struct followed_channel *followed_list_add(struct followed_list *list)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return NULL;
	list->items[list->count] = (struct followed_channel){0};
	return &list->items[list->count++];
}

/* ---- readings ---- */

/* How much something of this AGE (seconds) still counts. */
static double weight(int64_t age)
{
	return exp(-(double)age / decay_s);
}

static void note_reading(struct followed_channel *channel, int64_t now)
{
	channel->read_at = channel->tried_at = now;
	channel->failures = 0;
}

/* What is known of it ages until NOW, and the time since its last reading is one that was observed. */
static void age(struct followed_channel *channel, int64_t now)
{
	double kept = channel->read_at < now ? weight(now - channel->read_at) : 1;

	channel->uploads *= kept;
	channel->observed_s = decay_s - (decay_s - channel->observed_s) * kept;
}

/* The time that a first list is of: since its oldest upload. */
static double observed_s(const struct followed_channel *channel, const struct upload *uploads, size_t count, int64_t now)
{
	int64_t oldest = count || channel->since > now ? now : channel->since;

	for (size_t i = 0; i < count; i++)
		oldest = uploads[i].at > 0 && uploads[i].at < oldest ? uploads[i].at : oldest;
	return decay_s * (1 - weight(now - oldest));
}

void followed_channel_take(struct followed_channel *channel, const struct upload *uploads, size_t count, int64_t now)
{
	bool counted = channel->observed_s > 0;
	int64_t known = counted ? channel->newest_at : 0;

	if (counted)
		age(channel, now);
	else {
		channel->uploads = 0;
		memset(channel->hours, 0, sizeof(channel->hours));
		channel->observed_s = observed_s(channel, uploads, count, now);
	}
	for (size_t i = 0; i < count; i++) {
		int64_t at = uploads[i].at;

		if (at <= known || at > now)
			continue;
		channel->newest_at = at > channel->newest_at ? at : channel->newest_at;
		if (!uploads[i].wanted)
			continue;
		channel->uploads += weight(now - at);
		channel->hours[at / SECONDS_PER_HOUR % HOURS_A_DAY]++;
	}
	note_reading(channel, now);
}

void followed_channel_take_unchanged(struct followed_channel *channel, int64_t now)
{
	age(channel, now);
	note_reading(channel, now);
}

/* ---- what to expect ---- */

double followed_channel_rate(const struct followed_channel *channel)
{
	return (channel->uploads + prior_uploads) / (channel->observed_s + prior_s);
}

bool followed_channel_is_silent(const struct followed_channel *channel, int64_t now)
{
	int64_t last = channel->newest_at ? channel->newest_at : channel->since;

	return channel->read_at && now - last > FOLLOWED_SILENT_DAYS * SECONDS_PER_DAY;
}

/* ---- hours as a text ---- */

void followed_channel_write_hours(const struct followed_channel *channel, char out[HOURS_TEXT_SIZE])
{
	size_t len = 0;

	for (int hour = 0; hour < HOURS_A_DAY; hour++)
		len += (size_t)snprintf(out + len, HOURS_TEXT_SIZE - len, "%s%ld", hour ? " " : "",
		                        lround(fmin(channel->hours[hour] * 10, 99999)));
}

void followed_channel_read_hours(struct followed_channel *channel, const char *text)
{
	for (int hour = 0; hour < HOURS_A_DAY && *text; hour++) {
		char *end;

		channel->hours[hour] = (double)strtol(text, &end, 10) / 10;
		text = end;
	}
}
