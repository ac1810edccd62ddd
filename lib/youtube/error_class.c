#include "youtube/error_class.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "youtube/body.h"

/* ---- the table ---- */

enum { RULE_REASONS_MAX = 6 };

/* Members that are left out fit any answer. */
struct rule {
	const char *reasons[RULE_REASONS_MAX]; /* of ErrorInfo or errors[0], or the status in words */
	int status;                            /* HTTP */
	const char *message;                   /* a part of it, in lower case */
	bool per_day;                          /* fits only a limit per day */
	enum error_class class;
	enum key_health key_health; /* with CLASS_KEY_BAD */
	const char *text;           /* a sentence for a person, with the next step */
};

#define BY_ITSELF ": newsreel tries again by itself"
#define REPORT ": a fault of newsreel, please report it"
#define SPENT_TEXT "used up for today: it goes on after the reset"
#define BURST_TEXT "too many calls at a time" BY_ITSELF
#define FAULT_TEXT "YouTube has a fault of its own" BY_ITSELF
#define REFUSED_TEXT "YouTube refused this call without a reason" BY_ITSELF
#define TOO_LONG_TEXT "the call is too long: shorten the query"
#define SUSPENDED_TEXT "YouTube has suspended the project of this key: see the mail that Google sent to its owner"
#define EXPIRED_TEXT "this key has expired: renew it in the Google Cloud console"
#define INVALID_TEXT "YouTube does not know this key: compare it with the one in the Google Cloud console"
#define API_OFF_TEXT "the YouTube Data API v3 is off in the project of this key: switch it on in the Google Cloud console"
#define RESTRICTIONS_TEXT "the restrictions of this key do not allow the call: lift them in the Google Cloud console"

