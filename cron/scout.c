#include "cron/scout.h"

#include <string.h>

#include "cron/budget/scouts.h"
#include "cron/search.h"
#include "search/title_match.h"
#include "store/coverage.h"

enum { TEXT_MAX_BYTES = 1024 };

/* The queries of a scout, their texts read once, and what it brings each. */
struct scout {
	const struct search_job *job;
	struct title_words words[SCOUT_QUERIES_MAX];
	int64_t found[SCOUT_QUERIES_MAX];
};

static void scout_clear(struct scout *scout)
{
	for (size_t i = 0; i < scout->job->group.count; i++)
		title_words_clear(&scout->words[i]);
}

static bool read_words(struct scout *scout, struct error *err)
{
	for (size_t i = 0; i < scout->job->group.count; i++)
		if (!title_words_read(scout->job->group.queries[i]->text, &scout->words[i], err))
			return false;
	return true;
}

static bool save_video(struct fetch_run *run, struct scout *scout, const struct video *video, int64_t now, struct error *err)
{
	AUTO(title_clear) struct title title = {0};

	if (!title_read(video->title, video->channel_title, &title, err))
		return false;
	for (size_t i = 0; i < scout->job->group.count; i++) {
		const struct query *query = scout->job->group.queries[i];
		bool fresh = false;

		if (!title_matches(&title, &scout->words[i]) || video->published_at < query->covered_since)
			continue;
		if (!search_save_found(run, query->id, video, now, &fresh, err))
			return false;
		scout->found[i] += fresh;
	}
	return true;
}

static bool save_videos(struct fetch_run *run, struct scout *scout, struct search_answer *answer, int64_t now, struct error *err)
{
	video_list_sort(&answer->videos);
	for (size_t i = 0; i < answer->videos.count; i++)
		if (!save_video(run, scout, &answer->videos.items[i], now, err))
			return false;
	return true;
}

static bool note_found(struct fetch_run *run, const struct scout *scout, int64_t now, struct error *err)
{
	struct scouts scouts[SCOUT_QUERIES_MAX];

	scouts_weigh(scout->job, scout->found, now, scouts);
	for (size_t i = 0; i < scout->job->group.count; i++)
		if (!store_query_scouted(run->store, scout->job->group.queries[i]->id, now, &scouts[i], err))
			return false;
	return true;
}

static bool save(struct fetch_run *run, struct scout *scout, struct search_answer *answer, int64_t now, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;

	return store_begin(run->store, err) && save_videos(run, scout, answer, now, err) && note_found(run, scout, now, err) &&
	       store_commit(run->store, err);
}

/* What cannot be saved counts as a scout that brought nothing: scouts of the group end, if it stays so. */
static bool take_answer(struct fetch_run *run, const struct search_job *job, struct search_answer *answer, struct error *err)
{
	AUTO(scout_clear) struct scout scout = {.job = job};
	int64_t now = clock_now(&run->clock);

	fetch_run_note_skipped(run, &answer->skipped);
	if (!read_words(&scout, err))
		return false;
	if (save(run, &scout, answer, now, err))
		return true;
	if (err->code == ERR_NO_MEMORY)
		return false;
	struct error failure = *err;
	search_answer_clear(answer);
	memset(scout.found, 0, sizeof(scout.found));
	return fetch_run_note_failure(run, CALL_FAILED, &failure, err) && save(run, &scout, answer, now, err);
}

bool scout_run(struct fetch_run *run, const struct search_job *job, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(TEXT_MAX_BYTES);
	AUTO(search_answer_clear) struct search_answer answer = {0};
	enum call_result result;
	int64_t at;

	for (size_t i = 0; i < job->group.count; i++)
		buf_printf(&text, "%s%s", i ? "|" : "", job->group.queries[i]->text);
	if (!buf_ok(&text, err))
		return false;
	struct search_request request = {.text = buf_text(&text),
	                                 .published_after = job->since,
	                                 .published_before = job->until,
	                                 .safe_search = SAFE_SEARCH_NONE};
	if (!api_client_search(&run->client, &request, &answer, &at, &result, err))
		return false;
	if (result == CALL_OK)
		return take_answer(run, job, &answer, err);
	run->searches_over |= result == CALL_NO_QUOTA;
	struct error failure = *err;
	return result == CALL_NO_QUOTA || fetch_run_note_failure(run, result, &failure, err);
}
