/* A record of its own (database.h) with some content. */
#pragma once

#include "store/store.h"
#include "store/videos.h"

enum { FIXTURE_NOW = 1795341600 }; /* 2026-11-22T10:00:00Z */

/* An empty record. The caller's to close. */
struct store *fixture_store(void);

/* Saves a video with these texts as SOURCE at FIXTURE_NOW and returns its key; CHANNEL (a title) may be NULL. */
int64_t fixture_save(struct store *store, const char *id, const char *title, const char *description, const char *channel,
                     int64_t published_at, enum video_source source);

/* Tracks TEXT for the owner; notes that the query found the video. */
int64_t fixture_query(struct store *store, const char *text);
void fixture_match(struct store *store, int64_t query_id, int64_t seq);

/* Of many writes in a transaction, when DONE of them are done: every now and then it is committed and another one begun, as programs do. */
void fixture_commit_some(struct store *store, int done);

/* How many videos match; the record is checked for soundness too. */
int64_t fixture_count(struct store *store, const char *words, int64_t query_id);
void fixture_check(struct store *store);

/* Rebuilds what is wrong, which has to be something: the record is sound then. */
void fixture_repair(struct store *store);

/* Deletes the files of the database at PATH. */
void fixture_remove(const char *path);

/* A statement (store/statement.h) whose text may be a buffer of the caller's. */
struct statement *fixture_statement(struct store *store, const char *sql);

/* The number that a statement gives which no function of the store asks for: what lies in its tables. */
int64_t fixture_number(struct store *store, const char *sql);

/* From now on no video can be saved whose id is like PATTERN, as LIKE has it. */
void fixture_refuse(struct store *store, const char *pattern);

/* From now on there is no room for long descriptions. */
void fixture_fill_disk(struct store *store);

/* Runs one statement that changes what no function of the store does. */
void fixture_run(struct store *store, const char *sql);
