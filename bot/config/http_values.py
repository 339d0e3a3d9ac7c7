"""Validators of what a source's requests bear: User-Agent, headers, cookie and proxy.

A header, a cookie and a proxy may be secrets. So each may stand in the environment (`env:NAME`) or
in a file of its own (`file:PATH`) instead, and no message repeats one.
"""

from __future__ import annotations

import re

from pydantic import SecretStr

from bot.text.urls import request_url

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")  # RFC 9110, section 5.6.2
_MAX_AGENT = 500
_MAX_VALUE = 8_000

# Dateline writes them itself, or a setting of their own does.
_OWN = frozenset(
    "accept-encoding connection content-encoding content-length cookie expect host "
    "if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive "
    "proxy-authorization proxy-connection range te trailer transfer-encoding upgrade "
    "user-agent".split()
)
_INSTEAD = {"cookie": "set cookie instead", "user-agent": "set user_agent instead"}


def user_agent(text: str) -> str:
    """Validates the value of a User-Agent header; empty for Dateline's own.

    Raises:
        ValueError: No header can hold it.
    """
    if len(text) > _MAX_AGENT or not (text.isascii() and text.isprintable()):
        raise ValueError(f"expected at most {_MAX_AGENT} ASCII characters on one line")
    return text.strip()


def secret(value: object) -> SecretStr | None:
    """Validates a text that may be a secret; None for an empty one.

    Raises:
        ValueError: It is no text on one line.
    """
    if not isinstance(value, str):
        raise ValueError("expected text in quotes")  # noqa: TRY004 - pydantic passes a TypeError on
    return SecretStr(header_value(value)) if value.strip() else None


def headers(value: object) -> tuple[tuple[str, SecretStr], ...]:
    """Validates a table of headers.

    Raises:
        ValueError: It is none, or one of the headers cannot be set; the message names it.
    """
    if not isinstance(value, dict):
        raise ValueError('expected a table such as { Accept-Language = "de" }')  # noqa: TRY004 - as above
    return tuple(_header(name, text) for name, text in value.items())


def header_value(text: str) -> str:
    """Validates the value of a header.

    Raises:
        ValueError: No header can hold it.
    """
    text = text.strip()
    if len(text) > _MAX_VALUE or not text.isprintable():
        raise ValueError(f"expected at most {_MAX_VALUE:,} characters on one line")
    return text


def proxy(text: str) -> str:
    """Validates the URL of a proxy.

    Raises:
        ValueError: It is none that requests can go through.
    """
    if request_url(text) is None:
        raise ValueError('expected an HTTP proxy, such as "http://127.0.0.1:8118"')
    return text


def _header(name: str, text: object) -> tuple[str, SecretStr]:
    if not _NAME.fullmatch(name):
        raise ValueError("expected names of headers, of letters, digits and -")
    if name.lower() in _OWN:
        instead = _INSTEAD.get(name.lower(), "Dateline sets it itself")
        raise ValueError(f"{name} cannot be set here; {instead}")
    found = secret(text)
    if found is None:
        raise ValueError(f"{name} is empty")
    return name, found
