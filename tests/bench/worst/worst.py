"""The requests that cost newsreel-web the most, found among random combinations of all parameters, and what a second reader sees beside 32
clients of each.

usage: worst.py OUTPUT.json
BENCH_VIDEOS, BENCH_SECONDS; BENCH_SEED (else a new one, which is printed), BENCH_REQUESTS (400) combinations; BENCH_RECORD, a folder for
the record: one that is there is measured again, which saves the import, and none is removed.
"""
import json
import os
import random
import shutil
import signal
import statistics
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "answers"))
from large import Web, make_record, say  # noqa: E402
from machine import ROOT, get, wrk  # noqa: E402

WORST, CLIENTS, FACTOR_FROM = 10, 32, 2000000
API_MS, PAGE_MS, P99_MS = 150, 250, 250


def setting(name, default):
    return int(os.environ.get(name) or default)


class Requests:
    """Random ones."""

    def __init__(self, web, seed):
        self.random = random.Random(seed)
        self.words = web.read("SELECT term FROM word ORDER BY videos DESC LIMIT 60")
        self.channels = web.read("SELECT youtube_id FROM channel ORDER BY videos DESC LIMIT 3")

    def text(self):
        some = lambda count: self.random.sample(self.words, count)
        kind = self.random.randrange(10)
        word = some(1)[0]
        return [word, word + " ", word[:2], word[:1], " ".join(some(2)) + " ", '"' + " ".join(some(4)) + '"', " ".join(self.words),
                f"{word} -{some(1)[0]} ", " OR ".join(some(3)), " OR ".join(f'"{" ".join(some(2))}"' for _ in range(2))][kind]

    def values(self):
        r = self.random
        yield "query", lambda: self.text(), 0.6
        yield "tracked", lambda: 1, 0.2
        yield "channel", lambda: r.choice(self.channels), 0.1
        yield "kind", lambda: r.choice(["video", "live", "upcoming", "was_live"]), 0.3
        yield "min_duration", lambda: r.choice([1, 60, 241, 600, 1201, 13201, 36000]), 0.4
        yield "published_after", lambda: f"{r.randrange(2022, 2026)}-01-01", 0.2

    def one(self):
        r = self.random
        path = r.choice(["/api/videos", "/", "/feeds/videos.atom", "/api/stats/volume"])
        parameters = {name: value() for name, value, chance in self.values() if r.random() < chance}
        if path == "/api/stats/volume":
            parameters["bucket"] = r.choice(["hour", "day", "month"])
        else:
            sorts = ["newest", "oldest", "views", "title"] + ["relevance"] * ("query" in parameters)
            parameters["sort"] = r.choice(sorts)
            parameters["page_number"] = r.choice([1, 1, 2, 50, 1000, 40000])
            if r.random() < 0.3:
                parameters["count"] = "exact"
            if r.random() < 0.3:
                parameters["page_size"] = 100
        return f"{path}?{urlencode(parameters)}"


class SecondReader(threading.Thread):
    """Asks for the newest videos, one request after the other."""

    def __init__(self, port):
        super().__init__()
        self.port, self.times, self.failed, self.stopped = port, [], 0, False

    def run(self):
        while not self.stopped:
            started = time.monotonic()
            status, _, _ = get(self.port, "/api/videos")
            self.times.append((time.monotonic() - started) * 1000)
            self.failed += status != 200
            time.sleep(0.005)

    def figures(self):
        times = sorted(self.times)
        return len(times), statistics.median(times), times[len(times) * 99 // 100], self.failed


def beside(web, path, seconds):
    reader = SecondReader(web.port)
    reader.start()
    clients = wrk(web.port, path, seconds, web.program, connections=CLIENTS)
    reader.stopped = True
    reader.join()
    return clients, reader.figures()


def measure(web, count, seconds, seed, total):
    factor = 2 if count > FACTOR_FROM else 1
    requests = Requests(web, seed)
    say(f"{total} requests, seed {seed}")
    costs = {path: web.cost(path)[:2] for path in (requests.one() for _ in range(total))}
    worst = sorted(costs, key=lambda path: -costs[path][0])[:WORST]
    rows, targets = [], []
    for path in worst:
        say(f"{CLIENTS} clients of {path[:100]}")
        clients, (answers, p50, p99, failed) = beside(web, path, seconds)
        cpu, status = costs[path]
        rows.append([path[:160], status, cpu, clients["per_second"], clients["errors"], answers, p50, p99, failed])
        targets.append(("the second reader's p99 beside " + path[:60], p99, P99_MS))
    for name, limit, of in (("CPU of an API request or feed", API_MS, lambda path: path[1] in "af"), ("CPU of a page", PAGE_MS, lambda path: path[1] == "?")):
        targets.insert(0, (name, max((cost for path, (cost, _) in costs.items() if of(path)), default=0), limit * factor))
    return {"part": "worst",
            "settings": {"videos": count, "seconds a run": seconds, "requests": total, "seed": seed},
            "tables": [{"title": f"The {WORST} most expensive requests; {CLIENTS} clients of each, and a second reader of the newest videos",
                        "columns": ["request", "status", "CPU ms", "requests/s", "refused", "second reader", "p50 ms", "p99 ms", "failed"], "rows": rows}],
            "targets": [{"what": what, "measured": measured, "target": f"at most {limit} ms", "met": measured <= limit} for what, measured, limit in targets]}


def main(output):
    work = ROOT / "build" / "bench" / "worst"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    count, seconds = setting("BENCH_VIDEOS", 1000000), setting("BENCH_SECONDS", 2)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        record = Path(os.environ.get("BENCH_RECORD") or work)
        if not (record / "newsreel.db").exists():
            make_record(record, count, {"rocket launch": 3})
        web = Web(work, record, stack)
        seed = setting("BENCH_SEED", random.randrange(1 << 32))
        result = measure(web, count, seconds, seed, setting("BENCH_REQUESTS", 400))
    Path(output).write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


main(sys.argv[1])
