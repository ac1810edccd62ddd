#include "tests/support/copy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

enum { FIRST_CAPACITY = 1024, URL_SIZE = 256 };

static const char *const kinds[COPY_KINDS] = {"added", "updated", "hidden", "back", "gone"};

/* ---- the table ---- */

void copy_clear(struct copy *copy)
{
	for (size_t i = 0; i < copy->capacity; i++)
		free(copy->slots[i].video);
	free(copy->slots);
	copy->slots = NULL;
	copy->capacity = copy->used = copy->videos = 0;
}

static struct copy_entry *slot_of(const struct copy *copy, const char *id)
{
	uint64_t hash = 1469598103934665603U;

	for (const char *at = id; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 1099511628211U;
	size_t i = hash % copy->capacity;
	while (*copy->slots[i].id && strcmp(copy->slots[i].id, id) != 0)
		i = (i + 1) % copy->capacity;
	return &copy->slots[i];
}

static void grow(struct copy *copy)
{
	struct copy larger = *copy;

	larger.capacity = copy->capacity ? 2 * copy->capacity : FIRST_CAPACITY;
	larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
	assert_non_null(larger.slots);
	for (size_t i = 0; i < copy->capacity; i++)
		if (*copy->slots[i].id)
			*slot_of(&larger, copy->slots[i].id) = copy->slots[i];
	free(copy->slots);
	*copy = larger;
}

/* VIDEO, which becomes the copy's, may be NULL: it is there no longer. */
static void put(struct copy *copy, const char *id, char *video)
{
	if (2 * copy->used >= copy->capacity)
		grow(copy);
	struct copy_entry *entry = slot_of(copy, id);
	copy->used += !*entry->id;
	copy->videos += (size_t)(video != NULL) - (size_t)(entry->video != NULL);
	snprintf(entry->id, sizeof(entry->id), "%s", id);
	free(entry->video);
	entry->video = video;
}

/* ---- reading ---- */

static cJSON *get(const struct copy *copy, const char *url)
{
	cJSON *answer = NULL;
	struct error err;

	if (flow_get(copy->flow, url) != 200)
		fail_msg("%s: %s", url, flow_body(copy->flow));
	assert_true(json_parse(flow_body(copy->flow), strlen(flow_body(copy->flow)), &answer, &err));
	return answer;
}

/* Without the times of re-checks, which are no change. */
static char *print(const cJSON *video)
{
	AUTO(json_free) cJSON *content = cJSON_Duplicate(video, true);

	cJSON_DeleteItemFromObject(content, "last_seen_at");
	cJSON_DeleteItemFromObject(content, "statistics_at");
	char *text = cJSON_PrintUnformatted(content);

	assert_non_null(text);
	return text;
}

static void note(struct copy *copy, const cJSON *answer, const char *name)
{
	snprintf(copy->cursor, sizeof(copy->cursor), "%s", json_text(answer, name));
}

void copy_note_cursor(struct copy *copy)
{
	AUTO(json_free) cJSON *answer = get(copy, "/api/changes?page_size=1");

	note(copy, answer, "latest_cursor");
}

void copy_take_page(struct copy *copy, char *url, size_t size)
{
	AUTO(json_free) cJSON *answer = get(copy, url);
	const cJSON *video;
	const char *next = json_text(answer, "next");

	cJSON_ArrayForEach(video, cJSON_GetObjectItem(answer, "results")) put(copy, json_text(video, "id"), print(video));
	snprintf(url, size, "%s", next ? next : "");
}

static int kind_of(const char *name)
{
	for (int kind = 0; kind < COPY_KINDS; kind++)
		if (strcmp(name, kinds[kind]) == 0)
			return kind;
	fail_msg("no kind of change: %s", name);
	return 0;
}

/* Added, updated and back are written, hidden and gone taken out. */
static void take(struct copy *copy, const cJSON *change)
{
	const char *kind = json_text(change, "change");
	const char *id = json_text(change, "id");
	const cJSON *video = json_object(change, "video");

	copy->told[kind_of(kind)]++;
	bool shown = strcmp(kind, "hidden") != 0 && strcmp(kind, "gone") != 0;
	assert_true(shown == (video != NULL));
	assert_true((strcmp(kind, "updated") == 0) == cJSON_IsArray(cJSON_GetObjectItem(change, "fields")));
	put(copy, id, video ? print(video) : NULL);
}

bool copy_read(struct copy *copy, int page_size)
{
	char url[URL_SIZE];

	snprintf(url, sizeof(url), "/api/changes?page_size=%d%s%s", page_size, *copy->cursor ? "&cursor=" : "", copy->cursor);
	AUTO(json_free) cJSON *answer = get(copy, url);
	const cJSON *change;
	cJSON_ArrayForEach(change, cJSON_GetObjectItem(answer, "results")) take(copy, change);
	note(copy, answer, "next_cursor");
	return json_text(answer, "next") != NULL;
}

/* ---- comparing ---- */

static void compare(const struct copy *copy, const cJSON *video)
{
	const char *id = json_text(video, "id");
	char *now = print(video);
	const char *copied = copy->capacity ? slot_of(copy, id)->video : NULL;

	if (!copied || strcmp(copied, now) != 0)
		fail_msg("%s\nis\n%s\nand in the copy\n%s", id, now, copied ? copied : "not there");
	free(now);
}

void copy_assert_true(struct copy *copy)
{
	char url[URL_SIZE] = "/api/videos?page_size=100&include=tags,found";
	size_t videos = 0;

	while (copy_read(copy, 100))
		;
	while (*url) {
		AUTO(json_free) cJSON *answer = get(copy, url);
		const cJSON *video;
		const char *cursor = json_text(answer, "next_cursor");

		cJSON_ArrayForEach(video, cJSON_GetObjectItem(answer, "results")) compare(copy, video);
		videos += (size_t)cJSON_GetArraySize(cJSON_GetObjectItem(answer, "results"));
		snprintf(url, sizeof(url), cursor ? "/api/videos?page_size=100&include=tags,found&cursor=%s" : "", cursor);
	}
	assert_int_equal(videos, copy->videos);
}
