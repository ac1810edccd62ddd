/* Whether what follows from other data does. The server looks after its own files: pg_amcheck. */
#include <stdio.h>

#include "store/postgres/search/index.h"
#include "store/postgres/statement.h"
#include "store/upkeep/checks.h"

enum { FINDING_SIZE = 131, QUERY_SIZE = 4096, SEQS = 10000 };

/* Of the search index, which is filled anew as a whole; then each entry is compared with its video's texts. */
static const struct check index_checks[] = {
    {.fault = "SELECT 'video ' || v.id || ': not in the search index' FROM video v"
              " WHERE NOT EXISTS (SELECT 1 FROM video_search s WHERE s.seq = v.seq)"
              " AND NOT EXISTS (SELECT 1 FROM unindexed u WHERE u.seq = v.seq)"},
    {.fault = "SELECT 'video ' || v.id || ': in the search index, and waiting for it'"
              " FROM video v JOIN video_search s ON s.seq = v.seq JOIN unindexed u ON u.seq = v.seq"},
    /* A channel's own word begins with \x01. */
    {.fault = "SELECT 'word ' || term || ': ' || sum(kept) || ' counted, ' || sum(there) || ' there'"
              " FROM (SELECT term, videos AS kept, 0 AS there FROM word UNION ALL SELECT word COLLATE \"C\", 0, ndoc"
              "       FROM ts_stat('SELECT words FROM video_search') WHERE NOT starts_with(word, chr(1))) w"
              " GROUP BY term HAVING sum(kept) <> sum(there)"},
};

enum { INDEX_CHECKS = sizeof(index_checks) / sizeof(index_checks[0]), SEARCH_INDEX = TABLE_CHECKS, PARTS };

static const char seqs[] = "SELECT seq FROM video_search WHERE seq > ?1 ORDER BY seq LIMIT ?2";

/* The first fault, "" without one. */
static bool find(struct store *store, const struct check *check, char found[FINDING_SIZE], struct error *err)
{
	char query[QUERY_SIZE];
	bool row = false;

	snprintf(query, sizeof(query), "%s LIMIT 1", check->fault);
	AUTO(statement_done) struct statement *statement = statement_use_text(store, query);
	if (!statement_step(statement, &row, err))
		return false;
	snprintf(found, FINDING_SIZE, "%s", row ? column_text(statement, 0) : "");
	return true;
}

/* ---- the search index ---- */

/* Of the next entries above *SEQ, which is 0 after the last ones. */
static bool find_in_some(struct store *store, int64_t *seq, char found[FINDING_SIZE], struct error *err)
{
	AUTO(statement_done) struct statement *next = statement_use(store, seqs);
	bool agrees = true, row = true;
	int count = 0;

	bind_ints(next, INTS(*seq, SEQS));
	for (; agrees; count++) {
		if (!statement_step(next, &row, err))
			return false;
		if (!row)
			break;
		*seq = column_int(next, 0);
		if (!index_agrees(store, *seq, &agrees, err))
			return false;
	}
	if (!agrees)
		snprintf(found, FINDING_SIZE, "the search index does not agree with video %lld", (long long)*seq);
	if (count < SEQS)
		*seq = 0;
	return true;
}

static bool find_in_index(struct store *store, char found[FINDING_SIZE], struct error *err)
{
	int64_t seq = INT64_MIN;

	for (int i = 0; i < INDEX_CHECKS; i++)
		if (!find(store, &index_checks[i], found, err) || *found)
			return *found;
	do
		if (!find_in_some(store, &seq, found, err))
			return false;
	while (!*found && seq);
	return true;
}

/* ---- all of it ---- */

static bool find_in(struct store *store, int which, char found[FINDING_SIZE], struct error *err)
{
	*found = '\0';
	return which == SEARCH_INDEX ? find_in_index(store, found, err) : find(store, &table_checks[which], found, err);
}

static bool is_mendable(int which)
{
	return which == SEARCH_INDEX || table_checks[which].mend;
}

static bool check_all(struct store *store, struct error *err)
{
	for (int i = 0; i < PARTS; i++) {
		char found[FINDING_SIZE];

		if (!find_in(store, i, found, err))
			return false;
		if (*found)
			return error_set(err, ERR_INTERNAL, "damaged: %s: %s", found,
			                 is_mendable(i) ? "run newsreel-fetch --repair" : "restore a backup");
	}
	return true;
}

bool store_check(struct store *store, struct error *err)
{
	if (!store_read_begin(store, err))
		return false;
	bool sound = check_all(store, err);
	store_read_end(store);
	return sound;
}

/* In one state of the database: others write meanwhile. */
static bool find_at_once(struct store *store, int which, char found[FINDING_SIZE], struct error *err)
{
	if (!store_read_begin(store, err))
		return false;
	bool looked = find_in(store, which, found, err);
	store_read_end(store);
	return looked;
}

static bool mend(struct store *store, int which, struct error *err)
{
	if (which == SEARCH_INDEX)
		return index_empty(store, err);
	public_change(store);
	return pg_run_text(store, table_checks[which].mend, true, err);
}

bool store_repair(struct store *store, void (*tell)(void *context, const char *fault), void *context, int64_t *rebuilt,
                  struct error *err)
{
	*rebuilt = 0;
	for (int i = 0; i < PARTS; i++) {
		char found[FINDING_SIZE];

		if (!find_at_once(store, i, found, err))
			return false;
		if (!*found || !is_mendable(i))
			continue;
		if (!transaction_begin(store, err) || !transaction_end(store, mend(store, i, err), err))
			return error_wrap(err, "cannot rebuild (%s): restore a backup", found);
		tell(context, found);
		++*rebuilt;
	}
	return true;
}
