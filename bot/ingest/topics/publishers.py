"""Publishers' own names behind their headlines: `Phone leaks - GSMArena.com news`."""

from __future__ import annotations

from bot.text.urls import split_url

_BARS = (" | ", " - ", " – ", " — ")
_SHORTEST = 3  # letters of a part of a host that may be a name


def without_publisher(title: str, url: str | None) -> str:
    """Returns a headline without what is behind a bar, where the story's address has that name."""
    for bar in _BARS if url else ():
        head, _, tail = title.rpartition(bar)
        if head.count(" ") > tail.count(" ") and _names_host(tail, url or ""):
            return head
    return title


def _names_host(text: str, url: str) -> bool:
    folded = "".join(filter(str.isalnum, text.casefold()))
    parts = split_url(url)
    labels = ((parts and parts.hostname) or "").removeprefix("www.").split(".")[:-1]
    names = (label.replace("-", "") for label in labels)
    return any(name in folded for name in names if len(name) >= _SHORTEST)
