#include "cron/push/subscriptions.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/timestamp.h"
#include "cron/push/hosts.h"
#include "feed/topic.h"
#include "store/push/feeds.h"
#include "store/push/subscriptions.h"
#include "youtube/hub.h"

/* Some thousand channels are asked for within hours, and renewed within days. */
enum { REQUESTS_PER_RUN = 5, LEASE_S = 5 * SECONDS_PER_DAY, URL_MAX_BYTES = 2048 };

static bool send(struct fetch_run *run, const struct subscription *subscription, struct hub_answer *answer, struct error *err)
{
	AUTO(buf_clear) struct buf callback = BUF(URL_MAX_BYTES);
	char topic[TOPIC_SIZE];

	buf_printf(&callback, "%s/push/%s", run->push_base, subscription->token);
	if (!buf_ok(&callback, err))
		return false;
	topic_of(subscription->channel_id, topic);
	struct hub_request request = {.subscribe = subscription->wanted,
	                              .callback = buf_text(&callback),
	                              .topic = topic,
	                              .secret = subscription->secret,
	                              .lease_s = LEASE_S};
	return hub_ask(&run->client.youtube->transport, run->config->hub_url, &request, answer, err);
}

static void log_refusal(const struct subscription *subscription, const struct hub_answer *answer)
{
	struct log_field fields[] = {LOG_TEXT("channel", subscription->channel_id), LOG_TEXT("error", answer->text), LOG_END};

	log_line(LOG_WARN, "the hub of push notifications refused a request", fields);
}

/* Noted before it is sent: the hub may verify before it answers. */
static bool ask(struct fetch_run *run, const struct subscription *subscription, bool *down, struct error *err)
{
	int64_t now = clock_now(&run->clock);
	struct hub_answer answer;
	int64_t until;

	if (!store_subscription_asked(run->store, subscription->channel, now, subscription_retry_at(subscription->failures, now),
	                              err) ||
	    !send(run, subscription, &answer, err))
		return false;
	*down = answer.result == HUB_DOWN;
	if (*down)
		return hosts_failed(run, HOST_HUB, answer.retry_after, answer.text, &until, err) &&
		       store_subscription_unasked(run->store, subscription->channel, until, err);
	if (answer.result == HUB_REFUSED)
		log_refusal(subscription, &answer);
	return store_host_answered(run->store, HOST_HUB, err);
}

bool subscriptions_ask(struct fetch_run *run, struct error *err)
{
	AUTO(subscription_list_clear) struct subscription_list due = {0};
	int64_t now = clock_now(&run->clock);
	bool may, down = false;

	if (!run->push_base)
		return store_subscriptions_forget(run->store, err);
	if (!store_subscriptions_follow(run->store, run->push_base, REQUESTS_PER_RUN, now, err) ||
	    !store_subscriptions_due(run->store, now, REQUESTS_PER_RUN, &due, err))
		return false;
	for (size_t i = 0; i < due.count && !down; i++) {
		if (!hosts_may_ask(run, HOST_HUB, &may, err))
			return false;
		if (!may)
			return true;
		if (!ask(run, &due.items[i], &down, err))
			return false;
	}
	return true;
}
