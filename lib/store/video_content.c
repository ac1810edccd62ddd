#include "store/video_content.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "store/changes/changes.h"

/* ---- as it is told ---- */

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* A text as it is stored: in valid UTF-8, which may make it longer, then cut to MAX bytes at most. */
static bool clean_text(const char *text, size_t max, char **out, struct error *err)
{
	if (!text_repair(text, strlen(text), out, err))
		return false;
	(*out)[utf8_cut(*out, max)] = '\0';
	return true;
}

bool video_clean(const struct video *video, int64_t now, struct video *out, struct error *err)
{
	bool possible = video_time_is_possible(video->published_at, now);

	if (!video_id_is_valid(video->id))
		return error_set(err, ERR_INVALID, "a video needs an id");
	AUTO(video_clear)
	struct video copy = {.description_cut = video->description_cut,
	                     .published_at = possible ? video->published_at : now,
	                     .published_unknown = video->published_unknown || !possible,
	                     .first_seen_at = video->first_seen_at ? video->first_seen_at : now,
	                     .kind = video->kind,
	                     .duration_s = video->duration_s,
	                     .views = video->views,
	                     .likes = video->likes,
	                     .comments = video->comments,
	                     .scheduled_at = video->scheduled_at};
	memcpy(copy.id, video->id, sizeof(copy.id));
	memcpy(copy.channel_id, video->channel_id, sizeof(copy.channel_id));
	if (!clean_text(or_empty(video->title), VIDEO_TITLE_MAX_BYTES, &copy.title, err) ||
	    !clean_text(or_empty(video->description), VIDEO_DESCRIPTION_MAX_BYTES, &copy.description, err) ||
	    !clean_text(or_empty(video->channel_title), VIDEO_TITLE_MAX_BYTES, &copy.channel_title, err) ||
	    !clean_text(or_empty(video->thumbnail_url), VIDEO_URL_MAX_BYTES, &copy.thumbnail_url, err) ||
	    !text_copy(video->thumbnails && *video->thumbnails ? video->thumbnails : "{}", &copy.thumbnails, err) ||
	    !video_details_copy(&video->details, &copy.details, err))
		return false;
	*out = copy;
	copy = (struct video){0};
	return true;
}

/* ---- and as it is stored ---- */

static bool prefer_text(char **text, const char *better, struct error *err)
{
	return !*better || text_replace(text, better, err);
}

static void prefer_number(int64_t *number, int64_t better)
{
	if (better != VIDEO_UNKNOWN)
		*number = better;
}

static void keep_place(struct video *fresh, const struct video *stored)
{
	fresh->published_at = stored->published_at;
	fresh->published_unknown = stored->published_unknown;
}

/* FRESH becomes what is stored, and what it adds. */
static bool prefer_details(struct video_details *fresh, const struct video_details *stored, struct error *err)
{
	AUTO(video_details_clear) struct video_details both = {0};

	if (!video_details_copy(stored, &both, err) || !video_details_fill(&both, fresh, err))
		return false;
	struct video_details old = *fresh;
	*fresh = both;
	both = old;
	return true;
}

bool video_prefer_stored(struct video *fresh, const struct video *stored, struct error *err)
{
	bool keep_description = !stored->description_cut && *stored->description;

	if (!stored->published_unknown || fresh->published_unknown)
		keep_place(fresh, stored);
	fresh->kind = stored->kind;
	fresh->scheduled_at = stored->scheduled_at;
	prefer_number(&fresh->duration_s, stored->duration_s);
	prefer_number(&fresh->views, stored->views);
	prefer_number(&fresh->likes, stored->likes);
	prefer_number(&fresh->comments, stored->comments);
	if (keep_description || !*fresh->description) {
		fresh->description_cut = stored->description_cut;
		if (!text_replace(&fresh->description, stored->description, err))
			return false;
	}
	return prefer_text(&fresh->title, stored->title, err) && prefer_text(&fresh->thumbnail_url, stored->thumbnail_url, err) &&
	       (strcmp(stored->thumbnails, "{}") == 0 || text_replace(&fresh->thumbnails, stored->thumbnails, err)) &&
	       prefer_details(&fresh->details, &stored->details, err);
}

static void fill_number(int64_t *number, int64_t known)
{
	if (*number == VIDEO_UNKNOWN)
		*number = known;
}

bool video_fill_from_stored(struct video *fresh, const struct video *stored, struct error *err)
{
	if (fresh->published_unknown)
		keep_place(fresh, stored);
	fill_number(&fresh->duration_s, stored->duration_s);
	fill_number(&fresh->views, stored->views);
	fill_number(&fresh->likes, stored->likes);
	fill_number(&fresh->comments, stored->comments);
	if (fresh->description_cut && !stored->description_cut && *stored->description) {
		fresh->description_cut = false;
		if (!text_replace(&fresh->description, stored->description, err))
			return false;
	}
	return (*fresh->title || text_replace(&fresh->title, stored->title, err)) &&
	       (*fresh->thumbnail_url || text_replace(&fresh->thumbnail_url, stored->thumbnail_url, err)) &&
	       (strcmp(fresh->thumbnails, "{}") != 0 || text_replace(&fresh->thumbnails, stored->thumbnails, err)) &&
	       video_details_fill(&fresh->details, &stored->details, err);
}

unsigned video_differences(const struct video *a, const struct video *b)
{
	const struct {
		enum change_field field;
		bool differs;
	} all[] = {
	    {CHANGED_TITLE, strcmp(a->title, b->title) != 0},
	    {CHANGED_DESCRIPTION, strcmp(a->description, b->description) != 0},
	    {CHANGED_PUBLISHED_AT, a->published_at != b->published_at || a->published_unknown != b->published_unknown},
	    {CHANGED_FIRST_SEEN_AT, a->first_seen_at != b->first_seen_at},
	    {CHANGED_THUMBNAILS, strcmp(a->thumbnail_url, b->thumbnail_url) != 0 || strcmp(a->thumbnails, b->thumbnails) != 0},
	    {CHANGED_KIND, a->kind != b->kind},
	    {CHANGED_DURATION, a->duration_s != b->duration_s},
	    {CHANGED_STATISTICS, a->views != b->views || a->likes != b->likes || a->comments != b->comments},
	    {CHANGED_TAGS, !video_tags_equal(&a->details, &b->details)},
	    {CHANGED_DETAILS, !video_details_equal(&a->details, &b->details)},
	    {CHANGED_STREAM, a->scheduled_at != b->scheduled_at || a->details.started_at != b->details.started_at ||
	                         a->details.ended_at != b->details.ended_at},
	};
	unsigned fields = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		fields |= (unsigned)all[i].differs << all[i].field;
	return fields;
}

bool video_same_content(const struct video *a, const struct video *b)
{
	return !video_differences(a, b) && a->description_cut == b->description_cut;
}

bool video_is_revision(const struct video *old, const struct video *video)
{
	bool other_description = !old->description_cut && strcmp(video->description, old->description) != 0;

	return other_description || strcmp(video->title, old->title) != 0 ||
	       strcmp(video->thumbnail_url, old->thumbnail_url) != 0;
}
