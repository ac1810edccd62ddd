#include "tests/sim/control.h"

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

static bool set_fault(struct sim *sim, const struct params *params, struct sim_response *out, struct error *err)
{
	const char *kind = params_get(params, "kind");
	const char *count_text = params_get(params, "count");
	const char *method = params_get(params, "method");
	int64_t count = 1;
	enum fault fault;

	if (!kind || !fault_of(kind, &fault) || (count_text && !text_int(count_text, 0, 1000000, &count)))
		return answer(out, 400, "kind or count is wrong", err);
	sim->faults.script = fault;
	sim->faults.script_left = (int)count;
	sim->faults.script_both = method == NULL;
	sim->faults.script_bucket = method && strcmp(method, "search") == 0 ? BUCKET_SEARCHES : BUCKET_UNITS;
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
	emit_list(&e, "projects");
	for (size_t i = 0; i < sim->projects.project_count; i++) {
		const struct sim_project *project = &sim->projects.projects[i];

		emit_object(&e, NULL);
		emit_text(&e, "number", project->number);
		for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
			emit_object(&e, bucket_name(bucket));
			emit_number(&e, "calls", project->calls[bucket]);
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
	if (strcmp(request->path, "/control/key") == 0)
		return set_key(sim, &params, out, err);
	if (strcmp(request->path, "/control/calls") == 0)
		return show_calls(sim, out, err);
	return answer(out, 404, "there is no such control", err);
}
