"""Logging of the command line: to the error output, in the form that the operator wants."""

from __future__ import annotations

import logging
import sys
import traceback
from contextlib import suppress
from types import TracebackType

from bot.monitoring.logs import JsonFormatter, LogForm, RepeatFilter, TextFormatter
from bot.secrets import SECRETS

_CHATTY = ("aiosqlite", "asyncio", "httpcore", "httpx", "markdown_it")
"""Loggers that log every step; httpx logs every address, and tokens stand in those."""


class _ErrorOutput(logging.Handler):
    """Logs to the error output of that moment: a chat replaces it by its own."""

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one record."""
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - as every logging handler
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Reports that a record cannot be written; logging itself would show all it holds."""
        with suppress(OSError, ValueError):
            sys.stderr.write(f"a message from {record.name} could not be logged\n")


def set_up_logging(*, debug: bool) -> None:
    """Logs warnings, or everything with `debug`, to the error output, as text."""
    sys.excepthook = _show_error
    handler = _ErrorOutput()
    handler.setFormatter(TextFormatter(debug=debug))
    handler.addFilter(RepeatFilter())
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, handlers=[handler])
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def log_events(form: LogForm) -> None:
    """Logs events, too, in the form that the configuration wants."""
    root = logging.getLogger()
    is_debug = root.level <= logging.DEBUG
    root.setLevel(min(logging.INFO, root.level))
    for handler in root.handlers:
        if isinstance(handler, _ErrorOutput) and form == "json":
            handler.setFormatter(JsonFormatter(debug=is_debug))


def _show_error(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Prints the traceback of an unexpected error, without the tokens in it."""
    sys.stderr.write(SECRETS.hide("".join(traceback.format_exception(kind, error, trace))))
