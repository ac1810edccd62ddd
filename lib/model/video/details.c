#include "model/video/details.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/text.h"

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))

static const char *const definitions[VIDEO_DEFINITION_COUNT] = {[VIDEO_DEFINITION_SD] = "sd", [VIDEO_DEFINITION_HD] = "hd"};
static const char *const captions[VIDEO_CAPTION_COUNT] = {[VIDEO_CAPTION_NONE] = "false", [VIDEO_CAPTION_GIVEN] = "true"};
static const char *const licences[VIDEO_LICENCE_COUNT] = {
    [VIDEO_LICENCE_YOUTUBE] = "youtube", [VIDEO_LICENCE_CREATIVE_COMMONS] = "creativeCommon"};

/* The titles of videoCategories.list in English (developers.google.com/youtube/v3/docs/videoCategories/list): ids are the same in every
 * country, and no call is needed for names that have not changed in ten years. */
static const char *const categories[] = {
    [1] = "Film & Animation",
    [2] = "Autos & Vehicles",
    [10] = "Music",
    [15] = "Pets & Animals",
    [17] = "Sports",
    [18] = "Short Movies",
    [19] = "Travel & Events",
    [20] = "Gaming",
    [21] = "Videoblogging",
    [22] = "People & Blogs",
    [23] = "Comedy",
    [24] = "Entertainment",
    [25] = "News & Politics",
    [26] = "Howto & Style",
    [27] = "Education",
    [28] = "Science & Technology",
    [29] = "Nonprofits & Activism",
    [30] = "Movies",
    [31] = "Anime/Animation",
    [32] = "Action/Adventure",
    [33] = "Classics",
    [34] = "Comedy",
    [35] = "Documentary",
    [36] = "Drama",
    [37] = "Family",
    [38] = "Foreign",
    [39] = "Horror",
    [40] = "Sci-Fi/Fantasy",
    [41] = "Thriller",
    [42] = "Shorts",
    [43] = "Shows",
    [44] = "Trailers",
};

/* ---- names ---- */

static size_t find(const char *const names[], size_t count, const char *name)
{
	for (size_t i = 1; name && i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return 0;
}

const char *video_definition_name(enum video_definition definition)
{
	return definitions[definition];
}

const char *video_caption_name(enum video_caption caption)
{
	return captions[caption];
}

const char *video_licence_name(enum video_licence licence)
{
	return licences[licence];
}

enum video_definition video_definition_of(const char *name)
{
	return (enum video_definition)find(definitions, COUNT(definitions), name);
}

enum video_caption video_caption_of(const char *name)
{
	return (enum video_caption)find(captions, COUNT(captions), name);
}

enum video_licence video_licence_of(const char *name)
{
	return (enum video_licence)find(licences, COUNT(licences), name);
}

const char *video_category_name(int64_t id)
{
	return id > 0 && id < (int64_t)COUNT(categories) ? categories[id] : NULL;
}

/* ---- all of them ---- */

void video_details_clear(struct video_details *details)
{
	free(details->tags);
	*details = (struct video_details){0};
}

bool video_details_copy(const struct video_details *details, struct video_details *out, struct error *err)
{
	char *tags;

	if (!text_copy(details->tags, &tags, err))
		return false;
	*out = *details;
	out->tags = tags;
	return true;
}

static void fill_number(int64_t *to, int64_t from)
{
	*to = *to ? *to : from;
}

bool video_details_fill(struct video_details *to, const struct video_details *from, struct error *err)
{
	fill_number(&to->category, from->category);
	fill_number(&to->started_at, from->started_at);
	fill_number(&to->ended_at, from->ended_at);
	to->definition = to->definition ? to->definition : from->definition;
	to->caption = to->caption ? to->caption : from->caption;
	to->licence = to->licence ? to->licence : from->licence;
	if (!to->language[0])
		memcpy(to->language, from->language, sizeof(to->language));
	if (!to->audio_language[0])
		memcpy(to->audio_language, from->audio_language, sizeof(to->audio_language));
	return to->tags || text_copy(from->tags, &to->tags, err);
}

bool video_tags_equal(const struct video_details *a, const struct video_details *b)
{
	return a->tags && b->tags ? strcmp(a->tags, b->tags) == 0 : a->tags == b->tags;
}

bool video_details_equal(const struct video_details *a, const struct video_details *b)
{
	return a->category == b->category && strcmp(a->language, b->language) == 0 &&
	       strcmp(a->audio_language, b->audio_language) == 0 && a->definition == b->definition && a->caption == b->caption &&
	       a->licence == b->licence;
}

/* ---- reading ---- */

bool video_read_tags(const cJSON *array, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf json = BUF((size_t)VIDEO_TAGS_MAX_BYTES * 8); /* escaped, a byte has six */
	struct writer w = writer_json(&json);
	size_t bytes = 0;
	const cJSON *tag;

	write_array(&w, NULL);
	cJSON_ArrayForEach(tag, array)
	{
		const char *text = cJSON_GetStringValue(tag);

		if (!text)
			continue;
		bytes += strlen(text) + 1;
		if (bytes > VIDEO_TAGS_MAX_BYTES)
			break;
		write_text(&w, NULL, text);
	}
	write_end(&w);
	return buf_take(&json, out, err);
}

void video_read_language(const char *text, char out[LANGUAGE_SIZE])
{
	size_t len = text ? strspn(text, TEXT_ALPHANUMERIC "-") : 0;

	out[0] = '\0';
	if (text && !text[len] && len < LANGUAGE_SIZE)
		memcpy(out, text, len + 1);
}
