"""Addresses as people type them, made into URLs: `example.org`, `r/space`, `@name@host`."""

from __future__ import annotations

import re

from bot.ingest.source_finder import NoSourceError
from bot.text.display import shorten
from bot.text.hosts import parse_host_and_port
from bot.text.urls import credentials_in, is_web_url, mend_scheme, split_url

_MAX_LENGTH = 2_000
_WRAPPED = (("<", ">"), ('"', '"'), ("'", "'"), ("`", "`"), ("“", "”"), ("(", ")"))
_NAME = r"[A-Za-z0-9_](?:[\w.-]*\w)?"
_HOST = r"(?:[\w-]+\.)+[^\W\d_][\w-]*(?::[0-9]{1,5})?"
# Names of people, communities and channels, and the pages that they mean.
_SHORT_FORMS = tuple(
    (re.compile(pattern), page)
    for pattern, page in (
        (rf"(?:acct:)?@?({_NAME})@({_HOST})", r"https://\2/@\1"),  # the fediverse
        (rf"!({_NAME})@({_HOST})", r"https://\2/c/\1"),  # a community of Lemmy
        (rf"@({_HOST})", r"https://bsky.app/profile/\1"),
        (r"(?:at://)(did:[a-z]+:[\w.:%-]+|[\w.-]+)(?:/.*)?", r"https://bsky.app/profile/\1"),
        (r"/?r/([A-Za-z0-9_+]{2,})/?", r"https://www.reddit.com/r/\1"),
        (r"/?u(?:ser)?/([\w-]{2,})/?", r"https://www.reddit.com/user/\1"),
        (r"tg://resolve\?domain=(\w+).*", r"https://t.me/s/\1"),
    )
)
_OTHER_SCHEME = re.compile(
    r"(?!https?:)(?:[a-z][a-z0-9+.-]*://|(?:mailto|javascript|data|tel|sms|about|magnet|geo):)",
    re.IGNORECASE,
)
_WEB_SCHEME = re.compile(r"https?:", re.IGNORECASE)


def url_of(typed: str) -> tuple[str, ...]:
    """Returns the URLs that a typed address may mean, the likeliest first: one, or two.

    An address without a scheme is of https or, where that is not served, of http.

    Raises:
        NoSourceError: It is no address, or one that is not asked for.
    """
    text = _unwrap(typed.strip())
    if not text or len(text) > _MAX_LENGTH or not text.isprintable():
        raise NoSourceError("this is no address; type one such as example.org/news")
    for pattern, page in _SHORT_FORMS:
        if pattern.fullmatch(text):
            return (pattern.sub(page, text),)
    text = mend_scheme(text)
    if _OTHER_SCHEME.match(text) or (_WEB_SCHEME.match(text) and not is_web_url(text)):
        raise NoSourceError(f"{shorten(text)} is no web address; it has to begin with https://")
    if credentials_in(text if "://" in text else f"http://{text}"):
        raise NoSourceError(
            "this address has a name and a password in it, which everybody here would see"
        )
    if _WEB_SCHEME.match(text):
        return (text.partition("#")[0],)
    return _without_scheme(text)


def _unwrap(text: str) -> str:
    """Returns an address without what stands around it in a sentence or a chat."""
    text = text.rstrip(",;…")
    for opening, closing in _WRAPPED:
        if len(text) > 1 and text.startswith(opening) and text.endswith(closing):
            text = text[1:-1].strip()
    return text


def _without_scheme(text: str) -> tuple[str, ...]:
    text = text.removeprefix("//").partition("#")[0]
    address = f"https://{text}"
    parts = split_url(address)
    if parts is None or not _is_host(parts.netloc):
        raise NoSourceError(f"{shorten(text)} is no address; type one such as example.org/news")
    return address, f"http://{text}"


def _is_host(netloc: str) -> bool:
    """Tells if a host can be meant: a single word is rather a word."""
    try:
        host, port = parse_host_and_port(netloc)
    except ValueError:
        return False
    return port is not None or "." in host.strip(".") or ":" in host
