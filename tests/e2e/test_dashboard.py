"""What the page does with its script: it keeps itself up to date, knows some keys, plays a video when asked to."""
from datetime import datetime, timedelta, timezone

import pytest
from selenium.webdriver.common.keys import Keys

from browser import address, chromium, every, in_time, let_time_pass, next_page, no_complaints, one, press, texts, titles, until
from newsreel import KEY, Newsreel, made_up_video, ndjson


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


@pytest.fixture(scope="module")
def quiet():
    """A site on which nothing happens by itself: what it has is imported."""
    made = Newsreel(YOUTUBE_API_KEYS=KEY, NEWSREEL_INTERVAL="3600")
    try:
        add(made, range(30))
        made.start()
        yield made
    finally:
        made.close()


def add(site, numbers, title="Title number"):
    (site.folder / "more.ndjson").write_text(ndjson(*(made_up_video(n, f"{title} {n}") for n in numbers)))
    done = site.fetch("--import", "more.ndjson")
    assert done.returncode == 0, done.stderr



def is_served(browser, words):
    """Whether the page's script would get these words by now, whatever the caches on the way have kept."""
    return words in browser.execute_async_script("fetch(location.href).then(answer => answer.text()).then(arguments[0])")


def focused(browser):
    return browser.execute_script("return document.activeElement.textContent")


def test_new_videos_are_announced_and_come_when_asked_for(browser, quiet):
    browser.get(quiet.url)
    before = titles(browser)
    count = quiet.count()
    assert len(before) == 20 and not one(browser, ".news").is_displayed()
    let_time_pass(browser)
    assert not one(browser, ".news").is_displayed()
    add(quiet, range(100, 103))
    in_time(browser, lambda: texts(browser, ".news") == ["Show 3 new videos"])
    assert titles(browser) == before  # nothing moves under the reader
    one(browser, ".news button").click()
    assert titles(browser)[:4] == ["Title number 102", "Title number 101", "Title number 100", before[0]]
    assert texts(browser, ".count b") == [f"{count + 3} videos"]
    no_complaints(browser)


def test_what_is_announced_is_what_the_list_gains(browser, quiet):
    """New videos need not be the newest: those of an hour ago are on later pages."""
    browser.get(quiet.url)
    before = titles(browser)
    count = quiet.count()
    number = lambda selector: int("".join(filter(str.isdigit, texts(browser, selector)[0])))
    assert number(".count b") == number(".tracked [aria-current] b") == count
    add(quiet, [*range(-1000, -960), 300])
    in_time(browser, lambda: texts(browser, ".news") == ["Show 41 new videos"])
    assert number(".count b") == number(".tracked [aria-current] b") == count + 41
    assert titles(browser) == before
    one(browser, ".news button").click()
    assert titles(browser)[0] == "Title number 300"
    assert number(".count b") == number(".tracked [aria-current] b") == count + 41
    no_complaints(browser)


def test_an_empty_page_fills_by_itself(browser, quiet):
    browser.get(quiet.url + "/?query=200")
    assert titles(browser) == [] and one(browser, ".empty").is_displayed()
    let_time_pass(browser)
    add(quiet, [200])
    in_time(browser, lambda: titles(browser) == ["Title number 200"])


def test_what_its_reader_works_with_is_brought_up_to_date_afterwards(browser, quiet):
    browser.get(quiet.url + "/queries")
    one(browser, "#text").send_keys("half a word")
    assert quiet.change("POST", "/api/queries", query="changed elsewhere").status_code == 201
    until(browser, lambda: is_served(browser, "changed elsewhere"))
    let_time_pass(browser)
    browser.execute_script("document.activeElement.blur()")
    let_time_pass(browser)
    assert one(browser, "#text").get_attribute("value") == "half a word" and "changed elsewhere" not in texts(browser, "#main")[0]
    browser.execute_script("document.querySelector('#text').value = ''")
    let_time_pass(browser)
    assert "changed elsewhere" in texts(browser, "#main")[0]


def test_a_page_that_nobody_sees_asks_nothing(browser, quiet):
    browser.get(quiet.url)
    browser.execute_script("""
        window.asked = 0;
        const ask = window.fetch;
        window.fetch = (...what) => { window.asked++; return ask(...what); };
    """)
    let_time_pass(browser)
    asked = browser.execute_script("return window.asked")
    browser.execute_script("Object.defineProperty(document, 'hidden', {value: true}); document.dispatchEvent(new Event('visibilitychange'))")
    let_time_pass(browser)
    let_time_pass(browser)
    assert browser.execute_script("return window.asked") == asked > 0


def test_the_server_goes_and_comes_back(browser, quiet):
    browser.get(quiet.url)
    quiet.end()
    in_time(browser, lambda: "no connection" in texts(browser, ".fresh")[0])
    assert len(titles(browser)) == 20
    quiet.start()
    in_time(browser, lambda: "no connection" not in texts(browser, ".fresh")[0])
    assert len(titles(browser)) == 20
    browser.get_log("browser")  # of refused connections, which are none of the next test's business


