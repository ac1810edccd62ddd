#include "store/schedule.h"

#include "store/sqlite/connection.h"

enum pace_statement { PACE_LIST, PACE_SET };

static const char *const sql[] = {
    [PACE_LIST] = "SELECT purpose, iif(day = ?1, searches, 0), next_ms, iif(day = ?1, planned, 0) FROM pace",
    [PACE_SET] = "INSERT INTO pace (purpose, day, searches, next_ms, planned) VALUES (?1, ?2, ?3, ?4, ?5)"
		 " ON CONFLICT DO UPDATE SET day = ?2, searches = ?3, next_ms = ?4, planned = ?5",
};

const struct statements pace_statements = {sql, sizeof(sql) / sizeof(sql[0])};

bool store_pace_read(struct store *store, int64_t day, struct pace_table *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *list = db_use(store, NOUN_PACE, PACE_LIST);
	bool row = false;

	*out = (struct pace_table){0};
	db_bind_int(list, 1, day);
	for (;;) {
		if (!db_step(store, list, &row, err))
			return false;
		if (!row)
			return true;
		int64_t purpose = sqlite3_column_int64(list, 0);
		if (purpose >= 0 && purpose < PURPOSE_COUNT)
			out->of[purpose] = (struct pace){.searches = sqlite3_column_int64(list, 1),
			                                 .next_ms = sqlite3_column_int64(list, 2),
			                                 .planned = sqlite3_column_int64(list, 3)};
	}
}

static bool write(struct store *store, int64_t day, const struct pace_table *table, struct error *err)
{
	for (int purpose = 0; purpose < PURPOSE_COUNT; purpose++) {
		sqlite3_stmt *set = db_use(store, NOUN_PACE, PACE_SET);

		db_bind_int(set, 1, purpose);
		db_bind_int(set, 2, day);
		db_bind_int(set, 3, table->of[purpose].searches);
		db_bind_int(set, 4, table->of[purpose].next_ms);
		db_bind_int(set, 5, table->of[purpose].planned);
		if (!db_run(store, set, err))
			return false;
	}
	return true;
}

bool store_pace_write(struct store *store, int64_t day, const struct pace_table *table, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && write(store, day, table, err);

	return db_write_end(store, own, done, err);
}
