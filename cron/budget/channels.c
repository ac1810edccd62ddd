/*
 * Which uploads lists to read: those worth most. What is gained is time: videos published since the last reading that no search has
 * shown yet would be found by the next poll of their query. Soon after a poll they are few, shortly before it little is gained; in
 * between waiting brings more, until as much time is left as has passed. Some videos no search shows for hours, or ever: so each list
 * is read now and then, however little it brings.
 */
#include <math.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "cron/budget/categories.h"
#include "cron/budget/channels.h"
#include "cron/budget/poll.h"
#include "model/index_lag.h"

enum {
	PAUSE_S = 300, /* from one reading of a list to the next at least */
};

static const double poll_late = 1.3; /* a poll comes later than its period says, as gaps and second readings have searches too, */
static const double poll_soon = 1.0 / 8; /* and one that is overdue after such a part of it */
static const double lag_s = 900;         /* what the poll does not show yet, the index shows so much later */
/* What one more second of uploads is worth for those that searches show hours later or never: 3 %, and four hours for each. */
static const double late_s = 0.03 * 4 * SECONDS_PER_HOUR;
static const double prior_uploads = 4; /* at the hours of all channels of the query go into those of each */

/* ---- hours ---- */

struct hours channels_typical_hours(const struct followed_list *channels, int64_t query_id)
{
	struct hours typical;
	double sum = 0;

	for (int hour = 0; hour < HOURS_A_DAY; hour++)
		typical.share[hour] = 1.0 / HOURS_A_DAY;
	for (size_t i = 0; i < channels->count; i++)
		for (int hour = 0; channels->items[i].query_id == query_id && hour < HOURS_A_DAY; hour++)
			typical.share[hour] += channels->items[i].hours[hour];
	for (int hour = 0; hour < HOURS_A_DAY; hour++)
		sum += typical.share[hour];
	for (int hour = 0; hour < HOURS_A_DAY; hour++)
		typical.share[hour] /= sum;
	return typical;
}

/* Uploads come around their usual hour. */
static double smoothed(const struct followed_channel *channel, int hour)
{
	const double *hours = channel->hours;

	return 0.15 * hours[(hour + HOURS_A_DAY - 1) % HOURS_A_DAY] + 0.7 * hours[hour] + 0.15 * hours[(hour + 1) % HOURS_A_DAY];
}

/* The part of a day's uploads that comes in HOUR, of a channel with so many UPLOADS in its hours. */
static double share_of_hour(const struct followed_channel *channel, const struct hours *typical, double uploads, int hour)
{
	return (smoothed(channel, hour) + prior_uploads * typical->share[hour]) / (uploads + prior_uploads);
}

/* ---- worth ---- */

/* Days of uploads from SINCE to NOW that no search has shown, where those of each hour count by their share. */
static double unseen_days(const struct followed_channel *channel, const struct hours *typical, const struct searching *search,
                          int64_t since, int64_t now)
{
	double seconds = 0;
	double uploads = 0;

	for (int hour = 0; hour < HOURS_A_DAY; hour++)
		uploads += channel->hours[hour];
	for (int64_t at = since, next; at < now; at = next) {
		int hour = (int)(at / SECONDS_PER_HOUR % HOURS_A_DAY);

		next = (at / SECONDS_PER_HOUR + 1) * SECONDS_PER_HOUR;
		next = next < now ? next : now;
		seconds += share_of_hour(channel, typical, uploads, hour) * index_lag_unseen_s(at, next, search->at);
	}
	return seconds / SECONDS_PER_HOUR;
}

/* The part of its gain that a reading is worth now, so that readings are worth as much where one more between two polls would gain as
 * much. With n readings the best times are at every (n + 1)th part; from the middle on nothing is worth waiting for. */
static double ripeness(double unseen_s, double wait_s)
{
	double part = unseen_s / wait_s;

	return fmin(1, part * (1 + part) / 2);
}

