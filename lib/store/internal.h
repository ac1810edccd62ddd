/* Inside lib/store only: what the nouns' files need of each other. All of it runs within the caller's transaction. */
#pragma once

#include "model/alerts/alert.h"
#include "model/key.h"
#include "model/query.h"
#include "model/video.h"
#include "store/statement.h"

/* ---- enums as SQL ---- */

#define SQL_VISITOR "2"
#define SQL_ACTIVE "0"
#define SQL_REMOVED "3"
_Static_assert(ORIGIN_VISITOR == 2 && ENTRY_ACTIVE == 0 && ENTRY_REMOVED == 3, "model/origin.h");

#define SQL_SEARCH "0"
#define SQL_CHANNEL "1"
_Static_assert(QUERY_SOURCE_SEARCH == 0 && QUERY_SOURCE_CHANNEL == 1, "model/query.h");

#define SQL_KEY_NEW "0"
#define SQL_KEY_RESTRICTED "4"
#define SQL_KEY_API_OFF "5"
_Static_assert(KEY_NEW == 0 && KEY_RESTRICTED == 4 && KEY_API_OFF == 5, "model/key.h");

#define SQL_SEARCHES "0"
#define SQL_UNITS "1"
_Static_assert(BUCKET_SEARCHES == 0 && BUCKET_UNITS == 1, "model/key.h");

#define SQL_ALERT_ACTIVE "0"
#define SQL_ALERT_PAUSED "1"
#define SQL_DELIVERY_WAITING "0"
#define SQL_DELIVERY_FAILED "2"
#define SQL_NO_DESTINATION "0"
#define SQL_AT_ONCE "0"
_Static_assert(ALERT_ACTIVE == 0 && ALERT_PAUSED == 1 && DELIVERY_WAITING == 0 && DELIVERY_FAILED == 2 && DESTINATION_NONE == 0 &&
                   SCHEDULE_NOW == 0,
               "model/alerts/alert.h");

/* Of the table `volume`. */
enum volume_span { VOLUME_DAY, VOLUME_MONTH };
#define SQL_VOLUME_DAY "0"
#define SQL_VOLUME_MONTH "1"
_Static_assert(VOLUME_DAY == 0 && VOLUME_MONTH == 1, "above");

/* Which queries every reader sees, of `query q`. */
#define QUERY_IS_PUBLIC "q.origin <> " SQL_VISITOR " AND q.entry_state <> " SQL_REMOVED

/* Which queries take videos from channels, of `query q`; and those that take them from the channel whose row is CHANNEL. */
#define QUERY_FOLLOWS                                                                                                            \
	"q.entry_state = " SQL_ACTIVE " AND q.in_period = 1 AND q.origin <> " SQL_VISITOR                                        \
	" AND (q.follow_channels = 1 OR q.source = " SQL_CHANNEL ")"
#define FOLLOWERS_OF(channel) "FROM following g JOIN query q ON q.id = g.query WHERE g.channel = " channel " AND " QUERY_FOLLOWS

/* The rules of `query q`, as rules_read() reads them from the column FIRST on. */
#define QUERY_RULES_ROW(FIRST, NEXT)                                                                                             \
	FIRST(RULES_COL_WORDS, "q.excluded_words")                                                                               \
	NEXT(RULES_COL_CHANNELS, "q.excluded_channels")                                                                          \
	NEXT(RULES_COL_MIN, "q.min_duration_s")                                                                                  \
	NEXT(RULES_COL_MAX, "q.max_duration_s")                                                                                  \
	NEXT(RULES_COL_SHORTS, "q.hide_shorts")                                                                                  \
	NEXT(RULES_COL_KINDS, "q.kinds")                                                                                         \
	NEXT(RULES_COL_REGION, "q.region")                                                                                       \
	NEXT(RULES_COL_LANGUAGE, "q.language")

MUST_USE bool rules_read(struct statement *row, int first, struct query_rules *out, struct error *err);

/* ---- videos ---- */

