"""A list in a frame: in the pages of a site that NEWSREEL_EMBED_ORIGINS names, and nowhere else."""
import http.server
import threading

import pytest

from browser import chromium, every, no_complaints, one, texts, until
from newsreel import PATIENCE_S, Newsreel, free_port, made_up_video, ndjson

HALF_A_DAY = 43200


class Site:
    """A site of somebody else, whose one page has a frame."""

    def __init__(self):
        self.page = b""
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(outer.page if self.path == "/" else b"")

            def log_message(self, *arguments):
                pass

        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def show(self, frame):
        self.page = f'<!doctype html><html lang="en"><title>An article</title><link rel="icon" href="data:,"><h1>An article</h1>{frame}'.encode()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def sites():
    made = [Site(), Site()]
    yield made
    for one_site in made:
        one_site.close()


@pytest.fixture(scope="module")
def newsroom(sites):
    """newsreel, of which the first site may show frames."""
    made = Newsreel(YOUTUBE_API_KEYS="a-key-that-is-never-asked", NEWSREEL_INTERVAL="3600", NEWSREEL_EMBED_ORIGINS=sites[0].url)
    try:
        (made.folder / "videos.ndjson").write_text(ndjson(*(made_up_video(-n * HALF_A_DAY, f"Falcon {n}") for n in range(20))))
        assert made.fetch("--import", "videos.ndjson").returncode == 0
        yield made.start()
    finally:
        made.close()


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


def oembed(newsroom, browser, **more):
    """What a site is told that read the page of the list."""
    browser.get(newsroom.url + "/?query=falcon")
    address = one(browser, 'link[type="application/json+oembed"]').get_attribute("href")
    answer = newsroom.session.get(address, params=more, timeout=PATIENCE_S)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_site_that_is_named_shows_it(newsroom, sites, browser):
    frame = oembed(newsroom, browser, maxwidth=500)
    assert frame["width"] == 500
    sites[0].show(frame["html"])
    browser.get(sites[0].url)
    browser.switch_to.frame(one(browser, "iframe"))
    assert texts(browser, "h1 a") == ["falcon"] and texts(browser, ".count b") == ["20 videos"]
    assert len(every(browser, ".chart .bar")) in (10, 11) and len(every(browser, ".card")) == 10
    assert browser.execute_script("return getComputedStyle(document.body).paddingTop") == "12px"  # the style sheet is there

    # A link opens a tab of its own, whose page cannot reach the article.
    article = browser.current_window_handle
    one(browser, ".card h2 a").click()
    until(browser, lambda: len(browser.window_handles) == 2)
    browser.switch_to.window(next(handle for handle in browser.window_handles if handle != article))
    until(browser, lambda: browser.current_url.startswith(newsroom.url + "/video/"))
    assert browser.execute_script("return window.opener") is None
    browser.switch_to.window(article)
    assert browser.current_url == sites[0].url + "/"


def is_empty(browser, site, frame):
    """Whether the browser refuses to show the frame: in its place is a page of its own, which says so, and so does its log."""
    site.show(frame)
    browser.get_log("browser")
    browser.get(site.url)
    said = until(browser, lambda: [entry["message"] for entry in browser.get_log("browser") if "frame-ancestors" in entry["message"]])
    browser.switch_to.frame(one(browser, "iframe"))
    return bool(said) and not every(browser, ".embed")


def test_no_other_site_shows_it(newsroom, sites, browser):
    assert is_empty(browser, sites[1], oembed(newsroom, browser)["html"])


def test_no_site_shows_any_other_page(newsroom, sites, browser):
    assert is_empty(browser, sites[0], f'<iframe src="{newsroom.url}/"></iframe>')


def test_it_can_be_dark_for_a_reader_who_likes_light(newsroom, browser):
    colour = "return getComputedStyle(document.body).backgroundColor"
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "light"}]})
    browser.get(newsroom.url + "/embed?theme=dark")
    dark = browser.execute_script(colour)
    browser.get(newsroom.url + "/embed")
    light = browser.execute_script(colour)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    assert browser.execute_script(colour) == dark != light
    no_complaints(browser)
