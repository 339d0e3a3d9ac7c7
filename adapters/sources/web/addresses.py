"""Hosts that requests may reach although their addresses are special-purpose ones."""

from __future__ import annotations

from collections.abc import Iterable

from yarl import URL

from bot.text.hosts import normalize_host, parse_host_and_port
from bot.text.urls import request_url

_PLAIN, _SECURE = 80, 443  # the ports of http and https


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
