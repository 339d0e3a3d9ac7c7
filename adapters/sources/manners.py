"""How the bot behaves on the web, and what it says of itself there."""

from __future__ import annotations

from dataclasses import dataclass

from bot import __version__

FEEDS = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
"""What is asked for when a feed is wanted."""

PAGES = "text/html, application/xhtml+xml, */*;q=0.1"
"""What is asked for when a page for people is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How the bot behaves on the web.

    Attributes:
        contact: Where the people behind a site can complain: an address on the web or of mail;
            empty for nowhere.
        allow_hosts: Hosts that may have a private address; see `AllowedHosts`.
        max_bytes: The most that an answer may have, packed or not.
        timeout: Seconds until an answer must have come, with all redirects; waiting for the turn
            at a host does not count.
        pause: Seconds between two requests to one host.
    """

    contact: str = ""
    allow_hosts: tuple[str, ...] = ()
    max_bytes: int = 15 << 20
    timeout: float = 30.0
    pause: float = 1.0


def user_agent(contact: str = "") -> str:
    """Who the bot says it is.

    Args:
        contact: See `Manners`.

    Raises:
        ValueError: The contact cannot stand in a header.
    """
    if not (contact.isascii() and contact.isprintable()) or any(sign in contact for sign in "()\\"):
        raise ValueError("a contact is an address on the web or of mail, in ASCII")
    return f"Dateline/{__version__}" + (f" (+{contact})" if contact else "")
