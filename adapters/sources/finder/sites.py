"""Forms of addresses of known sites, and where the feeds behind them are."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiteForm:
    """A form of addresses of a site.

    Attributes:
        service: The site's name, or that of the program that it runs.
        host: Matches its hosts, without `www.`.
        path: Matches the path, without a slash at its end.
        feeds: Templates of the feeds' URLs, the best first; `{site}` and the groups' names fill
            them.
        is_sure: False where other programs have such paths, too.
        comments: True for the answers to one post.
    """

    service: str
    host: re.Pattern[str]
    path: re.Pattern[str]
    feeds: tuple[str, ...]
    is_sure: bool = True
    comments: bool = False


def site(
    service: str, host: str, path: str, *feeds: str, is_sure: bool = True, comments: bool = False
) -> SiteForm:
    """Makes a form of addresses; its parts are those of `SiteForm`."""
    patterns = re.compile(host, re.IGNORECASE), re.compile(path)
    return SiteForm(service, *patterns, feeds, is_sure=is_sure, comments=comments)
