"""What dies comes back, what is stopped is gone, and what was committed stays."""
import contextlib
import json
import os
import pwd
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

import pytest

from newsreel import FETCH, KEY, PATIENCE_S, START, WEB, free_port, made_up_video, ndjson, wait_for


def kill_and_measure(one, pattern, measured, what):
    before = set(one.processes(pattern))
    os.kill(one.the_process(pattern), signal.SIGKILL)
    begun = time.monotonic()
    # Back means: another process is there, and three answers in a row are good. The promise is two seconds; how long it took is said.
    wait_for(lambda: set(one.processes(pattern)) - before and all(one.answers("/api/videos?page_size=1") for _ in range(3)), what)
    measured.append(f"back after kill -9 of {what}: {time.monotonic() - begun:.2f} s")


def assert_sound(one, ids):
    assert ids <= one.all_ids()
    check = one.fetch("--check")
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.parametrize("what, pattern", [("nginx's master", "^nginx: master"), ("an nginx worker", "^nginx: worker"),
                                           ("newsreel-web", "newsreel-web")])
def test_what_is_killed_comes_back(running, measured, what, pattern):
    ids = running.all_ids()
    kill_and_measure(running, pattern, measured, what)
    wait_for(lambda: len(running.processes("^nginx: worker")) == 2 and len(running.processes("^nginx: master")) == 1, "two workers, none left over")
    assert_sound(running, ids)


def test_programs_that_hang_are_replaced(running, youtube, measured):
    ids = running.all_ids()
    youtube.fault("slow", 1)
    hung = [running.the_process("newsreel-web"), running.the_process("newsreel-fetch$")]
    for pid in hung:
        with contextlib.suppress(ProcessLookupError):  # a tick may just have ended
            os.kill(pid, signal.SIGSTOP)
    begun = time.monotonic()
    last = running.log().count("msg=run ")
    wait_for(lambda: not set(hung) & set(running.processes()), "the end of what hangs", 2 * PATIENCE_S)
    wait_for(lambda: running.answers("/readyz") and running.log().count("msg=run ") > last, "answers and a tick")
    measured.append(f"newsreel-web and a tick that were stopped: replaced after {time.monotonic() - begun:.0f} s")
    assert "newsreel-web hangs; ending it" in running.log()
    youtube.fault("slow", 0)
    assert_sound(running, ids)


def test_the_supervisor_is_told(newsreel):
    """Of the start, again and again that it lives, and of the end: systemd's protocol, spoken to a socket of the test's own."""
    one = newsreel()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.settimeout(PATIENCE_S)
        supervisor.bind(str(one.folder / "notify"))
        web = subprocess.Popen([WEB], cwd=one.folder, env=one.environment(NOTIFY_SOCKET=str(one.folder / "notify")), stderr=subprocess.PIPE)
        told = [supervisor.recv(100) for _ in range(3)]
        web.terminate()
        assert web.wait(PATIENCE_S) == 0
        web.stderr.close()
        while told[-1] != b"STOPPING=1":
            told.append(supervisor.recv(100))
    assert told[0] == b"READY=1" and set(told[1:-1]) == {b"WATCHDOG=1"}


def test_the_supervisor_is_told_of_a_run(newsreel, youtube):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.settimeout(PATIENCE_S)
        supervisor.bind(str(one.folder / "notify"))
        youtube.fault("slow", 1)
        fetch = subprocess.Popen([FETCH], cwd=one.folder, env=one.environment(NOTIFY_SOCKET=str(one.folder / "notify")), stderr=subprocess.DEVNULL)
        told = [supervisor.recv(100) for _ in range(2)]
        fetch.wait(2 * PATIENCE_S)
    youtube.fault("slow", 0)
    assert told == [b"READY=1", b"WATCHDOG=1"]


def test_a_tick_killed_in_the_middle_loses_nothing(running, youtube):
    for _ in range(3):
        ids = running.all_ids()
        youtube.fault("slow", 1)
        tick = running.the_process("newsreel-fetch")
        calls = youtube.calls()
        wait_for(lambda: youtube.calls() != calls or not running.processes("newsreel-fetch"), "a call of the tick")
        try:
            os.kill(tick, signal.SIGKILL)
        except ProcessLookupError:
            pass
        assert running.answers("/api/videos")
        assert_sound(running, ids)
    youtube.fault("slow", 0)
    count = running.count()
    wait_for(lambda: running.count() > count, "videos after the kills")


