"""Requests as the pages see them: the path, its parameters, and the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import hdrs, web

from adapters.web.admission import forwarded_for
from bot.chat.command import MAX_PAGE
from bot.i18n import Translations, load, spoken_language

_LONGEST_PREFERENCE = 200  # characters of an Accept-Language header that are read
_PARAMETERS = ("q", "page", "lang", "topic", "source", "since", "url", "format")
_LONGEST_VALUE = 1_000  # characters of a parameter that are read; a query has no more


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a page.

    Attributes:
        path: The path within the site, decoded.
        query: The parameters that any page knows, of each the first.
        words: The bot's words in the language that the page is in.
        lang: The language that the address names; empty where the browser's decides.
        parts: The parts of the path that its route names.
        is_forwarded: True where a server in front has said for whom it asks.
    """

    path: str
    query: Mapping[str, str]
    words: Translations
    lang: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    is_forwarded: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """All that an answer depends on."""
        given = sorted((name, value) for name, value in self.query.items() if name != "lang")
        return (self.words.language, self.lang, self.path, *(f"{k}={v}" for k, v in given))

    @property
    def page(self) -> int:
        """The page of a list that is asked for, counted from 1; the first for nonsense."""
        typed = self.query.get("page", "")
        number = int(typed[:9]) if typed.isascii() and typed.isdigit() else 1
        return min(max(number, 1), MAX_PAGE)

    def text(self, name: str) -> str:
        """Returns a parameter; an empty text for none."""
        return self.query.get(name, "")[:_LONGEST_VALUE].strip()


def read_request(request: web.Request, base_path: str, own: Translations) -> Asked:
    """Reads a request.

    Args:
        request: What came.
        base_path: The path of the site's public address, which the server in front may have left
            in the request's path or not.
        own: The bot's own language, for readers whose languages it does not speak.
    """
    path = path_within(request.path, base_path)
    # Others, such as those that trackers add, lead to the same page.
    query = {name: request.query[name] for name in _PARAMETERS if name in request.query}
    lang = spoken_language(query.get("lang", "")[:_LONGEST_PREFERENCE])
    preferred = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
    language = lang or preferred_language(preferred) or own.language
    words = own.one_language if language == own.language else load(language)
    # With two slashes in front a link to this very page would lead to another host.
    is_forwarded = bool(forwarded_for(request))
    return Asked("/" + path.lstrip("/"), query, words, lang, is_forwarded=is_forwarded)


def path_within(path: str, base_path: str) -> str:
    """Returns the path within the site; the server in front may have left out the base or not."""
    if base_path and (path == base_path or path.startswith(f"{base_path}/")):
        return path[len(base_path) :]
    return path


def is_below(path: str, root: str) -> bool:
    """Tells whether a path is a root's own, or that of something below it."""
    return path == root or path.startswith(f"{root}/")


def preferred_language(header: str) -> str:
    """Returns the language that a reader likes best of those that the bot speaks; empty for none.

    Args:
        header: `Accept-Language`, as browsers send it (RFC 9110, 12.5.4).
    """
    ranked = []
    for at, part in enumerate(header[:_LONGEST_PREFERENCE].split(",")):
        tag, _, quality = part.partition(";")
        known = spoken_language(tag.strip())
        weight = _quality(quality)
        if known and weight > 0:
            ranked.append((-weight, at, known))
    return min(ranked)[2] if ranked else ""


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
