#include "model/youtube_url.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "model/video.h"

/* What stands before the path of an address, after "https://" and names below such as "www." */
static const char *const hosts[] = {"youtube.com/", "youtu.be/", "youtube-nocookie.com/"};

enum { HOST_COUNT = sizeof(hosts) / sizeof(hosts[0]), HOST_OF_VIDEOS = 1 };

static const char advice_on_video[] = "it is the address of a video, not words to search for: enter words of the video's title";
static const char advice_on_channel[] =
    "it is the address of a channel by a name that only YouTube's pages know, or with other words: enter its @handle alone";

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

/* ---- channels ---- */

/* The length of the channel's id at the beginning of TEXT, which ends at one of the ENDS; 0 when it is none. */
static size_t id_length(const char *text, const char *ends)
{
	static const char letters[] = TEXT_ALPHANUMERIC "-_";

	bool is_id = strncmp(text, "UC", 2) == 0 && strspn(text, letters) == CHANNEL_ID_LENGTH &&
	             (!text[CHANNEL_ID_LENGTH] || strchr(ends, text[CHANNEL_ID_LENGTH]));

	return is_id ? CHANNEL_ID_LENGTH : 0;
}

static bool is_handle_letter(char c)
{
	return ((unsigned char)c & 0x80) || (c && strchr(TEXT_ALPHANUMERIC "._-", c));
}

/* The same for a handle: of letters of any script, digits, and some signs. */
static size_t handle_length(const char *text, const char *ends)
{
	size_t len = 1;

	if (*text != '@')
		return 0;
	while (is_handle_letter(text[len]))
		len++;
	return len > 1 && len < CHANNEL_NAME_SIZE && (!text[len] || strchr(ends, text[len])) ? len : 0;
}

/* What comes after the host in an address of YouTube's pages, NULL when TEXT is none. */
static const char *path_of(const char *text)
{
	const char *host = hosts[0];
	const char *begin = after(after(text, "https://"), "http://");

	for (const char *at = begin; *at; at++)
		if (begins_with(at, host))
			return are_names(begin, at) ? at + strlen(host) : NULL;
	return NULL;
}

bool youtube_url_channel(const char *text, char out[CHANNEL_NAME_SIZE])
{
	static const char before_id[] = "channel/";
	const char *path = path_of(text);
	const char *ends = path ? "/?#" : "";
	const char *name = path ? path : text;
	size_t len = handle_length(name, ends);

	if (!len && (!path || begins_with(path, before_id))) {
		name = after(name, before_id);
		len = id_length(name, ends);
	}
	if (!len || strchr(name, ' '))
		return false;
	memcpy(out, name, len);
	out[len] = '\0';
	return true;
}

/* ---- videos ---- */

static const char id_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Whether an id, and no more than that, stands at TEXT. */
static bool read_video_id(const char *text, char out[VIDEO_NAME_SIZE])
{
	if (strspn(text, id_characters) != VIDEO_NAME_SIZE - 1)
		return false;
	memcpy(out, text, VIDEO_NAME_SIZE - 1);
	out[VIDEO_NAME_SIZE - 1] = '\0';
	return true;
}

/* The parameter v of the address. */
static bool read_watched(const char *parameters, char out[VIDEO_NAME_SIZE])
{
	for (const char *at = strchr(parameters, '?'); at; at = strchr(at + 1, '&'))
		if (strncmp(at + 1, "v=", 2) == 0)
			return read_video_id(at + 3, out);
	return false;
}

bool youtube_url_video(const char *text, char out[VIDEO_NAME_SIZE])
{
	static const char *const paths[] = {"shorts/", "live/", "embed/", "v/"};
	const char *begin = text + strspn(text, " \t\r\n");

	begin = after(after(begin, "https://"), "http://");
	if (strcspn(begin, " \t\r\n") + strspn(begin + strcspn(begin, " \t\r\n"), " \t\r\n") != strlen(begin))
		return false; /* words beside it */
	for (size_t i = 0; i < HOST_COUNT; i++) {
		size_t names = strcspn(begin, "/");

		for (const char *at = begin; at <= begin + names; at++) {
			if (!begins_with(at, hosts[i]) || !are_names(begin, at))
				continue;
			const char *path = at + strlen(hosts[i]);
			if (i == HOST_OF_VIDEOS)
				return read_video_id(path, out);
			if (begins_with(path, "watch"))
				return read_watched(path, out);
			for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++)
				if (begins_with(path, paths[p]))
					return read_video_id(path + strlen(paths[p]), out);
		}
	}
	return false;
}
