"""The whole of newsreel as a user starts it, in a folder of its own, and a stand-in for YouTube: for the tests beside this file."""
import contextlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
START = ROOT / "nginx" / "start"
FETCH = ROOT / "build" / "newsreel-fetch"
WEB = ROOT / "build" / "newsreel-web"
SIM = ROOT / "build" / "newsreel-sim"
KEY = "AIzaSy-the-good-key-of-the-tests-0000001"
PATIENCE_S = 60  # nothing here depends on speed: only a fault takes this long


def wait_for(condition, what, seconds=PATIENCE_S):
    """Returns the first true value of condition()."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.05)


held_ports = []


def free_port():
    """A port that nobody else takes before we listen on it: the system hands out others, and tests that run beside us find the UDP port of
    the same number taken, which is held as long as this process runs."""
    above = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(10000, max(above, 20000))
        held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            held.bind(("127.0.0.1", port))
            with socket.socket() as s:
                s.bind(("127.0.0.1", port))
        except OSError:
            held.close()
            continue
        held_ports.append(held)
        return port


def process_arguments(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def clean_environment(**more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSREEL_", "YOUTUBE_"))}
    return {**kept, **more}


def listen_to_signals():
    """A shell starts background programs with INT ignored, nohup with HUP, and that would be inherited."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Answer:
    """What the tests read of an answer, as requests has it."""

    def __init__(self, status_code, headers, body):
        self.status_code, self.headers, self.body = status_code, headers, body

    def json(self):
        return json.loads(self.body)


class YouTube:
    """newsreel-sim in YouTube's place."""

    def __init__(self, *options):
        self.folder = Path(tempfile.mkdtemp(prefix="newsreel-youtube-", dir="/tmp"))
        port_file = self.folder / "port"
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [SIM, "--port", "0", "--port-file", port_file, "--key", f"{KEY}:7:100000:100000", "--rate", "6000", "--lag", "0.1", *options],
                stdout=log, stderr=log, cwd=self.folder, env=clean_environment())
        wait_for(lambda: port_file.exists() and port_file.read_text().strip(), "the port of newsreel-sim")
        self.base = f"http://127.0.0.1:{port_file.read_text().strip()}"
        self.url = self.base + "/youtube/v3"

    def fault(self, kind, count):
        requests.post(f"{self.base}/control/fault?kind={kind}&count={count}", timeout=PATIENCE_S).raise_for_status()

    def calls(self):
        return requests.get(f"{self.base}/control/calls", timeout=PATIENCE_S).json()

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)


