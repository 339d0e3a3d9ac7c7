"""Host names and IP addresses with ports: parsing and normalization."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address

import idna

_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")  # machines at home have odd names
_IPV6 = re.compile(r"[0-9A-Fa-f:.]+(?:%[\w.-]+)?", re.ASCII)
_WITH_PORT = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]+)(?::(?P<port>[0-9]{1,5}))?")
_PORTS = range(1, 1 << 16)


def parse_host_and_port(text: str) -> tuple[str, int | None]:
    """Parses a host, normalized, and its port; None for all ports.

    Args:
        text: A name or an IP address as it stands in an address on the web, or an IPv6 address
            alone: `news.lan`, `127.0.0.1:8080`, `[::1]:8080`, `::1`.

    Raises:
        ValueError: It names no host.
    """
    if text.count(":") > 1 and not text.startswith("["):
        return _ipv6(text), None
    match = _WITH_PORT.fullmatch(text)
    port = int(match["port"]) if match and match["port"] else None
    if match is None or not (port is None or port in _PORTS):
        raise ValueError("no host, or no port behind it")
    host = match["host"]
    return _ipv6(host[1:-1]) if host.startswith("[") else normalize_host(_ascii(host)), port


def normalize_host(host: str) -> str:
    """Returns a name in lower case without a dot at its end, or the shortest form of an address.

    Args:
        host: In ASCII, without brackets.
    """
    try:
        return str(ip_address(host))
    except ValueError:
        return host.lower().removesuffix(".")


def _ipv6(text: str) -> str:
    if not _IPV6.fullmatch(text):
        raise ValueError("no IPv6 address")
    return str(IPv6Address(text))


def _ascii(name: str) -> str:
    """Returns a name as it goes over the wire."""
    wired = name.lower() if name.isascii() else _encoded(name)
    if not _NAME.fullmatch(wired):
        raise ValueError("no name of a host")
    return wired


def _encoded(name: str) -> str:
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except UnicodeError:  # what only the older rules know, such as ☃
        return name.encode("idna").decode("ascii").lower()
