#include "model/video/json.h"

#include "base/json_writer.h"

const char *const video_member_names[VIDEO_MEMBER_COUNT] = {
    [VIDEO_MEMBER_ID] = "id",
    [VIDEO_MEMBER_URL] = "url",
    [VIDEO_MEMBER_TITLE] = "title",
    [VIDEO_MEMBER_DESCRIPTION] = "description",
    [VIDEO_MEMBER_PUBLISHED_AT] = "published_at",
    [VIDEO_MEMBER_PUBLISHED_AT_UNKNOWN] = "published_at_unknown",
    [VIDEO_MEMBER_FIRST_SEEN_AT] = "first_seen_at",
    [VIDEO_MEMBER_RECORDED_AT] = "recorded_at",
    [VIDEO_MEMBER_LAST_SEEN_AT] = "last_seen_at",
    [VIDEO_MEMBER_CHANNEL] = "channel",
    [VIDEO_MEMBER_THUMBNAIL_URL] = "thumbnail_url",
    [VIDEO_MEMBER_THUMBNAILS] = "thumbnails",
    [VIDEO_MEMBER_KIND] = "kind",
    [VIDEO_MEMBER_DURATION_SECONDS] = "duration_seconds",
    [VIDEO_MEMBER_VIEWS] = "views",
    [VIDEO_MEMBER_LIKES] = "likes",
    [VIDEO_MEMBER_COMMENTS] = "comments",
    [VIDEO_MEMBER_STATISTICS_AT] = "statistics_at",
    [VIDEO_MEMBER_CATEGORY] = "category",
    [VIDEO_MEMBER_LANGUAGE] = "language",
    [VIDEO_MEMBER_AUDIO_LANGUAGE] = "audio_language",
    [VIDEO_MEMBER_DEFINITION] = "definition",
    [VIDEO_MEMBER_CAPTION] = "caption",
    [VIDEO_MEMBER_LICENCE] = "licence",
    [VIDEO_MEMBER_SCHEDULED_AT] = "scheduled_at",
    [VIDEO_MEMBER_STARTED_AT] = "started_at",
    [VIDEO_MEMBER_ENDED_AT] = "ended_at",
    [VIDEO_MEMBER_QUERIES] = "queries",
    [VIDEO_MEMBER_TAGS] = "tags",
    [VIDEO_MEMBER_FOUND] = "found",
};

struct video_members video_members_first(size_t count)
{
	struct video_members members = {.count = count};

	for (size_t i = 0; i < count; i++)
		members.at[i] = i;
	return members;
}

/* ---- members that are more than a value ---- */

static void write_url(struct writer *w, const struct video *video)
{
	char url[WATCH_URL_SIZE];

	video_watch_url(video->id, url);
	write_text(w, "url", url);
}

void video_write_number(struct writer *w, const char *name, int64_t number)
{
	if (number == VIDEO_UNKNOWN)
		write_null(w, name);
	else
		write_int(w, name, number);
}

static void write_channel(struct writer *w, const struct video *video)
{
	if (!video->channel_id[0]) {
		write_null(w, "channel");
		return;
	}
	write_object(w, "channel");
	write_text(w, "id", video->channel_id);
	write_filled_text(w, "title", video->channel_title);
	write_end(w);
}

static void write_queries(struct writer *w, const struct video *video, bool how)
{
	write_array(w, "queries");
	for (size_t i = 0; i < video->found_count; i++) {
		const struct found *found = &video->found[i];

		write_object(w, NULL);
		write_int(w, "id", found->query_id);
		write_text(w, "query", found->query);
		if (how) {
			write_text(w, "found_by", found_how_name(found->how));
			write_time(w, "found_at", found->found_at);
		}
		write_end(w);
	}
	write_end(w);
}

void video_write_found(struct writer *w, const char *name, const struct video *video)
{
	write_array(w, name);
	for (size_t i = 0; i < video->found_count; i++) {
		const struct found *found = &video->found[i];

		write_object(w, NULL);
		write_object(w, "query");
		write_int(w, "id", found->query_id);
		write_text(w, "query", found->query);
		write_end(w);
		write_time(w, "at", found->found_at);
		write_text(w, "by", found_how_name(found->how));
		write_end(w);
	}
	write_end(w);
}

static void write_history(struct writer *w, const struct video *video)
{
	write_array(w, "history");
	for (size_t i = 0; i < video->revision_count; i++) {
		const struct revision *revision = &video->revisions[i];

		write_object(w, NULL);
		write_time(w, "replaced_at", revision->replaced_at);
		write_text(w, "title", revision->title);
		write_text(w, "description", revision->description);
		write_filled_text(w, "thumbnail_url", revision->thumbnail_url);
		video_write_number(w, "views", revision->views);
		video_write_number(w, "likes", revision->likes);
		video_write_number(w, "comments", revision->comments);
		write_end(w);
	}
	write_end(w);
}

static void write_category(struct writer *w, const struct video *video)
{
	int64_t id = video->details.category;

	if (!id) {
		write_null(w, "category");
		return;
	}
	write_object(w, "category");
	write_int(w, "id", id);
	write_text(w, "name", video_category_name(id));
	write_end(w);
}

