"""An import beside runs that have something to store, on a busy machine: whether any of them fails, how long each holds the write lock, how long
another writer waits for it, how long the write-ahead log becomes.

usage: import.py OUTPUT.json
BENCH_VIDEOS: how many lines, all by default; BENCH_LOAD: programs that keep the machine busy, twice the cores by default; BENCH_ROW=beside: only that row.
The lines are those of ../shared/youtube/corpus.ndjson.gz, or of the file that NEWSREEL_CORPUS names, as far as they go, then made-up ones.
"""
import contextlib
import fcntl
import gzip
import itertools
import json
import os
import shutil
import signal
import sqlite3
import statistics
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "answers"))
from machine import PATIENCE_S, PROGRAMS, ROOT, Program, wait_for  # noqa: E402

LINES, TICK_EVERY_S, LOOK_EVERY_S = 150966, 5, 0.002
WAIT_MAX_S, WAL_MAX_MB = 1, 256
WRITE_LOCK, CHECKPOINT_LOCK = 120, 121  # bytes of the -shm file (https://www.sqlite.org/walformat.html)
FLOCK = "hhqqi4x"


def write_lines(path, count):
    corpus = Path(os.environ.get("NEWSREEL_CORPUS") or ROOT.parent / "shared" / "youtube" / "corpus.ndjson.gz")
    with open(path, "wb") as out:
        there = 0
        if corpus.exists():
            with (gzip.open if corpus.suffix == ".gz" else open)(corpus, "rb") as lines:
                for line in itertools.islice(lines, count):
                    out.write(line)
                    there += 1
        if there == count:
            return corpus.name
        invented = path.with_suffix(".invented")
        subprocess.run([PROGRAMS / "videos", "-", str(count - there), "0", str(count), invented, "/dev/null"], check=True)
        with open(invented, "rb") as lines:
            shutil.copyfileobj(lines, out)
        invented.unlink()
        return f"{corpus.name} and made-up ones" if there else "made-up ones"


class Watch(threading.Thread):
    """Looks at a database from outside until stop()."""

    def __init__(self, database):
        super().__init__(daemon=True)
        self.database, self.stopped = database, threading.Event()
        self.begin()

    def begin(self):
        """Before the first look."""

    def run(self):
        while not self.stopped.is_set():
            self.look()

    def stop(self):
        self.stopped.set()
        self.join()


class Locks(Watch):
    """Who holds the write lock and how long, and how long the log becomes."""

    def begin(self):
        self.shared_memory = os.open(f"{self.database}-shm", os.O_RDWR)  # closed with the process: SQLite's own locks would go with it
        self.holds, self.holder, self.since, self.wal_bytes, self.checkpoints = [], 0, 0, 0, False

    def pid_of(self, byte):
        asked = struct.pack(FLOCK, fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0)
        kind, _, _, _, pid = struct.unpack(FLOCK, fcntl.fcntl(self.shared_memory, fcntl.F_GETLK, asked))
        return 0 if kind == fcntl.F_UNLCK else pid

    def look(self):
        holder, now = self.pid_of(WRITE_LOCK), time.monotonic()
        if holder != self.holder:
            if self.holder:
                self.holds.append((now - self.since, self.holder, self.checkpoints))
            self.holder, self.since, self.checkpoints = holder, now, False
        if holder:
            self.checkpoints |= self.pid_of(CHECKPOINT_LOCK) == holder
        with contextlib.suppress(FileNotFoundError):
            self.wal_bytes = max(self.wal_bytes, os.stat(f"{self.database}-wal").st_size)
        time.sleep(LOOK_EVERY_S)


class Writer(Watch):
    """Takes the write lock again and again, and asks for it as newsreel does: every 5 ms."""

    def begin(self):
        self.waits = []

    def run(self):
        with contextlib.closing(sqlite3.connect(self.database, isolation_level=None, timeout=0)) as self.connection:
            super().run()

    def look(self):
        begun = time.monotonic()
        while True:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError:
                time.sleep(0.005)
        self.waits.append(time.monotonic() - begun)
        self.connection.execute("ROLLBACK")
        time.sleep(0.05)


def busy_machine(folder, count):
    """COUNT programs that compute; one of them writes megabytes to the disk in between, and waits for that."""
    compute = "while True: pass"
    write = f"import os\nf = open({str(folder / 'load')!r}, 'wb')\nwhile True: f.seek(0); f.write(os.urandom(1 << 22)); f.flush(); os.fsync(f.fileno()); sum(range(1 << 20))"
    return [subprocess.Popen([sys.executable, "-c", write if n == 0 else compute]) for n in range(count)]


