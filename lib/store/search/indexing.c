/* What waits for the search index: the text of new videos, and of those whose channel has another title. */
#include "store/search/indexing.h"

enum { STEP_MS = 300, FILL_MIN = 25, FILL_MAX = 100000 };

enum index_statement {
	INDEX_WAIT,
	INDEX_CHUNK,
	INDEX_FILLED,
	INDEX_WAITING,
	RENAME_ADD,
	RENAME_PENDING,
	RENAME_NEXT,
	RENAME_CHUNK,
	RENAME_DONE,
	RENAME_END,
	RENAME_WAITING,
};

static const char *const sql[] = {
    [INDEX_WAIT] = "INSERT INTO unindexed VALUES (?1)",
    [INDEX_CHUNK] = "SELECT min(seq) FROM (SELECT seq FROM unindexed ORDER BY seq DESC LIMIT ?1) u",
    [INDEX_FILLED] = "DELETE FROM unindexed WHERE seq >= ?1",
    [INDEX_WAITING] = "SELECT count(*) FROM unindexed",
    [RENAME_ADD] = "INSERT INTO channel_rename SELECT id, title, 0 FROM channel WHERE id = ?1",
    [RENAME_PENDING] = "SELECT count(*) FROM channel_rename WHERE channel = ?1",
    [RENAME_NEXT] = "SELECT channel, done FROM channel_rename ORDER BY channel LIMIT 1",
    [RENAME_CHUNK] = ("SELECT max(seq) FROM (SELECT seq FROM video INDEXED BY video_by_channel"
                      " WHERE channel = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3) v"),
    [RENAME_DONE] = "UPDATE channel_rename SET done = ?2 WHERE channel = ?1",
    [RENAME_END] = "DELETE FROM channel_rename WHERE channel = ?1",
    [RENAME_WAITING] = ("SELECT count(*) FROM channel_rename r CROSS JOIN video v INDEXED BY video_by_channel"
                        " ON v.channel = r.channel AND v.seq > r.done"),
};

const struct statements indexing_statements = STATEMENTS(sql);

bool index_insert_new(struct store *store, int64_t seq, struct error *err)
{
	return index_state_of(store)->later ? statement_run_ints(store, sql[INDEX_WAIT], INTS(seq), err)
	                                    : index_insert(store, seq, err);
}

/* ---- a channel's new title ---- */

/* The last of the next LIMIT videos of the channel, 0 when there are none. */
static bool find_last(struct store *store, int64_t channel, int64_t done, int64_t limit, int64_t *last, struct error *err)
{
	struct statement *chunk = statement_use(store, sql[RENAME_CHUNK]);

	bind_ints(chunk, INTS(channel, done, limit));
	return statement_number(chunk, last, err);
}

/* Indexes up to LIMIT more of the channel's videos under its new title. */
static bool rename_some(struct store *store, int64_t channel, int64_t done, int64_t limit, struct error *err)
{
	int64_t last, more;

	if (!find_last(store, channel, done, limit, &last, err) || !find_last(store, channel, last, 1, &more, err))
		return false;
	public_change(store);
	if (last && !(index_channel(store, channel, done, last, false, err) &&
	              statement_run_ints(store, sql[RENAME_DONE], INTS(channel, last), err) &&
	              index_channel(store, channel, done, last, true, err)))
		return false;
	return (last && more) || statement_run_ints(store, sql[RENAME_END], INTS(channel), err);
}

/* A step of the work that waits, if there is any. */
static bool rename_step(struct store *store, int64_t limit, bool *any, struct error *err)
{
	AUTO(statement_done) struct statement *next = statement_use(store, sql[RENAME_NEXT]);

	if (!statement_step(next, any, err))
		return false;
	if (!*any)
		return true;
	int64_t channel = column_int(next, 0), done = column_int(next, 1);
	statement_done(&next);
	return rename_some(store, channel, done, limit, err);
}

bool index_rename_begin(struct store *store, int64_t channel, bool *begun, struct error *err)
{
	struct statement *pending = statement_use(store, sql[RENAME_PENDING]);
	int64_t count;

	bind_int(pending, 1, channel);
	if (!statement_number(pending, &count, err))
		return false;
	*begun = count == 0;
	return !*begun || statement_run_ints(store, sql[RENAME_ADD], INTS(channel), err);
}

bool index_rename_end(struct store *store, int64_t channel, struct error *err)
{
	/* Of most channels that is all. */
	return rename_some(store, channel, 0, index_state_of(store)->rename_step, err);
}

static bool rename_channels(struct store *store, int64_t budget, struct error *err)
{
	int64_t step = index_state_of(store)->rename_step;
	bool any = true;

	for (; any && budget > 0; budget -= step)
		if (!transaction_begin(store, err) || !transaction_end(store, rename_step(store, step, &any, err), err))
			return false;
	return true;
}

/* The newest ones first, which readers look at most. *ANY tells whether there was one. */
static bool fill_some(struct store *store, int64_t limit, bool *any, struct error *err)
{
	struct statement *chunk = statement_use(store, sql[INDEX_CHUNK]);
	int64_t first;

	bind_int(chunk, 1, limit);
	if (!statement_number(chunk, &first, err))
		return false;
	*any = first != 0;
	if (first == 0)
		return true;
	public_change(store);
	return index_fill(store, first, err) && statement_run_ints(store, sql[INDEX_FILLED], INTS(first), err);
}

void step_adapt(int64_t took_ms, int64_t least, int64_t most, int64_t *step)
{
	if (took_ms > STEP_MS && *step / 2 >= least)
		*step /= 2;
	else if (took_ms > 0 && took_ms < STEP_MS / 4 && *step * 2 <= most)
		*step *= 2;
}

static bool fill(struct store *store, int64_t budget, struct error *err)
{
	struct index_state *state = index_state_of(store);
	bool any = true;

	while (any && budget > 0) {
		int64_t limit = budget < state->fill_step ? budget : state->fill_step;
		if (!transaction_begin(store, err) || !transaction_end(store, fill_some(store, limit, &any, err), err))
			return false;
		if (limit == state->fill_step)
			step_adapt(state->took_ms, FILL_MIN, FILL_MAX, &state->fill_step);
		budget -= limit;
	}
	return true;
}

bool store_upkeep(struct store *store, int64_t budget, int64_t *left, struct error *err)
{
	int64_t renamed;

	if (!fill(store, budget, err) || !rename_channels(store, budget, err) || !store_unindexed_count(store, left, err) ||
	    !statement_number(statement_use(store, sql[RENAME_WAITING]), &renamed, err))
		return false;
	*left += renamed;
	return true;
}

bool store_unindexed_count(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[INDEX_WAITING]), out, err);
}
