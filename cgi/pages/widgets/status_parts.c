#include "cgi/pages/widgets/status_parts.h"

#include <stdio.h>

#include "base/crypto.h"
#include "cgi/request/format.h"
#include "cgi/pages/widgets/key_rows.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/link_writer.h"

enum { WORDS_SIZE = 160 };

/* ---- the summary ---- */

/* The first of these that holds is shown. */
enum summary {
	SUMMARY_NO_KEY,
	SUMMARY_NEW,
	SUMMARY_STOPPED,
	SUMMARY_NO_GOOD_KEY,
	SUMMARY_SPENT,
	SUMMARY_FAILING,
	SUMMARY_NO_QUERY,
	SUMMARY_ATTENTION,
	SUMMARY_GOOD,
	SUMMARY_COUNT
};

static const struct {
	const char *name; /* a class of the style sheet */
	const char *words;
	const char *next; /* what happens next, or what to do */
} summaries[SUMMARY_COUNT] = {
    [SUMMARY_NO_KEY] = {.name = "failing",
                        .words = "There is no API key",
                        .next = "Nothing new is recorded until the owner adds one on the page Keys."},
    [SUMMARY_NEW] = {.name = "new", .words = "newsreel has just started", .next = "The first run starts within a minute or two."},
    [SUMMARY_STOPPED] = {.name = "failing",
                         .words = "Polling has stopped",
                         .next = "Check that cron, the systemd timer or nginx/start runs newsreel-fetch every minute. Recorded "
                                 "videos stay available."},
    [SUMMARY_NO_GOOD_KEY] = {.name = "failing",
                             .words = "No usable API key",
                             .next = "Nothing new is recorded. The page Keys shows the owner what is wrong with each key."},
    [SUMMARY_SPENT] = {.name = "late",
                       .words = "Today's search quota is used up",
                       .next = "Polling resumes by itself and then catches up."},
    [SUMMARY_FAILING] = {.name = "failing",
                         .words = "The last run failed",
                         .next = "newsreel retries with every run and then catches up."},
    [SUMMARY_NO_QUERY] = {.name = "new",
                          .words = "No active query",
                          .next = "The owner can add or resume one on the page Queries."},
    [SUMMARY_ATTENTION] = {.name = "late", .words = "Running, with warnings"},
    [SUMMARY_GOOD] = {.name = "good", .words = "Running normally"},
};

/* What failed in the last run that ended, unless a search has gone well in it or since. */
static const char *last_error(const struct status *status)
{
	for (size_t i = 0; i < status->runs.count; i++)
		if (status->runs.items[i].finished_at)
			return status->last_success_at < status->runs.items[i].started_at ? status->runs.items[i].error : NULL;
	return NULL;
}

static enum summary summary_of(const struct status *status)
{
	if (status->keys.count == 0)
		return SUMMARY_NO_KEY;
	if (status->last_run_at == 0)
		return SUMMARY_NEW;
	if (run_is_late(status->last_run_at, status->interval_s, status->now))
		return SUMMARY_STOPPED;
	if (!key_list_any_good(&status->keys))
		return SUMMARY_NO_GOOD_KEY;
	if (key_list_left(&status->keys, BUCKET_SEARCHES, status->now) == 0)
		return SUMMARY_SPENT;
	if (last_error(status))
		return SUMMARY_FAILING;
	if (query_list_active(&status->queries) == 0)
		return SUMMARY_NO_QUERY;
	return status->warnings.count ? SUMMARY_ATTENTION : SUMMARY_GOOD;
}

void status_write_summary(struct writer *w, const struct status *status)
{
	enum summary summary = summary_of(status);

	write_object(w, "summary");
	write_text(w, "name", summaries[summary].name);
	write_text(w, "words", summaries[summary].words);
	write_text(w, "next", summaries[summary].next);
	write_text(w, "trouble", summary == SUMMARY_FAILING ? last_error(status) : NULL);
	page_write_moment(w, "resets", summary == SUMMARY_SPENT ? status->resets_at : 0, status->now);
	write_end(w);
}

