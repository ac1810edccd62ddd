"""Clients that mean no good, or know no better: clean answers, and nobody else notices."""
import os
import random
import resource
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from newsreel import KEY, Newsreel, PATIENCE_S, wait_for

HEAD = b"Host: x\r\nConnection: close\r\nX-Forwarded-For: 192.0.2.5\r\n"


@pytest.fixture(scope="module")
def site(youtube):
    """One that takes us for a proxy, so that each test can be a visitor of its own."""
    one = Newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_TRUSTED_PROXIES="127.0.0.0/8")
    try:
        one.start()
        wait_for(lambda: one.count() >= 50, "the first videos")
        yield one
    finally:
        one.close()


@pytest.fixture(autouse=True)
def unharmed(site):
    """Whatever a test does: newsreel-web is the same process afterwards, and answers."""
    before = site.the_process("newsreel-web --socket")
    yield
    assert site.the_process("newsreel-web --socket") == before
    assert site.get("/api/videos").status_code == 200


def status(line):
    return line.split()[1] if line else ""


def connect(site):
    return socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE_S)


def test_a_slow_client_is_given_up(site):
    started = time.monotonic()
    with connect(site) as s:
        s.sendall(b"GET /api/videos HTTP/1.1\r\nHost: x\r\n")
        try:
            answer = s.makefile("rb").read()
        except ConnectionResetError:
            answer = b""
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408")
        assert time.monotonic() - started >= 4  # it was waited for


def test_slow_clients_hold_nobody_up(site):
    slow = [connect(site) for _ in range(100)]
    try:
        for s in slow:
            s.sendall(b"POST /api/queries HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
        for _ in range(10):
            assert site.get("/api/videos").status_code == 200
    finally:
        for s in slow:
            s.close()


def test_a_client_that_does_not_read_holds_nobody_up(site):
    lazy = [connect(site) for _ in range(20)]
    try:
        for s in lazy:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.sendall(b"GET /api/videos.ndjson HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(10):
            assert site.get("/api/videos").status_code == 200
    finally:
        for s in lazy:
            s.close()


def test_heads_and_addresses_that_are_too_large(site):
    assert status(site.raw(b"GET / HTTP/1.1\r\n" + HEAD + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n")) in ("400", "431")
    assert status(site.raw(b"GET / HTTP/1.1\r\n" + HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"\r\n")) in ("400", "431")
    assert status(site.raw(b"GET /api/videos?query=" + b"x" * 5000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n")) == "400"


def test_a_query_string_of_two_megabytes(site):
    try:
        line = site.raw(b"GET /api/videos?query=" + b"x" * 2_000_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n")
    except ConnectionResetError:
        return  # closed while we were still sending: refused as well
    assert line == "" or line.startswith("HTTP/1.1 414")


def test_bodies_that_are_too_large(site):
    for head in (b"Content-Length: 70000\r\n\r\n" + b"x" * 70_000, b"Transfer-Encoding: chunked\r\n\r\n" + b"11170\r\n" + b"x" * 70_000 + b"\r\n0\r\n\r\n"):
        assert status(site.raw(b"POST /api/queries HTTP/1.1\r\n" + HEAD + head)) == "413"
    # It is refused before it is sent.
    assert status(site.raw(b"POST /api/queries HTTP/1.1\r\n" + HEAD + b"Content-Length: 99999999999\r\n\r\n")) == "413"


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"query": {"a": 1}}', b'{"query": "a\\u0000b"}', b"\xff\xfe", b'{"a":' * 5000, b'{"query":"x","query":"y"}'],
                         ids=["nothing", "half an object", "an array", "an object inside", "U+0000", "no UTF-8", "deep", "twice"])
def test_bodies_that_mean_nothing(site, body):
    headers = {"Content-Type": "application/json", "X-Forwarded-For": "192.0.2.1", **site.authorization()}
    answer = site.session.post(site.url + "/api/queries", data=body, headers=headers, timeout=PATIENCE_S)
    assert answer.status_code == 400 and answer.headers["Content-Type"] == "application/problem+json"


def test_requests_in_one_stream_are_told_apart(site):
    requests = b"".join(b"GET /ping?%d HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.3\r\n\r\n" % n for n in range(20)) + b"\x00\xff garbage \r\n\r\n"
    with connect(site) as s:
        s.sendall(requests)
        answers = s.makefile("rb").read()
    assert answers.count(b"HTTP/1.1 200") == 20 and answers.count(b"pong") == 20
    assert answers.count(b"HTTP/1.1 400") == 1 or answers.count(b"<h1>400") == 1


def test_smuggled_requests_are_refused(site):
    assert status(site.raw(b"POST /api/queries HTTP/1.1\r\n" + HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")) == "400"
    assert status(site.raw(b"GET /ping HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")) == "400"
    assert status(site.raw(b"GET /ping HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")) == "400"


def test_garbage_is_answered_or_hung_up_on(site):
    seed = int(os.environ.get("NEWSREEL_TEST_SEED", random.randrange(2**32)))
    print(f"seed {seed}")
    random_bytes = random.Random(seed)
    for _ in range(30):
        garbage = random_bytes.randbytes(random_bytes.randrange(1, 3000)) + b"\r\n\r\n"
        try:
            line = site.raw(garbage)
        except ConnectionResetError:
            continue
        assert not line.startswith("HTTP/1.1 5"), garbage


def test_many_connections_are_all_answered(site):
    # nginx's limit on requests of one address is part of the clean answers.
    with ThreadPoolExecutor(256) as pool:
        codes = list(pool.map(lambda n: status(site.raw(b"GET /ping?%d HTTP/1.1\r\nX-Forwarded-For: 192.0.2.4\r\n" % n + HEAD + b"\r\n")), range(512)))
    assert set(codes) <= {"200", "429"} and codes.count("200") >= 100


@pytest.fixture
def many_files():
    """More open files than a process may usually have."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


SLOW = [
    b"GET /api/videos HTTP/1.1\r\nHost: x\r\n",
    b"POST /api/queries HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
    b"GET /api/videos?page_size=100 HTTP/1.1\r\nHost: x\r\n\r\n" * 20,  # and no answer is read
    b"",
]


@pytest.mark.parametrize("beginnings, addresses", [(SLOW[:1], 1), (SLOW, 12)], ids=["half a header from one address", "all kinds from twelve"])
def test_thousands_of_slow_clients_leave_room_for_others(site, many_files, beginnings, addresses):
    slow = []
    try:
        for n in range(2300):
            s = socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE_S, source_address=(f"127.0.0.{2 + n % addresses}", 0))
            slow.append(s)
            s.sendall(beginnings[n % len(beginnings)])
        lines = [site.raw(b"GET /api/videos?page_number=%d HTTP/1.1\r\n" % n + HEAD.replace(b"192.0.2.5", b"192.0.2.6") + b"\r\n") for n in range(1, 41)]
        assert [status(line) for line in lines] == ["200"] * 40
    finally:
        for s in slow:
            s.close()


def test_idle_connections_leave_room_for_others(site):
    idle = [connect(site) for _ in range(300)]
    try:
        assert site.get("/api/videos").status_code == 200
    finally:
        for s in idle:
            s.close()
