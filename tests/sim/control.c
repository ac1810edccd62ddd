#include "tests/sim/control.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tests/sim/emit.h"
#include "tests/sim/params.h"

static bool answer(struct sim_response *out, int status, const char *text, struct error *err)
{
	out->status = status;
	buf_printf(&out->body, "%s\n", text);
	return buf_ok(&out->body, err);
}

/* "search", "videos", "channels", "playlistItems", "feed", "hub"; none = any. */
static bool method_of(const char *name, enum sim_method *out)
{
	static const char *const names[SIM_METHOD_COUNT] = {[SIM_ANY] = "",
	                                                    [SIM_SEARCH] = "search",
	                                                    [SIM_VIDEOS] = "videos",
	                                                    [SIM_CHANNELS] = "channels",
	                                                    [SIM_PLAYLIST_ITEMS] = "playlistItems",
	                                                    [SIM_FEED] = "feed",
	                                                    [SIM_HUB] = "hub"};

	for (*out = SIM_ANY; *out < SIM_METHOD_COUNT; (*out)++)
		if (strcmp(names[*out], name ? name : "") == 0)
			return true;
	return false;
}

/* A fault, or a refusal by its name. */
static bool kind_of(const char *name, struct fault_step *out)
{
	out->refusal = name ? refusal_of(name) : NULL;
	out->fault = FAULT_REFUSED;
	return name && ((fault_of(name, &out->fault) && out->fault != FAULT_REFUSED) || out->refusal);
}

static bool set_fault(struct sim *sim, const struct params *params, struct sim_response *out, struct error *err)
{
	const char *count_text = params_get(params, "count");
	const char *then = params_get(params, "then");
	struct fault_step step = {0};
	int64_t count = 1;

	if (!kind_of(params_get(params, "kind"), &step) || !method_of(params_get(params, "method"), &step.method) ||
	    (count_text && !text_int(count_text, 0, 1000000, &count)))
		return answer(out, 400, "kind, method or count is wrong", err);
	step.count = (int)count;
	if (!then || strcmp(then, "1") != 0)
		faults_forget(&sim->faults);
	return faults_add(&sim->faults, &step) ? answer(out, 200, "ok", err) : answer(out, 400, "the script is full", err);
}

static bool read_share(const char *text, double *out)
{
	char *end;

	double share = strtod(text, &end);

	if (end == text || *end || !(share >= 0 && share <= 1))
		return false;
	*out = share;
	return true;
}

/* Gives every fault its chance anew. */
static bool set_shares(struct sim *sim, const struct params *params, struct sim_response *out, struct error *err)
{
	double shares[FAULT_COUNT] = {0};

	for (size_t i = 0; i < params->count; i++) {
		enum fault fault;

		if (!fault_of(params->items[i].name, &fault) || fault == FAULT_REFUSED)
			return answer(out, 400, "there is no such fault", err);
		if (!read_share(params->items[i].value, &shares[fault]))
			return answer(out, 400, "a share is between 0 and 1", err);
	}
	memcpy(sim->faults.share, shares, sizeof(shares));
	return answer(out, 200, "ok", err);
}

/* Changes the quirks that are named, and the pool. */
static bool set_quirks(struct sim *sim, const struct params *params, struct sim_response *out, struct error *err)
{
	for (size_t i = 0; i < params->count; i++) {
		const char *name = params->items[i].name;
		const char *value = params->items[i].value;
		double *share = sim_quirk(sim, name);

		if (!share && strcmp(name, "pool") != 0)
			return answer(out, 400, "there is no such quirk", err);
		if (share ? !read_share(value, share) : !text_int(value, 0, INT32_MAX, &sim->pool))
			return answer(out, 400, "a share is between 0 and 1, the pool a number of videos", err);
	}
	return answer(out, 200, "ok", err);
}

static bool set_key(struct sim *sim, const struct params *params, struct sim_response *out, struct error *err)
{
	const char *secret = params_get(params, "key");
	const char *name = params_get(params, "state");
	struct sim_key *key = secret ? projects_find(&sim->projects, secret) : NULL;

	for (enum sim_key_state state = SIM_KEY_GOOD; key && name && state < SIM_KEY_STATE_COUNT; state++) {
		if (strcmp(sim_key_state_name(state), name) == 0) {
			key->state = state;
			return answer(out, 200, "ok", err);
		}
	}
	return answer(out, 400, "key or state is wrong", err);
}

static bool show_calls(const struct sim *sim, struct sim_response *out, struct error *err)
{
	struct emit e = {.to = &out->body};

	emit_object(&e, NULL);
	emit_number(&e, "keys_in_urls", sim->keys_in_urls);
	emit_number(&e, "unknown_parameters", sim->unknown_count);
	emit_number(&e, "hub_sent", sim->hub ? sim->hub->sent : 0);
	emit_number(&e, "hub_failed", sim->hub ? sim->hub->failed : 0);
	emit_list(&e, "projects");
	for (size_t i = 0; i < sim->projects.project_count; i++) {
		const struct sim_project *project = &sim->projects.projects[i];

		emit_object(&e, NULL);
		emit_text(&e, "number", project->number);
		for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
			emit_object(&e, bucket_name(bucket));
			emit_number(&e, "calls", project->calls[bucket]);
			emit_number(&e, "refused", project->refused[bucket]);
			emit_number(&e, "used", project->used[bucket]);
			emit_number(&e, "limit", project->limit[bucket]);
			emit_end(&e);
		}
		emit_end(&e);
	}
	emit_end(&e);
	emit_end(&e);
	return buf_ok(&out->body, err);
}

bool control_answer(struct sim *sim, const struct sim_request *request, struct sim_response *out, struct error *err)
{
	AUTO(params_clear) struct params params = {0};

	*out = (struct sim_response){.status = 200, .content_type = "application/json; charset=UTF-8", .body = BUF(SIM_BODY_MAX)};
	if (!params_read(request->query, &params, err))
		return false;
	if (strcmp(request->path, "/control/fault") == 0)
		return set_fault(sim, &params, out, err);
	if (strcmp(request->path, "/control/shares") == 0)
		return set_shares(sim, &params, out, err);
	if (strcmp(request->path, "/control/quirks") == 0)
		return set_quirks(sim, &params, out, err);
	if (strcmp(request->path, "/control/key") == 0)
		return set_key(sim, &params, out, err);
	if (strcmp(request->path, "/control/calls") == 0)
		return show_calls(sim, out, err);
	return answer(out, 404, "there is no such control", err);
}
