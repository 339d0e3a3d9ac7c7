"""Politeness to servers: the limits of requests, the User-Agent and what is accepted."""

from __future__ import annotations

from dataclasses import dataclass

from bot import __version__

ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
"""The Accept header for feeds."""

ACCEPT_HTML = "text/html, application/xhtml+xml, */*;q=0.1"
"""The Accept header for web pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """Limits of every request, and what the bot says of itself.

    Attributes:
        contact: A URL or mail address for the people behind a site; empty for none.
        allow_hosts: Hosts that may have a private address; see `AllowedHosts`.
        max_bytes: The most that an answer may have, compressed or not.
        timeout: Seconds until an answer must have come, with all redirects; waiting in a host's
            queue does not count.
        pause: Seconds between two requests to one host.
        rest: Seconds that a host is let be after it was silent; doubled each further time.
        most: Requests at once; None for what the system allows.
    """

    contact: str = ""
    allow_hosts: tuple[str, ...] = ()
    max_bytes: int = 15 << 20
    timeout: float = 30.0
    pause: float = 1.0
    rest: float = 60.0
    most: int | None = None


def user_agent(contact: str = "") -> str:
    """Returns the User-Agent header.

    Args:
        contact: See `Politeness`.

    Raises:
        ValueError: The contact cannot stand in a header.
    """
    if not (contact.isascii() and contact.isprintable()) or any(sign in contact for sign in "()\\"):
        raise ValueError("a contact is a web or email address, in ASCII")
    return f"Dateline/{__version__}" + (f" (+{contact})" if contact else "")