/* The first row that fits decides. Rows that look at the message come before those of the same reason that do not. */
static const struct rule rules[] = {
    /* What does not exist; before the keys, for a channel may be suspended too. */
    {.reasons = {"playlistNotFound", "channelNotFound", "videoNotFound"}, .class = CLASS_GONE, .text = "not there"},
    {.reasons = {"playlistItemsNotAccessible", "channelForbidden"}, .class = CLASS_GONE, .text = "not open to us"},
    {.reasons = {"channelClosed"}, .class = CLASS_GONE, .text = "closed"},
    {.reasons = {"channelSuspended"}, .class = CLASS_GONE, .text = "suspended"},

    /* Keys and projects that cannot be used until somebody acts. */
    {.reasons = {"CONSUMER_SUSPENDED"}, .class = CLASS_KEY_BAD, .key_health = KEY_SUSPENDED, .text = SUSPENDED_TEXT},
    {.status = 403, .message = "has been suspended", .class = CLASS_KEY_BAD, .key_health = KEY_SUSPENDED, .text = SUSPENDED_TEXT},
    {.status = 403,
     .message = "reported as leaked",
     .class = CLASS_KEY_BAD,
     .key_health = KEY_SUSPENDED,
     .text = "this key was reported as leaked: make a new one in the Google Cloud console"},
    {.reasons = {"API_KEY_EXPIRED", "keyExpired"}, .class = CLASS_KEY_BAD, .key_health = KEY_EXPIRED, .text = EXPIRED_TEXT},
    {.status = 400, .message = "api key expired", .class = CLASS_KEY_BAD, .key_health = KEY_EXPIRED, .text = EXPIRED_TEXT},
    {.reasons = {"API_KEY_INVALID", "keyInvalid"}, .class = CLASS_KEY_BAD, .key_health = KEY_INVALID, .text = INVALID_TEXT},
    {.status = 400, .message = "api key not valid", .class = CLASS_KEY_BAD, .key_health = KEY_INVALID, .text = INVALID_TEXT},
    {.reasons = {"SERVICE_DISABLED", "accessNotConfigured"},
     .class = CLASS_KEY_BAD,
     .key_health = KEY_API_OFF,
     .text = API_OFF_TEXT},
    {.reasons = {"API_KEY_HTTP_REFERRER_BLOCKED"},
     .class = CLASS_KEY_BAD,
     .key_health = KEY_RESTRICTED,
     .text = "this key is restricted to certain web sites: lift that in the Google Cloud console"},
    {.reasons = {"API_KEY_IP_ADDRESS_BLOCKED"},
     .class = CLASS_KEY_BAD,
     .key_health = KEY_RESTRICTED,
     .text = "this key is restricted to certain IP addresses: allow this machine's in the Google Cloud console"},
    {.reasons = {"API_KEY_ANDROID_APP_BLOCKED"},
     .class = CLASS_KEY_BAD,
     .key_health = KEY_RESTRICTED,
     .text = "this key is restricted to certain Android apps: lift that in the Google Cloud console"},
    {.reasons = {"API_KEY_IOS_APP_BLOCKED"},
     .class = CLASS_KEY_BAD,
     .key_health = KEY_RESTRICTED,
     .text = "this key is restricted to certain iOS apps: lift that in the Google Cloud console"},
    {.reasons = {"API_KEY_SERVICE_BLOCKED"},
     .class = CLASS_KEY_BAD,
     .key_health = KEY_RESTRICTED,
     .text = "this key is restricted to other APIs: allow the YouTube Data API v3 in the Google Cloud console"},
    {.reasons = {"ipRefererBlocked"},
     .class = CLASS_KEY_BAD,
     .key_health = KEY_RESTRICTED,
     .text = "this key is restricted to certain addresses or web sites: lift that in the Google Cloud console"},
    {.reasons = {"forbidden"},
     .status = 403,
     .message = "are blocked",
     .class = CLASS_KEY_BAD,
     .key_health = KEY_RESTRICTED,
     .text = RESTRICTIONS_TEXT},
    {.reasons = {"forbidden"},
     .status = 403,
     .message = "restriction",
     .class = CLASS_KEY_BAD,
     .key_health = KEY_RESTRICTED,
     .text = RESTRICTIONS_TEXT},

    /* Quota: only a limit per day spends it. */
    {.reasons = {"RATE_LIMIT_EXCEEDED"}, .per_day = true, .class = CLASS_QUOTA_SPENT, .text = SPENT_TEXT},
    {.reasons = {"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"},
     .class = CLASS_QUOTA_SPENT,
     .text = SPENT_TEXT},
    {.reasons = {"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded", "servingLimitExceeded",
                 "concurrentLimitExceeded"},
     .class = CLASS_TEMPORARY,
     .text = BURST_TEXT},

    /* Faults that pass. */
    {.reasons = {"backendError", "internalError", "SERVICE_UNAVAILABLE", "UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED"},
     .class = CLASS_TEMPORARY,
     .text = FAULT_TEXT},
    {.reasons = {"accountDelegationForbidden"},
     .class = CLASS_NEXT_KEY,
     .text = "YouTube refused this call, as it sometimes does" BY_ITSELF},

    /* Faults of the request: another try or key would only cost more. */
    {.status = 403, .message = "unregistered callers", .class = CLASS_REQUEST, .text = "the call carried no key" REPORT},
    {.reasons = {"forbidden"}, .status = 403, .class = CLASS_FORBIDDEN, .text = REFUSED_TEXT},
    {.status = 400, .class = CLASS_REQUEST, .text = "YouTube does not understand the call: change the query, if others go well"},
    {.status = 401, .class = CLASS_REQUEST, .text = "YouTube wants another kind of sign-in" REPORT},
    {.status = 413, .class = CLASS_REQUEST, .text = TOO_LONG_TEXT},
    {.status = 414, .class = CLASS_REQUEST, .text = TOO_LONG_TEXT},

    /* By the HTTP status alone. */
    {.status = 403, .class = CLASS_NEXT_KEY, .text = REFUSED_TEXT},
    {.status = 404, .class = CLASS_GONE, .text = "not there"},
    {.status = 409, .class = CLASS_TEMPORARY, .text = FAULT_TEXT},
    {.status = 429, .class = CLASS_TEMPORARY, .text = BURST_TEXT},
    {.status = 500, .class = CLASS_TEMPORARY, .text = FAULT_TEXT},
    {.status = 502, .class = CLASS_TEMPORARY, .text = "YouTube cannot be reached behind its own servers" BY_ITSELF},
    {.status = 503, .class = CLASS_TEMPORARY, .text = "YouTube is not available at the moment" BY_ITSELF},
    {.status = 504, .class = CLASS_TEMPORARY, .text = "YouTube took too long" BY_ITSELF},
};

/* ---- the body ---- */

