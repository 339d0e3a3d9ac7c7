"""Addresses in feeds: made absolute, kept to http and https, freed from what only counts clicks."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import idna

from bot.text.canonical_urls import is_tracking_parameter

# A fragment says where on the page the story stands, so it is kept; but not where it counts clicks,
# marks words, or leads past the story to what readers say of it.
_IDLE_FRAGMENT = re.compile(
    r"|comments?|respond|rss|:~:text=.*|(?:utm_\w+|xtor|at_\w+|ref|echobox|intcid|fbclid)=.*",
    re.IGNORECASE,
)

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_UNSAFE = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_SAFE = "!#$%&'()*+,-./:;=?@[]_~"
_ORDINARY = re.compile(r"https?://[a-z0-9][a-z0-9.\-]*(?:/[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~]*)?")
_LONGEST = 2_000  # chats refuse longer ones, and nobody writes them


def absolute(address: str, base: str = "") -> str:
    """The address as it is found from `base`; empty when it leads to no http or https page."""
    text = address.strip()
    if not text.isprintable():
        text = _CONTROL.sub("", text)
    if not text or is_address(text):
        return _checked(text)
    try:
        return _checked(urljoin(base, text))
    except ValueError:
        return ""


def clean_link(address: str) -> str | None:
    """The address without what counts clicks; None for an empty one."""
    if not address:
        return None
    if "?" not in address and "#" not in address:
        return address
    parts = urlsplit(address)
    kept = [part for part in parts.query.split("&") if part and not is_tracking_parameter(part)]
    fragment = "" if _IDLE_FRAGMENT.fullmatch(parts.fragment) else parts.fragment
    return urlunsplit((*parts[:3], "&".join(kept), fragment))


def is_address(text: str) -> bool:
    """Whether the text is written as an http or https address."""
    return text[:8].lower().startswith(("http://", "https://"))


def _checked(address: str) -> str:
    """The address in a form that every chat takes; empty when it is none."""
    if len(address) <= _LONGEST and _ORDINARY.fullmatch(address):
        return address
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or len(address) > _LONGEST:
        return ""
    # Whoever stands before an @ could make a host look like another; no story's page needs it.
    plain = "@" not in parts.netloc and address.startswith(("http://", "https://"))
    if plain and not _UNSAFE.search(address):
        return address
    netloc = _ascii_host(host) + (f":{port}" if port else "")
    rest = (quote(part, safe=_SAFE) for part in parts[2:])
    return urlunsplit((parts.scheme, netloc, *rest)) if netloc else ""


def _ascii_host(host: str) -> str:
    """A host as it goes over the wire; empty for what no host can be."""
    if ":" in host:
        return f"[{host}]"
    try:
        name = idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        return ""
    return "" if _UNSAFE.search(name) else name
