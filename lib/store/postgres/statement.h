/* Inside lib/store/postgres only: statements whose text is made while the program runs, such as those of lists. */
#pragma once

#include "store/postgres/connection.h"

/* As statement_use(), by what TEXT says: it is copied. Kept until TEXT_STATEMENTS_MAX others were used. Never NULL: the step tells when
 * there is no memory. */
struct statement *statement_use_text(struct store *store, const char *text);

/* Runs BEFORE, a statement without rows such as BEGIN, and then STATEMENT, which has no parameters: in one message. The next step gives its first row. The
 * connection has to be there (pg_connected). Errors: those of either. */
MUST_USE bool statement_run_after(struct statement *statement, const char *before, struct error *err);

/* Forgets the statement and frees what it has; the server keeps it until the connection ends. */
void statement_clear(struct statement *statement);
