/* The one place that decides whether a video is hidden, and with which of its queries it is shown. */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "search/excluded_words.h"
#include "store/hidden/query_rules.h"
#include "store/internal.h"

enum settle_statement {
	WANTED,
	FIND_SHOWN,
	ID_OF,
	FIND_HIDDEN,
	LOAD_SHOWN,
	LOAD_HIDDEN,
	MATCHES_SHOWN,
	MATCHES_HIDDEN,
	QUERY_HAS_RULES,
	MATCH_HIDE,
	MATCH_HIDDEN_DELETE,
	MATCH_SHOW,
	MATCH_SHOWN_DELETE,
	MATCH_MARK,
};

_Static_assert(HIDDEN_BY_OWNER == 2 && HIDDEN_CHANNEL == 4, "WANTED");

#define HAS_RULES                                                                                                                \
	"(q.excluded_words <> '' OR q.excluded_channels <> '' OR q.min_duration_s > 0 OR q.max_duration_s > 0 OR"                \
	" q.hide_shorts = 1 OR q.kinds <> 0)"
#define JUDGED(hidden) "SELECT m.query, " hidden ", " HAS_RULES
/* Visitors' requests have no rules, and show nothing in public. */
#define OF_OWNER "q.origin <> " SQL_VISITOR
#define MATCH_COPIED "query, seq, found_at, how, in_search, recorded"

static const char *const sql[] = {
    [WANTED] = "SELECT CASE WHEN EXISTS (SELECT 1 FROM hidden_video WHERE id = ?1) THEN 2 ELSE 0 END"
	       " + CASE WHEN EXISTS (SELECT 1 FROM muted_channel WHERE id = ?2 AND ends = 0) THEN 4 ELSE 0 END",
    [FIND_SHOWN] = "SELECT v.seq, c.youtube_id" VIDEO_TABLES "WHERE v.id = ?1",
    [ID_OF] = "SELECT id FROM video WHERE seq = ?1",
    [FIND_HIDDEN] = "SELECT v.number, c.youtube_id, v.reasons FROM quarantine v LEFT JOIN channel c ON c.id = v.channel"
		    " WHERE v.id = ?1",
    [LOAD_SHOWN] = "SELECT " VIDEO_COLUMNS VIDEO_TABLES "WHERE v.id = ?1",
    [LOAD_HIDDEN] = QUARANTINE_LOAD "WHERE v.id = ?1",
    [MATCHES_SHOWN] =
	JUDGED("0") " FROM match m JOIN query q ON q.id = m.query WHERE m.seq = ?1 AND " OF_OWNER " UNION ALL " JUDGED(
	    "1") " FROM hidden_match m JOIN query q ON q.id = m.query WHERE m.seq = ?1 AND " OF_OWNER,
    [MATCHES_HIDDEN] =
	JUDGED("m.hidden") " FROM quarantine_match m JOIN query q ON q.id = m.query WHERE m.number = ?1 AND " OF_OWNER,
    [QUERY_HAS_RULES] = "SELECT " HAS_RULES " FROM query q WHERE q.id = ?1 AND " OF_OWNER,
    [MATCH_HIDE] = "INSERT INTO hidden_match (" MATCH_COPIED ") SELECT " MATCH_COPIED " FROM match WHERE query = ?1 AND seq = ?2",
    [MATCH_SHOWN_DELETE] = "DELETE FROM match WHERE query = ?1 AND seq = ?2",
    [MATCH_SHOW] = "INSERT INTO match (" MATCH_COPIED ") SELECT " MATCH_COPIED " FROM hidden_match WHERE query = ?1 AND seq = ?2",
    [MATCH_HIDDEN_DELETE] = "DELETE FROM hidden_match WHERE query = ?1 AND seq = ?2",
    [MATCH_MARK] = "UPDATE quarantine_match SET hidden = ?3 WHERE query = ?1 AND number = ?2",
};

const struct statements settle_statements = STATEMENTS(sql);

bool hidden_wanted(struct store *store, const char *id, const char *channel_id, unsigned *reasons, struct error *err)
{
	struct statement *get = statement_use(store, sql[WANTED]);
	int64_t bits;

	bind_text(get, 1, id);
	bind_text(get, 2, channel_id);
	if (!statement_number(get, &bits, err))
		return false;
	*reasons = (unsigned)bits;
	return true;
}

/* ---- a video and its matches ---- */

enum { TEXTS = 3 };

struct judged {
	int64_t query_id;
	bool hidden, has_rules;
};

/* The video that is settled. */
struct subject {
	struct store *store;
	const char *id;
	bool quarantined;
	int64_t key; /* seq, or in quarantine the number; 0 = not in the database */
	char channel_id[CHANNEL_ID_SIZE];
	unsigned reasons; /* in quarantine: so far */
	struct judged *matches;
	size_t count;
	bool loaded; /* the next two are */
	struct video video;
	struct text_tokens texts[TEXTS]; /* of title, channel title and description */
};

static void subject_clear(struct subject *s)
{
	free(s->matches);
	video_clear(&s->video);
	for (int i = 0; i < TEXTS; i++)
		text_tokens_clear(&s->texts[i]);
}

static bool find_in(struct subject *s, enum settle_statement which, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(s->store, sql[which]);
	bool row = false;

	bind_text(get, 1, s->id);
	if (!statement_step(get, &row, err))
		return false;
	if (!row)
		return true;
	s->key = column_int(get, 0);
	strncpy(s->channel_id, column_text(get, 1), sizeof(s->channel_id) - 1);
	s->quarantined = which == FIND_HIDDEN;
	s->reasons = s->quarantined ? (unsigned)column_int(get, 2) : 0;
	return true;
}

