/* Numbers and times as a person reads them. Pure functions; OUT has FORMAT_SIZE bytes. */
#pragma once

#include <stdint.h>

enum { FORMAT_SIZE = 64 };

/* "4,711" */
void format_count(int64_t number, char out[FORMAT_SIZE]);

/* "1.2 k", "34 k", "5.6 M": two digits that count. */
void format_rough(int64_t number, char out[FORMAT_SIZE]);

/* "12:31", "1:02:03" */
void format_duration(int64_t seconds, char out[FORMAT_SIZE]);

/* "under a minute", "12 min", "3 h", "5 days" */
void format_span(int64_t seconds, char out[FORMAT_SIZE]);

/* "just now", "12 min ago", "3 h ago", "5 days ago", later the date, "22 Nov 2026"; ahead of NOW "in 12 min" … */
void format_ago(int64_t time, int64_t now, char out[FORMAT_SIZE]);

/* "22 Nov 2026" */
void format_date(int64_t time, char out[FORMAT_SIZE]);

/* "22 Nov 2026", and at other times than midnight "22 Nov 2026, 10:00" */
void format_minute(int64_t time, char out[FORMAT_SIZE]);

/* "Sun 22 Nov 2026, 10:00:00 UTC" */
void format_full(int64_t time, char out[FORMAT_SIZE]);
