/* newsreel-sim: the command line of the simulator. */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/quota_day.h"
#include "base/log.h"
#include "base/text.h"
#include "base/text_list.h"
#include "tests/sim/server.h"

enum { SLOW_MS = 5000 };

struct program {
	struct server server;
	struct world *world;
	struct world_options options;
	struct hub hub;
	struct text_list queries; /* to be known from the start */
	const char *like;         /* file of the corpus that channels are made after; NULL: none */
	struct corpus *model;
	struct text_list like_topics;
	bool done; /* --help */
};

static void program_close(struct program *program)
{
	hub_clear(&program->hub);
	world_close(&program->world);
	corpus_close(&program->model);
	text_list_clear(&program->queries);
	text_list_clear(&program->like_topics);
}

static void print_help(void)
{
	fputs(
	    "Usage: newsreel-sim [OPTION]...\n"
	    "\n"
	    "Stands in for YouTube on 127.0.0.1: the Data API at /youtube/v3 (search, videos, channels, playlistItems), the "
	    "feeds\n"
	    "of channels at /feeds/videos.xml, a WebSub hub at /subscribe that sends to loopback only. Its videos are invented, "
	    "and the same for the same seed.\n"
	    "\n"
	    "  --port N             port to listen on (0: any free one)\n"
	    "  --port-file FILE     write the port there when it listens\n"
	    "  --seed N             of the world and of chance (1)\n"
	    "  --rate N             videos a day of every query (its own: half of them have less than 40)\n"
	    "  --lag MINUTES        median time from publication to search results (12)\n"
	    "  --query TEXT         know this query's videos by id from the start; may be repeated\n"
	    "  --corpus FILE        real videos from NDJSON instead, gzipped or not\n"
	    "  --corpus-shift S     seconds to add to their times of publication\n"
	    "  --pictures BASE      base of thumbnail URLs (its own address; '' = relative to the site)\n"
	    "  --key KEY[:PROJECT[:SEARCHES[:UNITS]]]   a good key; may be repeated\n"
	    "  --log-json           lines of the log as JSON\n"
	    "  --any-key            every well-formed key is good, with a project of its own\n"
	    "  --pool N             search takes so many videos of a window, the most popular, and sorts those (0: all)\n"
	    "  --operators NAME     what | and - do: union, tight (| binds tighter than a space, - is for the whole search),\n"
	    "                       few (only the first two sides of |), plain (nothing)\n"
	    "  --count-lag MINUTES  how late channels.list counts a channel's videos (0)\n"
	    "  --rhythm             channels have rates and hours of their own, and upload other videos too\n"
	    "  --like FILE          the same, after the channels of real videos from NDJSON\n"
	    "  --like-topic WORD    which of them: those whose titles have the word; may be repeated, a query takes one after "
	    "the other\n"
	    "  --slow MS            how long a slow answer takes (5000)\n"
	    "  --verbose, --help\n"
	    "\n"
	    "Shares are numbers from 0 to 1:\n"
	    "  --faults NAME=SHARE[,NAME=SHARE]...   of calls: 503 html cut reset truncated length half_json empty_body slow\n"
	    "                                        burst spent forbidden delegation no_results\n"
	    "  --quirks NAME=SHARE[,NAME=SHARE]...\n"
	    "       of search items: without_snippet, untitled, swapped with the next one, withheld from a page\n"
	    "       of searches: endless (an empty page follows the last one), unordered (order=date has no effect),\n"
	    "                    unbounded (the window has no effect)\n"
	    "       of videos.list's items: dropped although they are there\n"
	    "       of hours: feed_spells, in which a channel's feed is not to be had; hub_spells, in which the hub answers 503\n"
	    "       of the hub's notifications: duplicates, which come twice, lost, delayed by minutes to hours\n"
	    "       of requests to the hub: denied, which it denies; lapsed, whose leases end after half of their time\n"
	    "       of videos: late or never in the index, misdated there, stream, gone, back after that, renamed,\n"
	    "                  omitted from the index for six hours at a time\n"
	    "\n"
	    "While it runs:\n"
	    "  POST /control/fault?kind=KIND[&count=N][&method=METHOD][&then=1]\n"
	    "       the next N calls of METHOD (search videos channels playlistItems feed hub; none: any) go wrong: by a fault's "
	    "name "
	    "as\n"
	    "       above, or refused for a reason of YouTube's (API_KEY_EXPIRED, playlistNotFound, 414, ...);\n"
	    "       then=1 adds a step to the script instead of beginning a new one\n"
	    "  POST /control/shares?NAME=SHARE[&NAME=SHARE]...   the same as --faults\n"
	    "  POST /control/quirks?NAME=SHARE[&NAME=SHARE]...   as --quirks, but for what is of videos; also pool=N\n"
	    "  POST /control/key?key=KEY&state=STATE             good invalid expired api_off restricted suspended\n"
	    "  GET  /control/calls                               calls and use by project\n",
	    stdout);
}

