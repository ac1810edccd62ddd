"""The page in a real browser, with and without JavaScript."""
import pytest
from selenium.webdriver.common.by import By

from browser import address, chromium, click, every, follow, link, next_page, no_complaints, one, press, titles, until
from newsreel import KEY, Newsreel, made_up_video, ndjson, wait_for

HOSTILE = [
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "\"><svg onload=document.title='owned'>",
    "</h2></li></ul><h1>A heading of its own</h1>",
    "{{title}} {{{raw}}} {{>_begin}} &lt;b&gt; &amp;amp;",
    "\u202eright to left \u202d and \u200b invisible",
    "x" * 100,
    "👩‍🚀🚀 خبر 新聞 ニュース ข่าว",
]

@pytest.fixture(scope="module")
def site(youtube):
    """With a page and a half of videos that are newer than all others, the hostile titles first."""
    made = Newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_QUERIES="rocket launch;lofi beats")
    titles = [f"Plain title number {n}" for n in range(25)] + HOSTILE
    lines = ndjson(*(made_up_video(7200 + n, title, description=title, channel_title=title) for n, title in enumerate(titles)))
    (made.folder / "videos.ndjson").write_text(lines)
    done = made.fetch("--import", "videos.ndjson")
    assert done.returncode == 0, done.stderr
    made.start()
    wait_for(lambda: all(q["videos"] >= 20 for q in made.queries().values()), "videos of both queries")
    yield made
    made.close()


@pytest.fixture(scope="module", params=[True, False], ids=["javascript", "no javascript"])
def browser(request):
    with chromium(javascript=request.param) as driver:
        yield driver


def test_javascript_is_as_this_run_wants_it(browser, request):
    browser.get("data:text/html,<title>off</title><script>document.title = 'on'</script>")
    assert browser.title == ("off" if "no javascript" in request.node.name else "on")


def test_the_newest_videos_are_listed(browser, site):
    browser.get(site.url)
    assert titles(browser)[:len(HOSTILE)] == list(reversed(HOSTILE))
    assert browser.title.startswith("newsreel") or "newsreel" in browser.title
    no_complaints(browser)


def test_hostile_titles_are_text(browser, site):
    browser.get(site.url)
    assert "owned" not in browser.title
    assert len(browser.find_elements(By.TAG_NAME, "h1")) == 1
    assert every(browser, ".list script, .list svg[onload], .list [onerror]") == []
    body = browser.find_element(By.TAG_NAME, "body").text
    for title in HOSTILE[:4]:
        assert title in body
    no_complaints(browser)


def test_nothing_is_wider_than_the_window(browser, site):
    for width in (1280, 390):
        browser.set_window_size(width, 900)
        browser.get(site.url)
        page = browser.find_element(By.TAG_NAME, "html")
        assert int(page.get_property("scrollWidth")) <= int(page.get_property("clientWidth"))
    browser.set_window_size(1280, 900)


def test_search_finds_what_was_typed(browser, site):
    browser.get(site.url)
    field = browser.find_element(By.NAME, "query")
    field.send_keys("plain 17")
    follow(browser, one(browser, "form[role=search] button"))
    assert address(browser)["query"] == "plain 17"
    assert titles(browser) == ["Plain title number 17"]
    assert browser.find_element(By.NAME, "query").get_attribute("value") == "plain 17"
    no_complaints(browser)


def test_a_search_without_results_says_so(browser, site):
    browser.get(site.url + "/?query=%3Cb%3Enosuchword%3C%2Fb%3E")
    assert titles(browser) == []
    assert "<b>nosuchword</b>" in browser.find_element(By.TAG_NAME, "main").text
    assert one(browser, ".empty").text
    no_complaints(browser)


def test_pages_lead_through_the_list(browser, site):
    browser.get(site.url + "/?query=plain")
    first = titles(browser)
    follow(browser, one(browser, "a[rel=next]"))
    second = titles(browser)
    assert address(browser)["page_number"] == "2" and address(browser)["query"] == "plain"
    assert first + second == [f"Plain title number {n}" for n in reversed(range(25))]
    follow(browser, one(browser, "a[rel=prev]"))
    assert titles(browser) == first
    with next_page(browser):
        browser.back()
    assert titles(browser) == second
    no_complaints(browser)


def test_a_tracked_query_can_be_chosen(browser, site):
    browser.get(site.url)
    follow(browser, browser.find_element(By.XPATH, "//nav[contains(@class, 'tracked')]//a[contains(., 'lofi beats')]"))
    number = site.queries()["lofi beats"]["id"]
    assert address(browser)["tracked"] == str(number)
    shown = titles(browser)
    assert shown and set(shown) <= {v["title"] for v in site.videos(tracked=number, page_size=100)["results"]}
    no_complaints(browser)


def test_pictures_of_the_demo_are_shown(browser, newsreel, youtube):
    made = newsreel(youtube).start()
    wait_for(lambda: made.count() >= 20, "videos of the demo")
    browser.get(made.url)
    picture = one(browser, ".list img")
    until(browser, lambda: int(picture.get_property("naturalWidth")) > 0)
    assert one(browser, ".demo").is_displayed()
    no_complaints(browser)


def test_filters_are_in_the_address_and_come_off_again(browser, site):
    browser.get(site.url + "/?query=plain")
    follow(browser, link(browser, "Oldest first", ".filters"))
    follow(browser, link(browser, "Any", ".filters"))
    assert address(browser) == {"query": "plain", "sort": "oldest"}
    assert titles(browser)[0] == "Plain title number 0"
    shared = browser.current_url
    follow(browser, one(browser, ".chips a"))
    assert address(browser) == {"sort": "oldest"}
    browser.get(shared)
    assert titles(browser)[0] == "Plain title number 0"
    no_complaints(browser)


def test_days_are_chosen_with_a_form(browser, site):
    browser.get(site.url + "/?query=plain")
    click(browser, one(browser, ".filters li summary"))
    browser.execute_script("arguments[0].focus()", one(browser, "input[name=published_after]"))
    press(browser, "01012025")
    follow(browser, one(browser, ".filters form button"))
    assert address(browser) == {"query": "plain", "published_after": "2025-01-01T00:00:00Z"}
    assert one(browser, "input[name=published_after]").get_attribute("value") == "2025-01-01"
    assert "since 01 Jan 2025" in one(browser, ".chips").text
    no_complaints(browser)


def test_a_bar_narrows_the_list_to_its_time(browser, site):
    with site.still():
        browser.get(site.url + "/?within=week")
        bar = every(browser, ".chart svg a")[-1]
        count = bar.get_attribute("aria-label").split(": ")[1]
        follow(browser, bar)
        assert set(address(browser)) == {"published_after", "published_before"}
        assert one(browser, ".count b").text == count
    no_complaints(browser)


def test_a_video_has_a_page_of_its_own(browser, site):
    browser.get(site.url + "/?query=plain+17")
    follow(browser, one(browser, ".list h2 a"))
    assert one(browser, "h1").text == "Plain title number 17"
    assert one(browser, ".player a").get_attribute("href").startswith("https://www.youtube.com/watch?v=")
    assert every(browser, "iframe") == []
    rows = every(browser, ".known > div")
    assert len(rows) >= 7
    for row in rows:  # each fact stands beside its name
        name, fact = row.find_element(By.TAG_NAME, "dt").rect, row.find_element(By.TAG_NAME, "dd").rect
        assert fact["y"] == name["y"] and fact["x"] > name["x"] and row.size["width"] > fact["width"] > row.size["width"] / 2
    no_complaints(browser)