static bool find(struct subject *s, struct error *err)
{
	return find_in(s, FIND_SHOWN, err) && (s->key || find_in(s, FIND_HIDDEN, err));
}

static bool read_matches(struct subject *s, struct error *err)
{
	AUTO(statement_done)
	struct statement *list = statement_use(s->store, sql[s->quarantined ? MATCHES_HIDDEN : MATCHES_SHOWN]);
	bool row = true;

	bind_int(list, 1, s->key);
	for (;;) {
		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			return true;
		if (!list_grow(&s->matches, s->count, sizeof(*s->matches)))
			return error_no_memory(err);
		s->matches[s->count++] = (struct judged){column_int(list, 0), column_int(list, 1) != 0, column_int(list, 2) != 0};
	}
}

/* Reads what rules look at; most videos have none. */
static bool load(struct subject *s, struct error *err)
{
	AUTO(statement_done) struct statement *get = NULL;

	if (s->loaded)
		return true;
	get = statement_use(s->store, sql[s->quarantined ? LOAD_HIDDEN : LOAD_SHOWN]);
	bind_text(get, 1, s->id);
	if (!statement_row(get, "such video", err) || !video_read(get, &s->video, err))
		return false;
	const char *texts[TEXTS] = {s->video.title, s->video.channel_title, s->video.description};
	for (int i = 0; i < TEXTS; i++)
		if (texts[i] && !text_tokens_read(texts[i], strlen(texts[i]), &s->texts[i], err))
			return false;
	s->loaded = true;
	return true;
}

/* ---- judging ---- */

static bool is_shown(struct subject *s, int64_t query_id, bool *out, struct error *err)
{
	AUTO(query_rules_clear) struct query_rules rules = {0};
	AUTO(title_words_clear) struct title_words words = {0};

	if (!load(s, err) || !store_query_rules_get(s->store, query_id, &rules, err) ||
	    !excluded_words_read(&rules.excluded_words, &words, err))
		return false;
	*out = query_rules_shows(&rules, &s->video, excluded_words_in(&words, s->texts, TEXTS));
	return true;
}

static bool move(struct subject *s, struct judged *match, bool hidden, struct error *err)
{
	struct ints keys = INTS(match->query_id, s->key);

	match->hidden = hidden;
	if (s->quarantined)
		return statement_run_ints(s->store, sql[MATCH_MARK], INTS(match->query_id, s->key, hidden), err);
	public_change(s->store);
	return statement_run_ints(s->store, sql[hidden ? MATCH_HIDE : MATCH_SHOW], keys, err) &&
	       change_note_moved(s->store, match->query_id, s->key, err) &&
	       statement_run_ints(s->store, sql[hidden ? MATCH_SHOWN_DELETE : MATCH_HIDDEN_DELETE], keys, err);
}

/* *REASONS becomes HIDDEN_RULES when there are matches and no query shows the video. */
static bool judge(struct subject *s, unsigned *reasons, struct error *err)
{
	size_t hidden = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct judged *match = &s->matches[i];
		bool shown = true;

		if ((match->has_rules && !is_shown(s, match->query_id, &shown, err)) ||
		    (shown == match->hidden && !move(s, match, !shown, err)))
			return false;
		hidden += match->hidden;
	}
	*reasons = hidden && hidden == s->count ? HIDDEN_RULES : 0;
	return true;
}

/* ---- hiding and showing ---- */

static bool apply(struct subject *s, unsigned reasons, struct error *err)
{
	if (!s->quarantined)
		return !reasons || quarantine_hide(s->store, s->key, reasons, err);
	reasons |= s->reasons & HIDDEN_OVERDUE;
	if (!reasons)
		return quarantine_restore(s->store, s->id, err);
	return reasons == s->reasons || quarantine_set_reasons(s->store, s->key, reasons, err);
}

bool hidden_settle(struct store *store, const char *id, struct error *err)
{
	AUTO(subject_clear) struct subject s = {.store = store, .id = id};
	unsigned wanted, by_rules;

	if (!find(&s, err))
		return false;
	return !s.key || (read_matches(&s, err) && judge(&s, &by_rules, err) &&
	                  hidden_wanted(store, id, s.channel_id, &wanted, err) && apply(&s, wanted | by_rules, err));
}

static bool read_id(struct store *store, int64_t seq, char out[VIDEO_ID_SIZE], struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[ID_OF]);

	bind_int(get, 1, seq);
	if (!statement_row(get, "such video", err))
		return false;
	memset(out, 0, VIDEO_ID_SIZE);
	strncpy(out, column_text(get, 0), VIDEO_ID_SIZE - 1);
	return true;
}

bool hidden_settle_seq(struct store *store, int64_t seq, struct error *err)
{
	char id[VIDEO_ID_SIZE];

	return read_id(store, seq, id, err) && hidden_settle(store, id, err);
}

/* A shown match more changes nothing else. */
static bool settle_by_rules(struct store *store, int64_t query_id, int64_t seq, struct error *err)
{
	char id[VIDEO_ID_SIZE];
	AUTO(subject_clear) struct subject s = {.store = store, .id = id, .key = seq};
	bool shown;

	if (!read_id(store, seq, id, err) || !is_shown(&s, query_id, &shown, err))
		return false;
	return shown || hidden_settle(store, id, err);
}

bool hidden_settle_match(struct store *store, int64_t query_id, int64_t seq, struct error *err)
{
	struct statement *get = statement_use(store, sql[QUERY_HAS_RULES]);
	int64_t has_rules;

	bind_int(get, 1, query_id);
	if (!statement_number(get, &has_rules, err))
		return false;
	return !has_rules || settle_by_rules(store, query_id, seq, err);
}
