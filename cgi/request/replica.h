/*
 * A copy of the database that readers are answered from, as PostgreSQL replicates it, a moment later than the primary.
 *
 * No reader sees an older state than an earlier one of this program did: what readers saw, what was written here, and, once a second, what the primary has,
 * is a state that the replica must have reached. Until it has, or while it cannot be read, the primary answers.
 */
#pragma once

#include <stdatomic.h>

#include "base/buf.h"
#include "store/store.h"

/* What all threads know of it. All zero at first, but for the location. */
struct replica {
	const char *location;             /* borrowed; NULL = there is none */
	atomic_int_fast64_t state;        /* store_visible_state() that it must have reached */
	atomic_int_fast64_t ask_at;       /* UTC seconds, as the next two: when to ask the primary for its state */
	atomic_int_fast64_t try_at;       /* it cannot be read, and one thread tries again then; 0 = it can */
	atomic_int_fast64_t behind_since; /* the first reader that it was too old for, 0 = the last one was answered */
};

/* Whether the thread's connection *STORE, which is opened or verified, may answer a reader at NOW. */
bool replica_use(struct replica *replica, struct store **store, int64_t now);

/* It cannot be read at NOW, for the reason ERR: others answer, until it is tried again. */
void replica_leave_out(struct replica *replica, int64_t now, const struct error *err);

/* Whether it is time for this thread to ask the primary for its state: once a second, or ten seconds after it could not be asked. */
bool replica_asks(struct replica *replica, int64_t now);

/* It must have reached the state that STORE shows, from now on. A state that cannot be read counts for nothing. */
void replica_note(struct replica *replica, struct store *store);

/* The same, of the primary that was to be asked. */
void replica_note_primary(struct replica *replica, struct store *store, int64_t now);

/* Appends a line for /readyz on how it is, at NOW: "replica: left out, behind for 12 s". */
void replica_write_state(const struct replica *replica, int64_t now, struct buf *out);