/* ---- values ---- */

static bool read_decimal(const char *text, double max, double *out)
{
	char *end;

	*out = strtod(text, &end);
	return end != text && !*end && *out >= 0 && *out <= max;
}

static bool set_number(const char *text, int64_t min, int64_t max, int64_t *out, struct error *err)
{
	return text_int(text, min, max, out) || error_set(err, ERR_INVALID, "'%.40s' is not allowed here", text);
}

static bool set_decimal(const char *text, double *out, struct error *err)
{
	return read_decimal(text, 1e9, out) || error_set(err, ERR_INVALID, "'%.40s' is not allowed here", text);
}

/* "KEY:PROJECT:SEARCHES:UNITS" */
static bool add_key(struct program *program, const char *text, struct error *err)
{
	AUTO(text_list_clear) struct text_list parts = {0};
	int64_t limits[2] = {-1, -1};

	if (!text_list_split(text, ':', &parts, err))
		return false;
	for (size_t i = 0; i < 2 && i + 2 < parts.count; i++)
		if (!text_int(parts.items[i + 2], 0, INT64_MAX, &limits[i]))
			return error_set(err, ERR_INVALID, "--key: '%s' is no limit", parts.items[i + 2]);
	return (parts.count > 0 || error_set(err, ERR_INVALID, "--key: no key")) &&
	       projects_add(&program->server.sim.projects, parts.items[0], parts.count > 1 ? parts.items[1] : NULL, limits[0],
	                    limits[1], err);
}

/* ---- lists of shares ---- */

static double *fault_share(struct program *program, const char *name)
{
	enum fault fault;

	return fault_of(name, &fault) && fault != FAULT_REFUSED ? &program->server.sim.faults.share[fault] : NULL;
}

static double *quirk_share(struct program *program, const char *name)
{
	struct fate_options *fate = &program->options.fate;
	const struct {
		const char *name;
		double *share;
	} quirks[] = {
	    {"late", &fate->late_share},       {"never", &fate->never_share},     {"misdated", &fate->misdated_share},
	    {"stream", &fate->stream_share},   {"gone", &fate->gone_share},       {"back", &fate->back_share},
	    {"renamed", &fate->renamed_share}, {"omitted", &fate->omitted_share},
	};

	for (size_t i = 0; i < sizeof(quirks) / sizeof(quirks[0]); i++)
		if (strcmp(quirks[i].name, name) == 0)
			return quirks[i].share;
	return sim_quirk(&program->server.sim, name);
}

/* "NAME=SHARE,NAME=SHARE" */
static bool set_shares(struct program *program, const char *text, double *(*find)(struct program *, const char *),
                       struct error *err)
{
	AUTO(text_list_clear) struct text_list parts = {0};

