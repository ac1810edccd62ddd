#include "feed/atom.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <expat.h>

#include "base/buf.h"
#include "base/timestamp.h"

/* An entry's own elements are at depth 3; a feed is nested 5 deep. */
enum { DEPTH_FEED = 1, DEPTH_ENTRY, DEPTH_MEMBER, DEPTH_MAX = 32, TEXT_MAX_BYTES = 128 };

/* Names as expat gives them: namespace, blank, name. */
#define ATOM "http://www.w3.org/2005/Atom "
#define YOUTUBE "http://www.youtube.com/xml/schemas/2015 "
#define TOMBSTONES "http://purl.org/atompub/tombstones/1.0 "

#define ID_PREFIX "yt:video:"

struct reader {
	XML_Parser parser;
	struct feed feed;
	int depth;
	bool in_entry;
	struct feed_entry entry;
	struct buf text; /* of the element at hand */
	const char *fault;
};

static void refuse(struct reader *reader, const char *fault)
{
	reader->fault = fault;
	XML_StopParser(reader->parser, XML_FALSE);
}

static void keep(struct reader *reader)
{
	struct feed *feed = &reader->feed;

	if (video_id_is_valid(reader->entry.video_id) && feed->count < FEED_ENTRIES_MAX)
		feed->entries[feed->count++] = reader->entry;
}

/* <at:deleted-entry ref="yt:video:ID" when="…"> */
static void take_tombstone(struct reader *reader, const char *const *attributes)
{
	reader->entry = (struct feed_entry){.gone = true};
	for (; attributes[0]; attributes += 2)
		if (strcmp(attributes[0], "ref") == 0 && strncmp(attributes[1], ID_PREFIX, strlen(ID_PREFIX)) == 0 &&
		    video_id_is_valid(attributes[1] + strlen(ID_PREFIX)))
			memcpy(reader->entry.video_id, attributes[1] + strlen(ID_PREFIX), VIDEO_ID_SIZE);
	keep(reader);
}

static void on_begin(void *context, const char *name, const char **attributes)
{
	struct reader *reader = context;

	buf_reset(&reader->text);
	reader->depth++;
	if (reader->depth > DEPTH_MAX) {
		refuse(reader, "nested too deep");
	} else if (reader->depth == DEPTH_FEED && strcmp(name, ATOM "feed") != 0) {
		refuse(reader, "no Atom feed");
	} else if (reader->depth == DEPTH_ENTRY) {
		reader->in_entry = strcmp(name, ATOM "entry") == 0;
		reader->entry = (struct feed_entry){0};
		if (strcmp(name, TOMBSTONES "deleted-entry") == 0)
			take_tombstone(reader, attributes);
	}
}

/* An id that is too long is none. */
static void take_id(const struct buf *text, char *out, size_t size)
{
	if (!text->failed && text->len < size)
		memcpy(out, buf_text(text), text->len + 1);
}

static void take_member(struct reader *reader, const char *name)
{
	struct feed_entry *entry = &reader->entry;

	if (strcmp(name, YOUTUBE "videoId") == 0)
		take_id(&reader->text, entry->video_id, sizeof(entry->video_id));
	else if (strcmp(name, YOUTUBE "channelId") == 0)
		take_id(&reader->text, entry->channel_id, sizeof(entry->channel_id));
	else if (strcmp(name, ATOM "published") == 0 && !timestamp_parse(buf_text(&reader->text), &entry->published_at))
		entry->published_at = 0;
}

static void on_end(void *context, const char *name)
{
	struct reader *reader = context;

	if (reader->in_entry && reader->depth == DEPTH_MEMBER)
		take_member(reader, name);
	if (reader->in_entry && reader->depth == DEPTH_ENTRY) {
		keep(reader);
		reader->in_entry = false;
	}
	reader->depth--;
}

static void on_text(void *context, const char *text, int len)
{
	struct reader *reader = context;

	if (reader->in_entry && reader->depth == DEPTH_MEMBER)
		buf_add(&reader->text, text, (size_t)len);
}

/* With a document type come entities, which is how a few bytes become gigabytes. YouTube writes none. */
static void on_document_type(void *context, const char *name, const char *system_id, const char *public_id, int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	refuse(context, "it has a document type");
}

static bool explain(const struct reader *reader, struct error *err)
{
	enum XML_Error code = XML_GetErrorCode(reader->parser);

	if (code == XML_ERROR_NO_MEMORY || reader->text.failed == ERR_NO_MEMORY)
		return error_no_memory(err);
	return error_set(err, ERR_UPSTREAM, "not a feed: %s", reader->fault ? reader->fault : XML_ErrorString(code));
}

bool feed_parse(const char *body, size_t len, struct feed *out, struct error *err)
{
	struct reader reader = {.parser = XML_ParserCreateNS("UTF-8", ' '), .text = BUF(TEXT_MAX_BYTES)};

	if (!reader.parser)
		return error_no_memory(err);
	if (len > INT_MAX)
		len = INT_MAX; /* cut short, which is an error */
	XML_SetUserData(reader.parser, &reader);
	XML_SetElementHandler(reader.parser, on_begin, on_end);
	XML_SetCharacterDataHandler(reader.parser, on_text);
	XML_SetStartDoctypeDeclHandler(reader.parser, on_document_type);
	bool done = XML_Parse(reader.parser, body, (int)len, XML_TRUE) == XML_STATUS_OK || explain(&reader, err);
	XML_ParserFree(reader.parser);
	buf_clear(&reader.text);
	if (done)
		*out = reader.feed;
	return done;
}
