"""The whole of newsreel as a user starts it, in a folder of its own, and a stand-in for YouTube: for the tests beside this file."""
import json
import os
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


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def process_arguments(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def clean_environment(**more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSREEL_", "YOUTUBE_"))}
    return {**kept, **more}


def listen_to_signals():
    """A shell starts background programs with INT ignored, and that would be inherited."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class YouTube:
    """newsreel-sim in YouTube's place."""

    def __init__(self, *options):
        self.folder = Path(tempfile.mkdtemp(prefix="newsreel-youtube-", dir="/tmp"))
        port_file = self.folder / "port"
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [SIM, "--port", "0", "--port-file", port_file, "--key", f"{KEY}:7:100000:100000", "--rate", "20000", "--lag", "0.1", *options],
                stdout=log, stderr=log, cwd=self.folder, env=clean_environment())
        wait_for(lambda: port_file.exists() and port_file.read_text().strip(), "the port of newsreel-sim")
        self.base = f"http://127.0.0.1:{port_file.read_text().strip()}"
        self.url = self.base + "/youtube/v3"

    def fault(self, kind, count):
        requests.post(f"{self.base}/control/fault?kind={kind}&count={count}", timeout=10).raise_for_status()

    def calls(self):
        return requests.get(f"{self.base}/control/calls", timeout=10).json()

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
        self.process = None
        self.session = requests.Session()

    # ---- processes ----

    def environment(self, **more):
        return clean_environment(TMPDIR=str(self.temporary), **{**self.variables, **more})

    def start(self, ready="/readyz"):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([START], cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, preexec_fn=listen_to_signals)
        if ready:
            wait_for(lambda: self.alive() and self.answers(ready), f"{ready} of {self.url}")
        return self

    def alive(self):
        assert self.process.poll() is None, f"nginx/start ended:\n{self.log()}"
        return True

    def end(self, signal_number=signal.SIGTERM):
        """As Ctrl-C does it, the signal goes to the whole foreground group. Returns the exit status."""
        os.killpg(self.process.pid, signal_number)
        return self.process.wait(PATIENCE_S)

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
                              timeout=5 * PATIENCE_S, check=False)

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def close(self):
        if self.process and self.process.poll() is None:
            self.end()
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder)

    # ---- what a user does ----

    def write_dotenv(self, text):
        (self.folder / ".env").write_text(text)

    def answers(self, path):
        try:
            return self.session.get(self.url + path, timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def get(self, path, headers=(), **options):
        """Past nginx's cache, so that what was just done is seen."""
        return self.session.get(self.url + path, timeout=10, headers={"Cache-Control": "no-cache", **dict(headers)}, **options)

    def get_kept(self, path, **options):
        """From nginx's cache, if it has it."""
        return self.session.get(self.url + path, timeout=10, **options)

    def raw(self, request, patience_s=10):
        """The first line of the answer to bytes that a well-behaved client would not send; "" when there is none."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience_s) as s:
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
        return self.session.request(method, self.url + path, json=body or None, headers=self.authorization(), timeout=10)

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