	if (!text_list_split(text, ',', &parts, err))
		return false;
	for (size_t i = 0; i < parts.count; i++) {
		char *equals = strchr(parts.items[i], '=');

		if (equals)
			*equals = '\0';
		double *share = find(program, parts.items[i]);
		if (!equals || !share || !read_decimal(equals + 1, 1, share))
			return error_set(err, ERR_INVALID, "'%s' is none of the names, or has no share between 0 and 1",
			                 parts.items[i]);
	}
	return true;
}

/* ---- options ---- */

enum {
	OPTION_PORT = 1,
	OPTION_PORT_FILE,
	OPTION_SEED,
	OPTION_RATE,
	OPTION_LAG,
	OPTION_QUERY,
	OPTION_CORPUS,
	OPTION_SHIFT,
	OPTION_PICTURES,
	OPTION_KEY,
	OPTION_ANY_KEY,
	OPTION_LOG_JSON,
	OPTION_POOL,
	OPTION_OPERATORS,
	OPTION_COUNT_LAG,
	OPTION_RHYTHM,
	OPTION_LIKE,
	OPTION_LIKE_TOPIC,
	OPTION_SLOW,
	OPTION_FAULTS,
	OPTION_QUIRKS,
	OPTION_VERBOSE,
	OPTION_HELP
};

static const struct option long_options[] = {
    {"port", required_argument, NULL, OPTION_PORT},
    {"port-file", required_argument, NULL, OPTION_PORT_FILE},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"rate", required_argument, NULL, OPTION_RATE},
    {"lag", required_argument, NULL, OPTION_LAG},
    {"query", required_argument, NULL, OPTION_QUERY},
    {"corpus", required_argument, NULL, OPTION_CORPUS},
    {"corpus-shift", required_argument, NULL, OPTION_SHIFT},
    {"pictures", required_argument, NULL, OPTION_PICTURES},
    {"key", required_argument, NULL, OPTION_KEY},
    {"any-key", no_argument, NULL, OPTION_ANY_KEY},
    {"log-json", no_argument, NULL, OPTION_LOG_JSON},
    {"pool", required_argument, NULL, OPTION_POOL},
    {"operators", required_argument, NULL, OPTION_OPERATORS},
    {"count-lag", required_argument, NULL, OPTION_COUNT_LAG},
    {"rhythm", no_argument, NULL, OPTION_RHYTHM},
    {"like", required_argument, NULL, OPTION_LIKE},
    {"like-topic", required_argument, NULL, OPTION_LIKE_TOPIC},
    {"slow", required_argument, NULL, OPTION_SLOW},
    {"faults", required_argument, NULL, OPTION_FAULTS},
    {"quirks", required_argument, NULL, OPTION_QUIRKS},
    {"verbose", no_argument, NULL, OPTION_VERBOSE},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bool set_option(struct program *program, int option, struct error *err)
{
	struct server *server = &program->server;
	struct world_options *world = &program->options;
	int64_t seed;

	switch (option) {
	case OPTION_PORT:
		return set_number(optarg, 0, 65535, &server->port, err);
	case OPTION_PORT_FILE:
		server->port_file = optarg;
		return true;
	case OPTION_SEED:
		if (!set_number(optarg, 0, INT64_MAX, &seed, err))
			return false;
		world->seed = (uint64_t)seed;
		return true;
	case OPTION_RATE:
		return set_decimal(optarg, &world->rate_per_day, err);
	case OPTION_LAG:
		if (!set_decimal(optarg, &world->fate.lag_median_s, err))
			return false;
		world->fate.lag_median_s *= 60;
		return true;
	case OPTION_QUERY:
		return text_list_add(&program->queries, optarg, err);
	case OPTION_CORPUS:
		world->corpus = optarg;
		return true;
	case OPTION_SHIFT:
		return set_number(optarg, INT64_MIN, INT64_MAX, &world->corpus_shift_s, err);
	case OPTION_PICTURES:
		server->pictures = optarg;
		return true;
	case OPTION_KEY:
		return add_key(program, optarg, err);
	case OPTION_LOG_JSON:
		log_set_format(LOG_FORMAT_JSON);
		return true;
	case OPTION_ANY_KEY:
		server->sim.projects.any_key = true;
		return true;
	case OPTION_POOL:
		return set_number(optarg, 0, INT32_MAX, &server->sim.pool, err);
	case OPTION_OPERATORS:
		return operators_of(optarg, &world->operators) ||
		       error_set(err, ERR_INVALID, "--operators: '%.40s' is none of plain, union, tight, few", optarg);
	case OPTION_COUNT_LAG:
		if (!set_number(optarg, 0, 1000000, &server->sim.count_lag_s, err))
			return false;
		server->sim.count_lag_s *= 60;
		return true;
	case OPTION_RHYTHM:
		world->rhythm = true;
		return true;
	case OPTION_LIKE:
		program->like = optarg;
		return true;
	case OPTION_LIKE_TOPIC:
		return text_list_add(&program->like_topics, optarg, err);
	case OPTION_SLOW:
		return set_number(optarg, 0, INT32_MAX, &server->slow_ms, err);
	case OPTION_FAULTS:
		return set_shares(program, optarg, fault_share, err);
	case OPTION_QUIRKS:
		return set_shares(program, optarg, quirk_share, err);
	case OPTION_VERBOSE:
		server->verbose = true;
		return true;
	case OPTION_HELP:
		print_help();
		program->done = true;
		return true;
	default:
		return error_set(err, ERR_INVALID, "wrong use: see --help");
	}
}