/* Borrowed from the parsed body. */
struct error_body {
	const char *info_reason; /* details[].reason of the ErrorInfo */
	const char *reason;      /* errors[0].reason */
	const char *status;
	const char *message;
	const cJSON *metadata; /* of the ErrorInfo */
};

static struct error_body read_body(const cJSON *json)
{
	const cJSON *error = json_object(json, "error");
	const cJSON *detail;
	struct error_body body = {
	    .reason = json_text(cJSON_GetArrayItem(json_array(error, "errors"), 0), "reason"),
	    .status = json_text(error, "status"),
	    .message = json_text(error, "message"),
	};

	cJSON_ArrayForEach(detail, json_array(error, "details"))
	{
		const char *reason = json_text(detail, "reason");

		if (!reason || body.info_reason)
			continue;
		body.info_reason = reason;
		body.metadata = json_object(detail, "metadata");
	}
	return body;
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

static bool has_reason(const struct rule *rule, const char *reason)
{
	for (size_t i = 0; i < RULE_REASONS_MAX && rule->reasons[i]; i++)
		if (reason && strcmp(rule->reasons[i], reason) == 0)
			return true;
	return !rule->reasons[0];
}

static bool fits(const struct rule *rule, int status, const char *reason, const struct error_body *body)
{
	return has_reason(rule, reason) && (!rule->status || rule->status == status) &&
	       (!rule->message || contains(body->message, rule->message)) &&
	       (!rule->per_day || contains(json_text(body->metadata, "quota_limit"), "perday"));
}

/* The first row for one of the body's reasons, the most telling one first; rows for the status alone come last. */
static const struct rule *find_rule(int status, const struct error_body *body)
{
	const char *const reasons[] = {body->info_reason, body->reason, body->status, NULL};
	const size_t last = sizeof(reasons) / sizeof(reasons[0]) - 1;

	for (size_t r = 0; r <= last; r++)
		for (size_t i = 0; (r == last || reasons[r]) && i < sizeof(rules) / sizeof(rules[0]); i++)
			/* A row for the status alone must not hide the reasons that follow. */
			if (fits(&rules[i], status, reasons[r], body) && (r == last || rules[i].reasons[0] || rules[i].message))
				return &rules[i];
	return NULL;
}

/* "projects/123" in the metadata, or "project_number:123" in the message */
static void read_project(const struct error_body *body, char out[PROJECT_NUMBER_SIZE])
{
	static const char *const marks[] = {"projects/", "project_number:"};
	const char *texts[] = {json_text(body->metadata, "consumer"), body->message};

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
static void write_reason(const struct error_body *body, int status, char *out, size_t size)
{
	const char *word = body->info_reason ? body->info_reason : body->reason ? body->reason : body->status;
	static const char allowed[] = TEXT_ALPHANUMERIC "_";

	if (word && *word && strlen(word) < size && strspn(word, allowed) == strlen(word))
		snprintf(out, size, "%s", word);
	else
		snprintf(out, size, "http %d", status);
}

static struct answer_class classify_error(int status, const struct error_body *body)
{
	const struct rule unknown = {.class = status >= 500 ? CLASS_TEMPORARY : CLASS_REQUEST,
	                             .text = "an answer newsreel does not know" BY_ITSELF};
	const struct rule *found = find_rule(status, body);
	const struct rule *rule = found ? found : &unknown;
	struct answer_class answer = {.class = rule->class,
	                              .key_health = rule->class == CLASS_KEY_BAD ? rule->key_health : KEY_OK,
	                              .limit = -1};

	write_reason(body, status, answer.reason, sizeof(answer.reason));
	snprintf(answer.text, sizeof(answer.text), "%s (%s)", rule->text, answer.reason);
	read_project(body, answer.project_number);
	if (answer.class == CLASS_QUOTA_SPENT && !json_int(body->metadata, "quota_limit_value", &answer.limit))
		answer.limit = -1;
	return answer;
}

struct answer_class classify_answer(int status, const char *body, size_t len)
{
	AUTO(json_free) cJSON *json = NULL;
	struct error ignored;

	if (status == 200)
		return (struct answer_class){.class = CLASS_OK, .key_health = KEY_OK, .limit = -1};
	/* HTML, a cut body, nothing: the status has to do. */
	if (!body_parse(body, len, &json, &ignored))
		json = NULL;
	struct error_body error = read_body(json);
	return classify_error(status, &error);
}
