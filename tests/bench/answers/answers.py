#!/usr/bin/python3
"""The benchmark of answers: how fast newsreel-web answers through nginx, beside a bare FastCGI program that gives as many bytes, with a
small and a large record, and how fast records are written. All runs are short and interleaved; figures are medians.

usage: answers.py OUTPUT, with BENCH_VIDEOS, BENCH_SECONDS, BENCH_ROUNDS and ENGINE (sqlite or postgres) in the environment
"""
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import machine
from engines import Postgres, Sqlite
from kinds import FOUND_EVERY, QUERY, check, kinds
from machine import PROGRAMS, ROOT, Nginx, Program, fail, get, median_of, wrk

CORPUS = ROOT.parent / "shared" / "youtube" / "corpus.ndjson.gz"
VIDEOS_A_TRANSACTION = 50
PAUSE_MS = 100
HOT_ROUNDS = 3
CROWD = 256
TURNS = 5
TURN_TRANSACTIONS = 20


def setting(name, default):
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or int(text) < 1:
        fail(f"{name}={text}: a whole number from 1 is allowed")
    return int(text)


def say(words):
    print(f"bench: {time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, **options)


def timed(*command, **options):
    started = time.monotonic()
    run(*command, **options)
    return time.monotonic() - started


def children_cpu_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Results:
    """Tables and targets, as report.py wants them."""

    def __init__(self, settings):
        self.part = {"part": "answers", "settings": settings, "tables": [], "targets": []}

    def table(self, title, columns, rows):
        self.part["tables"].append({"title": title, "columns": columns, "rows": rows})

    def at_least(self, what, measured, limit, unit):
        self.target(what, measured, f"at least {limit:g} {unit}", measured is not None and measured >= limit)

    def at_most(self, what, measured, limit, unit):
        self.target(what, measured, f"at most {limit:g} {unit}", measured is not None and measured <= limit)

    def target(self, what, measured, target, met):
        self.part["targets"].append({"what": what, "measured": measured, "target": target, "met": met if measured is not None else None})

    def write(self, path):
        Path(path).write_text(json.dumps(self.part, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


class Record:
    """A record of COUNT videos in a folder of its own: imported into SQLite, then taken over by ENGINE."""

    def __init__(self, folder, count, engine):
        self.folder, self.count, self.engine = folder / f"{count}", count, engine
        self.folder.mkdir(parents=True)
        self.file, self.ndjson, self.csv = (self.folder / name for name in ("newsreel.db", "videos.ndjson", "videos.csv"))
        self.make_videos(0, count)
        plain_before = self.plain_import_s()
        say(f"import of {count:,} videos")
        with open(self.folder / "import.log", "wb") as log:
            self.import_s = timed(ROOT / "build" / "newsreel-fetch", "--import", self.ndjson, cwd=self.folder, stderr=log, stdout=log,
                                  env={**os.environ, "NEWSREEL_DATA": str(self.folder)})
        self.plain_s = (plain_before + self.plain_import_s()) / 2  # a machine is never as quiet as the minute before
        run(PROGRAMS / "writer", "found", self.file, self.ndjson, QUERY, FOUND_EVERY)
        say(f"{count:,} videos for {engine.name}")
        self.database = engine.take(self.file)
        self.environment = engine.environment(self.database)

    def make_videos(self, first, count):
        corpus = CORPUS if CORPUS.exists() else "-"
        run(PROGRAMS / "videos", corpus, self.count, first, count, self.ndjson, self.csv)

    def plain_import_s(self):
        """The sqlite3 shell's .import of the same rows into a table without an index."""
        database = self.folder / "plain.db"
        run("sqlite3", database, "CREATE TABLE video (id, title, description, published_at, channel_id, channel_title, thumbnail_url)")
        seconds = timed("sqlite3", database, f".import --csv {self.csv} video")
        database.unlink()
        return seconds

    def largest_channel(self):
        return self.engine.read(self.database, "SELECT youtube_id FROM channel ORDER BY videos DESC LIMIT 1")

    def segments(self):
        """Of SQLite's full-text index."""
        return int(self.engine.read(self.database, "SELECT count(DISTINCT segid) FROM video_fts_idx"))

    def web(self, sock):
        program = machine.web(self.folder, sock, **self.environment)
        program.beside = self.engine
        return program


class Bench:
    def __init__(self, work, stack):
        self.work, self.stack = work, stack
        self.videos, self.seconds, self.rounds = setting("BENCH_VIDEOS", 1000000), setting("BENCH_SECONDS", 2), setting("BENCH_ROUNDS", 5)
        self.engine = self.make_engine(os.environ.get("ENGINE") or Sqlite.name)
        self.small_count = min(self.engine.small_count, max(self.videos // 10, 100))
        self.results = Results({"engine": self.engine.name, "videos": self.videos, "seconds a run": self.seconds, "rounds": self.rounds,
                                "texts": "corpus" if CORPUS.exists() else "invented"})
        self.records, self.sites, self.programs = {}, {}, {}

    def make_engine(self, name):
        if name not in (Sqlite.name, Postgres.name):
            fail(f"ENGINE={name}: sqlite and postgres are allowed")
        engine = Postgres(self.work / "postgres") if name == Postgres.name else Sqlite()
        self.stack.callback(engine.close)
        return engine

    def serve(self, name, program, sock):
        self.programs[name] = program
        self.stack.callback(program.close)
        self.sites[name] = Nginx(self.work / f"nginx-{name}", sock)
        self.stack.callback(self.sites[name].close)

    def start(self):
        self.results.part["settings"]["small database"] = self.small_count
        for name, count in (("small", self.small_count), ("large", self.videos)):
            self.records[name] = Record(self.work, count, self.engine)
        for name, record in self.records.items():
            sock = self.work / f"{name}.sock"
            self.serve(name, record.web(sock), sock)
        self.serve("floor", machine.floor(self.work, self.work / "floor.sock"), self.work / "floor.sock")

    # ---- writing in bulk ----

    def imports(self):
        record = self.records["large"]
        plain = record.plain_s
        self.results.table("Import", ["what", "seconds", "videos/s"], [
            [f"newsreel-fetch --import of {record.count:,} videos", record.import_s, record.count / record.import_s],
            ["the sqlite3 shell's .import of the same rows", plain, record.count / plain]])
        self.results.at_most("import", record.import_s / plain, 25, "x the sqlite3 shell")

    # ---- one kind beside the other ----

    def plan(self):
        """Per kind and record where to send what; kinds that cannot be answered have a reason."""
        wanted = {name: kinds(self.sites[name].port, self.records[name].largest_channel()) for name in self.records}
        self.kinds = wanted["large"]
        self.facts = {(kind.name, "large"): check(kind, self.sites["large"].port) for kind in self.kinds}
        self.runs_of = {}
        for small, large in zip(wanted["small"], wanted["large"]):
            if "reason" in self.facts[large.name, "large"]:
                continue
            self.runs_of[large.name, "large"] = ("large", large.path, large.headers)
            self.facts[small.name, "small"] = check(small, self.sites["small"].port)
            if "reason" not in self.facts[small.name, "small"]:
                self.runs_of[large.name, "small"] = ("small", small.path, small.headers)
        for name, kind in (("floor", "first page"), ("HTML floor", "HTML first page")):
            self.runs_of[name, "large"] = ("floor", f"/?bytes={self.facts[kind, 'large']['bytes']}", {})
        static = next((ROOT / "build" / "www" / "static").glob("style.*"))
        self.runs_of["nginx's static file", "large"] = ("floor", f"/static/{static.name}", {})

    def run_once(self, key):
        site, path, headers = self.runs_of[key]
        return wrk(self.sites[site].port, path, self.seconds, self.programs[site], headers=headers)

    def measure(self, keys, rounds):
        """Figures by key: medians."""
        runs = {key: [] for key in keys}
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}: {len(keys)} runs of {self.seconds} s")
            for key in keys:
                runs[key].append(self.run_once(key))
        return {key: median_of(of_key) for key, of_key in runs.items()}

    def measure_beside(self, kinds, rounds):
        """The same for kinds, each between two runs of what it is compared with, since a machine is never as quiet as the minute before.
        And by name the medians of their shares of that."""
        runs, shares = {key: [] for key in self.runs_of}, {kind.name: [] for kind in kinds}
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}: {len(kinds)} kinds, {self.seconds} s a run")
            for kind in kinds:
                base, large, small = (kind.base, "large"), (kind.name, "large"), (kind.name, "small")
                before = self.run_once(base)
                runs[large].append(self.run_once(large))
                after = self.run_once(base)
                runs[base] += [before, after]
                shares[kind.name].append(2 * runs[large][-1]["per_second"] / (before["per_second"] + after["per_second"]))
                if small in runs:
                    runs[small].append(self.run_once(small))
            for key, of_key in runs.items():
                if len(of_key) <= number:
                    of_key.append(self.run_once(key))
        return {key: median_of(of_key) for key, of_key in runs.items()}, {name: statistics.median(of_kind) for name, of_kind in shares.items()}

    def speed(self):
        self.plan()
        self.figures, self.shares = self.measure_beside([kind for kind in self.kinds if (kind.name, "large") in self.runs_of], self.rounds)
        rows = []
        for (name, size), f in self.figures.items():
            if size == "large":
                small = self.figures.get((name, "small"), {})
                rows.append([name, f["per_second"], f["p50_ms"], f["p99_ms"], f["cpu_us"], self.facts.get((name, size), {}).get("count"),
                             small.get("p50_ms"), small.get("cpu_us"), self.facts.get((name, "small"), {}).get("count"), f["errors"]])
        self.results.table(f"Requests through nginx, its cache off, 32 connections, {self.videos:,} videos",
                           ["what", "requests/s", "p50 ms", "p99 ms", "CPU us", "count", f"p50 ms at {self.small_count:,}", "CPU us", "count", "errors"], rows)
        for kind in self.kinds:
            self.judge(kind)

    def judge(self, kind):
        large, small = self.figures.get((kind.name, "large")), self.figures.get((kind.name, "small"))
        if not large:
            self.results.target(f"{kind.name} ({self.facts[kind.name, 'large']['reason']})", None, f"at least {kind.least:g} of the {kind.base}", None)
            return
        if self.engine.name == Postgres.name:
            self.judge_on_postgres(kind, large)
            return
        if kind.cpu_ms:
            self.results.at_most(f"{kind.name}: CPU", large["cpu_us"] / 1000, kind.cpu_ms, "ms")
            return
        self.results.at_least(kind.name, self.shares[kind.name], kind.least, f"of the {kind.base}")
        if small:
            growth = max(large["cpu_us"] / max(small["cpu_us"], 0.1), large["p50_ms"] / small["p50_ms"])
            self.results.at_most(f"{kind.name}: growth of CPU and p50", growth, kind.growth, f"x from {self.small_count:,} videos")

    def judge_on_postgres(self, kind, large):
        """What issue 18 asks of it: a server of its own takes its share of a machine."""
        if kind.base == "floor" or kind.name.startswith("cursor page"):
            self.results.at_least(kind.name, large["per_second"] / self.figures["floor", "large"]["per_second"], 0.35, "of the floor")
        elif kind.search:
            self.results.at_most(f"{kind.name}: p50", large["p50_ms"], 20, "ms")

    # ---- nginx's cache ----

    def hot(self):
        with ExitStack() as stack:
            sites = {name: Nginx(self.work / f"hot-{name}", self.work / f"{name}.sock", cache=True) for name in ("large", "floor")}
            for site in sites.values():
                stack.callback(site.close)
            paths = {"large": "/api/videos", "floor": f"/api/videos?bytes={self.facts['first page', 'large']['bytes']}"}
            runs = {name: [] for name in sites}
            say("nginx's cache")
            for _ in range(HOT_ROUNDS):
                for name, site in sites.items():
                    get(site.port, paths[name])
                    runs[name].append(wrk(site.port, paths[name], self.seconds, self.programs[name]))
        hot, bare = median_of(runs["large"]), median_of(runs["floor"])
        self.results.table("Hot in nginx's cache", ["what", "requests/s", "p50 ms", "p99 ms", "CPU us of the program"],
                           [["first page", hot["per_second"], hot["p50_ms"], hot["p99_ms"], hot["cpu_us"]],
                            ["the floor's bytes", bare["per_second"], bare["p50_ms"], bare["p99_ms"], bare["cpu_us"]]])
        self.results.at_least("hot in nginx's cache", hot["per_second"] / bare["per_second"], 0.9, "of the floor's bytes there")

    # ---- beside a writer ----

    def writer(self, transactions, pause_ms):
        record = self.records["large"]
        return Program(PROGRAMS / "writer", "save", record.database, record.ndjson, str(transactions), str(VIDEOS_A_TRANSACTION), str(pause_ms),
                       folder=self.work)

    def beside_a_writer(self):
        record, site, program = self.records["large"], self.sites["large"], self.programs["large"]
        transactions = self.rounds * (self.seconds + 1) * 1000 // PAUSE_MS
        record.make_videos(self.videos, transactions * VIDEOS_A_TRANSACTION)
        quiet, busy = [], []
        for number in range(self.rounds):
            say(f"the first page beside a writer, round {number + 1} of {self.rounds}")
            quiet.append(wrk(site.port, "/api/videos", self.seconds, program))
            writer = self.writer(transactions, PAUSE_MS)
            time.sleep(0.2)
            busy.append(wrk(site.port, "/api/videos", self.seconds, program))
            if writer.process.poll() not in (None, 0):
                fail(f"the writer failed, see {writer.log}")
            writer.close()
        quiet, busy = median_of(quiet), median_of(busy)
        self.results.table("First page beside a writer of 50 videos every 100 ms", ["what", "requests/s", "p50 ms", "p99 ms", "errors"],
                           [[name, f["per_second"], f["p50_ms"], f["p99_ms"], f["errors"]] for name, f in (("quiet", quiet), ("writer", busy))])
        self.results.at_most("p50 beside a writer", busy["p50_ms"] / quiet["p50_ms"], 1.5, "x the quiet one")
        self.results.at_most("errors beside a writer", busy["errors"], 0, "errors")

    # ---- many at a time ----

    def crowd(self):
        """On a fresh program, so that its memory tells of the crowd alone."""
        record, sock = self.records["large"], self.work / "crowd.sock"
        seconds = 30 * self.seconds
        self.programs["large"].close()  # one newsreel-web to a folder
        with ExitStack() as stack:
            program = record.web(sock)
            stack.callback(program.close)
            site = Nginx(self.work / "nginx-crowd", sock)
            stack.callback(site.close)
            get(site.port, "/api/videos")
            rest = program.memory_mb()
            say(f"{CROWD} connections for {seconds} s")
            figures = wrk(site.port, "/api/videos?query=official+video", seconds, program, connections=CROWD)
            peak = program.memory_mb("VmHWM")
        self.results.table(f"{CROWD} connections for {seconds} s, search for two words", ["requests/s", "p50 ms", "p99 ms", "errors", "MB at rest", "MB at most"],
                           [[figures["per_second"], figures["p50_ms"], figures["p99_ms"], figures["errors"], rest, peak]])
        self.results.at_most(f"errors under {CROWD} connections", figures["errors"], 0, "errors")
        self.results.at_most("memory of newsreel-web at rest", rest, 12, "MB")
        self.results.at_most(f"memory of newsreel-web under {CROWD} connections", peak, 40, "MB")
        self.programs["large"] = record.web(self.work / "large.sock")
        self.stack.callback(self.programs["large"].close)

    # ---- many transactions ----

    def transactions(self):
        record, count = self.records["large"], max(self.videos // 100, 200)
        say(f"{count:,} transactions of {VIDEOS_A_TRANSACTION} videos")
        record.make_videos(2 * self.videos, count * VIDEOS_A_TRANSACTION)
        said = run(PROGRAMS / "writer", "save", record.database, record.ndjson, count, VIDEOS_A_TRANSACTION, 0, capture_output=True, text=True).stdout
        times = [int(line) / 1000 for line in said.split()]
        first, last = statistics.median(times[:100]), statistics.median(times[-100:])
        segments = record.segments() if self.engine.name == Sqlite.name else None
        self.results.table(f"{count:,} transactions of {VIDEOS_A_TRANSACTION} videos", ["first 100, ms", "last 100, ms", "longest, ms", "FTS segments"],
                           [[first, last, max(times), segments]])
        self.results.at_most("a transaction, the last 100", last / first, 2, "x the first 100")
        if segments:
            self.results.at_most("FTS segments", segments, 29, "segments")
        names = [kind.name for kind in self.kinds if kind.search and (kind.name, "large") in self.runs_of]
        after = self.measure([(name, "large") for name in names], max(self.rounds // 2, 1))
        for name in names:
            self.results.at_most(f"{name}: p50 after the transactions", after[name, "large"]["p50_ms"] / self.figures[name, "large"]["p50_ms"], 2,
                                 "x the one before")


    def transactions_beside_sqlite(self):
        """The same into the database and into the file that it was copied from, by turns."""
        record = self.records["large"]
        engines = {"postgres": (self.engine, record.database), "sqlite": (Sqlite(), record.file)}
        times, cpu = {name: [] for name in engines}, dict.fromkeys(engines, 0)
        begin = 2 * self.videos + max(self.videos // 100, 200) * VIDEOS_A_TRANSACTION  # behind those of transactions()
        for number in range(TURNS):
            say(f"transactions by turns, {number + 1} of {TURNS}")
            record.make_videos(begin + number * TURN_TRANSACTIONS * VIDEOS_A_TRANSACTION, TURN_TRANSACTIONS * VIDEOS_A_TRANSACTION)
            for name, (engine, database) in engines.items():
                before = engine.cpu_s() + children_cpu_s()
                said = run(PROGRAMS / "writer", "save", database, record.ndjson, TURN_TRANSACTIONS, VIDEOS_A_TRANSACTION, 0, capture_output=True, text=True).stdout
                cpu[name] += engine.cpu_s() + children_cpu_s() - before
                times[name] += [int(line) / 1000 for line in said.split()]
        medians = {name: statistics.median(of_engine) for name, of_engine in times.items()}
        self.results.table(f"A transaction of {VIDEOS_A_TRANSACTION} videos, {TURNS * TURN_TRANSACTIONS} by turns", ["engine", "ms", "CPU ms"],
                           [[name, medians[name], cpu[name] * 1000 / (TURNS * TURN_TRANSACTIONS)] for name in engines])
        self.results.at_most("a transaction", medians["postgres"] / medians["sqlite"], 1, "x SQLite's")


def main(output):
    work = ROOT / "build" / "bench" / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        bench = Bench(work, stack)
        bench.start()
        if bench.engine.name == Sqlite.name:
            bench.imports()
        bench.speed()
        bench.hot()
        bench.beside_a_writer()
        bench.crowd()
        bench.transactions()
        if bench.engine.name == Postgres.name:
            bench.transactions_beside_sqlite()
        bench.results.write(output)


main(sys.argv[1])
