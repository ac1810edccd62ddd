/* The benchmark of recording: three worlds, newsreel beside two plain strategies, faults, outages. Runs are made in processes of
 * their own, two at a time. usage: newsreel-recording OUTPUT (tests/bench/report.py says in which form) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "tests/bench/recording/race.h"

enum { WORLDS = 3, OUTAGES = 3, SEEDS_MAX = 20, SEEDS = 5, AT_ONCE = 2, FIGURES = sizeof(struct figures) / sizeof(double) };

/* What is run with every seed: a row of the table. */
enum { ROW_FAULTS = STRATEGY_COUNT, ROW_OUTAGE, ROWS = ROW_OUTAGE + OUTAGES };

static const struct race worlds[WORLDS] = {
    {.queries = 1, .per_day = 50, .days = 40},
    {.queries = 10, .per_day = 1000, .days = 7},
    {.queries = 30, .per_day = 3500, .days = 3},
};
static const int64_t outages[OUTAGES] = {SECONDS_PER_HOUR, 6 * SECONDS_PER_HOUR, 3 * SECONDS_PER_DAY};
static const char *const row_names[ROWS] = {"newsreel",         "even polling",      "naive",
                                            "newsreel, faults", "newsreel, out 1 h", "newsreel, out 6 h",
                                            "newsreel, out 3 d"};

static struct figures results[WORLDS][ROWS][SEEDS_MAX];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* ---- running ---- */

static struct race race_of(int world, int row, int seed)
{
	struct race race = worlds[world];

	race.seed = (uint64_t)seed + 1;
	race.strategy = row < STRATEGY_COUNT ? (enum strategy)row : NEWSREEL;
	race.faults = row == ROW_FAULTS;
	race.outage_s = row >= ROW_OUTAGE ? outages[row - ROW_OUTAGE] : 0;
	return race;
}

struct child {
	pid_t pid;
	int from;
	struct figures *into;
};

static struct child begin(const struct race *race, struct figures *into)
{
	int ends[2];

	if (pipe(ends) != 0)
		fail("pipe");
	pid_t pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		struct figures figures = race_run(race);
		_exit(write(ends[1], &figures, sizeof(figures)) == (ssize_t)sizeof(figures) ? 0 : 1);
	}
	close(ends[1]);
	return (struct child){.pid = pid, .from = ends[0], .into = into};
}

static void end(const struct child *child)
{
	int status;

	if (read(child->from, child->into, sizeof(*child->into)) != (ssize_t)sizeof(*child->into) ||
	    waitpid(child->pid, &status, 0) != child->pid || status != 0) {
		fprintf(stderr, "bench: a run failed\n");
		exit(1);
	}
	close(child->from);
}

static void run_all(int seeds)
{
	struct child children[AT_ONCE] = {{0}};
	int total = WORLDS * ROWS * seeds;

	for (int i = 0; i < total + AT_ONCE; i++) {
		struct child *child = &children[i % AT_ONCE];
		int seed = i % seeds;
		int row = i / seeds % ROWS;
		int world = i / seeds / ROWS;

		if (child->pid)
			end(child);
		*child = (struct child){0};
		fprintf(stderr, "\rrecording: %d of %d runs ", i < total ? i : total, total);
		if (i >= total)
			continue;
		struct race race = race_of(world, row, seed);
		*child = begin(&race, &results[world][row][seed]);
	}
	fprintf(stderr, "\n");
}

/* ---- figures ---- */

static int by_value(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return isnan(*x) ? !isnan(*y) : isnan(*y) ? -1 : *x < *y ? -1 : *x > *y;
}

/* The medians of every figure, each for itself. */
static struct figures medians(const struct figures *runs, int seeds)
{
	double all[FIGURES][SEEDS_MAX];
	double one[FIGURES];
	struct figures out;

	for (int seed = 0; seed < seeds; seed++) {
		memcpy(one, &runs[seed], sizeof(one));
		for (int i = 0; i < FIGURES; i++)
			all[i][seed] = one[i];
	}
	for (int i = 0; i < FIGURES; i++) {
		qsort(all[i], (size_t)seeds, sizeof(all[i][0]), by_value);
		one[i] = all[i][seeds / 2];
	}
	memcpy(&out, one, sizeof(out));
	return out;
}

/* The most of one figure, OFFSET bytes into the struct, over all runs of newsreel. */
static double most(size_t offset, int seeds)
{
	double found = 0;

	for (int world = 0; world < WORLDS; world++)
		for (int row = 0; row < ROWS; row++)
			for (int seed = 0; seed < seeds && row != EVEN_POLLING && row != NAIVE; seed++) {
				double value;
				memcpy(&value, (const char *)&results[world][row][seed] + offset, sizeof(value));
				found = value > found ? value : found;
			}
	return found;
}

/* ---- the tables ---- */

static void add_number(cJSON *row, double value, double factor)
{
	cJSON_AddItemToArray(row, isnan(value) ? cJSON_CreateNull() : cJSON_CreateNumber(round(value * factor * 100) / 100));
}

static cJSON *row_json(const char *name, const struct figures *f)
{
	cJSON *row = cJSON_CreateArray();

	cJSON_AddItemToArray(row, cJSON_CreateString(name));
	add_number(row, f->within_1h, 100);
	add_number(row, f->within_24h, 100);
	add_number(row, f->of_shown, 100);
	add_number(row, f->median_s, 1.0 / 60);
	add_number(row, f->p90_s, 1.0 / 60);
	add_number(row, f->searches, 1);
	add_number(row, f->units, 1);
	add_number(row, f->refused, 1);
	add_number(row, f->catch_up, 1);
	return row;
}

