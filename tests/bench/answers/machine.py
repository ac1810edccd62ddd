"""Programs under load: nginx with the project's own site, newsreel-web, the floor, wrk, and what the kernel counts of them."""
import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = ROOT / "build" / (ROOT / "build" / "engines").read_text().strip() / "tests" / "bench" / "answers"
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_S = 30
THREADS = 8
MANY = 1000000


def fail(words):
    raise SystemExit(f"bench: {words}")


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            fail(f"{what}: not within {PATIENCE_S} s")
        time.sleep(0.02)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(port, path, headers=None):
    """Status, headers and body of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


class Program:
    """A program that runs until close()."""

    beside = None  # what works for it, with cpu_s()

    def __init__(self, *command, folder, **environment):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSREEL_", "YOUTUBE_"))}
        self.log = Path(folder) / (Path(command[0]).name + ".log")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, cwd=folder, env={**kept, **environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def close(self, sign=signal.SIGTERM):
        self.process.send_signal(sign)
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_s(self):
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / TICKS + (self.beside.cpu_s() if self.beside else 0)

    def memory_mb(self, field="VmRSS"):
        line = re.search(rf"^{field}:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text(), re.M)
        return int(line.group(1)) / 1024


def web(data, sock, **environment):
    """newsreel-web on the record in the folder DATA."""
    program = Program(ROOT / "build" / "newsreel-web", "--socket", sock, folder=data, NEWSREEL_DATA=str(data), NEWSREEL_LOG="error",
                      NEWSREEL_THREADS=str(THREADS), **environment)
    wait_for(lambda: Path(sock).exists() or program.process.poll() is not None, "newsreel-web")
    return program


def floor(folder, sock):
    program = Program(PROGRAMS / "floor", sock, str(THREADS), folder=folder)
    wait_for(lambda: Path(sock).exists() or program.process.poll() is not None, "the floor")
    return program


class Nginx(Program):
    """The site as nginx/start runs it, before the socket SOCK, without limits on requests; with its cache only if CACHE."""

    def __init__(self, folder, sock, cache=False):
        folder = Path(folder)
        folder.mkdir()
        self.port = free_port()
        self.fill(folder, sock, cache)
        os.symlink(ROOT / "build" / "www", folder / "www")
        super().__init__("/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf", folder=folder)
        wait_for(self.answers, f"nginx (see {self.log})")

    def fill(self, folder, sock, cache):
        site = (ROOT / "nginx" / "site.conf.in").read_text()
        for word, value in {"LISTEN": f"127.0.0.1:{self.port}", "EXTRA": "site-*.conf", "SOCKET": str(sock), "WWW": "www", "CACHE": "cache"}.items():
            site = site.replace(f"@{word}@", value)
        if left := re.search(r"@[A-Z]+@", site):
            fail(f"nginx/site.conf.in has {left.group()}, which this benchmark does not fill in")
        site = re.sub(r"\brate=\d+r/[sm]", f"rate={MANY}r/s", site)
        site = re.sub(r"\bburst=\d+", f"burst={MANY}", site)
        site = re.sub(r"(limit_conn newsreel_\w+) \d+;", r"\1 65535;", site)
        if not cache:
            site = re.sub(r"\bfastcgi_cache (?!off;)[^;]+;", "fastcgi_cache off;", site)
        main = (ROOT / "nginx" / "nginx.conf.in").read_text().replace("@USER@", "user root;" if os.geteuid() == 0 else "").replace("@ACCESS_LOG@", "off")
        (folder / "site.conf").write_text(site)
        (folder / "nginx.conf").write_text(main)

    def answers(self):
        if self.process.poll() is not None:
            fail(f"nginx ended:\n{self.log.read_text()}")
        try:
            get(self.port, "/static/")
            return True
        except OSError:
            return False

    def close(self, sign=signal.SIGTERM):
        super().close(sign)


UNITS_MS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}


def latency(text, percentile):
    value, unit = re.search(rf"^\s+{percentile}%\s+([\d.]+)(us|ms|s|m)", text, re.M).groups()
    return float(value) * UNITS_MS[unit]


def count(text, pattern):
    found = re.search(pattern, text)
    return sum(int(n) for n in found.groups()) if found else 0


def wrk(port, path, seconds, program, connections=32, headers=None):
    """One run; PROGRAM's CPU time is divided by the requests."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    before = program.cpu_s()
    text = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True).stdout
    used = program.cpu_s() - before
    requests = count(text, r"(\d+) requests in")
    return {
        "per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)),
        "p50_ms": latency(text, 50),
        "p99_ms": latency(text, 99),
        "cpu_us": used * 1e6 / max(requests, 1),
        "requests": requests,
        "errors": count(text, r"Non-2xx or 3xx responses: (\d+)")
        + count(text, r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)"),
    }


def median_of(runs):
    """The median of each figure; errors are added up."""
    figures = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    figures["errors"] = sum(run["errors"] for run in runs)
    return figures
