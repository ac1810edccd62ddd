"""The backup of the day, and a database that is lost and comes back, as its owner sees it."""
import fcntl
import sqlite3
import time

from newsreel import KEY, made_up_video, ndjson, wait_for


def test_a_lost_database_comes_back_from_the_backup_of_the_day(youtube, newsreel):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_BACKUP_DIR="backups")
    (one.folder / "videos.ndjson").write_text(ndjson(*(made_up_video(n, f"Lighthouse {n}") for n in range(50))))
    assert one.fetch("--import", "videos.ndjson").returncode == 0
    one.start()
    status = wait_for(lambda: next((s for s in [owner_status(one)] if s["last_backup_at"]), None), "the backup of the day")
    assert status["backup_error"] is None
    backup = one.folder / "backups" / time.strftime("newsreel-%Y-%m-%d.db", time.strptime(status["last_backup_at"], "%Y-%m-%dT%H:%M:%SZ"))
    assert backup.stat().st_mode & 0o777 == 0o600
    assert "last good one " + status["last_backup_at"] in one.fetch("--status").stdout
    before = one.get("/api/changes").json()["next_cursor"]

    refused = one.fetch("--restore", backup)
    assert refused.returncode == 1 and "newsreel-web runs: stop newsreel" in refused.stderr
    one.end()
    # A program that has it open would go on with the one before.
    with sqlite3.connect(one.data / "newsreel.db") as other:
        other.execute("SELECT count(*) FROM video").fetchone()
        refused = one.fetch("--restore", backup)
        assert refused.returncode == 1 and "is in use by process " in refused.stderr
    other.close()

    lost = one.data / "newsreel.db"
    lost.write_bytes(lost.read_bytes()[:5 * 4096])
    check = one.fetch("--check")
    assert check.returncode == 1 and check.stderr.rstrip('"\n').endswith(": run newsreel-fetch --restore FILE")
    restored = one.fetch("--restore", backup)
    assert restored.returncode == 0, restored.stderr
    assert "the database before is " in restored.stdout and list(one.data.glob("newsreel.db.2*Z"))
    assert one.fetch("--check").returncode == 0
    repair = one.fetch("--repair")
    assert repair.returncode == 0 and repair.stdout == "there was nothing to rebuild: the database is sound\n"

    one.start()
    assert one.videos(query="lighthouse")["count"] == 50
    assert one.get("/api/changes", params={"cursor": before}).status_code == 410


def test_the_backup_of_the_day_is_made_once_and_not_by_a_run(newsreel, youtube):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY)
    before = one.fetch("--daily-backup", NEWSREEL_BACKUP_DIR="backups")
    assert before.returncode == 0 and "not there yet" in before.stderr and not one.data.exists()
    assert one.fetch(NEWSREEL_BACKUP_DIR="backups").returncode == 0
    assert not list(one.folder.glob("backups/*"))
    made = one.fetch("--daily-backup", NEWSREEL_BACKUP_DIR="backups")
    assert made.returncode == 0 and "backup: written to backups" in made.stderr, made.stderr
    assert len(list(one.folder.glob("backups/newsreel-*.db"))) == 1
    again = one.fetch("--daily-backup", NEWSREEL_BACKUP_DIR="backups")
    assert again.returncode == 0 and again.stderr == ""
    unset = one.fetch("--daily-backup", "--verbose")
    assert unset.returncode == 0 and "NEWSREEL_BACKUP_DIR is not set" in unset.stderr


def test_one_import_at_a_time_and_none_beside_a_restoration(newsreel):
    one = newsreel(YOUTUBE_API_KEYS=KEY)
    (one.folder / "videos.ndjson").write_text(ndjson(made_up_video(1, "Lighthouse")))
    one.data.mkdir()
    with open(one.data / "import.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for action in ("--import", "--import-django"):
            refused = one.fetch(action, "videos.ndjson")
            assert refused.returncode == 1 and "another import, or --restore, is still in progress" in refused.stderr, refused.stderr
        refused = one.fetch("--restore", "videos.ndjson")
        assert refused.returncode == 1 and "an import is in progress" in refused.stderr, refused.stderr
    assert one.fetch("--import", "videos.ndjson").returncode == 0


def owner_status(one):
    return one.get("/api/status", headers=one.authorization()).json()
