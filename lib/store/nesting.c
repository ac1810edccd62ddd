#include "store/nesting.h"

bool nesting_begin(struct nesting *nesting, struct store *store, bool is_open, struct error *err)
{
	if (!is_open) {
		nesting->own = store_begin(store, err);
		if (!nesting->own)
			return false;
	}
	nesting->writers++;
	return true;
}

bool nesting_end(struct nesting *nesting, struct store *store, bool ok, struct error *err)
{
	if (--nesting->writers > 0 || !nesting->own)
		return ok;
	nesting->own = false;
	if (ok)
		return store_commit(store, err);
	store_rollback(store);
	return false;
}
