#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "template/xml.h"

enum { OUT_MAX = 64 * 1024 };

/* What a parser reads back of a document whose only element holds TEXT, as text and as attribute. */
static void assert_reads_back(const char *text, const char *expected)
{
	AUTO(buf_clear) struct buf out = BUF(OUT_MAX);
	AUTO(xml_discard) struct xml *xml = NULL;
	struct error err;

	assert_true(xml_open(&out, &xml, &err));
	xml_begin(xml, "a");
	xml_attribute(xml, "b", text);
	xml_text(xml, text);
	xml_end(xml);
	assert_true(xml_close(&xml, &err));
	xmlDocPtr doc = xmlReadMemory(buf_text(&out), (int)out.len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
	assert_non_null(doc);
	xmlNodePtr root = xmlDocGetRootElement(doc);
	xmlChar *content = xmlNodeGetContent(root);
	xmlChar *attribute = xmlGetProp(root, (const xmlChar *)"b");
	assert_string_equal((const char *)content, expected);
	assert_string_equal((const char *)attribute, expected);
	xmlFree(content);
	xmlFree(attribute);
	xmlFreeDoc(doc);
}

static void texts_come_back_as_they_were(void **state)
{
	static const char *const texts[] = {"",
	                                    "plain",
	                                    "<b> & \"quoted\" 'single' ]]> &amp;",
	                                    "日本語 👩‍🚀 \xEF\xBF\xBD",
	                                    "a\tb\nc\rd",
	                                    "<!-- <![CDATA[ <?xml"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_reads_back(texts[i], texts[i]);
}

static void what_xml_cannot_hold_is_left_out(void **state)
{
	(void)state;
	assert_reads_back("a\x01\x08\x0B\x0C\x0E\x1F"
	                  "b",
	                  "ab");
	assert_reads_back("a\xEF\xBF\xBE\xEF\xBF\xBF"
	                  "b\x7F",
	                  "ab\x7F");
	assert_reads_back("a\xFF"
	                  "b",
	                  "a\xEF\xBF\xBD"
	                  "b");
	assert_reads_back("\x1B", "");
}

static void a_document_that_is_too_large_is_told(void **state)
{
	AUTO(buf_clear) struct buf out = BUF(100);
	AUTO(xml_discard) struct xml *xml = NULL;
	struct error err = {0};

	(void)state;
	assert_true(xml_open(&out, &xml, &err));
	xml_begin(xml, "a");
	for (int i = 0; i < 1000; i++)
		xml_element(xml, "b", "0123456789");
	assert_false(xml_close(&xml, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_null(xml);
}

static void missing_values_leave_nothing(void **state)
{
	AUTO(buf_clear) struct buf out = BUF(OUT_MAX);
	AUTO(xml_discard) struct xml *xml = NULL;
	struct error err;

	(void)state;
	assert_true(xml_open(&out, &xml, &err));
	xml_begin(xml, "a");
	xml_attribute(xml, "b", NULL);
	xml_element(xml, "c", NULL);
	assert_true(xml_close(&xml, &err)); /* also ends the element */
	assert_string_equal(buf_text(&out), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts_come_back_as_they_were),
	    cmocka_unit_test(what_xml_cannot_hold_is_left_out),
	    cmocka_unit_test(a_document_that_is_too_large_is_told),
	    cmocka_unit_test(missing_values_leave_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
