#include "store/private/visitors.h"

#include "base/unicode.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "store/internal.h"
#include "store/video_content.h"
#include "store/matches.h"
#include "store/queries.h"

enum { REFRESH_DAYS = 20 }; /* content may be kept for 30 without being asked for again */

enum visitors_statement {
	VISITORS_HAVE,
	VISITORS_GENERATION,
	VISITORS_GENERATION_OF_TEXT,
	VISIBLE_STATE,
	VISITORS_CHANGE,
	SLOTS_TAKEN,
	REQUEST_RENEW,
	REQUEST_BY,
	FIND_INSERT,
	FIND_UPDATE,
	FIND_SEQ,
	FIND_PUBLIC_SEQ,
	FIND_IS_OURS,
	FIND_MATCH,
	FIND_MATCH_PENDING,
	FIND_FORGET_PENDING,
	FIND_MISSING,
	FIND_MISSING_AGAIN,
	PUBLISH_NEXT,
	PUBLISH_TIME,
	PUBLISH_AS_NEW,
	PUBLISH_VIDEO,
	PUBLISH_MATCHES,
	PUBLISH_GONE,
	PUBLISH_DELETE,
	PURGE_COVERAGE,
	PURGE_QUERY,
	PURGE_PENDING,
	PURGE_MATCHES,
	PURGE_VIDEOS,
	PURGE_REQUESTERS,
};

#define OF_VISITOR "q.origin = " SQL_VISITOR
#define IS_TRACKED_REQUEST OF_VISITOR " AND q.entry_state = " SQL_ACTIVE
#define REMOVED_REQUESTS "SELECT q.id FROM query q WHERE " OF_VISITOR " AND q.entry_state = " SQL_REMOVED
#define REMOVED_WITH_FINDS REMOVED_REQUESTS " AND EXISTS (SELECT 1 FROM visitor_match m WHERE m.query = q.id)"
#define PENDING "SELECT 1 FROM pending_lookup p JOIN query q ON q.id = p.query WHERE p.id = ?1 AND "

