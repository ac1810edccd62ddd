#include "tests/oom/no_memory.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include <cjson/cJSON.h>
#include <sqlite3.h>

static long until_failure; /* 0 = none is to fail */
static bool failed;

void no_memory_at(long n)
{
	until_failure = n;
	failed = false;
}

bool no_memory_end(void)
{
	until_failure = 0;
	return failed;
}

/* Whether this allocation is the one. */
static bool fails(void)
{
	if (!until_failure || --until_failure)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

/* ---- ours: the linker sends the calls here ---- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t max);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t max);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return fails() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t max)
{
	return fails() ? NULL : __real_strndup(text, max);
}

/* ---- the libraries: they take other functions ---- */

static sqlite3_mem_methods sqlite_memory; /* its own */

static void *sqlite_malloc(int size)
{
	return fails() ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_realloc(void *memory, int size)
{
	return fails() ? NULL : sqlite_memory.xRealloc(memory, size);
}

/* Before main, and so before the store is first opened, after which SQLite takes no other functions. */
__attribute__((constructor)) static void hook_libraries(void)
{
	cJSON_Hooks cjson = {.malloc_fn = __wrap_malloc, .free_fn = free};

	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory);
	sqlite3_mem_methods methods = sqlite_memory;
	methods.xMalloc = sqlite_malloc;
	methods.xRealloc = sqlite_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
	cJSON_InitHooks(&cjson);
}
