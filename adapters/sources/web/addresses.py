"""Special-purpose IP addresses, which no request may reach (SSRF protection), and allowed hosts."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from yarl import URL

from bot.text.hosts import normalize_host, parse_host_and_port
from bot.text.urls import request_url

_PLAIN, _SECURE = 80, 443  # the ports of http and https

# After IANA's registries of special-purpose addresses; `ipaddress` knows less of them, and not the
# same in each version of Python. The first network that holds an address names it.
_IPV4 = {
    IPv4Network(network): kind
    for network, kind in {
        "0.0.0.0/8": "an unspecified",
        "10.0.0.0/8": "a private",
        "100.64.0.0/10": "a provider's internal",
        "127.0.0.0/8": "a loopback",
        "169.254.0.0/16": "a link-local",
        "172.16.0.0/12": "a private",
        "192.0.0.0/24": "a reserved",
        "192.0.2.0/24": "a documentation",
        "192.88.99.0/24": "a 6to4",
        "192.168.0.0/16": "a private",
        "198.18.0.0/15": "a benchmarking",
        "198.51.100.0/24": "a documentation",
        "203.0.113.0/24": "a documentation",
        "224.0.0.0/4": "a multicast",
        "240.0.0.0/4": "a reserved",
    }.items()
}
_IPV6 = {
    IPv6Network(network): kind
    for network, kind in {
        "::/128": "an unspecified",
        "::1/128": "a loopback",
        "::ffff:0:0/96": "an IPv4-mapped",
        "::/96": "an IPv4-compatible",
        "64:ff9b::/96": "a NAT64",
        "64:ff9b:1::/48": "a NAT64",
        "2001::/32": "a Teredo",
        "2001:2::/48": "a benchmarking",
        "2001::/23": "a reserved",
        "2001:db8::/32": "a documentation",
        "2002::/16": "a 6to4",
        "3fff::/20": "a documentation",
        "fc00::/7": "a private",
        "fe80::/10": "a link-local",
        "fec0::/10": "a site-local",
        "ff00::/8": "a multicast",
    }.items()
}
_ANY_IPV4 = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*")
# Top-level domains that are in no public name server (RFC 6761, 6762, 8375 and ICANN's .internal),
# and those that home networks use.
_LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".home", ".corp")
_IPV6_IN_USE = IPv6Network("2000::/3")  # the only part from which public addresses are given


def special_purpose_kind(address: str) -> str:
    """Returns the kind of a special-purpose address (`a loopback`); empty for a public one.

    Args:
        address: As the system writes it; an IPv6 one may have a zone (`fe80::1%eth0`).
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "an unknown kind of"
    if isinstance(found, IPv4Address):
        return next((kind for network, kind in _IPV4.items() if found in network), "")
    return _special_purpose_kind_6(found)


def special_purpose_name_kind(host: str) -> str:
    """Returns the kind of a private address that a host's name alone tells; empty for others.

    Args:
        host: As it stands in a URL, in ASCII; an IPv4 address in any form that systems take, such
            as `127.1` or `0x7f000001`.
    """
    name = normalize_host(host.strip("[]").partition("%")[0])
    if ":" in name:
        return special_purpose_kind(name)
    if _ANY_IPV4.fullmatch(name):
        try:
            return special_purpose_kind(socket.inet_ntoa(socket.inet_aton(name)))
        except OSError:
            return "an unknown kind of"
    return "a local" if "." not in name or name.endswith(_LOCAL_ENDINGS) else ""


def _special_purpose_kind_6(address: IPv6Address) -> str:
    for network, kind in _IPV6.items():
        if address in network:
            return kind
    return "" if address in _IPV6_IN_USE else "a reserved"


class AllowedHosts:
    """The allow-list: hosts that the operator allows, whatever address they have.

    Args:
        hosts: As `parse_host_and_port` takes them, each with a port or for all ports.

    Raises:
        ValueError: One of them is no host; the message tells which.
    """

    def __init__(self, hosts: Iterable[str] = ()) -> None:
        self._hosts: frozenset[tuple[str, int | None]] = frozenset(map(_parse_host, hosts))

    def allows(self, url: URL) -> bool:
        """Returns True when the URL's host is on the list; names are compared, not resolved."""
        name = normalize_host(url.raw_host or "")
        return (name, None) in self._hosts or (name, url.port) in self._hosts

    def for_configured(self, address: str) -> AllowedHosts:
        """Returns what is allowed to a request for a URL of the configuration.

        That is its own host, if it is on the list: with the same port, or by https where it was
        http. Where else a redirect leads is its server's choice and not the operator's.
        """
        asked = request_url(address)
        if asked is None or not self.allows(asked.url):
            return NO_HOSTS
        ports = {asked.url.port, _SECURE if asked.url.port == _PLAIN else asked.url.port}
        return self._of((normalize_host(asked.url.raw_host or ""), port) for port in ports)

    def __or__(self, other: AllowedHosts) -> AllowedHosts:
        """Returns the hosts of both lists."""
        return self._of(self._hosts | other._hosts)

    @classmethod
    def _of(cls, hosts: Iterable[tuple[str, int | None]]) -> AllowedHosts:
        made = cls()
        made._hosts = frozenset(hosts)
        return made


def _parse_host(host: str) -> tuple[str, int | None]:
    try:
        return parse_host_and_port(host)
    except ValueError:
        raise ValueError(f'"{host}" is not a host') from None


NO_HOSTS = AllowedHosts()
"""Allows no private address."""
