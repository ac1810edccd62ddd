"""What people come for, from beginning to end, in a browser as they have it."""
import pytest
from selenium.webdriver.common.by import By

from browser import chromium, every, follow, in_time, link, one, sign_in, texts, titles
from newsreel import KEY, wait_for


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


def token_of(site):
    return (site.data / "admin-token").read_text().strip()


def test_from_the_demo_to_a_record_of_ones_own(browser, newsreel, youtube):
    site = newsreel(youtube).start()
    wait_for(lambda: site.count() >= 20, "videos of the demo")
    browser.get(site.url)
    assert one(browser, ".demo").is_displayed() and len(titles(browser)) == 20
    sign_in(browser, site, token_of(site))
    follow(browser, link(browser, "Keys", ".menu"))
    one(browser, "#key").send_keys(KEY)
    follow(browser, one(browser, "form.plain:has(#key) button"))
    assert KEY not in browser.page_source
    wait_for(lambda: site.is_demo() is False, "the end of the demo")
    browser.get(site.url + "/queries")
    one(browser, "#text").send_keys("solar eclipse")
    follow(browser, one(browser, "form.add button"))
    number = wait_for(lambda: site.queries().get("solar eclipse"), "the query")["id"]
    browser.get(f"{site.url}/?tracked={number}")
    in_time(browser, lambda: len(titles(browser)) > 0)  # without being loaded again
    assert every(browser, ".demo") == []


def test_a_visitors_search_is_recorded_and_the_page_fills(browser, running):
    browser.delete_all_cookies()
    browser.get(running.url + "/?query=underwater+hockey")
    assert titles(browser) == [] and "No recorded video" in texts(browser, ".empty")[0]
    follow(browser, one(browser, ".ask button"))
    assert "This search is queued" in texts(browser, "main")[0] or titles(browser)
    in_time(browser, lambda: len(titles(browser)) > 0)
    assert "underwater hockey" not in running.queries()


def test_the_wrong_token_and_a_session_that_is_over(browser, running):
    sign_in(browser, running, "not-the-token-of-this-site")
    assert "Wrong token" in one(browser, "[role=alert]").text
    sign_in(browser, running, token_of(running))
    browser.get(running.url + "/queries")
    browser.delete_all_cookies()
    one(browser, "#text").send_keys("never to be followed")
    follow(browser, one(browser, "form.add button"))
    assert "never to be followed" not in running.queries()  # it is a visitor's wish now
    browser.get(running.url + "/keys")
    assert browser.find_elements(By.ID, "token") and not browser.find_elements(By.ID, "key")