def test_an_import_killed_in_the_middle_leaves_a_sound_record(newsreel, youtube):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY)
    videos = [made_up_video(n, f"Number {n} of many") for n in range(30000)]
    (one.folder / "videos.ndjson").write_text(ndjson(*videos))
    one.fetch()  # makes the database
    for delay_s in (0.05, 0.3, 0.6):
        process = subprocess.Popen([FETCH, "--import", "videos.ndjson"], cwd=one.folder, env=one.environment(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay_s)
        process.kill()
        process.wait()
        check = one.fetch("--check")
        assert check.returncode == 0, check.stdout + check.stderr
    done = one.fetch("--import", "videos.ndjson")
    assert done.returncode == 0, done.stderr
    one.start()
    assert one.count() >= len(videos)
    assert [v["id"] for v in one.videos(query='"number 12345 of many"')["results"]] == ["test0012345"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_end_leaves_no_process_no_socket_no_folder(running, number):
    assert running.end(number) == 0
    assert running.processes() == {}
    assert list(running.temporary.iterdir()) == []
    assert list(running.data.glob("*.sock")) == [] and not running.run_folder().exists()
    with socket.socket() as s:
        assert s.connect_ex(("127.0.0.1", running.port)) != 0


def test_it_ends_the_demo_too(newsreel, youtube):
    one = newsreel(youtube).start()
    assert one.processes("newsreel-sim")
    assert one.end(signal.SIGINT) == 0
    assert one.processes() == {}
    assert list(one.temporary.iterdir()) == []


def test_it_ends_during_a_slow_tick(running, youtube):
    youtube.fault("slow", 10)
    running.the_process("newsreel-fetch")
    assert running.end() == 0
    assert running.processes() == {}
    youtube.fault("slow", 0)


def test_programs_end_even_when_the_script_is_killed(running):
    running.process.kill()
    running.process.wait()
    wait_for(lambda: not running.processes("nginx|newsreel"), "the end of all programs")
    running.start()


def test_the_next_start_ends_what_a_killed_one_left_running(running):
    """The worst case: nobody tells nginx's workers, and newsreel-web hangs."""
    ids = running.all_ids()
    left = {**running.processes("^nginx: worker"), **running.processes("newsreel-web")}
    assert len(left) == 3
    os.kill(running.the_process("newsreel-web"), signal.SIGSTOP)
    master = running.the_process("^nginx: master")
    os.kill(master, signal.SIGSTOP)
    running.process.kill()
    running.process.wait()
    os.kill(master, signal.SIGKILL)
    wait_for(lambda: not running.processes("^nginx: master|newsreel-fetch"), "the end of nginx's master")
    assert left.items() <= running.processes().items()
    running.start()
    assert not left.keys() & running.processes().keys()
    assert_sound(running, ids)
    assert running.end() == 0
    assert running.processes() == {} and not running.run_folder().exists()


def test_the_next_start_ends_a_demo_left_running(newsreel):
    one = newsreel().start()
    simulator = one.the_process("newsreel-sim")
    os.kill(simulator, signal.SIGSTOP)
    one.process.kill()
    one.process.wait()
    assert simulator in one.processes()
    one.start()
    assert simulator not in one.processes() and len(one.processes("newsreel-sim")) == 1


@pytest.mark.parametrize("remove", [lambda run: shutil.rmtree(run), lambda run: (run / "web.sock").unlink(), lambda run: shutil.rmtree(run / "body"),
                                    lambda run: shutil.rmtree((run / "cache").resolve())], ids=["all", "the socket", "bodies", "the cache"])
def test_a_run_folder_that_somebody_removes_is_made_anew(running, remove):
    ids = running.all_ids()
    programs = running.processes("^nginx: master|newsreel-web")
    wait_for(lambda: (running.run_folder() / "cache").is_dir(), "the run folder")
    remove(running.run_folder())
    wait_for(lambda: not programs.keys() & running.processes().keys() and all(running.answers(path) for path in ("/api/videos", "/", "/readyz")),
             "answers of a new nginx and newsreel-web")
    assert_sound(running, ids)
    assert running.end() == 0
    assert running.processes() == {} and not running.run_folder().exists()


@pytest.mark.parametrize("pattern", ["^nginx: master", "newsreel-web"])
def test_a_run_folder_removed_while_a_program_is_down_is_made_anew(running, pattern):
    os.kill(running.process.pid, signal.SIGSTOP)  # it looks after its programs only when both have happened
    os.kill(running.the_process(pattern), signal.SIGKILL)
    shutil.rmtree(running.run_folder())
    os.kill(running.process.pid, signal.SIGCONT)
    wait_for(lambda: all(running.answers(path) for path in ("/api/videos", "/", "/readyz")), "answers")


def test_the_run_folder_is_where_systemd_wants_it(newsreel, tmp_path):
    one = newsreel(YOUTUBE_API_KEYS=KEY, RUNTIME_DIRECTORY=f"{tmp_path}:/nowhere").start()
    assert (tmp_path / "newsreel.run" / "web.sock").is_socket()
    assert not one.run_folder().exists() and list(one.temporary.iterdir()) == []
    assert one.end() == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["long/" * 25 + "path", "a blank", "this&that", "umläut"])
def test_a_data_folder_that_has_no_place_for_a_socket(newsreel, name):
    one = newsreel(YOUTUBE_API_KEYS=KEY, NEWSREEL_DATA=f"./{name}").start()
    assert one.log().count("cannot use") == 1 and f"{name}/newsreel.run" in one.log() and str(one.temporary) in one.log()
    one.process.kill()
    one.process.wait()
    one.start()
    assert len(list(one.temporary.iterdir())) == 1  # the folder of the killed start is gone
    assert one.end() == 0
    assert list(one.temporary.iterdir()) == []


def set_schema(one, version):
    with contextlib.closing(sqlite3.connect(one.data / "newsreel.db")) as record:
        before = record.execute("PRAGMA user_version").fetchone()[0]
        record.execute(f"PRAGMA user_version = {version}")
    return before


def test_an_update_that_migrates_first_is_followed_by_the_new_program(newsreel, youtube):
    """The new newsreel-fetch has migrated the database; then its newsreel-web is installed."""
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY)
    programs = one.install()
    one.start()
    wait_for(lambda: one.count() >= 50, "the first videos")
    ids = one.all_ids()
    old = one.the_process("newsreel-web")
    version = set_schema(one, 99)
    for path in ("/api/videos", "/", "/readyz", "/healthz", "/api/queries", "/feeds/videos.atom"):
        answer = one.get(path)
        assert answer.status_code == 503 and answer.headers["Retry-After"] and str(one.data) not in answer.text, (path, answer.text)
    assert one.log().count("newer than this program's") == 1
    set_schema(one, version)  # that of the new program, here
    shutil.copy(WEB, programs / "new")
    os.rename(programs / "new", programs / "newsreel-web")
    wait_for(lambda: old not in one.processes("newsreel-web") and one.answers("/readyz"), "answers of the new program")
    assert one.all_ids() >= ids


