"""The extras that the configuration may ask for, and who needs them."""

from __future__ import annotations

from enum import Flag, auto


class Extra(Flag):
    """An extra that has to be installed where the configuration wants what it brings."""

    MEANING = auto()
    """Searches by meaning: for whatever answers questions."""
    FULL_TEXT = auto()
    """Reads stories on their own pages: for whatever polls sources."""


NO_EXTRA = Extra(0)
"""For what works on the store alone: it must work whatever is not installed."""
EVERY_EXTRA = Extra.MEANING | Extra.FULL_TEXT
"""For what answers questions and polls sources."""
