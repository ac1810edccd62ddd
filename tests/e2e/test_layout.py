"""What a page shows at first sight, with as many tracked queries as people have."""
import pytest

from browser import chromium, click, every, no_complaints, one, sign_in
from newsreel import KEY, Newsreel, made_up_video, ndjson

QUERIES = ["إطلاق الصواريخ اليوم", "חדשות חלל"] + [f"A tracked query, number {n}" for n in range(10)]
PHONE, LAPTOP = (390, 844), (1366, 768)
FIRST_VIDEO_MAX = 420  # pixels from the top of a phone
HOUR = 3600


@pytest.fixture(scope="module")
def site():
    """Its videos are of some days, so that there is a chart."""
    made = Newsreel(YOUTUBE_API_KEYS=KEY, NEWSREEL_INTERVAL="3600", NEWSREEL_QUERIES=";".join(QUERIES))
    try:
        (made.folder / "videos.ndjson").write_text(ndjson(*(made_up_video(n, f"Title number {n}") for n in range(-30 * 12 * HOUR, 0, 12 * HOUR))))
        done = made.fetch("--import", "videos.ndjson")
        assert done.returncode == 0, done.stderr
        made.start()
        assert set(made.queries()) == set(QUERIES)
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module", params=[True, False], ids=["javascript", "no javascript"])
def browser(request):
    with chromium(javascript=request.param) as driver:
        yield driver


def visit(browser, url, window):
    width, height = window
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": window == PHONE})
    browser.get(url)


def place(browser, element):
    """Where the top and the bottom of an element are in the window."""
    return browser.execute_script("const {top, bottom} = arguments[0].getBoundingClientRect(); return [top, bottom]", element)


def visible(browser, selector):
    """WebDriver's own answer does not know of a closed <details> around another."""
    return browser.execute_script("return [...document.querySelectorAll(arguments[0])].map(e => e.checkVisibility())", selector)


def test_a_phone_shows_the_first_video_at_once(browser, site, measured):
    visit(browser, site.url, PHONE)
    assert one(browser, ".chart").is_displayed()
    top, _ = place(browser, one(browser, ".card .thumb"))
    measured.append(f"first video on a phone of {PHONE[0]} x {PHONE[1]}: {top:.0f} px down")
    assert top <= FIRST_VIDEO_MAX
    no_complaints(browser)


def test_a_phone_has_the_filters_behind_one_button(browser, site):
    visit(browser, site.url, PHONE)
    assert set(visible(browser, ".tracked a, .filters a, .filters form")) == {False}
    click(browser, one(browser, ".side > summary"))
    assert visible(browser, ".tracked a")[0] and set(visible(browser, ".filters ul > li > a")) == {True}
    no_complaints(browser)


def test_a_laptop_shows_every_group_of_filters(browser, site, measured):
    visit(browser, site.url, LAPTOP)
    groups = every(browser, ".group")
    assert len(groups) == 6
    assert all(group.get_attribute("open") is not None for group in groups)
    bottoms = [place(browser, group)[1] for group in groups]
    measured.append(f"sidebar on a laptop of {LAPTOP[0]} x {LAPTOP[1]}: down to {bottoms[-1]:.0f} px")
    assert bottoms == sorted(bottoms) and 0 < bottoms[0] and bottoms[-1] <= LAPTOP[1]
    no_complaints(browser)


def test_nothing_moves_when_the_script_shows_its_buttons(browser, site):
    visit(browser, site.url + "/status", LAPTOP)
    height, before = browser.execute_script("""
        const foot = document.querySelector('.foot'), now = foot.offsetHeight;
        document.querySelectorAll('.foot button').forEach(button => { button.hidden = true; });
        return [now, foot.offsetHeight]""")
    assert height == before


def assert_pages_fit(browser, site):
    for width in (320, 390, 600, 901, 1000, 1101, 1366):
        for path in ("/", "/queries", "/status", "/login"):
            visit(browser, site.url + path, (width, 768))
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width, (width, path)


def test_no_page_is_wider_than_its_window(browser, site):
    assert_pages_fit(browser, site)
    sign_in(browser, site, (site.data / "admin-token").read_text().strip())
    assert_pages_fit(browser, site)
    browser.delete_all_cookies()


def test_names_of_queries_stand_where_their_rows_begin(browser, site):
    """Also those that are read from right to left."""
    visit(browser, site.url + "/queries", LAPTOP)
    rows = browser.execute_script("""
        return [...document.querySelectorAll('.row h2')].map(row => [row.querySelector('bdi').textContent, row.getBoundingClientRect().left,
                                                                     row.querySelector('bdi').getBoundingClientRect().left])""")
    assert {name for name, _, _ in rows} == set(QUERIES)
    assert len({edge for _, edge, _ in rows}) == 1 and len({edge for _, _, edge in rows}) == 1
    no_complaints(browser)


def test_groups_stay_as_their_reader_left_them(site):
    kind, more = ".group[data-group=kind]", "details[data-group=more]"
    is_open = lambda selector: one(browser, selector).get_attribute("open") is not None
    with chromium() as browser:
        visit(browser, site.url, LAPTOP)
        assert is_open(kind) and not is_open(more)
        click(browser, one(browser, f"{kind} > summary"))
        click(browser, one(browser, f"{more} > summary"))
        visit(browser, site.url + "/?within=month", LAPTOP)
        assert not is_open(kind) and is_open(more)
        click(browser, one(browser, f"{kind} > summary"))
        visit(browser, site.url, LAPTOP)
        assert is_open(kind)
        no_complaints(browser)
