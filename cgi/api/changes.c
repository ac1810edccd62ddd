#include "cgi/handlers.h"

#include <stdio.h>
#include <string.h>

#include "cgi/request/links.h"
#include "http/params.h"
#include "listing/video_query.h"
#include "model/video/json.h"
#include "store/changes/changes.h"

enum { LINK_BYTES = 1024, PLACE_SIZE = 40, DIGITS = 16 };

static const char path[] = "/api/changes";
static const char letter = 'c';

const char *const changes_parameters[] = {"cursor", "page_size", NULL};

/* ---- cursors: the two numbers of a place, of which the second is left out when it is 0 ---- */

static void write_place(const struct change_place *place, char out[PLACE_SIZE])
{
	int len = snprintf(out, PLACE_SIZE, "%c%0*llx", letter, DIGITS, (unsigned long long)place->after);

	if (place->began)
		snprintf(out + len, PLACE_SIZE - (size_t)len, "%0*llx", DIGITS, (unsigned long long)place->began);
}

static bool parse_place(const char *text, struct change_place *out)
{
	size_t len = strlen(text);

	*out = (struct change_place){0};
	return text[0] == letter && (len == 1 + DIGITS || len == 1 + 2 * DIGITS) && cursor_read_number(text + 1, &out->after) &&
	       (len == 1 + DIGITS || cursor_read_number(text + 1 + DIGITS, &out->began));
}

/* ---- the answer ---- */

struct answer {
	struct app *app;
	struct response *res;
	struct writer *w;
	const struct change_page *page;
	int64_t page_size;
};

static void write_cursor(struct writer *w, const char *name, const struct change_place *place)
{
	char text[PLACE_SIZE];

	write_place(place, text);
	write_text(w, name, text);
}

static bool write_next(const struct answer *a, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(LINK_BYTES);
	AUTO(buf_clear) struct buf header = BUF(LINK_BYTES);
	char cursor[PLACE_SIZE];

	if (!a->page->more) {
		write_null(a->w, "next");
		return true;
	}
	write_place(&a->page->next, cursor);
	link_to(&url, a->app->shared->config, path);
	link_add_parameter(&url, &(char){'?'}, "cursor", cursor);
	if (a->page_size != CHANGES_PAGE_MAX)
		buf_printf(&url, "&page_size=%lld", (long long)a->page_size);
	buf_printf(&header, "<%s>; rel=\"next\"", buf_text(&url));
	if (!buf_ok(&url, err) || !buf_ok(&header, err))
		return false;
	write_text(a->w, "next", buf_text(&url));
	response_header(a->res, "Link", buf_text(&header));
	return true;
}

/* The members that changed; some are noted together. */
static void write_fields(struct writer *w, unsigned fields)
{
	static const char *const names[CHANGE_FIELD_COUNT][6] = {[CHANGED_TITLE] = {"title"},
	                                                         [CHANGED_DESCRIPTION] = {"description"},
	                                                         [CHANGED_PUBLISHED_AT] = {"published_at",
	                                                                                   "published_at_unknown"},
	                                                         [CHANGED_FIRST_SEEN_AT] = {"first_seen_at"},
	                                                         [CHANGED_CHANNEL] = {"channel"},
	                                                         [CHANGED_THUMBNAILS] = {"thumbnail_url", "thumbnails"},
	                                                         [CHANGED_KIND] = {"kind"},
	                                                         [CHANGED_DURATION] = {"duration_seconds"},
	                                                         [CHANGED_STATISTICS] = {"views", "likes", "comments"},
	                                                         [CHANGED_QUERIES] = {"queries", "found"},
	                                                         [CHANGED_TAGS] = {"tags"},
	                                                         [CHANGED_DETAILS] = {"category", "language", "audio_language",
	                                                                              "definition", "caption", "licence"},
	                                                         [CHANGED_STREAM] = {"scheduled_at", "started_at", "ended_at"}};

	write_array(w, "fields");
	for (int field = 0; field < CHANGE_FIELD_COUNT; field++)
		for (int i = 0; i < 6 && fields & 1U << field && names[field][i]; i++)
			write_text(w, NULL, names[field][i]);
	write_end(w);
}

/* With all members, as in exports: a copy is to be whole. */
static void write_change(struct writer *w, const struct change *change, const struct video_list *videos)
{
	const struct video_members members = video_members_first(VIDEO_MEMBER_COUNT);

	write_object(w, NULL);
	write_text(w, "change", change_kind_name(change->kind));
	write_time(w, "at", change_at(change));
	write_text(w, "id", change->id);
	if (change->kind == CHANGE_UPDATED)
		write_fields(w, change->fields);
	else
		write_null(w, "fields");
	if (change->kind == CHANGE_HIDDEN || change->kind == CHANGE_GONE)
		write_null(w, "video");
	else
		video_write_json_as(w, "video", &videos->items[change->video], &members);
	write_end(w);
}

static bool read_parameters(const struct request *req, const struct change_place **place, struct change_place *room,
                            int64_t *page_size, struct error *err)
{
	const char *cursor = fields_get(&req->query, "cursor");

	*place = NULL;
	*page_size = CHANGES_PAGE_MAX;
	if (!request_int(req, "page_size", 1, CHANGES_PAGE_MAX, page_size, err))
		return false;
	if (!cursor)
		return true;
	if (!parse_place(cursor, room))
		return error_set_value(err, ERR_INVALID, "cursor", cursor, "not one that /api/changes gave");
	*place = room;
	return true;
}

/* The store does not know the parameter that a place came with. */
static bool read_page(struct app *app, const struct request *req, const struct change_place *place, int64_t page_size,
                      struct change_page *page, struct error *err)
{
	struct error why = {0};

	if (store_changes_page(app->store, place, (size_t)page_size, page, &why))
		return true;
	if (why.code == ERR_GONE)
		return error_set_value(err, ERR_GONE, "cursor", fields_get(&req->query, "cursor"), "%s", why.text);
	*err = why;
	return false;
}

bool api_changes_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(change_page_clear) struct change_page page = {0};
	const struct change_place *place;
	struct change_place room;
	int64_t page_size;

	if (!read_parameters(req, &place, &room, &page_size, err) || !read_page(app, req, place, page_size, &page, err))
		return false;
	struct writer w = response_json(res, 200);
	struct answer a = {.app = app, .res = res, .w = &w, .page = &page, .page_size = page_size};
	write_object(&w, NULL);
	if (!write_next(&a, err))
		return false;
	write_cursor(&w, "next_cursor", &page.next);
	write_cursor(&w, "latest_cursor", &(struct change_place){.after = page.latest});
	write_int(&w, "page_size", page_size);
	write_array(&w, "results");
	for (size_t i = 0; i < page.count; i++)
		write_change(&w, &page.changes[i], &page.videos);
	write_end(&w);
	write_end(&w);
	return true;
}
