#include "tests/sim/api/refusals.h"

#include <stddef.h>
#include <string.h>

/* Families of answers: errors of the front end have a gRPC status, those of YouTube itself have none. */
#define FRONT(code, said, why, grpc)                                                                                             \
	.status = (code), .message = (said), .domain = "global", .reason = (why), .grpc_status = (grpc)
#define USAGE(code, why, said)                                                                                                   \
	{                                                                                                                        \
		why,                                                                                                             \
		{                                                                                                                \
			.status = (code), .message = (said), .domain = "usageLimits", .reason = (why)                            \
		}                                                                                                                \
	}
#define BLOCKED(info, said)                                                                                                      \
	{                                                                                                                        \
		info,                                                                                                            \
		{                                                                                                                \
			FRONT(403, said, "forbidden", "PERMISSION_DENIED"), .info_reason = (info), .project = ""                 \
		}                                                                                                                \
	}
#define BAD_KEY(name, info, said)                                                                                                \
	{                                                                                                                        \
		name,                                                                                                            \
		{                                                                                                                \
			FRONT(400, said, "badRequest", "INVALID_ARGUMENT"), .info_reason = (info)                                \
		}                                                                                                                \
	}
#define FAULTY(why, where)                                                                                                       \
	{                                                                                                                        \
		why,                                                                                                             \
		{                                                                                                                \
			.status = 400, .message = "The request contains an invalid argument.", .domain = "youtube.parameter",    \
			.reason = (why), .location = (where), .location_type = "parameter"                                       \
		}                                                                                                                \
	}
#define ABSENT(code, where, why, parameter, said)                                                                                \
	{                                                                                                                        \
		why,                                                                                                             \
		{                                                                                                                \
			.status = (code), .message = (said), .domain = (where), .reason = (why), .location = (parameter),        \
			.location_type = "parameter"                                                                             \
		}                                                                                                                \
	}

