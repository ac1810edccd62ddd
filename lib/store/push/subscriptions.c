#include "store/push/subscriptions.h"

#include <stdio.h>

#include "base/crypto.h"
#include "base/list.h"
#include "base/timestamp.h"
#include "store/internal.h"

/* Later than any lease is renewed: the clock was set back since. */
enum { PAUSE_MAX_DAYS = 31 };

enum subscription_statement {
	FOLLOW_END,
	FOLLOW_RESUME,
	FOLLOW_MOVE,
	FOLLOW_DELETE,
	FOLLOW_NEXT,
	FOLLOW_INSERT,
	SUBSCRIPTIONS_DUE,
	SUBSCRIPTION_FIND,
	SUBSCRIPTION_ASKED,
	SUBSCRIPTION_UNASKED,
	SUBSCRIPTION_VERIFIED,
	SUBSCRIPTION_DENIED,
	SUBSCRIPTION_END,
	SUBSCRIPTIONS_FORGET,
	COUNT_WANTED,
	COUNT_ALIVE,
	COUNT_DENIED,
	DENIED_REASON,
};

#define SUBSCRIPTION_ROW(FIRST, NEXT)                                                                                            \
	FIRST(COL_CHANNEL, "s.channel")                                                                                          \
	NEXT(COL_CHANNEL_ID, "c.youtube_id")                                                                                     \
	NEXT(COL_TOKEN, "s.token")                                                                                               \
	NEXT(COL_SECRET, "s.secret")                                                                                             \
	NEXT(COL_WANTED, "s.wanted")                                                                                             \
	NEXT(COL_FAILURES, "s.failures")                                                                                         \
	NEXT(COL_DENIALS, "s.denials")                                                                                           \
	NEXT(COL_ASKED_AT, "s.asked_at")

enum { POSITIONS(SUBSCRIPTION_ROW) };

#define SUBSCRIPTIONS "SELECT " COLUMNS(SUBSCRIPTION_ROW) " FROM push_subscription s JOIN channel c ON c.id = s.channel WHERE "
#define IS_FOLLOWED "EXISTS (SELECT 1 " FOLLOWERS_OF("push_subscription.channel") ")"

static const char *const sql[] = {
    [FOLLOW_END] = "UPDATE push_subscription SET wanted = 0, failures = 0, next_at = ?1 WHERE wanted = 1 AND NOT " IS_FOLLOWED,
    [FOLLOW_RESUME] = "UPDATE push_subscription SET wanted = 1, failures = 0, next_at = ?1 WHERE wanted = 0 AND " IS_FOLLOWED,
    [FOLLOW_MOVE] = "UPDATE push_subscription SET base = ?2, until = 0, asked_at = 0, failures = 0, next_at = ?1"
		    " WHERE base <> ?2 OR next_at > ?3",
    [FOLLOW_DELETE] = "DELETE FROM push_subscription WHERE wanted = 0 AND until <= ?1",
    [FOLLOW_NEXT] = "SELECT f.channel FROM followed_channel f WHERE EXISTS (SELECT 1 " FOLLOWERS_OF(
	"f.channel") ") AND NOT EXISTS"
		     " (SELECT 1 FROM push_subscription s WHERE s.channel = f.channel) ORDER BY f.channel LIMIT 1",
    [FOLLOW_INSERT] =
	"INSERT INTO push_subscription (channel, token, secret, base, wanted, next_at) VALUES (?1, ?2, ?3, ?4, 1, ?5)",
    [SUBSCRIPTIONS_DUE] = SUBSCRIPTIONS "s.next_at <= ?1 ORDER BY s.next_at LIMIT ?2",
    [SUBSCRIPTION_FIND] = SUBSCRIPTIONS "s.token = ?1",
    [SUBSCRIPTION_ASKED] = "UPDATE push_subscription SET asked_at = ?2, next_at = ?3, failures = failures + 1 WHERE channel = ?1",
    [SUBSCRIPTION_UNASKED] =
	"UPDATE push_subscription SET next_at = ?2, failures = failures - 1 WHERE channel = ?1 AND failures > 0",
    [SUBSCRIPTION_VERIFIED] =
	"UPDATE push_subscription SET until = ?2, next_at = ?3, failures = 0, denials = 0, denied_reason = '' WHERE channel = ?1",
    [SUBSCRIPTION_DENIED] =
	"UPDATE push_subscription SET until = 0, next_at = ?3, failures = 0, denials = denials + 1, denied_reason = ?4"
	" WHERE channel = ?1 AND (until > ?2 OR failures > 0)",
    [SUBSCRIPTIONS_FORGET] = "DELETE FROM push_subscription",
    [SUBSCRIPTION_END] = "DELETE FROM push_subscription WHERE channel = ?1",
    [COUNT_WANTED] = "SELECT count(*) FROM push_subscription WHERE wanted = 1",
    [COUNT_ALIVE] = "SELECT count(*) FROM push_subscription WHERE wanted = 1 AND until > ?1",
    [COUNT_DENIED] = "SELECT count(*) FROM push_subscription WHERE wanted = 1 AND denials > 0",
    [DENIED_REASON] =
	"SELECT denied_reason FROM push_subscription WHERE wanted = 1 AND denials > 0 ORDER BY asked_at DESC LIMIT 1",
};

const struct statements subscriptions_statements = STATEMENTS(sql);

/* ---- following ---- */

