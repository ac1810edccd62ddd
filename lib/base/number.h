/* Whole numbers as text. text_int() reads them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { NUMBER_SIZE = sizeof("-9223372036854775808") };

/* VALUE in decimal, and how many characters that is. Where lists have hundreds of numbers, printf() takes a noticeable share of the time. */
size_t number_format(int64_t value, char out[NUMBER_SIZE]);
