"""Alerts, through nginx: from a list in a browser without JavaScript to a receiver and a mail server on loopback."""
import base64
import contextlib
import email
import email.policy
import hashlib
import hmac
import json
import sqlite3
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlparse

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from selenium.webdriver.common.by import By

from browser import chromium, follow, no_complaints
from newsreel import KEY, PATIENCE_S, Newsreel, free_port, wait_for

TOKEN = "a-token-of-the-tests-0123456789"
OWNER = {"Authorization": f"Bearer {TOKEN}"}


def verify(secrets, headers, body):
    """As docs/alerts.md has it."""
    if abs(time.time() - int(headers["webhook-timestamp"])) > 5 * 60:
        raise ValueError("too old")
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    given = [one.partition(",")[2] for one in headers["webhook-signature"].split() if one.startswith("v1,")]
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(expected, one) for one in given):
            return json.loads(body)
    raise ValueError("not signed by newsreel")


class Receiver:
    """Takes what is posted to /…; /hang is never answered."""

    def __init__(self):
        self.taken, self.hanging, self.ended = [], [], threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/hang":
                    receiver.hanging.append(body)
                    receiver.ended.wait()
                    return
                receiver.taken.append((self.path, dict(self.headers), body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def at(self, path):
        return [(headers, body) for where, headers, body in self.taken if where == path]

    def close(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()


class Mails:
    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):
        self.taken.append(envelope)
        return "250 OK"


LOGIN = ("news@example.org", "pass word")


def sign_in(_server, _session, _envelope, _mechanism, login):
    return AuthResult(success=(login.login.decode(), login.password.decode()) == LOGIN, handled=False)


@contextlib.contextmanager
def mail_server(**options):
    """A mail server on loopback; its handler has what it took."""
    handler = Mails()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), ready_timeout=PATIENCE_S, **options)
    controller.start()
    handler.port = controller.port
    try:
        yield handler
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def receiver():
    one = Receiver()
    yield one
    one.close()


