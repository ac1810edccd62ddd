/* Compiler attributes used everywhere. */
#pragma once

/* The caller has to look at the result. */
#define MUST_USE __attribute__((warn_unused_result))

/* Releases a variable when its scope ends, on every way out:
 *	AUTO(video_clear) struct video video = {0};
 * FN receives the address of the variable and accepts an empty one. */
#define AUTO(fn) __attribute__((cleanup(fn), unused))

/* Lets the compiler check a printf-like function: position of the format, position of the first value. */
#define PRINTF_LIKE(format_at, values_at) __attribute__((format(printf, format_at, values_at)))
