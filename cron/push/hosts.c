#include "cron/push/hosts.h"

#include "base/log.h"
#include "base/timestamp.h"
#include "store/push/feeds.h"

/* Longer than any pause: the clock was set back since. */
enum { PAUSE_MAX_S = 2 * SECONDS_PER_DAY };

bool hosts_may_ask(struct fetch_run *run, enum push_host host, bool *may, struct error *err)
{
	struct host_pause pause;
	int64_t now = clock_now(&run->clock);

	if (!store_host_get(run->store, host, &pause, err))
		return false;
	bool paused = now < pause.until && pause.until <= now + PAUSE_MAX_S;
	*may = !paused && now < run->client.deadline && !run->unreached;
	return true;
}

bool hosts_failed(struct fetch_run *run, enum push_host host, int64_t retry_after_s, const char *text, int64_t *until,
                  struct error *err)
{
	/* Feeds fail all the time. */
	static const struct {
		enum log_level level;
		const char *words;
	} messages[] = {
	    [HOST_HUB] = {LOG_WARN, "the hub of push notifications failed; polling goes on without it"},
	    [HOST_FEED] = {LOG_INFO, "a feed could not be read; polling goes on without it"},
	};
	struct host_pause before;

	if (!store_host_get(run->store, host, &before, err))
		return false;
	int64_t pause_s = host_pause_s(before.failures + 1, retry_after_s, api_client_random(&run->client));
	struct log_field fields[] = {LOG_TEXT("error", text), LOG_NUMBER("pause_s", pause_s), LOG_END};
	log_line(messages[host].level, messages[host].words, fields);
	*until = clock_now(&run->clock) + pause_s;
	return store_host_failed(run->store, host, *until, text, err);
}
