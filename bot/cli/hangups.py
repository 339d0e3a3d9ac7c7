"""SIGHUP, from the first moment of a process on.

By itself it ends a process. To a service it means that the configuration is to be read again, and
`systemctl reload` may send it while everything is still being loaded, which takes a second or two.
A terminal that is closed sends it, too: what runs there ends then, as any program does.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loading it takes longer than all that is done here
    import asyncio
    from collections.abc import Sequence

_SIGNAL = getattr(signal, "SIGHUP", None)  # Windows has none
_STDIN, _STDOUT, _STDERR = 0, 1, 2


class HangUps:
    """Remembers a hang-up that came before there was an event loop to handle it."""

    def __init__(self) -> None:
        self._came = False

    def watch(self) -> None:
        """Remembers hang-ups from now on, unless there is a terminal that may be closed."""
        if _SIGNAL and not _has_terminal():
            signal.signal(_SIGNAL, self._remember)

    def _remember(self, *_: object) -> None:
        self._came = True

    def restore_default(self) -> None:
        """Lets a hang-up end the process, as one does that came already."""
        if _SIGNAL and signal.getsignal(_SIGNAL) == self._remember:
            signal.signal(_SIGNAL, signal.SIG_DFL)
            if self._came:
                signal.raise_signal(_SIGNAL)

    def handle(
        self, loop: asyncio.AbstractEventLoop, stop: asyncio.Event, reload: asyncio.Event
    ) -> None:
        """Handles hang-ups on an event loop, one that came before included.

        Where whoever started the process in a terminal has hang-ups ignored, so they stay.

        Args:
            loop: Handles them from now on.
            stop: Is set by the end of the terminal that the process is in.
            reload: Is set by hang-ups of any other process.
        """
        is_ignored = _SIGNAL and signal.getsignal(_SIGNAL) == signal.SIG_IGN
        if not _SIGNAL or (is_ignored and _has_terminal()):
            return
        if _has_terminal():
            loop.add_signal_handler(_SIGNAL, _end, stop, _shown_outputs())
        else:
            loop.add_signal_handler(_SIGNAL, reload.set)
            if self._came:
                reload.set()


def _has_terminal() -> bool:
    return _is_terminal(_STDIN)


def _shown_outputs() -> list[int]:
    return [output for output in (_STDOUT, _STDERR) if _is_terminal(output)]


def _is_terminal(file: int) -> bool:
    try:
        return os.isatty(file)
    except OSError:  # it is closed
        return False


def _end(stop: asyncio.Event, shown: Sequence[int]) -> None:
    """Ends the process in order; what it still says goes nowhere, as its terminal has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for output in shown:
        os.dup2(nowhere, output)
    os.close(nowhere)
    stop.set()


HANGUPS = HangUps()
"""The process's."""
