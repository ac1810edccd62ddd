#include <stdio.h>

#include "model/quota_day.h"
#include "tests/sim/api/call.h"

enum { TEXT_BYTES = 512 };

bool answer_error(struct call *call, const struct sim_error *error, struct error *err)
{
	call->out->status = error->status;
	sim_error_write(error, &call->out->body);
	return buf_ok(&call->out->body, err);
}

bool answer_page(struct call *call, int status, struct error *err)
{
	call->out->status = status;
	call->out->content_type = "text/html; charset=UTF-8";
	buf_printf(
	    &call->out->body,
	    "<!DOCTYPE html>\n<html lang=en>\n<title>Error %d (%s)!!1</title>\n<p><b>%d.</b> <ins>That's an error.</ins>\n",
	    status, status < 500 ? "Not Found" : "Server Error", status);
	return buf_ok(&call->out->body, err);
}

bool refuse_by_name(struct call *call, const struct refusal *refusal, struct error *err)
{
	struct sim_error error = refusal->error;

	if (!error.message)
		return answer_page(call, error.status, err);
	if (error.project)
		error.project = call->project->number;
	return answer_error(call, &error, err);
}

bool refuse_parameter(struct call *call, const char *domain, const char *reason, const char *parameter, const char *message,
                      struct error *err)
{
	return answer_error(call,
	                    &(struct sim_error){.status = 400,
	                                        .message = message,
	                                        .domain = domain,
	                                        .reason = reason,
	                                        .location = parameter,
	                                        .location_type = "parameter"},
	                    err);
}

bool refuse_without_filter(struct call *call, const char *expected, struct error *err)
{
	char message[TEXT_BYTES];

	snprintf(message, sizeof(message), "No filter selected. Expected one of: %s", expected);
	return answer_error(call,
	                    &(struct sim_error){.status = 400,
	                                        .message = message,
	                                        .domain = "youtube.parameter",
	                                        .reason = "missingRequiredParameter",
	                                        .location = "parameters.",
	                                        .location_type = "other"},
	                    err);
}

bool refuse_searches(struct call *call, bool burst, struct error *err)
{
	char message[TEXT_BYTES];

	snprintf(message, sizeof(message),
	         "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per %s' of service "
	         "'youtube.googleapis.com' for "
	         "consumer 'project_number:%s'.",
	         burst ? "minute" : "day", call->project->number);
	return answer_error(call,
	                    &(struct sim_error){.status = 429,
	                                        .message = message,
	                                        .domain = "global",
	                                        .reason = "rateLimitExceeded",
	                                        .grpc_status = "RESOURCE_EXHAUSTED",
	                                        .info_reason = "RATE_LIMIT_EXCEEDED",
	                                        .project = call->project->number,
	                                        .quota_limit = burst ? "defaultSearchListPerMinutePerProject"
	                                                             : "defaultSearchListPerDayPerProject",
	                                        .quota_metric = "youtube.googleapis.com/search_list",
	                                        .quota_unit = burst ? "1/min/{project}" : "1/d/{project}",
	                                        .quota_limit_value = burst ? 10 : call->project->limit[BUCKET_SEARCHES],
	                                        .window_start = burst ? 0 : quota_day_start(call->now)},
	                    err);
}

bool refuse_units(struct call *call, struct error *err)
{
	return refuse_by_name(call, refusal_of("quotaExceeded"), err);
}

bool refuse_key(struct call *call, enum sim_key_state state, const char *project, struct error *err)
{
	char disabled[TEXT_BYTES];

	snprintf(disabled, sizeof(disabled), "YouTube Data API v3 has not been used in project %s before or it is disabled.",
	         project);
	const struct sim_error errors[SIM_KEY_STATE_COUNT] = {
	    [SIM_KEY_INVALID] = {.status = 400,
	                         .message = "API key not valid. Please pass a valid API key.",
	                         .domain = "global",
	                         .reason = "badRequest",
	                         .grpc_status = "INVALID_ARGUMENT",
	                         .info_reason = "API_KEY_INVALID"},
	    [SIM_KEY_EXPIRED] = {.status = 400,
	                         .message = "API key expired. Please renew the API key.",
	                         .domain = "global",
	                         .reason = "badRequest",
	                         .grpc_status = "INVALID_ARGUMENT",
	                         .info_reason = "API_KEY_INVALID"},
	    [SIM_KEY_API_OFF] = {.status = 403,
	                         .message = disabled,
	                         .domain = "usageLimits",
	                         .reason = "accessNotConfigured",
	                         .grpc_status = "PERMISSION_DENIED",
	                         .info_reason = "SERVICE_DISABLED",
	                         .project = project},
	    [SIM_KEY_RESTRICTED] =
		{.status = 403,
	         .message =
	             "The provided API key has an IP address restriction. The originating IP address of the call (192.0.2.1) "
	             "violates this restriction.",
	         .domain = "global",
	         .reason = "forbidden",
	         .grpc_status = "PERMISSION_DENIED",
	         .info_reason = "API_KEY_IP_ADDRESS_BLOCKED",
	         .project = project},
	    [SIM_KEY_SUSPENDED] = {.status = 403,
	                           .message = "Permission denied: Consumer has been suspended.",
	                           .domain = "global",
	                           .reason = "forbidden",
	                           .grpc_status = "PERMISSION_DENIED",
	                           .info_reason = "CONSUMER_SUSPENDED",
	                           .project = project},
	};

	return answer_error(call, &errors[state], err);
}

bool refuse_without_key(struct call *call, struct error *err)
{
	return refuse_by_name(call, refusal_of("unregistered"), err);
}
