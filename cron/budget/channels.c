/*
 * Which uploads lists to read. What is gained is the time until a search would have shown the new videos of a channel: since its last
 * reading, a second at the age s adds rate * s * e^(-s/D), the rate being that of its hour of the day, and D a little more than the time
 * from one poll of its query to the next. The lists worth most are read, and begin at nothing again.
 */
#include <math.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "cron/budget/categories.h"
#include "cron/budget/channels.h"
#include "cron/budget/poll.h"

enum {
	PAUSE_S = 300,     /* from one reading of a list to the next at least */
	RESERVE_PART = 20, /* of the day's units is held for lookups: 1 / RESERVE_PART */
	AGES_MAX = 12,     /* times D: what is older than that adds nothing any more */
};

static const double delay_of_period = 1.3;
static const double prior_uploads = 4; /* of all channels' hours go into those of each */

/* ---- hours ---- */

struct hours channels_typical_hours(const struct followed_list *channels)
{
	struct hours typical;
	double sum = 0;

	for (int hour = 0; hour < HOURS_A_DAY; hour++) {
		typical.share[hour] = 1.0 / HOURS_A_DAY;
		for (size_t i = 0; i < channels->count; i++)
			typical.share[hour] += channels->items[i].hours[hour];
		sum += typical.share[hour];
	}
	for (int hour = 0; hour < HOURS_A_DAY; hour++)
		typical.share[hour] /= sum;
	return typical;
}

/* Uploads come around their usual hour. */
static double smoothed(const struct followed_channel *channel, int hour)
{
	const double *hours = channel->hours;

	return hours[(hour + HOURS_A_DAY - 1) % HOURS_A_DAY] / 4 + hours[hour] / 2 + hours[(hour + 1) % HOURS_A_DAY] / 4;
}

/* The part of a day's uploads that comes in HOUR. */
static double share_of_hour(const struct followed_channel *channel, const struct hours *typical, int hour)
{
	return (smoothed(channel, hour) + prior_uploads * typical->share[hour]) / (channel->uploads + prior_uploads);
}

/* ---- worth ---- */

double channel_worth(const struct followed_channel *channel, const struct hours *typical, double delay_s, int64_t now)
{
	int64_t end = channel->read_at + (int64_t)(AGES_MAX * delay_s);
	double per_hour = followed_channel_rate(channel) * HOURS_A_DAY;
	double before = delay_s; /* (age + D) e^(-age/D) at the beginning of the hour: D times the gain of all that comes after */
	double worth = 0;

	end = end < now ? end : now;
	for (int64_t at = channel->read_at; at < end;) {
		int64_t next = (at / SECONDS_PER_HOUR + 1) * SECONDS_PER_HOUR;
		int hour = (int)(at / SECONDS_PER_HOUR % HOURS_A_DAY);

		next = next < end ? next : end;
		double age = (double)(next - channel->read_at);
		double after = (age + delay_s) * exp(-age / delay_s);
		worth += share_of_hour(channel, typical, hour) * (before - after);
		before = after;
		at = next;
	}
	return per_hour * delay_s * worth;
}

/* ---- how many ---- */

/* Evenly over what is left of the day, also where that is less than one a run. */
static int64_t readings(const struct planner *p, int64_t lookups)
{
	const struct budget_input *input = p->input;
	int64_t reserve = key_list_limit(input->keys, BUCKET_UNITS) / RESERVE_PART;
	int64_t backlog = (input->waiting + LOOKUP_IDS - 1) / LOOKUP_IDS;
	int64_t taken = reserve + (lookups > backlog ? lookups : backlog);
	int64_t left = key_list_left(input->keys, BUCKET_UNITS, input->now) - taken;
	double a_run = (double)left * (double)input->interval_s / (double)(input->reset - input->now);
	double run = floor((double)(input->now - input->day) / (double)input->interval_s);

	if (left <= 0)
		return 0;
	int64_t count = (int64_t)(floor(a_run * (run + 1)) - floor(a_run * run));
	return count < left ? count : left;
}

/* ---- which ---- */

struct candidate {
	const struct followed_channel *channel;
	double worth;
};

/* The worthiest first; of lists of the same worth, such as those that were never read, sources come first. */
static int compare(const void *a, const void *b)
{
	const struct candidate *one = a;
	const struct candidate *other = b;

	if (one->worth != other->worth)
		return one->worth > other->worth ? -1 : 1;
	if (one->channel->is_source != other->channel->is_source)
		return one->channel->is_source ? -1 : 1;
	return one->channel->id < other->channel->id ? -1 : 1;
}

static bool may_be_read(const struct budget_input *input, const struct followed_channel *channel)
{
	int64_t doublings = channel->failures < BACKOFF_DOUBLINGS_MAX ? channel->failures : BACKOFF_DOUBLINGS_MAX;
	int64_t pause = channel->failures ? input->interval_s << doublings : PAUSE_S;

	return channel->tried_at == 0 || budget_ago(input, channel->tried_at) >= pause;
}

/* How late searches show its videos. DELAYS are those of the queries, as far as they are known; a source is not searched for at all. */
static double delay_of(const struct budget_input *input, const struct followed_channel *channel, double *delays)
{
	const struct query *query = channel->is_source ? NULL : query_list_find(input->queries, channel->query_id);

	if (!query)
		return delay_of_period * SECONDS_PER_DAY;
	double *delay = &delays[query - input->queries->items];
	if (*delay == 0)
		*delay = delay_of_period * poll_period_s(input, query);
	return *delay;
}

/* The channels that may be read now, with what that is worth: most for those that never were. */
static size_t find_candidates(const struct budget_input *input, double *delays, struct candidate *out)
{
	struct hours typical = channels_typical_hours(input->followed);
	size_t count = 0;

	for (size_t i = 0; i < input->followed->count; i++) {
		const struct followed_channel *channel = &input->followed->items[i];

		if (!may_be_read(input, channel))
			continue;
		out[count++] = (struct candidate){channel, channel->read_at == 0
		                                               ? INFINITY
		                                               : channel_worth(channel, &typical,
		                                                               delay_of(input, channel, delays), input->now)};
	}
	return count;
}

static bool add_worthiest(const struct planner *p, int64_t most, double *delays, struct candidate *candidates, struct error *err)
{
	size_t count = find_candidates(p->input, delays, candidates);

	qsort(candidates, count, sizeof(*candidates), compare);
	for (size_t i = 0; i < count && (int64_t)i < most; i++) {
		struct planned_call call = {.kind = PLAN_UPLOADS, .channel = candidates[i].channel};

		if (!plan_add(p->plan, &call, err))
			return false;
	}
	return true;
}

bool budget_channels(const struct planner *p, int64_t lookups, struct error *err)
{
	int64_t most = readings(p, lookups);

	if (most <= 0 || p->input->followed->count == 0)
		return true;
	double *delays = calloc(p->input->queries->count + 1, sizeof(*delays));
	struct candidate *candidates = calloc(p->input->followed->count, sizeof(*candidates));
	bool done = delays && candidates ? add_worthiest(p, most, delays, candidates, err) : error_no_memory(err);

	free(candidates);
	free(delays);
	return done;
}
