"""PostgreSQL for tests: a server in a folder of its own, as user postgres, and replicas of it."""
import os
import shutil
import subprocess
from pathlib import Path

# What it has is gone with the test: nothing waits for the disk.
SETTINGS = {"listen_addresses": "127.0.0.1", "fsync": "off", "full_page_writes": "off", "hot_standby": "on"}


def run_as_postgres(*command):
    if os.getuid() == 0:
        command = ("runuser", "-u", "postgres", "--", *command)
    return subprocess.run(command, cwd="/", check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()


class Server:
    """A PostgreSQL server; one with PRIMARY is its replica, by the name NAME."""

    def __init__(self, name, port, primary=None):
        self.port = port
        self.programs = Path(run_as_postgres("pg_config", "--bindir"))
        self.folder = Path(run_as_postgres("mktemp", "-d", "/tmp/newsreel-postgres-XXXXXX"))
        self.data = self.folder / "data"
        if primary:
            self.command("pg_basebackup", "-D", self.data, "-R", "-c", "fast", "-d", f"{primary.url()} application_name={name}")
        else:
            self.command("initdb", "-N", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    def command(self, program, *arguments):
        return run_as_postgres(str(self.programs / program), *map(str, arguments))

    def start(self):
        settings = {**SETTINGS, "port": self.port, "unix_socket_directories": self.folder}
        self.command("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", " ".join(f"-c {name}={value}" for name, value in settings.items()), "start")

    def kill(self):
        """At once, as a machine that loses its power."""
        self.command("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    def promote(self):
        self.command("pg_ctl", "-D", self.data, "-w", "promote")

    def url(self):
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"

    def query(self, sql):
        return self.command("psql", "-X", "-A", "-t", "-d", self.url(), "-c", sql)

    def close(self):
        if (self.data / "postmaster.pid").exists():
            self.kill()
        shutil.rmtree(self.folder)
