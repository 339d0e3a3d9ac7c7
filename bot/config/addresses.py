"""Validators of addresses (URLs, hosts, mail) in the configuration.

The rules are like those in `bot.config.values`, which makes types of them.
"""

from __future__ import annotations

import re

from bot.text.hosts import parse_host_and_port
from bot.text.urls import is_web_url, mend_scheme, split_url

_LISTEN = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})")


def address(text: str) -> str:
    """Validates an address on the web (http or https).

    Raises:
        ValueError: It is none. The message tells what is expected and does not repeat `text`.
    """
    parts = split_url(text) if is_web_url(text) else None
    if parts is None or parts.port == 0 or not text.isprintable() or " " in text:
        raise ValueError("expected an address that begins with http:// or https://")
    return text


def optional_address(text: str) -> str:
    """Validates an address as `address` does, or an empty text.

    Raises:
        ValueError: As `address`.
    """
    return address(text) if text else ""


def feed_address(text: str) -> str:
    """Validates a feed's address as `address` does; `feed://` is mended to `http://`.

    Raises:
        ValueError: As `address`.
    """
    return address(mend_scheme(text))


def base_address(text: str) -> str:
    """Validates a base URL, and strips the slash at its end.

    Raises:
        ValueError: As `address`.
    """
    return address(text).rstrip("/")


def optional_base_address(text: str) -> str:
    """Validates a base URL as `base_address` does, or an empty text.

    Raises:
        ValueError: As `address`.
    """
    return base_address(text) if text else ""


def webhook_address(text: str) -> str:
    """Validates an address of HTTPS or an empty text, and strips the slash at its end.

    Raises:
        ValueError: It is none.
    """
    if text and not address(text).startswith("https://"):
        raise ValueError("expected an address that begins with https://")
    return text.rstrip("/")


def place_to_listen(text: str) -> str:
    """Validates a name or an IP address, with a port.

    Raises:
        ValueError: It is none.
    """
    match = _LISTEN.fullmatch(text)
    if match is None or not 0 < int(match["port"]) < 2**16:
        raise ValueError('expected an address and a port, such as "127.0.0.1:8443"')
    return text


def optional_place_to_listen(text: str) -> str:
    """Validates the same, or an empty text.

    Raises:
        ValueError: It is neither.
    """
    return place_to_listen(text) if text else text


def contact(text: str) -> str:
    """Validates a web or mail address that can stand in a header, or an empty text.

    Raises:
        ValueError: It is none.
    """
    # It stands in brackets in a header of every request.
    if not (text.isascii() and text.isprintable()) or any(sign in text for sign in "()\\"):
        raise ValueError("expected an address in ASCII, without parentheses or backslashes")
    is_mail = re.fullmatch(r"[^@\s<>()]+@[^@\s<>()]+", text) is not None
    if text and not is_mail:
        try:
            return address(text)
        except ValueError:
            raise ValueError("expected a web address or an email address") from None
    return text


def host(text: str) -> str:
    """Validates a host as `bot.text.hosts.parse_host_and_port` takes it.

    Raises:
        ValueError: It is none.
    """
    try:
        parse_host_and_port(text)
    except ValueError:
        told = 'expected a host such as "news.example" or "192.168.1.5:8080"'
        raise ValueError(told) from None
    return text
