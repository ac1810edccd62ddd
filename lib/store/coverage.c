#include "store/coverage.h"

#include "base/list.h"
#include "store/internal.h"

enum { OMITTED_HALF = 600 }; /* videos that tell half of the share that is omitted */

#define OMITTED_MAX 0.5 /* more is another fault */

enum coverage_statement {
	QUERY_ATTEMPTED,
	QUERY_SUCCEEDED,
	QUERY_POLL_FAILED,
	QUERY_SEARCH_FAILED,
	QUERY_LEARN,
	QUERY_DOUBT,
	OMITTED,
	OMITTED_LEARN,
	QUERY_SET_NEXT,
	QUERY_CHARGE,
	QUERY_SCOUTED,
	QUERY_COVER,
	QUERY_FORGET,
	COVERAGE_LIST,
	GAP_LIST,
	COVERAGE_CLEAR,
	COVERAGE_INSERT,
};

#define INTERVAL_ROW(FIRST, NEXT)                                                                                                \
	FIRST(INTERVAL_COL_SINCE, "since")                                                                                       \
	NEXT(INTERVAL_COL_UNTIL, "until")                                                                                        \
	NEXT(INTERVAL_COL_READ_AT, "read_at")                                                                                    \
	NEXT(INTERVAL_COL_TRIED_AT, "tried_at")                                                                                  \
	NEXT(INTERVAL_COL_REASON, "reason")                                                                                      \
	NEXT(INTERVAL_COL_UNSEEN, "unseen")                                                                                      \
	NEXT(INTERVAL_COL_READ_ONCE, "read_once")

enum { POSITIONS(INTERVAL_ROW) };

#define INTERVAL_COLUMNS COLUMNS(INTERVAL_ROW)

/* ?2 is the time; ?N whether it was doubted then. */
#define DOUBTED(WHAT, N) " " #WHAT "_doubted_at = CASE WHEN ?" #N " <> 0 THEN ?2 ELSE " #WHAT "_doubted_at END"

static const char *const sql[] = {
    [QUERY_ATTEMPTED] = "UPDATE query SET attempted_at = ?2 WHERE id = ?1",
    [QUERY_SUCCEEDED] = "UPDATE query SET succeeded_at = ?2, failures = 0, error = NULL WHERE id = ?1",
    [QUERY_POLL_FAILED] = "UPDATE query SET failures = failures + 1, error = ?2 WHERE id = ?1",
    [QUERY_SEARCH_FAILED] = "UPDATE query SET failures = CASE WHEN failures > 1 THEN failures ELSE 1 END, error = ?2"
			    " WHERE id = ?1",
    [QUERY_LEARN] = "UPDATE query SET rate = CASE WHEN ?2 > 0 THEN ?2 ELSE rate END,"
		    " empties = CASE WHEN ?3 > 0 THEN empties + 1 ELSE 0 END WHERE id = ?1",
    [QUERY_DOUBT] = "UPDATE query SET" DOUBTED(order, 3) "," DOUBTED(choice, 4) "," DOUBTED(window, 5) "," DOUBTED(
	silence, 6) "," DOUBTED(pages, 7) " WHERE id = ?1",
    [OMITTED] = "SELECT omitted FROM meta",
    [OMITTED_LEARN] = "UPDATE meta SET omitted = ?1",
    [QUERY_SET_NEXT] = "UPDATE query SET next_poll_at = ?2 WHERE id = ?1 AND next_poll_at <> ?2",
    [QUERY_CHARGE] = "UPDATE query SET searches = CASE WHEN searches_day = ?2 THEN searches ELSE 0 END + ?3, searches_day = ?2"
		     " WHERE id = ?1",
    [QUERY_SCOUTED] = "UPDATE query SET scouted_at = ?2, scouts_balance = ?3, scouts_end = ?4 WHERE id = ?1",
    [QUERY_COVER] = "UPDATE query SET covered_since = ?2, covered_until = ?3, unseen = ?4, read_once = ?5 WHERE id = ?1",
    [QUERY_FORGET] = "UPDATE query SET covered_since = 0, covered_until = 0, unseen = 0, read_once = 0, next_poll_at = 0, rate = "
		     "0, empties = 0,"
		     " attempted_at = 0, failures = 0, error = NULL, backfill_since = 0, backfill_until = 0 WHERE id = ?1",
    [COVERAGE_LIST] = "SELECT " INTERVAL_COLUMNS " FROM coverage WHERE query = ?1 ORDER BY since",
    [GAP_LIST] =
	"SELECT " INTERVAL_COLUMNS " FROM coverage WHERE query = ?1 AND read_at = 0 ORDER BY until DESC LIMIT ?2 OFFSET ?3",
    [COVERAGE_CLEAR] = "DELETE FROM coverage WHERE query = ?1",
    [COVERAGE_INSERT] = "INSERT INTO coverage (query, " INTERVAL_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
};