static const struct refusal refusals[] = {
    /* quota */
    {"quotaExceeded",
     {.status = 403,
      .message = "The request cannot be completed because you have exceeded your <a "
                 "href=\"/youtube/v3/getting-started#quota\">quota</a>.",
      .domain = "youtube.quota",
      .reason = "quotaExceeded"}},
    USAGE(403, "dailyLimitExceeded", "Daily Limit Exceeded. The quota will be reset at midnight Pacific Time (PT)."),
    USAGE(403, "dailyLimitExceededUnreg", "Daily Limit for Unauthenticated Use Exceeded. Continued use requires signup."),
    USAGE(403, "rateLimitExceeded", "Rate Limit Exceeded"),
    USAGE(403, "userRateLimitExceeded", "User Rate Limit Exceeded"),
    USAGE(403, "servingLimitExceeded", "The overall rate limit specified for the API has already been reached."),
    USAGE(403, "concurrentLimitExceeded", "The concurrent usage limit has been reached."),

    /* faults that pass */
    {"backendError", {FRONT(500, "Internal error encountered.", "backendError", "INTERNAL")}},
    {"internalError", {FRONT(500, "Internal error.", "internalError", NULL)}},
    {"INTERNAL", {FRONT(500, "Internal error encountered.", "unknown", "INTERNAL")}},
    {"UNAVAILABLE", {FRONT(503, "The service is currently unavailable.", "unknown", "UNAVAILABLE")}},
    {"DEADLINE_EXCEEDED", {FRONT(504, "Deadline expired before operation could complete.", "unknown", "DEADLINE_EXCEEDED")}},
    {"SERVICE_UNAVAILABLE",
     {.status = 403,
      .message = "The caller does not have permission",
      .domain = "youtube.CoreErrorDomain",
      .reason = "SERVICE_UNAVAILABLE",
      .grpc_status = "PERMISSION_DENIED"}},
    {"conflict", {.status = 409, .message = "Conflict", .domain = "youtube.playlistItem", .reason = "SERVICE_UNAVAILABLE"}},
    {"accountDelegationForbidden",
     {.status = 403,
      .message = "The authenticated user cannot act on behalf of the specified Google account.",
      .domain = "youtube.common",
      .reason = "accountDelegationForbidden"}},
    {"forbidden", {.status = 403, .message = "Forbidden", .domain = "global", .reason = "forbidden"}},
    {"500", {.status = 500}},
    {"502", {.status = 502}},
    {"504", {.status = 504}},

    /* keys */
    USAGE(400, "keyInvalid", "Bad Request"),
    USAGE(400, "keyExpired", "Bad Request"),
    BAD_KEY("API_KEY_INVALID", "API_KEY_INVALID", "API key not valid. Please pass a valid API key."),
    BAD_KEY("API_KEY_EXPIRED", "API_KEY_EXPIRED", "API key expired. Please renew the API key."),
    USAGE(403, "accessNotConfigured", "Access Not Configured. YouTube Data API v3 has not been used in this project."),
    {"SERVICE_DISABLED",
     {.status = 403,
      .message = "YouTube Data API v3 has not been used in this project before or it is disabled.",
      .domain = "usageLimits",
      .reason = "accessNotConfigured",
      .grpc_status = "PERMISSION_DENIED",
      .info_reason = "SERVICE_DISABLED",
      .project = ""}},
    BLOCKED("API_KEY_HTTP_REFERRER_BLOCKED", "Requests from referer <empty> are blocked."),
    BLOCKED("API_KEY_IP_ADDRESS_BLOCKED", "The provided API key has an IP address restriction."),
    BLOCKED("API_KEY_ANDROID_APP_BLOCKED", "Requests from this Android client application <empty> are blocked."),
    BLOCKED("API_KEY_IOS_APP_BLOCKED", "Requests from this iOS client application <empty> are blocked."),
    BLOCKED("API_KEY_SERVICE_BLOCKED", "Requests to this API youtube.googleapis.com are blocked."),
    USAGE(403, "ipRefererBlocked", "The request did not come from an allowed address."),
    BLOCKED("CONSUMER_SUSPENDED", "Permission denied: Consumer has been suspended."),
    {"leaked",
     {FRONT(403, "Your API key was reported as leaked. Please use another API key.", "forbidden", "PERMISSION_DENIED")}},

    /* the request */
    {"unregistered",
     {FRONT(403,
            "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
            "form of API consumer identity to call this API.",
            "forbidden", "PERMISSION_DENIED")}},
    {"authError", {FRONT(401, "Request had invalid authentication credentials.", "authError", "UNAUTHENTICATED")}},
    FAULTY("invalidSearchFilter", "parameters."),
    FAULTY("invalidParameter", "maxResults"),
    FAULTY("badRequest", "publishedAfter"),
    FAULTY("missingRequiredParameter", "parameters."),
    FAULTY("unexpectedParameter", "parameters."),
    FAULTY("incompatibleParameters", "parameters."),
    FAULTY("invalidFilters", "parameters."),
    FAULTY("invalidPageToken", "pageToken"),
    FAULTY("invalidChannelId", "channelId"),
    FAULTY("invalidLocation", "location"),
    FAULTY("invalidRelevanceLanguage", "relevanceLanguage"),
    FAULTY("invalidRegionCode", "regionCode"),
    FAULTY("invalidVideoId", "id"),
    {"INVALID_ARGUMENT", {FRONT(400, "Request contains an invalid argument.", "badRequest", "INVALID_ARGUMENT")}},
    {"404", {.status = 404}},
    {"413", {.status = 413}},
    {"414", {.status = 414}},

    /* what was asked for */
    ABSENT(404, "youtube.playlistItem", "playlistNotFound", "playlistId",
           "The playlist identified with the request's <code>playlistId</code> parameter cannot be found."),
    ABSENT(404, "youtube.channel", "channelNotFound", "id",
           "The channel specified in the <code>id</code> parameter cannot be found."),
    ABSENT(404, "youtube.video", "videoNotFound", "id", "The video that you are trying to retrieve cannot be found."),
    ABSENT(403, "youtube.playlistItem", "playlistItemsNotAccessible", "playlistId",
           "The request is not properly authorized to retrieve the specified playlist."),
    ABSENT(403, "youtube.channel", "channelForbidden", "id", "The channel does not support the request or is not accessible."),
    ABSENT(403, "youtube.channel", "channelClosed", "channelId", "The channel has been closed."),
    ABSENT(403, "youtube.channel", "channelSuspended", "channelId", "The channel has been suspended."),
};

const struct refusal *refusal_of(const char *name)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strcmp(refusals[i].name, name) == 0)
			return &refusals[i];
	return NULL;
}

const struct refusal *refusal_at(unsigned i)
{
	return i < sizeof(refusals) / sizeof(refusals[0]) ? &refusals[i] : NULL;
}
