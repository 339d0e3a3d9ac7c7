"""Examines the website: where it listens, what its public address leads to, and its hub."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address

import aiohttp

from adapters.web.site_probe import GUIDE, SITE, WITHIN, Facts, NoAnswerError, SiteAnswer, ask
from bot.config.schema import WebConfig
from bot.monitoring.findings import Finding, Severity, note, trouble, well
from bot.text.urls import split_url

_BEHIND = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not listened on
_NOT_HERE = "name an address of this machine, mostly 127.0.0.1"
_BINDING = {
    errno.EACCES: ("this user may not listen there", "choose a port from 1024 on"),
    errno.EADDRNOTAVAIL: ("this machine has no such address", _NOT_HERE),
}


async def examine_web(config: WebConfig) -> AsyncIterator[Finding]:
    """Yields findings; nothing is changed, and no answer is kept."""
    timeout = aiohttp.ClientTimeout(total=WITHIN)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        site = _Checkup(config, session)
        here = await site.ask_here()
        yield here.finding
        async for finding in site.public(is_running=here.is_running):
            yield finding
        if config.hub:
            yield await site.hub()


@dataclass(frozen=True, slots=True)
class _Here:
    """The answer at the address where the site listens."""

    finding: Finding
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class _Checkup:
    """The checkup of a site, as the configuration has it."""

    config: WebConfig
    session: aiohttp.ClientSession

    async def ask_here(self) -> _Here:
        """Looks whether the site could listen where it is to, or asks who does already."""
        listen = self.config.listen
        host, _, port = listen.rpartition(":")
        bare = host.strip("[]")
        failure = _failure_to_bind(bare, int(port))
        if failure is None:
            return _Here(well(f"web.listen: {listen} is free; Dateline does not run there now"))
        if failure.errno != errno.EADDRINUSE:
            reason, remedy = _BINDING.get(failure.errno or 0, (failure.strerror, _NOT_HERE))
            return _Here(trouble(f"web.listen: {listen}: {reason}", remedy))
        near = _EVERYWHERE.get(bare, bare)
        url = f"http://{f'[{near}]' if ':' in near else near}:{port}{SITE}"
        facts = await self._facts_at(url)
        if facts is None:
            remedy = f"end it (`ss -ltnp 'sport = :{port}'` names it), or choose another port"
            return _Here(trouble(f"web.listen: another program listens at {listen}", remedy))
        if facts.address != self.config.base:
            what = f"web.listen: Dateline answers at {listen}, as {facts.address}"
            return _Here(note(what, "restart it: the configuration has changed"), is_running=True)
        return _Here(well(f"web.listen: Dateline answers at {listen}"), is_running=True)

    async def _facts_at(self, url: str) -> Facts | None:
        """Returns what a site tells of itself; None for another program, or for none."""
        try:
            return (await ask(self.session, url)).facts
        except NoAnswerError:
            return None

    async def public(self, *, is_running: bool) -> AsyncIterator[Finding]:
        """Asks who answers at the public address.

        Args:
            is_running: True where the site answers where it listens.
        """
        url = self.config.public_url
        if not url:
            remedy = "set it to the address that readers are to type, such as https://news.example"
            yield note("web.public_url: there is none, so nothing in a chat leads there", remedy)
            return
        if not (url.startswith("https://") or _is_near(url)):
            remedy = f"let your web server speak HTTPS, and write https:// there; {GUIDE}"
            yield trouble("web.public_url: without HTTPS, logins can be read on their way", remedy)
        try:
            answer = await ask(self.session, url + SITE)
        except NoAnswerError as error:
            yield trouble(f"web.public_url: {url}: {error}", error.remedy)
            return
        found = self._leads_here(answer, is_running=is_running)
        yield found
        is_told = self._is_direct() or (answer.facts is not None and answer.facts.is_forwarded)
        if found.severity is Severity.WELL and not is_told:
            what = "web.public_url: all readers count as one: your web server does not say who asks"
            yield trouble(what, f"have it send X-Forwarded-For, from a private address; {GUIDE}")

    def _leads_here(self, answer: SiteAnswer, *, is_running: bool) -> Finding:
        """Tells whether what has answered at the public address is the site."""
        url = self.config.public_url
        forward = f"have your web server forward it to {self.config.listen}; {GUIDE}"
        if answer.facts is None:
            if answer.status in _BEHIND and not is_running:
                what = f"web.public_url: your web server answers at {url}; Dateline does not run"
                return note(what, "start Dateline, and ask again")
            return trouble(f"web.public_url: {url} leads to something else", forward)
        asked, came = url + SITE, answer.url
        if came != asked:
            where = came.removesuffix(SITE)
            return trouble(f"web.public_url: {url} leads on to {where}", f"set it to {where}")
        if answer.facts.address != url:
            what = f"web.public_url: the site at {url} has the address {answer.facts.address}"
            return trouble(what, "restart Dateline if you have just changed it, or " + forward)
        return well(f"web.public_url: {url} leads here")

    def _is_direct(self) -> bool:
        """Tells whether readers come without a web server in front."""
        parts = split_url(self.config.public_url)
        port = self.config.listen.rpartition(":")[2]
        return parts is not None and parts.scheme == "http" and str(parts.port or 80) == port

    async def hub(self) -> Finding:
        """Asks if there is a hub; it is told nothing."""
        hub = self.config.hub
        if not self.config.public_url:
            return note("web.hub: it is told of nothing without web.public_url", "set that, too")
        try:
            answer = await ask(self.session, hub)
        except NoAnswerError as error:
            return trouble(f"web.hub: {hub}: {error}", "look at its address, or leave it out")
        gone = answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
        if gone or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            told = f"web.hub: {hub} answers with an error ({answer.status})"
            return trouble(told, "look at its address, or leave it out")
        return well(f"web.hub: {hub} answers")


def _failure_to_bind(host: str, port: int) -> OSError | None:
    """Returns why an address cannot be listened on; None if it can."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as asyncio does
            tried.bind(address)
            tried.listen()
    except OSError as error:
        return error
    return None


def _is_near(url: str) -> bool:
    """Tells whether an address leads nowhere beyond a private network."""
    parts = split_url(url)
    host = (parts.hostname or "") if parts else ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
