/*
 * Fuzzing: each tests/fuzz/<module>_<what>.c is a program that is given bytes and holds what it gets for them against promises of
 * the headers. libFuzzer makes up the bytes in `make fuzz`; tests/fuzz/replay.c gives it those of
 * tests/fuzz/corpus/<module>_<what>/ in `make test` and `make asan`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* What libFuzzer calls with each input. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, which is a finding, unless the promise holds. */
#define PROMISE(holds) ((holds) ? (void)0 : fuzz_broken(#holds, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *promise, const char *file, int line);

/* Promises that TEXT is valid UTF-8. */
void fuzz_promise_text(const char *text);

/* Promises that ERR has a code among those of ALLOWED (ended by ERR_NONE) and a sentence that can be shown. */
void fuzz_promise_error(const struct error *err, const enum error_code allowed[]);

/* Takes the bytes of *DATA up to a newline, which is dropped, as a text without NUL, the caller's to free; the rest stays. */
char *fuzz_take_line(const uint8_t **data, size_t *size);

/* All bytes as a text that ends at a NUL; the caller's to free. */
char *fuzz_take_text(const uint8_t *data, size_t size);
