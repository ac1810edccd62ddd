/*
 * The database of the Django program that newsreel follows: tables FamPay_Task_video, FamPay_Task_searchquery, FamPay_Task_apikey. It is
 * opened read-only. Errors: as store.h says, and those of the comments.
 */
#pragma once

#include <stdint.h>

#include "base/error.h"

struct django;

struct django_query {
	int64_t id;
	const char *text;
};

/* A row as it stands there, not checked. Texts are borrowed until the next row is read, and may be NULL. */
struct django_video {
	const char *id; /* YouTube's */
	const char *title;
	const char *description;
	const char *published_at; /* "2024-10-19 15:53:24", UTC, perhaps with a fraction */
	const char *thumbnail_url;
	int64_t query; /* id of the query that found it, 0 = unknown */
};

/* Opens the file at PATH. Errors: ERR_NOT_FOUND; ERR_INVALID for a file without one of the tables, or without a column that is needed: named. */
MUST_USE bool django_open(const char *path, struct django **out, struct error *err);
void django_close(struct django **django);

/* The next row of each table, from the first on; *ANY is false after the last. */
MUST_USE bool django_next_query(struct django *django, struct django_query *out, bool *any, struct error *err);
MUST_USE bool django_next_video(struct django *django, struct django_video *out, bool *any, struct error *err);
MUST_USE bool django_next_key(struct django *django, const char **out, bool *any, struct error *err);
