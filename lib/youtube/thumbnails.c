#include "youtube/thumbnails.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/loopback.h"

enum { THUMBNAILS_MAX = 12, SIZE_NAME_MAX_BYTES = 32, PIXELS_MAX = 100000, JSON_MAX_BYTES = 64 * 1024 };

struct thumbnail {
	const char *name, *url; /* borrowed */
	int64_t width, height;  /* 0 = unknown */
};

struct thumbnails {
	struct thumbnail items[THUMBNAILS_MAX];
	size_t count;
};

/* Best first for a card 320 to 480 pixels wide; names that are not here come last. */
static const char *const preferred[] = {"high", "medium", "standard", "maxres", "default", "fhd", "qhd", "uhd"};

/* http://127.0.0.1:8090/…: from a simulator on this machine. */
static bool is_loopback_url(const char *url)
{
	static const char scheme[] = "http://";

	if (strncmp(url, scheme, strlen(scheme)) != 0)
		return false;
	const char *host = url + strlen(scheme);
	size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	if (len > strlen(host) || !host_is_loopback(host, len))
		return false;
	const char *rest = host + len;
	if (*rest == ':')
		rest += 1 + strspn(rest + 1, "0123456789");
	return !*rest || *rest == '/';
}

static bool url_is_fine(const char *url)
{
	/* The characters of RFC 3986: nothing that JSON or HTML would have to escape but '&' and "'". */
	static const char allowed[] = TEXT_ALPHANUMERIC "-._~:/?#[]@!$&'()*+,;=%";
	size_t len = strspn(url, allowed);

	if (url[len] || len > VIDEO_URL_MAX_BYTES)
		return false;
	return (strncmp(url, "https://", 8) == 0 && url[8]) || (url[0] == '/' && url[1] && url[1] != '/') || is_loopback_url(url);
}

static bool name_is_fine(const char *name)
{
	size_t len = strspn(name, TEXT_ALPHANUMERIC "_");

	return len > 0 && len <= SIZE_NAME_MAX_BYTES && !name[len];
}

static const struct thumbnail *find(const struct thumbnails *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->items[i].name, name) == 0)
			return &all->items[i];
	return NULL;
}

static int64_t pixels(const cJSON *thumbnail, const char *name)
{
	int64_t value;

	return json_int(thumbnail, name, &value) && value > 0 && value <= PIXELS_MAX ? value : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct thumbnail *)a)->name, ((const struct thumbnail *)b)->name);
}

static struct thumbnails collect(const cJSON *json)
{
	struct thumbnails all = {.count = 0};
	const cJSON *item;

	cJSON_ArrayForEach(item, json)
	{
		const char *url = json_text(item, "url");

		if (all.count == THUMBNAILS_MAX)
			break;
		if (!url || !url_is_fine(url) || !name_is_fine(item->string) || find(&all, item->string))
			continue;
		all.items[all.count++] = (struct thumbnail){.name = item->string,
		                                            .url = url,
		                                            .width = pixels(item, "width"),
		                                            .height = pixels(item, "height")};
	}
	qsort(all.items, all.count, sizeof(all.items[0]), by_name);
	return all;
}

/* Names and URLs were checked to hold nothing that JSON escapes. */
static bool write_json(const struct thumbnails *all, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf json = BUF(JSON_MAX_BYTES);

	buf_add_char(&json, '{');
	for (size_t i = 0; i < all->count; i++) {
		const struct thumbnail *one = &all->items[i];

		buf_printf(&json, "%s\"%s\":{\"url\":\"%s\"", i ? "," : "", one->name, one->url);
		if (one->width && one->height)
			buf_printf(&json, ",\"width\":%lld,\"height\":%lld", (long long)one->width, (long long)one->height);
		buf_add_char(&json, '}');
	}
	buf_add_char(&json, '}');
	return buf_take(&json, out, err);
}

static const char *choose(const struct thumbnails *all)
{
	for (size_t i = 0; i < sizeof(preferred) / sizeof(preferred[0]); i++) {
		const struct thumbnail *one = find(all, preferred[i]);
		if (one)
			return one->url;
	}
	return all->count ? all->items[0].url : NULL;
}

bool thumbnails_read(const cJSON *thumbnails, struct video *video, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(VIDEO_URL_MAX_BYTES);
	struct thumbnails all = collect(thumbnails);
	const char *chosen = choose(&all);

	if (chosen)
		buf_add_text(&url, chosen);
	else
		buf_printf(&url, "https://i.ytimg.com/vi/%s/hqdefault.jpg", video->id); /* every video has this one */
	return write_json(&all, &video->thumbnails, err) && buf_take(&url, &video->thumbnail_url, err);
}
