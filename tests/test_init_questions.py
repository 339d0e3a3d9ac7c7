"""The questions of `dateline init`: an answer that cannot be used is asked for again."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli.init_questions import ask
from bot.config.first_config import Answers

TOKEN = f"123456789:{'A' * 35}"


def answered(*lines: str) -> tuple[Answers, str]:
    """What is made of lines that are typed, and what was said."""
    given: list[Answers] = []

    @click.command()
    def asking() -> None:
        given.append(ask())

    ran = CliRunner().invoke(asking, input="\n".join((*lines, "")))
    assert ran.exit_code == 0, ran.output
    return given[0], ran.output


def test_all_can_be_left_out() -> None:
    found, told = answered("", "", "", "")
    assert (found.name, found.sources, found.token) == ("", (), "")
    assert "Error" not in told


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("tokyo", "Asia/Tokyo"), ("new york", "America/New_York"), ("UTC", "UTC"), ("japan", "Japan")],
)
def test_a_time_zone_is_known_by_its_city(typed: str, zone: str) -> None:
    assert answered("", "", typed, "")[0].timezone == zone


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("tokio", "Did you mean Asia/Tokyo"),
        ("Middle Earth", "names no zone. An example: Europe/London."),
        ("Australia", "names several zones. Did you mean"),
    ],
)
def test_a_time_zone_that_is_none_is_asked_for_again(typed: str, told: str) -> None:
    found, said = answered("", "", typed, "oslo", "")
    assert told in said
    assert found.timezone == "Europe/Oslo"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("no-such-file.txt", "there is no file no-such-file.txt"),
        ("news.example/feed", "An address begins with https://"),
        ("https://", "https://"),
    ],
)
def test_sources_that_are_none_are_asked_for_again(tmp_path: Path, typed: str, told: str) -> None:
    (tmp_path / "one.txt").touch()
    good = f"{tmp_path}/*.txt https://news.example/feed"
    found, said = answered("", f"{typed} {good}", good, "", "")
    assert told in said
    assert found.sources == tuple(good.split())


def test_a_token_of_no_platform_is_asked_for_again_and_not_shown() -> None:
    found, said = answered("Bay", "", "", "hunter2", TOKEN)
    assert (found.name, found.token) == ("Bay", TOKEN)
    assert "neither a token of Telegram's nor one of Discord's" in said
    assert "hunter2" not in said
