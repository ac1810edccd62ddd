"""Chromium as a reader uses it: for the tests beside this file."""
import shutil
import tempfile
from contextlib import contextmanager
from urllib.parse import parse_qs, urlparse

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from newsreel import PATIENCE_S

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,900")


@contextmanager
def chromium(javascript=True, *flags):
    """A browser with a profile of its own, which is taken away with it."""
    profile = tempfile.mkdtemp(prefix="newsreel-browser-", dir="/tmp")
    options = webdriver.ChromeOptions()
    for flag in FLAGS + flags + (f"--user-data-dir={profile}",):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not javascript:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.binary_location = "/usr/bin/chromium"
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        driver.set_page_load_timeout(PATIENCE_S)
        yield driver
    finally:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)


def hurry(driver):
    """From the next page on, the timers of pages run sooner, so that a test need not wait."""
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
        for (const name of ['setTimeout', 'setInterval']) {
            const slow = window[name];
            window[name] = (f, ms, ...more) => slow(f, Math.min(ms, 300), ...more);
        }
    """})


def until(browser, condition, ignored=()):
    """Waits for a true value of condition() and returns it; the exceptions IGNORED say "not yet"."""
    return WebDriverWait(browser, PATIENCE_S, ignored_exceptions=ignored).until(lambda _: condition())


def no_complaints(browser):
    """No error of a script, no file that is missing, nothing that the content security policy had to stop."""
    complaints = [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert complaints == [], complaints


def one(browser, selector):
    return browser.find_element(By.CSS_SELECTOR, selector)


def every(browser, selector):
    return browser.find_elements(By.CSS_SELECTOR, selector)


def texts(browser, selector):
    """What the elements say, in one step: the page's script may replace them at any time."""
    return browser.execute_script("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector)


def titles(browser):
    return texts(browser, ".list h2 a")


def click(browser, element):
    """As a mouse does it. WebDriver's own click takes all of a closed <details> for hidden, also where the style sheet shows it."""
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    ActionChains(browser).move_to_element(element).click().perform()


def press(browser, *keys):
    ActionChains(browser).send_keys(*keys).perform()


def hold(browser, selector):
    """The element, focused in one step: from then on the page's script leaves it alone, which it replaces at any time otherwise."""
    return browser.execute_script("const found = document.querySelector(arguments[0]); found.focus(); return found", selector)


def follow(browser, element):
    """Clicks and waits for the next page."""
    page = browser.find_element(By.TAG_NAME, "html")
    click(browser, element)
    next_page(browser, page)


def next_page(browser, page):
    """Waits until PAGE, the html element of the page before, has made way. A lookup in a page that is just going may fail in any way."""
    until(browser, lambda: browser.find_element(By.TAG_NAME, "html") != page, ignored=(WebDriverException,))


def link(browser, words, within="body"):
    """The link with these words."""
    return one(browser, within).find_element(By.XPATH, f".//a[normalize-space(.)='{words}']")


def address(browser):
    return {name: values[0] for name, values in parse_qs(urlparse(browser.current_url).query).items()}
