#include "cron/attribution.h"

#include <string.h>

#include "store/matches.h"
#include "store/private/visitors.h"

/* Read once a run. */
static bool read_followers(struct fetch_run *run, struct error *err)
{
	if (run->followers_read)
		return true;
	run->followers_read = store_followers_list(run->store, run->config->start_days, &run->followers, err);
	return run->followers_read;
}

bool attribution_since(struct fetch_run *run, int64_t query_id, int64_t *out, struct error *err)
{
	if (!read_followers(run, err))
		return false;
	*out = INT64_MAX;
	for (size_t i = 0; i < run->followers.count; i++)
		if (run->followers.items[i].id == query_id)
			*out = run->followers.items[i].since;
	return true;
}

static bool is_for(const struct follower *follower, const struct video *video, const struct title *title)
{
	if (follower->channel_id[0])
		return strcmp(follower->channel_id, video->channel_id) == 0;
	return title_matches(title, &follower->words);
}

/* What videos.list tells of a visitor's find is saved where that lies: the match of a tracked query makes it public. */
static bool save_video(struct fetch_run *run, const struct video *video, enum video_source source, int64_t now,
                       enum video_saved *saved, int64_t *seq, struct error *err)
{
	bool published;

	if (!store_video_save(run->store, video, source, now, saved, seq, err) ||
	    !store_visitors_publish(run->store, video->id, now, &published, err))
		return false;
	if (!published)
		return true;
	if (!store_video_save(run->store, video, source, now, saved, seq, err))
		return false;
	*saved = *saved == VIDEO_HIDDEN ? VIDEO_HIDDEN : VIDEO_ADDED;
	return true;
}

/* Saves the video when it is the first match, and the match. */
static bool save_match(struct fetch_run *run, int64_t query_id, const struct video *video, enum video_source source,
                       enum found_how how, struct error *err)
{
	int64_t now = clock_now(&run->clock);
	enum video_saved saved;
	int64_t seq;
	bool known, fresh;

	if (!store_match_known(run->store, query_id, video->id, &known, err))
		return false;
	if (known)
		return true;
	if (!save_video(run, video, source, now, &saved, &seq, err))
		return false;
	/* Only videos.list brings it back, as after a search. */
	if (saved == VIDEO_WAS_GONE)
		return store_lookup_request(run->store, query_id, video->id, false, now, err);
	if (saved == VIDEO_HIDDEN)
		return store_match_save_hidden(run->store, query_id, video->id, how, now, &fresh, err);
	if (!store_match_save(run->store, query_id, seq, how, now, &fresh, err) ||
	    !store_follow(run->store, query_id, seq, now, err))
		return false;
	run->result->added += saved == VIDEO_ADDED;
	run->result->updated += saved == VIDEO_CHANGED;
	return true;
}

static bool save_matches(struct fetch_run *run, const struct video *video, enum video_source source, enum found_how how,
                         bool *wanted, struct error *err)
{
	AUTO(title_clear) struct title title = {0};

	if (!title_read(video->title ? video->title : "", video->channel_title, &title, err))
		return false;
	for (size_t i = 0; i < run->followers.count; i++) {
		const struct follower *follower = &run->followers.items[i];

		if (!is_for(follower, video, &title))
			continue;
		*wanted = true;
		if (video->published_at >= follower->since && !save_match(run, follower->id, video, source, how, err))
			return false;
	}
	return true;
}

bool attribution_save(struct fetch_run *run, const struct video *video, enum video_source source, enum found_how how,
                      bool *wanted, struct error *err)
{
	bool ignored = false;

	wanted = wanted ? wanted : &ignored;
	*wanted = false;
	return read_followers(run, err) && save_matches(run, video, source, how, wanted, err);
}
