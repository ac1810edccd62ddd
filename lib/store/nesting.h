/* Inside lib/store only: transaction_begin() and transaction_end() within each other, for an engine's struct store. */
#pragma once

#include "base/error.h"
#include "store/store.h"

struct nesting {
	bool own;    /* transaction_begin() began the transaction, not its caller's caller */
	int writers; /* that have begun and not ended */
};

/* As transaction_begin() and transaction_end(); IS_OPEN: there is a transaction. */
MUST_USE bool nesting_begin(struct nesting *nesting, struct store *store, bool is_open, struct error *err);
MUST_USE bool nesting_end(struct nesting *nesting, struct store *store, bool ok, struct error *err);
