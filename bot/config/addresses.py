"""What an address may be in the configuration.

The rules are as those in `bot.config.values`, which makes types of them.
"""

from __future__ import annotations

import re

from bot.text.hosts import host_and_port
from bot.text.urls import is_web_url, split_url

_LISTEN = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})")


def address(text: str) -> str:
    """The text, when it is an address on the web.

    Raises:
        ValueError: It is none. The message tells what is expected and does not repeat `text`.
    """
    parts = split_url(text) if is_web_url(text) else None
    if parts is None or parts.port == 0 or not text.isprintable() or " " in text:
        raise ValueError("expected an address that begins with http:// or https://")
    return text


def base_address(text: str) -> str:
    """An address that others are put behind, without a slash at its end.

    Raises:
        ValueError: As `address`.
    """
    return address(text).rstrip("/")


def webhook_address(text: str) -> str:
    """An address of HTTPS without a slash at its end, or an empty text.

    Raises:
        ValueError: It is none.
    """
    if text and not address(text).startswith("https://"):
        raise ValueError("expected an address that begins with https://")
    return text.rstrip("/")


def place_to_listen(text: str) -> str:
    """A name or an IP address, and a port.

    Raises:
        ValueError: It is none.
    """
    match = _LISTEN.fullmatch(text)
    if match is None or not 0 < int(match["port"]) < 2**16:
        raise ValueError('expected an address and a port, such as "127.0.0.1:8443"')
    return text


def contact(text: str) -> str:
    """An address on the web or of mail that can stand in a header, or an empty text.

    Raises:
        ValueError: It is none.
    """
    # It stands in brackets in a header of every request.
    if not (text.isascii() and text.isprintable()) or any(sign in text for sign in "()\\"):
        raise ValueError("expected an address in ASCII, without round brackets and backslashes")
    is_mail = re.fullmatch(r"[^@\s<>()]+@[^@\s<>()]+", text) is not None
    if text and not is_mail:
        try:
            return address(text)
        except ValueError:
            raise ValueError("expected a web address or a mail address") from None
    return text


def host(text: str) -> str:
    """A host as `bot.text.hosts.host_and_port` takes it.

    Raises:
        ValueError: It is none.
    """
    try:
        host_and_port(text)
    except ValueError:
        told = 'expected a host such as "news.example" or "192.168.1.5:8080"'
        raise ValueError(told) from None
    return text
