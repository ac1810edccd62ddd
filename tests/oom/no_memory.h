/*
 * Memory that runs out on demand. Linked into a program with -Wl,--wrap for malloc, calloc, realloc, strdup and strndup, it
 * decides for our code, SQLite and cJSON alike which allocation fails. For one thread.
 */
#pragma once

#include <stdbool.h>

/* The N-th allocation from now on (from 1) fails, the ones before and after it succeed. */
void no_memory_at(long n);

/* From now on all allocations succeed. Returns whether the one that was to fail was asked for. */
bool no_memory_end(void);
