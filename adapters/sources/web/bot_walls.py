"""Walls against bots: services that let only browsers through, told by their headers and pages."""

from __future__ import annotations

from collections.abc import Mapping

_CLOUDFLARE = "a Cloudflare challenge"

# A header that only the wall sends, and what its value contains; each from the service's
# documentation, such as
# https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/.
_HEADERS = (
    ("cf-mitigated", "challenge", _CLOUDFLARE),
    ("x-vercel-mitigated", "", "a Vercel challenge"),
    ("x-amzn-waf-action", "", "an AWS WAF challenge"),
    ("x-datadome", "", "DataDome"),
    ("x-sucuri-block", "", "the Sucuri firewall"),
    ("server", "ddos-guard", "DDoS-Guard"),
)

# What stands in the pages that walls show instead, in small letters.
_PAGES = (
    (b"/cdn-cgi/challenge-platform/", _CLOUDFLARE),
    (b"cf-browser-verification", _CLOUDFLARE),
    (b"<title>just a moment...</title>", _CLOUDFLARE),
    (b"<title>attention required! | cloudflare</title>", "Cloudflare"),
    (b"_incapsula_resource", "Imperva"),
    (b"captcha-delivery.com", "DataDome"),
    (b"px-captcha", "HUMAN"),
    (b"/.within.website/x/cmd/anubis/", "Anubis"),
    (b"ddos-guard", "DDoS-Guard"),
)

PAST_A_WALL = (
    "the operator can ask the site to let Dateline in, or set user_agent, cookie or proxy for this "
    "source"
)
"""What can be done about a wall."""

PAGE_START = 16 << 10
"""Bytes of a page in which a wall shows itself."""


def bot_wall(headers: Mapping[str, str], page: bytes = b"") -> str:
    """Returns the name of the wall that refused a request; empty when no wall shows itself.

    Args:
        headers: Of a response that is an error, by names in any case.
        page: How its body begins.
    """
    for header, part, name in _HEADERS:
        if header in headers and part in headers[header].lower():
            return name
    return wall_page(page)


def wall_page(page: bytes) -> str:
    """Returns the name of the wall that shows this page instead of another; empty for none."""
    start = page[:PAGE_START].lower()
    return next((name for sign, name in _PAGES if sign in start), "")
