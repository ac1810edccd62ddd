/* A video as one JSON object: which members it has, and in which order. */
#pragma once

#include "model/video.h"

/* Unknown numbers and texts are null. */
enum video_member {
	VIDEO_MEMBER_ID,
	VIDEO_MEMBER_URL,
	VIDEO_MEMBER_TITLE,
	VIDEO_MEMBER_DESCRIPTION,
	VIDEO_MEMBER_PUBLISHED_AT,
	VIDEO_MEMBER_PUBLISHED_AT_UNKNOWN,
	VIDEO_MEMBER_FIRST_SEEN_AT,
	VIDEO_MEMBER_RECORDED_AT,
	VIDEO_MEMBER_LAST_SEEN_AT,
	VIDEO_MEMBER_CHANNEL, /* {id, title} */
	VIDEO_MEMBER_THUMBNAIL_URL,
	VIDEO_MEMBER_THUMBNAILS,
	VIDEO_MEMBER_KIND,
	VIDEO_MEMBER_DURATION_SECONDS,
	VIDEO_MEMBER_VIEWS,
	VIDEO_MEMBER_LIKES,
	VIDEO_MEMBER_COMMENTS,
	VIDEO_MEMBER_STATISTICS_AT,
	VIDEO_MEMBER_CATEGORY, /* {id, name} */
	VIDEO_MEMBER_LANGUAGE,
	VIDEO_MEMBER_AUDIO_LANGUAGE,
	VIDEO_MEMBER_DEFINITION,
	VIDEO_MEMBER_CAPTION,
	VIDEO_MEMBER_LICENCE,
	VIDEO_MEMBER_SCHEDULED_AT,
	VIDEO_MEMBER_STARTED_AT,
	VIDEO_MEMBER_ENDED_AT,
	VIDEO_MEMBER_QUERIES, /* [{id, query}] */
	VIDEO_MEMBER_TAGS,    /* from here on those that lists have when asked for: texts */
	VIDEO_MEMBER_FOUND,   /* [{query {id, query}, at, by}] */
	VIDEO_MEMBER_COUNT
};

enum { VIDEO_MEMBER_LIGHT_COUNT = VIDEO_MEMBER_TAGS };

extern const char *const video_member_names[VIDEO_MEMBER_COUNT];

/* Some of them, in an order. */
struct video_members {
	size_t at[VIDEO_MEMBER_COUNT]; /* enum video_member */
	size_t count;
};

/* The first COUNT members, in their order. */
struct video_members video_members_first(size_t count);

/* Writes a number of videos.list: VIDEO_UNKNOWN is null. */
void video_write_number(struct writer *w, const char *name, int64_t number);

/* Writes how the public queries found VIDEO, as the member NAME (NULL: none): an array. */
void video_write_found(struct writer *w, const char *name, const struct video *video);

/* Writes VIDEO with MEMBERS, each given once. */
void video_write_json(struct writer *w, const struct video *video, const struct video_members *members);

/* The same as the member NAME of an object. */
void video_write_json_as(struct writer *w, const char *name, const struct video *video, const struct video_members *members);

/* The same with all members, found_by ("search" …) and found_at in each of queries, and history [{replaced_at, title, description,
 * thumbnail_url, views, likes, comments}], what it was before, newest first. */
void video_write_json_with_history(struct writer *w, const struct video *video);