/* What video_read() reads, of VIDEO_TABLES. */
#define VIDEO_ROW(FIRST, NEXT)                                                                                                   \
	FIRST(VIDEO_COL_SEQ, "v.seq")                                                                                            \
	NEXT(VIDEO_COL_ID, "v.id")                                                                                               \
	NEXT(VIDEO_COL_TITLE, "v.title")                                                                                         \
	NEXT(VIDEO_COL_DESCRIPTION, "v.description")                                                                             \
	NEXT(VIDEO_COL_DESCRIPTION_CUT, "v.description_cut")                                                                     \
	NEXT(VIDEO_COL_CHANNEL_ID, "c.youtube_id")                                                                               \
	NEXT(VIDEO_COL_CHANNEL_TITLE, "c.title")                                                                                 \
	NEXT(VIDEO_COL_PUBLISHED_AT, "v.published_at")                                                                           \
	NEXT(VIDEO_COL_PUBLISHED_UNKNOWN, "v.published_unknown")                                                                 \
	NEXT(VIDEO_COL_FIRST_SEEN_AT, "v.first_seen_at")                                                                         \
	NEXT(VIDEO_COL_THUMBNAIL_URL, "v.thumbnail_url")                                                                         \
	NEXT(VIDEO_COL_THUMBNAILS, "v.thumbnails")                                                                               \
	NEXT(VIDEO_COL_KIND, "v.kind")                                                                                           \
	NEXT(VIDEO_COL_DURATION_S, "v.duration_s")                                                                               \
	NEXT(VIDEO_COL_VIEWS, "v.views")                                                                                         \
	NEXT(VIDEO_COL_LIKES, "v.likes")                                                                                         \
	NEXT(VIDEO_COL_COMMENTS, "v.comments")                                                                                   \
	NEXT(VIDEO_COL_SCHEDULED_AT, "v.scheduled_at")                                                                           \
	NEXT(VIDEO_COL_RECORDED, "v.recorded")                                                                                   \
	NEXT(VIDEO_COL_TAGS, "v.tags")                                                                                           \
	NEXT(VIDEO_COL_CATEGORY, "v.category")                                                                                   \
	NEXT(VIDEO_COL_LANGUAGE, "v.language")                                                                                   \
	NEXT(VIDEO_COL_AUDIO_LANGUAGE, "v.audio_language")                                                                       \
	NEXT(VIDEO_COL_DEFINITION, "v.definition")                                                                               \
	NEXT(VIDEO_COL_CAPTION, "v.caption")                                                                                     \
	NEXT(VIDEO_COL_LICENCE, "v.licence")                                                                                     \
	NEXT(VIDEO_COL_STARTED_AT, "v.started_at")                                                                               \
	NEXT(VIDEO_COL_ENDED_AT, "v.ended_at")                                                                                   \
	NEXT(VIDEO_COL_FETCHED_AT, "v.fetched_at")                                                                               \
	NEXT(VIDEO_COL_CHECKED_AT, "v.checked_at")

enum { POSITIONS(VIDEO_ROW) VIDEO_COLUMN_COUNT };

/* What moves with a video from one table to another: all columns but its key, recheck_at and recount_at. */
#define VIDEO_CONTENT                                                                                                            \
	"id, channel, published_at, title, description, description_cut, thumbnail_url, thumbnails, kind, duration_s, views,"    \
	" likes, comments, scheduled_at, first_seen_at, fetched_at, checked_at, missing_at, published_unknown, recorded,"        \
	" tags, category, language, audio_language, definition, caption, licence, started_at, ended_at"

#define VIDEO_COLUMNS COLUMNS(VIDEO_ROW)
#define VIDEO_TABLES " FROM video v LEFT JOIN channel c ON c.id = v.channel "

/* Whether `v` is in the language TAG, a parameter as struct video_filter has it. */
#define HAS_TAG(column, tag) "lower(" column ") || '-' LIKE lower(" tag ") || '-%'"
#define IS_IN_LANGUAGE(tag) "(" HAS_TAG("v.language", tag) " OR " HAS_TAG("v.audio_language", tag) ")"

