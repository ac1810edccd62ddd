#include "cgi/handlers.h"
#include "cgi/pages/page.h"

/* What the reader may do about it. */
static const char *advice_of(int status)
{
	switch (status) {
	case 400:
		return "Change the address, or start again from all videos.";
	case 404:
		return "The address may be mistyped, or the video may be gone.";
	case 503:
		return "Reload the page in a few seconds.";
	default:
		return "Start again from all videos.";
	}
}

bool page_error(struct app *app, const struct request *req, int status, const char *detail, struct response *res,
                struct error *err)
{
	AUTO(page_clear) struct page page = {0};
	const char *phrase = response_phrase(status);
	struct page_frame frame = {.title = phrase, .req = req};

	if (!page_begin(app, &frame, &page, err))
		return false;
	write_text(&page.w, "heading", phrase);
	write_int(&page.w, "status", status);
	write_text(&page.w, "detail", detail);
	write_text(&page.w, "advice", advice_of(status));
	return page_render(app, "error", &page, status, res, err);
}
