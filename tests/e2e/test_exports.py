"""What is exported is what the API has: read back by those who read it, whatever is in the texts."""
import csv
import gzip
import io
import json
import os
import random
import shutil
import subprocess

import pytest

from newsreel import ROOT, made_up_video, ndjson

CORPUS = ROOT.parent / "shared" / "youtube" / "corpus.ndjson.gz"
CORPUS_VIDEOS = int(os.environ.get("NEWSREEL_EXPORTED_VIDEOS", "2000"))  # 150966: all of them
ADDRESS = "http://127.0.0.1:8080/api/videos.csv?query=falcon"  # of the samples

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'quoted'", '"', '""', ",", ";", "a\nb", "a\r\nb", "a\tb", " leading", "trailing ", "NA", "NULL", "nan", "true",
           "1e5", "00123", "\\", "\\n", "🎬 кино 映画", "\u202eright to left", "a\u2028b", "<b>&amp;", "\ufefftitle", "x" * 500, ""]
IDS = ["-----------", "-_-_abcdefg", "00000000001", "12345678901", "1e100000000"]


def hostile_videos():
    videos = [made_up_video(number, title, description=title * 2, channel_title=title, views=number * 7, likes=None,
                            tags=[title, "second, tag"], language="en", category={"id": 28, "name": None}, caption=bool(number % 2), definition="hd")
              for number, title in enumerate(HOSTILE)]
    return videos + [{**made_up_video(500 + number, "An odd ID"), "id": id} for number, id in enumerate(IDS)]


def serve(newsreel, lines):
    one = newsreel(YOUTUBE_API_KEYS="a-key-that-is-never-asked")
    (one.folder / "videos.ndjson").write_text(lines, encoding="utf-8")
    done = one.fetch("--import", "videos.ndjson")
    assert done.returncode == 0, done.stderr
    return one.start()


def api_videos(one):
    """All videos of the API's list, by cursor."""
    videos, path = [], "/api/videos?page_size=100&include=tags,found"
    while True:
        page = one.get(path).json()
        videos += page["results"]
        if not page["next_cursor"]:
            return videos
        path = f"/api/videos?page_size=100&include=tags,found&cursor={page['next_cursor']}"


def cell(value):
    """A value of JSON as CSV has it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def row_of(video):
    """The row that a video of the API should be."""
    channel, category = video["channel"] or {}, video["category"] or {}
    flat = {**video, "channel_id": channel.get("id"), "channel_title": channel.get("title"), "category_id": category.get("id"),
            "category": category.get("name"), "queries": "; ".join(query["query"] for query in video["queries"])}
    return {name: cell(value) for name, value in flat.items() if name not in ("channel", "thumbnails", "tags", "found")}


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def assert_round_trip(one):
    videos = api_videos(one)
    rows = read_csv(one.get("/api/videos.csv").content.decode("utf-8"))
    assert len(rows) == len(videos)
    for video, row in zip(videos, rows):
        assert json.loads(row.pop("tags") or "null") == video["tags"]
        assert json.loads(row.pop("found")) == video["found"]
        assert row == row_of(video)
    assert [json.loads(line) for line in one.get("/api/videos.ndjson").content.splitlines()] == videos
    return videos


def sample(one, label):
    """The lines of the documentation that read CSV, with the address of this server."""
    operation = one.get("/api/openapi.json").json()["paths"]["/api/videos.csv"]["get"]
    source = next(one["source"] for one in operation["x-codeSamples"] if one["label"] == label)
    assert ADDRESS in source
    return source.replace(ADDRESS, f"{one.url}/api/videos.csv")


def test_hostile_texts_come_back_as_they_are(newsreel):
    one = serve(newsreel, ndjson(*hostile_videos()))
    videos = assert_round_trip(one)
    assert {video["title"] for video in videos} >= {title for title in HOSTILE if title}
    assert {video["id"] for video in videos} >= set(IDS)

    # The lines of the documentation give the same, in the right types.
    names = {}
    exec(sample(one, "Python, standard library"), names)
    by_id = {video["id"]: video for video in videos}
    assert len(names["videos"]) == len(videos)
    for video in names["videos"]:
        expected = by_id[video["id"]]
        assert [video[name] for name in ("title", "views", "likes", "caption", "tags")] == [expected[name] for name in ("title", "views", "likes", "caption", "tags")]
        assert video["published_at"].strftime("%Y-%m-%dT%H:%M:%SZ") == expected["published_at"]



def test_pandas_reads_it(newsreel):
    pandas = pytest.importorskip("pandas", reason="python3-pandas is not installed")
    one = serve(newsreel, ndjson(*hostile_videos()))
    names = {}
    exec(sample(one, "Python with pandas"), names)
    table, videos = names["videos"], api_videos(one)
    assert list(table["id"]) == [video["id"] for video in videos]
    assert list(table["title"]) == [video["title"] for video in videos]
    assert [None if pandas.isna(n) else n for n in table["views"]] == [video["views"] for video in videos]
    assert [None if pandas.isna(flag) else flag for flag in table["caption"]] == [video["caption"] for video in videos]
    assert [time.strftime("%Y-%m-%dT%H:%M:%SZ") for time in table["published_at"]] == [video["published_at"] for video in videos]
    assert str(table["views"].dtype) == "Int64" and str(table["caption"].dtype) == "boolean"


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
def test_r_reads_it(newsreel):
    one = serve(newsreel, ndjson(*hostile_videos()))
    done = subprocess.run(["Rscript", "-e", sample(one, "R") + """
        for (i in seq_len(nrow(videos)))
            cat(videos$id[i], videos$views[i], as.integer(videos$caption[i]), as.integer(videos$published_at[i]),
                paste(as.character(charToRaw(videos$title[i])), collapse = ""), "\\n")"""],
                          capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stderr
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    videos = api_videos(one)
    assert len(rows) == len(videos)
    for video in videos:
        views, caption, _, *title = rows[video["id"]]
        assert views == ("NA" if video["views"] is None else str(video["views"]))
        assert caption == ("NA" if video["caption"] is None else str(int(video["caption"])))
        assert "".join(title) == video["title"].replace("\r\n", "\n").encode().hex()  # R reads every end of a line as \n


@pytest.mark.skipif(not CORPUS.exists(), reason="there is no ../shared/youtube/corpus.ndjson.gz")
def test_real_videos_come_back_as_they_are(newsreel, measured):
    with gzip.open(CORPUS, "rt", encoding="utf-8") as packed:
        lines = packed.readlines()
    seed = random.randrange(10**6)
    print("seed", seed)
    one = serve(newsreel, "".join(random.Random(seed).sample(lines, min(CORPUS_VIDEOS, len(lines)))))
    measured.append(f"round trip of {len(assert_round_trip(one)):,} real videos")


def test_exports_are_compressed_for_who_takes_it(newsreel):
    one = serve(newsreel, ndjson(*hostile_videos()))
    for path in ("/api/videos.csv", "/api/videos.ndjson"):
        plain = one.get(path, headers={"Accept-Encoding": "identity"})
        packed = one.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
        assert packed.content == plain.content
