"""nginx/https.conf.example, with a certificate made here: the site behind it is one of https."""
import os
import re
import signal
import subprocess
from xml.etree import ElementTree

import pytest

from newsreel import KEY, PATIENCE_S, ROOT, free_port, wait_for

NAME = "news.example.org"


class Proxy:
    """An nginx that has the example's servers, on ports of its own."""

    def __init__(self, folder, newsreel_port):
        self.folder, self.http, self.https = folder, free_port(), free_port()
        self.certificate = folder / "fullchain.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                        "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", folder / "privkey.pem", "-out", self.certificate],
                       check=True, capture_output=True)
        (folder / "site.conf").write_text(self.filled(newsreel_port))
        temporary = "".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(f"{user} daemon off; pid nginx.pid; error_log stderr warn; events {{}}\n"
                                           f"http {{ access_log off; {temporary} include site.conf; }}\n")
        self.process = subprocess.Popen(["nginx", "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"],
                                        env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"})

    def filled(self, newsreel_port):
        example = (ROOT / "nginx" / "https.conf.example").read_text()
        for pattern, value in ((r"listen \[::\]:\d+[^;]*;", ""), (r"listen 80;", f"listen 127.0.0.1:{self.http};"),
                               (r"listen 443 ", f"listen 127.0.0.1:{self.https} "), (r"/etc/letsencrypt/live/[^/]*", str(self.folder)),
                               (r"127\.0\.0\.1:8080", f"127.0.0.1:{newsreel_port}")):
            example, count = re.subn(pattern, value, example)
            assert count, pattern
        return example

    def ask(self, path, *options, scheme="https"):
        """curl's status, HTTP version, headers by name in small letters, and body."""
        port = self.https if scheme == "https" else self.http
        default = 443 if scheme == "https" else 80
        answer = subprocess.run(["curl", "-sS", "-i", "--http2", "--max-time", str(PATIENCE_S), "--noproxy", "*", "--cacert", self.certificate,
                                 "--connect-to", f"{NAME}:{default}:127.0.0.1:{port}", *options, f"{scheme}://{NAME}{path}"],
                                capture_output=True, text=True, check=False)
        if answer.returncode:
            return None, None, {}, answer.stderr
        head, _, body = answer.stdout.replace("\r\n", "\n").partition("\n\n")
        first, *lines = head.split("\n")
        version, status = first.split()[:2]
        return int(status), version, {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}, body

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)


@pytest.fixture
def public(newsreel, youtube, tmp_path):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_PUBLIC_URL=f"https://{NAME}", NEWSREEL_TRUSTED_PROXIES="127.0.0.1").start()
    wait_for(lambda: one.count() > 0, "videos")
    proxy = Proxy(tmp_path, one.port)
    try:
        wait_for(lambda: proxy.ask("/ping")[0] == 200, "the proxy")
        yield proxy, one
    finally:
        proxy.close()


def test_https_in_front(public):
    proxy, one = public
    status, version, headers, page = proxy.ask("/")
    assert (status, version) == (200, "HTTP/2")
    assert headers["strict-transport-security"].startswith("max-age=") and "default-src 'none'" in headers["content-security-policy"]
    assert "http://" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)

    # http leads to https, with path and parameters, and shows nothing else.
    status, _, headers, _ = proxy.ask("/api/videos?query=a%20b", scheme="http")
    assert (status, headers["location"]) == (301, f"https://{NAME}/api/videos?query=a%20b")

    # Links are the public ones, whatever the client says.
    lies = ["-H", "X-Forwarded-Proto: http", "-H", "X-Forwarded-Host: evil.example", "-H", "X-Forwarded-For: 192.0.2.1"]
    status, _, _, feed = proxy.ask("/feeds/videos.atom", *lies)
    links = [link.get("href") for link in ElementTree.fromstring(feed).iter("{http://www.w3.org/2005/Atom}link")]
    assert status == 200 and links and all(link.startswith("https://") for link in links)
    assert any(link.startswith(f"https://{NAME}/") for link in links) and "evil.example" not in feed

    # The session's cookie is one of https.
    token = (one.data / "admin-token").read_text().strip()
    status, _, headers, _ = proxy.ask("/login", "--data-urlencode", f"token={token}", "-H", f"Origin: https://{NAME}")
    assert status == 303 and "secure" in headers["set-cookie"].lower(), headers


def test_an_address_that_the_client_makes_up_has_no_limit_of_its_own(public):
    proxy, _ = public
    guess = lambda n: proxy.ask("/login", "--data", "token=wrong", "-H", f"X-Forwarded-For: 192.0.2.{n}")[0]
    assert any(guess(n) == 429 for n in range(100))
