#include "cron/status.h"

#include <math.h>

#include "base/crypto.h"
#include "base/json_writer.h"
#include "base/timestamp.h"
#include "model/quota_day.h"

enum { JSON_MAX_BYTES = 64 * 1024 * 1024 };

/* "2026-11-22T10:00:00Z", or NONE for 0 */
static const char *time_text(int64_t time, const char *none, char text[TIMESTAMP_SIZE])
{
	if (time == 0)
		return none;
	timestamp_format(time, text);
	return text;
}

static void print_database(const struct status *status, FILE *to)
{
	fprintf(to, "newsreel   %s\n", NEWSREEL_VERSION);
	fprintf(to, "videos     %lld", (long long)status->videos);
	if (status->hidden)
		fprintf(to, ", %lld hidden until re-checked", (long long)status->hidden);
	fprintf(to, ", %lld waiting for a lookup\n", (long long)status->waiting);
	fprintf(to, "database   %lld bytes, %lld full-text index segments\n", (long long)status->size_bytes,
	        (long long)status->fts_segments);
	fprintf(to, "status     %s\n", summary_words(status->summary));
	for (size_t i = 0; i < status->warnings.count; i++)
		fprintf(to, "warning    %s\n", status->warnings.items[i]);
}

static void print_backup(const struct status *status, FILE *to)
{
	const struct backup_log *log = &status->backup;
	char last[TIMESTAMP_SIZE];

	fprintf(to, "backup     last good one %s, %s\n", time_text(log->succeeded_at, "never", last),
	        log->wanted_since ? "one a day" : "none scheduled (NEWSREEL_BACKUP_DIR)");
	if (log->error)
		fprintf(to, "     error: %s\n", log->error);
}

static void print_run(const struct run *run, FILE *to)
{
	char start[TIMESTAMP_SIZE];

	fprintf(to, "  %s  ", time_text(run->started_at, "", start));
	if (run->finished_at == 0)
		fprintf(to, "running or interrupted\n");
	else
		fprintf(
		    to,
		    "%lld searches, %lld units, %lld added, %lld updated, %lld skipped, %lld gone, %lld hidden, %lld failures, "
		    "%lld ms\n",
		    (long long)run->searches, (long long)run->units, (long long)run->added, (long long)run->updated,
		    (long long)run->skipped, (long long)run->gone, (long long)run->hidden, (long long)run->failures,
		    (long long)run->ms);
	if (run->error)
		fprintf(to, "     error: %s\n", run->error);
}

static void print_runs(const struct status *status, FILE *to)
{
	char run[TIMESTAMP_SIZE];
	char success[TIMESTAMP_SIZE];

	fprintf(to, "runs       last run %s, last successful poll %s\n", time_text(status->last_run_at, "never", run),
	        time_text(status->last_success_at, "never", success));
	for (size_t i = 0; i < status->runs.count; i++)
		print_run(&status->runs.items[i], to);
}

static void print_polls(const struct query *query, int64_t now, FILE *to)
{
	char last[TIMESTAMP_SIZE];
	char next[TIMESTAMP_SIZE];
	char covered[TIMESTAMP_SIZE];

	fprintf(to, "last successful poll %s, next poll %s, covered since %s\n", time_text(query->succeeded_at, "never", last),
	        query->next_poll_at <= now ? "due now" : time_text(query->next_poll_at, "", next),
	        time_text(query->covered_since, "never", covered));
}

/* What each way brought, how late, and at what cost. */
static void print_ways(const struct query *query, int64_t now, FILE *to)
{
	fprintf(to, "     found");
	for (enum found_how how = 0; how < FOUND_HOW_COUNT; how++)
		fprintf(to, " %s %lld", found_how_name(how), (long long)query->found[how]);
	if (query->delay_s > 0)
		fprintf(to, ", lately %lld min after publication", llround(query->delay_s / 60));
	fprintf(to, "; %lld searches today\n", (long long)(query->searches_day == quota_day_start(now) ? query->searches : 0));
}

