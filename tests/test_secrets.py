"""No token is shown, wherever it turns up."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from bot.monitoring.logs import JsonFormatter, TextFormatter
from bot.secrets import HIDDEN, SECRETS, Secrets

SECRET = "AAHdqTcvCH" * 3  # nobody's
TOKEN = f"110201543:{SECRET}"


def test_a_token_is_hidden_whole_and_in_part() -> None:
    secrets = Secrets()
    secrets.add(TOKEN)
    secrets.add(TOKEN)
    assert secrets.hide(f"https://api.example/bot{TOKEN}/getMe") == (
        f"https://api.example/bot{HIDDEN}/getMe"
    )
    assert secrets.hide(f"110201543%3A{SECRET} {SECRET}{TOKEN}") == (
        f"110201543%3A{HIDDEN} {HIDDEN}{HIDDEN}"
    )
    assert secrets.hide("the bot 110201543 is well") == "the bot 110201543 is well"


def test_a_token_that_holds_another_leaves_no_rest() -> None:
    secrets = Secrets()
    for token in ("abcdefgh", "abcdefgh-the-longer-one", "x-abcdefgh"):
        secrets.add(token)
    assert secrets.hide("abcdefgh-the-longer-one x-abcdefgh abcdefgh") == " ".join([HIDDEN] * 3)


def test_what_stands_below_a_path_is_hidden_but_no_path_beside_it() -> None:
    secrets = Secrets()
    secrets.add_path("/desk/enter")
    secrets.add_path("/desk/enter")
    assert secrets.hide("{'text': 'https://n.example/desk/enter/aB-_9'}, /desk/enter/x.") == (
        f"{{'text': 'https://n.example/desk/enter/{HIDDEN}'}}, /desk/enter/{HIDDEN}."
    )
    assert (
        secrets.hide("/desk/enter /desk/entering/x /desk") == "/desk/enter /desk/entering/x /desk"
    )


@pytest.mark.parametrize("word", ["", ":", "news", "12:bridge", "a.token:"])
def test_a_word_is_never_hidden_as_a_part(word: str) -> None:
    secrets = Secrets()
    secrets.add(word)
    assert secrets.hide("news of the bridge: late") == "news of the bridge: late"


@pytest.fixture(params=[TextFormatter, JsonFormatter])
def formatter(request: pytest.FixtureRequest) -> logging.Formatter:
    SECRETS.add(TOKEN)
    made = request.param(debug=True)
    assert isinstance(made, logging.Formatter)
    return made


def _failure() -> BaseException:
    """An error whose message, cause, context and note all hold the token."""

    try:
        try:
            _fail()
        except LookupError as error:
            error.add_note(f"noted {TOKEN}")
            raise RuntimeError(f"because of {SECRET}") from error
    except RuntimeError as error:
        return error


def _fail() -> NoReturn:
    try:
        int(TOKEN)
    except ValueError:
        raise LookupError(f"while handling {TOKEN}")  # noqa: B904 - the context is meant
    raise AssertionError


def test_a_record_is_logged_without_the_token_in_it(formatter: logging.Formatter) -> None:
    error = _failure()
    record = logging.LogRecord(
        "x", logging.ERROR, __file__, 1, "asked %s", (f"/bot{TOKEN}/",), (type(error), error, None)
    )
    record.stack_info = f"stack {TOKEN}"
    text = formatter.format(record)
    assert f"asked /bot{HIDDEN}/" in text
    for part in ("invalid literal", "while handling", "noted", "RuntimeError: because of", "stack"):
        assert part in text
    assert SECRET not in text


PROGRAM = """
import logging, os
from bot.app import load_config
from bot.cli.main import main

TOKEN = os.environ["DATELINE_{platform}_TOKEN"]

@main.command()
def fail():
    load_config(None, os.environ)
    log = logging.getLogger("library")
    log.error("asked %s", TOKEN)
    log.error("told %s and %s", TOKEN)  # one too few: the library is wrong
    try:
        raise ValueError("bot" + TOKEN)
    except ValueError as error:
        raise RuntimeError("cannot ask " + TOKEN) from error

main(["fail"] if {quiet} else ["--debug", "fail"])
"""


@pytest.mark.process
@pytest.mark.parametrize("platform", ["TELEGRAM", "DISCORD"])
@pytest.mark.parametrize("quiet", [True, False])
def test_the_command_shows_no_token_when_something_fails(
    tmp_path: Path, platform: str, *, quiet: bool
) -> None:
    failed = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(platform=platform, quiet=quiet)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={
            **os.environ,
            "DATELINE_CONFIG": "",
            "XDG_DATA_HOME": str(tmp_path),
            f"DATELINE_{platform}_TOKEN": TOKEN,
        },
        timeout=60,
        check=False,
    )
    assert failed.returncode == 1
    assert SECRET not in failed.stdout + failed.stderr
    assert f"library: asked {HIDDEN}\n" in failed.stderr
    assert "a message from library could not be logged\n" in failed.stderr
    assert f"RuntimeError: cannot ask {HIDDEN}\n" in failed.stderr
    assert (f"ValueError: bot{HIDDEN}\n" in failed.stderr) == (not quiet)
