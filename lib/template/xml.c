#include "template/xml.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xmlwriter.h>

#include "base/lazy.h"
#include "base/text.h"
#include "base/utf8.h"

/* ---- loading libxml2 ---- */

/* It brings ICU and the library of C++ along, a fifth of the memory of newsreel-web, and only feeds need it. So the first one
 * loads it. */
#define LIBRARY "libxml2.so.2"

#define FUNCTIONS(F)                                                                                                             \
	F(xmlInitParser)                                                                                                         \
	F(xmlOutputBufferCreateIO)                                                                                               \
	F(xmlOutputBufferClose)                                                                                                  \
	F(xmlNewTextWriter)                                                                                                      \
	F(xmlFreeTextWriter)                                                                                                     \
	F(xmlTextWriterStartDocument)                                                                                            \
	F(xmlTextWriterEndDocument)                                                                                              \
	F(xmlTextWriterStartElement) F(xmlTextWriterEndElement) F(xmlTextWriterWriteAttribute) F(xmlTextWriterWriteString)       \
	    F(xmlTextWriterFlush)

static struct {
	FUNCTIONS(LAZY_MEMBER)
} lib;

static bool loaded;

static void load(void)
{
	static const char *const names[] = {FUNCTIONS(LAZY_NAME) NULL};

	loaded = lazy_load(LIBRARY, names, &lib);
	if (loaded)
		lib.xmlInitParser(); /* it asks for this before several threads use it */
}

static bool need_library(struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return loaded || error_set(err, ERR_INTERNAL, "%s cannot be loaded: install libxml2", LIBRARY);
}

/* ---- opening ---- */

struct xml {
	struct buf *out;
	xmlTextWriterPtr writer;
	bool failed; /* for want of memory */
};

static int append(void *context, const char *bytes, int len)
{
	struct xml *xml = context;

	buf_add(xml->out, bytes, (size_t)len);
	return xml->out->failed ? -1 : len;
}

static void check(struct xml *xml, int written)
{
	if (written < 0)
		xml->failed = true;
}

bool xml_open(struct buf *out, struct xml **xml, struct error *err)
{
	if (!need_library(err))
		return false;
	struct xml *opened = calloc(1, sizeof(*opened));
	if (!opened)
		return error_no_memory(err);
	opened->out = out;
	xmlOutputBufferPtr output = lib.xmlOutputBufferCreateIO(append, NULL, opened, NULL);
	opened->writer = output ? lib.xmlNewTextWriter(output) : NULL;
	if (!opened->writer) {
		if (output)
			lib.xmlOutputBufferClose(output);
		free(opened);
		return error_no_memory(err);
	}
	check(opened, lib.xmlTextWriterStartDocument(opened->writer, NULL, "UTF-8", NULL));
	*xml = opened;
	return true;
}

/* ---- characters that XML 1.0 has no place for (section 2.2) ---- */

/* The length of the first character of TEXT that may not stand, 0 when the first may. TEXT is valid UTF-8: U+FFFE and U+FFFF are
 * all that is left above the control characters. */
static size_t forbidden(const char *text)
{
	unsigned char c = (unsigned char)*text;

	if (c < ' ')
		return c != '\t' && c != '\n' && c != '\r';
	return strncmp(text, "\xEF\xBF\xBE", 3) == 0 || strncmp(text, "\xEF\xBF\xBF", 3) == 0 ? 3 : 0;
}

static bool needs_cleaning(const char *text)
{
	for (; *text; text++)
		if (forbidden(text))
			return true;
	return false;
}

/* TEXT as XML can hold it; CLEANED receives a copy when one had to be made. NULL without memory. */
static const char *clean(struct xml *xml, const char *text, char **cleaned)
{
	struct error err;

	if (!utf8_is_valid(text, strlen(text))) {
		if (!text_repair(text, strlen(text), cleaned, &err))
			xml->failed = true;
	} else if (!needs_cleaning(text)) {
		return text;
	} else if (!text_copy(text, cleaned, &err)) {
		xml->failed = true;
	}
	if (!*cleaned)
		return NULL;
	char *to = *cleaned;
	for (const char *from = *cleaned; *from;) {
		size_t skipped = forbidden(from);
		if (skipped)
			from += skipped;
		else
			*to++ = *from++;
	}
	*to = '\0';
	return *cleaned;
}

/* ---- databases_lock ---- */

static const xmlChar *as_xml(const char *text)
{
	return (const xmlChar *)text;
}

void xml_begin(struct xml *xml, const char *element)
{
	check(xml, lib.xmlTextWriterStartElement(xml->writer, as_xml(element)));
}

void xml_end(struct xml *xml)
{
	check(xml, lib.xmlTextWriterEndElement(xml->writer));
}

void xml_attribute(struct xml *xml, const char *name, const char *value)
{
	AUTO(text_free) char *cleaned = NULL;
	const char *safe = value ? clean(xml, value, &cleaned) : NULL;

	if (safe)
		check(xml, lib.xmlTextWriterWriteAttribute(xml->writer, as_xml(name), as_xml(safe)));
}

void xml_text(struct xml *xml, const char *text)
{
	AUTO(text_free) char *cleaned = NULL;
	const char *safe = clean(xml, text, &cleaned);

	if (safe)
		check(xml, lib.xmlTextWriterWriteString(xml->writer, as_xml(safe)));
}

void xml_element(struct xml *xml, const char *element, const char *text)
{
	if (!text)
		return;
	xml_begin(xml, element);
	xml_text(xml, text);
	xml_end(xml);
}

bool xml_close(struct xml **xml, struct error *err)
{
	struct xml *closed = *xml;
	bool too_large;

	check(closed, lib.xmlTextWriterEndDocument(closed->writer));
	check(closed, lib.xmlTextWriterFlush(closed->writer));
	too_large = !buf_ok(closed->out, err);
	bool failed = closed->failed;
	xml_discard(xml);
	return !too_large && (!failed || error_no_memory(err));
}

void xml_discard(struct xml **xml)
{
	if (!*xml)
		return;
	lib.xmlFreeTextWriter((*xml)->writer); /* with its output */
	free(*xml);
	*xml = NULL;
}
