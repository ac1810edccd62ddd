#include "model/youtube_url.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* What stands before the path of an address, after "https://" and names below such as "www." */
static const char *const hosts[] = {"youtube.com/", "youtu.be/", "youtube-nocookie.com/"};

enum { HOST_COUNT = sizeof(hosts) / sizeof(hosts[0]), HOST_OF_VIDEOS = 1 };

static const char advice_on_video[] = "it is the address of a video, not words to search for: enter words of the video's title";
static const char advice_on_channel[] = "it is the address of a channel, not words to search for: enter the channel's name";

static const struct {
	const char *path, *advice;
} kinds[] = {
    {"watch", advice_on_video},
    {"shorts/", advice_on_video},
    {"live/", advice_on_video},
    {"embed/", advice_on_video},
    {"v/", advice_on_video},
    {"playlist", "it is the address of a playlist, not words to search for: enter words of its title"},
    {"results", "it is the address of a search: enter the words of that search"},
};

static bool begins_with(const char *text, const char *beginning)
{
	return strncasecmp(text, beginning, strlen(beginning)) == 0;
}

static const char *after(const char *text, const char *beginning)
{
	return begins_with(text, beginning) ? text + strlen(beginning) : text;
}

/* Whether names, each with its dot, may stand between BEGIN and END: "www." and "m." */
static bool are_names(const char *begin, const char *end)
{
	for (const char *at = begin; at < end; at++)
		if (strchr("/?#@:", *at))
			return false;
	return begin == end || end[-1] == '.';
}

static const char *advice_on_path(const char *path)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (begins_with(path, kinds[i].path))
			return kinds[i].advice;
	return advice_on_channel;
}

/* WORD ends at END. */
static const char *advice_on_word(const char *word, const char *end)
{
	const char *begin = after(after(word, "https://"), "http://");

	for (size_t i = 0; i < HOST_COUNT; i++)
		for (const char *at = begin; at + strlen(hosts[i]) < end; at++)
			if (begins_with(at, hosts[i]) && are_names(begin, at))
				return i == HOST_OF_VIDEOS ? advice_on_video : advice_on_path(at + strlen(hosts[i]));
	return NULL;
}

const char *youtube_url_advice(const char *text)
{
	static const char separators[] = " \t\n\"()<>|,";

	while (*text) {
		const char *word = text + strspn(text, separators);
		const char *end = word + strcspn(word, separators);
		const char *advice = advice_on_word(word, end);

		if (advice)
			return advice;
		text = end;
	}
	return NULL;
}
