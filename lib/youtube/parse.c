#include "youtube/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "youtube/body.h"
#include "youtube/thumbnails.h"

/* YouTube sends at most 50; more than this is no answer of its own. An id is shown in a log up to ID_SHOWN bytes. */
enum { ITEMS_MAX = 500, ID_SHOWN = 40 };

void search_answer_clear(struct search_answer *answer)
{
	video_list_clear(&answer->videos);
	text_list_clear(&answer->bare);
	text_list_clear(&answer->skipped);
	*answer = (struct search_answer){0};
}

void details_answer_clear(struct details_answer *answer)
{
	video_list_clear(&answer->videos);
	text_list_clear(&answer->skipped);
	*answer = (struct details_answer){0};
}

void uploads_answer_clear(struct uploads_answer *answer)
{
	video_list_clear(&answer->videos);
	text_list_clear(&answer->skipped);
	*answer = (struct uploads_answer){0};
}

void handle_answer_clear(struct handle_answer *answer)
{
	free(answer->title);
	*answer = (struct handle_answer){0};
}

/* ---- character references ---- */

/* Neither a surrogate, nor a control character, which no text should gain by being decoded. */
static bool is_character(unsigned long c)
{
	return c >= 0x20 && (c < 0x7F || c >= 0xA0) && (c < 0xD800 || c > 0xDFFF) && c <= 0x10FFFF;
}

/* The character that the reference at TEXT ("&…;") stands for, and its length; 0 when it is none that is known. */
static unsigned long read_reference(const char *text, size_t *len)
{
	static const struct {
		const char *text;
		char character;
	} named[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		*len = strlen(named[i].text);
		if (strncmp(text, named[i].text, *len) == 0)
			return (unsigned char)named[i].character;
	}
	if (text[1] != '#')
		return 0;
	bool hex = text[2] == 'x' || text[2] == 'X';
	const char *digits = text + 2 + hex;
	size_t count = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
	if (count < 1 || count > 7 || digits[count] != ';')
		return 0;
	unsigned long c = strtoul(digits, NULL, hex ? 16 : 10);
	*len = (size_t)(digits - text) + count + 1;
	return is_character(c) ? c : 0;
}

void parse_decode_entities(char *text)
{
	char *out = text;

	while (*text) {
		size_t len;
		unsigned long c = *text == '&' ? read_reference(text, &len) : 0;

		if (!c) {
			*out++ = *text++;
			continue;
		}
		/* Shorter than its reference, so nothing is overwritten before it is read. */
		out += utf8_encode((uint32_t)c, out);
		text += len;
	}
	*out = '\0';
}

/* ---- one item ---- */

/* What matters most of an item: borrowed from the answer. */
struct item {
	const char *id; /* NULL when it has none that is a video's */
	const char *id_given;
	const char *title; /* NULL = missing */
	const cJSON *snippet;
	int64_t published_at; /* 0 = missing */
};

static struct item read_item(const char *id, const cJSON *snippet)
{
	const char *published = json_text(snippet, "publishedAt");
	struct item item = {.id = id && video_id_is_valid(id) ? id : NULL,
	                    .id_given = id ? id : "",
	                    .title = json_text(snippet, "title"),
	                    .snippet = snippet};

	if (published && !timestamp_parse(published, &item.published_at))
		item.published_at = 0;
	return item;
}

static bool skip(const char *id, struct text_list *skipped, struct error *err)
{
	char shown[ID_SHOWN + 1];
	size_t len = utf8_cut(id, ID_SHOWN);

	memcpy(shown, id, len);
	shown[len] = '\0';
	return text_list_add(skipped, shown, err);
}

/* The member NAME of PARENT, at most MAX bytes of it, "" when it is missing. */
static bool copy_text(const cJSON *parent, const char *name, size_t max, char **out, struct error *err)
{
	const char *text = json_text(parent, name);

	if (!text_copy(text ? text : "", out, err))
		return false;
	(*out)[utf8_cut(*out, max)] = '\0';
	return true;
}

static enum video_kind kind_of(const cJSON *snippet)
{
	const char *state = json_text(snippet, "liveBroadcastContent");

