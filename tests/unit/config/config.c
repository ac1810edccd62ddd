#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "config/config.h"

static char folder[] = "/tmp/newsreel-config.XXXXXX";
static char path[64];

static int set_up_all(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/.env", folder);
	return 0;
}

static int tear_down_all(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static bool load(const char *dotenv, struct config *out, struct error *err)
{
	write_file(path, dotenv);
	return config_load(path, out, err);
}

static void defaults_are_those_of_the_contract(void **state)
{
	AUTO(config_clear) struct config config = {0};
	struct error err;

	(void)state;
	assert_true(config_load("/nonexistent/.env", &config, &err));
	assert_int_equal(config.interval_s, 60);
	assert_string_equal(config.listen, "127.0.0.1:8080");
	assert_string_equal(config.data, "./data");
	assert_string_equal(config.public_url, "");
	assert_int_equal(config.start_days, 7);
	assert_int_equal(config.visitor_queries, 20);
	assert_int_equal(config.visitor_safe_search, SAFE_SEARCH_MODERATE);
	assert_int_equal(config.page_size, 20);
	assert_int_equal(config.searches_per_day, 100);
	assert_int_equal(config.units_per_day, 10000);
	assert_int_equal(config.refresh_days, 25);
	assert_int_equal(config.threads, 8);
	assert_int_equal(config.log_level, LOG_INFO);
	assert_string_equal(config.api_url, "https://www.googleapis.com/youtube/v3");
	assert_string_equal(config.hub_url, "https://pubsubhubbub.appspot.com/subscribe");
	assert_int_equal(config.rss, 0);
	assert_string_equal(config.rss_url, "https://www.youtube.com/feeds/videos.xml");
}

static void backups_older_than_youtube_allows_are_refused_with_the_reason(void **state)
{
	AUTO(config_clear) struct config config = {0};
	struct error err;

	(void)state;
	assert_true(load("NEWSREEL_BACKUP_DIR=/mnt/backups/\nNEWSREEL_BACKUP_AGE_DAYS=30\n", &config, &err));
	assert_string_equal(config.backup_dir, "/mnt/backups");
	assert_int_equal(config.backup_keep, 7);
	assert_int_equal(config.backup_age_days, 30);
	assert_false(load("NEWSREEL_BACKUP_AGE_DAYS=31\n", &config, &err));
	assert_string_equal(
	    err.text, "NEWSREEL_BACKUP_AGE_DAYS=31: a whole number from 1 to 30 is allowed: YouTube's rules let nobody keep "
		      "copies of its data for longer than 30 days");
}

static void dotenv_fills_what_the_environment_does_not_set(void **state)
{
	AUTO(config_clear) struct config config = {0};
	struct error err;

	(void)state;
	setenv("NEWSREEL_PAGE_SIZE", "30", 1);
	assert_true(load("# a comment\n\nNEWSREEL_PAGE_SIZE=40\n NEWSREEL_QUERIES = cats; dogs \"x\" # "
	                 "y;\r\nOTHER=1\nNEWSREEL_PUBLIC_URL=https://example.org/news/\n",
	                 &config, &err));
	unsetenv("NEWSREEL_PAGE_SIZE");
	assert_int_equal(config.page_size, 30);
	assert_int_equal(config.queries.count, 2);
	assert_string_equal(config.queries.items[0], "cats");
	assert_string_equal(config.queries.items[1], "dogs \"x\" # y");
	assert_string_equal(config.public_url, "https://example.org/news");
}

static void quotes_around_a_value_of_dotenv_do_not_count(void **state)
{
	AUTO(config_clear) struct config config = {0};
	AUTO(text_free) char *shown = NULL;
	struct error err;
	size_t len;

	(void)state;
	assert_true(load("NEWSREEL_QUERIES=\"moon landing;mars\"\nNEWSREEL_PAGE_SIZE='30'\n", &config, &err));
	assert_int_equal(config.page_size, 30);
	FILE *to = open_memstream(&shown, &len);
	assert_non_null(to);
	assert_true(config_print(&config, "NEWSREEL_QUERIES", to, &err));
	assert_int_equal(fclose(to), 0);
	assert_string_equal(shown, "moon landing;mars\n");
}

static void values_come_from_files_too(void **state)
{
	AUTO(config_clear) struct config config = {0};
	AUTO(config_clear) struct config both = {0};
	char keys[64];
	char line[256];
	struct error err;

	(void)state;
	snprintf(keys, sizeof(keys), "%s/keys", folder);
	write_file(keys, "key-a-0000000000000000,key-b-0000000000000000\n");
	snprintf(line, sizeof(line), "YOUTUBE_API_KEYS_FILE=%s\n", keys);
	assert_true(load(line, &config, &err));
	assert_int_equal(config.api_keys.count, 2);
	assert_string_equal(config.api_keys.items[1], "key-b-0000000000000000");
	snprintf(line, sizeof(line), "YOUTUBE_API_KEYS_FILE=%s\nYOUTUBE_API_KEYS=key-c-0000000000000000\n", keys);
	assert_false(load(line, &both, &err));
	assert_non_null(strstr(err.text, "both set"));
	unlink(keys);
	assert_false(load("YOUTUBE_API_KEYS_FILE=/nonexistent\n", &both, &err));
	assert_non_null(strstr(err.text, "YOUTUBE_API_KEYS_FILE"));
}

static void wrong_values_are_named_with_what_is_allowed(void **state)
{
	static const struct {
		const char *line, *word, *allowed;
	} cases[] = {
	    {"NEWSREEL_INTERVAL=0", "NEWSREEL_INTERVAL=0", "from 5 to 86400"},
	    {"NEWSREEL_INTERVAL=1m", "NEWSREEL_INTERVAL=1m", "whole number"},
	    {"NEWSREEL_PAGE_SIZE=101", "NEWSREEL_PAGE_SIZE=101", "from 1 to 100"},
	    {"NEWSREEL_REFRESH_DAYS=31", "NEWSREEL_REFRESH_DAYS=31", "from 1 to 30"},
	    {"NEWSREEL_LISTEN=8080", "NEWSREEL_LISTEN=8080", "ADDRESS:PORT"},
	    {"NEWSREEL_LISTEN=127.0.0.1:0", "NEWSREEL_LISTEN", "ADDRESS:PORT"},
	    {"NEWSREEL_LISTEN=1.2.3.4:80; evil", "NEWSREEL_LISTEN", "ADDRESS:PORT"},
	    {"NEWSREEL_LOG=loud", "NEWSREEL_LOG=loud", "error, warn, info or debug"},
	    {"NEWSREEL_PUBLIC_URL=example.org", "NEWSREEL_PUBLIC_URL=example.org", "https://"},
	    {"NEWSREEL_PUBLIC_URL=https://x/?a", "NEWSREEL_PUBLIC_URL", "https://"},
	    {"NEWSREEL_TRUSTED_PROXIES=10.0.0.0/8,here", "NEWSREEL_TRUSTED_PROXIES, entry 2", "10.0.0.0/8"},
	    {"NEWSREEL_TRUSTED_PROXIES=10.0.0.0/33", "NEWSREEL_TRUSTED_PROXIES", "10.0.0.0/8"},
	    {"NEWSREEL_ADMIN_TOKEN=short", "NEWSREEL_ADMIN_TOKEN", "at least 16"},
	    {"NEWSREEL_QUERIES=a\x01;b", "NEWSREEL_QUERIES, entry 1", "control"},
	    {"NEWSREEL_QUERIES=a;\u200B", "NEWSREEL_QUERIES, entry 2", "can be seen"},
	    {"NEWSREEL_QUERIES=https://youtu.be/dQw4w9WgXcQ", "NEWSREEL_QUERIES, entry 1", "address of a video"},
	    {"NEWSREEL_DATA=a;b", "NEWSREEL_DATA", "folder"},
	    {"NEWSREEL_INTERVALL=5", "NEWSREEL_INTERVALL", "no variable"},
	    {"just words", "line 1", "NAME=value"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(config_clear) struct config config = {0};
		struct error err = {0};

		assert_false(load(cases[i].line, &config, &err));
		assert_int_equal(err.code, ERR_INVALID);
		if (!strstr(err.text, cases[i].word) || !strstr(err.text, cases[i].allowed))
			fail_msg("%s: %s", cases[i].line, err.text);
	}
}

static void keys_and_tokens_show_nowhere(void **state)
{
	AUTO(config_clear) struct config config = {0};
	char *shown = NULL;
	size_t len = 0;
	struct error err;

	(void)state;
	assert_false(load("YOUTUBE_API_KEYS=secret with blanks and more\n", &config, &err));
	assert_null(strstr(err.text, "secret"));
	assert_false(load("NEWSREEL_ADMIN_TOKEN=secret\n", &config, &err));
	assert_null(strstr(err.text, "secret"));
	assert_true(
	    load("YOUTUBE_API_KEYS=AIzaSecretSecretSecretSecret\nNEWSREEL_ADMIN_TOKEN=secretsecretsecret\n", &config, &err));
	FILE *to = open_memstream(&shown, &len);
	assert_true(config_print(&config, "YOUTUBE_API_KEYS", to, &err));
	assert_true(config_print(&config, "NEWSREEL_ADMIN_TOKEN", to, &err));
	assert_true(config_print(&config, "NEWSREEL_INTERVAL", to, &err));
	assert_false(config_print(&config, "NEWSREEL_NOTHING", to, &err));
	fclose(to);
	assert_string_equal(shown, "AIza…cret\n…\n60\n");
	free(shown);
}

/* libpq's messages hold parts of a password that it takes for something else. */
static void a_database_s_password_has_its_special_characters_encoded(void **state)
{
	static const char *const urls[] = {
	    "mysql://me:secret@host/newsreel",        "postgresql://me:sec/ret@host/newsreel",
	    "postgresql://me:sec@ret@host/newsreel",  "postgresql://me:sec%ret@host/newsreel",
	    "postgresql://me:secret%2@host/newsreel", "postgresql://me:sec%00ret@host/newsreel",
	    "postgresql://me:secret/newsreel",        "postgresql://host/newsreel?password=a&secret"};
	AUTO(config_clear) struct config good = {0};
	AUTO(config_clear) struct config several = {0};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		AUTO(config_clear) struct config wrong = {0};
		char line[128];

		snprintf(line, sizeof(line), "NEWSREEL_DATABASE=%s\n", urls[i]);
		assert_false(load(line, &wrong, &err));
		assert_non_null(
		    strstr(err.text, "NEWSREEL_DATABASE: postgresql://USER:PASSWORD@HOST/NAME is allowed, or nothing"));
		assert_null(strstr(err.text, "ret"));
	}
	assert_true(load("NEWSREEL_DATABASE=postgresql://me:%40%2f?#:@[::1]:5432/newsreel?host=/run/postgresql\n", &good, &err));
	assert_true(load("NEWSREEL_DATABASE=postgresql://me@db1,db2:5433,[::1]:5432/"
	                 "newsreel?target_session_attrs=read-write&connect_timeout=3\n",
	                 &several, &err));
}

static void a_replica_is_of_a_database(void **state)
{
	AUTO(config_clear) struct config wrong = {0};
	struct error err;

	(void)state;
	assert_false(load("NEWSREEL_DATABASE_READ=postgresql://host/newsreel\n", &wrong, &err));
	assert_string_equal(err.text, "NEWSREEL_DATABASE_READ: NEWSREEL_DATABASE is to be set too, to the primary");
}

static void the_database_is_a_file_or_a_url_that_shows_nowhere(void **state)
{
	AUTO(config_clear) struct config file = {0};
	AUTO(config_clear) struct config remote = {0};
	AUTO(buf_clear) struct buf location = BUF(1000);
	char *shown = NULL;
	size_t len;
	struct error err;

	(void)state;
	assert_true(load("NEWSREEL_DATA=/d\n", &file, &err));
	assert_true(config_database(&file, &location, &err));
	assert_string_equal(buf_text(&location), "/d/newsreel.db");
	buf_clear(&location);
	assert_true(load("NEWSREEL_DATABASE=postgresql://me:secret@host/newsreel\n", &remote, &err));
	assert_true(config_database(&remote, &location, &err));
	assert_string_equal(buf_text(&location), "postgresql://me:secret@host/newsreel");
	FILE *to = open_memstream(&shown, &len);
	assert_true(config_print(&remote, "NEWSREEL_DATABASE", to, &err));
	fclose(to);
	assert_string_equal(shown, "…\n");
	free(shown);
}

static void ipv6_may_be_listened_on(void **state)
{
	AUTO(config_clear) struct config config = {0};
	struct error err;

	(void)state;
	assert_true(load("NEWSREEL_LISTEN=[::]:8080\nNEWSREEL_TRUSTED_PROXIES=::1,fd00::/8,10.1.2.3\n", &config, &err));
	assert_string_equal(config.listen, "[::]:8080");
	assert_int_equal(config.trusted_proxies.count, 3);
}

static void sites_that_may_show_frames_are_origins(void **state)
{
	static const char *const bad[] = {"example.org",       "https://example.org/news", "https://example.org/",
	                                  "ftp://example.org", "https://a.org b.org",      "https://a.org;script-src",
	                                  "https://"};
	AUTO(config_clear) struct config config = {0};
	struct error err;

	(void)state;
	assert_true(load("NEWSREEL_EMBED_ORIGINS=https://example.org, http://127.0.0.1:8080\n", &config, &err));
	assert_int_equal(config.embed_origins.count, 2);
	assert_string_equal(config.embed_origins.items[1], "http://127.0.0.1:8080");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		AUTO(config_clear) struct config wrong = {0};
		char line[128];

		snprintf(line, sizeof(line), "NEWSREEL_EMBED_ORIGINS=%s\n", bad[i]);
		assert_false(load(line, &wrong, &err));
		assert_non_null(strstr(err.text, "NEWSREEL_EMBED_ORIGINS"));
	}
}