static const char *const sql[] = {
    [VISITORS_HAVE] = "SELECT count(*) FROM query q WHERE q.id = ?1 AND " OF_VISITOR,
    [VISITORS_GENERATION] = "SELECT visitor_generation FROM meta",
    [VISIBLE_STATE] =
	"SELECT generation + visitor_generation"
	" + coalesce((SELECT 2 * id + CASE WHEN finished_at > 0 THEN 1 ELSE 0 END FROM run ORDER BY id DESC LIMIT 1), 0)"
	" FROM meta",
    [VISITORS_GENERATION_OF_TEXT] = "SELECT visitor_generation FROM meta WHERE EXISTS"
				    " (SELECT 1 FROM query q WHERE q.folded = ?1 AND " IS_TRACKED_REQUEST ")",
    [VISITORS_CHANGE] = "UPDATE meta SET visitor_generation = visitor_generation + 1",
    [SLOTS_TAKEN] = "SELECT count(*) FILTER (WHERE " IS_TRACKED_REQUEST "),"
		    " count(*) FILTER (WHERE " IS_TRACKED_REQUEST " AND q.requester = ?1),"
		    " count(*) FILTER (WHERE q.entry_state <> " SQL_REMOVED ") FROM query q",
    [REQUEST_RENEW] =
	"UPDATE query SET posted_at = ?2 WHERE folded = ?1 AND origin = " SQL_VISITOR " AND entry_state = " SQL_ACTIVE,
    [REQUEST_BY] = "UPDATE query SET requester = ?2 WHERE id = ?1",
    [FIND_INSERT] =
	"INSERT INTO visitor_video (seq, id, channel, published_at, title, description, description_cut, thumbnail_url,"
	" thumbnails, kind, duration_s, views, likes, comments, scheduled_at, first_seen_at, published_unknown, tags, category,"
	" language, audio_language, definition, caption, licence, started_at, ended_at, fetched_at, checked_at, recheck_at)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,"
	" ?24, ?25, ?26, ?27, ?28, ?29)",
    [FIND_UPDATE] =
	"UPDATE visitor_video SET channel = coalesce(?3, channel), published_at = ?4, title = ?5, description = ?6,"
	" description_cut = ?7, thumbnail_url = ?8, thumbnails = ?9, kind = ?10, duration_s = coalesce(?11, duration_s),"
	" views = coalesce(?12, views), likes = coalesce(?13, likes), comments = coalesce(?14, comments), scheduled_at = ?15,"
	" published_unknown = ?17, tags = coalesce(?18, tags), category = coalesce(?19, category),"
	" language = coalesce(?20, language), audio_language = coalesce(?21, audio_language),"
	" definition = coalesce(?22, definition), caption = coalesce(?23, caption), licence = coalesce(?24, licence),"
	" started_at = coalesce(?25, started_at), ended_at = coalesce(?26, ended_at), fetched_at = ?27, checked_at = ?28,"
	" recheck_at = ?29, missing_at = 0 WHERE seq = ?1",
    [FIND_SEQ] = "SELECT seq FROM visitor_video WHERE id = ?1",
    [FIND_PUBLIC_SEQ] = "SELECT seq FROM video WHERE id = ?1",
    [FIND_IS_OURS] = "SELECT (EXISTS (SELECT 1 FROM visitor_video WHERE id = ?1) OR EXISTS (" PENDING OF_VISITOR "))"
		     " AND NOT EXISTS (" PENDING "NOT (" OF_VISITOR ")) AND NOT EXISTS (SELECT 1 FROM video WHERE id = ?1)"
		     " AND NOT EXISTS (SELECT 1 FROM quarantine WHERE id = ?1)",
    [FIND_MATCH] = "INSERT INTO visitor_match (query, seq, found_at, how) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    [FIND_MATCH_PENDING] = "INSERT INTO visitor_match (query, seq, found_at, how) SELECT query, ?2, found_at, ?3"
			   " FROM pending_lookup WHERE id = ?1 ON CONFLICT DO NOTHING",
    [FIND_FORGET_PENDING] = "DELETE FROM pending_lookup WHERE id = ?1",
    [FIND_MISSING] = "UPDATE visitor_video SET missing_at = ?2, recheck_at = ?3 WHERE id = ?1 AND missing_at = 0",
    [FIND_MISSING_AGAIN] = "DELETE FROM visitor_video WHERE id = ?1 AND missing_at > 0 AND missing_at <= ?2",
    [PUBLISH_NEXT] = "SELECT m.seq FROM visitor_match m JOIN query q ON q.id = m.query WHERE NOT (" OF_VISITOR ") LIMIT 1",
    [PUBLISH_TIME] = "SELECT published_at FROM visitor_video WHERE seq = ?1",
    /* It is new to every reader now, and looked up as a new one. */
    [PUBLISH_AS_NEW] = "UPDATE visitor_video SET first_seen_at = ?2, checked_at = 0, missing_at = 0,"
		       " recorded = " SQL_NEXT_RECORDED("?2") " WHERE seq = ?1",
    [PUBLISH_VIDEO] = "INSERT INTO video (seq, " VIDEO_CONTENT ", changed)"
		      " SELECT ?2, " VIDEO_CONTENT ", recorded FROM visitor_video WHERE seq = ?1",
    [PUBLISH_MATCHES] = "INSERT INTO match (seq, query, found_at, how, recorded)"
			" SELECT ?2, query, found_at, how, " SQL_NEXT_RECORDED("?3") " FROM visitor_match WHERE seq = ?1",
    [PUBLISH_GONE] = "DELETE FROM gone WHERE id = (SELECT id FROM visitor_video WHERE seq = ?1)",
    [PUBLISH_DELETE] = "DELETE FROM visitor_video WHERE seq = ?1",
    /* What was read is no longer there: requested again, the query begins anew. */
    [PURGE_COVERAGE] = "DELETE FROM coverage WHERE query IN (" REMOVED_WITH_FINDS ")",
    [PURGE_QUERY] = "UPDATE query SET covered_since = 0, covered_until = 0, next_poll_at = 0, rate = 0, empties = 0,"
		    " attempted_at = 0, succeeded_at = 0, failures = 0, error = NULL WHERE id IN (" REMOVED_WITH_FINDS ")",
    [PURGE_PENDING] = "DELETE FROM pending_lookup WHERE query IN (" REMOVED_REQUESTS ")",
    [PURGE_MATCHES] = "DELETE FROM visitor_match WHERE query IN (" REMOVED_REQUESTS ")",
    [PURGE_VIDEOS] = "DELETE FROM visitor_video WHERE fetched_at < ?1"
		     " OR NOT EXISTS (SELECT 1 FROM visitor_match m WHERE m.seq = visitor_video.seq)",
    [PURGE_REQUESTERS] = "UPDATE query SET requester = NULL WHERE requester IS NOT NULL"
			 " AND (origin <> " SQL_VISITOR " OR entry_state <> " SQL_ACTIVE ")",
};

