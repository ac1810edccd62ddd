"""The owner silences what they do not want to see, in a browser: hidden videos, muted channels, possible Shorts."""
import pytest
from selenium.webdriver.common.by import By

from browser import chromium, follow, no_complaints
from newsreel import KEY, Newsreel, wait_for

TOKEN = "a-token-of-the-tests-0123456789"
SHORTS_MAX_S = 180


@pytest.fixture(scope="module")
def site(youtube):
    one = Newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_ADMIN_TOKEN=TOKEN, NEWSREEL_QUERIES="rocket launch")
    try:
        one.start()
        wait_for(lambda: one.count() >= 20, "the first videos")
        wait_for(lambda: any(video["duration_seconds"] for video in one.videos(page_size=100)["results"]), "their lengths")
        yield one
    finally:
        one.close()


@pytest.fixture(scope="module", params=[True, False], ids=["script", "no-script"])
def browser(request, site):
    """Signed in."""
    with chromium(javascript=request.param) as driver:
        driver.get(site.url + "/hidden")
        driver.find_element(By.NAME, "token").send_keys(TOKEN)
        press(driver, "main form button")
        driver.get_log("browser")  # has the 401 that the form came with
        yield driver


def press(browser, selector):
    follow(browser, browser.find_element(By.CSS_SELECTOR, selector))


def main(browser):
    return browser.find_element(By.TAG_NAME, "main").text


def ids(site, **parameters):
    return {video["id"] for video in site.videos(page_size=100, **parameters)["results"]}


def test_a_video_is_hidden_and_comes_back(browser, site):
    browser.get(site.url + "/?sort=newest")
    card = browser.find_element(By.CSS_SELECTOR, ".card:first-of-type")
    video = card.get_attribute("data-id")
    follow(browser, card.find_element(By.CSS_SELECTOR, "button[value=hide]"))
    assert "Hidden:" in main(browser) and video not in ids(site)
    browser.get(site.url + "/hidden")
    assert "1 hidden video" in main(browser)
    browser.back()
    press(browser, ".undo button")
    assert video in ids(site) and "Hidden:" not in main(browser)
    no_complaints(browser)


def test_a_channel_is_muted_by_its_video_and_comes_back_from_the_list(browser, site):
    channel = site.videos()["results"][0]["channel"]
    browser.get(site.url + "/?channel=" + channel["id"])
    press(browser, ".card button[value=mute]")
    assert "Muted:" in main(browser)
    assert site.videos(channel=channel["id"])["count"] == 0
    browser.get(site.url + "/hidden")
    assert "1 muted channel" in main(browser) and channel["title"] in main(browser)
    press(browser, "button[value=unmute]")
    assert "0 muted channels" in main(browser)
    assert site.videos(channel=channel["id"])["count"] > 0
    no_complaints(browser)


def none_is_hidden(browser, site):
    browser.get(site.url + "/queries/1")
    return "hidden now" not in main(browser)


def test_possible_shorts_are_hidden_and_come_back(browser, site):
    def shorts(videos):
        return [v["id"] for v in videos if v["kind"] == "video" and 0 < (v["duration_seconds"] or 0) <= SHORTS_MAX_S]

    before = wait_for(lambda: shorts(site.videos(tracked=1, page_size=100)["results"]), "a possible Short")
    browser.get(site.url + "/queries/1")
    browser.find_element(By.CSS_SELECTOR, "#hide_shorts option[value=true]").click()
    press(browser, "form.rules button[type=submit]")
    assert "Saved." in main(browser) and "hidden now" in main(browser)
    wait_for(lambda: not ids(site, tracked=1) & set(before), "the rule, also for what the next runs hide")
    browser.get(site.url + "/?tracked=1&include=hidden&max_duration=180")
    assert "hidden by rules" in main(browser)
    browser.get(site.url + "/queries/1")
    browser.find_element(By.CSS_SELECTOR, "#hide_shorts option[value=false]").click()
    press(browser, "form.rules button[type=submit]")
    wait_for(lambda: none_is_hidden(browser, site), "the videos again, also those that the next runs show")
    assert set(before) & ids(site)
    no_complaints(browser)