/* seq = published_at * SEQ_PER_SECOND + n: so many videos a second has room for. */
enum { SEQ_PER_SECOND = 1024 };

/* The next value of `recorded` (model/video.h) at the time of parameter NOW, a text such as "?1". A trigger notes that it was given; so
 * those of one statement are the same. */
#define SQL_NEXT_RECORDED(now)                                                                                                   \
	"(SELECT CASE WHEN r.recorded < " now " * 1048576 THEN " now                                                             \
	" * 1048576 ELSE r.recorded + 1 END FROM meta r WHERE r.id = 1)"
_Static_assert(RECORDED_PER_SECOND == 1048576, "model/video.h");

MUST_USE bool video_read(struct statement *row, struct video *out, struct error *err);

/* Adds a query that found the video: its id in COLUMN; in the next ones its text, how and when. */
MUST_USE bool video_add_found(struct video *video, struct statement *row, int column, struct error *err);

/* Binds SEQ, id, CHANNEL and all that a search or videos.list tells, ?1 to ?26 of an INSERT or UPDATE. */
void video_bind(struct statement *statement, const struct video *video, int64_t seq, int64_t channel);

/* A free key for a video published at TIME: in its second, or in the nearest one that has room. */
MUST_USE bool video_free_seq(struct store *store, int64_t time, int64_t *out, struct error *err);

/* Deletes the video with key SEQ, its matches and its entry in the search index. */
MUST_USE bool video_delete(struct store *store, int64_t seq, struct error *err);

/* ---- statistics (history/statistics.h) ---- */

/* The views per hour of the video with key SEQ, NULL when not known: between its newest point, if that is after SINCE, and the last one
 * before SINCE, or the first there is. Both are SQL. */
#define SQL_POINT(which, seq, where)                                                                                             \
	"(SELECT " which "(counted_at) FROM video_statistics WHERE seq = " seq " AND views IS NOT NULL" where ")"
#define SQL_VIEWS_PER_HOUR(seq, since)                                                                                           \
	"(SELECT (l.views - f.views) * 3600.0 / (l.counted_at - f.counted_at) FROM video_statistics l"                           \
	" JOIN video_statistics f ON f.seq = l.seq AND f.counted_at < l.counted_at WHERE l.seq = " seq                           \
	" AND l.counted_at = " SQL_POINT("max", seq, " AND counted_at > " since) " AND f.counted_at = coalesce(" SQL_POINT(      \
	    "max", seq, " AND counted_at <= " since) ", " SQL_POINT("min", seq, "") "))"

/* Adds what videos.list TOLD of the video with key SEQ at NOW, and deletes its old points. */
MUST_USE bool statistics_add(struct store *store, int64_t seq, const struct video *told, int64_t now, struct error *err);

/* The same of the hidden video that TOLD is about. Its old points are deleted by quarantine_prune_history(). */
MUST_USE bool statistics_add_hidden(struct store *store, const struct video *told, int64_t now, struct error *err);

/* ---- channels ---- */

/* Finds the row *ID of VIDEO's channel (0 when the video names none) or makes it. A title that is missing is filled in; another one
 * replaces it only if MAY_RENAME. */
MUST_USE bool channel_save(struct store *store, const struct video *video, bool may_rename, int64_t *id, struct error *err);

/* The same, but what is known of a channel stays as it is. */
MUST_USE bool channel_find(struct store *store, const struct video *video, int64_t *id, struct error *err);

/* ---- volume: counters by time of publication, of all videos (QUERY_ID 0) or of a query's ---- */

/* How many have a key above SEQ. */
MUST_USE bool volume_newer(struct store *store, int64_t query_id, int64_t seq, int64_t *out, struct error *err);

/* The key of the one at POSITION from the newest (0 is the newest), 0 when there are fewer. */
MUST_USE bool volume_find(struct store *store, int64_t query_id, int64_t position, int64_t *seq, struct error *err);

/* ---- coverage ---- */

