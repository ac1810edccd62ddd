"""The real videos that lie beside the project, when they do, imported in one command."""
import concurrent.futures
import contextlib
import gzip
import os
import shutil
import sqlite3
import subprocess
import time

import pytest

from newsreel import FETCH, KEY, PATIENCE_S, ROOT, made_up_video, ndjson

CORPUS = ROOT.parent / "shared" / "youtube" / "corpus.ndjson.gz"


@pytest.mark.skipif(not CORPUS.exists(), reason="there is no ../shared/youtube/corpus.ndjson.gz")
def test_real_videos_are_imported_counted_and_found(newsreel):
    one = newsreel(YOUTUBE_API_KEYS="a-key-that-is-never-asked")
    with gzip.open(CORPUS) as packed, open(one.folder / "videos.ndjson", "wb") as plain:
        shutil.copyfileobj(packed, plain)
    done = one.fetch("--import", "videos.ndjson")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "150966 lines: 146093 videos new, 0 changed, 0 known already, 4873 lines skipped\n"
    assert "100000 lines, " in done.stderr
    assert "lines 146094-150966 skipped: no published_at" in done.stderr
    check = one.fetch("--check")
    assert check.returncode == 0, check.stderr

    one.start()
    first = one.videos(page_size=100)
    assert first["count"] == 146093 and first["count_is_exact"]
    times = [v["published_at"] for v in first["results"]]
    assert times == sorted(times, reverse=True)
    # The last page, and one in the middle, by number: the same that counting from the newest leads to.
    last = one.videos(page_size=100, page_number=1461)
    assert len(last["results"]) == 93 and last["next"] is None
    assert last["results"][-1]["id"] == "TcMklv40YMY"
    middle = one.videos(page_size=100, page_number=700)
    after = one.videos(page_size=100, page_number=701)
    assert middle["results"][-1]["published_at"] >= after["results"][0]["published_at"]
    assert not {v["id"] for v in middle["results"]} & {v["id"] for v in after["results"]}

    words = one.videos(query="minecraft", page_size=100)
    assert words["count"] == 1000 and not words["count_is_exact"]
    assert all("minecraft" in (v["title"] + v["description"] + ((v["channel"] or {}).get("title") or "")).lower() for v in words["results"])
    assert one.videos(query="pokemon ")["count"] == one.videos(query="POKÉMON ")["count"] > 0
    for part in ("オフィシャル", "ュージ", "เพลง", "뮤직"):
        assert one.videos(query=part)["count"] > 0
    # Japanese and English words, a channel, dates and a cursor combine.
    channels = one.get("/api/channels").json()
    assert channels["count"] > 30000
    largest = channels["results"][0]
    assert one.videos(channel=largest["id"])["count"] == largest["videos"]
    seen, answer = [], one.videos(channel=largest["id"], page_size=100)
    while True:
        seen += [v["id"] for v in answer["results"]]
        if not answer["next_cursor"]:
            break
        answer = one.videos(channel=largest["id"], page_size=100, cursor=answer["next_cursor"])
    assert len(seen) == len(set(seen)) == largest["videos"]
    months = one.get("/api/stats/volume", params={"bucket": "month"}).json()["points"]
    assert sum(point["count"] for point in months) == 146093
    year = {"published_after": "2025-01-01", "published_before": "2026-01-01"}
    in_2025 = sum(point["count"] for point in months if point["from"].startswith("2025"))
    assert one.videos(**year)["count"] == in_2025 > 20000
    counted = one.videos(query="minecraft", count="exact", **year)
    assert counted["count_is_exact"] and 0 < counted["count"] < in_2025
    ranked = one.videos(sort="title", page_size=100)
    assert ranked["ranked_within"] == 10000 and ranked["count"] == 146093
    without_channel = one.videos(query='"Merb, Rubinius and the Engine Yard Stack"')["results"]
    assert [v["channel"] for v in without_channel] == [None]


