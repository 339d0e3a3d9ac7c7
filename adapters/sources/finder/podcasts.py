"""Feeds of podcasts, by their ids in Apple's directory."""

from __future__ import annotations

import json

from adapters.sources.web.fetcher import Fetcher
from bot.ingest.source_finder import NoSourceError
from bot.text.urls import is_web_url

_LOOKUP = "https://itunes.apple.com/lookup?id={id}&entity=podcast"
_MAX_ANSWER = 64 << 10  # bytes; an answer about one podcast has some two thousand


async def podcast_feed(podcast: str, fetcher: Fetcher) -> str:
    """Returns the URL of a podcast's feed.

    See https://developer.apple.com/library/archive/documentation/AudioVideo/Conceptual/iTuneSearchAPI/

    Args:
        podcast: Its id.
        fetcher: Asks the directory.

    Raises:
        NoSourceError: The directory knows no such podcast, or not where its feed is.
        FetchError: The directory cannot be asked.
    """
    address = _LOOKUP.format(id=podcast)
    page = await fetcher.fetch(address, accept="application/json", max_bytes=_MAX_ANSWER)
    feed = feed_in_answer(page.body)
    if not feed:
        raise NoSourceError("Apple's directory does not tell where this podcast's feed is")
    return feed


def feed_in_answer(answer: bytes) -> str:
    """Returns the feed's URL in an answer of the directory; empty where there is none."""
    try:
        results = json.loads(answer)["results"]
        feed = next(each["feedUrl"] for each in results if each.get("feedUrl"))
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration, RecursionError):
        return ""
    return feed if isinstance(feed, str) and is_web_url(feed) else ""