@pytest.fixture(scope="module")
def mails():
    with mail_server() as handler:
        yield handler


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of 127.0.0.1, by an authority that nobody knows: itself. In one file with its key."""
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=mail",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file.with_suffix(".key"), "-out", file], check=True, capture_output=True)
    return file


@pytest.fixture(scope="module")
def site(youtube, mails):
    one = Newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_ADMIN_TOKEN=TOKEN, NEWSREEL_QUERIES="rocket launch", NEWSREEL_ALERTS_PRIVATE="1",
                   NEWSREEL_SMTP_URL=f"smtp://127.0.0.1:{mails.port}", NEWSREEL_MAIL_FROM="news@example.org")
    one.variables["NEWSREEL_PUBLIC_URL"] = one.url
    try:
        one.start()
        wait_for(lambda: one.count() >= 20, "the first videos")
        yield one
    finally:
        one.close()


def add(site, **rule):
    answer = requests.post(site.url + "/api/alerts", json=rule, headers=OWNER, timeout=PATIENCE_S)
    assert answer.status_code == 201, answer.text
    return answer.json()


def get(site, rule):
    return requests.get(f"{site.url}/api/alerts/{rule['id']}", headers=OWNER, timeout=PATIENCE_S).json()


def runs(site):
    with sqlite3.connect(site.data / "newsreel.db", timeout=PATIENCE_S) as record:
        return record.execute("SELECT count(*) FROM run WHERE finished_at > 0").fetchone()[0]


def test_an_editor_makes_an_alert_and_sends_a_test(site, receiver):
    with chromium(javascript=False) as browser:
        browser.get(site.url + "/alerts")
        browser.find_element(By.NAME, "token").send_keys(TOKEN)
        follow(browser, browser.find_element(By.CSS_SELECTOR, "main form button"))
        browser.get_log("browser")  # has the 401 that the form came with
        browser.get(site.url + "/?query=rocket")
        follow(browser, browser.find_element(By.LINK_TEXT, "Alert me"))
        follow(browser, browser.find_element(By.LINK_TEXT, "Webhook"))
        secret = browser.find_element(By.ID, "secret").get_attribute("value")
        browser.find_element(By.ID, "url").send_keys(receiver.url + "/journey")
        follow(browser, browser.find_element(By.CSS_SELECTOR, "form.plain button"))
        assert "Added." in browser.page_source and secret not in browser.page_source
        follow(browser, browser.find_element(By.CSS_SELECTOR, "button[value=test]"))

        def test_message():  # what was recorded meanwhile may come before it
            messages = [verify([secret], headers, body) for headers, body in receiver.at("/journey")]
            return next((message for message in messages if message["type"] == "test"), None)

        assert "ocket" in json.dumps(wait_for(test_message, "the test")["data"]["videos"])
        page = browser.current_url

        def delivered():
            browser.get(page)
            return "delivered" in browser.find_element(By.CSS_SELECTOR, "section[aria-labelledby=log]").text

        wait_for(delivered, "the log of the test")
        no_complaints(browser)
        browser.get(site.url + "/")
        assert "Saved filters" in browser.find_element(By.CSS_SELECTOR, ".side").get_attribute("textContent")
        follow(browser, browser.find_element(By.LINK_TEXT, "Alerts"))
        follow(browser, browser.find_element(By.CSS_SELECTOR, ".row h2 a"))
        follow(browser, browser.find_element(By.CSS_SELECTOR, "button[value=remove]"))
        assert "Removed." in browser.page_source


def test_what_is_recorded_is_told_once_with_links(site, receiver):
    before = {video["id"] for video in site.videos()["results"]}
    rule = add(site, label="All", destination={"kind": "webhook", "url": receiver.url + "/all"})
    secret = rule["destination"]["secret"]
    wait_for(lambda: receiver.at("/all"), "the first message", 3 * PATIENCE_S)  # about four videos a minute are published, at random
    told = [verify([secret], headers, body) for headers, body in receiver.at("/all")]
    ids = [video["id"] for message in told for video in message["data"]["videos"]]
    assert ids and len(ids) == len(set(ids)) and not before & set(ids)
    assert told[0]["type"] == "videos.recorded" and told[0]["data"]["list_url"] == site.url + "/?sort=recorded"
    assert all(video["recorded_at"] >= rule["created_at"] for video in told[0]["data"]["videos"])
    wait_for(lambda: get(site, rule)["delivered_at"], "the log")
    log = requests.get(f"{site.url}/api/alerts/{rule['id']}/deliveries", headers=OWNER, timeout=PATIENCE_S).json()["results"]
    assert log[-1]["message_id"] == receiver.at("/all")[0][0]["webhook-id"] and log[-1]["status"] == 200


def test_one_that_hangs_holds_up_neither_recording_nor_others(site, receiver):
    hangs = add(site, destination={"kind": "webhook", "url": receiver.url + "/hang"})
    wait_for(lambda: receiver.hanging, "the request that is not answered")
    before = runs(site)
    other = add(site, destination={"kind": "discord", "url": receiver.url + "/discord"})
    requests.post(f"{site.url}/api/alerts/{other['id']}/test", headers=OWNER, timeout=PATIENCE_S).raise_for_status()
    _, body = wait_for(lambda: receiver.at("/discord"), "the message of another rule")[0]
    assert json.loads(body)["allowed_mentions"] == {"parse": []}
    wait_for(lambda: runs(site) > before + 1, "further runs", 3 * PATIENCE_S)
    error = wait_for(lambda: get(site, hangs)["error"], "the time-out", 3 * PATIENCE_S)
    assert "no answer" in error
    requests.delete(f"{site.url}/api/alerts/{hangs['id']}", headers=OWNER, timeout=PATIENCE_S).raise_for_status()


def test_an_e_mail_comes_with_text_and_html_and_can_be_stopped(site, mails):
    rule = add(site, label="Łódź 🚀", destination={"kind": "email", "to": "editor@example.org"})
    requests.post(f"{site.url}/api/alerts/{rule['id']}/test", headers=OWNER, timeout=PATIENCE_S).raise_for_status()
    envelope = wait_for(lambda: mails.taken, "the e-mail", 3 * PATIENCE_S)[0]
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert envelope.rcpt_tos == ["editor@example.org"] and envelope.mail_from == "news@example.org"
    assert message["Subject"].startswith(("Test: Łódź 🚀: 1 video", "Łódź 🚀: ")) and message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "editor@example.org" and message["From"] == "newsreel <news@example.org>" and message["Date"].datetime
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "https://www.youtube.com/watch?v=" in text and '<a href="https://www.youtube.com/watch?v=' in html
    stop = message["List-Unsubscribe"].strip("<>")
    assert stop in text and urlparse(stop).path.startswith("/alerts/unsubscribe/")
    assert "Stop these e-mails" in requests.get(stop, timeout=PATIENCE_S).text
    assert get(site, rule)["state"] == "active"
    answer = requests.post(stop, data={"List-Unsubscribe": "One-Click"}, timeout=PATIENCE_S)
    assert answer.status_code == 200 and "Stopped." in answer.text
    assert get(site, rule)["state"] == "paused"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # a server of smtps does not know that it has TLS
def test_an_e_mail_goes_through_tls_to_a_server_that_is_verified(newsreel, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    site = newsreel(YOUTUBE_API_KEYS="a-key-that-is-never-asked", NEWSREEL_ADMIN_TOKEN=TOKEN, NEWSREEL_MAIL_FROM="news@example.org",
                    NEWSREEL_SMTP_URL="smtp://127.0.0.1").start()
    rule = add(site, destination={"kind": "email", "to": "editor@example.org"})

    def error_of_test(url, **more):
        requests.post(f"{site.url}/api/alerts/{rule['id']}/test", headers=OWNER, timeout=PATIENCE_S).raise_for_status()
        site.fetch(**{"NEWSREEL_SMTP_URL": url, "NEWSREEL_SMTP_PASSWORD": LOGIN[1], **more})
        return requests.get(f"{site.url}/api/alerts/{rule['id']}/deliveries", headers=OWNER, timeout=PATIENCE_S).json()["results"][0]["error"]

    with site.still():
        for scheme, tls in (("smtps", {"ssl_context": context, "auth_require_tls": False}), ("smtp", {"tls_context": context, "require_starttls": True})):
            with mail_server(authenticator=sign_in, auth_required=True, **tls) as secure:
                url = f"{scheme}://news%40example.org@127.0.0.1:{secure.port}"
                assert "peer certificate" in error_of_test(url)
                assert "Login denied" in error_of_test(url, SSL_CERT_FILE=str(certificate), NEWSREEL_SMTP_PASSWORD="wrong")
                assert not secure.taken
                assert error_of_test(url, SSL_CERT_FILE=str(certificate)) is None
                assert [mail.rcpt_tos for mail in secure.taken] == [["editor@example.org"]]


def test_no_secret_is_in_a_log(site, receiver):
    add(site, destination={"kind": "slack", "url": receiver.url + "/slack/T0-very-secret"})
    wait_for(lambda: receiver.at("/slack/T0-very-secret"), "the message")
    assert "T0-very-secret" not in site.log() and "whsec_" not in site.log() and "T0-very-secret" not in requests.get(
        site.url + "/api/alerts", headers=OWNER, timeout=PATIENCE_S).text