/* Forgets all coverage of a query, so that it begins anew. */
MUST_USE bool coverage_forget(struct store *store, int64_t query_id, struct error *err);

/* ---- followed channels ---- */

/* The query follows channels from now on, or again: their lists are read in full once more, be they unchanged, that of its source before all
 * others, and channels of the matches
 * it has are followed (store_follow_known). */
MUST_USE bool followed_look_again(struct store *store, int64_t query_id, struct error *err);

/* ---- pending lookups ---- */

/* So long after a video has gone it is asked for once more: it may have been private for a while only. */
enum { BACK_DAYS = 7 };

/* Whether the video ID is awaited, and no query found it as news. */
MUST_USE bool lookup_is_backfill(struct store *store, const char *id, bool *out, struct error *err);

/* The video ID is in the database now, be it hidden: every query that waited for it found it. */
MUST_USE bool lookup_found(struct store *store, const char *id, int64_t now, struct error *err);

/* videos.list did not have ID: it is asked again a day later, and forgotten after the second time. */
MUST_USE bool lookup_missed(struct store *store, const char *id, int64_t now, struct error *err);

/* ---- quarantine ---- */

/* Whether the video ID is hidden. */
MUST_USE bool quarantine_has(struct store *store, const char *id, bool *out, struct error *err);

/* The same, with its number, 0 when it is not, and why (bits of enum hidden_reason). */
MUST_USE bool quarantine_find(struct store *store, const char *id, int64_t *number, unsigned *reasons, struct error *err);

/* The video with key SEQ is hidden from now on, with all of its matches, or one that is hidden has other reasons. */
MUST_USE bool quarantine_hide(struct store *store, int64_t seq, unsigned reasons, struct error *err);
MUST_USE bool quarantine_set_reasons(struct store *store, int64_t number, unsigned reasons, struct error *err);

/* A new video that is hidden from the first: VIDEO is as video_clean() makes it, CHANNEL its row; CHECKED by videos.list at NOW. */
MUST_USE bool quarantine_insert(struct store *store, const struct video *video, unsigned reasons, int64_t channel, bool checked,
                                int64_t now, struct error *err);

/* A hidden video is up to date with what videos.list gave at NOW: VIDEO is all there is to store, CHANNEL its row. IS_REVISION: what it was
 * before is kept as one. FIRST: it was not looked up before. */
MUST_USE bool quarantine_update(struct store *store, int64_t number, const struct video *video, int64_t channel, bool is_revision,
                                bool first, int64_t now, struct error *err);

/* Binds nothing but its id (?1): a row as video_read() reads it, its number in place of seq, then its channel's row and the reasons. */
#define QUARANTINE_LOAD                                                                                                          \
	"SELECT " VIDEO_COLUMNS ", v.channel, v.reasons FROM (SELECT number AS seq, reasons, " VIDEO_CONTENT                     \
	" FROM quarantine) v LEFT JOIN channel c ON c.id = v.channel "

/* Puts the hidden video ID back among the others, under a free key. */
MUST_USE bool quarantine_restore(struct store *store, const char *id, struct error *err);

/* An answer that had other videos lacked the hidden ID: that is noted or, at least a day after the first time, the video is deleted
 * (*GONE). */
MUST_USE bool quarantine_missing(struct store *store, const char *id, int64_t now, bool *gone, struct error *err);

/* Deletes the hidden videos that the query found and no other, then its matches with the rest, LIMIT of either; *LEFT tells whether there may
 * be more. */
MUST_USE bool quarantine_purge(struct store *store, int64_t query_id, int64_t limit, bool *left, struct error *err);

/* Deletes revisions and points of the statistics of hidden videos from before BEFORE. */
MUST_USE bool quarantine_prune_history(struct store *store, int64_t before, struct error *err);

/* ---- what the owner does not want to see (store/hidden) ---- */

/* Why a video with this id, of the channel with YouTube's CHANNEL_ID ("" = unknown), is to be hidden whatever found it. */
MUST_USE bool hidden_wanted(struct store *store, const char *id, const char *channel_id, unsigned *reasons, struct error *err);

