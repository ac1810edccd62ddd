"""newsreel-sim over HTTP: what only a real connection shows."""
import collections
import contextlib
import gzip
import hashlib
import hmac
import http.server
import json
import threading
import time
import urllib.parse

import pytest
import requests

from newsreel import KEY, PATIENCE_S, YouTube, wait_for

HEADERS = {"X-Goog-Api-Key": KEY}


@pytest.fixture(scope="module")
def sim():
    one = YouTube("--rate", "100000", "--query", "cats", "--quirks", "duplicates=1")
    yield one
    one.close()


def search(sim, **more):
    hour_ago = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    wanted = {"part": "snippet", "type": "video", "q": "cats", "maxResults": 50, "publishedAfter": hour_ago}
    return requests.get(sim.url + "/search", params=wanted, headers=HEADERS, timeout=PATIENCE_S, **more)


def busiest_channel(sim):
    return collections.Counter(item["snippet"]["channelId"] for item in search(sim).json()["items"]).most_common(1)[0][0]


def test_answers_are_compressed_for_those_who_take_it(sim):
    plain = search(sim, stream=True)
    assert plain.headers["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(plain.raw.read(decode_content=False)))["items"]) == 50


@pytest.mark.parametrize("kind", ["cut", "reset", "truncated"])
def test_connections_fail(sim, kind):
    sim.fault(kind, 1)
    with pytest.raises(requests.RequestException):
        search(sim).json()
    assert search(sim).status_code == 200


def test_a_length_is_wrong(sim):
    sim.fault("length", 1)
    answer = search(sim, stream=True)
    promised = int(answer.headers["Content-Length"])
    with contextlib.suppress(requests.RequestException):
        assert len(answer.content) < promised


def test_what_did_not_change_is_not_sent_again(sim):
    channel = busiest_channel(sim)
    url = f"{sim.url}/channels?part=snippet&id={channel}"
    etag = requests.get(url, headers=HEADERS, timeout=PATIENCE_S).json()["etag"]
    again = requests.get(url, headers={**HEADERS, "If-None-Match": etag}, timeout=PATIENCE_S)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)


class Subscriber(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        self.server.topics += asked["hub.topic"]
        self.answer(200, asked["hub.challenge"][0].encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.headers["X-Hub-Signature"], body))
        self.answer(204)

    def log_message(self, *_):
        pass


@pytest.fixture
def subscriber():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Subscriber)
    server.topics, server.received = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_hub_verifies_signs_and_repeats(sim, subscriber):
    channel = busiest_channel(sim)
    topic = f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}"
    form = {"hub.mode": "subscribe", "hub.topic": topic, "hub.secret": "our secret",
            "hub.callback": f"http://127.0.0.1:{subscriber.server_port}/push"}
    sim_answer = requests.post(sim.base + "/subscribe", data=form, timeout=PATIENCE_S)
    assert sim_answer.status_code == 202
    wait_for(lambda: subscriber.topics, "the verification")
    wait_for(lambda: len({body for _, body in subscriber.received}) < len(subscriber.received), "a notification, twice", 4 * PATIENCE_S)
    assert set(subscriber.topics) == {topic}  # whoever is slow to answer is asked again
    signature, body = subscriber.received[0]
    assert signature == "sha1=" + hmac.new(b"our secret", body, hashlib.sha1).hexdigest()
    assert channel.encode() in body
