#include "cgi/pages/widgets/status_parts.h"

#include <stdio.h>

#include "base/crypto.h"
#include "cgi/request/format.h"
#include "cgi/pages/widgets/key_rows.h"
#include "cgi/pages/widgets/parts.h"

enum { WORDS_SIZE = 160 };

/* ---- how things stand ---- */

struct standing {
	const char *name, *words, *next;
};

/* The first of these that holds is told. */
enum hold {
	HOLD_NEW,
	HOLD_STOPPED,
	HOLD_NO_KEY,
	HOLD_NO_GOOD_KEY,
	HOLD_SPENT,
	HOLD_FAILING,
	HOLD_NO_QUERY,
	HOLD_ATTENTION,
	HOLD_WELL,
	HOLD_COUNT
};

static const struct standing standings[HOLD_COUNT] = {
    [HOLD_NEW] = {"new", "newsreel has just started", "The first look comes within a minute or two. Then reload this page."},
    [HOLD_STOPPED] =
	{"failing", "newsreel has stopped looking",
         "See that cron, the timer or nginx/start runs newsreel-fetch every minute. What is recorded can be read meanwhile."},
    [HOLD_NO_KEY] = {"failing", "There is no key", "Nothing new is recorded until the owner adds a key on the page Keys."},
    [HOLD_NO_GOOD_KEY] = {"failing", "No key can be used",
                          "Nothing new is recorded. On the page Keys, the owner finds beside each key what is wrong with it."},
    [HOLD_SPENT] = {"late", "Today's searches are used up",
                    "newsreel goes on at the reset, by itself. What lies between is read then."},
    [HOLD_FAILING] = {"failing", "YouTube did not answer as it should",
                      "newsreel tries again with each look, and reads later what it missed."},
    [HOLD_NO_QUERY] = {"new", "No search is followed", "On the page Queries, the owner adds one, or resumes one that is paused."},
    [HOLD_ATTENTION] = {"late", "newsreel is at work, but something needs attention", NULL},
    [HOLD_WELL] = {"good", "Everything is well", NULL},
};

static const struct run *last_finished(const struct status *status)
{
	for (size_t i = 0; i < status->runs.count; i++)
		if (status->runs.items[i].finished_at)
			return &status->runs.items[i];
	return NULL;
}

/* What the last look stumbled over, unless a search has gone well in it or since. */
static const char *last_error(const struct status *status)
{
	const struct run *run = last_finished(status);

	return run && run->error && status->last_success_at < run->started_at ? run->error : NULL;
}

static bool any_active_query(const struct query_list *queries)
{
	for (size_t i = 0; i < queries->count; i++)
		if (queries->items[i].entry_state == ENTRY_ACTIVE)
			return true;
	return false;
}

static enum hold hold_of(const struct status *status)
{
	if (status->keys.count == 0)
		return HOLD_NO_KEY;
	if (status->last_run_at == 0)
		return HOLD_NEW;
	if (run_is_late(status->last_run_at, status->interval_s, status->now))
		return HOLD_STOPPED;
	if (!key_list_any_good(&status->keys))
		return HOLD_NO_GOOD_KEY;
	if (key_list_left(&status->keys, BUCKET_SEARCHES, status->now) == 0)
		return HOLD_SPENT;
	if (last_error(status))
		return HOLD_FAILING;
	if (!any_active_query(&status->queries))
		return HOLD_NO_QUERY;
	return status->warnings.count ? HOLD_ATTENTION : HOLD_WELL;
}

void status_write_standing(struct writer *w, const struct status *status)
{
	enum hold hold = hold_of(status);

	write_object(w, "standing");
	write_text(w, "name", standings[hold].name);
	write_text(w, "words", standings[hold].words);
	write_text(w, "next", standings[hold].next);
	write_text(w, "trouble", hold == HOLD_FAILING ? last_error(status) : NULL);
	page_write_moment(w, "resets", hold == HOLD_SPENT ? status->resets_at : 0, status->now);
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
	    [BUDGET_NEW_QUERIES] = "for the first look at new queries",
	    [BUDGET_VISITORS] = "for visitors' searches",
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
	page_write_counted(w, "left", key_list_left(&status->keys, BUCKET_SEARCHES, status->now), "search is", "searches are");
	page_write_counted(w, "left_units", key_list_left(&status->keys, BUCKET_UNITS, status->now), "unit is", "units are");
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

/* ---- the record ---- */

static void write_numbers(struct writer *w, const struct status *status)
{
	char size[FORMAT_SIZE];
	char words[WORDS_SIZE];

	format_rough(status->size_bytes, size);
	snprintf(words, sizeof(words), "%sB", size);
	write_text(w, "size", words);
	page_write_counted(w, "waiting", status->waiting, "video waits", "videos wait");
	write_bool(w, "any_waiting", status->waiting > 0);
	page_write_counted(w, "visitor_queries", status->visitor_queries, "search", "searches");
}

bool status_write_owner(struct app *app, struct writer *w, const struct status *status, struct error *err)
{
	write_object(w, "owner");
	write_projects(w, &status->keys);
	write_planned(w, status);
	write_keys(w, status);
	write_numbers(w, status);
	if (!page_link(app, w, "keys_url", "/keys", err))
		return false;
	write_end(w);
	return true;
}
