"""What is exported is what the API has: read back by those who read it, whatever is in the texts."""
import csv
import gzip
import io
import json
import os
import random
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from newsreel import PATIENCE_S, ROOT, Newsreel, made_up_video, ndjson

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


def corpus_videos():
    """Lines of real videos, when there are any."""
    if not CORPUS.exists():
        return ""
    with gzip.open(CORPUS, "rt", encoding="utf-8") as packed:
        lines = packed.readlines()
    seed = random.randrange(10**6)
    print("seed", seed)
    return "".join(random.Random(seed).sample(lines, min(CORPUS_VIDEOS, len(lines))))


@pytest.fixture(scope="module")
def site():
    """One with hostile and real videos."""
    made = Newsreel(YOUTUBE_API_KEYS="a-key-that-is-never-asked", NEWSREEL_INTERVAL="3600")
    try:
        (made.folder / "videos.ndjson").write_text(ndjson(*hostile_videos()) + corpus_videos(), encoding="utf-8")
        done = made.fetch("--import", "videos.ndjson")
        assert done.returncode == 0, done.stderr
        yield made.start()
    finally:
        made.close()


@pytest.fixture(scope="module")
def videos(site):
    return api_videos(site)


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


def sample(one, label):
    """The lines of the documentation that read CSV, with the address of this server."""
    operation = one.get("/api/openapi.json").json()["paths"]["/api/videos.csv"]["get"]
    source = next(one["source"] for one in operation["x-codeSamples"] if one["label"] == label)
    assert ADDRESS in source
    return source.replace(ADDRESS, f"{one.url}/api/videos.csv")


def test_hostile_texts_are_among_them(videos):
    assert {video["title"] for video in videos} >= {title for title in HOSTILE if title}
    assert {video["id"] for video in videos} >= set(IDS)


def test_exports_have_what_the_api_has(site, videos, measured):
    rows = read_csv(site.get("/api/videos.csv").content.decode("utf-8"))
    assert len(rows) == len(videos)
    for video, row in zip(videos, rows):
        assert json.loads(row.pop("tags") or "null") == video["tags"]
        assert json.loads(row.pop("found")) == video["found"]
        assert row == row_of(video)
    assert [json.loads(line) for line in site.get("/api/videos.ndjson").content.splitlines()] == videos
    measured.append(f"round trip of {len(videos):,} videos")


def test_python_reads_it_as_the_documentation_says(site, videos):
    names = {}
    exec(sample(site, "Python, standard library"), names)
    by_id = {video["id"]: video for video in videos}
    assert len(names["videos"]) == len(videos)
    for video in names["videos"]:
        expected = by_id[video["id"]]
        assert [video[name] for name in ("title", "views", "likes", "caption", "tags")] == [expected[name] for name in ("title", "views", "likes", "caption", "tags")]
        assert video["published_at"].strftime("%Y-%m-%dT%H:%M:%SZ") == expected["published_at"]


def test_pandas_reads_it(site, videos):
    pandas = pytest.importorskip("pandas", reason="python3-pandas is not installed")
    names = {}
    exec(sample(site, "Python with pandas"), names)
    table = names["videos"]
    assert list(table["id"]) == [video["id"] for video in videos]
    assert list(table["title"]) == [video["title"] for video in videos]
    assert [None if pandas.isna(n) else n for n in table["views"]] == [video["views"] for video in videos]
    assert [None if pandas.isna(flag) else flag for flag in table["caption"]] == [video["caption"] for video in videos]
    assert [time.strftime("%Y-%m-%dT%H:%M:%SZ") for time in table["published_at"]] == [video["published_at"] for video in videos]
    assert str(table["views"].dtype) == "Int64" and str(table["caption"].dtype) == "boolean"


@pytest.mark.skipif(not shutil.which("Rscript"), reason="r-base-core is not installed")
def test_r_reads_it(site, videos):
    done = subprocess.run(["Rscript", "-e", "options(timeout = 3000)\n" + sample(site, "R") + """
        for (i in seq_len(nrow(videos)))
            cat(videos$id[i], videos$views[i], as.integer(videos$caption[i]), as.integer(videos$published_at[i]),
                paste(as.character(charToRaw(videos$title[i])), collapse = ""), "\\n")"""],
                          capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stderr
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    assert len(rows) == len(videos)
    for video in videos:
        views, caption, _, *title = rows[video["id"]]
        assert views == ("NA" if video["views"] is None else str(video["views"]))
        assert caption == ("NA" if video["caption"] is None else str(int(video["caption"])))
        assert "".join(title) == video["title"].replace("\r\n", "\n").encode().hex()  # R reads every end of a line as \n


TABLE, TEXT = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}", "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def text_of(element):
    """What a paragraph of a cell says: blanks and tabs are elements of their own."""
    said = {TEXT + "s": " " * int(element.get(TEXT + "c", "1")), TEXT + "tab": "\t"}.get(element.tag, element.text or "")
    return said + "".join(text_of(child) + (child.tail or "") for child in element)


def spreadsheet_rows(csv_bytes, folder, quoted_is_text):
    """The cells of a file that LibreOffice opened, with formulas computed, as a careless reader has it; and how many of them are formulas."""
    (folder / "videos.csv").write_bytes(csv_bytes)
    how = f"CSV:44,34,76,1,,0,{str(quoted_is_text).lower()},false,false,false,false,0,true"
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", f"--infilter={how}", "--convert-to", "fods",
                    "--outdir", folder, folder / "videos.csv"], check=True, capture_output=True, timeout=40 * PATIENCE_S)
    rows, formulas = [], 0
    for _, element in ElementTree.iterparse(folder / "videos.fods"):
        formulas += element.get(TABLE + "formula") is not None
        if element.tag != TABLE + "table-row":
            continue
        cells = []
        for column in element:
            said = "\n".join(text_of(paragraph) for paragraph in column.iter(TEXT + "p"))
            cells += [said] * min(int(column.get(TABLE + "number-columns-repeated", "1")), 10)
        rows += [cells] * min(int(element.get(TABLE + "number-rows-repeated", "1")), 10)
        element.clear()
    return rows, formulas


@pytest.mark.skipif(not shutil.which("soffice"), reason="libreoffice-calc-nogui is not installed")
def test_libreoffice_reads_the_same_texts_and_no_formula(site, videos, measured, tmp_path):
    fields = ("id", "url", "title", "description", "views")
    content = site.get(f"/api/videos.csv?flavor=spreadsheet&fields={','.join(fields)}").content
    assert spreadsheet_rows(b'id\r\n"=1+1"\r\n', tmp_path, False)[1] == 1  # what is to be prevented
    assert spreadsheet_rows(content, tmp_path, False)[1] == 0
    rows, formulas = spreadsheet_rows(content, tmp_path, True)
    assert formulas == 0
    assert rows[0][:5] == list(fields)
    for video, row in zip(videos, rows[1:], strict=False):
        expected = [cell(video[name]).replace("\r\n", "\n").replace("\r", "\n") for name in fields]
        # An apostrophe is before what would be a formula, and before nothing else.
        assert [said if said == text else said.removeprefix("'") for said, text in zip(row, expected)] == expected
        assert all(said == text or text[0] in "=+-@\t\r\n＝＋－＠" for said, text in zip(row, expected))
    assert len(rows) > len(videos)
    measured.append(f"LibreOffice read {len(videos):,} videos")


def test_exports_are_compressed_for_who_takes_it(site):
    for path in ("/api/videos.csv", "/api/videos.ndjson"):
        plain = site.get(path, headers={"Accept-Encoding": "identity"})
        packed = site.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
        assert packed.content == plain.content
