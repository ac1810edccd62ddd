"""The real videos that lie beside the project, when they do, imported in one command."""
import gzip
import shutil

import pytest

from newsreel import ROOT

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
    without_channel = one.videos(query='"Merb, Rubinius and the Engine Yard Stack"')["results"]
    assert [v["channel"] for v in without_channel] == [None]
