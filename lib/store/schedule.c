#include "store/schedule.h"

#include "store/sqlite/connection.h"

enum schedule_statement { SCHEDULE_LIST, SCHEDULE_SET };

static const char *const sql[] = {
    [SCHEDULE_LIST] = "SELECT category, iif(day = ?1, searches, 0), next_ms, iif(day = ?1, planned, 0) FROM schedule",
    [SCHEDULE_SET] = "INSERT INTO schedule (category, day, searches, next_ms, planned) VALUES (?1, ?2, ?3, ?4, ?5)"
		     " ON CONFLICT DO UPDATE SET day = ?2, searches = ?3, next_ms = ?4, planned = ?5",
};

const struct statements schedule_statements = {sql, sizeof(sql) / sizeof(sql[0])};

bool store_schedule_read(struct store *store, int64_t day, struct schedule_table *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *list = db_use(store, NOUN_SCHEDULE, SCHEDULE_LIST);
	bool row = false;

	*out = (struct schedule_table){0};
	db_bind_int(list, 1, day);
	for (;;) {
		if (!db_step(store, list, &row, err))
			return false;
		if (!row)
			return true;
		int64_t category = sqlite3_column_int64(list, 0);
		if (category >= 0 && category < BUDGET_COUNT)
			out->of[category] = (struct schedule){.searches = sqlite3_column_int64(list, 1),
			                                      .next_ms = sqlite3_column_int64(list, 2),
			                                      .planned = sqlite3_column_int64(list, 3)};
	}
}

static bool write(struct store *store, int64_t day, const struct schedule_table *table, struct error *err)
{
	for (int category = 0; category < BUDGET_COUNT; category++) {
		sqlite3_stmt *set = db_use(store, NOUN_SCHEDULE, SCHEDULE_SET);

		db_bind_int(set, 1, category);
		db_bind_int(set, 2, day);
		db_bind_int(set, 3, table->of[category].searches);
		db_bind_int(set, 4, table->of[category].next_ms);
		db_bind_int(set, 5, table->of[category].planned);
		if (!db_run(store, set, err))
			return false;
	}
	return true;
}

bool store_schedule_write(struct store *store, int64_t day, const struct schedule_table *table, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && write(store, day, table, err);

	return db_write_end(store, own, done, err);
}