static void the_api_is_asked_with_tls_or_on_this_machine(void **state)
{
	static const char *const good[] = {"https://example.org/v3", "http://127.0.0.1:18370/v3", "http://[::1]:1/v3",
	                                   "http://localhost/"};
	static const char *const bad[] = {
	    "http://example.org/v3", "http://127.0.0.1.example.org/v3",     "http://[::2]/",
	    "ftp://127.0.0.1/",      "https://user:hunter2@example.org/v3", "http://user:hunter2@127.0.0.1/v3"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]) + sizeof(bad) / sizeof(bad[0]); i++) {
		AUTO(config_clear) struct config config = {0};
		bool is_good = i < sizeof(good) / sizeof(good[0]);
		struct error err = {0};
		char line[128];

		snprintf(line, sizeof(line), "YOUTUBE_API_URL=%s\n", is_good ? good[i] : bad[i - sizeof(good) / sizeof(good[0])]);
		assert_int_equal(load(line, &config, &err), is_good);
		if (is_good)
			continue;
		assert_non_null(strstr(err.text, "YOUTUBE_API_URL"));
		assert_null(strstr(err.text, "hunter2"));
	}
}

/* Over https from anywhere, else only between programs of this machine. */
static void the_hub_reaches_a_public_address_or_this_machine(void **state)
{
	static const struct {
		const char *public_url, *hub_url;
		bool reached;
	} cases[] = {
	    {"", "", false},
	    {"https://example.org/newsreel", "", true},
	    {"http://example.org", "", false},
	    {"http://127.0.0.1:8080", "", false},
	    {"http://127.0.0.1:8080", "http://127.0.0.1:1/subscribe", true},
	    {"http://[::1]:8080/x", "http://localhost/subscribe", true},
	    {"http://example.org", "http://127.0.0.1:1/subscribe", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(config_clear) struct config config = {0};
		struct error err;
		char lines[256];

		snprintf(lines, sizeof(lines), "NEWSREEL_PUBLIC_URL=%s\nNEWSREEL_HUB_URL=%s\n", cases[i].public_url,
		         cases[i].hub_url);
		assert_true(load(lines, &config, &err));
		const char *base = config_push_base(&config);
		assert_int_equal(base != NULL, cases[i].reached);
		assert_true(!base || strcmp(base, cases[i].public_url) == 0);
		config.push = 0;
		assert_null(config_push_base(&config));
	}
}

static void a_mistaken_name_is_told_with_the_nearest(void **state)
{
	AUTO(config_clear) struct config config = {0};
	struct error err;

	(void)state;
	assert_int_equal(setenv("NEWSREEL_TREADS", "4", 1), 0);
	assert_int_equal(setenv("NEWSREEL_OF_ANOTHER_PROGRAM", "4", 1), 0);
	assert_int_equal(setenv("YOUTUBE_API_KEYS_FILE", "", 1), 0);
	assert_true(load("", &config, &err));
	unsetenv("NEWSREEL_TREADS");
	unsetenv("NEWSREEL_OF_ANOTHER_PROGRAM");
	unsetenv("YOUTUBE_API_KEYS_FILE");
	assert_int_equal(config.warnings.count, 2);
	bool first = strstr(config.warnings.items[0], "TREADS");
	assert_string_equal(config.warnings.items[!first],
	                    "environment: there is no variable NEWSREEL_TREADS; the nearest is NEWSREEL_THREADS");
	assert_string_equal(config.warnings.items[first],
	                    "environment: there is no variable NEWSREEL_OF_ANOTHER_PROGRAM; newsreel-fetch --help lists all");
	assert_int_equal(config.threads, 8);
	assert_false(load("\nYOUTUBE_API_KEY=x\n", &config, &err));
	assert_non_null(strstr(err.text, ".env, line 2: there is no variable YOUTUBE_API_KEY; the nearest is YOUTUBE_API_KEYS"));
}

/* Somebody meant to name something. */
static void a_list_of_nothing_is_refused(void **state)
{
	static const char *const lists[] = {"NEWSREEL_QUERIES=;;;", "NEWSREEL_QUERIES=' ; '", "YOUTUBE_API_KEYS=,",
	                                    "NEWSREEL_TRUSTED_PROXIES=, ,"};

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		AUTO(config_clear) struct config config = {0};
		struct error err = {0};

		assert_false(load(lists[i], &config, &err));
		assert_int_equal(err.code, ERR_INVALID);
		assert_memory_equal(err.text, lists[i], strcspn(lists[i], "="));
		assert_non_null(strstr(err.text, "no entry"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mistaken_name_is_told_with_the_nearest),
	    cmocka_unit_test(a_list_of_nothing_is_refused),
	    cmocka_unit_test(sites_that_may_show_frames_are_origins),
	    cmocka_unit_test(the_api_is_asked_with_tls_or_on_this_machine),
	    cmocka_unit_test(the_hub_reaches_a_public_address_or_this_machine),
	    cmocka_unit_test(defaults_are_those_of_the_contract),
	    cmocka_unit_test(backups_older_than_youtube_allows_are_refused_with_the_reason),
	    cmocka_unit_test(dotenv_fills_what_the_environment_does_not_set),
	    cmocka_unit_test(quotes_around_a_value_of_dotenv_do_not_count),
	    cmocka_unit_test(values_come_from_files_too),
	    cmocka_unit_test(wrong_values_are_named_with_what_is_allowed),
	    cmocka_unit_test(keys_and_tokens_show_nowhere),
	    cmocka_unit_test(a_database_s_password_has_its_special_characters_encoded),
	    cmocka_unit_test(a_replica_is_of_a_database),
	    cmocka_unit_test(the_database_is_a_file_or_a_url_that_shows_nowhere),
	    cmocka_unit_test(ipv6_may_be_listened_on),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