/* ---- quota ---- */

static void write_project(struct writer *w, const struct key *key)
{
	char mask[CRYPTO_MASK_SIZE];

	crypto_mask(key->secret, mask);
	write_object(w, NULL);
	write_filled_text(w, "project", key->project.number);
	write_text(w, "key", mask);
	write_array(w, "meters");
	page_add_meter(w, "Searches", key->project.quota[BUCKET_SEARCHES].used, key->project.quota[BUCKET_SEARCHES].limit);
	page_add_meter(w, "Units", key->project.quota[BUCKET_UNITS].used, key->project.quota[BUCKET_UNITS].limit);
	write_end(w);
	write_end(w);
}

static void write_projects(struct writer *w, const struct key_list *keys)
{
	write_array(w, "projects");
	for (const struct key *first = NULL; (first = key_list_next_project(keys, first));)
		write_project(w, first);
	write_end(w);
}

/* ---- what is planned ---- */

static void write_planned(struct writer *w, const struct status *status)
{
	static const char *const words[BUDGET_COUNT] = {
	    [BUDGET_NEWEST] = "for the newest videos",
	    [BUDGET_NEW_QUERIES] = "for the first poll of new queries",
	    [BUDGET_VISITORS] = "for visitor requests",
	    [BUDGET_SECOND_READINGS] = "for a second reading of the last two days",
	    [BUDGET_GAPS] = "to close gaps",
	};
	int64_t sum = 0;

	write_array(w, "planned");
	for (enum budget_category category = BUDGET_ALL + 1; category < BUDGET_COUNT; category++) {
		int64_t planned = status->schedule.of[category].planned;

		sum += planned;
		if (planned <= 0)
			continue;
		write_object(w, NULL);
		page_write_counted(w, "count", planned, "search", "searches");
		write_text(w, "words", words[category]);
		write_end(w);
	}
	write_end(w);
	write_bool(w, "nothing_planned", sum <= 0);
	page_write_counted(w, "left", key_list_left(&status->keys, BUCKET_SEARCHES, status->now), "search", "searches");
	page_write_counted(w, "left_units", key_list_left(&status->keys, BUCKET_UNITS, status->now), "unit", "units");
	page_write_moment(w, "resets", status->resets_at, status->now);
}

/* ---- keys ---- */

static void write_keys(struct writer *w, const struct status *status)
{
	write_array(w, "keys");
	for (size_t i = 0; i < status->keys.count; i++) {
		const struct key *key = &status->keys.items[i];
		char mask[CRYPTO_MASK_SIZE];

		crypto_mask(key->secret, mask);
		write_object(w, NULL);
		write_text(w, "key", mask);
		write_text(w, "label", key->label);
		write_text(w, "words", key_state_words(key, status->now));
		write_text(w, "state", key_state_name(key, status->now));
		write_end(w);
	}
	write_end(w);
}

/* ---- the database ---- */

static void write_numbers(struct writer *w, const struct status *status)
{
	char size[FORMAT_SIZE];
	char words[WORDS_SIZE];

	format_rough(status->size_bytes, size);
	snprintf(words, sizeof(words), "%sB", size);
	write_text(w, "size", words);
	page_write_counted(w, "waiting", status->waiting, "video", "videos");
	write_bool(w, "any_waiting", status->waiting > 0);
	page_write_counted(w, "visitor_queries", status->visitor_queries, "active", "active");
}

void status_write_owner(struct app *app, struct writer *w, const struct status *status)
{
	write_object(w, "owner");
	write_projects(w, &status->keys);
	write_planned(w, status);
	write_keys(w, status);
	write_numbers(w, status);
	write_link(w, app, "keys_url", "/keys");
	write_end(w);
}