const struct statements coverage_statements = STATEMENTS(sql);

/* ---- reading ---- */

static bool add_interval(struct coverage *list, struct statement *row, struct error *err)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	list->items[list->count++] = (struct interval){.since = column_int(row, INTERVAL_COL_SINCE),
	                                               .until = column_int(row, INTERVAL_COL_UNTIL),
	                                               .read_at = column_int(row, INTERVAL_COL_READ_AT),
	                                               .tried_at = column_int(row, INTERVAL_COL_TRIED_AT),
	                                               .reason = (enum gap_reason)column_int(row, INTERVAL_COL_REASON),
	                                               .unseen = column_real(row, INTERVAL_COL_UNSEEN),
	                                               .read_once = column_real(row, INTERVAL_COL_READ_ONCE)};
	return true;
}

static bool read_list(struct store *store, enum coverage_statement which, struct ints values, struct coverage *out,
                      struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[which]);
	AUTO(coverage_clear) struct coverage coverage = {0};
	bool row = true;

	bind_ints(list, values);
	while (row)
		if (!statement_step(list, &row, err) || (row && !add_interval(&coverage, list, err)))
			return false;
	*out = coverage;
	coverage = (struct coverage){0};
	return true;
}

bool store_gaps_list(struct store *store, int64_t query_id, int64_t limit, int64_t offset, struct coverage *out,
                     struct error *err)
{
	return read_list(store, GAP_LIST, INTS(query_id, limit, offset), out, err);
}

bool store_coverage_read(struct store *store, int64_t query_id, struct coverage *out, struct error *err)
{
	return read_list(store, COVERAGE_LIST, INTS(query_id), out, err);
}

/* ---- writing ---- */

static bool insert_interval(struct store *store, int64_t query_id, const struct interval *interval, struct error *err)
{
	struct statement *insert = statement_use(store, sql[COVERAGE_INSERT]);

	bind_ints(insert,
	          INTS(query_id, interval->since, interval->until, interval->read_at, interval->tried_at, interval->reason));
	bind_real(insert, 7, interval->unseen);
	bind_real(insert, 8, interval->read_once);
	return statement_run(insert, err);
}

static bool set_sums(struct store *store, int64_t query_id, const struct coverage *coverage, struct error *err)
{
	struct statement *cover = statement_use(store, sql[QUERY_COVER]);
	int64_t since = coverage_since(coverage);
	int64_t until = coverage_until(coverage);

	bind_ints(cover, INTS(query_id, since, until));
	bind_real(cover, 4, coverage_unseen(coverage, since, until));
	bind_real(cover, 5, coverage_read_once(coverage, since, until));
	return statement_run(cover, err);
}

static bool write(struct store *store, int64_t query_id, const struct coverage *coverage, struct error *err)
{
	if (!statement_run_ints(store, sql[COVERAGE_CLEAR], INTS(query_id), err))
		return false;
	for (size_t i = 0; i < coverage->count; i++)
		if (!insert_interval(store, query_id, &coverage->items[i], err))
			return false;
	return query_change(store, query_id, err) && set_sums(store, query_id, coverage, err);
}

