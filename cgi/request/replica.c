#include "cgi/request/replica.h"

#include "base/log.h"
#include "store/private/visitors.h"

enum { TRY_AGAIN_S = 10 };

static void raise_to(atomic_int_fast64_t *state, int64_t to)
{
	int_fast64_t before = atomic_load(state);

	while (before < to && !atomic_compare_exchange_weak(state, &before, to))
		continue;
}

/* Whether it is time, *AT, and this thread's turn; the next one's comes later: a host that is gone keeps one thread waiting, not all. Clocks jump. */
static bool take_turn(atomic_int_fast64_t *at, int64_t now)
{
	int_fast64_t due = atomic_load(at);

	return (now >= due || now < due - TRY_AGAIN_S) && atomic_compare_exchange_strong(at, &due, now + TRY_AGAIN_S);
}

static bool may_try(struct replica *replica, int64_t now)
{
	return atomic_load(&replica->try_at) == 0 || take_turn(&replica->try_at, now);
}

static bool read_state(const struct replica *replica, struct store **store, int64_t *out, struct error *err)
{
	return (*store ? store_check_schema(*store, err) : store_open(replica->location, STORE_READ, store, err)) &&
	       store_visible_state(*store, out, err);
}

void replica_leave_out(struct replica *replica, int64_t now, const struct error *err)
{
	if (atomic_exchange(&replica->try_at, now + TRY_AGAIN_S) == 0)
		log_printf(LOG_WARN, "NEWSREEL_DATABASE_READ: %s: the primary answers until it can be read again", err->text);
}

static void take_in(struct replica *replica)
{
	if (atomic_exchange(&replica->try_at, 0) != 0)
		log_line(LOG_INFO, "NEWSREEL_DATABASE_READ: it can be read again", NULL);
}

bool replica_use(struct replica *replica, struct store **store, int64_t now)
{
	struct error err;
	int64_t state;
	int_fast64_t never = 0;

	if (!replica->location || !may_try(replica, now))
		return false;
	if (!read_state(replica, store, &state, &err)) {
		replica_leave_out(replica, now, &err);
		return false;
	}
	take_in(replica);
	bool new_enough = state >= atomic_load(&replica->state);
	if (new_enough)
		atomic_store(&replica->behind_since, 0);
	else
		atomic_compare_exchange_strong(&replica->behind_since, &never, now);
	return new_enough;
}

bool replica_asks(struct replica *replica, int64_t now)
{
	return replica->location && take_turn(&replica->ask_at, now);
}

void replica_note(struct replica *replica, struct store *store)
{
	struct error ignored;
	int64_t state;

	if (replica->location && store_visible_state(store, &state, &ignored))
		raise_to(&replica->state, state);
}

void replica_note_primary(struct replica *replica, struct store *store, int64_t now)
{
	replica_note(replica, store);
	atomic_store(&replica->ask_at, now + 1);
}

void replica_write_state(const struct replica *replica, int64_t now, struct buf *out)
{
	int64_t behind_since = atomic_load(&replica->behind_since);

	if (!replica->location)
		return;
	if (atomic_load(&replica->try_at))
		buf_add_text(out, "replica: left out, it cannot be read: see the log\n");
	else if (behind_since)
		buf_printf(out, "replica: left out, behind for %lld s\n",
		           (long long)(now > behind_since ? now - behind_since : 0));
	else
		buf_add_text(out, "replica: read\n");
}