def test_an_import_that_is_killed_loses_nothing(newsreel):
    one = newsreel(YOUTUBE_API_KEYS="a-key-that-is-never-asked")
    many = 50000
    videos = [made_up_video(n, f"Rocket number{n}") for n in range(many)]
    (one.folder / "videos.ndjson").write_text(ndjson(*videos))
    os.mkfifo(one.folder / "some.ndjson")
    killed = subprocess.Popen([FETCH, "--import", "some.ndjson"], cwd=one.folder, env=one.environment(), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
    some = open(one.folder / "some.ndjson", "w")
    some.write(ndjson(*videos[:35000]))  # and no end: it waits for more until it is killed
    some.flush()
    for line in killed.stderr:
        if line.startswith("30000 lines"):  # a first part is in the record, and not in its search index
            killed.kill()
            break
    killed.wait()
    some.close()

    def unindexed():
        with sqlite3.connect(f"file:{one.data}/newsreel.db?mode=ro", uri=True) as record:
            return record.execute("SELECT count(*) FROM unindexed").fetchone()[0], record.execute("SELECT count(*) FROM video").fetchone()[0]

    waiting, there = unindexed()
    assert waiting == there > 0
    one.fetch()  # a tick
    assert unindexed() == (0, there)
    check = one.fetch("--check")
    assert check.returncode == 0, check.stderr
    again = one.fetch("--import", "videos.ndjson")
    assert again.stdout == f"{many} lines: {many - there} videos new, 0 changed, {there} known already, 0 lines skipped\n"
    assert one.fetch("--check").returncode == 0
    one.start()
    assert one.videos(query="rocket", count="exact")["count"] == many
    assert one.videos(query="number49999")["count"] == 1


def longest_wait_to_write(one, running):
    """How long, in seconds, a writer had to wait while running() is true, asking again and again."""
    longest = 0
    with contextlib.closing(sqlite3.connect(one.data / "newsreel.db", isolation_level=None, timeout=PATIENCE_S)) as writer:
        while running():
            begun = time.monotonic()
            writer.execute("BEGIN IMMEDIATE")
            longest = max(longest, time.monotonic() - begun)
            writer.execute("ROLLBACK")
            time.sleep(0.02)
    return longest


def test_an_import_and_ticks_take_turns(newsreel, youtube, measured):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY)
    assert one.fetch().returncode == 0
    many = 60000
    (one.folder / "videos.ndjson").write_text(ndjson(*(made_up_video(n, f"Rocket number{n} " + "word " * 40) for n in range(many))))
    importing = subprocess.Popen([FETCH, "--import", "videos.ndjson"], cwd=one.folder, env=one.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 text=True)
    runs = []

    def tick_again_and_again():
        while importing.poll() is None:
            one.variables["NEWSREEL_QUERIES"] = f"rocket launch;query number {len(runs)}"  # so that each tick has something to store
            runs.append(one.fetch())

    with concurrent.futures.ThreadPoolExecutor() as others:
        ticks = others.submit(tick_again_and_again)
        wait = others.submit(longest_wait_to_write, one, lambda: importing.poll() is None)
        said, complaints = importing.communicate()
        ticks.result()
        measured.append(f"import of {many} videos beside {len(runs)} ticks: another writer waited {wait.result():.2f} s at most")
    assert importing.returncode == 0, complaints
    assert said.startswith(f"{many} lines: {many} videos new")
    assert runs and all("msg=run" in tick.stderr and "busy" not in tick.stderr for tick in runs), [tick.stderr for tick in runs]
    check = one.fetch("--check")
    assert check.returncode == 0, check.stderr


@pytest.mark.parametrize("content, said", [
    (b"", "nothing to import: the file is empty"),
    (b"\n \n", "nothing to import: no line is a video"),
    (b"\0" * 5000, "nothing to import: no line is a video"),
    (b"id,title\r\n1,2\r\n", "nothing to import: no line is a video"),
    (ndjson(made_up_video(1, "Wide")).encode("utf-16"), "UTF-16"),
    (gzip.compress(ndjson(made_up_video(1, "Small")).encode()), "gzip"),
], ids=["empty", "blank", "NUL", "CSV", "UTF-16", "gzip"])
def test_a_file_without_a_single_video_is_a_failure(newsreel, content, said):
    one = newsreel(YOUTUBE_API_KEYS="a-key-that-is-never-asked")
    (one.folder / "videos.ndjson").write_bytes(content)
    done = one.fetch("--import", "videos.ndjson")
    assert done.returncode == 1, done.stdout
    assert said in done.stderr.splitlines()[-1], done.stderr


def test_the_advice_for_a_file_in_another_encoding_works(newsreel):
    one = newsreel(YOUTUBE_API_KEYS="a-key-that-is-never-asked")
    (one.folder / "FILE").write_bytes(ndjson(made_up_video(1, "Größe")).encode("utf-16"))
    refused = one.fetch("--import", "FILE")
    command = refused.stderr.strip().rpartition("use ")[2].rstrip('"').replace("newsreel-fetch", str(FETCH))
    done = subprocess.run(command, shell=True, cwd=one.folder, env=one.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("1 lines: 1 videos new"), (command, done.stderr)
