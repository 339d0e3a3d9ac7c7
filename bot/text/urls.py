"""Guarded URL parsing: the only place where URLs that others wrote are parsed and joined.

The parsers of the standard library and of yarl raise more than they document (ValueError from a
property, IndexError from a constructor). Here whatever they raise means None: this is no URL. A
test keeps every other module from calling them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address
from typing import NamedTuple, TypeAlias, TypeVar
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from yarl import URL

HIDDEN_CREDENTIALS = "[hidden]"
"""Stands in a message where a URL had a user and a password."""

_SCHEMES = frozenset({"http", "https"})
# A URL that is percent-encoded as it should be stays as it is: it may be signed.
_ENCODED = re.compile(r"(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", re.ASCII)
# Generous on purpose: a password that is not percent-encoded may hold nearly anything.
_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#<>\"“”]*@")

# The scheme of podcasts and feeds, which browsers hand to a reader, stands for http or before it:
# https://en.wikipedia.org/wiki/Feed_URI_scheme. Others are written twice: `http://https://e.org`.
_SCHEME_BEFORE = re.compile(
    r"(?:(?:feeds?|rss|itpc|pcast|podcasts?|https?):[/\\]{0,3})+(?=https?(?::|//))", re.IGNORECASE
)
_FEED_BEFORE = re.compile(r"feed:(?=https?://)", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"(?:feed|rss|itpc|pcast|podcast)s?:[/\\]{2}", re.IGNORECASE)
# `http:/e.org`, `https:e.org`, `http//e.org`, `http:///e.org`, `http:\\e.org`
_BROKEN_SCHEME = re.compile(
    r"(https?)(?::[/\\]{3,}|(?::[/\\]?|//|:\\\\)(?=(?:[\w-]{1,63}\.)+[^\W\d_]{2,}(?:[/?#:\\]|$)))(?=\w)",
    re.IGNORECASE,
)

_Result = TypeVar("_Result")

UrlParts: TypeAlias = SplitResult
"""A URL in its parts, whose host and port can be read."""


class RequestUrl(NamedTuple):
    """A URL that can be asked for.

    Attributes:
        url: Without credentials and fragment.
        credentials: User and password; None when it has none.
    """

    url: URL
    credentials: tuple[str, str] | None


def split_url(text: str) -> SplitResult | None:
    """Splits a URL whose host and port can be read; None when there is none such."""
    return _guard(lambda: _split(text))


def join_url(base: str, reference: str) -> str | None:
    """Resolves a reference against a base URL; None when they make no URL."""
    return _guard(lambda: _joined(base, reference))


def join_parts(scheme: str, netloc: str, path: str, query: str, fragment: str) -> str | None:
    """Puts a URL together from its parts; None when they make no URL."""
    return _guard(lambda: _checked(urlunsplit((scheme, netloc, path, query, fragment))))


def query_pairs(query: str) -> tuple[tuple[str, str], ...] | None:
    """Returns the parameters of a query, empty ones included; None when it has none to read."""
    return _guard(lambda: tuple(parse_qsl(query, keep_blank_values=True)))


def encode_query(parameters: Mapping[str, str]) -> str:
    """Returns parameters as the query of a URL; a sign that cannot stand there becomes a `?`."""
    return urlencode(parameters, errors="replace")


def is_web_url(text: str) -> bool:
    """Returns True for an http or https URL with a host."""
    parts = split_url(text)
    return parts is not None and parts.scheme in _SCHEMES and bool(parts.hostname)


def request_url(text: str, base: URL | None = None) -> RequestUrl | None:
    """Parses an http or https URL to be asked for; None when it is none.

    Args:
        text: An absolute URL or, with `base`, a reference.
        base: What a reference is resolved against.
    """
    return _guard(lambda: _request_url(text.strip(), base))


def mend_scheme(text: str) -> str:
    """Returns an http or https URL with its scheme as it should be; any other text as it is.

    `feed://e.org` and `feed:https://e.org` are feeds' own form, `http:/e.org` and
    `http://https://e.org` mistakes.
    """
    if before := _SCHEME_BEFORE.match(text):
        text = text[before.end() :]
    text = _http_for_feed(text)
    broken = _BROKEN_SCHEME.match(text)
    return f"{broken[1]}://{text[broken.end() :]}" if broken else text


def _http_for_feed(text: str) -> str:
    """Returns an address of the scheme `feed` as one of http or https."""
    if wrapped := _FEED_BEFORE.match(text):
        return text[wrapped.end() :]
    return _FEED_SCHEME.sub("http://", text, count=1) if _FEED_SCHEME.match(text) else text


def without_credentials(url: str) -> str:
    """Returns a URL without its user and password."""
    return _CREDENTIALS.sub("", url)


def hide_credentials(text: str) -> str:
    """Returns a text in which no URL shows its user and password."""
    return _CREDENTIALS.sub(f"{HIDDEN_CREDENTIALS}@", text) if "@" in text else text


def credentials_in(url: str) -> str:
    """Returns the user and password of a URL as they are written; empty when it has none."""
    found = _CREDENTIALS.search(url)
    return found[0][:-1] if found else ""


def _guard(parse: Callable[[], _Result | None]) -> _Result | None:
    try:
        return parse()
    except Exception:  # noqa: BLE001 - what the parsers raise is in no documentation
        return None


def _split(text: str) -> SplitResult:
    parts = urlsplit(text)
    _ = parts.port  # parsed when it is read, and may raise
    if "[" in parts.netloc.rpartition("@")[2]:  # not every Python looks into the brackets
        IPv6Address(parts.hostname or "")
    return parts


def _checked(url: str) -> str:
    _split(url)
    return url


def _joined(base: str, reference: str) -> str:
    return _checked(urljoin(base, reference))


def _request_url(text: str, base: URL | None) -> RequestUrl | None:
    text = _http_for_feed(text)
    url = URL(text, encoded=_ENCODED.fullmatch(text) is not None)
    url = base.join(url) if base and not url.scheme else url
    credentials = (url.user or "", url.password or "") if url.raw_user else None
    plain = url.with_user(None).with_fragment(None)
    if plain.scheme not in _SCHEMES or not plain.host or not plain.port:
        return None
    if any(map(str.isspace, plain.host)):
        return None
    # What is written must be read as the same: parsers that disagree on the host are an attack.
    same = _split(str(plain))
    is_same = same.port in {plain.port, None} and same.hostname == (plain.raw_host or "").lower()
    return RequestUrl(plain, credentials) if is_same else None
