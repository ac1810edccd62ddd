"""newsreel-fetch --probe, as an owner runs it."""
import os
import pty
import re
import subprocess

import pytest

from newsreel import FETCH, KEY, PATIENCE_S, YouTube

COST = "This asks YouTube up to 9 searches and 11 units. Today 100000 searches and 100000 units are left."


@pytest.fixture
def one(newsreel):
    """newsreel before its first run, and a YouTube of its own: every call is the probe's."""
    youtube = YouTube("--rate", "60")
    yield newsreel(youtube, YOUTUBE_API_KEYS=KEY), youtube
    youtube.close()


def searches(youtube):
    return youtube.calls()["projects"][0]["searches"]["used"]


def at_a_terminal(newsreel, typed):
    """What it prints where somebody types this."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    done = subprocess.run([FETCH, "--probe", "solar eclipse"], cwd=newsreel.folder, env=newsreel.environment(), stdin=theirs, capture_output=True,
                          text=True, timeout=PATIENCE_S, check=True)
    os.close(ours)
    os.close(theirs)
    return done.stdout


def test_it_tells_the_cost_and_spends_it_after_a_yes(one):
    newsreel, youtube = one
    refused = newsreel.fetch("--probe", "solar eclipse")
    assert (refused.returncode, refused.stdout.splitlines()) == (2, [COST, "Nothing was asked: add --yes to spend them."])
    assert "holds" not in at_a_terminal(newsreel, "n\n") and searches(youtube) == 0

    done = newsreel.fetch("--probe", "solar eclipse", "--yes")
    lines = done.stdout.splitlines()
    assert (done.returncode, lines[0]) == (0, COST)
    assert [line.split()[0] for line in lines[1:-1]] == ["order", "window", "pool", "union", "videoCount"]
    assert [line.split()[1] for line in lines[1:4]] == ["holds"] * 3
    spent = searches(youtube)
    units = int(re.fullmatch(rf"It took {spent} searches and (\d+) units\.", lines[-1])[1])
    assert 0 < spent <= 9 and 0 < units <= 11
    assert f"Today {100000 - spent} searches" in at_a_terminal(newsreel, "y\n") and searches(youtube) == 2 * spent


def test_what_cannot_be_asked_is_said(one):
    newsreel, youtube = one
    without = newsreel.fetch("--probe", "solar eclipse", "--yes", YOUTUBE_API_KEYS="")
    assert without.returncode == 1 and "no API key" in without.stderr
    wrong = newsreel.fetch("--probe", "https://youtu.be/dQw4w9WgXcQ", "--yes")
    assert wrong.returncode == 2 and "not a query" in wrong.stderr
    youtube.fault("503", 1)
    failed = newsreel.fetch("--probe", "solar eclipse", "--yes")
    assert failed.returncode == 1
    findings = [line.split()[1] for line in failed.stdout.splitlines()[1:-1]]
    assert findings[:3] + findings[4:] == ["failed"] * 4 and findings[3] != "failed"  # one page is what these four are about
