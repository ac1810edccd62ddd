#include "tests/sim/api/projects.h"

#include <stdio.h>
#include <string.h>

#include "model/key.h"
#include "model/quota_day.h"

enum { USUAL_SEARCHES = 100, USUAL_UNITS = 10000 };

#define FIRST_NUMBER 210000000000LL

const char *sim_key_state_name(enum sim_key_state state)
{
	static const char *const names[SIM_KEY_STATE_COUNT] = {
	    [SIM_KEY_GOOD] = "good",       [SIM_KEY_INVALID] = "invalid",       [SIM_KEY_EXPIRED] = "expired",
	    [SIM_KEY_API_OFF] = "api_off", [SIM_KEY_RESTRICTED] = "restricted", [SIM_KEY_SUSPENDED] = "suspended",
	};

	return names[state];
}

static size_t project_of(struct projects *projects, const char *number)
{
	size_t i = 0;

	while (number && i < projects->project_count && strcmp(projects->projects[i].number, number) != 0)
		i++;
	return number ? i : projects->project_count;
}

bool projects_add(struct projects *projects, const char *secret, const char *number, int64_t searches, int64_t units,
                  struct error *err)
{
	if (projects->key_count == SIM_KEYS_MAX)
		return error_set(err, ERR_TOO_MANY, "more than %d keys", SIM_KEYS_MAX);
	size_t p = project_of(projects, number);
	struct sim_key *key = &projects->keys[projects->key_count++];
	*key = (struct sim_key){.project = p};
	snprintf(key->secret, sizeof(key->secret), "%s", secret);
	if (p < projects->project_count)
		return true;
	struct sim_project *project = &projects->projects[projects->project_count++];
	*project = (struct sim_project){
	    .limit = {
		[BUCKET_SEARCHES] = searches < 0 ? USUAL_SEARCHES : searches, [BUCKET_UNITS] = units < 0 ? USUAL_UNITS : units}};
	if (number)
		snprintf(project->number, sizeof(project->number), "%s", number);
	else
		snprintf(project->number, sizeof(project->number), "%lld", FIRST_NUMBER + (long long)p);
	return true;
}

struct sim_key *projects_find(struct projects *projects, const char *secret)
{
	struct error ignored;

	for (size_t i = 0; i < projects->key_count; i++)
		if (strcmp(projects->keys[i].secret, secret) == 0)
			return &projects->keys[i];
	if (projects->any_key && key_check(secret, &ignored) && projects_add(projects, secret, NULL, -1, -1, &ignored))
		return &projects->keys[projects->key_count - 1];
	return NULL;
}

bool projects_charge(struct projects *projects, const struct sim_key *key, enum bucket bucket, int64_t now)
{
	struct sim_project *project = &projects->projects[key->project];
	int64_t day = quota_day_start(now);

	if (project->day != day) {
		project->day = day;
		memset(project->used, 0, sizeof(project->used));
	}
	project->calls[bucket]++;
	if (project->used[bucket] >= project->limit[bucket]) {
		project->refused[bucket]++;
		return false;
	}
	project->used[bucket]++;
	return true;
}
