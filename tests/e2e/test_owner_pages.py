"""The pages with forms, through nginx, in a browser without JavaScript: everything the owner and a visitor can do works there."""
import pytest
from selenium.webdriver.common.by import By

from browser import address, chromium, follow, no_complaints
from newsreel import KEY, Newsreel, wait_for

TOKEN = "a-token-of-the-tests-0123456789"
OTHER_KEY = "AIzaThisIsAnotherOneOfNobody0123456-_z9Wp"
PAGES = ("/queries", "/queries/1", "/queries/import", "/channels", "/compare", "/status", "/keys", "/alerts", "/about", "/login")


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
def window():
    with chromium(javascript=False) as driver:
        yield driver


@pytest.fixture
def browser(window):
    """Of somebody who has not been here before."""
    window.delete_all_cookies()
    return window


def press(browser, selector):
    follow(browser, browser.find_element(By.CSS_SELECTOR, selector))


def main(browser):
    return browser.find_element(By.TAG_NAME, "main").text


def sign_in(browser, site, path):
    """By the page PATH, which is for the owner."""
    browser.get(site.url + path)
    browser.find_element(By.NAME, "token").send_keys(TOKEN)
    press(browser, "main form button")
    assert browser.current_url == site.url + path
    browser.get_log("browser")  # has the 401 that the form came with


def test_the_owner_follows_pauses_removes_and_undoes(browser, site):
    sign_in(browser, site, "/keys")
    browser.get(site.url + "/queries")
    browser.find_element(By.ID, "text").send_keys("solar <b>eclipse</b>")
    press(browser, "form.add button")
    assert "solar <b>eclipse</b>" in main(browser) and address(browser) == {"done": "added"}
    press(browser, ".row:last-child button[value=pause]")
    assert "Paused. Nothing new is recorded" in main(browser)
    press(browser, ".row:last-child button[value=resume]")
    assert "Resumed." in main(browser)
    press(browser, ".row:last-child button[value=remove]")
    assert "solar <b>eclipse</b>" not in site.queries()
    press(browser, ".notice button")
    assert "solar <b>eclipse</b>" in site.queries()
    no_complaints(browser)


def test_the_owner_adds_and_removes_a_key(browser, site):
    sign_in(browser, site, "/keys")
    browser.find_element(By.ID, "key").send_keys(OTHER_KEY)
    browser.find_element(By.ID, "label").send_keys("spare")
    press(browser, "form.plain:has(#key) button")
    assert "AIza…z9Wp" in main(browser) and OTHER_KEY not in browser.page_source
    press(browser, ".row:last-child button[value=remove]")
    assert "AIza…z9Wp" not in main(browser)
    no_complaints(browser)


def test_a_visitor_has_newsreel_look_for_something(browser, site):
    browser.get(site.url + "/queries")
    browser.find_element(By.ID, "text").send_keys("lofi beats")
    press(browser, "form.add button")
    assert browser.current_url.startswith(site.url + "/?") and address(browser)["query"] == "lofi beats"
    browser.get(site.url + "/queries")
    assert "lofi beats" not in main(browser)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(browser, site, width):
    sign_in(browser, site, "/keys")
    browser.set_window_size(width, 900)
    for path in PAGES:
        browser.get(site.url + path)
        page = browser.find_element(By.TAG_NAME, "html")
        assert int(page.get_property("scrollWidth")) <= int(page.get_property("clientWidth")), path
        assert len(browser.find_elements(By.TAG_NAME, "h1")) == 1
        no_complaints(browser)
