/* All that a run needs, in a folder of its own: a database of its own, a simulated YouTube, a clock. */
#pragma once

#include "cron/cycle.h"
#include "tests/sim/hub/hub.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sim_transport.h"

/* Lies in memory that children share: what a run did at YouTube before it was killed is known. */
struct stage_youtube {
	struct sim sim;
	struct hub hub; /* of the simulator's, if that is to have one */
	struct fake_clock time;
};

/* A day's of a project: a tenth of YouTube's usual ones, as thousands of lists of channels a day would take minutes. */
enum { STAGE_UNITS = 1000 };

struct stage {
	char folder[64];
	char path[TEST_LOCATION_SIZE]; /* the database's location */
	struct store *store;
	struct store *reader; /* for stage_number() */
	struct config config;
	struct world *world;
	struct stage_youtube *youtube;
	struct sim_transport transport;
	struct cycle cycle;
};

/* A stage whose clock stands at START, with a world of these OPTIONS, an empty database, and neither keys nor queries. The caller's
 * to close. */
struct stage *stage_make(const struct world_options *options, int64_t start);
void stage_close(struct stage **stage);

/* A good key of project NUMBER; limits below 0 mean YouTube's usual searches, and STAGE_UNITS. */
void stage_add_key(struct stage *stage, const char *key, const char *number, int64_t searches, int64_t units);
void stage_add_query(struct stage *stage, const char *text);

/* Closes the database, opens it again. */
void stage_shut(struct stage *stage);
void stage_open(struct stage *stage);

/* One run, then nothing for the rest of the interval. Returns its failures. */
int64_t stage_run(struct stage *stage);
void stage_run_until(struct stage *stage, int64_t end);

/* The stage's time. */
int64_t stage_now(const struct stage *stage);

/* The number that SQL gives, read over a connection of its own; ID is its ?1, and may be NULL. */
int64_t stage_number(struct stage *stage, const char *sql, const char *id);
void stage_text(struct stage *stage, const char *sql, const char *id, char *out, size_t size);

/* Fails the test unless the database is sound, and every video that the index showed when its interval was last read is recorded,
 * be it by its id alone, or as gone. */
void stage_assert_sound(struct stage *stage);
void stage_assert_claims(struct stage *stage);

/* What only the lists of channels show. */
struct stage_lists {
	int hidden; /* videos that no search ever shows, */
	int beyond; /* and those of them that are not on the first page of their list */
};

/* Fails the test unless all that belongs to a query of what the lists of followed channels held at their last reading, announced from SINCE
 * on, is recorded, or gone since. */
struct stage_lists stage_assert_lists(struct stage *stage, int64_t since);

/* Fails the test unless each video of these IDS, which the hub named, waits for its look-up still, is recorded, or belongs to no query. Returns
 * how many are recorded. */
int stage_assert_told(struct stage *stage, const struct text_list *ids);
