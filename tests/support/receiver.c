#define _GNU_SOURCE /* strcasestr */
#include "tests/support/receiver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { REQUEST_MAX = 1024 * 1024 };

static uint64_t chance(struct receiver *receiver)
{
	receiver->random ^= receiver->random << 13;
	receiver->random ^= receiver->random >> 7;
	receiver->random ^= receiver->random << 17;
	return receiver->random;
}

/* Reads a request; the body begins at the returned place, NULL: the sender went. */
static char *read_request(int connection, char *buffer)
{
	size_t len = 0, wanted = 0;
	char *body = NULL;

	while (len < REQUEST_MAX - 1 && (!body || len < wanted)) {
		ssize_t got = read(connection, buffer + len, REQUEST_MAX - 1 - len);

		if (got <= 0)
			return NULL;
		len += (size_t)got;
		buffer[len] = '\0';
		if (!body && strstr(buffer, "\r\n\r\n")) {
			const char *length = strcasestr(buffer, "content-length:");

			body = strstr(buffer, "\r\n\r\n") + 4;
			wanted = (size_t)(body - buffer) + (length ? strtoul(length + 15, NULL, 10) : 0);
		}
	}
	return body;
}

static void keep(struct receiver *receiver, const char *head, const char *body)
{
	const char *id = strcasestr(head, "webhook-id: ");
	struct received *more = realloc(receiver->items, (receiver->count + 1) * sizeof(*more));

	if (!more)
		abort();
	receiver->items = more;
	struct received *item = &more[receiver->count++];
	*item = (struct received){.body = strdup(body)};
	if (id)
		snprintf(item->id, sizeof(item->id), "%.*s", (int)strcspn(id + 12, "\r"), id + 12);
}

/* What to answer; the message is kept before. */
static int decide(struct receiver *receiver, const char *head, const char *body)
{
	uint64_t dice = chance(receiver) >> 20;
	int status = 200;

	pthread_mutex_lock(&receiver->guard);
	receiver->requests++;
	if (receiver->mode == RECEIVER_ANSWERS)
		status = receiver->status;
	else if (receiver->mode == RECEIVER_TAKES_HALF && dice % 2)
		status = 503;
	if (status == 200 || (receiver->mode == RECEIVER_TAKES_HALF && dice % 4 == 1))
		keep(receiver, head, body);
	pthread_mutex_unlock(&receiver->guard);
	return status;
}

static void serve(struct receiver *receiver, int connection, char *buffer)
{
	char answer[200], wait[40] = "";
	char *body = read_request(connection, buffer);

	if (!body)
		return;
	body[-1] = '\0';
	int status = decide(receiver, buffer, body);
	if (receiver->retry_after)
		snprintf(wait, sizeof(wait), "Retry-After: %d\r\n", receiver->retry_after);
	snprintf(answer, sizeof(answer), "HTTP/1.1 %d x\r\nContent-Length: 0\r\nConnection: close\r\n%s\r\n", status, wait);
	if (send(connection, answer, strlen(answer), MSG_NOSIGNAL) < 0)
		return;
}

static void *run(void *context)
{
	struct receiver *receiver = context;
	char *buffer = malloc(REQUEST_MAX);

	for (;;) {
		int connection = accept(receiver->listening, NULL, NULL);

		if (connection < 0)
			break;
		if (receiver->mode == RECEIVER_HANGS)
			continue; /* left open: nobody answers */
		serve(receiver, connection, buffer);
		close(connection);
	}
	free(buffer);
	return NULL;
}

void receiver_start(struct receiver *receiver, uint64_t seed)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);

	*receiver = (struct receiver){.random = seed | 1, .listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	assert_int_equal(pthread_mutex_init(&receiver->guard, NULL), 0);
	assert_int_equal(bind(receiver->listening, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(receiver->listening, 64), 0);
	assert_int_equal(getsockname(receiver->listening, (struct sockaddr *)&address, &len), 0);
	receiver->port = ntohs(address.sin_port);
	assert_int_equal(pthread_create(&receiver->thread, NULL, run, receiver), 0);
}

void receiver_stop(struct receiver *receiver)
{
	shutdown(receiver->listening, SHUT_RDWR);
	pthread_join(receiver->thread, NULL);
	close(receiver->listening);
	for (size_t i = 0; i < receiver->count; i++)
		free(receiver->items[i].body);
	free(receiver->items);
	pthread_mutex_destroy(&receiver->guard);
}

size_t receiver_count(struct receiver *receiver)
{
	pthread_mutex_lock(&receiver->guard);
	size_t count = receiver->count;
	pthread_mutex_unlock(&receiver->guard);
	return count;
}
