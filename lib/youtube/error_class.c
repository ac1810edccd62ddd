#include "youtube/error_class.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "youtube/body.h"

/* ---- the table ---- */

enum { DAY_ONLY = 1 }; /* the row holds only for a limit per day */

struct rule {
	const char *reason;  /* of ErrorInfo or errors[0]; NULL = any */
	int status;          /* HTTP; 0 = any */
	const char *message; /* a part of it, in lower case; NULL = any */
	int flags;
	enum verdict_class class;
	enum key_health key_health;
	const char *text;
};

/* Every text is a sentence for a person, with the next step. */
#define BY_ITSELF ": newsreel tries again by itself"
#define REPORT ": a fault of newsreel, please report it"
#define SUSPENDED_TEXT "YouTube has suspended the project of this key: see the mail that Google sent to its owner"
#define EXPIRED_TEXT "this key has expired: renew it in the Google Cloud console"
#define INVALID_TEXT "YouTube does not know this key: compare it with the one in the Google Cloud console"
#define API_OFF_TEXT "the YouTube Data API v3 is off in the project of this key: switch it on in the Google Cloud console"

/* The first row that fits decides. Rows that look at the message come before those of the same reason that do not. */
static const struct rule rules[] = {
    /* what is not there; before the keys, for a channel may be suspended too */
    {"playlistNotFound", 0, NULL, 0, VERDICT_GONE, KEY_OK, "not there"},
    {"channelNotFound", 0, NULL, 0, VERDICT_GONE, KEY_OK, "not there"},
    {"videoNotFound", 0, NULL, 0, VERDICT_GONE, KEY_OK, "not there"},
    {"playlistItemsNotAccessible", 0, NULL, 0, VERDICT_GONE, KEY_OK, "not open to us"},
    {"channelForbidden", 0, NULL, 0, VERDICT_GONE, KEY_OK, "not open to us"},
    {"channelClosed", 0, NULL, 0, VERDICT_GONE, KEY_OK, "closed"},
    {"channelSuspended", 0, NULL, 0, VERDICT_GONE, KEY_OK, "suspended"},

    /* keys and projects that are out of use until somebody acts */
    {"CONSUMER_SUSPENDED", 0, NULL, 0, VERDICT_KEY_BAD, KEY_SUSPENDED, SUSPENDED_TEXT},
    {NULL, 403, "has been suspended", 0, VERDICT_KEY_BAD, KEY_SUSPENDED, SUSPENDED_TEXT},
    {NULL, 403, "reported as leaked", 0, VERDICT_KEY_BAD, KEY_SUSPENDED,
     "this key was reported as leaked: make a new one in the Google Cloud console"},
    {"API_KEY_EXPIRED", 0, NULL, 0, VERDICT_KEY_BAD, KEY_EXPIRED, EXPIRED_TEXT},
    {"keyExpired", 0, NULL, 0, VERDICT_KEY_BAD, KEY_EXPIRED, EXPIRED_TEXT},
    {NULL, 400, "api key expired", 0, VERDICT_KEY_BAD, KEY_EXPIRED, EXPIRED_TEXT},
    {"API_KEY_INVALID", 0, NULL, 0, VERDICT_KEY_BAD, KEY_INVALID, INVALID_TEXT},
    {"keyInvalid", 0, NULL, 0, VERDICT_KEY_BAD, KEY_INVALID, INVALID_TEXT},
    {NULL, 400, "api key not valid", 0, VERDICT_KEY_BAD, KEY_INVALID, INVALID_TEXT},
    {"SERVICE_DISABLED", 0, NULL, 0, VERDICT_KEY_BAD, KEY_API_OFF, API_OFF_TEXT},
    {"accessNotConfigured", 0, NULL, 0, VERDICT_KEY_BAD, KEY_API_OFF, API_OFF_TEXT},
    {"API_KEY_HTTP_REFERRER_BLOCKED", 0, NULL, 0, VERDICT_KEY_BAD, KEY_RESTRICTED,
     "this key is restricted to certain web sites: lift that in the Google Cloud console"},
    {"API_KEY_IP_ADDRESS_BLOCKED", 0, NULL, 0, VERDICT_KEY_BAD, KEY_RESTRICTED,
     "this key is restricted to certain IP addresses: allow this machine's in the Google Cloud console"},
    {"API_KEY_ANDROID_APP_BLOCKED", 0, NULL, 0, VERDICT_KEY_BAD, KEY_RESTRICTED,
     "this key is restricted to certain Android apps: lift that in the Google Cloud console"},
    {"API_KEY_IOS_APP_BLOCKED", 0, NULL, 0, VERDICT_KEY_BAD, KEY_RESTRICTED,
     "this key is restricted to certain iOS apps: lift that in the Google Cloud console"},
    {"API_KEY_SERVICE_BLOCKED", 0, NULL, 0, VERDICT_KEY_BAD, KEY_RESTRICTED,
     "this key is restricted to other APIs: allow the YouTube Data API v3 in the Google Cloud console"},
    {"ipRefererBlocked", 0, NULL, 0, VERDICT_KEY_BAD, KEY_RESTRICTED,
     "this key is restricted to certain addresses or web sites: lift that in the Google Cloud console"},
    {"forbidden", 403, "are blocked", 0, VERDICT_KEY_BAD, KEY_RESTRICTED,
     "the restrictions of this key do not allow the call: lift them in the Google Cloud console"},
    {"forbidden", 403, "restriction", 0, VERDICT_KEY_BAD, KEY_RESTRICTED,
     "the restrictions of this key do not allow the call: lift them in the Google Cloud console"},

    /* quota: only a limit per day spends it */
    {"RATE_LIMIT_EXCEEDED", 0, NULL, DAY_ONLY, VERDICT_SPENT, KEY_OK, "used up for today: it goes on after the reset"},
    {"quotaExceeded", 0, NULL, 0, VERDICT_SPENT, KEY_OK, "used up for today: it goes on after the reset"},
    {"dailyLimitExceeded", 0, NULL, 0, VERDICT_SPENT, KEY_OK, "used up for today: it goes on after the reset"},
    {"dailyLimitExceededUnreg", 0, NULL, 0, VERDICT_SPENT, KEY_OK, "used up for today: it goes on after the reset"},
    {"RATE_LIMIT_EXCEEDED", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "too many calls at a time" BY_ITSELF},
    {"rateLimitExceeded", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "too many calls at a time" BY_ITSELF},
    {"userRateLimitExceeded", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "too many calls at a time" BY_ITSELF},
    {"servingLimitExceeded", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "too many calls at a time" BY_ITSELF},
    {"concurrentLimitExceeded", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "too many calls at a time" BY_ITSELF},

    /* faults that pass */
    {"backendError", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube has a fault of its own" BY_ITSELF},
    {"internalError", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube has a fault of its own" BY_ITSELF},
    {"SERVICE_UNAVAILABLE", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube has a fault of its own" BY_ITSELF},
    {"UNAVAILABLE", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube has a fault of its own" BY_ITSELF},
    {"INTERNAL", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube has a fault of its own" BY_ITSELF},
    {"DEADLINE_EXCEEDED", 0, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube has a fault of its own" BY_ITSELF},
    {"accountDelegationForbidden", 0, NULL, 0, VERDICT_NEXT_KEY, KEY_OK,
     "YouTube refused this call, as it sometimes does" BY_ITSELF},

    /* ours: another try or key would only cost more */
    {NULL, 403, "unregistered callers", 0, VERDICT_REQUEST, KEY_OK, "the call carried no key" REPORT},
    {"forbidden", 403, NULL, 0, VERDICT_FORBIDDEN, KEY_OK, "YouTube refused this call without a reason" BY_ITSELF},
    {NULL, 400, NULL, 0, VERDICT_REQUEST, KEY_OK, "YouTube does not understand the call: change the query, if others go well"},
    {NULL, 401, NULL, 0, VERDICT_REQUEST, KEY_OK, "YouTube wants another kind of sign-in" REPORT},
    {NULL, 413, NULL, 0, VERDICT_REQUEST, KEY_OK, "the call is too long: shorten the query"},
    {NULL, 414, NULL, 0, VERDICT_REQUEST, KEY_OK, "the call is too long: shorten the query"},

    /* by the HTTP status alone */
    {NULL, 403, NULL, 0, VERDICT_NEXT_KEY, KEY_OK, "YouTube refused this call without a reason" BY_ITSELF},
    {NULL, 404, NULL, 0, VERDICT_GONE, KEY_OK, "not there"},
    {NULL, 409, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube has a fault of its own" BY_ITSELF},
    {NULL, 429, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "too many calls at a time" BY_ITSELF},
    {NULL, 500, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube has a fault of its own" BY_ITSELF},
    {NULL, 502, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube cannot be reached behind its own servers" BY_ITSELF},
    {NULL, 503, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube is not available at the moment" BY_ITSELF},
    {NULL, 504, NULL, 0, VERDICT_TEMPORARY, KEY_OK, "YouTube took too long" BY_ITSELF},
};

/* ---- what the body tells ---- */

/* Borrowed from the parsed body. */
struct told {
	const char *info_reason; /* details[].reason of the ErrorInfo */
	const char *reason;      /* errors[0].reason */
	const char *status;
	const char *message;
	const cJSON *metadata; /* of the ErrorInfo */
};

static struct told read_told(const cJSON *json)
{
	const cJSON *error = json_object(json, "error");
	const cJSON *detail;
	struct told told = {
	    .reason = json_text(cJSON_GetArrayItem(json_array(error, "errors"), 0), "reason"),
	    .status = json_text(error, "status"),
	    .message = json_text(error, "message"),
	};

	cJSON_ArrayForEach(detail, json_array(error, "details"))
	{
		const char *reason = json_text(detail, "reason");

		if (!reason || told.info_reason)
			continue;
		told.info_reason = reason;
		told.metadata = json_object(detail, "metadata");
	}
	return told;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* Whether TEXT contains PART, which is in lower case. */
static bool contains(const char *text, const char *part)
{
	for (; text && *text; text++) {
		size_t i = 0;

		while (part[i] && lower(text[i]) == part[i])
			i++;
		if (!part[i])
			return true;
	}
	return false;
}

static bool is_limit_per_day(const struct told *told)
{
	return contains(json_text(told->metadata, "quota_limit"), "perday");
}

static bool fits(const struct rule *rule, int status, const char *reason, const struct told *told)
{
	return (!rule->reason || (reason && strcmp(rule->reason, reason) == 0)) && (!rule->status || rule->status == status) &&
	       (!rule->message || contains(told->message, rule->message)) && (rule->flags != DAY_ONLY || is_limit_per_day(told));
}

/* The first row for one of the words that the body has, in the order of their weight; rows without a word come last. */
static const struct rule *find_rule(int status, const struct told *told)
{
	const char *const reasons[] = {told->info_reason, told->reason, told->status, NULL};
	const size_t count = sizeof(rules) / sizeof(rules[0]);

	for (size_t r = 0; r < sizeof(reasons) / sizeof(reasons[0]); r++) {
		bool last = r + 1 == sizeof(reasons) / sizeof(reasons[0]);

		for (size_t i = 0; (last || reasons[r]) && i < count; i++)
			/* A row that tells by status alone must not hide the words that follow. */
			if (fits(&rules[i], status, reasons[r], told) && (last || rules[i].reason || rules[i].message))
				return &rules[i];
	}
	return NULL;
}

/* "projects/123" in the metadata, or "project_number:123" in the message */
static void read_project(const struct told *told, char out[PROJECT_NUMBER_SIZE])
{
	static const char *const marks[] = {"projects/", "project_number:"};
	const char *texts[] = {json_text(told->metadata, "consumer"), told->message};

	for (size_t i = 0; i < 2 && !*out; i++) {
		const char *at = texts[i] ? strstr(texts[i], marks[i]) : NULL;
		const char *digits = at ? at + strlen(marks[i]) : "";
		size_t len = strspn(digits, "0123456789");

		if (len < PROJECT_NUMBER_SIZE) {
			memcpy(out, digits, len);
			out[len] = '\0';
		}
	}
}

/* YouTube's word for it, if it is one: letters, digits and underscores. */
static void write_reason(const struct told *told, int status, char *out, size_t size)
{
	const char *word = told->info_reason ? told->info_reason : told->reason ? told->reason : told->status;
	static const char allowed[] = TEXT_ALPHANUMERIC "_";

	if (word && *word && strlen(word) < size && strspn(word, allowed) == strlen(word))
		snprintf(out, size, "%s", word);
	else
		snprintf(out, size, "http %d", status);
}

static struct verdict judge(int status, const struct told *told)
{
	const struct rule *rule = find_rule(status, told);
	struct verdict verdict = {.class = rule            ? rule->class
	                                   : status >= 500 ? VERDICT_TEMPORARY
	                                                   : VERDICT_REQUEST,
	                          .key_health = rule ? rule->key_health : KEY_OK,
	                          .limit = -1};

	write_reason(told, status, verdict.reason, sizeof(verdict.reason));
	snprintf(verdict.text, sizeof(verdict.text), "%s (%s)", rule ? rule->text : "an answer newsreel does not know" BY_ITSELF,
	         verdict.reason);
	read_project(told, verdict.project_number);
	if (verdict.class == VERDICT_SPENT && !json_int(told->metadata, "quota_limit_value", &verdict.limit))
		verdict.limit = -1;
	return verdict;
}

struct verdict verdict_of(int status, const char *body, size_t len)
{
	AUTO(json_free) cJSON *json = NULL;
	struct error ignored;

	if (status == 200)
		return (struct verdict){.class = VERDICT_OK, .key_health = KEY_OK, .limit = -1};
	/* HTML, a cut body, nothing: the status has to do. */
	if (!body_parse(body, len, &json, &ignored))
		json = NULL;
	struct told told = read_told(json);
	return judge(status, &told);
}
