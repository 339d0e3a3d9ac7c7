"""Logs: one line an event, as text or as JSON, without secrets; the same trouble once a minute.

They are the standard library's: what the libraries log goes the same way, with the same care, and
a call that nobody wants to see costs next to nothing.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from typing_extensions import override

from bot.errors import DatelineError
from bot.secrets import SECRETS

LogForm = Literal["text", "json"]

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OURS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "repeats", "taskName"}
"""The attributes of every record; the rest was given by `extra`."""

_EXPECTED: set[type[BaseException]] = {DatelineError, ConnectionError, TimeoutError}

_CONTROL = {one: f"\\x{one:02x}" for one in (*range(32), 127)} | {
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
}


def expect_errors(*kinds: type[BaseException]) -> None:
    """Has errors of a library logged without tracebacks from now on, since they come and go."""
    _EXPECTED.update(kinds)


def is_expected(error: BaseException | None) -> bool:
    """Tells whether an error is one that comes and goes: no traceback says more than its words."""
    return isinstance(error, tuple(_EXPECTED))


@dataclass(frozen=True, slots=True)
class _Event:
    """A record, as far as it is to be shown; nothing in it is a secret."""

    message: str
    trace: str


def _event(record: logging.LogRecord, formatter: logging.Formatter, *, debug: bool) -> _Event:
    message, error = record.getMessage(), record.exc_info[1] if record.exc_info else None
    if repeats := getattr(record, "repeats", 0):
        message = f"{message} (and {repeats} times since the last line)"
    is_told = error is not None and is_expected(error) and not debug
    if is_told and str(error) not in message:
        message = f"{message}: {type(error).__name__}: {error}"
    trace = "" if is_told else _trace(record, formatter)
    return _Event(SECRETS.hide(message), SECRETS.hide(trace))


def _trace(record: logging.LogRecord, formatter: logging.Formatter) -> str:
    trace = formatter.formatException(record.exc_info) if record.exc_info else ""
    return "\n".join(filter(None, (trace, record.stack_info)))


class TextFormatter(logging.Formatter):
    """Formats an event as a line of text; the traceback of a bug is indented below it.

    Args:
        debug: True to show every traceback.
    """

    def __init__(self, *, debug: bool = False) -> None:
        super().__init__(_TEXT)
        self._debug = debug

    @override
    def format(self, record: logging.LogRecord) -> str:
        event = _event(record, self, debug=self._debug)
        record.message = event.message.translate(_CONTROL)
        record.asctime = self.formatTime(record)
        line = self.formatMessage(record)
        return line + "".join(f"\n    {one}" for one in event.trace.splitlines())


class JsonFormatter(logging.Formatter):
    """Formats an event as one JSON object on one line, with what `extra` gave as further fields.

    `event` is the message without its values: the same for all events of one kind.

    Args:
        debug: True to show every traceback.
    """

    def __init__(self, *, debug: bool = False) -> None:
        super().__init__()
        self._debug = debug

    @override
    def format(self, record: logging.LogRecord) -> str:
        event = _event(record, self, debug=self._debug)
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": SECRETS.hide(str(record.msg)),
            "message": event.message,
        }
        if event.trace:
            fields["traceback"] = event.trace
        extra = {name: value for name, value in vars(record).items() if name not in _OURS}
        return json.dumps(fields | _without_secrets(extra), ensure_ascii=False)


def _without_secrets(fields: dict[str, Any]) -> dict[str, Any]:
    """Redacts values before they are escaped: afterwards a secret might no longer look like one."""
    plain = (int, float, bool, type(None))
    return {
        name: value if isinstance(value, plain) else SECRETS.hide(str(value))
        for name, value in fields.items()
    }


_EVERY = 60.0  # seconds
_REMEMBERED = 1_000  # kinds of trouble
_DURATIONS = re.compile(r"(?<!\d)\d{1,9}(?:\.\d{1,9})?(?= ?(?:s|ms|min|seconds|minutes)\b)")


@dataclass(slots=True)
class _Shown:
    at: float
    left_out: int = 0


class RepeatFilter(logging.Filter):
    """Lets the same trouble through once a minute, then with the number of those left out.

    Two are the same when they differ in durations only. What is no trouble is always let through.

    Args:
        monotonic: Tells seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._shown: dict[tuple[str, int, str], _Shown] = {}

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        key = (record.name, record.levelno, _DURATIONS.sub("", _message(record)))
        now, known = self._monotonic(), self._shown.get(key)
        if known and now - known.at < _EVERY:
            known.left_out += 1
            return False
        record.repeats = known.left_out if known else 0
        self._remember(key, now)
        return True

    def _remember(self, key: tuple[str, int, str], now: float) -> None:
        self._shown[key] = _Shown(now)
        if len(self._shown) > _REMEMBERED:
            last = sorted(self._shown, key=lambda one: self._shown[one].at)
            for one in last[: _REMEMBERED // 2]:
                del self._shown[one]


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # whoever formats it complains
        return str(record.msg)
