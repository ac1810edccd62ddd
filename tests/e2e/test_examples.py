"""The examples of /api/docs, as its readers run them: by hand, in three languages, and by "Try it"."""
import html
import itertools
import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request

import pytest

from browser import chromium, every, no_complaints, one, until
from newsreel import PATIENCE_S, Newsreel, made_up_video, ndjson

LANGUAGES = ("curl", "Python", "JavaScript")
# Whatever is asked for is there, but for what no example has made, and frames, which are for sites that are named.
NOT_THERE = re.compile(r"/oembed|/api/(alerts|hidden_videos|muted_channels)/\{")
# The request is understood, and the token taken; what it asks for may be done, or gone already. YOUR_KEY is no key.
UNDERSTOOD = {200, 201, 202, 204, 404, 409, 422}


@pytest.fixture(scope="module")
def site():
    """Every request may come from an address of its own, since each has a limit. The next tick is an hour away: nothing is sent anywhere."""
    made = Newsreel(YOUTUBE_API_KEYS="a-key-that-is-never-asked", NEWSREEL_QUERIES="falcon;starship;moon", NEWSREEL_INTERVAL="3600",
                    NEWSREEL_TRUSTED_PROXIES="127.0.0.0/8")
    try:
        (made.folder / "videos.ndjson").write_text(ndjson({**made_up_video(1, "Falcon Heavy"), "id": "dQw4w9WgXcQ"}, made_up_video(2, "Falcon 9")))
        assert made.fetch("--import", "videos.ndjson").returncode == 0
        yield made.start()
    finally:
        made.close()


@pytest.fixture(scope="module")
def examples(site):
    """Method and path of each operation, with its example by language."""
    found = []
    for operation in site.get("/api/docs").text.split('<details class="operation">')[1:]:
        method, path = re.search(r"<b>(\w+)</b> <code>(.*?)</code>", operation).groups()
        section = operation.partition('<section class="example">')[2].partition("</section>")[0]
        sources = [html.unescape(code) for code in re.findall(r"<code>(.*?)</code>", section, re.DOTALL)]
        if sources:
            found.append((method, path, dict(zip(LANGUAGES, sources))))
    return found


def run_curl(sources, addresses):
    for source in sources:
        done = subprocess.run(["sh", "-c", f"{source} -o /dev/null -w '%{{http_code}}' -H 'X-Forwarded-For: {next(addresses)}'"],
                              capture_output=True, text=True, timeout=PATIENCE_S, check=True)
        yield int(done.stdout)


def run_python(sources, addresses):
    for source in sources:
        opener = urllib.request.build_opener()
        opener.addheaders = [("X-Forwarded-For", next(addresses))]
        urllib.request.install_opener(opener)
        names = {"print": lambda *said: None}
        try:
            exec(source, names)
            yield names["answer"].status
        except urllib.error.HTTPError as refused:
            yield refused.code


def run_javascript(sources, addresses):
    program = """const reallyFetch = fetch, addresses = %s;
        globalThis.fetch = (url, options = {}) => reallyFetch(url, {...options, headers: {...options.headers, 'X-Forwarded-For': addresses.shift()}});
        const really = console.log, statuses = [];
        console.log = () => {};
        %s
        really(JSON.stringify(statuses));""" % (json.dumps([next(addresses) for _ in sources]),
                                              "\n".join(f"{{ {source}\nstatuses.push(answer.status); }}" for source in sources))
    done = subprocess.run(["node", "--input-type=module"], input=program, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


RUN = {"curl": run_curl, "Python": run_python, "JavaScript": run_javascript}


def statuses(site, examples, language, reads):
    """Of the requests that read, or write: method, path and status of each."""
    if language == "JavaScript" and not shutil.which("node"):
        pytest.skip("node is not installed")
    token = (site.data / "admin-token").read_text().strip()
    addresses = (f"198.51.{1 + LANGUAGES.index(language)}.{n}" for n in itertools.count(1))
    chosen = [one for one in examples if (one[0] == "GET") == reads]
    with site.still():
        ran = list(RUN[language]([sources[language].replace("TOKEN", token) for _, _, sources in chosen], addresses))
    assert len(ran) == len(chosen) >= 20
    return [(method, path, status) for (method, path, _), status in zip(chosen, ran)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_those_that_read_work(site, examples, language):
    for method, path, status in statuses(site, examples, language, True):
        assert status == 200 or (NOT_THERE.match(path) and status == 404), (method, path, status)


def test_every_operation_of_the_document_has_one(site, examples):
    paths = site.get("/api/openapi.json").json()["paths"]
    without = {"/push/{token}", "/api/docs"}
    assert {(method.upper(), path) for path, operations in paths.items() if path not in without for method in operations} == {
        (method, path) for method, path, _ in examples}


def open_operation(browser, path):
    for operation in every(browser, ".operation"):
        if operation.find_element("css selector", "summary").text.startswith(f"GET {path} "):
            browser.execute_script("arguments[0].open = true", operation)
            return operation
    raise AssertionError(path)


def test_a_reader_tries_them_on_the_page(site):
    with chromium() as browser:
        browser.get(site.url + "/api/docs")
        operation = open_operation(browser, "/api/videos")
        operation.find_element("css selector", ".try button").click()
        status, body = (operation.find_element("css selector", f".try {selector}") for selector in ("[role=status]", "pre"))
        until(browser, lambda: status.text == "Status 200, application/json; charset=utf-8")
        assert json.loads(body.text)["count"] == 2

        operation = open_operation(browser, "/api/videos/{id}")
        field = operation.find_element("css selector", ".try input")
        newest = site.videos()["results"][0]["id"]
        until(browser, lambda: field.get_attribute("value") == f"/api/videos/{newest}")
        field.clear()
        field.send_keys("/api/videos.csv?fields=title&sort=oldest\n")
        status, body = (operation.find_element("css selector", f".try {selector}") for selector in ("[role=status]", "pre"))
        until(browser, lambda: status.text == "Status 200, text/csv; charset=utf-8; header=present")
        assert body.text == 'title\n"Falcon Heavy"\n"Falcon 9"'
        no_complaints(browser)


# Behind all others, for these remove what is there.
@pytest.mark.parametrize("language", LANGUAGES)
def test_those_that_write_work(site, examples, language):
    for method, path, status in statuses(site, examples, language, False):
        assert status in UNDERSTOOD, (method, path, status)