static void write_caption(struct writer *w, const struct video *video)
{
	if (video->details.caption == VIDEO_CAPTION_UNKNOWN)
		write_null(w, "caption");
	else
		write_bool(w, "caption", video->details.caption == VIDEO_CAPTION_GIVEN);
}

static void write_tags(struct writer *w, const struct video *video)
{
	if (video->details.tags)
		write_raw_json(w, "tags", video->details.tags);
	else
		write_null(w, "tags");
}

/* ---- the object ---- */

static void write_member(struct writer *w, const struct video *video, enum video_member member)
{
	const char *name = video_member_names[member];

	switch (member) {
	case VIDEO_MEMBER_ID:
		write_text(w, name, video->id);
		break;
	case VIDEO_MEMBER_URL:
		write_url(w, video);
		break;
	case VIDEO_MEMBER_TITLE:
		write_text(w, name, video->title);
		break;
	case VIDEO_MEMBER_DESCRIPTION:
		write_text(w, name, video->description);
		break;
	case VIDEO_MEMBER_PUBLISHED_AT:
		write_time(w, name, video->published_at);
		break;
	case VIDEO_MEMBER_PUBLISHED_AT_UNKNOWN:
		write_bool(w, name, video->published_unknown);
		break;
	case VIDEO_MEMBER_FIRST_SEEN_AT:
		write_time(w, name, video->first_seen_at);
		break;
	case VIDEO_MEMBER_RECORDED_AT:
		write_time(w, name, video_recorded_at(video));
		break;
	case VIDEO_MEMBER_LAST_SEEN_AT:
		write_time(w, name, video->last_seen_at);
		break;
	case VIDEO_MEMBER_CHANNEL:
		write_channel(w, video);
		break;
	case VIDEO_MEMBER_THUMBNAIL_URL:
		write_filled_text(w, name, video->thumbnail_url);
		break;
	case VIDEO_MEMBER_THUMBNAILS:
		write_raw_json(w, name, video->thumbnails);
		break;
	case VIDEO_MEMBER_KIND:
		write_text(w, name, video_kind_name(video->kind));
		break;
	case VIDEO_MEMBER_DURATION_SECONDS:
		video_write_number(w, name, video->duration_s);
		break;
	case VIDEO_MEMBER_VIEWS:
		video_write_number(w, name, video->views);
		break;
	case VIDEO_MEMBER_LIKES:
		video_write_number(w, name, video->likes);
		break;
	case VIDEO_MEMBER_COMMENTS:
		video_write_number(w, name, video->comments);
		break;
	case VIDEO_MEMBER_STATISTICS_AT:
		write_time(w, name, video->checked_at);
		break;
	case VIDEO_MEMBER_CATEGORY:
		write_category(w, video);
		break;
	case VIDEO_MEMBER_LANGUAGE:
		write_filled_text(w, name, video->details.language);
		break;
	case VIDEO_MEMBER_AUDIO_LANGUAGE:
		write_filled_text(w, name, video->details.audio_language);
		break;
	case VIDEO_MEMBER_DEFINITION:
		write_text(w, name, video_definition_name(video->details.definition));
		break;
	case VIDEO_MEMBER_CAPTION:
		write_caption(w, video);
		break;
	case VIDEO_MEMBER_LICENCE:
		write_text(w, name, video_licence_name(video->details.licence));
		break;
	case VIDEO_MEMBER_SCHEDULED_AT:
		write_time(w, name, video->scheduled_at);
		break;
	case VIDEO_MEMBER_STARTED_AT:
		write_time(w, name, video->details.started_at);
		break;
	case VIDEO_MEMBER_ENDED_AT:
		write_time(w, name, video->details.ended_at);
		break;
	case VIDEO_MEMBER_QUERIES:
		write_queries(w, video, false);
		break;
	case VIDEO_MEMBER_TAGS:
		write_tags(w, video);
		break;
	case VIDEO_MEMBER_FOUND:
		video_write_found(w, name, video);
		break;
	case VIDEO_MEMBER_COUNT:
		break;
	}
}

static void write_hidden(struct writer *w, const struct video *video)
{
	if (video->hidden)
		hidden_write_reasons(w, "hidden", video->hidden);
}

void video_write_json_as(struct writer *w, const char *name, const struct video *video, const struct video_members *members)
{
	write_object(w, name);
	for (size_t i = 0; i < members->count; i++)
		write_member(w, video, (enum video_member)members->at[i]);
	write_hidden(w, video);
	write_end(w);
}

void video_write_json(struct writer *w, const struct video *video, const struct video_members *members)
{
	video_write_json_as(w, NULL, video, members);
}

void video_write_json_with_history(struct writer *w, const struct video *video)
{
	write_object(w, NULL);
	for (enum video_member member = 0; member < VIDEO_MEMBER_COUNT; member++)
		if (member == VIDEO_MEMBER_QUERIES)
			write_queries(w, video, true);
		else
			write_member(w, video, member);
	write_hidden(w, video);
	write_history(w, video);
	write_end(w);
}
