#include "tests/sim/api.h"

#include <stdio.h>
#include <string.h>

#include "tests/sim/call.h"
#include "tests/sim/pictures.h"

void sim_response_clear(struct sim_response *response)
{
	buf_clear(&response->body);
}

/* ---- faults ---- */

static bool answer_page(struct call *call, struct error *err)
{
	call->out->status = 502;
	call->out->content_type = "text/html; charset=UTF-8";
	buf_add_text(&call->out->body,
	             "<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n<p><b>502.</b> <ins>That's an "
	             "error.</ins>\n<p>The server encountered a temporary error and could not complete your request.\n");
	return buf_ok(&call->out->body, err);
}

/* Answers that a fault gives in place of the right one. False: there is none of that kind. */
static bool answer_fault(struct call *call, enum fault fault, bool *answered, struct error *err)
{
	*answered = true;
	switch (fault) {
	case FAULT_503:
		return answer_error(call,
		                    &(struct sim_error){.status = 503,
		                                        .message = "The service is currently unavailable.",
		                                        .domain = "global",
		                                        .reason = "backendError",
		                                        .grpc_status = "UNAVAILABLE"},
		                    err);
	case FAULT_HTML:
		return answer_page(call, err);
	case FAULT_EMPTY_BODY:
	case FAULT_CUT:
		call->out->fault = fault;
		return true;
	case FAULT_BURST:
		return refuse_searches(call, true, err);
	case FAULT_FORBIDDEN:
		return answer_error(
		    call, &(struct sim_error){.status = 403, .message = "Forbidden", .domain = "global", .reason = "forbidden"},
		    err);
	case FAULT_DELEGATION:
		return answer_error(
		    call,
		    &(struct sim_error){.status = 403,
		                        .message = "The authenticated user cannot act on behalf of the specified Google account.",
		                        .domain = "youtube.common",
		                        .reason = "accountDelegationForbidden"},
		    err);
	case FAULT_SLOW:
	case FAULT_TRUNCATED:
		call->out->fault = fault;
		break;
	case FAULT_NONE:
	case FAULT_NO_RESULTS:
	case FAULT_COUNT:
		break;
	}
	*answered = false;
	return true;
}

/* ---- the call ---- */

static bool make_call(struct call *call, struct sim_key *key, enum bucket bucket, struct error *err)
{
	enum fault fault = faults_next(&call->sim->faults, bucket);
	bool answered;

	call->project = &call->sim->projects.projects[key->project];
	/* Invalid requests are charged too. */
	bool charged = projects_charge(&call->sim->projects, key, bucket, call->now);
	if (!answer_fault(call, fault, &answered, err))
		return false;
	if (answered)
		return true;
	if (!charged)
		return bucket == BUCKET_SEARCHES ? refuse_searches(call, false, err) : refuse_units(call, err);
	return bucket == BUCKET_SEARCHES ? call_search(call, fault, err) : call_videos(call, err);
}

static bool is_call(const char *path, enum bucket *bucket)
{
	if (strcmp(path, "/youtube/v3/search") == 0)
		*bucket = BUCKET_SEARCHES;
	else if (strcmp(path, "/youtube/v3/videos") == 0)
		*bucket = BUCKET_UNITS;
	else
		return false;
	return true;
}

/* "/vi/ID/hqdefault.jpg" */
static bool answer_picture(const char *path, struct sim_response *out, struct error *err)
{
	char id[VIDEO_ID_SIZE] = "";

	snprintf(id, sizeof(id), "%.*s", VIDEO_ID_SIZE - 1, path + strlen("/vi/"));
	out->content_type = "image/svg+xml";
	picture_write(id, &out->body);
	return buf_ok(&out->body, err);
}

bool sim_answer(struct sim *sim, const struct sim_request *request, int64_t now, struct sim_response *out, struct error *err)
{
	AUTO(params_clear) struct params params = {0};
	struct call call = {.sim = sim, .params = &params, .now = now, .out = out};
	enum bucket bucket;

	*out = (struct sim_response){.status = 200, .content_type = "application/json; charset=UTF-8", .body = BUF(SIM_BODY_MAX)};
	if (strncmp(request->path, "/vi/", 4) == 0)
		return answer_picture(request->path, out, err);
	if (!is_call(request->path, &bucket)) {
		out->status = 404;
		out->content_type = "text/html; charset=UTF-8";
		buf_add_text(&out->body, "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>\n");
		return buf_ok(&out->body, err);
	}
	if (!params_read(request->query, &params, err))
		return false;
	const char *in_url = params_get(&params, "key");
	sim->keys_in_urls += in_url != NULL;
	const char *secret = request->key ? request->key : in_url;
	if (!secret)
		return refuse_without_key(&call, err);
	struct sim_key *key = projects_find(&sim->projects, secret);
	enum sim_key_state state = key ? key->state : SIM_KEY_INVALID;
	if (state != SIM_KEY_GOOD)
		return refuse_key(&call, state, key ? sim->projects.projects[key->project].number : "0", err);
	return make_call(&call, key, bucket, err);
}
