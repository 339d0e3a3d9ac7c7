"""`dateline init` in a terminal: four answers make a configuration that works."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pexpect
import pytest
from small_disk import empty_disk, fill_disk, mounted

from bot.config.first_config import Answers, first_config, platform_of
from bot.config.load import read_config
from bot.errors import ConfigError

TELEGRAM = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
DISCORD = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


@pytest.mark.parametrize(
    ("token", "platform"),
    [(TELEGRAM, "telegram"), (DISCORD, "discord"), ("", ""), ("hello", ""), ("1:2", "")],
)
def test_a_token_tells_its_platform(token: str, platform: str) -> None:
    assert platform_of(token) == platform


@pytest.mark.parametrize(
    "answers",
    [
        Answers(),
        Answers('The "Gullhaven" \\ Desk', ("https://a.example/feed",), "Asia/Tokyo", TELEGRAM),
        Answers(
            "Börse", ("~/news/*.txt", "posts", "http://b.example/", "https://b.example/x"), "UTC"
        ),
        Answers(token=DISCORD),
    ],
)
def test_whatever_is_answered_makes_a_valid_configuration(tmp_path: Path, answers: Answers) -> None:
    (tmp_path / "token").write_text(answers.token or "x", "utf-8")
    path = tmp_path / "config.toml"
    path.write_text(first_config(answers, "token"), "utf-8")
    config = read_config(path, {})
    assert config.desk.name == answers.name
    assert str(config.bot.timezone) == answers.timezone
    assert len(config.sources) == len(answers.sources)
    assert len({one.id for one in config.sources}) == len(answers.sources)
    tokens = [
        one.token.get_secret_value() for one in (config.telegram, config.discord) if one.token
    ]
    assert tokens == ([answers.token] if answers.token else [])
    assert answers.token not in path.read_text("utf-8") or not answers.token


@pytest.mark.parametrize(
    "answers", [Answers(sources=("https://",)), Answers("", (), "UTC", "hello")]
)
def test_an_answer_that_cannot_be_used_is_refused(answers: Answers) -> None:
    with pytest.raises(ConfigError):
        first_config(answers, "token")


def started(folder: Path) -> pexpect.spawn[str]:
    environment = {**os.environ, "DATELINE_CONFIG": "", "TZ": "Europe/Oslo"}
    arguments = ["-m", "bot.cli", "init"]
    return pexpect.spawn(
        sys.executable, arguments, cwd=str(folder), env=environment, encoding="utf-8"
    )


def answered(folder: Path) -> pexpect.spawn[str]:
    """Asks and is answered, until all has been said."""
    asking = started(folder)
    for question, answer in (
        ("called", "Night Desk"),
        ("come from", "https://a.example/feed.xml"),
        (r"\[Europe/Oslo\]", ""),
        ("token", TELEGRAM),
    ):
        asking.expect(question)
        asking.sendline(answer)
    asking.expect(pexpect.EOF)
    asking.close()
    return asking


@pytest.mark.process
def test_it_is_asked_in_a_terminal(tmp_path: Path) -> None:
    asking = answered(tmp_path)
    assert "written" in (asking.before or "")
    assert TELEGRAM not in (asking.before or "")
    assert asking.exitstatus == 0
    config = read_config(tmp_path / "config.toml", {})
    assert (config.desk.name, str(config.bot.timezone)) == ("Night Desk", "Europe/Oslo")
    assert config.sources[0].url == "https://a.example/feed.xml"
    assert config.telegram.token
    assert stat.S_IMODE((tmp_path / "dateline.token").stat().st_mode) == 0o600
    before = (tmp_path / "config.toml").read_bytes()
    again = started(tmp_path)
    again.expect("exists already")
    again.expect(pexpect.EOF)
    assert (tmp_path / "config.toml").read_bytes() == before


@pytest.mark.process
def test_a_disk_that_is_full_behind_the_token_keeps_neither(tmp_path: Path) -> None:
    with mounted(tmp_path, kilobytes=64) as is_mounted:
        if not is_mounted:
            pytest.skip("no disk can be mounted here")
        fill_disk(tmp_path, left=os.sysconf("SC_PAGE_SIZE"))  # the token's
        asking = answered(tmp_path)
        assert asking.exitstatus == 3
        assert "config.toml: could not be written: No space left" in (asking.before or "")
        assert [one.name for one in tmp_path.iterdir()] == ["ballast"]
        empty_disk(tmp_path)
        assert answered(tmp_path).exitstatus == 0
