#include "cgi/pages/widgets/status_parts.h"

#include <stdio.h>

#include "base/crypto.h"
#include "cgi/request/format.h"
#include "cgi/pages/widgets/key_rows.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/link_writer.h"

enum { WORDS_SIZE = 160 };

void status_write_summary(struct writer *w, const struct status *status)
{
	enum summary summary = status->summary;

	write_object(w, "summary");
	write_text(w, "name", summary_level(summary));
	write_text(w, "words", summary_words(summary));
	write_text(w, "next", summary_next(summary));
	write_text(w, "trouble", summary == SUMMARY_FAILING || summary == SUMMARY_SILENT ? status->failure : NULL);
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
	    [BUDGET_SCOUTS] = "for quiet queries that share a search",
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
	write_bool(w, "any_recounts", status->recount_units > 0);
	page_write_counted(w, "recount_units", status->recount_units, "unit was", "units were");
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
	page_write_moment(w, "last_backup", status->backup.succeeded_at, status->now);
	write_text(w, "backup_error", status->backup.error);
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
