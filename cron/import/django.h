/* Import from the Django program that newsreel follows (store/files/django.h): its videos, tracked queries, and which found which. */
#pragma once

#include "cron/import/importer.h"

struct django_import {
	struct import_result videos; /* lines: rows of the table of videos */
	int64_t queries_added;       /* resumed ones too */
	int64_t queries_known;
	int64_t queries_skipped; /* texts that cannot be queries */
	int64_t keys_added;
	int64_t keys_known;
	int64_t keys_skipped;  /* texts that cannot be keys */
	int64_t keys_left_out; /* without WITH_KEYS */
};

/* Imports from the database at PATH into STORE, its API keys only WITH_KEYS, with progress on PROGRESS as import_videos(). *OUT tells what was
 * committed, also when it fails. Errors: as django_open(). */
MUST_USE bool import_django(struct store *store, const char *path, bool with_keys, FILE *progress, const struct clock *clock,
                            struct django_import *out, struct error *err);
