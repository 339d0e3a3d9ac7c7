"""How often Python looks for garbage that it cannot see at once."""

from __future__ import annotations

import gc

_YOUNG, _OLDER, _ALL = 50_000, 20, 50


def look_seldom() -> None:
    """Has the whole memory looked through much more seldom than usual.

    Stories, words and replies hold no circles, so nothing is gained by it; but each look at all
    the objects of a large load holds up every reader for as long as half a second.
    """
    gc.set_threshold(_YOUNG, _OLDER, _ALL)
