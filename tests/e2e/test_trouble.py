"""A machine in trouble: a tick says in one line what is wrong, does no damage, and the next one goes on once the trouble is over."""
import contextlib
import os
import pwd
import re
import resource
import signal
import sqlite3
import subprocess

import pytest

from newsreel import FETCH, KEY, PATIENCE_S, START, WEB, made_up_video, ndjson, wait_for


@pytest.fixture
def one(newsreel, youtube):
    """newsreel without its start script: ticks are run by hand."""
    made = newsreel(youtube, YOUTUBE_API_KEYS=KEY)
    assert_good_tick(made)
    return made


@contextlib.contextmanager
def on_a_disk_of_its_own(one, *mount):
    """The command MOUNT, with the folder for it added, makes the disk that holds the data folder."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk to fill")
    disk = one.folder / "disk"
    disk.mkdir()
    if subprocess.run([*mount, disk], capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here")
    one.variables["NEWSREEL_DATA"] = str(disk)
    one.data = one.disk = disk
    try:
        assert_good_tick(one)
        yield one
    finally:
        if one.process:
            one.end()
        subprocess.run(["umount", disk], check=False)


@pytest.fixture
def mounted(one):
    """The same, with a small disk of its own below the data folder."""
    with on_a_disk_of_its_own(one, "mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs"):
        yield one


@pytest.fixture
def small_blocks(one):
    """The same with blocks of 1 KiB, as ext4 has them on a disk of less than 512 MiB."""
    image = one.folder / "image"
    with open(image, "wb") as file:
        file.truncate(64 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-b", "1024", "-m", "0", "-O", "^has_journal", image], check=True)
    with on_a_disk_of_its_own(one, "mount", "-o", "loop", image):
        yield one


def remount(one, mode):
    subprocess.run(["mount", "-o", f"remount,{mode}", one.disk], check=True)


def assert_good_tick(one):
    tick = one.fetch()
    assert tick.returncode == 0, tick.stderr
    assert " msg=run " in tick.stderr, tick.stderr


def assert_failed(tick, words):
    assert tick.returncode == 1, (tick.returncode, tick.stderr)
    assert tick.stderr.count("\n") == 1, tick.stderr
    assert "level=error" in tick.stderr and words in tick.stderr, tick.stderr


def assert_recovers(one):
    assert_good_tick(one)
    check = one.fetch("--check")
    assert check.returncode == 0, check.stdout + check.stderr


def ask_for_a_new_query(one, number):
    """Every tick has something to store: a new query is asked for at once."""
    one.variables["NEWSREEL_QUERIES"] = f"rocket launch;query number {number}"


def fill(disk):
    with open(disk / "filler", "wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096) == 4096:
                pass
        except OSError:
            pass


def test_a_full_disk(mounted):
    ask_for_a_new_query(mounted, 1)
    fill(mounted.disk)
    for _ in range(2):
        assert_failed(mounted.fetch(), "disk is full")
    (mounted.disk / "filler").unlink()
    assert_recovers(mounted)


def test_a_full_disk_is_neither_ready_nor_healthy(mounted):
    mounted.start()
    ids = mounted.all_ids()
    fill(mounted.disk)
    wait_for(lambda: not mounted.answers("/readyz"), "the end of readiness")
    assert mounted.get("/readyz").status_code == mounted.get("/healthz").status_code == 503
    assert mounted.get("/healthz").json()["status"] == mounted.get("/api/status").json()["summary"] == "The disk is full"
    assert "status     The disk is full" in mounted.fetch("--status").stdout
    assert "The disk is full" in mounted.get("/status").text
    for path in ("/", "/?query=rocket", "/api/videos", "/api/videos?query=rocket&page_size=100", "/feeds/videos.atom"):
        assert mounted.get_kept(path).status_code == 200  # reading goes on
    assert mounted.all_ids() >= ids
    (mounted.disk / "filler").unlink()
    wait_for(lambda: mounted.answers("/readyz") and mounted.answers("/healthz"), "health after the trouble")


@pytest.mark.parametrize("trouble", ["full", "read-only", "read-only, no /tmp"])
def test_reading_comes_up_on_a_disk_that_takes_nothing(mounted, trouble):
    mounted.start()
    ids = mounted.all_ids()
    assert mounted.end() == 0
    assert_good_tick(mounted)  # leaves no room in a -wal
    if trouble == "full":
        fill(mounted.disk)
    else:
        remount(mounted, "ro")
    if "no /tmp" in trouble:
        mounted.temporary = mounted.folder / "nowhere"
    before = mounted.log()
    mounted.start(ready="/")
    for path in ("/", "/?query=rocket", "/api/videos", "/status", "/feeds/videos.atom"):
        assert mounted.get(path).status_code == 200
    assert mounted.get("/readyz").status_code == 503
    assert mounted.all_ids() >= ids
    said = mounted.log()[len(before):]
    assert "the disk is full" in said if trouble == "full" else "full or read-only: the pages show what is recorded" in said
    lines = [line for line in said.splitlines() if "level=" not in line and "newsreel: " not in line and "[" not in line.split(" ")[0]]
    assert all(line.startswith("    ") or re.match(r"\d{4}/", line) for line in lines), lines  # nothing raw of the shell
    if trouble == "full":
        (mounted.disk / "filler").unlink()
    else:
        remount(mounted, "rw")
    wait_for(lambda: mounted.answers("/readyz"), "recording after the trouble")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_folder_of_somebody_else_is_told_with_what_to_type(newsreel):
    one = newsreel()
    nobody = pwd.getpwnam("nobody")
    as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    one.folder.chmod(0o755)
    one.data.mkdir(0o755)
    for command, words in (([START], f"nobody cannot write to the folder ./data, which belongs to root: run \"sudo chown -R nobody ./data\""),
                           ([FETCH], "./data/fetch.lock: Permission denied: the folder belongs to root, this is nobody: sudo chown -R nobody ./data"),
                           ([WEB], "./data/web.lock: Permission denied: the folder belongs to root, this is nobody: sudo chown -R nobody ./data")):
        said = subprocess.run(command, cwd=one.folder, env=one.environment(), capture_output=True, text=True, check=False, timeout=PATIENCE_S, **as_nobody)
        assert said.returncode == 1 and said.stderr.count("\n") == 1 and words in said.stderr, said.stderr
    missing = subprocess.run([START], cwd=one.folder, env=one.environment(NEWSREEL_DATA="/proc/none"), capture_output=True, text=True, check=False)
    assert missing.returncode == 1 and missing.stderr.count("\n") == 1 and "sudo install -d" in missing.stderr, missing.stderr


def test_a_disk_of_small_blocks_that_has_hardly_any_room(small_blocks):
    """Where room is found for some pages of a file and not for others, the programs still end with a line, not by a signal."""
    filler = small_blocks.disk / "filler"
    failed = set()
    for free_kib in range(0, 72, 4):
        ask_for_a_new_query(small_blocks, free_kib)
        fill(small_blocks.disk)
        os.truncate(filler, max(filler.stat().st_size - free_kib * 1024, 0))
        tick = small_blocks.fetch()
        if tick.returncode != 0:
            assert_failed(tick, "disk is full")
            failed.add(free_kib)
        filler.unlink()
    assert {0, 24, 28, 32} <= failed
    assert_recovers(small_blocks)


def test_a_disk_that_fills_up_little_by_little(mounted):
    """Whatever it is that finds no room, the record stays sound."""
    failed = 0
    for number in range(200):
        ask_for_a_new_query(mounted, number)
        tick = mounted.fetch()
        if tick.returncode != 0:
            assert_failed(tick, "disk is full")
            failed += 1
        if failed == 3:
            break
    assert failed == 3
    subprocess.run(["mount", "-o", "remount,size=64m", mounted.disk], check=True)
    assert_recovers(mounted)


def test_a_disk_that_became_read_only(mounted):
    remount(mounted, "ro")
    assert_failed(mounted.fetch(), "Read-only")
    remount(mounted, "rw")
    assert_recovers(mounted)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(one):
    for path in [one.data, *one.data.iterdir()]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    assert_failed(one.fetch(), "Permission denied")
    for path in [one.data, *one.data.iterdir()]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert_recovers(one)


def test_a_file_that_may_not_grow(one):
    """As `ulimit -f` does it: the limit is the size that the record has."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    ask_for_a_new_query(one, 1)
    tick = subprocess.run([FETCH], cwd=one.folder, env=one.environment(), capture_output=True, text=True, check=False, preexec_fn=limit)
    assert_failed(tick, "File too large")
    assert_recovers(one)


