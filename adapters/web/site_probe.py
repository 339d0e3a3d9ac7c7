"""Probes of the website from outside: what answers at an address, and how it was reached.

The site itself is asked (`/api/site`), so that another program is not taken for it.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

import aiohttp

SITE = "/api/site"
"""The path at which the site tells of itself."""

GUIDE = "docs/website.md shows how for Caddy and nginx"
"""The page that tells how a web server is set up."""

WITHIN = 10.0
"""Seconds for an answer."""

_LONGEST = 16 << 10  # bytes of it that are read


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that a site tells of itself.

    Attributes:
        address: Its public address.
        is_forwarded: True where a web server in front has told it who asks.
    """

    address: str
    is_forwarded: bool


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """An answer that came over the web.

    Attributes:
        status: Its status.
        url: Where it came from, after all redirects.
        facts: What the site tells of itself; None where another program has answered.
    """

    status: int
    url: str
    facts: Facts | None


class NoAnswerError(Exception):
    """Nothing has answered.

    Attributes:
        remedy: What mends that.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.remedy = remedy


async def ask(session: aiohttp.ClientSession, url: str) -> SiteAnswer:
    """Asks for an address.

    Raises:
        NoAnswerError: Nothing has answered.
    """
    try:
        async with session.get(url) as answer:
            return SiteAnswer(answer.status, str(answer.url), _facts(await _beginning(answer)))
    except aiohttp.ClientConnectorDNSError as error:
        remedy = "have its DNS record (A, AAAA) lead to this machine"
        raise NoAnswerError(f"nobody knows the name {error.host}", remedy) from error
    except aiohttp.ClientConnectorCertificateError as error:
        reason = getattr(error.certificate_error, "verify_message", "") or "refused"
        remedy = f"give your web server a certificate of that name; {GUIDE}"
        raise NoAnswerError(f"the certificate is not valid ({reason})", remedy) from error
    except aiohttp.ClientSSLError as error:
        remedy = f"let your web server speak HTTPS there; {GUIDE}"
        raise NoAnswerError("what answers does not speak HTTPS", remedy) from error
    except aiohttp.ClientConnectorError as error:
        remedy = "start your web server, and open its port (443) to the world"
        raise NoAnswerError("nobody answers", remedy) from error
    except TimeoutError as error:
        remedy = (
            "open its port to the world; some routers hide a machine's own public address from it:"
            " then try from elsewhere"
        )
        raise NoAnswerError(f"no answer within {WITHIN:.0f} s", remedy) from error
    except aiohttp.ClientError as error:
        raise NoAnswerError("what answers does not speak HTTP", GUIDE) from error


async def _beginning(answer: aiohttp.ClientResponse) -> bytes:
    """Reads a body, or as much of it as could matter."""
    try:
        return await answer.content.readexactly(_LONGEST)
    except asyncio.IncompleteReadError as error:
        return error.partial


def _facts(body: bytes) -> Facts | None:
    """Reads what a site tells of itself; None where that is no such site."""
    try:
        match json.loads(body):
            case {"address": str(address), "forwarded": bool(is_forwarded)}:
                return Facts(address, is_forwarded)
    except (ValueError, RecursionError):
        pass
    return None
