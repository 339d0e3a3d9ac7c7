"""A real PostgreSQL server in a folder of its own, and empty databases there for the tests."""

from __future__ import annotations

import asyncio
import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import psycopg

from store.postgres.store import PostgresStore

_TEMPLATE = "empty"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Settings of a server whose machine is never to lose power."""

_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "shared_buffers=64MB",
    "max_connections=200",
    "logging_collector=off",
    "log_min_messages=fatal",
    "autovacuum_naptime=5",
)
_IN_TIME = 60  # seconds for the server to start

_WATCH = """
read -r nothing
[ -f "$1/data/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"
rm -rf "$1"
"""
"""Waits for a line that never comes; once whoever would write it has ended, ends the server."""

# All tables but those of the schema itself, which also come back to what the template has.
_WIPE = """
DO $$
DECLARE one TEXT;
BEGIN
    SET LOCAL session_replication_role = replica;  -- nothing cascades, and no trigger runs
    FOR one IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT IN ('schema_version', 'template_meta') LOOP
        EXECUTE format('DELETE FROM %I', one);
    END LOOP;
    FOR one IN SELECT sequencename FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', one);
    END LOOP;
    INSERT INTO meta SELECT * FROM template_meta;
END $$
"""


def find_binaries() -> Path | None:
    """The folder with `postgres` and `initdb`, the newest where Debian has several."""
    there = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: float(one.parent.name)
    )
    on_path = shutil.which("postgres")
    folders = [*there, *([Path(on_path).resolve().parent] if on_path else [])]
    whole = [one for one in folders if (one / "initdb").exists()]
    return whole[-1] if whole else None


class PostgresServer:
    """A server on a free port; it runs as another user where the tests run as root."""

    def __init__(self, *settings: str) -> None:
        """Makes one; `settings` stand before those of the tests."""
        found = find_binaries()
        if found is None:
            raise FileNotFoundError("PostgreSQL's server is not installed")
        self._binaries = found
        self._settings = settings or _FAST
        self._user = _unprivileged()
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
        self.folder.chmod(0o755)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        # Its input is a pipe that the system closes when this process ends, however it does.
        self._watchdog = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, "watchdog", self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def start(self) -> None:
        """Makes the server's files where there are none, and starts it."""
        data = self.folder / "data"
        if not data.exists():
            data.mkdir()
            if self._user:
                shutil.chown(data, self._user)
                shutil.chown(self.folder, self._user)
            make = ("initdb", "--auth=trust", "--username=tests", "--encoding=UTF8", "--no-sync")
            self._run(*make, "--locale=C", "-D", str(data)).check_returncode()
        options = [f"-c{one}" for one in (*_SETTINGS, *self._settings)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(self._binaries / "postgres", "-D", data),
                    *(f"-p{self.port}", f"-k{self.folder}"),
                    *options,
                ],
                user=self._user,
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def stop(self, how: str = "immediate") -> None:
        """Stops it, as a crash would, or `fast`."""
        if self._process is not None:
            self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", how, "-w", "stop")
            self._process.wait()
            self._process = None

    def cpu_seconds(self) -> float:
        """Seconds of CPU that its living processes have had; 0 where the system does not say."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it has ended
                fields = path.read_text("ascii", "replace").rpartition(")")[2].split()
                if self._process and int(fields[1]) == self._process.pid:
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def remove(self) -> None:
        """Stops it, and removes all that it kept."""
        self.stop()
        self._watchdog.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://tests@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [str(self._binaries / program), *arguments]
        return subprocess.run(
            command, user=self._user, cwd=self.folder, capture_output=True, check=False
        )

    def _wait(self) -> None:
        ready = (str(self._binaries / "pg_isready"), "-q", "-h127.0.0.1", f"-p{self.port}")
        for _ in range(_IN_TIME * 20):
            if self._process is None or self._process.poll() is not None:
                break
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text())


def _unprivileged() -> str | None:
    """The user as which the server runs, which refuses to run as root; None for the tests' own."""
    if os.getuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Databases:
    """Empty databases of a server: one is made where none is free, and emptied to be used again."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._free: list[tuple[str, psycopg.Connection]] = []
        self._made = 0

    @contextmanager
    def one(self) -> Iterator[str]:
        """Lends an empty database; gives its URL."""
        url, connection = self._free.pop() if self._free else self._make()
        yield url
        connection.execute(_WIPE)
        self._free.append((url, connection))

    def close(self) -> None:
        """Closes the connections by which databases are emptied, and removes the server."""
        for _, connection in self._free:
            connection.close()
        self._server.remove()

    def _make(self) -> tuple[str, psycopg.Connection]:
        if not self._made:
            self._make_template()
        self._made += 1
        name = f"t{self._made}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
        url = self._server.url(name)
        return url, psycopg.connect(url, autocommit=True)

    def _make_template(self) -> None:
        self._execute(f"CREATE DATABASE {_TEMPLATE}")

        async def fill() -> None:
            await (await PostgresStore.open(self._server.url(_TEMPLATE))).aclose()

        # In a thread: the tests that need it run on an event loop already.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, fill()).result()
        with psycopg.connect(self._server.url(_TEMPLATE), autocommit=True) as connection:
            connection.execute("CREATE TABLE template_meta AS SELECT * FROM meta")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.url(), autocommit=True) as connection:
            connection.execute(statement.encode())


@cache
def databases() -> Databases:
    """The databases of the one server of this process, which is started at the first call."""
    server = PostgresServer()
    made = Databases(server)
    atexit.register(made.close)
    server.start()
    return made
