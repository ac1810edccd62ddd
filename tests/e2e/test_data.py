"""docs/data.md: the views that other programs read with SQL while newsreel runs."""
import csv
import io
import re
import subprocess

import pytest

from newsreel import PATIENCE_S, ROOT

DOCUMENT = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
VIEWS = ("videos", "matches", "queries", "channels")


def sqlite(one, sql, *options, database="data/newsreel.db"):
    """What the sqlite3 shell prints, run as the document says."""
    done = subprocess.run(["sqlite3", *options, database], input=sql.encode(), cwd=one.folder, capture_output=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return done.stdout.decode("utf-8")


def rows(one, sql):
    return list(csv.DictReader(io.StringIO(sqlite(one, sql, "-readonly", "-header", "-csv"), newline="")))


def documented(view):
    """The columns of a view, with their types."""
    section = DOCUMENT.split(f"\n### {view}\n")[1].split("\n#")[0]
    return re.findall(r"^\| `(\w+)` \| (\w+) \|", section, re.MULTILINE)


def examples(language):
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)


def cell(value):
    """A value of JSON as the shell writes it."""
    return "" if value is None else str(int(value) if isinstance(value, bool) else value)


def flat(video):
    channel, category = video["channel"] or {}, video["category"] or {}
    return {**video, "channel_id": channel.get("id"), "channel_title": channel.get("title"), "category_id": category.get("id")}


def all_videos(one):
    found, path = [], "/api/videos?page_size=100&include=found"
    while path:
        page = one.get(path).json()
        found, path = found + page["results"], page["next"] and page["next"].removeprefix(one.url)
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_the_columns_are_those_of_the_document(site, view):
    columns = documented(view)
    assert [row["name"] for row in rows(site, f"PRAGMA table_info({view})")] == [name for name, _ in columns]
    for name, kind in columns:
        assert {row["kind"] for row in rows(site, f"SELECT DISTINCT typeof({name}) AS kind FROM {view}")} <= {kind, "null"}, name


def test_the_shell_reads_what_the_api_has_beside_the_running_service(site):
    hidden = site.videos(page_size=1)["results"][0]["id"]
    assert site.change("PUT", f"/api/hidden_videos/{hidden}").status_code == 201
    with site.still():
        videos = all_videos(site)
        table = rows(site, "SELECT * FROM videos ORDER BY seq DESC")
        assert sqlite(site, "SELECT count(*) FROM videos WHERE seq / 1024 <> unixepoch(published_at)", "-readonly") == "0\n"
        matches = rows(site, "SELECT * FROM matches")
        channels = rows(site, "SELECT * FROM channels")
        queries = rows(site, "SELECT * FROM queries")
        listed = site.queries()

    assert [row["id"] for row in table] == [video["id"] for video in videos] and hidden not in {row["id"] for row in table}
    for row, video in zip(table, videos):
        shared = set(row) - {"tags", "seq"}
        assert {name: row[name] for name in shared} == {name: cell(flat(video)[name]) for name in shared}

    assert {(row["query_id"], row["video_id"], row["found_at"], row["found_by"]) for row in matches} == {
        (str(found["query"]["id"]), video["id"], found["at"], found["by"]) for video in videos for found in video["found"]}
    assert sum(int(row["videos"]) for row in channels) == len(videos)
    assert {row["id"] for row in channels} == {video["channel"]["id"] for video in videos}
    for row in queries:
        query = listed[row["query"]]
        assert int(row["videos"]) == query["videos"] and row["covered_since"] == cell(query["covered_since"])
        assert row["last_success_at"] == cell(query["last_success_at"]) and int(row["gaps_count"]) == query["gaps_count"]


def test_the_examples_of_the_document_work(site):
    for sql in examples("sql"):
        sqlite(site, sql, "-readonly")
    copying = re.search(r'sqlite3 public\.db "(.*?)"', DOCUMENT, re.DOTALL).group(1)
    sqlite(site, copying, database="public.db")
    for view in VIEWS:
        assert sqlite(site, f"SELECT count(*) > 0 FROM {view}", database="public.db") == "1\n"
    assert "key" not in sqlite(site, ".schema", database="public.db")


def test_pandas_reads_it_as_the_document_says(site):
    pytest.importorskip("pandas", reason="python3-pandas is not installed")
    names = {}
    exec(examples("python")[0].replace("data/newsreel.db", str(site.data / "newsreel.db")), names)
    assert len(names["videos"]) > 0 and str(names["videos"]["published_at"].dtype) == "datetime64[ns, UTC]"
