"""A data set as a researcher takes it away: through nginx, read by other programs, made again byte for byte, shared as ids and fetched again."""
import csv
import hashlib
import io
import json
import re
import subprocess
import time
import zipfile
from pathlib import Path

import jsonschema
import pytest

from newsreel import KEY, YouTube, made_up_video, ndjson

VIDEOS, EVERY = 3000, 30
WITHDRAWN = VIDEOS // EVERY
HOSTILE = ["=1+1", '"quoted", with a comma', "two\nlines", "🎬 映画", ""]
MEMORY_MAX_KB = 20 * 1024

# What the Data Package standard (2.0) requires of what we write.
NAME = {"type": "string", "pattern": "^[a-z0-9._-]+$"}
FIELD = {"type": "object", "required": ["name", "type"], "properties": {
    "name": {"type": "string", "minLength": 1},
    "type": {"enum": ["string", "number", "integer", "boolean", "object", "array", "list", "datetime", "date", "time", "year", "yearmonth", "duration",
                      "geopoint", "geojson", "any"]}}}
RESOURCE = {"type": "object", "required": ["name", "path", "schema", "bytes", "hash", "format"], "properties": {
    "name": NAME, "type": {"const": "table"}, "path": {"type": "string", "pattern": r"^(?!/|.*\.\.)[^\\]+$"}, "title": {"type": "string"},
    "format": {"type": "string"}, "mediatype": {"type": "string", "pattern": "^.+/.+$"}, "encoding": {"type": "string"},
    "bytes": {"type": "integer", "minimum": 0}, "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    "schema": {"type": "object", "required": ["fields"], "properties": {"fields": {"type": "array", "minItems": 1, "items": FIELD}}}}}
PACKAGE = {"type": "object", "required": ["$schema", "resources"], "properties": {
    "$schema": {"const": "https://datapackage.org/profiles/2.0/datapackage.json"}, "name": NAME, "title": {"type": "string"},
    "description": {"type": "string"}, "created": {"type": "string", "format": "date-time"},
    "sources": {"type": "array", "items": {"type": "object", "required": ["title"]}},
    "resources": {"type": "array", "minItems": 1, "items": RESOURCE}}}


def corpus():
    now = int(time.time())
    return [{**made_up_video(number, f"Rocket {number} {HOSTILE[number % len(HOSTILE)]}"),
             "published_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 86400 - 60 * number))} for number in range(VIDEOS)]


@pytest.fixture(scope="module")
def videos():
    return corpus()


@pytest.fixture
def one(newsreel, videos):
    """With imported videos and a query that has gaps, not recording: what it has does not change."""
    one = newsreel(YOUTUBE_API_KEYS="", NEWSREEL_QUERIES="rocket launch")
    (one.folder / "videos.ndjson").write_text(ndjson(*videos))
    done = one.fetch("--import", "videos.ndjson")
    assert done.returncode == 0, done.stderr
    return one.start()


def download(one, query=""):
    answer = one.get("/api/dataset.zip" + query, headers=one.authorization())
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip" and "Content-Encoding" not in answer.headers
    return answer.content


def members(archive):
    """Its files, which are as their sums and the package say."""
    archive = zipfile.ZipFile(io.BytesIO(archive))
    assert archive.testzip() is None
    files = {name: archive.read(name) for name in archive.namelist()}
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "SHA256SUMS"}
    package = json.loads(files["datapackage.json"])
    jsonschema.Draft202012Validator(PACKAGE, format_checker=jsonschema.FormatChecker()).validate(package)
    for resource in package["resources"]:
        content = files[resource["path"]]
        assert (len(content), hashlib.sha256(content).hexdigest()) == (resource["bytes"], resource["hash"].removeprefix("sha256:"))
        assert_fields(resource, content.decode())
    return package, files


def assert_fields(resource, text):
    """Every value is of the type that its field has."""
    fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    if resource["format"] == "csv":
        rows = csv.DictReader(io.StringIO(text, newline=""))
        assert rows.fieldnames == list(fields)
        parse = {"integer": int, "datetime": lambda v: time.strptime(v, "%Y-%m-%dT%H:%M:%SZ"), "boolean": ["true", "false"].index, "array": json.loads,
                 "string": str}
        for row in rows:
            for name, value in row.items():
                if value:
                    parse[fields[name]](value)
        return
    python = {"string": str, "datetime": str, "integer": int, "boolean": bool, "array": list, "object": dict}
    for line in text.splitlines():
        row = json.loads(line)
        assert list(row) == list(fields)
        assert all(value is None or type(value) is python[fields[name]] for name, value in row.items()), row


def memory_kb(one):
    pid = one.the_process("newsreel-web")
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def test_it_has_all_videos_and_its_papers_in_constant_memory(one, videos, measured):
    download(one, "?query=nothing-has-this-word")
    before = memory_kb(one)
    archive = download(one)
    grown = memory_kb(one) - before
    measured.append(f"data set of {VIDEOS} videos: {len(archive)} bytes, {grown} KB of memory more")
    assert grown < MEMORY_MAX_KB

    package, files = members(archive)
    rows = [json.loads(line) for line in files["videos.ndjson"].splitlines()]
    assert {row["id"]: (row["title"], row["description"]) for row in rows} == {v["id"]: (v["title"], v["description"]) for v in videos}
    assert rows == sorted(rows, key=lambda row: row["published_at"], reverse=True)
    assert package["newsreel"]["videos"] == VIDEOS and package["newsreel"]["filter"] == {}
    query, = csv.DictReader(io.StringIO(files["queries.csv"].decode()))
    assert query["query"] == "rocket launch" and int(query["unconfirmed"]) == 0
    readme = files["README.md"].decode()
    assert "After 30 days" in readme and hashlib.sha256(files["videos.ndjson"]).hexdigest() in readme

    (one.folder / "a.zip").write_bytes(archive)
    assert subprocess.run(["unzip", "-tqq", "a.zip"], cwd=one.folder, check=False).returncode == 0


def test_the_same_videos_are_the_same_bytes(one):
    filter_ = "query=rocket+1&format=csv"
    archive = download(one, "?" + filter_)
    assert download(one, "?" + filter_) == archive
    done = one.fetch("--dataset", "b.zip", filter_)
    assert done.returncode == 0, done.stderr
    assert (one.folder / "b.zip").read_bytes() == archive
    package, files = members(archive)
    assert package["newsreel"]["filter"] == {"query": "rocket 1"}
    assert f"{package['newsreel']['videos']} videos, {len(archive)} bytes" in done.stderr
    titles = [row["title"] for row in csv.DictReader(io.StringIO(files["videos.csv"].decode(), newline=""))]
    assert len(titles) == package["newsreel"]["videos"] > 0

    wrong = one.fetch("--dataset", "c.zip", "colour=red")
    assert wrong.returncode == 2 and "colour" in wrong.stderr and not list(one.folder.glob("c.zip*"))


@pytest.fixture
def there(videos):
    """All of them but some."""
    return [video for number, video in enumerate(videos) if number % EVERY]


@pytest.fixture
def youtube(there, tmp_path):
    (tmp_path / "corpus.ndjson").write_text(ndjson(*there))
    youtube = YouTube("--corpus", tmp_path / "corpus.ndjson", "--quirks", "gone=0")
    yield youtube
    youtube.close()


def test_ids_are_fetched_again(one, newsreel, there, youtube):
    archive = download(one, "?content=ids&format=csv&query=rocket")
    package, files = members(archive)
    everything = b"".join(files.values()).decode()
    assert package["newsreel"]["videos"] == VIDEOS
    assert not any(word in everything for word in ("Rocket", "Made for the tests", "Test channel")) and "may be shared" in everything

    other = newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_QUERIES="rocket launch")
    (other.folder / "ids.csv").write_bytes(files["ids.csv"])
    (other.folder / "ids.zip").write_bytes(archive)
    refused = other.fetch("--rehydrate", "ids.zip")
    assert refused.returncode == 1 and "unzip -p FILE 'ids.*' | newsreel-fetch --rehydrate -" in refused.stderr

    some = other.fetch("--rehydrate", "ids.csv", NEWSREEL_UNITS_PER_DAY="20")
    assert some.returncode == 1 and "16 units" in some.stdout and "what has been fetched is skipped" in some.stderr, some.stderr
    fetched = int(re.search(r"(\d+) videos fetched", some.stdout)[1])
    assert 0 < fetched <= 16 * 48
    rest = other.fetch("--rehydrate", "ids.csv")
    assert rest.returncode == 0, rest.stderr
    assert f"{VIDEOS} ids: {VIDEOS - WITHDRAWN - fetched} videos fetched, {fetched} known already, {WITHDRAWN} gone from YouTube" in rest.stdout

    assert other.fetch("--dataset", "again.zip").returncode == 0
    _, files = members((other.folder / "again.zip").read_bytes())
    rows = [json.loads(line) for line in files["videos.ndjson"].splitlines()]
    fetched = {row["id"]: (row["title"], row["description"], row["published_at"], row["channel"]["id"]) for row in rows}
    assert fetched == {v["id"]: (v["title"], v["description"], v["published_at"], v["channel_id"]) for v in there}
    assert other.fetch("--check").returncode == 0
