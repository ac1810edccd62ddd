"""Chromium as a reader uses it: for the tests beside this file."""
import itertools
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

from newsreel import PATIENCE_S, free_port

# No name leads anywhere: only this machine is asked.
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,900",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")

# Pages do what they do every few seconds only when a test says so: nothing is replaced between finding an element and using it, however
# slow the machine, and nothing needs to be waited for.
TIME_STANDS_STILL = """
    const waiting = new Map();
    let last = -1; // of our ids, which are negative
    for (const [begin, end, again] of [['setTimeout', 'clearTimeout', false], ['setInterval', 'clearInterval', true]]) {
        const [reallyBegin, reallyEnd] = [window[begin].bind(window), window[end].bind(window)];
        window[begin] = (f, ms, ...more) => {
            if (!(ms >= 1000))
                return reallyBegin(f, ms, ...more);
            waiting.set(--last, {f, again});
            return last;
        };
        window[end] = id => waiting.delete(id) || reallyEnd(id);
    }
    window.letTimePass = async () => {
        const due = [...waiting];
        due.filter(([, {again}]) => !again).forEach(([id]) => waiting.delete(id));
        await Promise.all(due.map(([, {f}]) => f()));
    };
"""


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
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver", port=free_port()), options=options)
    try:
        driver.set_page_load_timeout(PATIENCE_S)
        driver.set_script_timeout(PATIENCE_S)
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": f"{{{TIME_STANDS_STILL}}}"})
        yield driver
    finally:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)


def let_time_pass(browser):
    """Whatever the page's script waits for comes now, and is done when this returns: the page is as it would be some seconds later."""
    failure = browser.execute_async_script("letTimePass().then(() => arguments[0](null), e => arguments[0](String(e)))")
    assert failure is None, failure


def until(browser, condition, ignored=()):
    """Waits for a true value of condition() and returns it; the exceptions IGNORED say "not yet"."""
    return WebDriverWait(browser, PATIENCE_S, ignored_exceptions=ignored).until(lambda _: condition())


def in_time(browser, condition):
    """The same of what the page comes to by itself."""
    def passed():
        let_time_pass(browser)
        return condition()

    return until(browser, passed)


def no_complaints(browser):
    """No error of a script, no file that is missing, nothing that the content security policy had to stop."""
    complaints = [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert complaints == [], complaints


def one(browser, selector):
    return browser.find_element(By.CSS_SELECTOR, selector)


def every(browser, selector):
    return browser.find_elements(By.CSS_SELECTOR, selector)


def texts(browser, selector):
    """What the elements say."""
    return browser.execute_script("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector)


def titles(browser):
    return texts(browser, ".list h2 a")


def click(browser, element):
    """As a mouse does it. WebDriver's own click takes all of a closed <details> for hidden, also where the style sheet shows it."""
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    ActionChains(browser).move_to_element(element).click().perform()


def press(browser, *keys):
    ActionChains(browser).send_keys(*keys).perform()


pages = itertools.count()


@contextmanager
def next_page(browser):
    """What is done within leads to another page, which is there afterwards. A lookup in a page that is just going may fail in any way."""
    number = next(pages)
    browser.execute_script("document.number = arguments[0]", number)
    yield
    until(browser, lambda: browser.execute_script("return document.number !== arguments[0] && document.readyState === 'complete'", number),
          ignored=(WebDriverException,))


def follow(browser, element):
    """Clicks and waits for the next page."""
    with next_page(browser):
        click(browser, element)


def sign_in(browser, site, token):
    browser.get(site.url + "/login")
    one(browser, "#token").send_keys(token)
    follow(browser, one(browser, "main form button"))


def link(browser, words, within="body"):
    """The link with these words."""
    return one(browser, within).find_element(By.XPATH, f".//a[normalize-space(.)='{words}']")


def address(browser):
    return {name: values[0] for name, values in parse_qs(urlparse(browser.current_url).query).items()}