	if (state && strcmp(state, "live") == 0)
		return VIDEO_LIVE;
	return state && strcmp(state, "upcoming") == 0 ? VIDEO_UPCOMING : VIDEO_NORMAL;
}

/* What search.list and videos.list tell alike; only the former escapes titles. */
static bool fill(const struct item *item, bool escaped, struct video *video, struct error *err)
{
	const char *channel_id = json_text(item->snippet, "channelId");

	memcpy(video->id, item->id, sizeof(video->id));
	video->published_at = item->published_at;
	video->kind = kind_of(item->snippet);
	if (channel_id && strlen(channel_id) < sizeof(video->channel_id))
		memcpy(video->channel_id, channel_id, strlen(channel_id) + 1);
	if (!text_copy(item->title ? item->title : "", &video->title, err))
		return false;
	if (escaped)
		parse_decode_entities(video->title);
	video->title[utf8_cut(video->title, VIDEO_TITLE_MAX_BYTES)] = '\0';
	return copy_text(item->snippet, "description", VIDEO_DESCRIPTION_MAX_BYTES, &video->description, err) &&
	       copy_text(item->snippet, "channelTitle", VIDEO_TITLE_MAX_BYTES, &video->channel_title, err) &&
	       thumbnails_read(json_object(item->snippet, "thumbnails"), video, err);
}

/* ---- search.list ---- */

/* search.list ends a description that it cut with " ..."; an owner may have written the same, which then only means that the full
 * text is asked for. */
static bool description_is_cut(const char *description)
{
	static const char ending[] = " ...";
	size_t len = strlen(description);

	return len >= strlen(ending) && strcmp(description + len - strlen(ending), ending) == 0;
}

static bool add_search_item(const cJSON *json, struct search_answer *answer, struct error *err)
{
	struct item item = read_item(json_text(json_object(json, "id"), "videoId"), json_object(json, "snippet"));

	if (!item.id)
		return skip(item.id_given, &answer->skipped, err);
	if (!item.title || !item.published_at)
		return text_list_add(&answer->bare, item.id, err);
	struct video *video = video_list_add(&answer->videos);
	if (!video)
		return error_no_memory(err);
	if (!fill(&item, true, video, err))
		return false;
	video->description_cut = description_is_cut(video->description);
	return true;
}

/* The items of an answer of the wanted KIND. An answer to a call with fields= has no kind, one without results may have no items:
 * *OUT is NULL then. Both missing, or another kind, is no such answer. */
static bool find_items(const cJSON *json, const char *kind, const cJSON **out, struct error *err)
{
	const char *found = json_text(json, "kind");
	const cJSON *items = cJSON_GetObjectItemCaseSensitive(json, "items");

	if (json_object(json, "error"))
		return error_set(err, ERR_UPSTREAM, "an error instead of an answer");
	if (found ? strcmp(found, kind) != 0 : !items)
		return error_set(err, ERR_UPSTREAM, "not an answer of kind %s", kind);
	if (items && !cJSON_IsArray(items) && !cJSON_IsNull(items))
		return error_set(err, ERR_UPSTREAM, "the items of the answer are no list");
	*out = cJSON_IsArray(items) ? items : NULL;
	return true;
}

static bool read_json(const char *body, size_t len, cJSON **out, struct error *err)
{
	if (body_parse(body, len, out, err))
		return true;
	if (err->code != ERR_NO_MEMORY)
		err->code = ERR_UPSTREAM;
	return false;
}

static void read_page_token(const cJSON *json, char out[PAGE_TOKEN_SIZE])
{
	const char *token = json_text(json, "nextPageToken");

	if (token && strlen(token) < PAGE_TOKEN_SIZE)
		memcpy(out, token, strlen(token) + 1);
}