class Newsreel:
    def __init__(self, folder, port):
        self.folder, self.number = folder, 0
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSREEL_", "YOUTUBE_"))}
        self.environment = {**kept, "NEWSREEL_DATA": str(folder), "YOUTUBE_API_KEYS": "key-of-the-benchmark", "YOUTUBE_API_URL": f"http://127.0.0.1:{port}/youtube/v3",
                            "NEWSREEL_SEARCHES_PER_DAY": "100000", "NEWSREEL_UNITS_PER_DAY": "1000000"}

    def start(self, *words, **variables):
        return subprocess.Popen([ROOT / "build" / "newsreel-fetch", *words], cwd=self.folder, env={**self.environment, **variables}, text=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def tick(self):
        """A run that has a new query to read."""
        self.number += 1
        return self.start(NEWSREEL_QUERIES=f"rocket launch;query number {self.number}")


def import_beside_ticks(newsreel, ndjson, every_s):
    """The import's seconds, and what it and the ticks said, by pid."""
    said, who, ticks, begun = {}, {}, [], time.monotonic()
    importing = newsreel.start("--import", str(ndjson))
    who[importing.pid] = "import"
    reader = threading.Thread(target=lambda: said.update({importing.pid: importing.communicate()[0]}), daemon=True)
    reader.start()
    try:
        while reader.is_alive():
            if every_s:
                ticks.append(newsreel.tick())
                who[ticks[-1].pid] = "run"
            reader.join(every_s)
        seconds = time.monotonic() - begun
        for tick in ticks:
            said[tick.pid] = tick.communicate()[0]
    finally:
        for program in [importing, *ticks]:
            program.kill()  # what has ended is left alone
    return seconds, importing, ticks, said, who


def holds_table(holds, who):
    rows = []
    for name in ("import", "run"):
        mine = sorted(held for held, pid, _ in holds if who.get(pid) == name)
        if mine:
            rows.append([name, len(mine), statistics.median(mine) * 1000, mine[len(mine) * 99 // 100] * 1000, mine[-1] * 1000,
                         sum(held > WAIT_MAX_S for held in mine), sum(checkpoint for _, pid, checkpoint in holds if who.get(pid) == name)])
    return {"title": "The write lock", "columns": ["held by", "times", "median ms", "p99 ms", "longest ms", "above 1 s", "with a checkpoint"], "rows": rows}


def waits_table(waits):
    waits = sorted(waits)
    return {"title": "Another writer", "columns": ["", "times", "median ms", "p99 ms", "longest ms", "above 1 s"],
            "rows": [["waits", len(waits), statistics.median(waits) * 1000, waits[len(waits) * 99 // 100] * 1000, waits[-1] * 1000,
                      sum(wait > WAIT_MAX_S for wait in waits)]]}


def measure_alone(work, ndjson, port):
    newsreel = Newsreel(work / "alone", port)
    newsreel.folder.mkdir()
    seconds = import_beside_ticks(newsreel, ndjson, None)[0]
    shutil.rmtree(newsreel.folder)
    return ["alone", seconds, 0, None, None, None]


def measure_beside(work, ndjson, port):
    newsreel = Newsreel(work / "data", port)
    newsreel.folder.mkdir()
    first = newsreel.tick()
    if first.wait() != 0:
        sys.exit(f"the first run failed: {first.communicate()[0]}")
    keeper = sqlite3.connect(newsreel.folder / "newsreel.db")
    keeper.execute("SELECT count(*) FROM sqlite_schema")  # so that the -shm file stays the same
    watches = [Locks(newsreel.folder / "newsreel.db"), Writer(newsreel.folder / "newsreel.db")]
    for watch in watches:
        watch.start()
    seconds, importing, ticks, said, who = import_beside_ticks(newsreel, ndjson, TICK_EVERY_S)
    for watch in watches:
        watch.stop()
    wal_after = os.stat(newsreel.folder / "newsreel.db-wal").st_size
    keeper.close()
    locks, writer = watches
    failed = sum(tick.returncode != 0 for tick in ticks) + (importing.returncode != 0)
    busy = sum("busy" in text for text in said.values())
    for program in [importing, *ticks]:
        if program.returncode or "busy" in said[program.pid]:
            print(f"  {who[program.pid]}: {said[program.pid].strip()[-400:]}", file=sys.stderr)
    check = newsreel.start("--check")
    sound = check.communicate()[0].startswith("the database is sound")
    lines = int(said[importing.pid].strip().splitlines()[-1].split(" ")[0]) if importing.returncode == 0 else 0
    longest_hold = max(held for held, _, _ in locks.holds)
    targets = [("programs that failed", failed, 0), ("programs that said busy", busy, 0), ("longest time that the write lock was held, s", longest_hold, WAIT_MAX_S),
               ("longest wait of another writer, s", max(writer.waits), WAIT_MAX_S), ("longest write-ahead log, MB", locks.wal_bytes / 1e6, WAL_MAX_MB)]
    return lines, {
        "tables": [{"title": "The import", "columns": ["", "seconds", "runs beside it", "longest log, MB", "at the end, MB", "sound after"],
                    "rows": [["beside runs", seconds, len(ticks), locks.wal_bytes / 1e6, wal_after / 1e6, "yes" if sound else "NO"]]},
                   holds_table(locks.holds, who), waits_table(writer.waits)],
        "targets": [{"what": what, "measured": measured, "target": f"at most {limit}", "met": measured <= limit} for what, measured, limit in targets]}


def main(output):
    work = ROOT / "build" / "bench" / "import"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    load = int(os.environ.get("BENCH_LOAD") or 2 * os.cpu_count())
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        source = write_lines(work / "videos.ndjson", int(os.environ.get("BENCH_VIDEOS") or LINES))
        sim = Program(ROOT / "build" / "newsreel-sim", "--any-key", "--port", "0", "--port-file", work / "port", folder=work)
        stack.callback(sim.close)
        wait_for(lambda: (work / "port").exists() and (work / "port").read_text(), "newsreel-sim")
        port = int((work / "port").read_text())
        alone = [] if os.environ.get("BENCH_ROW") == "beside" else [measure_alone(work, work / "videos.ndjson", port)]
        for program in busy_machine(work, load):
            stack.callback(program.wait)
            stack.callback(program.kill)
        lines, result = measure_beside(work, work / "videos.ndjson", port)
        result["tables"][0]["rows"][:0] = alone
    settings = {"lines": lines, "of": source, "programs that keep the machine busy": load, "seconds between runs": TICK_EVERY_S}
    Path(output).write_text(json.dumps({"part": "import", "settings": settings, **result}, indent=1) + "\n", encoding="utf-8")


main(sys.argv[1])
