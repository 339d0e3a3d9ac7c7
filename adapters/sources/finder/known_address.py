"""Known addresses: what a page's address on a known site says of the feed behind it.

Pure: nothing is asked. The forms are those that the sites document, or answer at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from adapters.sources.finder.known_programs import PROGRAMS
from adapters.sources.finder.known_sites import SITES
from adapters.sources.finder.sites import SiteForm
from bot.ingest.source_finder import NoSourceError, SourceKind
from bot.text.urls import UrlParts, encode_query, query_pairs, split_url

_Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """The feeds of an address on a known site.

    Attributes:
        service: The site's name, or that of the program that it runs.
        urls: Of feeds, the best first; of a page for `SourceKind.PAGE`.
        kind: How these are read.
        is_sure: True when the host tells; False where only the path's form does.
        comments: True when they bring answers to one post.
    """

    service: str
    urls: tuple[str, ...]
    kind: SourceKind = SourceKind.FEED
    is_sure: bool = True
    comments: bool = False


def known_address(url: str) -> KnownAddress | None:
    """Returns what is known of an address; None for a page like any other.

    Raises:
        NoSourceError: It is of a known site, and cannot be followed.
    """
    parts = split_url(url)
    if parts is None or not parts.hostname:
        return None
    host = parts.hostname.removeprefix("www.").rstrip(".")
    query: dict[str, str] = {}
    for name, value in query_pairs(parts.query) or ():
        query.setdefault(name, value)
    for service, is_host, read in _BY_QUERY:
        if is_host.fullmatch(host) and (found := read(parts, query)):
            return KnownAddress(service, found)
    return _telegram(host, parts) or _by_path(host, parts)


def _by_path(host: str, parts: UrlParts) -> KnownAddress | None:
    path = parts.path.rstrip("/") or "/"
    for site in (*SITES, *PROGRAMS):
        names = site.host.fullmatch(host)
        found = site.path.fullmatch(path) if names else None
        if names and found:
            words = {
                "site": f"{parts.scheme}://{parts.netloc}",
                **{key: value or "" for key, value in names.groupdict().items()},
                **{key: value or "" for key, value in found.groupdict().items()},
            }
            return _filled(site, words)
    return None


def _filled(site: SiteForm, words: Mapping[str, str]) -> KnownAddress:
    urls = tuple(template.format_map(words) for template in site.feeds)
    return KnownAddress(site.service, urls, is_sure=site.is_sure, comments=site.comments)


_TELEGRAM_HOST = re.compile(r"(?:(?P<name>[a-z]\w{3,31})\.)?(?:t\.me|telegram\.(?:me|dog))")
_TELEGRAM_NAME = re.compile(r"/(?:s/)?(?P<name>[A-Za-z]\w{3,31})(?:/[0-9]+)?/?", re.ASCII)
_TELEGRAM_PRIVATE = re.compile(r"/(?:\+|joinchat/|c/).+")
_TELEGRAM_OTHER = frozenset(
    "share addstickers addemoji addtheme addlist login proxy socks setlanguage confirmphone "
    "invoice boost giftcode contact".split()
)


def _telegram(host: str, parts: UrlParts) -> KnownAddress | None:
    """A public channel has a page of its last posts at `t.me/s/name`; there is no feed."""
    of_host = _TELEGRAM_HOST.fullmatch(host)
    if of_host is None:
        return None
    found = None if of_host["name"] else _TELEGRAM_NAME.fullmatch(parts.path)
    name = of_host["name"] or (found["name"] if found else "")
    if name and name.lower() not in _TELEGRAM_OTHER:
        return KnownAddress("Telegram", (f"https://t.me/s/{name}",), SourceKind.PAGE)
    if _TELEGRAM_PRIVATE.match(parts.path):
        raise NoSourceError(
            "this is a private channel or group of Telegram; only public channels can be read"
        )
    raise NoSourceError("this is no channel of Telegram; type t.me/ and the channel's name")


def _youtube(parts: UrlParts, query: _Query) -> tuple[str, ...]:
    """See https://developers.google.com/youtube/v3/guides/push_notifications for the feeds."""
    if parts.path.startswith("/feeds/videos.xml"):
        return ()
    if listed := query.get("list"):
        return (
            f"https://www.youtube.com/feeds/videos.xml?{encode_query({'playlist_id': listed})}",
        )
    return ()


def _reddit_search(parts: UrlParts, query: _Query) -> tuple[str, ...]:
    """See https://www.reddit.com/wiki/rss."""
    found = re.fullmatch(r"(/r/\w+|/user/[\w-]+/m/\w+)?/search(?:\.rss)?/?", parts.path)
    if found is None or not query.get("q"):
        return ()
    asked = {"q": query["q"], "sort": "new"}
    asked |= {"restrict_sr": "1"} if found[1] and query.get("restrict_sr", "1") != "0" else {}
    return (f"https://www.reddit.com{found[1] or ''}/search.rss?{encode_query(asked)}",)


def _google_news(parts: UrlParts, query: _Query) -> tuple[str, ...]:
    found = re.fullmatch(
        r"/(?:rss/)?(search|topics/[\w-]+|topstories)?(?:/sections/.*)?/?", parts.path
    )
    if found is None:
        return ()
    kept = {key: value for key, value in query.items() if key in {"q", "hl", "gl", "ceid"}}
    if found[1] == "search" and "q" not in kept:
        return ()
    page = "" if found[1] in {None, "topstories"} else f"/{found[1]}"
    return (f"https://news.google.com/rss{page}" + (f"?{encode_query(kept)}" if kept else ""),)


def _bing_news(parts: UrlParts, query: _Query) -> tuple[str, ...]:
    if parts.path.rstrip("/") != "/news/search" or not query.get("q"):
        return ()
    return (f"https://www.bing.com/news/search?{encode_query({'q': query['q'], 'format': 'rss'})}",)


def _wiki_history(parts: UrlParts, query: _Query) -> tuple[str, ...]:
    """See https://www.mediawiki.org/wiki/Manual:RSS."""
    title = query.get("title") or parts.path.removeprefix("/wiki/")
    if query.get("action") == "history" and title:
        asked = encode_query({"title": title, "action": "history", "feed": "atom"})
        return (f"https://{parts.netloc}/w/index.php?{asked}",)
    if title.startswith("Special:RecentChanges"):
        name = quote(title)
        return (f"https://{parts.netloc}/w/index.php?title={name}&feed=atom",)
    return ()


_BY_QUERY: tuple[
    tuple[str, re.Pattern[str], Callable[[UrlParts, _Query], tuple[str, ...]]], ...
] = (
    ("YouTube", re.compile(r"(?:m\.|music\.)?youtube\.com|youtu\.be"), _youtube),
    ("Reddit", re.compile(r"(?:\w+\.)?reddit\.com"), _reddit_search),
    ("Google News", re.compile(r"news\.google\.com"), _google_news),
    ("Bing News", re.compile(r"bing\.com"), _bing_news),
    ("Wikipedia", re.compile(r"[\w-]+\.(?:m\.)?wikipedia\.org"), _wiki_history),
)


def podcast_id(url: str) -> str:
    """Returns the id of a podcast in Apple's directory; empty for any other address."""
    parts = split_url(url)
    if parts is None or parts.hostname not in {"podcasts.apple.com", "itunes.apple.com"}:
        return ""
    found = re.search(r"/podcast/(?:[^/]*/)?id([0-9]{5,15})(?:$|/)", parts.path)
    return found[1] if found else ""