static void print_query(const struct query *query, int64_t now, FILE *to)
{
	char last[TIMESTAMP_SIZE];

	fprintf(to, "  %lld  %s  [%s]  %lld videos, ", (long long)query->id, query->text, query_state_name(query),
	        (long long)query->videos);
	if (query->source == QUERY_SOURCE_CHANNEL)
		fprintf(to, "all uploads of a channel, last read %s\n", time_text(query->succeeded_at, "never", last));
	else
		print_polls(query, now, to);
	print_ways(query, now, to);
	for (size_t i = 0; i < query->gaps.count; i++) {
		char since[TIMESTAMP_SIZE];
		char until[TIMESTAMP_SIZE];

		fprintf(to, "     gap from %s to %s: %s\n", time_text(query->gaps.items[i].since, "", since),
		        time_text(query->gaps.items[i].until, "", until), gap_reason_text(query->gaps.items[i].reason));
	}
	if (query->gaps_count > (int64_t)query->gaps.count)
		fprintf(to, "     and %lld more gaps\n", (long long)(query->gaps_count - (int64_t)query->gaps.count));
	if (llround(query->unconfirmed) > 0)
		fprintf(to, "     about %lld videos not yet confirmed\n", llround(query->unconfirmed));
	for (int doubt = 0; doubt < DOUBT_COUNT; doubt++)
		if (query->doubted_at[doubt])
			fprintf(to, "     doubt, last at %s: %s\n", time_text(query->doubted_at[doubt], "", last),
			        doubt_text((enum doubt)doubt));
	if (query->error)
		fprintf(to, "     error (%lld in a row): %s\n", (long long)query->failures, query->error);
}

static void print_queries(const struct status *status, FILE *to)
{
	fprintf(to, "queries    %zu tracked, %lld visitor requests; %lld channels followed\n", status->queries.count,
	        (long long)status->visitor_queries, (long long)status->followed);
	for (size_t i = 0; i < status->queries.count; i++)
		print_query(&status->queries.items[i], status->now, to);
}

static void print_push(const struct status *status, FILE *to)
{
	if (status->push_wanted == 0)
		return;
	fprintf(to, "push       %lld of %lld channels subscribed to, %lld%% of what was found in 7 days (%lld videos)\n",
	        (long long)status->push_alive, (long long)status->push_wanted, (long long)status_push_percent(status),
	        (long long)status->found[FOUND_PUSH]);
	if (status->push_denied)
		fprintf(to, "     the hub denied %lld, which are asked for again within days%s%s\n",
		        (long long)status->push_denied, *status->push_reason ? ": " : "", status->push_reason);
	if (status->push_hub.failures)
		fprintf(to, "     the hub failed (%lld in a row): %s\n", (long long)status->push_hub.failures,
		        status->push_hub.error);
}

static void print_quota(const struct status *status, FILE *to)
{
	char reset[TIMESTAMP_SIZE];

	fprintf(to, "quota      %lld searches and %lld units left, resets at %s\n",
	        (long long)key_list_left(&status->keys, BUCKET_SEARCHES, status->now),
	        (long long)key_list_left(&status->keys, BUCKET_UNITS, status->now), time_text(status->resets_at, "", reset));
	if (status->recount_units)
		fprintf(to, "     %lld units were left over today for the numbers of new videos\n",
		        (long long)status->recount_units);
	fprintf(to, "planned   ");
	for (int category = BUDGET_ALL + 1; category < BUDGET_COUNT; category++)
		fprintf(to, " %s %lld", budget_category_name((enum budget_category)category),
		        (long long)status->schedule.of[category].planned);
	fprintf(to, "\n");
}

static void print_key(const struct key *key, int64_t now, FILE *to)
{
	const char *reason = key_reason(key, now);
	char mask[CRYPTO_MASK_SIZE];

	crypto_mask(key->secret, mask);
	fprintf(to, "  %lld  %s  [%s]", (long long)key->id, mask, key_state_name(key, now));
	if (key->label)
		fprintf(to, "  %s", key->label);
	fprintf(to, "  project %s", key->project.number[0] ? key->project.number : "not known yet");
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		fprintf(to, ", %lld of %lld %s", (long long)key->project.quota[bucket].used,
		        (long long)key->project.quota[bucket].limit, bucket_name(bucket));
	fprintf(to, "%s%s\n", reason ? ": " : "", reason ? reason : "");
}

static void print_text(const struct status *status, FILE *to)
{
	print_database(status, to);
	print_backup(status, to);
	print_runs(status, to);
	print_queries(status, to);
	print_push(status, to);
	print_quota(status, to);
	fprintf(to, "keys       %zu\n", status->keys.count);
	for (size_t i = 0; i < status->keys.count; i++)
		print_key(&status->keys.items[i], status->now, to);
}

bool status_print(const struct status *status, bool json, FILE *to, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(JSON_MAX_BYTES);
	struct writer w = writer_json(&text);

	if (!json) {
		print_text(status, to);
		return true;
	}
	status_write_json(&w, status, true);
	if (!buf_ok(&text, err))
		return false;
	fprintf(to, "%s\n", buf_text(&text));
	return true;
}
