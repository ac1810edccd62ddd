"""Queries are compared, and the charts taken away, in a browser."""
import struct
import xml.etree.ElementTree as ElementTree

import pytest
from selenium.webdriver.common.keys import Keys

from browser import address, chromium, every, next_page, no_complaints, one, press, texts
from newsreel import KEY, Newsreel, wait_for

SVG = "{http://www.w3.org/2000/svg}"
WIDTH = 640


@pytest.fixture(scope="module")
def site(youtube):
    made = Newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_QUERIES="rocket launch;lofi beats;café crème")
    try:
        made.start()
        wait_for(lambda: made.count() >= 1, "the first videos")
        yield made
    finally:
        made.close()


def choose_by_keys(browser, number):
    """Tab leads to each box in turn, and the space bar checks it."""
    while (browser.switch_to.active_element.get_attribute("name") or "") != f"id-{number}":
        press(browser, Keys.TAB)
    press(browser, " ")


def downloaded(folder, pattern):
    return wait_for(lambda: next(iter(folder.glob(pattern)), None), f"the file {pattern}")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_two_queries_are_chosen_and_their_chart_is_taken_away(site, tmp_path, script):
    with chromium(javascript=script) as browser:
        browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
        browser.get(site.url + "/compare")
        for number in (1, 3):
            choose_by_keys(browser, number)
        with next_page(browser):
            press(browser, Keys.ENTER)
        assert address(browser) == {"queries": "1,3", "within": "month"}
        assert len(every(browser, "figure")) == 4
        chart = one(browser, "figure .plot-wide")
        assert chart.is_displayed() and not one(browser, "figure .plot-narrow").is_displayed()
        assert chart.get_attribute("aria-label").endswith("rocket launch, café crème")
        assert "not of YouTube" in " ".join(texts(browser, "figure .plot-wide text"))

        one(browser, "figcaption a[download]").click()
        drawing = ElementTree.parse(downloaded(tmp_path, "*.svg")).getroot()
        assert drawing.tag == SVG + "svg" and drawing.get("width") == str(WIDTH)
        assert "Recorded videos per day" in [text.text for text in drawing.iter(SVG + "text")]

        png = one(browser, "figcaption a[data-png]")
        assert png.is_displayed() == script
        if script:
            png.click()
            header = downloaded(tmp_path, "*.png").read_bytes()[:24]
            assert header[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">I", header[16:20]) == (2 * WIDTH,)
        no_complaints(browser)