const struct statements visitors_statements = STATEMENTS(sql);

/* ---- changes ---- */

bool store_visitors_have(struct store *store, int64_t query_id, bool *out, struct error *err)
{
	struct statement *get = statement_use(store, sql[VISITORS_HAVE]);
	int64_t count;

	bind_int(get, 1, query_id);
	if (!statement_number(get, &count, err))
		return false;
	*out = count > 0;
	return true;
}

bool visitors_change(struct store *store, struct error *err)
{
	return statement_run(statement_use(store, sql[VISITORS_CHANGE]), err);
}

bool query_change(struct store *store, int64_t query_id, struct error *err)
{
	bool visitors;

	if (!store_visitors_have(store, query_id, &visitors, err))
		return false;
	if (visitors)
		return visitors_change(store, err);
	public_change(store);
	return true;
}

bool store_visitors_generation(struct store *store, const char *words, int64_t *out, struct error *err)
{
	AUTO(text_free) char *folded = NULL;

	if (!words)
		return statement_number(statement_use(store, sql[VISITORS_GENERATION]), out, err);
	*out = 0;
	if (!*words) /* no request has such a text */
		return true;
	if (!unicode_fold_text(words, &folded, err))
		return false;
	struct statement *get = statement_use(store, sql[VISITORS_GENERATION_OF_TEXT]);
	bind_text(get, 1, folded);
	return statement_number(get, out, err);
}

bool store_visible_state(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[VISIBLE_STATE]), out, err);
}

/* ---- requests ---- */

static bool has_slot(struct store *store, const char *requester, int64_t limit, bool *out, struct error *err)
{
	AUTO(statement_done) struct statement *taken = statement_use(store, sql[SLOTS_TAKEN]);
	int64_t quarter = limit >= 4 ? limit / 4 : 1;

	bind_text(taken, 1, requester);
	if (!statement_row(taken, "counts", err))
		return false;
	*out = column_int(taken, 0) < limit && column_int(taken, 1) < quarter && column_int(taken, 2) < QUERY_COUNT_MAX;
	return true;
}

static bool renew(struct store *store, const char *text, int64_t now, struct error *err)
{
	AUTO(text_free) char *folded = NULL;

	if (!unicode_fold_text(text, &folded, err))
		return false;
	struct statement *update = statement_use(store, sql[REQUEST_RENEW]);
	bind_text(update, 1, folded);
	bind_int(update, 2, now);
	return statement_run(update, err) && (!changed_rows(store) || visitors_change(store, err));
}

