/* Every text of SQL that the store keeps, so that tests go through all of them; tests/lint/sql says when one is left out. */
#pragma once

#include "store/statement.h"

extern const struct statements channels_statements, coverage_statements, followed_statements, index_statements, keys_statements,
    ledger_statements, list_plan_statements, matches_statements, meta_statements, quarantine_statements, queries_statements,
    refresh_statements, runs_statements, status_statements, video_list_statements, video_save_statements, video_volume_statements,
    videos_statements, video_counts_statements, video_rank_statements, video_search_statements, sessions_statements,
    visitors_statements, volume_statements, words_statements, notes_statements, subscriptions_statements, feeds_statements,
    alerts_statements, outbox_statements, migrate_statements, settings_statements, backfill_statements, statistics_statements,
    hidden_statements, hidden_list_statements, settle_statements, query_rules_statements, changes_statements, gone_statements,
    attrition_statements;

static const struct statements *const all_statements[] = {
    &channels_statements,     &coverage_statements,    &followed_statements,      &index_statements,
    &keys_statements,         &ledger_statements,      &list_plan_statements,     &matches_statements,
    &meta_statements,         &quarantine_statements,  &queries_statements,       &refresh_statements,
    &runs_statements,         &status_statements,      &video_list_statements,    &video_save_statements,
    &video_volume_statements, &videos_statements,      &video_counts_statements,  &video_rank_statements,
    &video_search_statements, &sessions_statements,    &visitors_statements,      &volume_statements,
    &words_statements,        &notes_statements,       &subscriptions_statements, &feeds_statements,
    &alerts_statements,       &outbox_statements,      &migrate_statements,       &settings_statements,
    &backfill_statements,     &statistics_statements,  &hidden_statements,        &hidden_list_statements,
    &settle_statements,       &query_rules_statements, &changes_statements,       &gone_statements,
    &attrition_statements,
};

enum { ALL_STATEMENTS_COUNT = sizeof(all_statements) / sizeof(all_statements[0]) };
