#include "base/lazy.h"

#include <dlfcn.h>
#include <string.h>

bool lazy_load(const char *library, const char *const names[], void *functions)
{
	void *loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	char *to = functions;

	if (!loaded)
		return false;
	for (; *names; names++, to += sizeof(void *)) {
		/* The address of a function, though C has no cast for it: POSIX has it be a pointer of the same size. */
		void *address = dlsym(loaded, *names);

		if (!address)
			return false;
		memcpy(to, &address, sizeof(address));
	}
	return true;
}
