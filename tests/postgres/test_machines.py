"""Two machines with nginx, newsreel-web and newsreel-fetch, an nginx before them, and two servers of PostgreSQL: one after the other dies."""
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

import newsreel as harness  # noqa: E402
from cluster import Server  # noqa: E402
from newsreel import KEY, PATIENCE_S, Newsreel, YouTube, free_port, wait_for  # noqa: E402

PROGRAMS = harness.ROOT / "build" / "release-postgres"
harness.SIM = PROGRAMS / "newsreel-sim"
TOKEN = "the-token-of-all-machines-of-the-tests"
QUERIES = "rocket launch;lofi beats"


class Machine(Newsreel):
    """One with an address, an nginx, a newsreel-web and a newsreel-fetch of its own, which knows the servers of the database by name only."""

    def __init__(self, address, youtube, **variables):
        super().__init__(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_ADMIN_TOKEN=TOKEN, NEWSREEL_QUERIES=QUERIES, **variables)
        self.url = f"http://{address}:{self.port}"
        self.variables["NEWSREEL_LISTEN"] = f"{address}:{self.port}"
        self.install(PROGRAMS)

    def kill(self):
        """As if somebody pulled the plug."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not self.processes(), "the end of the machine")


class Front:
    """The nginx that visitors reach. A read that one machine does not answer goes to the other, however often the other has failed before."""

    CONFIGURATION = """
{user} daemon off; pid nginx.pid; error_log stderr crit; events {{}}
http {{
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    upstream machines {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://machines; proxy_next_upstream error timeout http_502 http_503 http_504; }}
    }}
}}
"""

    def __init__(self, folder, machines):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        servers = " ".join(f"server {one.url.removeprefix('http://')} max_fails=0;" for one in machines)
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(self.CONFIGURATION.format(user=user, servers=servers, port=self.port))
        self.process = subprocess.Popen(["nginx", "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"],
                                        env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"})

    def close(self):
        self.process.terminate()
        self.process.wait(PATIENCE_S)


class Visitor(threading.Thread):
    """Asks for the newest videos again and again, within the limit of requests a second, and notes every answer that is not one."""

    def __init__(self, url):
        super().__init__()
        self.url, self.answers, self.failures, self.over = url, 0, [], threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(1 / 25):
            try:
                answer = requests.get(f"{self.url}/api/videos?page_size=5", headers={"Connection": "close"}, timeout=PATIENCE_S)
                if answer.status_code == 200 and answer.json()["count"]:
                    self.answers += 1
                else:
                    self.failures.append(f"{answer.status_code} {answer.text[:200]}")
            except requests.RequestException as failure:
                self.failures.append(str(failure))

    def goes_on(self):
        enough = self.answers + 50
        wait_for(lambda: self.answers > enough or self.failures, "answers")

    def end(self):
        self.over.set()
        self.join()


class Owner:
    """Tracks queries, and remembers those that were confirmed."""

    def __init__(self, url):
        self.url, self.confirmed, self.number = url, set(), 0

    def track(self):
        """Whether one more was confirmed."""
        self.number += 1
        text = f"written {self.number}"
        try:
            answer = requests.post(f"{self.url}/api/queries", json={"query": text}, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=PATIENCE_S)
        except requests.RequestException:
            return False
        if answer.status_code != 201:
            return False
        self.confirmed.add(text)
        return True

    def lost(self):
        known = {query["query"] for query in requests.get(f"{self.url}/api/queries?page_size=100", timeout=PATIENCE_S).json()["results"]}
        return self.confirmed - known


@pytest.fixture
def closing():
    things = []
    yield lambda thing: things.append(thing) or thing
    for thing in reversed(things):
        thing.close()


def url_of(*servers, writes):
    names = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    return f"postgresql://postgres@{names}/postgres?connect_timeout=3&target_session_attrs={'read-write' if writes else 'any'}"


def runs_of(machine):
    return machine.log().count("msg=run ")


def spent(machine):
    """The searches of today that the record has as charged."""
    status = requests.get(f"{machine.url}/api/status", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=PATIENCE_S).json()
    return sum(project["searches"]["used"] for project in status["projects"])


def wait_for_a_run(machines):
    """One of them does what was not begun before."""
    before = sum(map(runs_of, machines))
    wait_for(lambda: sum(map(runs_of, machines)) > before + 1, "a run")


def test_each_may_die(closing, tmp_path):
    """Readers see nothing of it, writes come back, what was confirmed stays, and no call to YouTube is forgotten."""
    primary = closing(Server("first", free_port()))
    replica = closing(Server("second", free_port(), primary))
    primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.query("SELECT pg_reload_conf()")
    youtube = closing(YouTube())
    variables = {"NEWSREEL_DATABASE": url_of(primary, replica, writes=True), "NEWSREEL_DATABASE_READ": url_of(replica, primary, writes=False)}
    machines = [closing(Machine(address, youtube, **variables)) for address in ("127.0.0.11", "127.0.0.12")]
    for machine in machines:
        machine.start()
    front = closing(Front(tmp_path, machines))
    wait_for(lambda: machines[0].count() >= 50, "the first videos")

    visitor, owner = Visitor(front.url), Owner(front.url)
    try:
        wait_for(owner.track, "a write")
        for one, other in (machines, machines[::-1]):
            one.kill()
            wait_for_a_run([other])
            wait_for(owner.track, "a write")
            one.start()
        for machine, program in zip(machines, ("newsreel-web", "^nginx: master")):
            old = machine.the_process(program)
            os.kill(old, signal.SIGKILL)
            wait_for(lambda: old not in machine.processes() and machine.answers("/readyz"), f"another {program}")
        wait_for_a_run(machines)

        primary.kill()
        visitor.goes_on()
        begun = time.monotonic()
        replica.promote()
        wait_for(owner.track, "a write after the promotion")
        print(f"writes were back {time.monotonic() - begun:.1f} s after the promotion")
        wait_for_a_run(machines)
    finally:
        visitor.end()
    assert not visitor.failures
    assert not owner.lost()
    called = sum(project["searches"]["used"] for project in youtube.calls()["projects"])
    assert spent(machines[0]) >= called
    print(f"{visitor.answers} reads, {len(owner.confirmed)} writes")
