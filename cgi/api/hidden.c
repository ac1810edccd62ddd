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

/* ---- hidden videos ---- */

static void write_video(struct writer *w, const struct hidden_video *video)
{
	write_object(w, NULL);
	write_text(w, "id", video->id);
	write_text(w, "title", video->title);
	write_time(w, "hidden_at", video->hidden_at);
	write_end(w);
}

bool api_hidden_videos_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(hidden_video_list_clear) struct hidden_video_list videos = {0};
	int64_t number, size;

	if (!read_page(req, &number, &size, err) || !store_hidden_videos_list(app->store, number, size, &videos, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", videos.all);
	write_array(&w, "results");
	for (size_t i = 0; i < videos.count; i++)
		write_video(&w, &videos.items[i]);
	write_end(&w);
	write_end(&w);
	return true;
}

/* As it was written just now. */
static bool answer_video(struct app *app, const char *id, int status, struct response *res, struct error *err)
{
	AUTO(hidden_video_clear) struct hidden_video video = {0};
	AUTO(databases_unlock) struct databases_lock db = {0};

	if (!databases_lock(&app->shared->databases, &db, err) || !store_hidden_video_get(db.served, id, &video, err))
		return false;
	struct writer w = response_json(res, status);
	write_video(&w, &video);
	return true;
}

bool api_hidden_video_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_video(app, id_of(req), 200, res, err);
}

bool api_hidden_video_put(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	bool changed;

	return params_body_only(req, no_members, err) && noise_hide_video(app, id_of(req), true, &changed, err) &&
	       answer_video(app, id_of(req), changed ? 201 : 200, res, err);
}

bool api_hidden_video_delete(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	res->status = 204;
	return noise_hide_video(app, id_of(req), false, NULL, err);
}

/* ---- muted channels ---- */

static void write_channel(struct writer *w, const struct muted_channel *channel)
{
	write_object(w, NULL);
	write_text(w, "id", channel->id);
	write_text(w, "title", channel->title);
	write_time(w, "muted_at", channel->muted_at);
	write_int(w, "hidden_videos", channel->hidden);
	write_int(w, "videos_left", channel->left);
	write_end(w);
}

bool api_muted_channels_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(muted_channel_list_clear) struct muted_channel_list channels = {0};
	int64_t number, size;

	if (!read_page(req, &number, &size, err) || !store_muted_channels_list(app->store, number, size, &channels, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", channels.all);
	write_array(&w, "results");
	for (size_t i = 0; i < channels.count; i++)
		write_channel(&w, &channels.items[i]);
	write_end(&w);
	write_end(&w);
	return true;
}

static bool answer_channel(struct app *app, const char *id, int status, struct response *res, struct error *err)
{
	AUTO(muted_channel_clear) struct muted_channel channel = {0};
	AUTO(databases_unlock) struct databases_lock db = {0};

	if (!databases_lock(&app->shared->databases, &db, err) || !store_muted_channel_get(db.served, id, &channel, err))
		return false;
	struct writer w = response_json(res, status);
	write_channel(&w, &channel);
	return true;
}

bool api_muted_channel_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	return answer_channel(app, id_of(req), 200, res, err);
}

bool api_muted_channel_put(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	bool changed;

	return params_body_only(req, no_members, err) && noise_mute_channel(app, id_of(req), true, &changed, err) &&
	       answer_channel(app, id_of(req), changed ? 201 : 200, res, err);
}

bool api_muted_channel_delete(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	res->status = 204;
	return noise_mute_channel(app, id_of(req), false, NULL, err);
}