bool store_coverage_write(struct store *store, int64_t query_id, struct coverage *coverage, int64_t now, struct error *err)
{
	coverage_compact(coverage, now);
	return transaction_begin(store, err) && transaction_end(store, write(store, query_id, coverage, err), err);
}

bool coverage_forget(struct store *store, int64_t query_id, struct error *err)
{
	return statement_run_ints(store, sql[COVERAGE_CLEAR], INTS(query_id), err) &&
	       statement_run_ints(store, sql[QUERY_FORGET], INTS(query_id), err);
}

/* ---- polls ---- */

static bool fail(struct store *store, enum coverage_statement which, const struct poll *poll, struct error *err)
{
	struct statement *statement = statement_use(store, sql[which]);

	bind_int(statement, 1, poll->query_id);
	bind_text(statement, 2, poll->error);
	return statement_run(statement, err);
}

static bool doubt(struct store *store, const struct poll *poll, struct error *err)
{
	struct statement *statement = statement_use(store, sql[QUERY_DOUBT]);

	bind_ints(statement, INTS(poll->query_id, poll->at));
	for (int i = 0; i < DOUBT_COUNT; i++)
		bind_int(statement, 3 + i, poll->doubted[i]);
	return statement_run(statement, err);
}

/* FAILED is what an error does. */
static bool note(struct store *store, const struct poll *poll, enum coverage_statement failed, struct error *err)
{
	return query_change(store, poll->query_id, err) && doubt(store, poll, err) &&
	       (poll->error ? fail(store, failed, poll, err)
	                    : statement_run_ints(store, sql[QUERY_SUCCEEDED], INTS(poll->query_id, poll->at), err));
}

/* A failed poll teaches nothing. */
static bool learn(struct store *store, const struct poll *poll, struct error *err)
{
	if (poll->error && !poll->empty)
		return true;
	struct statement *statement = statement_use(store, sql[QUERY_LEARN]);
	bind_int(statement, 1, poll->query_id);
	bind_real(statement, 2, poll->rate);
	bind_int(statement, 3, poll->empty);
	return statement_run(statement, err);
}

bool store_query_polled(struct store *store, const struct poll *poll, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store,
	                       statement_run_ints(store, sql[QUERY_ATTEMPTED], INTS(poll->query_id, poll->at), err) &&
	                           note(store, poll, QUERY_POLL_FAILED, err) && learn(store, poll, err),
	                       err);
}

bool store_omitted_learn(struct store *store, double share, double videos, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[OMITTED]);
	double part = videos / (videos + OMITTED_HALF);

	if (!statement_row(get, "share", err))
		return false;
	double known = column_real(get, 0);
	double learnt = known + part * (share - known);
	struct statement *learn = statement_use(store, sql[OMITTED_LEARN]);
	bind_real(learn, 1, learnt < OMITTED_MAX ? learnt : OMITTED_MAX);
	return statement_run(learn, err);
}

bool store_query_searched(struct store *store, const struct poll *poll, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, note(store, poll, QUERY_SEARCH_FAILED, err), err);
}

bool store_query_scouted(struct store *store, int64_t id, int64_t at, const struct scouts *scouts, struct error *err)
{
	if (!transaction_begin(store, err))
		return false;
	struct statement *scouted = statement_use(store, sql[QUERY_SCOUTED]);
	bind_int(scouted, 1, id);
	bind_int(scouted, 2, at);
	bind_real(scouted, 3, scouts->balance);
	bind_int(scouted, 4, scouts->end);
	return transaction_end(store, statement_run(scouted, err), err);
}

bool store_query_set_next_poll(struct store *store, int64_t id, int64_t at, struct error *err)
{
	if (!transaction_begin(store, err))
		return false;
	bool done = statement_run_ints(store, sql[QUERY_SET_NEXT], INTS(id, at), err);
	if (done && changed_rows(store))
		done = query_change(store, id, err);
	return transaction_end(store, done, err);
}

bool store_query_charge(struct store *store, int64_t id, int64_t day, int64_t searches, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, statement_run_ints(store, sql[QUERY_CHARGE], INTS(id, day, searches), err), err);
}