class Newsreel:
    """One nginx/start with a data folder, a port and a folder for temporary files of its own."""

    def __init__(self, youtube=None, dotenv=None, **variables):
        self.folder = Path(tempfile.mkdtemp(prefix="newsreel-test-", dir="/tmp"))
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.data = self.folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.variables = {
            "NEWSREEL_LISTEN": f"127.0.0.1:{self.port}",
            "NEWSREEL_INTERVAL": "5",
            "NEWSREEL_SEARCHES_PER_DAY": "100000",
            "NEWSREEL_UNITS_PER_DAY": "100000",
            "YOUTUBE_API_URL": youtube.url if youtube else "http://127.0.0.1:1/youtube/v3",
            **variables,
        }
        if dotenv is not None:
            self.write_dotenv(dotenv)
        self.script = START
        self.process = None
        self.session = requests.Session()
        self.session.headers["Connection"] = "close"  # a kept connection may be closed by nginx just when it is used

    # ---- processes ----

    def environment(self, **more):
        return clean_environment(TMPDIR=str(self.temporary), **{**self.variables, **more})

    def install(self, built=ROOT / "build"):
        """A copy of the programs of its own, as `make install` lays it out, so that they can be replaced. Returns their folder."""
        programs, share = self.folder / "usr" / "bin", self.folder / "usr" / "share" / "newsreel"
        programs.mkdir(parents=True)
        share.mkdir(parents=True)
        for program in (WEB, FETCH, SIM):
            shutil.copy(built / program.name, programs)
        for file in ("start", "nginx.conf.in", "site.conf.in"):
            shutil.copy(ROOT / "nginx" / file, share)
        shutil.copytree(ROOT / "build" / "www", share / "www")
        self.script = share / "start"
        return programs

    def start(self, ready="/readyz"):
        greeting = "running at http"
        with open(self.folder / "log", "ab") as log:
            greeted = self.log().count(greeting)
            self.process = subprocess.Popen([self.script], cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, preexec_fn=listen_to_signals)
        if ready:
            # Programs that a killed start has left may answer too.
            wait_for(lambda: self.alive() and self.log().count(greeting) > greeted and self.answers(ready), f"{ready} of {self.url}")
        return self

    @contextlib.contextmanager
    def still(self):
        """Nothing is recorded meanwhile, and what dies is not started again: the script is stopped, and its tick has ended."""
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            wait_for(lambda: set(self.processes("nginx/start|newsreel-fetch")) == {self.process.pid}, "the end of the tick")
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)

    def run_folder(self):
        return self.data / "newsreel.run"

    def alive(self):
        assert self.process.poll() is None, f"nginx/start ended:\n{self.log()}"
        return True

    def end(self, signal_number=signal.SIGTERM):
        """As Ctrl-C does it, the signal goes to the whole foreground group. Returns the exit status."""
        os.killpg(self.process.pid, signal_number)
        return self.process.wait(3 * PATIENCE_S)

    def processes(self, pattern=""):
        """What runs in our folder, by process id."""
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.path.samefile(entry / "cwd", self.folder):
                    found[int(entry.name)] = process_arguments(entry.name)
            except OSError:
                continue
        return {pid: words for pid, words in found.items() if words and re.search(pattern, words)}

    def the_process(self, pattern):
        return wait_for(lambda: self.processes(pattern), f"a process '{pattern}'").popitem()[0]

    def fetch(self, *options, **variables):
        """Runs newsreel-fetch beside what runs already."""
        return subprocess.run([FETCH, *options], cwd=self.folder, env=self.environment(**variables), capture_output=True, text=True,
                              timeout=30 * PATIENCE_S, check=False)

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def close(self):
        try:
            if self.process and self.process.poll() is None:
                self.end()
        finally:
            for pid in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            wait_for(lambda: not self.processes(), "the end of every process")
            shutil.rmtree(self.folder)

    # ---- what a user does ----

    def write_dotenv(self, text):
        (self.folder / ".env").write_text(text)

    def answers(self, path):
        try:
            return self.session.get(self.url + path, timeout=PATIENCE_S).status_code == 200
        except requests.RequestException:
            return False

    def is_demo(self):
        """None while there is no record to say so."""
        try:
            return self.get("/healthz").json().get("demo")
        except requests.RequestException:
            return None

    def get(self, path, headers=(), **options):
        """Past nginx's cache, so that what was just done is seen: what comes with a session, be it an old one, is not kept."""
        old = {} if self.session.cookies else {"Cookie": "newsreel_session=old"}
        return self.session.get(self.url + path, timeout=PATIENCE_S, headers={**old, **dict(headers)}, **options)

    def get_kept(self, path, **options):
        """From nginx's cache, if it has it."""
        return self.session.get(self.url + path, timeout=PATIENCE_S, **options)

    def known(self, path, get=None):
        """What is answered to who has the answer already. What is recorded in between makes it another one."""
        get = get or self.get
        known = lambda: get(path, headers={"If-None-Match": get(path).headers["ETag"]})
        return wait_for(lambda: next((a for a in [known()] if a.status_code == 304), None), f"304 for {path}")

    def refused(self, method, path, body="", count=40, headers=lambda n: {}):
        """The answer with status 429 to one of COUNT requests, the n-th with headers(n). All are sent before the first answer is read, as
        fast as nginx counts them also on a slow machine."""
        with contextlib.ExitStack() as stack:
            connections = [stack.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)) for _ in range(count)]
            for n, connection in enumerate(connections):
                lines = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", "Content-Length": len(body),
                         "Content-Type": "application/x-www-form-urlencoded", **headers(n)}
                head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
                connection.sendall((head + "\r\n" + body).encode())
            answers = [stack.enter_context(http.client.HTTPResponse(connection)) for connection in connections]
            for answer in answers:
                answer.begin()
                if answer.status == 429:
                    return Answer(answer.status, answer.headers, answer.read())
        raise AssertionError("none was refused")

    def raw(self, request):
        """The first line of the answer to bytes that a well-behaved client would not send; "" when there is none."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as s:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # refused before all was sent
                s.sendall(request)
            return s.makefile("rb").readline().decode().strip()

    def videos(self, **parameters):
        answer = self.get("/api/videos", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def count(self):
        return self.videos(page_size=1)["count"]

    def all_ids(self):
        ids, page = set(), 1
        while True:
            results = self.videos(page_size=100, page_number=page)["results"]
            if not results:
                return ids
            ids |= {video["id"] for video in results}
            page += 1

    def authorization(self):
        return {"Authorization": "Bearer " + (self.data / "admin-token").read_text().strip()}

    def change(self, method, path, **body):
        return self.session.request(method, self.url + path, json=body or None, headers=self.authorization(), timeout=PATIENCE_S)

    def queries(self):
        return {query["query"]: query for query in self.get("/api/queries").json()["results"]}

    def next_tick(self):
        """Waits until a tick that has not begun yet has ended."""
        for _ in range(2):
            last = self.get("/healthz").json()["last_run_at"]
            wait_for(lambda: self.get("/healthz").json()["last_run_at"] != last, "the next tick")


def ndjson(*videos):
    return "".join(json.dumps(video) + "\n" for video in videos)


def made_up_video(number, title, **more):
    """A line for --import; a higher number is newer."""
    return {"id": f"test{number:07d}", "title": title, "description": f"Made for the tests, number {number}.",
            "published_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600 + number)),
            "channel_id": f"UC{number:022d}", "channel_title": "Test channel", **more}