static cJSON *columns_json(void)
{
	static const char *const names[] = {"strategy", "in 1 h %",     "in 24 h %", "of shown %", "median min",
	                                    "p90 min",  "searches/day", "units/day", "refused",    "caught up, days"};
	cJSON *columns = cJSON_CreateArray();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cJSON_AddItemToArray(columns, cJSON_CreateString(names[i]));
	return columns;
}

static cJSON *table_json(int world, int seeds)
{
	cJSON *table = cJSON_CreateObject();
	char title[120];

	snprintf(title, sizeof(title), "%d %s, %.0f videos a day, counted for %d days", worlds[world].queries,
	         worlds[world].queries == 1 ? "query" : "queries", worlds[world].per_day, worlds[world].days);
	cJSON_AddStringToObject(table, "title", title);
	cJSON_AddItemToObject(table, "columns", columns_json());
	cJSON *rows = cJSON_AddArrayToObject(table, "rows");
	for (int row = 0; row < ROWS; row++) {
		struct figures figures = medians(results[world][row], seeds);
		if (row < ROW_OUTAGE)
			figures.catch_up = NAN;
		cJSON_AddItemToArray(rows, row_json(row_names[row], &figures));
	}
	return table;
}

/* ---- what it has to reach ---- */

static void add_target(cJSON *targets, const char *what, double measured, const char *relation, double bound)
{
	cJSON *target = cJSON_CreateObject();
	char text[40];

	snprintf(text, sizeof(text), "at %s %g", relation, round(bound * 100) / 100);
	cJSON_AddStringToObject(target, "what", what);
	cJSON_AddNumberToObject(target, "measured", round(measured * 100) / 100);
	cJSON_AddStringToObject(target, "target", text);
	cJSON_AddBoolToObject(target, "met", strcmp(relation, "least") == 0 ? measured >= bound : measured <= bound);
	cJSON_AddItemToArray(targets, target);
}

static void add_world_targets(cJSON *targets, int world, int seeds)
{
	static const double least[WORLDS] = {98.5, 98, 0};
	static const double median_most[WORLDS] = {1.15, 1.0, 0};
	struct figures own = medians(results[world][NEWSREEL], seeds);
	struct figures even = medians(results[world][EVEN_POLLING], seeds);
	struct figures faults = medians(results[world][ROW_FAULTS], seeds);
	double bound = world == 2 ? 100 * even.within_24h + 15 : fmax(least[world], 100 * even.within_24h);
	char what[160];

	snprintf(what, sizeof(what), "world %d: within 24 h, %% (even polling: %.2f)", world + 1, 100 * even.within_24h);
	add_target(targets, what, 100 * own.within_24h, "least", bound);
	snprintf(what, sizeof(what), "world %d: median delay by that of even polling", world + 1);
	if (median_most[world] > 0)
		add_target(targets, what, own.median_s / even.median_s, "most", median_most[world]);
	snprintf(what, sizeof(what), "world %d: points within 24 h that faults cost", world + 1);
	add_target(targets, what, 100 * (own.within_24h - faults.within_24h), "most", 1);
	for (int row = ROW_OUTAGE; row < ROWS; row++) {
		struct figures figures = medians(results[world][row], seeds);
		snprintf(what, sizeof(what), "world %d: within 24 h, from a day after the end, %s, %%", world + 1,
		         row_names[row]);
		add_target(targets, what, 100 * figures.within_24h, "least", bound);
	}
}

static void write_results(const char *path, int seeds)
{
	cJSON *json = cJSON_CreateObject();
	FILE *to = fopen(path, "w");

	if (!to)
		fail(path);
	cJSON_AddStringToObject(json, "part", "recording");
	cJSON_AddNumberToObject(cJSON_AddObjectToObject(json, "settings"), "seeds, medians quoted", seeds);
	cJSON *tables = cJSON_AddArrayToObject(json, "tables");
	cJSON *targets = cJSON_AddArrayToObject(json, "targets");
	for (int world = 0; world < WORLDS; world++) {
		cJSON_AddItemToArray(tables, table_json(world, seeds));
		add_world_targets(targets, world, seeds);
	}
	add_target(targets, "videos that the record claims and has not, any run", most(offsetof(struct figures, broken), seeds),
	           "most", 0);
	add_target(targets, "videos of an outage neither recorded nor in a gap, any run",
	           most(offsetof(struct figures, lost), seeds), "most", 0);
	add_target(targets, "searches on a Pacific day, any run", most(offsetof(struct figures, searches_most), seeds), "most",
	           100);
	add_target(targets, "units on a Pacific day, any run", most(offsetof(struct figures, units_most), seeds), "most", 10000);
	add_target(targets, "calls after exhaustion, any run", most(offsetof(struct figures, refused), seeds), "most", 2);
	char *text = cJSON_Print(json);
	bool done = text && fputs(text, to) >= 0;
	if (fclose(to) != 0 || !done)
		fail(path);
	cJSON_free(text);
	cJSON_Delete(json);
}

int main(int argc, char **argv)
{
	const char *wanted = getenv("BENCH_SEEDS");
	int64_t seeds = SEEDS;

	if (argc != 2 || (wanted && !text_int(wanted, 1, SEEDS_MAX, &seeds))) {
		fprintf(stderr, "usage: newsreel-recording OUTPUT, with BENCH_SEEDS from 1 to %d\n", SEEDS_MAX);
		return 2;
	}
	run_all((int)seeds);
	write_results(argv[1], (int)seeds);
	return 0;
}