/* Judges all matches of the video ID by the rules of their queries, and hides or shows the video as these, the owner and its re-check
 * say. To be called whenever one of them has changed: the video, a match, a rule, the owner's word. */
MUST_USE bool hidden_settle(struct store *store, const char *id, struct error *err);

/* The same of the shown video with key SEQ, and after only a match of QUERY_ID was added to it. */
MUST_USE bool hidden_settle_seq(struct store *store, int64_t seq, struct error *err);
MUST_USE bool hidden_settle_match(struct store *store, int64_t query_id, int64_t seq, struct error *err);

/* ---- what visitors' requests found (private/visitors.h) ---- */

/* Something of a query has changed: of a visitor's request that is no public change. */
MUST_USE bool query_change(struct store *store, int64_t query_id, struct error *err);
MUST_USE bool visitors_change(struct store *store, struct error *err);

/* Whether an answer of videos.list to ID is for visitors' requests alone; saving it; and that an answer lacked ID. */
MUST_USE bool visitors_own(struct store *store, const char *id, bool *out, struct error *err);
MUST_USE bool visitors_save_details(struct store *store, struct video *video, int64_t now, struct error *err);
MUST_USE bool visitors_missing(struct store *store, const char *id, int64_t now, struct error *err);

/* Moves the video ID among the public ones, if it is a visitor's find; or all finds of requests that are the owner's queries now. */
MUST_USE bool visitors_publish(struct store *store, const char *id, int64_t now, bool *published, struct error *err);
MUST_USE bool visitors_publish_taken_over(struct store *store, int64_t now, struct error *err);

/* Deletes finds of removed requests, and content last given before BEFORE. */
MUST_USE bool visitors_purge(struct store *store, int64_t before, struct error *err);

/* ---- changes (changes/changes.h) ---- */

/* Notes that the public video SEQ has changed: FIELDS are bits 1 << enum change_field. What was recorded in this transaction is new
 * anyway; and that videos come into sight, or leave it, triggers note. */
MUST_USE bool change_note(struct store *store, int64_t seq, unsigned fields, int64_t now, struct error *err);

/* The same, of its queries, if this transaction gave it a match that readers see. */
MUST_USE bool change_note_match(struct store *store, int64_t seq, int64_t now, struct error *err);

/* The same, if readers see the match, which was there before this transaction: it moves out of their sight, or has moved into it. */
MUST_USE bool change_note_moved(struct store *store, int64_t query_id, int64_t seq, struct error *err);

/* Whether no reader has ever seen the public video SEQ: this transaction was the first to record it. Then, right after it was deleted, that is
 * no change: the second function forgets it. */
MUST_USE bool change_is_unseen(struct store *store, int64_t seq, bool *out, struct error *err);
MUST_USE bool change_forget_last(struct store *store, struct error *err);

/* Marks the next LIMIT videos of a query that has come or gone; *LEFT tells whether there may be more. Before its matches go. */
MUST_USE bool change_mark_query(struct store *store, int64_t query_id, int64_t limit, bool *left, struct error *err);

/* ---- the ledger ---- */

/* What is known of a project's calls in one bucket a day; the first two may be KEY_LIMIT_DEFAULT. */
struct limit {
	int64_t owner;      /* as its owner says */
	int64_t reported;   /* by a refusal */
	int64_t configured; /* for all projects */
};

/* What PROJECT has used of BUCKET on the Pacific day of NOW, beside its LIMIT. */
MUST_USE bool ledger_read(struct store *store, int64_t project, enum bucket bucket, const struct limit *limit, int64_t now,
                          struct quota *out, struct error *err);

/* What the owner says of the key's project; KEY_LIMIT_DEFAULT takes it back. What a refusal reported is forgotten, and one call
 * may find out whether today's still holds. */
MUST_USE bool ledger_set_limit(struct store *store, int64_t key_id, enum bucket bucket, int64_t limit, int64_t now,
                               struct error *err);
