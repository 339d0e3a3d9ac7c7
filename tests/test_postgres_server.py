"""The tests' own PostgreSQL ends with them, also where they are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from postgres_server import find_binaries

pytestmark = [pytest.mark.process, pytest.mark.slow]

_START = """
import sys
from postgres_server import PostgresServer
server = PostgresServer()
server.start()
print(server.folder, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(find_binaries() is None, reason="PostgreSQL's server is not installed")
def test_a_server_ends_with_whoever_started_it_and_was_killed() -> None:
    path = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(
        [sys.executable, "-c", _START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(server, 0)
        process.send_signal(signal.SIGKILL)
    while folder.exists() or _is_alive(server):
        time.sleep(0.05)


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
