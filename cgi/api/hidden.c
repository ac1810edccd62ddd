/* Hidden videos and muted channels: the owner's. */
#include "cgi/commands/noise.h"
#include "cgi/handlers.h"
#include "http/params.h"
#include "store/hidden/hidden.h"

enum { PAGE_DEFAULT = 100, PAGE_MAX = 1000, PAGE_NUMBER_MAX = 1000000 };

const char *const hidden_parameters[] = {"page_number", "page_size", NULL};

static const char *const no_members[] = {NULL};

static const char *id_of(const struct request *req)
{
	return fields_get(&req->captures, "id");
}

static bool read_page(const struct request *req, int64_t *number, int64_t *size, struct error *err)
{
	*number = 1;
	*size = PAGE_DEFAULT;
	return request_int(req, "page_number", 1, PAGE_NUMBER_MAX, number, err) &&
	       request_int(req, "page_size", 1, PAGE_MAX, size, err);
}

static void write_item(struct writer *w, enum hidden_list which, const struct hidden_item *item)
{
	write_object(w, NULL);
	write_text(w, "id", item->id);
	write_text(w, "title", item->title);
	write_time(w, which == HIDDEN_VIDEOS ? "hidden_at" : "muted_at", item->at);
	if (which == MUTED_CHANNELS) {
		write_int(w, "hidden_videos", item->hidden);
		write_int(w, "videos_left", item->left);
	}
	write_end(w);
}

static bool answer_list(struct app *app, const struct request *req, enum hidden_list which, struct response *res,
                        struct error *err)
{
	AUTO(hidden_items_clear) struct hidden_items list = {0};
	int64_t number, size;

	if (!read_page(req, &number, &size, err) || !store_hidden_list(app->store, which, number, size, &list, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", list.all);
	write_array(&w, "results");
	for (size_t i = 0; i < list.count; i++)
		write_item(&w, which, &list.items[i]);
	write_end(&w);
	write_end(&w);
	return true;
}

/* As it was written just now. */
static bool answer_one(struct app *app, const struct request *req, enum hidden_list which, int status, struct response *res,
                       struct error *err)
{
	AUTO(hidden_item_clear) struct hidden_item item = {0};
	AUTO(databases_unlock) struct databases_lock db = {0};

	if (!databases_lock(&app->shared->databases, &db, err) || !store_hidden_get(db.served, which, id_of(req), &item, err))
		return false;
	struct writer w = response_json(res, status);
	write_item(&w, which, &item);
	return true;
}

/* ---- hidden videos ---- */

bool api_hidden_videos_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_list(app, req, HIDDEN_VIDEOS, res, err);
}

bool api_hidden_video_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_one(app, req, HIDDEN_VIDEOS, 200, res, err);
}

bool api_hidden_video_put(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	bool changed;

	return params_body_only(req, no_members, err) && noise_hide_video(app, id_of(req), true, &changed, err) &&
	       answer_one(app, req, HIDDEN_VIDEOS, changed ? 201 : 200, res, err);
}

bool api_hidden_video_delete(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	res->status = 204;
	return noise_hide_video(app, id_of(req), false, NULL, err);
}

/* ---- muted channels ---- */

bool api_muted_channels_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_list(app, req, MUTED_CHANNELS, res, err);
}

bool api_muted_channel_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_one(app, req, MUTED_CHANNELS, 200, res, err);
}

bool api_muted_channel_put(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	bool changed;

	return params_body_only(req, no_members, err) && noise_mute_channel(app, id_of(req), true, &changed, err) &&
	       answer_one(app, req, MUTED_CHANNELS, changed ? 201 : 200, res, err);
}

bool api_muted_channel_delete(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	res->status = 204;
	return noise_mute_channel(app, id_of(req), false, NULL, err);
}
