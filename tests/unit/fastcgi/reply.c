#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "fastcgi/reply.h"

enum { REQUEST_ID = 0x0102, HEADER = 8, STDOUT = 6, END_REQUEST = 3, MANY_BYTES = 3 * 1000 * 1000 + 1 };

/* Both ends of a connection; a thread reads one to its end. */
struct wire {
	int ends[2];
	pthread_t reader;
	struct buf got;
};

static void *read_all(void *context)
{
	struct wire *wire = context;
	char chunk[1000];
	ssize_t got;

	while ((got = read(wire->ends[1], chunk, sizeof(chunk))) > 0)
		buf_add(&wire->got, chunk, (size_t)got);
	return NULL;
}

static void open_wire(struct wire *wire)
{
	*wire = (struct wire){.got = BUF(2 * MANY_BYTES)};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, wire->ends), 0);
	assert_int_equal(pthread_create(&wire->reader, NULL, read_all, wire), 0);
}

/* Takes the next record from *AT: its type, and its content appended to OUT. */
static int take_record(const struct buf *got, size_t *at, struct buf *out)
{
	const unsigned char *header = (const unsigned char *)got->data + *at;

	assert_true(got->len - *at >= HEADER);
	size_t len = (size_t)header[4] << 8 | header[5];
	assert_int_equal(header[0], 1);
	assert_int_equal(header[2] << 8 | header[3], REQUEST_ID);
	assert_true(got->len - *at >= HEADER + len + header[6]);
	buf_add(out, got->data + *at + HEADER, len);
	*at += HEADER + len + header[6];
	return header[1];
}

/* Ends the wire, and puts together what its records hold. *ENDED tells whether the end of the request was the last one. */
static void close_wire(struct wire *wire, struct buf *output, bool *ended)
{
	size_t at = 0;

	close(wire->ends[0]);
	pthread_join(wire->reader, NULL);
	close(wire->ends[1]);
	*ended = false;
	while (at < wire->got.len) {
		size_t before = output->len;

		assert_false(*ended);
		if (take_record(&wire->got, &at, output) == END_REQUEST) {
			assert_int_equal(output->len - before, 8);
			output->len = before;
			output->data[before] = '\0';
			*ended = true;
		}
	}
	buf_clear(&wire->got);
}

static struct reply reply_on(const struct wire *wire)
{
	return (struct reply){wire->ends[0], REQUEST_ID};
}

static void an_answer_has_its_bytes_and_an_end(void **state)
{
	static const unsigned char expected[] = {1,   STDOUT, 1,      2, 0, 6, 0, 0, 'h', 'e', 'a',         'd', '\n',
	                                         'B', 1,      STDOUT, 1, 2, 0, 0, 0, 0,   1,   END_REQUEST, 1,   2,
	                                         0,   8,      0,      0, 0, 0, 0, 0, 0,   0,   0,           0};
	struct wire wire;

	(void)state;
	open_wire(&wire);
	struct reply reply = reply_on(&wire);
	assert_true(reply_send(&reply, "head\n", 5, "B", 1, true));
	close(wire.ends[0]);
	pthread_join(wire.reader, NULL);
	close(wire.ends[1]);
	assert_int_equal(wire.got.len, sizeof(expected));
	assert_memory_equal(wire.got.data, expected, sizeof(expected));
	buf_clear(&wire.got);
}

static void a_large_body_is_many_records(void **state)
{
	AUTO(buf_clear) struct buf output = BUF(2 * MANY_BYTES);
	char *body = malloc(MANY_BYTES);
	struct wire wire;
	bool ended;

	(void)state;
	assert_non_null(body);
	for (size_t i = 0; i < MANY_BYTES; i++)
		body[i] = (char)(i * 31 >> 8);
	open_wire(&wire);
	struct reply reply = reply_on(&wire);
	assert_true(reply_send(&reply, "head", 4, body, MANY_BYTES, true));
	close_wire(&wire, &output, &ended);
	assert_true(ended);
	assert_int_equal(output.len, 4 + MANY_BYTES);
	assert_memory_equal(output.data, "head", 4);
	assert_memory_equal(output.data + 4, body, MANY_BYTES);
	free(body);
}

static void pieces_end_with_the_last_one(void **state)
{
	AUTO(buf_clear) struct buf output = BUF(100);
	struct wire wire;
	bool ended;

	(void)state;
	open_wire(&wire);
	struct reply reply = reply_on(&wire);
	assert_true(reply_send(&reply, "a", 1, "b", 1, false));
	assert_true(reply_send(&reply, "", 0, "c", 1, false));
	assert_true(reply_send(&reply, "", 0, "", 0, true));
	close_wire(&wire, &output, &ended);
	assert_true(ended);
	assert_string_equal(buf_text(&output), "abc");
}

static void a_cut_off_answer_has_no_end(void **state)
{
	AUTO(buf_clear) struct buf output = BUF(100);
	struct wire wire;
	bool ended;

	(void)state;
	open_wire(&wire);
	struct reply reply = reply_on(&wire);
	assert_true(reply_send(&reply, "a", 1, "b", 1, false));
	close_wire(&wire, &output, &ended);
	assert_false(ended);
	assert_string_equal(buf_text(&output), "ab");
}

static void a_reader_that_is_gone_is_told(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	close(ends[1]);
	struct reply reply = {ends[0], REQUEST_ID};
	assert_false(reply_send(&reply, "head", 4, "body", 4, true));
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_has_its_bytes_and_an_end), cmocka_unit_test(a_large_body_is_many_records),
	    cmocka_unit_test(pieces_end_with_the_last_one),       cmocka_unit_test(a_cut_off_answer_has_no_end),
	    cmocka_unit_test(a_reader_that_is_gone_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
