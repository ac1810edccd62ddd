/*
 * An answer on its way to nginx: the records of FastCGI 1.0 in which the standard output of a request travels, written straight
 * to its connection, an answer in one system call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct reply {
	int connection;
	int request_id; /* FastCGI's number of the request on its connection */
};

/* Sends HEAD and BODY; with LAST also the records that end the answer. False when nobody reads any more. */
bool reply_send(const struct reply *reply, const char *head, size_t head_len, const char *body, size_t body_len, bool last);
