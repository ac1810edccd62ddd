#include "base/number.h"

#include <string.h>

size_t number_format(int64_t value, char out[NUMBER_SIZE])
{
	char digits[NUMBER_SIZE];
	char *at = digits + sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	*--at = '\0';
	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		*--at = '-';
	size_t size = (size_t)(digits + sizeof(digits) - at);
	memcpy(out, at, size);
	return size - 1;
}
