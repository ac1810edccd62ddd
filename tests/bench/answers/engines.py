"""What the records of the benchmark are kept in: files of SQLite, or databases of a PostgreSQL of its own."""
import os
import pwd
import subprocess
from pathlib import Path

from machine import ROOT, TICKS


def output_of(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, **options).stdout


class Sqlite:
    name = "sqlite"
    small_count = 10000  # videos of the small record

    def take(self, file):
        """Where the record of the SQLite file FILE is for the programs of the benchmark: there."""
        return file

    def environment(self, _location):
        """Of newsreel's programs, beside NEWSREEL_DATA."""
        return {}

    def read(self, location, statement):
        return output_of("sqlite3", location, statement).strip()

    def cpu_s(self):
        """Of the engine's own processes."""
        return 0

    def close(self):
        pass


class Postgres:
    """A cluster with PostgreSQL's own settings, on a socket in FOLDER, as user postgres where root runs this."""

    name = "postgres"
    small_count = 100000

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.programs = Path(output_of("pg_config", "--bindir").strip())
        if os.geteuid() == 0:
            postgres = pwd.getpwnam("postgres")
            os.chown(self.folder, postgres.pw_uid, postgres.pw_gid)
        self.run("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o",
                 f"-c listen_addresses='' -c unix_socket_directories={self.folder}", "start")
        self.folder.chmod(0o755)
        self.server = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def run(self, program, *words):
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        with open(os.devnull, "wb") as null:  # what pg_ctl starts keeps its output
            subprocess.run([*user, str(self.programs / program), *map(str, words)], check=True, cwd="/", stdout=null)

    def psql(self, database, statement):
        return output_of("psql", "-XAtq", "-h", self.folder, "-U", "postgres", "-d", database, "-c", statement).strip()

    def take(self, file):
        """In a database of its own, a copy, vacuumed as the server does it by itself a while later."""
        name = f"newsreel_{file.parent.name}"
        url = f"postgresql://postgres@/{name}?host={self.folder}"
        self.psql("postgres", f"CREATE DATABASE {name}")
        subprocess.run([ROOT / "build" / "newsreel-fetch", "--copy-to", url], check=True, cwd=file.parent, env={**os.environ, "NEWSREEL_DATA": str(file.parent)})
        self.psql(name, "VACUUM (ANALYZE)")
        return url

    def environment(self, location):
        return {"NEWSREEL_DATABASE": location}

    def read(self, location, statement):
        return self.psql(location, statement)

    def cpu_s(self):
        """Of the server, its processes, and those that have ended."""
        ticks = 0
        for process in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = process.read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(process.parent.name) == self.server:
                ticks += sum(int(word) for word in words[11:15])
            elif int(words[1]) == self.server:
                ticks += int(words[11]) + int(words[12])
        return ticks / TICKS

    def close(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "fast", "-w", "stop")
