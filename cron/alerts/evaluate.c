#include "cron/alerts/evaluate.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/timestamp.h"
#include "listing/saved_filter.h"
#include "model/alerts/digest.h"
#include "store/alerts/alerts.h"
#include "store/alerts/outbox.h"
#include "store/video_search.h"

enum {
	MESSAGE_PAUSE_S = 55, /* of a rule; runs that come every minute are not always a whole one apart */
	IDS_MAX_BYTES = 64 * VIDEO_ID_SIZE,
	LOG_DAYS = 30,
};

/* A rule at work. */
struct evaluation {
	struct store *store;
	const struct alert *alert;
	const struct video_query *query;
	int64_t now;
	int64_t cursor; /* all up to here is in VIDEOS, or not let through */
	bool more;      /* behind the cursor there may be more, for the next message */
	struct buf videos;
	int64_t count;
};

static void evaluation_clear(struct evaluation *e)
{
	buf_clear(&e->videos);
}

/* One page of what lies in PART; *OVER when that was all of it, or the message is full. */
static bool take_page(struct evaluation *e, const struct recordings *part, bool *over, struct error *err)
{
	AUTO(video_page_clear) struct video_page page = {0};
	struct video_request request = e->query->request;
	int64_t room = (int64_t)destination_videos_max(e->alert->kind) - e->count;

	if (room == 0) {
		e->more = *over = true;
		return true;
	}
	request.sort = SORT_RECORDED_OLDEST;
	request.after = e->cursor;
	request.until = part->until;
	request.public_only = request.whole = true;
	request.page_size = room;
	request.counting = COUNT_NOT;
	if (!store_videos_page(e->store, &request, &page, err))
		return false;
	for (size_t i = 0; i < page.videos.count; i++)
		buf_printf(&e->videos, "%s ", page.videos.items[i].id);
	e->count += (int64_t)page.videos.count;
	e->cursor = page.next_after ? page.next_after : part->until;
	e->more = page.more;
	*over = page.more || !page.next_after;
	return true;
}

/* Few matches among a million recordings are looked for in several runs: other writers wait meanwhile. */
static bool take_part(struct evaluation *e, const struct recordings *part, struct error *err)
{
	bool over = false;

	e->cursor = part->after;
	while (!over && !store_transaction_is_long(e->store))
		if (!take_page(e, part, &over, err))
			return false;
	e->more = e->more || !over;
	return true;
}

static bool take_news(struct evaluation *e, struct error *err)
{
	AUTO(recordings_list_clear) struct recordings_list news = {0};
	int64_t horizon;

	if (!store_news(e->store, e->alert->cursor, e->alert->backfill, e->now, &news, &horizon, err))
		return false;
	e->cursor = e->alert->cursor;
	for (size_t i = 0; i < news.count && !e->more; i++)
		if (!take_part(e, &news.items[i], err))
			return false;
	if (!e->more && horizon > e->cursor)
		e->cursor = horizon;
	return buf_ok(&e->videos, err);
}

/* What does not fit into a digest follows in further messages, as everything else does that is told at once. */
static bool next_time(const struct evaluation *e, int64_t *out, struct error *err)
{
	const struct alert *alert = e->alert;

	*out = e->count || e->more ? e->now + MESSAGE_PAUSE_S : 0;
	return alert->schedule == SCHEDULE_NOW || e->more ||
	       digest_next(alert->schedule, alert->minute, alert->timezone, e->now, out, err);
}

static bool tell(struct evaluation *e, struct error *err)
{
	int64_t next_at;

	return take_news(e, err) && next_time(e, &next_at, err) &&
	       store_alert_told(e->store, e->alert, e->cursor, next_at, buf_text(&e->videos), e->count, e->now, err);
}

/* A digest that is new, or has another time, begins with waiting. */
static bool begin_digest(struct store *store, const struct alert *alert, int64_t now, struct error *err)
{
	int64_t next_at;

	return digest_next(alert->schedule, alert->minute, alert->timezone, now, &next_at, err) &&
	       store_alert_told(store, alert, alert->cursor, next_at, "", 0, now, err);
}

static bool evaluate(struct store *store, const struct alert *alert, int64_t now, bool *made, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = store;
	AUTO(saved_filter_clear) struct saved_filter filter = {0};
	struct list_context in = {.store = store, .now = now, .page_size = 1};
	AUTO(evaluation_clear)
	struct evaluation e = {.store = store, .alert = alert, .query = &filter.query, .now = now, .videos = BUF(IDS_MAX_BYTES)};

	if (!store_begin(store, err))
		return false;
	bool done = alert->schedule != SCHEDULE_NOW && alert->next_at == 0
	                ? begin_digest(store, alert, now, err)
	                : saved_filter_read(in, alert->filter, &filter, err) && tell(&e, err);
	*made = e.count > 0;
	return done && store_commit(store, err);
}

/* A fault of the rule is its own. */
static bool note_fault(struct store *store, const struct alert *alert, const struct error *fault, struct error *err)
{
	struct log_field fields[] = {LOG_NUMBER("alert", alert->id), LOG_TEXT("error", fault->text), LOG_END};

	log_line(LOG_WARN, "alert cannot be evaluated", fields);
	return store_alert_note(store, alert->id, fault->text, err);
}

bool alerts_evaluate(struct store *store, int64_t now, int64_t *made, struct error *err)
{
	AUTO(alert_list_clear) struct alert_list due = {0};

	*made = 0;
	if (!store_alerts_due(store, now, &due, err))
		return false;
	for (size_t i = 0; i < due.count; i++) {
		bool one = false;

		struct error fault;

		if (evaluate(store, &due.items[i], now, &one, &fault))
			*made += one;
		else if (fault.code == ERR_NO_MEMORY || fault.code == ERR_BUSY) {
			*err = fault;
			return false;
		} else if (!note_fault(store, &due.items[i], &fault, err))
			return false;
	}
	return store_deliveries_prune(store, now - (int64_t)LOG_DAYS * SECONDS_PER_DAY, err);
}