static bool take(struct store *store, const char *text, const char *requester, int64_t limit, int64_t now, struct error *err)
{
	enum query_added added;
	int64_t id;

	if (!store_query_add(store, text, ORIGIN_VISITOR, limit, now, &id, &added, err))
		return false;
	if (added == QUERY_KNOWN)
		return true;
	struct statement *by = statement_use(store, sql[REQUEST_BY]);
	bind_int(by, 1, id);
	bind_text(by, 2, requester);
	return statement_run(by, err);
}

bool store_visitors_request(struct store *store, const char *text, const char *requester, int64_t limit, int64_t now, bool *taken,
                            struct error *err)
{
	if (!transaction_begin(store, err))
		return false;
	bool done = has_slot(store, requester, limit, taken, err) &&
	            (*taken ? take(store, text, requester, limit, now, err) : renew(store, text, now, err));
	return transaction_end(store, done, err);
}

/* ---- saving ---- */

/* The key of the video ID in one of the two tables, 0 when it is not there. */
static bool find_seq(struct store *store, enum visitors_statement which, const char *id, int64_t *seq, struct error *err)
{
	struct statement *get = statement_use(store, sql[which]);

	bind_text(get, 1, id);
	return statement_number(get, seq, err);
}

/* Inserts or updates the find, whose seq is set then. */
static bool write(struct store *store, struct video *video, bool checked, int64_t now, struct error *err)
{
	int64_t soon = video_recheck_at(video, false, now);
	int64_t channel;

	if (!channel_find(store, video, &channel, err) || !find_seq(store, FIND_SEQ, video->id, &video->seq, err))
		return false;
	bool known = video->seq != 0;
	if (!known && !video_free_seq(store, video->published_at, &video->seq, err))
		return false;
	struct statement *statement = statement_use(store, sql[known ? FIND_UPDATE : FIND_INSERT]);
	video_bind(statement, video, video->seq, channel);
	bind_int(statement, 27, now);
	bind_int(statement, 28, checked ? now : 0);
	bind_int(statement, 29, !checked ? now : soon ? soon : now + (int64_t)REFRESH_DAYS * SECONDS_PER_DAY);
	return statement_run(statement, err) && visitors_change(store, err);
}

static bool match_private(struct store *store, int64_t query_id, struct video *video, int64_t now, bool *added, struct error *err)
{
	if (!find_seq(store, FIND_SEQ, video->id, &video->seq, err) || (!video->seq && !write(store, video, false, now, err)) ||
	    !statement_run_ints(store, sql[FIND_MATCH], INTS(query_id, video->seq, now, FOUND_SEARCH), err))
		return false;
	*added = changed_rows(store) > 0;
	return !*added || visitors_change(store, err);
}

static bool save(struct store *store, int64_t query_id, struct video *video, int64_t now, bool *added, struct error *err)
{
	int64_t public_seq;
	bool hidden;

	*added = false;
	if (!find_seq(store, FIND_PUBLIC_SEQ, video->id, &public_seq, err) || !quarantine_has(store, video->id, &hidden, err))
		return false;
	/* The video stays as it is: nobody but the owner's queries changes what is public. */
	if (public_seq)
		return store_match_save(store, query_id, public_seq, FOUND_SEARCH, now, added, err);
	if (hidden)
		return true;
	unsigned unwanted;
	return hidden_wanted(store, video->id, video->channel_id, &unwanted, err) &&
	       (unwanted || match_private(store, query_id, video, now, added, err));
}

bool store_visitors_save(struct store *store, int64_t query_id, const struct video *video, int64_t now, bool *added,
                         struct error *err)
{
	AUTO(video_clear) struct video fresh = {0};

	if (!video_clean(video, now, &fresh, err))
		return false;
	return transaction_begin(store, err) && transaction_end(store, save(store, query_id, &fresh, now, added, err), err);
}

/* ---- videos.list ---- */

bool visitors_own(struct store *store, const char *id, bool *out, struct error *err)
{
	struct statement *get = statement_use(store, sql[FIND_IS_OURS]);
	int64_t ours;

	bind_text(get, 1, id);
	if (!statement_number(get, &ours, err))
		return false;
	*out = ours != 0;
	return true;
}