/* Makes one for the next channel without, if there is one. */
static bool add_next(struct store *store, const char *base, int64_t now, bool *added, struct error *err)
{
	char token[PUSH_TOKEN_SIZE];
	char secret[PUSH_TOKEN_SIZE];
	int64_t channel;

	if (!statement_number(statement_use(store, sql[FOLLOW_NEXT]), &channel, err))
		return false;
	*added = channel != 0;
	if (!*added)
		return true;
	if (!crypto_random_hex(PUSH_TOKEN_BYTES, token, err) || !crypto_random_hex(PUSH_TOKEN_BYTES, secret, err))
		return false;
	struct statement *insert = statement_use(store, sql[FOLLOW_INSERT]);
	bind_int(insert, 1, channel);
	bind_text(insert, 2, token);
	bind_text(insert, 3, secret);
	bind_text(insert, 4, base);
	bind_int(insert, 5, now);
	return statement_run(insert, err);
}

static bool follow(struct store *store, const char *base, int64_t limit, int64_t now, struct error *err)
{
	bool added = true;

	if (!statement_run_ints(store, sql[FOLLOW_END], INTS(now), err) ||
	    !statement_run_ints(store, sql[FOLLOW_RESUME], INTS(now), err))
		return false;
	struct statement *move = statement_use(store, sql[FOLLOW_MOVE]);
	bind_int(move, 1, now);
	bind_text(move, 2, base);
	bind_int(move, 3, now + (int64_t)PAUSE_MAX_DAYS * SECONDS_PER_DAY);
	if (!statement_run(move, err) || !statement_run_ints(store, sql[FOLLOW_DELETE], INTS(now), err))
		return false;
	for (int64_t i = 0; i < limit && added; i++)
		if (!add_next(store, base, now, &added, err))
			return false;
	return true;
}

bool store_subscriptions_follow(struct store *store, const char *base, int64_t limit, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, follow(store, base, limit, now, err), err);
}

/* ---- reading ---- */

static void read_row(struct statement *row, struct subscription *out)
{
	*out = (struct subscription){.channel = column_int(row, COL_CHANNEL),
	                             .wanted = column_int(row, COL_WANTED) != 0,
	                             .failures = column_int(row, COL_FAILURES),
	                             .denials = column_int(row, COL_DENIALS),
	                             .asked_at = column_int(row, COL_ASKED_AT)};
	snprintf(out->channel_id, sizeof(out->channel_id), "%s", column_text(row, COL_CHANNEL_ID));
	snprintf(out->token, sizeof(out->token), "%s", column_text(row, COL_TOKEN));
	snprintf(out->secret, sizeof(out->secret), "%s", column_text(row, COL_SECRET));
}

bool store_subscriptions_due(struct store *store, int64_t now, int64_t limit, struct subscription_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *due = statement_use(store, sql[SUBSCRIPTIONS_DUE]);
	AUTO(subscription_list_clear) struct subscription_list list = {0};
	bool row;

	bind_ints(due, INTS(now, limit));
	for (;;) {
		if (!statement_step(due, &row, err))
			return false;
		if (!row)
			break;
		if (!list_grow(&list.items, list.count, sizeof(*list.items)))
			return error_no_memory(err);
		read_row(due, &list.items[list.count++]);
	}
	*out = list;
	list = (struct subscription_list){0};
	return true;
}

bool store_subscription_find(struct store *store, const char *token, struct subscription *out, struct error *err)
{
	AUTO(statement_done) struct statement *find = statement_use(store, sql[SUBSCRIPTION_FIND]);

	bind_text(find, 1, token);
	if (!statement_row(find, "subscription", err))
		return false;
	read_row(find, out);
	return true;
}

/* ---- what came of requests ---- */

bool store_subscription_asked(struct store *store, int64_t channel, int64_t now, int64_t next_at, struct error *err)
{
	return statement_run_ints(store, sql[SUBSCRIPTION_ASKED], INTS(channel, now, next_at), err);
}

bool store_subscription_unasked(struct store *store, int64_t channel, int64_t next_at, struct error *err)
{
	return statement_run_ints(store, sql[SUBSCRIPTION_UNASKED], INTS(channel, next_at), err);
}

bool store_subscription_verified(struct store *store, int64_t channel, int64_t until, int64_t next_at, struct error *err)
{
	return statement_run_ints(store, sql[SUBSCRIPTION_VERIFIED], INTS(channel, until, next_at), err);
}

bool store_subscription_denied(struct store *store, int64_t channel, int64_t now, int64_t next_at, const char *reason,
                               struct error *err)
{
	struct statement *denied = statement_use(store, sql[SUBSCRIPTION_DENIED]);

	bind_ints(denied, INTS(channel, now, next_at));
	bind_text(denied, 4, reason);
	return statement_run(denied, err);
}

bool store_subscriptions_forget(struct store *store, struct error *err)
{
	return statement_run(statement_use(store, sql[SUBSCRIPTIONS_FORGET]), err);
}

bool store_subscription_end(struct store *store, int64_t channel, struct error *err)
{
	return statement_run_ints(store, sql[SUBSCRIPTION_END], INTS(channel), err);
}

bool store_subscriptions_count(struct store *store, int64_t now, int64_t *wanted, int64_t *alive, struct error *err)
{
	struct statement *count = statement_use(store, sql[COUNT_ALIVE]);

	bind_int(count, 1, now);
	return statement_number(count, alive, err) && statement_number(statement_use(store, sql[COUNT_WANTED]), wanted, err);
}

bool store_subscriptions_denied(struct store *store, int64_t *count, char reason[DENIED_REASON_SIZE], struct error *err)
{
	AUTO(statement_done) struct statement *last = statement_use(store, sql[DENIED_REASON]);
	bool row;

	if (!statement_step(last, &row, err))
		return false;
	snprintf(reason, DENIED_REASON_SIZE, "%s", row ? column_text(last, 0) : "");
	return statement_number(statement_use(store, sql[COUNT_DENIED]), count, err);
}