def test_a_record_that_another_program_holds(one):
    other = sqlite3.connect(one.data / "newsreel.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ask_for_a_new_query(one, 1)
    assert_failed(one.fetch(), "the database is busy")
    other.execute("ROLLBACK")
    other.close()
    assert_recovers(one)


def test_a_machine_without_zone_data(one):
    assert_failed(one.fetch(TZDIR=str(one.folder / "nowhere")), "America/Los_Angeles is missing")
    assert_recovers(one)


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".db-shm"}


@pytest.mark.parametrize("option", ["--check", "--status"])
def test_looking_makes_no_database(newsreel, option):
    one = newsreel(NEWSREEL_DATA="typo/data")
    assert_failed(one.fetch(option), "typo/data/newsreel.db: no database of this version: check NEWSREEL_DATA")
    assert list(one.folder.iterdir()) == [one.temporary]


@pytest.mark.parametrize("option", ["--help", "--version", "--print-config=NEWSREEL_DATA", "--check", "--status"])
def test_looking_changes_nothing(one, option):
    before = contents(one.data)
    assert one.fetch(option).returncode == 0
    assert contents(one.data) == before
    subprocess.run([WEB, "--help"], cwd=one.folder, env=one.environment(), capture_output=True, check=True)
    assert contents(one.data) == before


