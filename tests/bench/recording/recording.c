/* The benchmark of recording: worlds that YouTube may be, newsreel beside plain strategies, faults, outages. Runs are made in
 * processes of their own, two at a time. usage: newsreel-recording OUTPUT (tests/bench/report.py says in which form) */
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

#define CORPUS "../shared/youtube/corpus.ndjson.gz"

enum { SEEDS_MAX = 20, SEEDS = 5, AT_ONCE = 2, FIGURES = sizeof(struct figures) / sizeof(double) };

/* How a world is run with every seed: a row of its table. */
static const struct row {
	const char *name;
	enum strategy strategy;
	bool plain; /* nothing goes wrong */
	int64_t outage_s;
	bool everywhere;          /* in every world, not only in the first one … */
	bool scouts;              /* … in that of quiet queries, which share searches: */
	enum operators operators; /* what YouTube gives for these */
} rows[] = {
    {.name = "newsreel", .strategy = NEWSREEL, .everywhere = true},
    {.name = "newsreel with push", .strategy = NEWSREEL_PUSH, .everywhere = true},
    {.name = "search alone", .strategy = SEARCH_ALONE, .everywhere = true},
    {.name = "even polling", .strategy = EVEN_POLLING, .everywhere = true},
    {.name = "newsreel with scouts", .strategy = NEWSREEL, .scouts = true, .operators = OPERATORS_UNION},
    {.name = "newsreel with scouts, no union", .strategy = NEWSREEL, .scouts = true, .operators = OPERATORS_FEW},
    {.name = "naive", .strategy = NAIVE},
    {.name = "newsreel, no faults", .strategy = NEWSREEL, .plain = true},
    {.name = "newsreel, out 1 h", .strategy = NEWSREEL, .outage_s = SECONDS_PER_HOUR},
    {.name = "newsreel, out 6 h", .strategy = NEWSREEL, .outage_s = 6 * SECONDS_PER_HOUR},
    {.name = "newsreel, out 3 d", .strategy = NEWSREEL, .outage_s = 3 * SECONDS_PER_DAY},
};

enum {
	ROWS = sizeof(rows) / sizeof(rows[0]),
	ROW_NEWSREEL = 0,
	ROW_PUSH,
	ROW_SEARCH,
	ROW_EVEN,
	ROW_SCOUTS,
	ROW_NO_UNION,
	ROW_NAIVE,
	ROW_PLAIN,
	ROW_OUTAGE
};

static const struct world {
	const char *name;
	struct race race;
	/* What newsreel is to reach without push, and with it: percent at least, minutes at most; 0 = no target. */
	struct goal {
		double within_24h, median_min;
	} alone, pushed;
} worlds[] = {
    {"10 queries, 1,000 videos a day", {.queries = 10, .per_day = 1000, .days = 3}, {99, 45}, {99.3, 3}},
    {"30 queries, 3,000 videos a day", {.queries = 30, .per_day = 3000, .days = 3}, {95, 150}, {97, 5}},
    {"30 quiet queries, 20 videos a day each", {.queries = 30, .per_day = 600, .alike = true, .days = 3}, {99, 210}, {99, 140}},
    {"search hides 20 %", {.queries = 10, .per_day = 1000, .hidden = 0.2, .days = 3}, {94, 0}, {96, 0}},
    {"best 100 of the window", {.queries = 10, .per_day = 1000, .pool = 100, .days = 3}, {98.5, 0}, {0, 0}},
    {"no order", {.queries = 10, .per_day = 1000, .unordered = true, .days = 3}, {98.5, 0}, {0, 0}},
    {"10 % omitted for hours", {.queries = 10, .per_day = 1000, .omitted = 0.1, .days = 3}, {0, 0}, {0, 0}},
};

static const struct goal scouts_goal = {98, 75}; /* where `|` is a union */

enum { WORLDS = sizeof(worlds) / sizeof(worlds[0]) };

