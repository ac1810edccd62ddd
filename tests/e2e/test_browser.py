"""The page in a real browser, with and without JavaScript."""
import shutil
import tempfile
from urllib.parse import parse_qs, urlparse

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from newsreel import KEY, Newsreel, PATIENCE_S, made_up_video, ndjson, wait_for

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
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,900")


@pytest.fixture(scope="module")
def site(youtube):
    """With a page and a half of videos that are newer than all others, the hostile titles first."""
    one = Newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_QUERIES="rocket launch;lofi beats")
    titles = [f"Plain title number {n}" for n in range(25)] + HOSTILE
    lines = ndjson(*(made_up_video(7200 + n, title, description=title, channel_title=title) for n, title in enumerate(titles)))
    (one.folder / "videos.ndjson").write_text(lines)
    done = one.fetch("--import", "videos.ndjson")
    assert done.returncode == 0, done.stderr
    one.start()
    wait_for(lambda: all(q["videos"] >= 20 for q in one.queries().values()), "videos of both queries")
    yield one
    one.close()


def open_browser(javascript):
    profile = tempfile.mkdtemp(prefix="newsreel-browser-", dir="/tmp")
    options = webdriver.ChromeOptions()
    for flag in FLAGS + (f"--user-data-dir={profile}",):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not javascript:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.binary_location = "/usr/bin/chromium"
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options), profile


@pytest.fixture(scope="module", params=[True, False], ids=["javascript", "no javascript"])
def browser(request):
    driver, profile = open_browser(request.param)
    driver.set_page_load_timeout(PATIENCE_S)
    yield driver
    driver.quit()
    shutil.rmtree(profile, ignore_errors=True)


def no_complaints(browser):
    """No error of a script, no file that is missing, nothing that the content security policy had to stop."""
    assert [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []


def titles(browser):
    return [e.get_attribute("textContent") for e in browser.find_elements(By.CSS_SELECTOR, ".list h2 a")]


def follow(browser, element):
    """Clicks and waits for the next page."""
    page = browser.find_element(By.TAG_NAME, "html")
    element.click()
    WebDriverWait(browser, PATIENCE_S).until(lambda b: b.find_element(By.TAG_NAME, "html") != page)


def address(browser):
    return {name: values[0] for name, values in parse_qs(urlparse(browser.current_url).query).items()}


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
    assert browser.find_elements(By.CSS_SELECTOR, ".list script, .list svg[onload], .list [onerror]") == []
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
    follow(browser, browser.find_element(By.CSS_SELECTOR, "form[role=search] button"))
    assert address(browser)["query"] == "plain 17"
    assert titles(browser) == ["Plain title number 17"]
    assert browser.find_element(By.NAME, "query").get_attribute("value") == "plain 17"
    no_complaints(browser)


def test_a_search_without_results_says_so(browser, site):
    browser.get(site.url + "/?query=%3Cb%3Enosuchword%3C%2Fb%3E")
    assert titles(browser) == []
    assert "<b>nosuchword</b>" in browser.find_element(By.TAG_NAME, "main").text
    assert browser.find_element(By.CSS_SELECTOR, ".empty").text
    no_complaints(browser)


def test_pages_lead_through_the_list(browser, site):
    browser.get(site.url + "/?query=plain")
    first = titles(browser)
    follow(browser, browser.find_element(By.CSS_SELECTOR, "a[rel=next]"))
    second = titles(browser)
    assert address(browser)["page_number"] == "2" and address(browser)["query"] == "plain"
    assert first + second == [f"Plain title number {n}" for n in reversed(range(25))]
    follow(browser, browser.find_element(By.CSS_SELECTOR, "a[rel=prev]"))
    assert titles(browser) == first
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
    one = newsreel(youtube).start()
    wait_for(lambda: one.count() >= 20, "videos of the demo")
    browser.get(one.url)
    picture = browser.find_element(By.CSS_SELECTOR, ".list img")
    WebDriverWait(browser, PATIENCE_S).until(lambda b: int(picture.get_property("naturalWidth")) > 0)
    assert browser.find_element(By.CSS_SELECTOR, ".demo").is_displayed()
    no_complaints(browser)