@pytest.mark.parametrize("option", ["--check", "--status", "--mode", "--verbose"])
def test_another_programs_database_is_left_alone(newsreel, option):
    one = newsreel()
    one.data.mkdir()
    with contextlib.closing(sqlite3.connect(one.data / "newsreel.db")) as other:
        other.execute("CREATE TABLE bookmark (url)")
    before = (one.data / "newsreel.db").read_bytes()
    assert_failed(one.fetch(option), "newsreel.db: this is another program's database: set NEWSREEL_DATA")
    assert (one.data / "newsreel.db").read_bytes() == before


def test_every_zeroed_page_and_every_cut_is_found(newsreel):
    one = newsreel()
    videos = [made_up_video(number, f"Video {number} " + "long " * (900 if number % 50 == 0 else 3)) for number in range(300)]
    (one.folder / "videos.ndjson").write_text(ndjson(*videos))
    assert one.fetch("--import", "videos.ndjson").returncode == 0
    path = one.data / "newsreel.db"
    good = path.read_bytes()
    size = 4096
    damages = [good[:at] + bytes(size) + good[at + size:] for at in range(0, len(good), size)]
    damages += [good[:at] for at in range(size // 2, len(good), 41 * size)]
    for damaged in damages:
        if damaged == good:
            continue
        for file in one.data.iterdir():
            file.unlink()
        path.write_bytes(damaged)
        check = one.fetch("--check")
        assert_failed(check, "newsreel.db")
        assert path.read_bytes() == damaged


def test_a_record_that_is_none(one):
    """It is not replaced: somebody may still want to save what is in it."""
    path = one.data / "newsreel.db"
    good = path.read_bytes()
    for suffix in ("-wal", "-shm"):
        (one.data / f"newsreel.db{suffix}").unlink(missing_ok=True)
    path.write_bytes(b"this is no record at all" * 1000)
    assert_failed(one.fetch(), "not a database")
    assert path.read_bytes().startswith(b"this is no record")
    path.write_bytes(good)
    assert_recovers(one)
