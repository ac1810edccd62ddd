"""What nginx adds: headers, limits, compression, static files, errors."""
import os
import re
import shutil
import signal
import socket
import subprocess
from xml.etree import ElementTree

import pytest

from newsreel import KEY, PATIENCE_S, made_up_video, ndjson, wait_for

POLICY = ("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https://i.ytimg.com; connect-src 'self'; manifest-src 'self'; "
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")


def assert_safe(answer):
    assert answer.headers["Content-Security-Policy"].startswith(POLICY)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Server"] == "nginx"
    for name in ("Content-Security-Policy", "X-Request-Id", "Retry-After", "Cache-Control"):
        assert answer.headers.get(name, "").count(",") <= 2  # requests joins what was sent twice


def assert_problem(answer, status, kind):
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["type"]) == (status, kind)
    assert body["title"] and body["detail"]
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert_safe(answer)


def test_every_answer_has_the_safe_headers(site):
    for path in ("/", "/?query=rocket", "/api/videos", "/api/videos/nope0000000", "/api/nothing", "/nothing", "/static/nothing.css", "/healthz",
                 "/?page_number=0"):
        assert_safe(site.get(path))


def test_feeds_are_well_formed_whatever_is_searched_for(site):
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(site.get("/feeds/videos.atom?query=%3Cb%3E%26%22'%01%7F%EF%BF%BE]]%3E").content)
    assert feed.find(atom + "title").text == "newsreel · <b>&\"']]>"
    assert len(ElementTree.fromstring(site.get("/feeds/videos.atom").content).findall(atom + "entry")) > 0
    assert len(ElementTree.fromstring(site.get("/feeds/queries.opml").content).findall("body/outline")) > 0


def test_only_the_page_of_a_video_may_show_frames(site):
    assert "frame-src" not in site.get("/").headers["Content-Security-Policy"]
    policy = site.get("/video/AAAAAAAAAAA").headers["Content-Security-Policy"]
    assert policy == POLICY + "; frame-src https://www.youtube-nocookie.com"


def test_static_files_may_be_kept_for_ever(site):
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', site.get("/").text)
    assert sheets
    for path in sheets:
        answer = site.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/css"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert site.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        assert_safe(answer)
    missing = site.get("/static/style.00000000.css")
    assert missing.status_code == 404 and "Cache-Control" not in missing.headers


def test_static_files_do_not_lead_out_of_their_folder(site):
    for path in (b"/static/../names/style.css", b"/static/..%2f..%2fnewsreel-web", b"/static/%2e%2e/names/style.css", b"/static../names/style.css"):
        status = site.raw(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert status.split()[1] in ("400", "404"), path


def test_text_is_compressed(site):
    for path in ("/", "/api/videos"):
        assert site.get(path, headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in site.get(path, headers={"Accept-Encoding": "identity"}).headers


def test_a_body_that_is_too_large_is_refused(site):
    assert_problem(site.session.post(site.url + "/api/queries", data=b"x" * 70000, timeout=PATIENCE_S), 413, "/problems/too-large")


def test_a_head_that_is_too_large_is_refused(site):
    host = b"Host: x\r\nConnection: close\r\n"
    assert site.raw(b"GET /?query=" + b"x" * 9000 + b" HTTP/1.1\r\n" + host + b"\r\n").split()[1] == "414"
    assert site.raw(b"GET / HTTP/1.1\r\n" + host + b"X-Long: " + b"x" * 9000 + b"\r\n\r\n").split()[1] == "400"


def test_errors_are_problems_for_programs_and_pages_for_people(site):
    assert_problem(site.get("/api/nothing"), 404, "/problems/not-found")
    assert_problem(site.session.put(site.url + "/api/videos", timeout=PATIENCE_S), 405, "/problems/method-not-allowed")
    for path in ("/nothing", "/static/nothing.css"):
        page = site.get(path)
        assert page.status_code == 404 and page.headers["Content-Type"].startswith("text/html")


@pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool: Debian's package prometheus has it")
def test_prometheus_has_nothing_to_say_about_the_metrics(site):
    text = site.get("/metrics", headers=site.authorization()).text
    assert "newsreel_quota_used{" in text and "newsreel_http_request_duration_seconds_bucket{" in text
    said = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_head_answers_like_get_without_a_body(site):
    for path in ("/", "/api/videos", "/ping"):
        head = site.session.head(site.url + path, timeout=PATIENCE_S, headers={"Accept-Encoding": "identity"})
        assert head.status_code == 200 and head.content == b""


def write(one, address):
    return one.session.post(one.url + "/api/api_key", headers={"X-Forwarded-For": address}, timeout=PATIENCE_S)


def test_too_many_writes_are_refused_by_address(newsreel, youtube):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_TRUSTED_PROXIES="127.0.0.0/8").start()
    assert write(one, "192.0.2.1").status_code == 401
    refused = one.refused("POST", "/api/api_key", headers=lambda _: {"X-Forwarded-For": "192.0.2.1"})
    assert_problem(refused, 429, "/problems/too-many")
    assert int(refused.headers["Retry-After"]) > 0
    # Others, and reading, are not affected.
    assert write(one, "192.0.2.2").status_code == 401
    assert one.get("/api/videos", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 200


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(newsreel, youtube):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY).start()
    assert one.refused("POST", "/api/api_key", headers=lambda n: {"X-Forwarded-For": f"192.0.2.{n}"})


def test_when_newsreel_web_is_out_of_reach_programs_and_people_are_told(newsreel, youtube):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY).start()
    with one.still():
        os.kill(one.the_process("newsreel-web"), signal.SIGKILL)
        answer = one.get("/api/videos")
        page = one.get("/")
    assert_problem(answer, 502, "/problems/busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and "Access-Control-Allow-Origin" not in page.headers
    assert page.status_code == 502 and page.headers["Content-Type"].startswith("text/html")
    wait_for(lambda: one.answers("/readyz"), "newsreel-web")


def test_ipv6_works(newsreel, youtube):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY)
    one.url = f"http://[::1]:{one.port}"
    one.variables["NEWSREEL_LISTEN"] = f"[::1]:{one.port}"
    one.start()
    wait_for(lambda: one.count() > 0, "videos")


def test_a_request_is_cancelled_when_its_reader_leaves(newsreel):
    """If nginx does not cache it: otherwise it waits for the answer, for the cache."""
    one = newsreel()
    (one.folder / "videos.ndjson").write_text(ndjson(*(made_up_video(n, "Starship") for n in range(500))))
    assert one.fetch("--import", "videos.ndjson").returncode == 0
    one.start()
    web = one.the_process("newsreel-web")
    request = f"GET /api/videos?query=starship HTTP/1.1\r\nHost: 127.0.0.1:{one.port}\r\nCookie: newsreel_session=old\r\n\r\n"

    def ask_and_leave():
        os.kill(web, signal.SIGSTOP)
        try:
            with socket.create_connection(("127.0.0.1", one.port), timeout=PATIENCE_S) as reader:
                reader.sendall(request.encode())
                one.get("/static/nothing.css")  # so that nginx has most likely passed it on …
            one.get("/static/nothing.css")  # … and seen that nobody waits for it
        finally:
            os.kill(web, signal.SIGCONT)
        return 'newsreel_http_requests_total{route="/api/videos",method="GET",status="4xx"}' in one.get("/metrics").text

    wait_for(ask_and_leave, "a cancelled request")