def test_the_next_program_waits_for_the_one_before(newsreel, youtube):
    """A rolling restart: the old one holds the folder until it has answered what it had to."""
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY).start()
    old = one.the_process("newsreel-web")
    with one.still():
        new = subprocess.Popen([WEB, "--socket", one.run_folder() / "web.sock"], cwd=one.folder, env=one.environment(), stderr=subprocess.PIPE, text=True)
        assert "waiting for another newsreel-web" in new.stderr.readline()
        assert one.answers("/api/videos")
        os.kill(old, signal.SIGTERM)
        assert "answering on" in new.stderr.readline()
        assert one.answers("/api/videos")
    new.terminate()
    new.stderr.read()
    assert new.wait() == 0


def test_it_starts_again_on_the_same_record(running):
    ids = running.all_ids()
    assert running.end() == 0
    running.start()
    assert_sound(running, ids)


def second_start(one, **variables):
    return subprocess.run([START], cwd=one.folder, env=one.environment(**variables), capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def test_a_second_one_on_the_same_folder_is_refused(running):
    second = second_start(running, NEWSREEL_LISTEN=f"127.0.0.1:{free_port()}")
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert f"process {running.process.pid}" in second.stderr and "data" in second.stderr
    assert running.alive() and running.answers("/api/videos")


def test_a_second_one_at_the_same_address_is_refused(running, tmp_path):
    second = second_start(running, NEWSREEL_DATA=str(tmp_path / "data"))
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert f"127.0.0.1:{running.port}" in second.stderr and "nginx" in second.stderr
    assert running.alive() and running.answers("/api/videos")
    everywhere = second_start(running, NEWSREEL_DATA=str(tmp_path / "data"), NEWSREEL_LISTEN=f"0.0.0.0:{running.port}")
    assert everywhere.returncode == 1


def test_a_wrong_setting_is_named_at_start(newsreel):
    one = newsreel(NEWSREEL_INTERVAL="soon")
    refused = second_start(one)
    assert refused.returncode != 0
    assert "NEWSREEL_INTERVAL=soon" in refused.stderr
    assert list(one.temporary.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_run_by_root_it_belongs_to_the_owner_of_the_data(newsreel, youtube):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY)
    nobody = pwd.getpwnam("nobody")
    one.folder.chmod(0o755)
    one.data.mkdir()
    os.chown(one.data, nobody.pw_uid, nobody.pw_gid)
    one.start()
    wait_for(lambda: one.count() >= 50, "the first videos")
    owners = {words: os.stat(f"/proc/{pid}").st_uid for pid, words in one.processes("newsreel-web|^nginx: worker").items()}
    assert len(owners) >= 2 and set(owners.values()) == {nobody.pw_uid}
    assert one.fetch("--check").returncode == 0  # by root too
    # The run folder goes with its start, and root's nginx writes there.
    lasting = [path for path in one.data.rglob("*") if "newsreel.run" not in path.parts]
    assert lasting and {path.stat().st_uid for path in [one.data, *lasting]} == {nobody.pw_uid}
    style = re.search(r'href="(/static/[^"]+\.css)"', one.get("/").text).group(1)
    assert one.get(style).status_code == 200


def test_one_stream_of_json_and_a_health_check(newsreel):
    one = newsreel(YOUTUBE_API_KEYS=KEY, NEWSREEL_LOG_FORMAT="json", NEWSREEL_LOG="debug").start()
    check = subprocess.run([WEB, "--healthcheck"], env=one.environment(), cwd=one.folder, capture_output=True, text=True, check=False)
    assert check.returncode == 0 and "warnings" in json.loads(check.stdout), check
    answer = one.get("/api/videos?query=what+somebody+seeks")
    one.get("/push/0123456789abcdef0123456789abcdef")
    about = lambda msg, request: [line for line in log_lines(one) if line["msg"] == msg and line.get("request") == request]
    wait_for(lambda: about("access", answer.headers["X-Request-Id"]), "the line of nginx")
    access, = about("access", answer.headers["X-Request-Id"])
    assert (access["path"], access["status"], access["method"]) == ("/api/videos", 200, "GET")
    ours, = about("request", answer.headers["X-Request-Id"])
    assert (ours["route"], ours["status"]) == ("/api/videos", 200)
    wait_for(lambda: "/push/:token" in one.log(), "the line of the push")
    assert "0123456789abcdef0123456789abcdef" not in one.log() and "somebody" not in one.log()
    wait_for(lambda: {"access", "request", "run"} <= {line["msg"] for line in log_lines(one)}, "lines of every program")
    one.end()
    check = subprocess.run([WEB, "--healthcheck"], env=one.environment(), cwd=one.folder, capture_output=True, text=True, check=False)
    assert check.returncode == 1 and "does not answer" in check.stderr


def log_lines(one):
    """All whole lines; that each is an object is what is tested."""
    return [json.loads(line) for line in one.log().splitlines(keepends=True) if line.endswith("\n")]
