"""Special-purpose IP addresses, and the names that lead to one: what is on no public network."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from bot.text.hosts import normalize_host, parse_host_and_port
from bot.text.urls import split_url

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


def special_purpose_url_kind(url: str) -> str:
    """Returns the kind of a private address that a URL's host alone tells; empty for others."""
    parts = split_url(url)
    try:
        host, _ = parse_host_and_port((parts and parts.hostname) or "")
    except ValueError:
        return ""
    return special_purpose_name_kind(host)