bool parse_search(const char *body, size_t len, struct search_answer *out, struct error *err)
{
	AUTO(json_free) cJSON *json = NULL;
	AUTO(search_answer_clear) struct search_answer answer = {.total_results = -1};
	const cJSON *items = NULL;
	const cJSON *item;

	if (!read_json(body, len, &json, err) || !find_items(json, "youtube#searchListResponse", &items, err))
		return false;
	cJSON_ArrayForEach(item, items)
	{
		if (!(answer.items++ < ITEMS_MAX ? add_search_item(item, &answer, err) : skip("", &answer.skipped, err)))
			return false;
	}
	read_page_token(json, answer.next_page_token);
	int64_t total;
	if (json_int(json_object(json, "pageInfo"), "totalResults", &total) && total >= 0)
		answer.total_results = total;
	*out = answer;
	answer = (struct search_answer){0};
	return true;
}

/* ---- videos.list ---- */

static int64_t count_of(const cJSON *statistics, const char *name)
{
	int64_t count;

	return json_int(statistics, name, &count) && count >= 0 ? count : VIDEO_UNKNOWN;
}

/* Something live or announced has no length yet: YouTube writes P0D. */
static int64_t duration_of(const cJSON *content_details)
{
	const char *text = json_text(content_details, "duration");
	int64_t seconds;

	return text && duration_parse(text, &seconds) && seconds > 0 ? seconds : VIDEO_UNKNOWN;
}

/* Past streams keep their times. So do premieres, which count as live ones here as they do on YouTube. */
static bool was_live(const cJSON *streaming)
{
	return json_text(streaming, "actualStartTime") || json_text(streaming, "actualEndTime");
}

static int64_t time_of(const cJSON *parent, const char *name)
{
	const char *text = json_text(parent, name);
	int64_t time;

	return text && timestamp_parse(text, &time) ? time : 0;
}

/* An answer that names no tags says that there are none. */
static bool fill_more(const cJSON *json, const cJSON *streaming, struct video_details *details, struct error *err)
{
	const cJSON *snippet = json_object(json, "snippet");
	const cJSON *content = json_object(json, "contentDetails");

	if (!json_int(snippet, "categoryId", &details->category) || details->category < 0)
		details->category = 0;
	video_read_language(json_text(snippet, "defaultLanguage"), details->language);
	video_read_language(json_text(snippet, "defaultAudioLanguage"), details->audio_language);
	details->definition = video_definition_of(json_text(content, "definition"));
	details->caption = video_caption_of(json_text(content, "caption"));
	details->licence = video_licence_of(json_text(json_object(json, "status"), "license"));
	details->started_at = time_of(streaming, "actualStartTime");
	details->ended_at = time_of(streaming, "actualEndTime");
	return video_read_tags(json_array(snippet, "tags"), &details->tags, err);
}

static bool fill_details(const cJSON *json, struct video *video, struct error *err)
{
	const cJSON *statistics = json_object(json, "statistics");
	const cJSON *streaming = json_object(json, "liveStreamingDetails");

	video->duration_s = duration_of(json_object(json, "contentDetails"));
	video->views = count_of(statistics, "viewCount");
	video->likes = count_of(statistics, "likeCount");
	video->comments = count_of(statistics, "commentCount");
	if (video->kind == VIDEO_NORMAL && was_live(streaming))
		video->kind = VIDEO_WAS_LIVE;
	video->scheduled_at = time_of(streaming, "scheduledStartTime");
	return fill_more(json, streaming, &video->details, err);
}

static bool add_details_item(const cJSON *json, struct details_answer *answer, struct error *err)
{
	struct item item = read_item(json_text(json, "id"), json_object(json, "snippet"));

	if (!item.id || (!item.title && !item.published_at))
		return skip(item.id_given, &answer->skipped, err);
	struct video *video = video_list_add(&answer->videos);
	if (!video)
		return error_no_memory(err);
	return fill(&item, false, video, err) && fill_details(json, video, err);
}

bool parse_details(const char *body, size_t len, struct details_answer *out, struct error *err)
{
	AUTO(json_free) cJSON *json = NULL;
	AUTO(details_answer_clear) struct details_answer answer = {0};
	const cJSON *items = NULL;
	const cJSON *item;

	if (!read_json(body, len, &json, err) || !find_items(json, "youtube#videoListResponse", &items, err))
		return false;
	cJSON_ArrayForEach(item, items)
	{
		if (!(answer.items++ < ITEMS_MAX ? add_details_item(item, &answer, err) : skip("", &answer.skipped, err)))
			return false;
	}
	*out = answer;
	answer = (struct details_answer){0};
	return true;
}

