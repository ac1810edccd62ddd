#include "cgi/pages/widgets/video_parts.h"

#include <stdio.h>
#include <string.h>

#include "cgi/pages/widgets/parts.h"
#include "cgi/request/format.h"

const char *video_picture(const struct video *video)
{
	static const char youtube[] = "https://i.ytimg.com/";
	const char *url = video->thumbnail_url;

	return url && (strncmp(url, youtube, strlen(youtube)) == 0 || (url[0] == '/' && url[1] != '/')) ? url : NULL;
}

void write_amount(struct writer *w, const char *name, int64_t number, const char *noun)
{
	const char *plural = number == 1 ? "" : "s";
	char digits[FORMAT_SIZE];
	char words[2 * FORMAT_SIZE];

	if (number == VIDEO_UNKNOWN) {
		write_null(w, name);
		return;
	}
	write_object(w, name);
	format_rough(number, digits);
	snprintf(words, sizeof(words), "%s %.40s%s", digits, noun, plural);
	write_text(w, "words", words);
	format_count(number, digits);
	snprintf(words, sizeof(words), "%s %.40s%s", digits, noun, plural);
	write_text(w, "full", words);
	write_end(w);
}

void write_published(struct writer *w, const struct video *video, int64_t now)
{
	page_write_moment(w, "published", video->published_unknown ? 0 : video->published_at, now);
	page_write_moment(w, "recorded", video->published_unknown ? video->published_at : 0, now);
}

void write_badge(struct writer *w, const struct video *video)
{
	char words[FORMAT_SIZE] = "";
	const char *kind = "length";

	if (video->kind == VIDEO_LIVE || video->kind == VIDEO_UPCOMING) {
		kind = video_kind_name(video->kind);
		snprintf(words, sizeof(words), "%s", video->kind == VIDEO_LIVE ? "Live" : "Upcoming");
	} else if (video->duration_s > 0) {
		format_duration(video->duration_s, words);
	}
	if (!*words) {
		write_null(w, "badge");
		return;
	}
	write_object(w, "badge");
	write_text(w, "kind", kind);
	write_text(w, "words", words);
	write_end(w);
}