double channel_worth(const struct followed_channel *channel, const struct hours *typical, const struct searching *search,
                     int64_t now)
{
	int64_t read_at = channel->read_at < now ? channel->read_at : now;
	int64_t since = read_at > now - INDEX_LAG_MAX_S ? read_at : now - INDEX_LAG_MAX_S;
	double per_day = followed_channel_rate(channel) * SECONDS_PER_DAY;
	double ripe = ripeness(index_lag_unseen_s(since, now, search->at), search->wait_s);
	double spared = unseen_days(channel, typical, search, since, now) * search->wait_s * ripe;

	return per_day * (spared + (double)(now - read_at) / SECONDS_PER_DAY * late_s);
}

/* ---- how many ---- */

/* Also where that is less than one a run. */
int64_t budget_readings(const struct planner *p, int64_t lookups)
{
	const struct budget_input *input = p->input;
	int64_t backlog = (input->waiting + LOOKUP_IDS - 1) / LOOKUP_IDS;
	int64_t taken = budget_reserve(input) + (lookups > backlog ? lookups : backlog);
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

/* What the channels of a query have in common, as far as it is known. */
struct query_facts {
	double period_s;
	struct hours typical;
};

/* FACTS has one for each query, and one for none of them. */
static const struct query_facts *facts_of(const struct budget_input *input, const struct query *query, int64_t query_id,
                                          struct query_facts *facts)
{
	struct query_facts *known = &facts[query ? (size_t)(query - input->queries->items) : input->queries->count];

	if (known->period_s == 0)
		*known = (struct query_facts){.period_s = query ? poll_late * poll_period_s(input, query) : SECONDS_PER_DAY,
		                              .typical = channels_typical_hours(input->followed, query_id)};
	return known;
}

/* What searches do for the videos of a channel: nothing for those of a source. */
static struct searching search_of(const struct budget_input *input, const struct followed_channel *channel,
                                  const struct query *query, double period_s)
{
	if (channel->is_source || !query)
		return (struct searching){.at = 0, .wait_s = SECONDS_PER_DAY};
	double waited = (double)budget_wait(input, query);
	return (struct searching){.at = input->now - (int64_t)waited,
	                          .wait_s = fmax(period_s - waited, poll_soon * period_s) + lag_s};
}

/* INFINITY where the list was never read. */
static double worth_of(const struct budget_input *input, const struct followed_channel *channel, struct query_facts *facts)
{
	if (channel->read_at == 0)
		return INFINITY;
	const struct query *query = query_list_find(input->queries, channel->query_id);
	const struct query_facts *common = facts_of(input, query, channel->query_id, facts);
	struct searching search = search_of(input, channel, query, common->period_s);
	return channel_worth(channel, &common->typical, &search, input->now);
}

/* The channels that may be read now, with what that is worth: most for those that never were. */
static size_t find_candidates(const struct budget_input *input, struct query_facts *facts, struct candidate *out)
{
	size_t count = 0;

	for (size_t i = 0; i < input->followed->count; i++) {
		const struct followed_channel *channel = &input->followed->items[i];

		if (may_be_read(input, channel))
			out[count++] = (struct candidate){channel, worth_of(input, channel, facts)};
	}
	return count;
}

static bool add_worthiest(const struct planner *p, int64_t most, struct query_facts *facts, struct candidate *candidates,
                          struct error *err)
{
	size_t count = find_candidates(p->input, facts, candidates);

	qsort(candidates, count, sizeof(*candidates), compare);
	for (size_t i = 0; i < count && (int64_t)i < most; i++) {
		struct planned_call call = {.kind = PLAN_UPLOADS, .channel = candidates[i].channel};

		if (!plan_add(p->plan, &call, err))
			return false;
	}
	return true;
}

bool budget_channels(const struct planner *p, int64_t readings, struct error *err)
{
	if (readings == 0 || !p->input->followed || p->input->followed->count == 0)
		return true;
	struct query_facts *facts = calloc(p->input->queries->count + 1, sizeof(*facts));
	struct candidate *candidates = calloc(p->input->followed->count, sizeof(*candidates));
	bool done = facts && candidates ? add_worthiest(p, readings, facts, candidates, err) : error_no_memory(err);

	free(candidates);
	free(facts);
	return done;
}