bool visitors_save_details(struct store *store, struct video *video, int64_t now, struct error *err)
{
	if (!write(store, video, true, now, err))
		return false;
	struct statement *match = statement_use(store, sql[FIND_MATCH_PENDING]);
	bind_text(match, 1, video->id);
	bind_int(match, 2, video->seq);
	bind_int(match, 3, FOUND_SEARCH);
	if (!statement_run(match, err))
		return false;
	struct statement *forget = statement_use(store, sql[FIND_FORGET_PENDING]);
	bind_text(forget, 1, video->id);
	return statement_run(forget, err);
}

bool visitors_missing(struct store *store, const char *id, int64_t now, struct error *err)
{
	struct statement *again = statement_use(store, sql[FIND_MISSING_AGAIN]);

	bind_text(again, 1, id);
	bind_int(again, 2, now - SECONDS_PER_DAY);
	if (!statement_run(again, err))
		return false;
	if (changed_rows(store))
		return visitors_change(store, err);
	struct statement *note = statement_use(store, sql[FIND_MISSING]);
	bind_text(note, 1, id);
	bind_int(note, 2, now);
	bind_int(note, 3, now + SECONDS_PER_DAY);
	return statement_run(note, err);
}

/* ---- becoming public ---- */

static bool publish(struct store *store, int64_t seq, int64_t now, struct error *err)
{
	struct statement *time = statement_use(store, sql[PUBLISH_TIME]);
	int64_t published_at, public_seq;

	bind_int(time, 1, seq);
	if (!statement_number(time, &published_at, err) || !video_free_seq(store, published_at, &public_seq, err))
		return false;
	public_change(store);
	return statement_run_ints(store, sql[PUBLISH_AS_NEW], INTS(seq, now), err) &&
	       statement_run_ints(store, sql[PUBLISH_VIDEO], INTS(seq, public_seq), err) &&
	       index_insert_new(store, public_seq, err) &&
	       statement_run_ints(store, sql[PUBLISH_MATCHES], INTS(seq, public_seq, now), err) &&
	       statement_run_ints(store, sql[PUBLISH_GONE], INTS(seq), err) &&
	       statement_run_ints(store, sql[PUBLISH_DELETE], INTS(seq), err) && hidden_settle_seq(store, public_seq, err) &&
	       visitors_change(store, err);
}

bool visitors_publish(struct store *store, const char *id, int64_t now, bool *published, struct error *err)
{
	int64_t seq;

	if (!find_seq(store, FIND_SEQ, id, &seq, err))
		return false;
	*published = seq != 0;
	return !*published || publish(store, seq, now, err);
}

bool store_visitors_publish(struct store *store, const char *id, int64_t now, bool *published, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, visitors_publish(store, id, now, published, err), err);
}

bool visitors_publish_taken_over(struct store *store, int64_t now, struct error *err)
{
	for (;;) {
		int64_t seq;

		if (!statement_number(statement_use(store, sql[PUBLISH_NEXT]), &seq, err))
			return false;
		if (!seq)
			return true;
		if (!publish(store, seq, now, err))
			return false;
	}
}

/* ---- purging ---- */

bool visitors_purge(struct store *store, int64_t before, struct error *err)
{
	return statement_run(statement_use(store, sql[PURGE_COVERAGE]), err) &&
	       statement_run(statement_use(store, sql[PURGE_QUERY]), err) &&
	       statement_run(statement_use(store, sql[PURGE_PENDING]), err) &&
	       statement_run(statement_use(store, sql[PURGE_MATCHES]), err) &&
	       statement_run_ints(store, sql[PURGE_VIDEOS], INTS(before), err) &&
	       (!changed_rows(store) || visitors_change(store, err)) &&
	       statement_run(statement_use(store, sql[PURGE_REQUESTERS]), err);
}

bool store_visitors_purge(struct store *store, int64_t before, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, visitors_purge(store, before, err), err);
}
