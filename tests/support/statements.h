/* Every text of SQL that the store keeps, so that tests go through all of them; tests/lint/sql says when one is left out. */
#pragma once

#include "store/statement.h"

/* Of the nouns: every engine takes them. */
extern const struct statements alerts_statements, attrition_statements, backfill_statements, backup_log_statements,
    breakdown_statements, calls_statements, changes_statements, channels_statements, coverage_statements, feeds_statements,
    followed_statements, gone_statements, hidden_list_statements, hidden_statements, indexing_statements, keys_statements,
    ledger_statements, list_plan_statements, matches_statements, notes_statements, outbox_statements, quarantine_statements,
    queries_statements, query_add_statements, query_purge_statements, query_rules_statements, recount_statements,
    refresh_statements, retention_statements, runs_statements, sessions_statements, settings_statements, settle_statements,
    statistics_statements, status_statements, subscriptions_statements, video_counts_statements, video_list_statements,
    video_rank_statements, video_save_statements, video_search_statements, video_volume_statements, videos_statements,
    visitors_statements, volume_statements, words_statements;

static const struct statements *const noun_statements[] = {
    &alerts_statements,        &attrition_statements,    &backfill_statements,    &backup_log_statements, &breakdown_statements,
    &calls_statements,         &changes_statements,      &channels_statements,    &coverage_statements,   &feeds_statements,
    &followed_statements,      &gone_statements,         &hidden_list_statements, &hidden_statements,     &indexing_statements,
    &keys_statements,          &ledger_statements,       &list_plan_statements,   &matches_statements,    &notes_statements,
    &outbox_statements,        &quarantine_statements,   &queries_statements,     &query_add_statements,  &query_purge_statements,
    &query_rules_statements,   &recount_statements,      &refresh_statements,     &retention_statements,  &runs_statements,
    &sessions_statements,      &settings_statements,     &settle_statements,      &statistics_statements, &status_statements,
    &subscriptions_statements, &video_counts_statements, &video_list_statements,  &video_rank_statements, &video_save_statements,
    &video_search_statements,  &video_volume_statements, &videos_statements,      &visitors_statements,   &volume_statements,
    &words_statements,
};

/* Of SQLite alone. */
extern const struct statements index_statements, meta_statements, migrate_statements;

static const struct statements *const sqlite_statements[] = {
    &index_statements,
    &meta_statements,
    &migrate_statements,
};

enum {
	NOUN_STATEMENTS_COUNT = sizeof(noun_statements) / sizeof(noun_statements[0]),
	SQLITE_STATEMENTS_COUNT = sizeof(sqlite_statements) / sizeof(sqlite_statements[0])
};
