"""What a researcher asks of a large record: figures in groups by day, an export, a data set.

usage: figures.py OUTPUT.json
BENCH_VIDEOS; BENCH_RECORD, a folder for the record: one that is there is measured again, which saves the import, and none is removed.
"""
import datetime
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote_plus

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "answers"))
from large import Web, make_record, say  # noqa: E402
from machine import ROOT  # noqa: E402

QUERIES = {"rocket launch": 3, "news": 4, "music video": 5, "minecraft": 7, "official trailer": 10, "roblox": 20, "cooking": 30, "football": 50,
           "guitar lesson": 100, "rubinius": 200}
GROUPS = ("query", "channel", "language", "kind")
FIGURES = {"volume": None, "channels": "channel", "languages": "language", "lengths": None}  # which group it cannot have
FIGURE_MS, EXPORT_SHARE, DATASET_VIDEOS, DATASET_MB = 50, 0.5, 100000, 20
ROUNDS = 3


def day(days_ago):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days_ago)).strftime("%Y-%m-%d")


def filters(web):
    word, other = web.read("SELECT term FROM word ORDER BY videos DESC LIMIT 2")
    channel = web.read("SELECT youtube_id FROM channel ORDER BY videos DESC LIMIT 1")[0]
    month = f"published_after={day(30)}"
    return {
        "all": "",
        "tracked query": "tracked=1",
        "channel": f"channel={channel}",
        "common word": f"query={quote_plus(word + ' ')}",
        "two words": f"query={quote_plus(f'{word} {other} ')}",
        "30 days": month,
        "300 days, long ago": f"published_after={day(900)}&published_before={day(600)}",
        "kind": "kind=was_live",
        "length": "max_duration=1199",
        "tracked query, 30 days": f"tracked=1&{month}",
        "word, 300 days, long ago": f"query={quote_plus(word + ' ')}&published_after={day(900)}&published_before={day(600)}",
    }


# ---- figures ----

def basis(body):
    """What was counted, as the answer says."""
    answer = json.loads(body)
    within = [part.get(name) for part in (answer, *answer["groups"]) for name in ("counted_within", "scanned_within") if part.get(name)]
    return f"newest {max(within):,}" if within else "all"


def measure_figures(web):
    rows = []
    for name, narrowed in filters(web).items():
        for group in GROUPS:
            if group == "query" and "tracked" in narrowed:
                continue
            for figure, same in FIGURES.items():
                if group == same:
                    continue
                path = f"/api/stats/{figure}?group={group}&{narrowed}" + ("&bucket=day" if figure == "volume" else "")
                cpu, status, body = web.cost(path)
                rows.append([name, group, figure, cpu, basis(body) if status == 200 else f"status {status}"])
    return rows


def by_filter(rows):
    """A row for each filter and group: CPU of each figure, and what was counted."""
    table = {}
    for name, group, figure, cpu, counted in rows:
        table.setdefault((name, group), {})[figure] = (cpu, counted)
    return [[name, group, *(of.get(figure, (None,))[0] for figure in FIGURES), of["volume"][1], next(of[f][1] for f in of if f != "volume")]
            for (name, group), of in table.items()]


# ---- export ----