static bool read_options(struct program *program, int argc, char *argv[], struct error *err)
{
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (!set_option(program, option, err))
			return false;
	return optind == argc || error_set(err, ERR_INVALID, "there is nothing to do with '%.60s'", argv[optind]);
}

/* ---- running ---- */

static bool open_model(struct program *program, struct error *err)
{
	struct world_options *options = &program->options;

	if (!program->like)
		return true;
	if (program->like_topics.count == 0)
		return error_set(err, ERR_INVALID, "--like needs --like-topic");
	options->model_topics = (const char *const *)program->like_topics.items;
	options->model_topic_count = program->like_topics.count;
	if (!corpus_open(program->like, options->corpus_shift_s, &program->model, err))
		return false;
	options->model = program->model;
	return true;
}

static bool open_world(struct program *program, struct error *err)
{
	if (!open_model(program, err))
		return false;
	if (!world_open(&program->options, &program->world, err))
		return false;
	program->server.sim.world = program->world;
	program->server.sim.faults.rng = rng_from(program->options.seed);
	program->hub.seed = program->options.seed;
	for (size_t i = 0; i < program->queries.count; i++)
		if (!world_know(program->world, program->queries.items[i], err))
			return false;
	return true;
}

/* In all threads: only server_run() takes them. A shell may have started us with INT ignored. */
static void block_signals(sigset_t *signals)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};

	sigaction(SIGINT, &usual, NULL);
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	sigprocmask(SIG_BLOCK, signals, NULL);
}

int main(int argc, char *argv[])
{
	AUTO(program_close)
	struct program program = {.server = {.clock = clock_system(), .slow_ms = SLOW_MS, .lock = PTHREAD_MUTEX_INITIALIZER},
	                          .options = world_defaults()};
	struct error err;
	sigset_t signals;

	program.server.sim.hub = &program.hub;
	if (!read_options(&program, argc, argv, &err)) {
		fprintf(stderr, "newsreel-sim: %s\n", err.text);
		return 2;
	}
	if (program.done)
		return 0;
	block_signals(&signals);
	bool done = quota_day_open(&err) && open_world(&program, &err) && server_run(&program.server, &signals, &err);
	if (!done)
		fprintf(stderr, "newsreel-sim: %s\n", err.text);
	return done ? 0 : 1;
}
