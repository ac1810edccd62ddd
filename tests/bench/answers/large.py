"""A large record, made once, and newsreel-web on it behind nginx: for the parts that ask it many different things."""
import os
import subprocess
import sys
from pathlib import Path

import machine
from machine import PROGRAMS, ROOT, get

# Lengths, kinds, views and languages, which the invented videos lack: a fifth below 3 minutes, a tenth up to 4, two fifths up to 20; none of ten
# hours; two thirds in one language, an eighth in none.
DETAILS = """UPDATE video SET views = n * 48271 % 5000011, kind = CASE WHEN n * 69621 % 1000 < 60 THEN 3 ELSE 0 END,
    duration_s = CASE WHEN h < 200 THEN 20 + h % 160 WHEN h < 300 THEN 180 + h % 60 WHEN h < 700 THEN 240 + n % 960 WHEN h < 980 THEN 1201 + n % 12000 END,
    language = CASE WHEN l < 670 THEN 'en' WHEN l < 875 THEN substr('aresdefrhiidjakoptruthtrvizh', l % 14 * 2 + 1, 2) END
    FROM (SELECT seq AS s, seq / 1024 AS n, seq / 1024 * 7919 % 1000 AS h, seq / 1024 * 6151 % 1000 AS l FROM video) WHERE s = seq"""


def say(words):
    print(f"  {words}", file=sys.stderr, flush=True)


def make_record(folder, count, queries):
    """In FOLDER: COUNT videos; QUERIES are texts, each with a number: one video in so many is found by it."""
    run = lambda *command, **options: subprocess.run([str(word) for word in command], check=True, **options)
    ndjson, database = folder / "videos.ndjson", folder / "newsreel.db"
    say(f"import of {count:,} videos")
    run(PROGRAMS / "videos", "-", count, 0, count, ndjson, "/dev/null")
    with open(folder / "import.log", "wb") as log:
        run(ROOT / "build" / "newsreel-fetch", "--import", ndjson, cwd=folder, stdout=log, stderr=log, env={**os.environ, "NEWSREEL_DATA": str(folder)})
    for text, every in queries.items():
        run(PROGRAMS / "writer", "found", database, ndjson, text, every)
    run("sqlite3", database, DETAILS)
    ndjson.unlink()


class Web:
    """newsreel-web on the record in the folder RECORD, behind nginx without limits and cache."""

    def __init__(self, work, record, stack):
        self.database = record / "newsreel.db"
        self.program = machine.web(record, work / "web.sock")
        stack.callback(self.program.close)
        site = machine.Nginx(work / "nginx", work / "web.sock")
        stack.callback(site.close)
        self.port = site.port

    def read(self, statement):
        return subprocess.run(["sqlite3", self.database, statement], check=True, capture_output=True, text=True).stdout.split("\n")[:-1]

    def cpu_ms(self):
        tasks = Path(f"/proc/{self.program.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6

    def cost(self, path):
        """CPU of the cheaper of two answers, the status and the body: the first one may have to read from the disk."""
        costs = []
        for _ in range(2):
            before = self.cpu_ms()
            status, _, body = get(self.port, path)
            costs.append(self.cpu_ms() - before)
        return min(costs), status, body
