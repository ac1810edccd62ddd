/*
 * Inside lib/store only: what the nouns' files ask of a database engine. lib/store/sqlite is the one there is; another implements
 * this header, store.h, video_search.h and store_volume().
 *
 * A noun's file keeps its SQL in an array and uses a text by its name there: statement_use(store, sql[KEY_GET]). The SQL is what
 * SQLite and PostgreSQL both take; whatever only one of them has stands in its engine, behind a function.
 *
 * Parameters are written ?1, ?2 and so on. SQLite binds these by number as they stand, while $1 would be a name to it, numbered by
 * where it first appears. An engine for PostgreSQL turns every '?' into '$': the texts have no other use for it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/store.h"

/* ---- statements ---- */

/* A noun's texts, for the tests that go through all of them. */
struct statements {
	const char *const *sql;
	size_t count;
};

#define STATEMENTS(sql)                                                                                                          \
	{                                                                                                                        \
		sql, sizeof(sql) / sizeof((sql)[0])                                                                              \
	}

struct statement;

/* The statement with the text SQL, a constant of the program, without bindings. Prepared when it is first used and kept by the
 * connection: borrowed, and one at a time, so no text is used again while its rows are read. Never NULL: the step tells when it
 * could not be prepared. AUTO(statement_done) struct statement *get = statement_use(store, sql[KEY_GET]); */
struct statement *statement_use(struct store *store, const char *sql);
void statement_done(struct statement **statement);

/* Binding fails for want of memory only, and then the step fails. What is not bound is NULL. Texts must live until
 * statement_done. */
void bind_int(struct statement *statement, int at, int64_t value);
void bind_int_or_null(struct statement *statement, int at, int64_t value, int64_t null); /* VALUE == NULL binds NULL */
void bind_real(struct statement *statement, int at, double value);
void bind_text(struct statement *statement, int at, const char *text); /* NULL binds NULL */

struct ints {
	const int64_t *items;
	size_t count;
};

#define INTS(...) ((struct ints){(const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)})

/* Binds them from ?1 on. */
void bind_ints(struct statement *statement, struct ints values);

/* Steps to the next row: *ROW tells whether there is one. Errors: ERR_CONFLICT (a constraint), and those of store.h. */
MUST_USE bool statement_step(struct statement *statement, bool *row, struct error *err);

/* Steps to the only row and leaves it there to be read. No row: ERR_NOT_FOUND "no NAME". */
MUST_USE bool statement_row(struct statement *statement, const char *name, struct error *err);

/* Runs a statement of at most one row to its end. *OUT is the row's first column, 0 without a row. For a count, or for
 * INSERT … RETURNING id. */
MUST_USE bool statement_number(struct statement *statement, int64_t *out, struct error *err);

/* Runs a statement that returns no rows; the second one binds VALUES first. */
MUST_USE bool statement_run(struct statement *statement, struct error *err);
MUST_USE bool statement_run_ints(struct store *store, const char *sql, struct ints values, struct error *err);

/* How many rows the last INSERT, UPDATE or DELETE changed. */
int64_t changed_rows(struct store *store);

/* ---- columns of the row that a statement stands on, from 0 ---- */

int64_t column_int(struct statement *row, int column);                     /* 0 for NULL */
int64_t column_int_or(struct statement *row, int column, int64_t if_null); /* IF_NULL for NULL */
double column_real(struct statement *row, int column);
const char *column_text(struct statement *row, int column); /* "" for NULL; borrowed until the next step */
bool column_is_null(struct statement *row, int column);

/* A copy of a text, the caller's to free; NULL stays NULL. Errors: ERR_NO_MEMORY. */
MUST_USE bool column_copy(struct statement *row, int column, char **out, struct error *err);

/* A row's columns are listed once, as macro, with the names of their positions:
 *
 *	#define KEY_ROW(FIRST, NEXT) FIRST(KEY_COL_ID, "k.id") NEXT(KEY_COL_SECRET, "k.secret")
 *	enum { POSITIONS(KEY_ROW) };
 *	"SELECT " COLUMNS(KEY_ROW) " FROM api_key k" */
#define COLUMN_FIRST(position, sql) sql
#define COLUMN_NEXT(position, sql) ", " sql
#define COLUMN_POSITION(position, sql) position,
#define COLUMNS(row) row(COLUMN_FIRST, COLUMN_NEXT)
#define POSITIONS(row) row(COLUMN_POSITION, COLUMN_POSITION)

/* ---- transactions ---- */

/* A function that writes wraps its statements in these two, so that they are one transaction whether its caller began one or not:
 * return transaction_begin(store, err) && transaction_end(store, remove_key(store, id, err), err);
 * The end passes OK on; where the beginning began the transaction, it commits when OK and rolls back otherwise. */
MUST_USE bool transaction_begin(struct store *store, struct error *err);
MUST_USE bool transaction_end(struct store *store, bool ok, struct error *err);

/* The last number of recording (model/video.h) that was given before the transaction. */
int64_t transaction_recorded(const struct store *store);

/* Public readers will see something else: the transaction raises the generation. Called within it. */
void public_change(struct store *store);

/* ---- the search index ---- */

/* Inserts the text of one video into the index, or deletes it there: it is deleted before the rows change,
 * and inserted afterwards. index_insert_new() may let it wait (store_bulk_begin). Within a transaction. */
MUST_USE bool index_insert(struct store *store, int64_t seq, struct error *err);
MUST_USE bool index_insert_new(struct store *store, int64_t seq, struct error *err);
MUST_USE bool index_delete(struct store *store, int64_t seq, struct error *err);

/* Around a change of a channel's title. Its videos are indexed anew, some at once and the rest by store_upkeep(), in short transactions;
 * until then they are found under the old title. *BEGUN is false while the change before is not done: the title must stay. */
MUST_USE bool index_rename_begin(struct store *store, int64_t channel, bool *begun, struct error *err);
MUST_USE bool index_rename_end(struct store *store, int64_t channel, struct error *err);

/* Empties the search index: all videos wait for store_upkeep(). Within a transaction. */
MUST_USE bool index_empty(struct store *store, struct error *err);

/* ---- figures for the owner ---- */

MUST_USE bool engine_size_bytes(struct store *store, int64_t *out, struct error *err);

/* How much the database can still grow, as far as its engine knows: INT64_MAX where it does not. */
MUST_USE bool engine_room_bytes(struct store *store, int64_t *out, struct error *err);

/* In how many parts the search index is: searches slow down with it. */
MUST_USE bool engine_index_segments(struct store *store, int64_t *out, struct error *err);
