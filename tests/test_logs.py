"""The log: an event a line, the same trouble once a minute, no traceback for the expected."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence

import aiohttp
import discord
import pytest
import telegram.error
from hypothesis import given
from hypothesis import strategies as st

import adapters.discord.failures
import adapters.sources.web.errors
import adapters.telegram.failures  # noqa: F401 - each says what comes and goes
from bot.errors import SourceError, StoreBusyError
from bot.monitoring.logs import JsonFormatter, RepeatFilter, TextFormatter
from bot.secrets import HIDDEN, SECRETS


class Captured(logging.Handler):
    """Keeps the lines that its formatter makes."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def new_log() -> logging.Logger:
    """A logger that nobody else has."""
    return logging.Logger("bot.test", logging.DEBUG)  # noqa: LOG001 - it is to be forgotten


@pytest.fixture
def log() -> logging.Logger:
    return new_log()


def capture(log: logging.Logger, formatter: logging.Formatter) -> list[str]:
    handler = Captured(formatter)
    log.addHandler(handler)
    return handler.lines


def fail(log: logging.Logger, error: BaseException) -> None:
    try:
        raise error
    except type(error):
        log.exception("polling failed")


EXPECTED = [
    SourceError("https://a.example/: no response"),
    StoreBusyError("the store is busy"),
    ConnectionResetError(104, "reset by peer"),
    TimeoutError("no answer"),
    aiohttp.ServerDisconnectedError(),
    telegram.error.TimedOut("timed out"),
    telegram.error.NetworkError("bad gateway"),
    discord.GatewayNotFound(),  # type: ignore[no-untyped-call]
]


@pytest.mark.parametrize("error", EXPECTED, ids=lambda error: type(error).__name__)
def test_what_comes_and_goes_is_one_line_with_its_reason(
    log: logging.Logger, error: Exception
) -> None:
    for formatter in (TextFormatter(), JsonFormatter()):
        lines = capture(log, formatter)
        fail(log, error)
        (line,) = lines
        assert "Traceback" not in line
        assert "\n" not in line
        assert str(error) in line
    lines = capture(log, TextFormatter(debug=True))
    fail(log, error)
    assert "Traceback" in lines[0]


def test_a_bug_has_its_traceback_in_a_field_or_indented(log: logging.Logger) -> None:
    text, objects = capture(log, TextFormatter()), capture(log, JsonFormatter())
    fail(log, KeyError("nobody foresaw that"))
    first, *rest = text[0].split("\n")
    assert first.endswith("ERROR bot.test: polling failed")
    assert all(line.startswith("    ") for line in rest)
    assert "nobody foresaw that" in rest[-1]
    assert "nobody foresaw that" in json.loads(objects[0])["traceback"]


@given(st.lists(st.text(), min_size=1, max_size=3), st.dictionaries(st.just("source"), st.text()))
def test_whatever_is_logged_is_one_line(values: Sequence[str], extra: dict[str, str]) -> None:
    log = new_log()
    text, objects = capture(log, TextFormatter()), capture(log, JsonFormatter())
    log.info("%s" * len(values), *values, extra=extra)
    assert len(text[0].split("\n")) == len(objects[0].split("\n")) == 1
    assert "\r" not in text[0]
    told = json.loads(objects[0])
    assert told["message"] == SECRETS.hide("".join(values))
    assert told["event"] == "%s" * len(values)
    assert {key: told[key] for key in extra} == {k: SECRETS.hide(v) for k, v in extra.items()}


def test_json_has_the_event_and_what_belongs_to_it(log: logging.Logger) -> None:
    lines = capture(log, JsonFormatter())
    log.warning("%s: %s", "wire", "gone", extra={"source": "wire", "new": 3})
    told = json.loads(lines[0])
    assert told.pop("time").endswith("Z")
    assert told == {
        "level": "warning",
        "logger": "bot.test",
        "event": "%s: %s",
        "message": "wire: gone",
        "source": "wire",
        "new": 3,
    }


@pytest.mark.parametrize(
    "secret", ['quo"ted-token', "back\\slash-token", "tökén-öf-mine", "a:b-c-d-e"]
)
def test_no_secret_comes_through_json_s_escapes(log: logging.Logger, secret: str) -> None:
    SECRETS.add(secret)
    lines = capture(log, JsonFormatter(debug=True))
    url = f"https://x.example/{secret}"
    log.error("asked %s", secret, extra={"url": url}, exc_info=ValueError(f"bad {secret}"))
    shown = json.loads(lines[0])
    assert HIDDEN in shown["message"]
    assert HIDDEN in shown["url"]
    assert HIDDEN in shown["traceback"]
    assert secret not in str(shown.values())


class Seconds:
    """Tells seconds as a test sets them."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_same_trouble_is_logged_once_a_minute_with_how_often_it_came(
    log: logging.Logger,
) -> None:
    lines, seconds = capture(log, TextFormatter()), Seconds()
    log.handlers[0].addFilter(RepeatFilter(seconds))
    for seconds.now in (0.0, 10.0, 59.0, 61.0, 62.0, 200.0):
        log.warning("%s: no response within %.1f s", "wire", 30.0 + seconds.now)
        log.warning("%s: no response within %.1f s", "other", 30.0)
        log.info("%s: %d new", "wire", 3)
    wire = [line for line in lines if "wire: no" in line]
    assert len(wire) == 3
    assert [line.count("(and 2 times since") for line in wire] == [0, 1, 0]
    assert wire[2].endswith("(and 1 times since the last line)")
    assert sum("other: no" in line for line in lines) == 3
    assert sum("3 new" in line for line in lines) == 6  # no trouble


def test_other_trouble_is_never_left_out_and_memory_is_bounded(log: logging.Logger) -> None:
    lines, seconds = capture(log, TextFormatter()), Seconds()
    repeats = RepeatFilter(seconds)
    log.handlers[0].addFilter(repeats)
    for n in range(3_000):
        log.warning("chat %d is gone", n)
    log.error("chat %d is gone", 1)  # of another level
    assert len(lines) == 3_001
    assert sys.getsizeof(repeats._shown) < 200_000  # noqa: SLF001 - nothing else shows it
