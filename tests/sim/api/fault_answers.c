/* Faults of the Data API that show in its answers. */
#include "tests/sim/api/call.h"

bool answer_fault(struct call *call, enum sim_method method, const struct refusal *refusal, bool *answered, struct error *err)
{
	*answered = true;
	switch (call->fault) {
	case FAULT_503:
		return answer_error(call,
		                    &(struct sim_error){.status = 503,
		                                        .message = "The service is currently unavailable.",
		                                        .domain = "global",
		                                        .reason = "backendError",
		                                        .grpc_status = "UNAVAILABLE"},
		                    err);
	case FAULT_HTML:
		return answer_page(call, 502, err);
	case FAULT_EMPTY_BODY:
	case FAULT_CUT:
	case FAULT_RESET:
		call->out->fault = call->fault;
		return true;
	case FAULT_BURST:
		return refuse_searches(call, true, err);
	case FAULT_SPENT:
		return method == SIM_SEARCH ? refuse_searches(call, false, err) : refuse_units(call, err);
	case FAULT_REFUSED:
		return refuse_by_name(call, refusal, err);
	case FAULT_FORBIDDEN:
		return refuse_by_name(call, refusal_of("forbidden"), err);
	case FAULT_DELEGATION:
		return refuse_by_name(call, refusal_of("accountDelegationForbidden"), err);
	case FAULT_SLOW:
	case FAULT_TRUNCATED:
	case FAULT_LENGTH:
		call->out->fault = call->fault;
		break;
	case FAULT_NONE:
	case FAULT_NO_RESULTS:
	case FAULT_HALF_JSON:
	case FAULT_COUNT:
		break;
	}
	*answered = false;
	return true;
}

bool happens(const struct call *call, double share)
{
	return share > 0 && rng_share(&call->sim->faults.rng) < share;
}
