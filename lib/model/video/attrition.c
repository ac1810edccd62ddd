#include "model/video/attrition.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json_writer.h"
#include "base/timestamp.h"

enum { DATE_LENGTH = sizeof("2026-11-22") - 1 };

const int64_t attrition_ages[ATTRITION_AGES] = {1, 7, 30, 90};

void attrition_list_clear(struct attrition_list *list)
{
	free(list->items);
	*list = (struct attrition_list){0};
}

int64_t attrition_known(const struct attrition *attrition, size_t age)
{
	const struct attrition_count *count = &attrition->after[age];

	return count->there + count->gone + count->undated;
}

/* PART of all that was found, null while nothing is known. */
static void write_share(struct writer *w, const char *name, int64_t part, int64_t found, bool known)
{
	char text[32];

	snprintf(text, sizeof(text), "%.4f", found ? (double)part / (double)found : 0.0);
	if (known)
		write_raw_json(w, name, text);
	else
		write_null(w, name);
}

static void write_after(struct writer *w, const struct attrition *attrition, size_t age)
{
	const struct attrition_count *count = &attrition->after[age];
	int64_t known = attrition_known(attrition, age);

	write_object(w, NULL);
	write_int(w, "days", attrition_ages[age]);
	write_int(w, "there", count->there);
	write_int(w, "gone", count->gone);
	write_int(w, "undated", count->undated);
	write_int(w, "unchecked", attrition->found - known);
	write_share(w, "share", count->there, attrition->found, known > 0);
	write_share(w, "share_at_most", attrition->found - count->gone, attrition->found, known > 0);
	write_end(w);
}

void attrition_write_json(struct writer *w, const char *name, const struct attrition *attrition)
{
	char day[TIMESTAMP_SIZE];

	timestamp_format(attrition->day, day);
	day[DATE_LENGTH] = '\0';
	write_object(w, name);
	write_text(w, "day", attrition->day ? day : NULL);
	write_int(w, "found", attrition->found);
	write_array(w, "after");
	for (size_t age = 0; age < ATTRITION_AGES; age++)
		write_after(w, attrition, age);
	write_end(w);
	write_end(w);
}
