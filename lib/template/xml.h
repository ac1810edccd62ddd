/*
 * XML, well-formed whatever the texts hold. The only part that knows libxml2.
 *
 *	struct xml *xml; xml_open(&body, &xml, err)
 *	xml_begin(xml, "entry"); xml_attribute(xml, "href", url); xml_text(xml, text); xml_end(xml);
 *	xml_close(&xml, err)
 *
 * Texts are UTF-8 and escaped here; characters that XML 1.0 cannot hold (most control characters) are left out. Failures are
 * remembered and told once, by xml_close().
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"

struct xml;

/* Begins a document that is appended to OUT (borrowed). Errors: ERR_NO_MEMORY; ERR_INTERNAL without libxml2. */
MUST_USE bool xml_open(struct buf *out, struct xml **xml, struct error *err);

void xml_begin(struct xml *xml, const char *element);
void xml_end(struct xml *xml);

/* Of the element just begun; without effect when VALUE is NULL. */
void xml_attribute(struct xml *xml, const char *name, const char *value);
void xml_text(struct xml *xml, const char *text);

/* <element>text</element>; without effect when TEXT is NULL. */
void xml_element(struct xml *xml, const char *element, const char *text);

/* Ends every open element and the document, and sets *XML to NULL. Errors: ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool xml_close(struct xml **xml, struct error *err);

/* Releases what xml_close() did not: AUTO(xml_discard) struct xml *xml = NULL; */
void xml_discard(struct xml **xml);
