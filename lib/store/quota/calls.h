/* How many calls to YouTube there were, with what results; never fewer than before. Errors as store.h says. */
#pragma once

#include "model/key.h"
#include "store/store.h"

struct call_count {
	int64_t project;
	enum bucket bucket;
	enum error_class result;
	int64_t calls;
};

struct call_count_list {
	struct call_count *items;
	size_t count;
};

void call_count_list_clear(struct call_count_list *list);

/* One more call with the key KEY_ID. */
MUST_USE bool store_call_add(struct store *store, int64_t key_id, enum bucket bucket, enum error_class result, struct error *err);

/* All counts that are not 0, by project, bucket and result; the caller's to clear. */
MUST_USE bool store_calls_list(struct store *store, struct call_count_list *out, struct error *err);
