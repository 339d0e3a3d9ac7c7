"""URLs in feeds: made absolute, kept to http and https, stripped of tracking parameters.

Canonical URLs, by which two are known as the same, are in `bot.text.canonical_urls`.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import idna

from bot.text.canonical_urls import is_tracking_parameter
from bot.text.urls import join_parts, join_url, mend_scheme, split_url

# A fragment may be where the story is on its page, so it is kept; but not one for tracking, for
# highlighting, or for the comments below the story.
_TRACKING_FRAGMENT = re.compile(
    r"|comments?|respond|rss|:~:text=.*|(?:utm_\w+|xtor|at_\w+|ref|echobox|intcid|fbclid)=.*",
    re.IGNORECASE,
)

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_UNSAFE = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_SAFE = "!#$%&'()*+,-./:;=?@[]_~"
_ORDINARY = re.compile(r"https?://[a-z0-9][a-z0-9.\-]*(?:/[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~]*)?")
# A host without a scheme before it; a path can look like this, too (`a.html`).
_LIKE_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?=[/?#:]|$)")
_MAX_LENGTH = 2_000  # chats refuse longer ones, and nobody writes them


def absolute_url(address: str, base: str = "") -> str:
    """Resolves a URL against `base`; empty when the result is no http or https URL.

    One that lacks only its scheme (`www.e.org/a`) gets it.
    """
    if len(address) <= _MAX_LENGTH and _ORDINARY.fullmatch(address):
        return address
    text = address.strip()
    if not text.isprintable():
        text = _CONTROL.sub("", text)
    text = mend_scheme(text)
    if not text or is_http_url(text):
        return _normalize_url(text.replace("\\", "/"))
    if _has_host(text, base):
        return _normalize_url(f"http://{text}")
    return _normalize_url(join_url(base, text) or "")


def _has_host(text: str, base: str) -> bool:
    """Returns True for a URL that only lacks its scheme: `www.e.org/a`, or on the base's host."""
    if not (found := _LIKE_HOST.match(text)):
        return False
    host = found[0].lower()
    if host.startswith("www."):
        return True
    parts = split_url(base)
    return parts is not None and host == (parts.hostname or "").removeprefix("www.")


def strip_tracking(address: str) -> str | None:
    """Removes tracking parameters from a URL; None for an empty one, or what is none."""
    if not address:
        return None
    if "?" not in address and "#" not in address:
        return address
    parts = split_url(address)
    if parts is None:
        return None
    kept = [part for part in parts.query.split("&") if part and not is_tracking_parameter(part)]
    fragment = "" if _TRACKING_FRAGMENT.fullmatch(parts.fragment) else parts.fragment
    return join_parts(*parts[:3], "&".join(kept), fragment)


def is_http_url(text: str) -> bool:
    """Returns True for a text that begins as an http or https URL."""
    return text[:8].lower().startswith(("http://", "https://"))


def _normalize_url(address: str) -> str:
    """Returns the URL in a form that every chat takes; empty when it is none."""
    if len(address) <= _MAX_LENGTH and _ORDINARY.fullmatch(address):
        return address
    parts = split_url(address) if len(address) <= _MAX_LENGTH else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    # Whoever stands before an @ could make a host look like another; no story's page needs it.
    plain = "@" not in parts.netloc and address.startswith(("http://", "https://"))
    if plain and not _UNSAFE.search(address):
        return address
    host = _ascii_host(parts.hostname)
    netloc = host + (f":{parts.port}" if parts.port else "")
    path, query, fragment = (quote(part, safe=_SAFE, errors="replace") for part in parts[2:])
    return (join_parts(parts.scheme, netloc, path, query, fragment) or "") if host else ""


def _ascii_host(host: str) -> str:
    """Returns a host in IDNA's ASCII form; empty for what no host can be."""
    if ":" in host:
        return f"[{host}]"
    try:
        name = idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        return ""
    return "" if _UNSAFE.search(name) else name
