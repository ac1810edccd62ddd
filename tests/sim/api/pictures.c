#include "tests/sim/api/pictures.h"

#include "tests/sim/world/rng.h"

/* Hills before a sky, a sun or moon, and the mark that means "video". */
void picture_write(const char *id, struct buf *out)
{
	struct rng rng = rng_from(rng_text(id));
	int hue = (int)rng_below(&rng, 360);
	int other = (hue + 30 + (int)rng_below(&rng, 60)) % 360;
	int sun_x = (int)rng_between(&rng, 60, 420);
	int sun_y = (int)rng_between(&rng, 70, 170);

	buf_add_text(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"480\" height=\"360\" viewBox=\"0 0 480 360\">");
	buf_printf(out,
	           "<linearGradient id=\"a\" x2=\"0\" y2=\"1\"><stop stop-color=\"hsl(%d 55%% 38%%)\"/>"
	           "<stop offset=\"1\" stop-color=\"hsl(%d 70%% 74%%)\"/></linearGradient><path fill=\"url(#a)\" d=\"M0 "
	           "0h480v360H0z\"/>",
	           hue, other);
	buf_printf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"hsl(%d 90%% 88%%)\"/>", sun_x, sun_y,
	           (int)rng_between(&rng, 22, 46), other);
	for (int hill = 0; hill < 3; hill++) {
		int base = 210 + hill * 44;

		buf_printf(out, "<path fill=\"hsl(%d 45%% %d%%)\" d=\"M0 360V%dC%d %d %d %d 480 %dV360z\"/>", hue, 34 - hill * 9,
		           base + (int)rng_between(&rng, -30, 30), (int)rng_between(&rng, 80, 200),
		           base + (int)rng_between(&rng, -90, 10), (int)rng_between(&rng, 260, 400),
		           base + (int)rng_between(&rng, -60, 50), base + (int)rng_between(&rng, -40, 30));
	}
	buf_add_text(out, "<circle cx=\"240\" cy=\"180\" r=\"34\" fill=\"#000\" fill-opacity=\".35\"/>"
	                  "<path fill=\"#fff\" d=\"m230 162 30 18-30 18z\"/></svg>\n");
}
