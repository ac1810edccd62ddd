#include "tests/sim/api/sim.h"

#include <stdio.h>
#include <string.h>

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
