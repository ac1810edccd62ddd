#include "tests/sim/api/sim.h"

#include <stdio.h>
#include <string.h>

double *sim_quirk(struct sim *sim, const char *name)
{
	const struct {
		const char *name;
		double *share;
	} quirks[] = {
	    {"without_snippet", &sim->without_snippet},
	    {"untitled", &sim->untitled},
	    {"swapped", &sim->swapped},
	    {"withheld", &sim->withheld},
	    {"endless", &sim->endless},
	    {"unordered", &sim->unordered},
	    {"unbounded", &sim->unbounded},
	    {"dropped", &sim->dropped},
	    {"feed_spells", &sim->feed_spells},
	    {"duplicates", sim->hub ? &sim->hub->duplicates : NULL},
	    {"lost", sim->hub ? &sim->hub->lost : NULL},
	    {"delayed", sim->hub ? &sim->hub->delayed : NULL},
	    {"lapsed", sim->hub ? &sim->hub->lapsed : NULL},
	    {"denied", sim->hub ? &sim->hub->denied : NULL},
	    {"hub_spells", sim->hub ? &sim->hub->hub_spells : NULL},
	};

	for (size_t i = 0; i < sizeof(quirks) / sizeof(quirks[0]); i++)
		if (strcmp(quirks[i].name, name) == 0)
			return quirks[i].share;
	return NULL;
}

void sim_response_clear(struct sim_response *response)
{
	buf_clear(&response->body);
}

const char *sim_response_header(const struct sim_response *response, const char *name)
{
	for (size_t i = 0; i < response->header_count; i++)
		if (strcmp(response->headers[i].name, name) == 0)
			return response->headers[i].value;
	return NULL;
}

void sim_response_add(struct sim_response *response, const char *name, const char *value)
{
	struct sim_header *header = &response->headers[response->header_count++];

	header->name = name;
	snprintf(header->value, sizeof(header->value), "%s", value);
}