static struct figures results[WORLDS][ROWS][SEEDS_MAX];

/* What the environment asks for: BENCH_SEEDS, BENCH_WORLD (a part of its name), BENCH_ROW (a whole name, or a part of some). */
struct wanted {
	int64_t seeds;
	const char *world, *row;
	struct corpus *corpus;
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Whether ROW is one of WORLD's table. */
static bool is_run(int world, int row)
{
	if (rows[row].scouts)
		return worlds[world].race.alike;
	return world == 0 || rows[row].everywhere;
}

static bool is_wanted(const struct wanted *wanted, int world, int row)
{
	bool exact = false;

	for (int i = 0; i < ROWS; i++)
		exact = exact || strcmp(rows[i].name, wanted->row) == 0;
	return is_run(world, row) && strstr(worlds[world].name, wanted->world) &&
	       (exact ? strcmp(rows[row].name, wanted->row) == 0 : strstr(rows[row].name, wanted->row) != NULL);
}

/* ---- running ---- */

static struct race race_of(const struct wanted *wanted, int world, int row, int seed)
{
	struct race race = worlds[world].race;

	race.corpus = wanted->corpus;
	race.seed = (uint64_t)seed + 1;
	race.strategy = rows[row].strategy;
	race.scouts = rows[row].scouts;
	race.operators = rows[row].operators;
	race.faults = !rows[row].plain;
	race.outage_s = rows[row].outage_s;
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

/* A run that is to be made. */
struct job {
	int world, row, seed;
};

static int list_jobs(const struct wanted *wanted, struct job jobs[WORLDS * ROWS * SEEDS_MAX])
{
	int count = 0;

	for (int world = 0; world < WORLDS; world++)
		for (int row = 0; row < ROWS; row++)
			for (int seed = 0; seed < wanted->seeds && is_wanted(wanted, world, row); seed++)
				jobs[count++] = (struct job){world, row, seed};
	return count;
}

static void run_all(const struct wanted *wanted)
{
	static struct job jobs[WORLDS * ROWS * SEEDS_MAX];
	struct child children[AT_ONCE] = {{0}};
	int total = list_jobs(wanted, jobs);

	for (int i = 0; i < total + AT_ONCE; i++) {
		struct child *child = &children[i % AT_ONCE];

		if (child->pid)
			end(child);
		*child = (struct child){0};
		fprintf(stderr, "\rrecording: %d of %d runs ", i < total ? i : total, total);
		if (i >= total)
			continue;
		struct race race = race_of(wanted, jobs[i].world, jobs[i].row, jobs[i].seed);
		*child = begin(&race, &results[jobs[i].world][jobs[i].row][jobs[i].seed]);
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
static struct figures medians(const struct figures *runs, int64_t seeds)
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

/* The most of what OF gives, over all runs of newsreel. */
static double most(double (*of)(const struct figures *), const struct wanted *wanted)
{
	double found = 0;

	for (int world = 0; world < WORLDS; world++)
		for (int row = 0; row < ROWS; row++)
			for (int seed = 0; seed < wanted->seeds && rows[row].strategy <= SEARCH_ALONE; seed++)
				found = fmax(found, of(&results[world][row][seed]));
	return found;
}

/* By how many the missing videos exceed 1.3 times what was said of them. */
static double unsaid(const struct figures *f)
{
	return fmax(0, f->broken - 1.3 * f->said);
}

static double lost(const struct figures *f)
{
	return fmax(0, f->lost - 1.3 * f->said);
}

static double searches_most(const struct figures *f)
{
	return f->searches_most;
}

static double units_most(const struct figures *f)
{
	return f->units_most;
}

static double refused(const struct figures *f)
{
	return f->refused;
}

/* ---- the tables ---- */

static void add_number(cJSON *row, double value, double factor)
{
	cJSON_AddItemToArray(row, isfinite(value) ? cJSON_CreateNumber(round(value * factor * 100) / 100) : cJSON_CreateNull());
}

static cJSON *row_json(int row, const struct figures *f)
{
	bool newsreel = rows[row].strategy <= SEARCH_ALONE;
	cJSON *json = cJSON_CreateArray();

	cJSON_AddItemToArray(json, cJSON_CreateString(rows[row].name));
	add_number(json, f->per_day, 1);
	add_number(json, newsreel ? f->channels : NAN, 1);
	add_number(json, newsreel ? f->followed : NAN, 100);
	add_number(json, f->within_1h, 100);
	add_number(json, f->within_24h, 100);
	add_number(json, f->of_shown, 100);
	add_number(json, f->median_s, 1.0 / 60);
	add_number(json, f->p90_s, 1.0 / 60);
	add_number(json, newsreel ? f->broken : NAN, 1);
	add_number(json, newsreel ? f->said : NAN, 1);
	add_number(json, f->searches, 1);
	add_number(json, f->units, 1);
	add_number(json, rows[row].outage_s ? f->catch_up : NAN, 1);
	return json;
}

static cJSON *columns_json(void)
{
	static const char *const names[] = {"strategy",  "videos/day",   "channels",   "of them %",      "in 1 h %",
	                                    "in 24 h %", "of shown %",   "median min", "p90 min",        "missing",
	                                    "said",      "searches/day", "units/day",  "caught up, days"};
	cJSON *columns = cJSON_CreateArray();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cJSON_AddItemToArray(columns, cJSON_CreateString(names[i]));
	return columns;
}

static cJSON *table_json(int world, const struct wanted *wanted)
{
	cJSON *table = cJSON_CreateObject();
	char title[120];

	snprintf(title, sizeof(title), "%s, counted for %d days", worlds[world].name, worlds[world].race.days);
	cJSON_AddStringToObject(table, "title", title);
	cJSON_AddItemToObject(table, "columns", columns_json());
	cJSON *list = cJSON_AddArrayToObject(table, "rows");
	for (int row = 0; row < ROWS; row++) {
		if (!is_wanted(wanted, world, row))
			continue;
		struct figures figures = medians(results[world][row], wanted->seeds);
		cJSON_AddItemToArray(list, row_json(row, &figures));
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

static void add_goal(cJSON *targets, int world, int row, const struct goal *goal, const struct wanted *wanted)
{
	struct figures figures = medians(results[world][row], wanted->seeds);
	char what[160];

	if (!is_wanted(wanted, world, row))
		return;
	snprintf(what, sizeof(what), "%s, %s: within 24 h, %%", worlds[world].name, rows[row].name);
	if (goal->within_24h > 0)
		add_target(targets, what, 100 * figures.within_24h, "least", goal->within_24h);
	snprintf(what, sizeof(what), "%s, %s: median minutes", worlds[world].name, rows[row].name);
	if (goal->median_min > 0)
		add_target(targets, what, figures.median_s / 60, "most", goal->median_min);
}

/* By how many points ROW is behind OTHER within 24 hours. */
static double behind(int world, int row, int other, const struct wanted *wanted)
{
	return 100 * (medians(results[world][other], wanted->seeds).within_24h -
	              medians(results[world][row], wanted->seeds).within_24h);
}

static void add_world_targets(cJSON *targets, int world, const struct wanted *wanted)
{
	char what[160];

	add_goal(targets, world, ROW_NEWSREEL, &worlds[world].alone, wanted);
	add_goal(targets, world, ROW_PUSH, &worlds[world].pushed, wanted);
	add_goal(targets, world, ROW_SCOUTS, &scouts_goal, wanted);
	if (is_wanted(wanted, world, ROW_NO_UNION) && is_wanted(wanted, world, ROW_NEWSREEL))
		add_target(targets, "within 24 h, points that scouts cost where | is no union",
		           behind(world, ROW_NO_UNION, ROW_NEWSREEL, wanted), "most", 0);
	snprintf(what, sizeof(what), "%s: within 24 h, points behind search alone", worlds[world].name);
	if (is_wanted(wanted, world, ROW_SEARCH) && is_wanted(wanted, world, ROW_NEWSREEL))
		add_target(targets, what, behind(world, ROW_NEWSREEL, ROW_SEARCH, wanted), "most", 0);
	if (is_wanted(wanted, world, ROW_PLAIN) && is_wanted(wanted, world, ROW_NEWSREEL))
		add_target(targets, "within 24 h, points that faults cost", behind(world, ROW_NEWSREEL, ROW_PLAIN, wanted),
		           "most", 1);
}

static void add_outage_targets(cJSON *targets, const struct wanted *wanted)
{
	char what[160];

	for (int row = ROW_OUTAGE; row < ROWS; row++) {
		if (!is_wanted(wanted, 0, row))
			continue;
		struct figures figures = medians(results[0][row], wanted->seeds);
		snprintf(what, sizeof(what), "within 24 h, from a day after the end, %s, %%", rows[row].name);
		add_target(targets, what, 100 * figures.within_24h, "least", 98);
	}
}

static void write_results(const char *path, const struct wanted *wanted)
{
	cJSON *json = cJSON_CreateObject();
	FILE *to = fopen(path, "w");

	if (!to)
		fail(path);
	cJSON_AddStringToObject(json, "part", "recording");
	cJSON *settings = cJSON_AddObjectToObject(json, "settings");
	cJSON_AddNumberToObject(settings, "seeds, medians quoted", (double)wanted->seeds);
	cJSON_AddStringToObject(settings, "channels", wanted->corpus ? "like those of the corpus" : "invented");
	cJSON *tables = cJSON_AddArrayToObject(json, "tables");
	cJSON *targets = cJSON_AddArrayToObject(json, "targets");
	for (int world = 0; world < WORLDS; world++) {
		if (strstr(worlds[world].name, wanted->world))
			cJSON_AddItemToArray(tables, table_json(world, wanted));
		add_world_targets(targets, world, wanted);
	}
	add_outage_targets(targets, wanted);
	add_target(targets, "videos missing beyond 1.3 times what coverage says, any run", most(unsaid, wanted), "most", 0);
	add_target(targets, "videos of an outage neither recorded nor in a gap, beyond the same, any run", most(lost, wanted),
	           "most", 0);
	add_target(targets, "searches on a Pacific day, any run", most(searches_most, wanted), "most", 100);
	add_target(targets, "units on a Pacific day, any run", most(units_most, wanted), "most", 10000);
	add_target(targets, "calls after exhaustion, any run", most(refused, wanted), "most", 2);
	char *text = cJSON_Print(json);
	bool done = text && fputs(text, to) >= 0;
	if (fclose(to) != 0 || !done)
		fail(path);
	cJSON_free(text);
	cJSON_Delete(json);
}

/* The variable NAME, empty when it is not set. */
static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static void open_corpus(struct wanted *wanted)
{
	const char *file = environment("NEWSREEL_CORPUS");
	struct error err;

	if (race_corpus_open(*file ? file : CORPUS, &wanted->corpus, &err))
		return;
	fprintf(stderr, "recording: %s; channels are invented\n", err.text);
}

int main(int argc, char **argv)
{
	const char *seeds = environment("BENCH_SEEDS");
	struct wanted wanted = {.seeds = SEEDS, .world = environment("BENCH_WORLD"), .row = environment("BENCH_ROW")};

	if (argc != 2 || (*seeds && !text_int(seeds, 1, SEEDS_MAX, &wanted.seeds))) {
		fprintf(stderr, "usage: newsreel-recording OUTPUT, with BENCH_SEEDS from 1 to %d, BENCH_WORLD, BENCH_ROW\n",
		        SEEDS_MAX);
		return 2;
	}
	open_corpus(&wanted);
	run_all(&wanted);
	write_results(argv[1], &wanted);
	corpus_close(&wanted.corpus);
	return 0;
}