def read_all(port, path, headers=None):
    """Seconds, bytes."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", path, headers=headers or {})
    answer, count = connection.getresponse(), 0
    while part := answer.read(1 << 20):
        count += len(part)
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"bench: {path} answers {answer.status}")
    return time.monotonic() - started, count


def shell_s(web):
    """The sqlite3 shell's CSV of the same rows and columns, in the same order, as far as the view has them."""
    started = time.monotonic()
    subprocess.run(["sqlite3", "-readonly", "-csv", web.database, "SELECT * FROM videos ORDER BY seq DESC"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


def measure_export(web):
    """Each between two of the shell's, as a machine is never as quiet as the minute before."""
    shares, rows = [], []
    for _ in range(ROUNDS):
        before = shell_s(web)
        seconds, size = read_all(web.port, "/api/videos.csv")
        shell = (before + shell_s(web)) / 2
        shares.append(shell / seconds)
        rows.append(["/api/videos.csv", seconds, shell, size / 1e6])
    return sorted(shares)[ROUNDS // 2], rows


# ---- data set ----

def verified(path):
    """Whether all files of the archive have the sums that are in it."""
    with zipfile.ZipFile(path) as archive:
        for line in archive.read("SHA256SUMS").decode().splitlines():
            expected, name = line.split("  ", 1)
            digest = hashlib.sha256()
            with archive.open(name) as file:
                while part := file.read(1 << 20):
                    digest.update(part)
            if digest.hexdigest() != expected:
                return False
    return True


def command(web, narrowed, path):
    """Seconds, and MB at most."""
    started, most = time.monotonic(), 0
    process = subprocess.Popen([ROOT / "build" / "newsreel-fetch", "--dataset", path, narrowed],
                               env={**os.environ, "NEWSREEL_DATA": str(web.database.parent)}, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        if peak := re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text()):
            most = int(peak.group(1)) / 1024
        time.sleep(0.005)
    if process.returncode:
        raise SystemExit("bench: newsreel-fetch --dataset failed")
    return time.monotonic() - started, most


def measure_dataset(web, work):
    """Of the newest DATASET_VIDEOS: by newsreel-web, then by the command."""
    since = web.read(f"SELECT published_at FROM videos ORDER BY seq DESC LIMIT 1 OFFSET {DATASET_VIDEOS - 1}")[0]
    narrowed = f"published_after={since}"
    token = (web.database.parent / "admin-token").read_text().strip()
    rest = web.program.memory_mb()
    Path(f"/proc/{web.program.process.pid}/clear_refs").write_text("5")  # the peak, VmHWM, is that of the data set alone
    first, second, little = work / "first.zip", work / "second.zip", work / "little.zip"
    _, rest_of_command = command(web, f"published_after={day(-2)}", little)
    started = time.monotonic()
    subprocess.run(["curl", "-sSf", "-H", f"Authorization: Bearer {token}", "-o", first, f"http://127.0.0.1:{web.port}/api/dataset.zip?{narrowed}"], check=True)
    seconds = time.monotonic() - started
    grown = web.program.memory_mb("VmHWM") - rest
    seconds_of_command, memory = command(web, narrowed, second)
    with zipfile.ZipFile(first) as archive:
        lines = sum(1 for _ in archive.open("videos.ndjson"))
    same = first.read_bytes() == second.read_bytes()
    rows = [["newsreel-web", lines, first.stat().st_size / 1e6, seconds, grown],
            ["newsreel-fetch --dataset", lines, second.stat().st_size / 1e6, seconds_of_command, memory - rest_of_command]]
    return rows, max(grown, memory - rest_of_command), same and verified(first)


def measure(web, work, count):
    say("figures")
    figures = measure_figures(web)
    worst = max(figures, key=lambda row: row[3])
    say("data set")
    dataset, grown, good = measure_dataset(web, work)
    say("export")
    share, exports = measure_export(web)
    return {"part": "figures", "settings": {"videos": count},
            "tables": [{"title": "Figures in groups: CPU ms, and of how many videos they are",
                        "columns": ["filter", "group", *FIGURES, "by day", "others"], "rows": by_filter(figures)},
                       {"title": "Data set", "columns": ["what", "videos", "MB", "seconds", "MB of memory more than at rest"], "rows": dataset},
                       {"title": f"Export of {count:,} videos", "columns": ["what", "seconds", "the sqlite3 shell", "MB"], "rows": exports}],
            "targets": [{"what": f"the dearest figure: {worst[2]} by {worst[1]}, {worst[0]}", "measured": worst[3],
                         "target": f"at most {FIGURE_MS} ms of CPU", "met": worst[3] <= FIGURE_MS},
                        {"what": "memory of a data set, beyond that at rest", "measured": grown, "target": f"at most {DATASET_MB} MB", "met": grown <= DATASET_MB},
                        {"what": "the same bytes both ways, with the sums that are in it", "measured": "yes" if good else "no", "target": "yes", "met": good},
                        {"what": "rate of the export", "measured": share, "target": f"at least {EXPORT_SHARE} of the sqlite3 shell's CSV", "met": share >= EXPORT_SHARE}]}


def main(output):
    work = ROOT / "build" / "bench" / "figures"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    count = int(os.environ.get("BENCH_VIDEOS") or 1000000)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        record = Path(os.environ.get("BENCH_RECORD") or work)
        if not (record / "newsreel.db").exists():
            make_record(record, count, QUERIES)
        result = measure(Web(work, record, stack), work, count)
    Path(output).write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


main(sys.argv[1])