/* ---- playlistItems.list ---- */

/* The item of a video that is private or deleted has its id, but no time of publication. */
static bool add_upload(const cJSON *json, struct uploads_answer *answer, struct error *err)
{
	const cJSON *snippet = json_object(json, "snippet");
	const char *published = json_text(json_object(json, "contentDetails"), "videoPublishedAt");
	struct item item = read_item(json_text(json_object(snippet, "resourceId"), "videoId"), snippet);

	if (!item.id)
		return skip(item.id_given, &answer->skipped, err);
	if (!published || !timestamp_parse(published, &item.published_at))
		return true;
	struct video *video = video_list_add(&answer->videos);
	return video ? fill(&item, false, video, err) : error_no_memory(err);
}

bool parse_uploads(const char *body, size_t len, struct uploads_answer *out, struct error *err)
{
	AUTO(json_free) cJSON *json = NULL;
	AUTO(uploads_answer_clear) struct uploads_answer answer = {.total = -1};
	const cJSON *items = NULL;
	const cJSON *item;

	if (!read_json(body, len, &json, err) || !find_items(json, "youtube#playlistItemListResponse", &items, err))
		return false;
	cJSON_ArrayForEach(item, items)
	{
		if (!(answer.items++ < ITEMS_MAX ? add_upload(item, &answer, err) : skip("", &answer.skipped, err)))
			return false;
	}
	if (!json_int(json_object(json, "pageInfo"), "totalResults", &answer.total))
		answer.total = -1;
	read_page_token(json, answer.next_page_token);
	const char *etag = json_text(json, "etag");
	if (etag && strlen(etag) < sizeof(answer.etag))
		memcpy(answer.etag, etag, strlen(etag) + 1);
	*out = answer;
	answer = (struct uploads_answer){0};
	return true;
}

/* ---- channels.list ---- */

bool parse_handle(const char *body, size_t len, struct handle_answer *out, struct error *err)
{
	AUTO(json_free) cJSON *json = NULL;
	AUTO(handle_answer_clear) struct handle_answer answer = {0};
	const cJSON *items = NULL;

	if (!read_json(body, len, &json, err) || !find_items(json, "youtube#channelListResponse", &items, err))
		return false;
	const cJSON *channel = cJSON_GetArrayItem(items, 0);
	const char *id = json_text(channel, "id");
	if (id && strlen(id) < sizeof(answer.channel_id))
		memcpy(answer.channel_id, id, strlen(id) + 1);
	if (!copy_text(json_object(channel, "snippet"), "title", VIDEO_TITLE_MAX_BYTES, &answer.title, err))
		return false;
	*out = answer;
	answer = (struct handle_answer){0};
	return true;
}

void channels_answer_clear(struct channels_answer *answer)
{
	free(answer->items);
	*answer = (struct channels_answer){0};
}

static void add_channel(const cJSON *json, struct channels_answer *answer)
{
	const char *id = json_text(json, "id");
	struct channel_size *channel = &answer->items[answer->count];

	if (!id || strlen(id) >= sizeof(channel->id))
		return;
	*channel = (struct channel_size){.videos = count_of(json_object(json, "statistics"), "videoCount")};
	memcpy(channel->id, id, strlen(id) + 1);
	answer->count++;
}

bool parse_channels(const char *body, size_t len, struct channels_answer *out, struct error *err)
{
	AUTO(json_free) cJSON *json = NULL;
	AUTO(channels_answer_clear) struct channels_answer answer = {0};
	const cJSON *items = NULL;
	const cJSON *item;

	if (!read_json(body, len, &json, err) || !find_items(json, "youtube#channelListResponse", &items, err))
		return false;
	answer.items = calloc(ITEMS_MAX, sizeof(answer.items[0]));
	if (!answer.items)
		return error_no_memory(err);
	cJSON_ArrayForEach(item, items)
	{
		if (answer.count < ITEMS_MAX)
			add_channel(item, &answer);
	}
	*out = answer;
	answer = (struct channels_answer){0};
	return true;
}
