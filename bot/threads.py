"""Threads: what computes in one must not keep the event loop waiting."""

from __future__ import annotations

import sys

_INTERVAL = 0.001  # seconds; Python's own is five times that


def favour_event_loop() -> None:
    """Makes threads that compute give way to the event loop after a millisecond.

    Stories are summarised and stored in threads, but one thread of Python runs at a time. An answer
    takes the event loop and the store several turns, and each waits as long as a thread that
    computes may go on: see `sys.setswitchinterval`.
    """
    sys.setswitchinterval(_INTERVAL)
