#include "cgi/pages/widgets/noise.h"

#include <string.h>

#include "cgi/pages/widgets/parts.h"
#include "cgi/request/auth.h"
#include "cgi/request/link_writer.h"
#include "store/hidden/hidden.h"

enum { BACK_BYTES = 4096 };

static bool is_noise(const char *part, size_t len)
{
	return (len >= 7 && strncmp(part, "hidden=", 7) == 0) || (len >= 6 && strncmp(part, "muted=", 6) == 0);
}

/* The page at hand, without what it tells of the last button. */
static void write_back(struct writer *w, const struct request *req)
{
	AUTO(buf_clear) struct buf back = BUF(BACK_BYTES);
	const char *part = req->query_string ? req->query_string : "";
	char separator = '?';

	buf_add_text(&back, req->path ? req->path : "/");
	while (*part) {
		size_t len = strcspn(part, "&");

		if (len && !is_noise(part, len)) {
			buf_add_char(&back, separator);
			buf_add(&back, part, len);
			separator = '&';
		}
		part += len + (part[len] == '&');
	}
	/* A longer address leads back to its page without parameters. */
	write_text(w, "back", back.failed ? "/" : buf_text(&back));
}

static bool write_hidden(struct app *app, struct writer *w, const char *id, struct error *err)
{
	AUTO(hidden_item_clear) struct hidden_item video = {0};

	if (!store_hidden_get(app->store, HIDDEN_VIDEOS, id, &video, err))
		return err->code == ERR_NOT_FOUND;
	write_object(w, "undo");
	write_text(w, "action", "show");
	write_text(w, "video", video.id);
	write_null(w, "channel");
	write_text(w, "words", "Hidden:");
	write_text(w, "title", page_visible(video.title, video.id));
	write_null(w, "left");
	write_end(w);
	return true;
}

static bool write_muted(struct app *app, struct writer *w, const char *id, struct error *err)
{
	AUTO(hidden_item_clear) struct hidden_item channel = {0};

	if (!store_hidden_get(app->store, MUTED_CHANNELS, id, &channel, err))
		return err->code == ERR_NOT_FOUND;
	write_object(w, "undo");
	write_text(w, "action", "unmute");
	write_null(w, "video");
	write_text(w, "channel", channel.id);
	write_text(w, "words", "Muted:");
	write_text(w, "title", page_visible(channel.title, channel.id));
	if (channel.left)
		page_write_counted(w, "left", channel.left, "of its videos is", "of its videos are");
	else
		write_null(w, "left");
	write_end(w);
	return true;
}

bool noise_write_frame(struct app *app, struct writer *w, const struct request *req, struct error *err)
{
	const char *hidden = fields_get(&req->query, "hidden");
	const char *muted = fields_get(&req->query, "muted");
	bool owner = auth_is_owner(app, req);
	bool told = owner && (hidden || muted);
	struct error none = {0};

	write_link(w, app, "hidden_url", "/hidden");
	write_back(w, req);
	if (told && !(hidden ? write_hidden(app, w, hidden, &none) : write_muted(app, w, muted, &none))) {
		*err = none;
		return false;
	}
	/* Nothing to undo: it was undone meanwhile. */
	if (!told || none.code == ERR_NOT_FOUND)
		write_null(w, "undo");
	return true;
}

void noise_write_buttons(struct writer *w, bool wanted, const char *id, const char *title, const char *channel_id,
                         const char *channel_title, unsigned hidden)
{
	bool has_channel = channel_id && *channel_id;

	if (!wanted) {
		write_null(w, "noise");
		return;
	}
	write_object(w, "noise");
	write_text(w, "video", id);
	write_text(w, "channel", has_channel ? channel_id : NULL);
	write_array(w, "buttons");
	if (id && !(hidden & HIDDEN_BY_OWNER))
		page_add_button(w, "hide", "Hide", title, false);
	if (id && hidden & HIDDEN_BY_OWNER)
		page_add_button(w, "show", "Show again", title, false);
	if (has_channel && !(hidden & HIDDEN_CHANNEL))
		page_add_button(w, "mute", "Mute channel", channel_title, false);
	if (has_channel && hidden & HIDDEN_CHANNEL)
		page_add_button(w, "unmute", "Unmute channel", channel_title, false);
	write_end(w);
	write_end(w);
}

const char *noise_reasons(unsigned hidden)
{
	static const char *const words[] = {[HIDDEN_BY_OWNER] = "hidden by you",
	                                    [HIDDEN_CHANNEL] = "channel muted",
	                                    [HIDDEN_CHANNEL | HIDDEN_BY_OWNER] = "hidden by you, channel muted",
	                                    [HIDDEN_RULES] = "hidden by rules",
	                                    [HIDDEN_RULES | HIDDEN_BY_OWNER] = "hidden by you, hidden by rules",
	                                    [HIDDEN_RULES | HIDDEN_CHANNEL] = "channel muted, hidden by rules",
	                                    [HIDDEN_RULES | HIDDEN_CHANNEL | HIDDEN_BY_OWNER] =
	                                        "hidden by you, channel muted, hidden by rules"};
	size_t which = hidden & ~(unsigned)HIDDEN_OVERDUE;

	return which < sizeof(words) / sizeof(words[0]) ? words[which] : NULL;
}
