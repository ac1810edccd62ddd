/*
 * What an engine does, once for each thing that is made of it (engine.h): included with ENGINE_FUNCTION(type, name, parameters, arguments,
 * the store or statement among them) and ENGINE_PROCEDURE, without a type, defined. Five more take the place of a pointer, or have no
 * store yet: store_open, store_files, store_close, store_transaction_end, statement_done.
 */

/* statement.h */
ENGINE_FUNCTION(struct statement *, statement_use, (struct store * store, const char *sql), (store, sql), store)
ENGINE_PROCEDURE(bind_int, (struct statement * statement, int at, int64_t value), (statement, at, value), statement)
ENGINE_PROCEDURE(bind_int_or_null, (struct statement * statement, int at, int64_t value, int64_t null),
                 (statement, at, value, null), statement)
ENGINE_PROCEDURE(bind_real, (struct statement * statement, int at, double value), (statement, at, value), statement)
ENGINE_PROCEDURE(bind_text, (struct statement * statement, int at, const char *text), (statement, at, text), statement)
ENGINE_FUNCTION(bool, statement_step, (struct statement * statement, bool *row, struct error *err), (statement, row, err),
                statement)
ENGINE_FUNCTION(int64_t, changed_rows, (struct store * store), (store), store)
ENGINE_FUNCTION(int64_t, column_int, (struct statement * row, int column), (row, column), row)
ENGINE_FUNCTION(double, column_real, (struct statement * row, int column), (row, column), row)
ENGINE_FUNCTION(const char *, column_text, (struct statement * row, int column), (row, column), row)
ENGINE_FUNCTION(bool, column_is_null, (struct statement * row, int column), (row, column), row)
ENGINE_FUNCTION(bool, transaction_begin, (struct store * store, struct error *err), (store, err), store)
ENGINE_FUNCTION(bool, transaction_end, (struct store * store, bool ok, struct error *err), (store, ok, err), store)
ENGINE_FUNCTION(int64_t, transaction_recorded, (const struct store *store), (store), store)
ENGINE_PROCEDURE(public_change, (struct store * store), (store), store)
ENGINE_FUNCTION(bool, index_insert, (struct store * store, int64_t seq, struct error *err), (store, seq, err), store)
ENGINE_FUNCTION(bool, index_delete, (struct store * store, int64_t seq, struct error *err), (store, seq, err), store)
ENGINE_FUNCTION(bool, index_empty, (struct store * store, struct error *err), (store, err), store)
ENGINE_FUNCTION(bool, engine_size_bytes, (struct store * store, int64_t *out, struct error *err), (store, out, err), store)
ENGINE_FUNCTION(bool, engine_wal_bytes, (struct store * store, int64_t *out, struct error *err), (store, out, err), store)
ENGINE_FUNCTION(bool, engine_room_bytes, (struct store * store, int64_t *out, struct error *err), (store, out, err), store)
ENGINE_FUNCTION(bool, engine_index_segments, (struct store * store, int64_t *out, struct error *err), (store, out, err), store)

/* store.h */
ENGINE_FUNCTION(bool, store_check_schema, (struct store * store, struct error *err), (store, err), store)
ENGINE_FUNCTION(bool, store_begin, (struct store * store, struct error *err), (store, err), store)
ENGINE_FUNCTION(bool, store_commit, (struct store * store, struct error *err), (store, err), store)
ENGINE_FUNCTION(bool, store_transaction_is_long, (const struct store *store), (store), store)
ENGINE_PROCEDURE(store_rollback, (struct store * store), (store), store)
ENGINE_FUNCTION(bool, store_read_begin, (struct store * store, struct error *err), (store, err), store)
ENGINE_PROCEDURE(store_read_end, (struct store * store), (store), store)
ENGINE_FUNCTION(bool, store_generation, (struct store * store, int64_t *out, struct error *err), (store, out, err), store)
ENGINE_FUNCTION(bool, store_video_count, (struct store * store, int64_t *out, struct error *err), (store, out, err), store)
ENGINE_PROCEDURE(store_set_may_go_on, (struct store * store, bool (*may_go_on)(void *context), void *context),
                 (store, may_go_on, context), store)
ENGINE_PROCEDURE(store_set_scan_limit, (struct store * store, int64_t rows), (store, rows), store)
ENGINE_FUNCTION(bool, store_lock, (struct store * store, enum store_lock lock, bool *taken, struct error *err),
                (store, lock, taken, err), store)
ENGINE_PROCEDURE(store_unlock, (struct store * store, enum store_lock lock), (store, lock), store)
ENGINE_FUNCTION(bool, store_replication_risk, (struct store * store, bool replicated, const char **out, struct error *err),
                (store, replicated, out, err), store)
ENGINE_FUNCTION(bool, store_bulk_begin, (struct store * store, struct error *err), (store, err), store)
ENGINE_FUNCTION(bool, store_bulk_end, (struct store * store, struct error *err), (store, err), store)
ENGINE_FUNCTION(bool, store_optimize, (struct store * store, struct error *err), (store, err), store)
ENGINE_FUNCTION(bool, store_shrink, (struct store * store, bool *left, struct error *err), (store, left, err), store)
ENGINE_FUNCTION(bool, store_check, (struct store * store, struct error *err), (store, err), store)
ENGINE_FUNCTION(bool, store_repair,
                (struct store * store, void (*tell)(void *context, const char *fault), void *context, int64_t *rebuilt,
                 struct error *err),
                (store, tell, context, rebuilt, err), store)

/* search/indexing.h */
ENGINE_FUNCTION(struct index_state *, index_state_of, (struct store * store), (store), store)
ENGINE_FUNCTION(bool, index_fill, (struct store * store, int64_t first, struct error *err), (store, first, err), store)
ENGINE_FUNCTION(bool, index_channel,
                (struct store * store, int64_t channel, int64_t after, int64_t last, bool insert, struct error *err),
                (store, channel, after, last, insert, err), store)

/* search/search_plan.h, search/search_scan.h */
ENGINE_FUNCTION(bool, search_write_expression, (struct store * store, struct search_plan *plan, struct error *err),
                (store, plan, err), store)
ENGINE_FUNCTION(bool, search_limit_matches, (struct store * store, struct search_plan *plan, struct error *err),
                (store, plan, err), store)
ENGINE_FUNCTION(bool, search_scan,
                (struct store * store, const struct search_plan *plan, enum list_result result, struct key_range range,
                 int64_t wanted, struct scan_result *out, struct error *err),
                (store, plan, result, range, wanted, out, err), store)
ENGINE_FUNCTION(bool, search_count,
                (struct store * store, const struct search_plan *plan, struct key_range range, int64_t limit, int64_t *out,
                 struct error *err),
                (store, plan, range, limit, out, err), store)

/* transfer/table.h */
ENGINE_FUNCTION(struct statement *, table_columns, (struct store * store, const char *name), (store, name), store)
ENGINE_FUNCTION(bool, table_read_begin, (struct store * store, const struct table *table, struct error *err), (store, table, err),
                store)
ENGINE_FUNCTION(bool, table_read_line, (struct store * store, struct buf *line, bool *any, struct error *err),
                (store, line, any, err), store)
ENGINE_PROCEDURE(table_read_end, (struct store * store), (store), store)
ENGINE_FUNCTION(bool, table_write,
                (struct store * store, const struct table *table, const char *lines, size_t len, struct error *err),
                (store, table, lines, len, err), store)
ENGINE_FUNCTION(bool, tables_load_begin, (struct store * store, struct error *err), (store, err), store)
ENGINE_FUNCTION(bool, tables_load_end, (struct store * store, struct error *err), (store, err), store)
