#include "store/private/sessions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "base/utf8.h"
#include "store/statement.h"

enum { AGENT_MAX_BYTES = 200 };

enum session_statement {
	SESSION_INSERT,
	SESSION_EXPIRE,
	SESSION_FIND,
	SESSION_USE,
	SESSION_DELETE,
	SESSION_DELETE_ALL,
	SESSION_LIST,
};

#define SESSION_ROW(FIRST, NEXT)                                                                                                 \
	FIRST(SESSION_COL_ID, "id")                                                                                              \
	NEXT(SESSION_COL_CREATED_AT, "created_at")                                                                               \
	NEXT(SESSION_COL_USED_AT, "used_at")                                                                                     \
	NEXT(SESSION_COL_EXPIRES_AT, "expires_at")                                                                               \
	NEXT(SESSION_COL_AGENT, "agent")

enum { POSITIONS(SESSION_ROW) };

#define SESSION_COLUMNS COLUMNS(SESSION_ROW)

static const char *const sql[] = {
    [SESSION_INSERT] = "INSERT INTO session (" SESSION_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)",
    [SESSION_EXPIRE] = "DELETE FROM session WHERE expires_at <= ?1",
    [SESSION_FIND] = "SELECT used_at FROM session WHERE id = ?1 AND expires_at > ?2",
    [SESSION_USE] = "UPDATE session SET used_at = ?2 WHERE id = ?1",
    [SESSION_DELETE] = "DELETE FROM session WHERE id = ?1",
    [SESSION_DELETE_ALL] = "DELETE FROM session",
    [SESSION_LIST] = "SELECT " SESSION_COLUMNS " FROM session WHERE expires_at > ?1 ORDER BY used_at DESC, created_at DESC",
};

const struct statements sessions_statements = STATEMENTS(sql);

void owner_session_list_clear(struct owner_session_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].agent);
	free(list->items);
	*list = (struct owner_session_list){0};
}

/* ---- writing ---- */

static bool insert(struct store *store, const struct owner_session *session, const char *agent, struct error *err)
{
	struct statement *statement = statement_use(store, sql[SESSION_INSERT]);

	bind_text(statement, 1, session->id);
	bind_int(statement, 2, session->created_at);
	bind_int(statement, 3, session->used_at);
	bind_int(statement, 4, session->expires_at);
	bind_text(statement, 5, agent);
	return statement_run(statement, err);
}

bool store_session_add(struct store *store, const struct owner_session *session, const char *agent, struct error *err)
{
	AUTO(text_free) char *clean = NULL;

	if (!text_repair(agent, strlen(agent), &clean, err))
		return false;
	clean[utf8_cut(clean, AGENT_MAX_BYTES)] = '\0';
	return transaction_begin(store, err) &&
	       transaction_end(store,
	                       statement_run_ints(store, sql[SESSION_EXPIRE], INTS(session->created_at), err) &&
	                           insert(store, session, clean, err),
	                       err);
}

static bool use(struct store *store, const char *id, int64_t now, struct error *err)
{
	struct statement *statement = statement_use(store, sql[SESSION_USE]);

	bind_text(statement, 1, id);
	bind_int(statement, 2, now);
	return statement_run(statement, err);
}

bool store_session_use(struct store *store, const char *id, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, use(store, id, now, err), err);
}

static bool remove_rows(struct store *store, const char *id, struct error *err)
{
	struct statement *statement = statement_use(store, sql[id ? SESSION_DELETE : SESSION_DELETE_ALL]);

	if (id)
		bind_text(statement, 1, id);
	return statement_run(statement, err);
}

bool store_session_remove(struct store *store, const char *id, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, remove_rows(store, id, err), err);
}

/* ---- reading ---- */

bool store_session_find(struct store *store, const char *id, int64_t now, bool *found, int64_t *used_at, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[SESSION_FIND]);

	bind_text(get, 1, id);
	bind_int(get, 2, now);
	if (!statement_step(get, found, err))
		return false;
	*used_at = *found ? column_int(get, 0) : 0;
	return true;
}

static bool add_session(struct owner_session_list *list, struct statement *row, struct error *err)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	struct owner_session *session = &list->items[list->count];
	*session = (struct owner_session){.created_at = column_int(row, SESSION_COL_CREATED_AT),
	                                  .used_at = column_int(row, SESSION_COL_USED_AT),
	                                  .expires_at = column_int(row, SESSION_COL_EXPIRES_AT)};
	snprintf(session->id, sizeof(session->id), "%s", column_text(row, SESSION_COL_ID));
	if (!column_copy(row, SESSION_COL_AGENT, &session->agent, err))
		return false;
	list->count++;
	return true;
}

bool store_sessions_list(struct store *store, int64_t now, struct owner_session_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[SESSION_LIST]);
	AUTO(owner_session_list_clear) struct owner_session_list sessions = {0};
	bool row = true;

	bind_int(list, 1, now);
	while (row)
		if (!statement_step(list, &row, err) || (row && !add_session(&sessions, list, err)))
			return false;
	*out = sessions;
	sessions = (struct owner_session_list){0};
	return true;
}