def test_keys_alone_lead_everywhere(browser, quiet):
    browser.get(quiet.url)
    first = titles(browser)
    press(browser, "j")
    assert focused(browser) == first[0]
    press(browser, "j", "j", "k")
    assert focused(browser) == first[1]
    with next_page(browser):
        press(browser, "o")
    assert one(browser, "h1").text == first[1]
    with next_page(browser):
        browser.back()
    with next_page(browser):
        press(browser, "n")
    assert address(browser)["page_number"] == "2"
    with next_page(browser):
        press(browser, "p")
    assert titles(browser) == first
    with next_page(browser):
        press(browser, "/", "number 7", Keys.ENTER)
    assert address(browser)["query"] == "number 7" and titles(browser) == ["Title number 7"]
    for key, path in (("q", "/queries"), ("c", "/channels"), ("s", "/status"), ("v", "/")):
        with next_page(browser):
            press(browser, "g", key)
        assert browser.current_url == quiet.url + path
    no_complaints(browser)


def test_times_move_on_and_dates_stay(browser, quiet):
    browser.get(quiet.url)
    browser.execute_async_script("""
        const made = (words, seconds) => {
            const time = document.createElement('time');
            Object.assign(time, {title: 'x', textContent: words, dateTime: new Date(Date.now() - seconds * 1000).toISOString()});
            document.querySelector('main').append(time);
            time.className = 'made';
        };
        made('just now', 150); made('in 2\\u00a0min', -210); made('18 Nov 2026', 86400);
        letTimePass().then(arguments[0]);
    """)
    assert texts(browser, "time.made") == ["2\u00a0min ago", "in 3\u00a0min", "18 Nov 2026"]


def test_letters_that_are_typed_are_no_keys(browser, quiet):
    browser.get(quiet.url)
    one(browser, "#query").send_keys("jogging?")
    assert one(browser, "#query").get_attribute("value") == "jogging?"
    assert browser.current_url == quiet.url + "/" and not one(browser, ".help").is_displayed()


def test_the_keys_are_explained(browser, quiet):
    browser.get(quiet.url)
    press(browser, "?")
    assert one(browser, ".help").is_displayed()
    press(browser, Keys.ESCAPE)
    assert not one(browser, ".help").is_displayed()


def test_light_and_dark_can_be_chosen_and_stay(browser, quiet):
    browser.get(quiet.url)
    paper = "return getComputedStyle(document.body).backgroundColor"
    button = one(browser, "button[data-theme]")
    seen = []
    for _ in range(3):
        button.click()
        seen.append((button.text, browser.execute_script(paper)))
    assert [words for words, _ in seen] == ["Theme: light", "Theme: dark", "Theme: auto"]
    assert seen[0][1] != seen[1][1]
    button.click()
    browser.get(quiet.url + "/?query=number")
    assert browser.execute_script(paper) == seen[0][1]


def test_the_player_comes_when_it_is_asked_for(browser, quiet):
    number = quiet.videos()["results"][0]["id"]
    browser.get(f"{quiet.url}/video/{number}")
    assert every(browser, "iframe") == []
    one(browser, ".player a").click()
    assert one(browser, "iframe").get_attribute("src").startswith(f"https://www.youtube-nocookie.com/embed/{number}")
    assert browser.current_url == f"{quiet.url}/video/{number}"
    assert not [e for e in browser.get_log("browser") if "Content Security Policy" in e["message"]]


def test_channels_are_offered_with_their_counts(browser, quiet):
    lines = ndjson(*(made_up_video(1000 + n, f"Other {n}", channel_id=f"UC-channel-{n % 3}", channel_title=f"Channel {n % 3}") for n in range(9)))
    (quiet.folder / "channels.ndjson").write_text(lines)
    assert quiet.fetch("--import", "channels.ndjson").returncode == 0
    browser.get(quiet.url + "/?query=number")
    browser.execute_script("document.querySelector('select[name=channel]').focus()")
    until(browser, lambda: any("Channel 2 (3)" in text for text in texts(browser, "select[name=channel] option")))


def test_a_reader_who_comes_back_is_told_what_is_new_since(browser, quiet):
    page = f"{quiet.url}/?query=homecoming+"
    add(quiet, [-2000], "Homecoming")
    browser.get(page)
    assert titles(browser) == ["Homecoming -2000"] and not one(browser, ".since").is_displayed()
    recorded = in_time(browser, lambda: browser.execute_script("return Object.values(JSON.parse(localStorage.getItem('marks') ?? '{}')).pop()"))
    browser.execute_script("sessionStorage.clear()")  # as in another tab, later
    until(browser, lambda: datetime.now(timezone.utc) >= datetime.fromisoformat(recorded.replace("Z", "+00:00")) + timedelta(seconds=1))  # as times tell it
    add(quiet, range(-2105, -2100), "Homecoming")
    until(browser, lambda: is_served(browser, "<b>6 videos</b>"))
    browser.get(page)
    in_time(browser, lambda: texts(browser, ".since") == ["5 new since you were here"])
    one(browser, ".since a").click()
    in_time(browser, lambda: titles(browser) == [f"Homecoming {n}" for n in range(-2101, -2106, -1)])
    assert "sort=recorded" in browser.current_url
    no_complaints(browser)
