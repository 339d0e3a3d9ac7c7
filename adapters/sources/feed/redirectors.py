"""Redirectors: addresses that only lead on to the page that they name, as counters of clicks do.

Google Alerts, Facebook, Outlook's Safe Links and news aggregators wrap the links of stories in
them. The page's own address is in a parameter: nobody has to be asked for it.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from adapters.sources.feed.links import absolute_url, is_http_url
from bot.text.canonical_urls import is_tracking_parameter
from bot.text.urls import query_pairs, split_url

_MAX_WRAPPINGS = 3
_SCHEME = len("http")

# Parameters that hold an address, the surest first.
_PARAMETERS = (
    "url u q to target uddg dest destination redirect_url redirect redirect_uri goto link href ued "
    "murl z"
).split()
# The end of the path of what leads on. Others with such a parameter show something themselves:
# `share`, `login`, `translate`, `proxy`.
_LEADING_PATH = re.compile(
    r"(?:.*/)?(?:(?:url|link|l|r|u|c|go|goto|out|away|exit|leave|click|clk|track|jump|redir\w*|"
    r"redirect\w*|outbound|outgoing|external|linkfilter|apiclick|cread|link-?redirect|relay|forward)"
    r"(?:\.(?:php|aspx?|jsp|cgi|html?))?/?)",
    re.IGNORECASE,
)
# Hosts that do nothing else, whatever the path is.
_LEADING_HOSTS = re.compile(
    r"(?:.+\.)?safelinks\.protection\.outlook\.com|lm?\.(?:facebook|instagram|messenger)\.com|"
    r"out\.reddit\.com|slack-redir\.net|exit\.sc|disq\.us|go\.redirectingat\.com|"
    r"redirect\.viglink\.com|click\.linksynergy\.com|href\.li|nullrefer\.com",
    re.IGNORECASE,
)
_IN_PATH = (
    # Yahoo: …/RU=https%3a%2f%2f…/RK=2/RS=…
    re.compile(r"/RU=(?P<url>https?%3a%2f%2f[^/]+)", re.IGNORECASE),
    # Proofpoint: …/v3/__https://…__;…
    re.compile(r"/v3/__(?P<url>https?:/{1,2}.+?)__;"),
)


def unwrap_redirector(address: str) -> str:
    """Returns the page that an address leads on to; the address itself where it is no redirector.

    Args:
        address: Absolute.
    """
    for _ in range(_MAX_WRAPPINGS):
        if "http" not in address[_SCHEME:].lower():
            break
        inner = _inner_address(address) if "?" in address or "/RU=" in address else ""
        inner = inner or (_inner_of_path(address) if "urldefense." in address else "")
        if not inner:
            break
        address = inner
    return address


def _inner_address(address: str) -> str:
    parts = split_url(address)
    pairs = query_pairs(parts.query) if parts else None
    if parts is None or pairs is None:
        return _inner_of_path(address)
    values = dict(reversed(pairs))
    names = [name for name, _ in pairs if not is_tracking_parameter(name)]
    if not _leads_on(parts.hostname or "", parts.path, names):
        return _inner_of_path(address)
    host = parts.hostname
    found = (absolute_url(_web_address(values.get(name, ""))) for name in _PARAMETERS)
    return next((each for each in found if each and _host(each) != host), "")


def _leads_on(host: str, path: str, names: list[str]) -> bool:
    if _LEADING_HOSTS.fullmatch(host) or _LEADING_PATH.fullmatch(path):
        return True
    # A bare host with an address and nothing else: `https://news.example/?u=https%3A…`
    return path in {"", "/"} and len(names) == 1


def _inner_of_path(address: str) -> str:
    found = next(filter(None, (pattern.search(address) for pattern in _IN_PATH)), None)
    return absolute_url(_web_address(unquote(found["url"]))) if found else ""


def _web_address(text: str) -> str:
    """Returns an http or https address, which may be escaped once more; empty for all else."""
    text = unquote(text) if re.match(r"https?%3a", text, re.IGNORECASE) else text
    return text if is_http_url(text) else ""


def _host(address: str) -> str | None:
    parts = split_url(address)
    return parts.hostname if parts else None
