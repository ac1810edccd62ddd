"""Queries as projects, through nginx, in a browser without JavaScript: another text, the past, a channel, several at once, to another place."""
from datetime import datetime, timedelta

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from browser import chromium, follow, no_complaints
from newsreel import KEY, Newsreel, wait_for

TOKEN = "a-token-of-the-tests-0123456789"


@pytest.fixture(scope="module")
def site(youtube):
    one = Newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_ADMIN_TOKEN=TOKEN, NEWSREEL_QUERIES="rocket launch")
    try:
        one.start()
        wait_for(lambda: one.count() >= 20, "the first videos")
        yield one
    finally:
        one.close()


@pytest.fixture(scope="module")
def signed_in(site):
    with chromium(javascript=False) as driver:
        driver.get(site.url + "/login")
        fill(driver, "token", TOKEN)
        press(driver, "main form button")
        yield driver


@pytest.fixture
def browser(signed_in):
    yield signed_in
    no_complaints(signed_in)


def press(browser, selector):
    follow(browser, browser.find_element(By.CSS_SELECTOR, selector))


def fill(browser, name, text):
    field = browser.find_element(By.CSS_SELECTOR, f"main [name={name}]")
    field.clear()
    field.send_keys(text)


def main(browser):
    return browser.find_element(By.TAG_NAME, "main").text


def track(browser, site, text):
    browser.get(site.url + "/queries")
    browser.find_element(By.ID, "text").send_keys(text)
    press(browser, "form.add button")


def settings_of(browser, site, text):
    browser.get(site.url + "/queries?text=" + text)
    press(browser, ".row .buttons a")


def test_a_query_gets_another_text_a_label_and_times(browser, site):
    track(browser, site, "solar eclipse")
    settings_of(browser, site, "solar")
    fill(browser, "query", "Rocket  LAUNCH")
    press(browser, "form:has(#text) button")
    assert "the query 1 is the same" in main(browser)
    browser.get_log("browser")  # has the 409 that the form came back with
    fill(browser, "query", "lunar eclipse")
    press(browser, "form:has(#text) button")
    assert "Saved." in main(browser) and "lunar eclipse" in site.queries() and "solar eclipse" not in site.queries()
    fill(browser, "label", "Eclipses")
    fill(browser, "group", "Sky")
    press(browser, "form:has(#label) button")
    assert browser.find_element(By.TAG_NAME, "h1").text == "Eclipses"
    Select(browser.find_element(By.ID, "priority")).select_by_value("high")
    fill(browser, "ends_at", "2020-01-01")
    press(browser, "form:has(#priority) button")
    assert "Ended 01 Jan 2020" in main(browser) and "high priority" in main(browser)


def test_the_past_is_estimated_searched_and_cancelled(browser, site):
    wait_for(lambda: site.get("/api/queries/1").json()["covered_since"], "coverage")
    settings_of(browser, site, "rocket")
    begins = datetime.fromisoformat(site.get("/api/queries/1").json()["covered_since"][:19])
    fill(browser, "since", str((begins - timedelta(days=3)).date()))
    press(browser, "form:has(#since) button")
    assert "searches of YouTube" in main(browser) and site.get("/api/queries/1").json()["backfill"] is None
    press(browser, "button[name=confirm]")
    assert "The backfill has begun" in main(browser) and site.get("/api/queries/1").json()["backfill"]
    press(browser, "button[name=cancel]")
    assert "The backfill is cancelled" in main(browser) and site.get("/api/queries/1").json()["backfill"] is None


def test_a_channel_is_tracked_as_a_source(browser, site):
    track(browser, site, "https://www.youtube.com/@NASA/videos")
    assert "@NASA" in main(browser) and "all uploads of this channel" in main(browser)
    settings_of(browser, site, "nasa")
    assert not browser.find_elements(By.ID, "since") and not browser.find_elements(By.ID, "text")
    track(browser, site, "https://www.youtube.com/c/nasa")
    assert "enter its @handle alone" in main(browser)
    browser.get_log("browser")  # has the 422


def test_several_are_changed_at_once(browser, site):
    browser.get(site.url + "/queries/import")
    fill(browser, "lines", "first of them\nsecond of them\nhttps://youtu.be/abcdefghijA")
    press(browser, "form.plain button")
    assert "2 queries added, 0 queries known before." in main(browser) and "Line 3" in main(browser)
    for button, done in (("pause", "Paused"), ("resume", "Resumed"), ("remove", "Removed 2 queries")):
        browser.get(site.url + "/queries?text=of+them")
        for box in browser.find_elements(By.CSS_SELECTOR, "main input[type=checkbox]"):
            box.click()
        if button == "remove":
            browser.find_element(By.CSS_SELECTOR, ".several summary").click()
        press(browser, f".several button[value={button}]")
        assert done in main(browser)
    assert "first of them" not in site.queries()
    press(browser, ".notice button")
    assert "first of them" in site.queries() and "second of them" in site.queries()


def test_the_address_of_a_video_leads_to_its_page(browser, site):
    video = site.get("/api/videos").json()["results"][0]
    browser.get(site.url)
    browser.find_element(By.ID, "query").send_keys(video["url"])
    press(browser, ".search button")
    assert browser.current_url == site.url + "/video/" + video["id"]


def test_pages_with_200_queries_are_small(browser, site):
    texts = [f"a subject of the news, number {n}" for n in range(200)]
    answer = site.session.post(site.url + "/api/queries/import", data={"lines": "\n".join(texts)}, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.json()["failed"] == []
    cookie = {each["name"]: each["value"] for each in browser.get_cookies()}
    for path in ("/", "/queries", "/queries?page_number=2&sort=videos", "/queries/1", "/queries/import"):
        page = site.session.get(site.url + path, headers={"Accept-Encoding": "gzip"}, cookies=cookie, stream=True)
        assert page.status_code == 200 and len(page.raw.read()) < 25000, path
