"""Walls against bots: services that let only browsers through, told by their response headers."""

from __future__ import annotations

from collections.abc import Mapping

# A header that only the wall sends, and what its value contains; each from the service's
# documentation, such as
# https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/.
_SIGNS = (
    ("cf-mitigated", "challenge", "a Cloudflare challenge"),
    ("x-vercel-mitigated", "", "a Vercel challenge"),
    ("x-amzn-waf-action", "", "an AWS WAF challenge"),
    ("x-datadome", "", "DataDome"),
    ("x-sucuri-block", "", "the Sucuri firewall"),
    ("server", "ddos-guard", "DDoS-Guard"),
)


def bot_wall(headers: Mapping[str, str]) -> str:
    """Returns the name of the wall that refused a request; empty when no wall tells of itself.

    Args:
        headers: Of a response that is an error, by names in any case.
    """
    for header, part, name in _SIGNS:
        if header in headers and part in headers[header].lower():
            return name
    return ""
