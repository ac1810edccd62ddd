/*
 * How many of the videos that a query found on a day were still there some days later. Only a look-up tells: what was not looked up since is
 * not counted as there, and when a video went is known to lie between two look-ups.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct writer; /* base/json_writer.h */

/* 1, 7, 30 and 90 days after each was found. */
enum { ATTRITION_AGES = 4 };
extern const int64_t attrition_ages[ATTRITION_AGES];

struct attrition_count {
	int64_t there;   /* given by a look-up then or later */
	int64_t gone;    /* lacking in one then or earlier */
	int64_t undated; /* gone between a look-up before and one after that */
};

struct attrition {
	int64_t day;   /* UTC, its first second; 0 = all days together */
	int64_t found; /* on that day; what is hidden does not count */
	struct attrition_count after[ATTRITION_AGES];
};

struct attrition_list {
	struct attrition *items; /* the newest day first */
	size_t count;
};

void attrition_list_clear(struct attrition_list *list);

/* How many of what was found are counted after attrition_ages[AGE] days: of the others no look-up tells yet. */
int64_t attrition_known(const struct attrition *attrition, size_t age);

/* As one object: day, found, after [{days, there, gone, undated, unchecked, share, share_at_most}], where share is what is still there at least,
 * and share_at_most counts as there what is not known to be gone; both are null while nothing is known. */
void attrition_write_json(struct writer *w, const char *name, const struct attrition *attrition);
