"""A WebSub hub (https://www.w3.org/TR/websub/) that a test can have misbehave.

It verifies, denies, signs and pushes as the Recommendation says, and fails on requests that break
its rules. Public addresses are reached through `routes`, since it speaks no HTTPS.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import aiohttp
from aiohttp import web

_REQUIRED = ("hub.callback", "hub.mode", "hub.topic")
_MAX_SECRET = 200  # bytes, section 5.1


@dataclass(frozen=True)
class HubRequest:
    """A request of a subscriber, as it came."""

    mode: str
    topic: str
    callback: str
    secret: str
    lease: str


@dataclass(frozen=True)
class CallbackAnswer:
    """What a callback answered."""

    status: int
    body: str
    content_type: str = ""


@dataclass
class Hub:
    """The hub, its subscriptions, and what is scripted of it.

    Attributes:
        routes: The local address behind each public one.
        asked: Every request that kept the rules, in order.
        broken: The rules that requests have broken.
        subscribed: The verified subscriptions, by callback.
        verified: The answers to verifications.
        statuses: What the next requests are answered with, in place of 202.
        headers: Sent with these.
        lease: Granted, in seconds; None to grant what is asked for, empty to name none.
        verifies: False to accept requests and never verify them.
        denies: The reason with which requests are denied; None to grant them.
        algorithm: Signs what is pushed.
    """

    routes: dict[str, str] = field(default_factory=dict)
    asked: list[HubRequest] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    subscribed: dict[str, HubRequest] = field(default_factory=dict)
    verified: list[CallbackAnswer] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    lease: str | None = None
    verifies: bool = True
    denies: str | None = None
    algorithm: str = "sha256"
    port: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _session: aiohttp.ClientSession | None = None

    @property
    def host(self) -> str:
        """As `allow_hosts` wants it."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/hub"

    async def until(self, holds: Callable[[Hub], bool]) -> None:
        """Waits until something is true of it."""
        async with self._changed:
            await self._changed.wait_for(lambda: holds(self))

    async def called(self, times: int) -> None:
        """Waits until it was asked so many times."""
        await self.until(lambda hub: len(hub.asked) == times)

    # Requests of subscribers

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        if self.statuses:
            async with self._changed:
                status = self.statuses.pop(0)
                self._changed.notify_all()
            return web.Response(status=status, headers=self.headers)
        if broken := list(_broken_rules(request, form)):
            self.broken += broken
            return web.Response(status=400, text=broken[0])
        asked = HubRequest(
            form["hub.mode"],
            form["hub.topic"],
            form["hub.callback"],
            form.get("hub.secret", ""),
            form.get("hub.lease_seconds", ""),
        )
        task = asyncio.create_task(self._carry_out(asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        async with self._changed:
            self.asked.append(asked)
            self._changed.notify_all()
        return web.Response(status=202)

    async def _carry_out(self, asked: HubRequest) -> None:
        """Validates a request, and verifies the intent (sections 5.2 and 5.3)."""
        if self.denies is not None:
            await self.deny(asked, self.denies)
        elif self.verifies:
            challenge = secrets.token_hex(16)
            lease = asked.lease if self.lease is None else self.lease
            answer = await self.verify(asked, challenge, lease)
            if answer.status // 100 == 2 and answer.body == challenge:
                await self._enact(asked)

    async def _enact(self, asked: HubRequest) -> None:
        async with self._changed:
            if asked.mode == "subscribe":
                self.subscribed[asked.callback] = asked
            else:
                self.subscribed.pop(asked.callback, None)
            self._changed.notify_all()

    # Calls of callbacks

    async def verify(
        self, asked: HubRequest, challenge: str, lease: str = "", **other: str
    ) -> CallbackAnswer:
        """Verifies the intent of a request; `mode` and `topic` may be others than asked for."""
        query = {
            "hub.mode": other.get("mode", asked.mode),
            "hub.topic": other.get("topic", asked.topic),
            "hub.challenge": challenge,
        }
        if lease:
            query["hub.lease_seconds"] = lease
        answer = await self.get(asked.callback, query)
        async with self._changed:
            self.verified.append(answer)
            self._changed.notify_all()
        return answer

    async def deny(self, asked: HubRequest, reason: str) -> CallbackAnswer:
        """Denies a subscription, be it verified or not (section 5.2)."""
        self.subscribed.pop(asked.callback, None)
        query = {"hub.mode": "denied", "hub.topic": asked.topic, "hub.reason": reason}
        return await self.get(asked.callback, query)

    async def publish(self, topic: str, body: bytes) -> list[int]:
        """Pushes a topic to all who are subscribed to it; returns their statuses."""
        callbacks = [one for one in self.subscribed.values() if one.topic == topic]
        return [await self.push(one, body) for one in callbacks]

    async def push(
        self, to: HubRequest, body: bytes, headers: Mapping[str, str] | None = None
    ) -> int:
        """Pushes a body to one callback, signed (section 7.1) unless other headers are given."""
        mac = hmac.new(to.secret.encode(), body, getattr(hashlib, self.algorithm))
        signed = {"X-Hub-Signature": f"{self.algorithm}={mac.hexdigest()}"}
        sent = {
            "Content-Type": "application/rss+xml",
            "Link": f'<{self.url}>; rel="hub", <{to.topic}>; rel="self"',
            **(signed if headers is None else headers),
        }
        url, part = self._local(to.callback), io.BytesIO(body)
        async with self._client().post(url, data=part, headers=sent) as answer:
            return answer.status

    async def get(self, callback: str, query: Mapping[str, str]) -> CallbackAnswer:
        """Asks a callback."""
        url = f"{self._local(callback)}?{urlencode(query)}"
        async with self._client().get(url) as answer:
            return CallbackAnswer(answer.status, await answer.text(), answer.content_type)

    def _client(self) -> aiohttp.ClientSession:
        assert self._session, "it is not running"
        return self._session

    def _local(self, url: str) -> str:
        for public, local in self.routes.items():
            if url.startswith(public):
                return local + url.removeprefix(public)
        return url

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Hub]:
        """Listens as long as the block lasts; fails when a request broke a rule."""
        runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.001)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        self.port = runner.addresses[0][1]
        async with aiohttp.ClientSession() as self._session:
            try:
                yield self
            finally:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)
                await runner.cleanup()
        assert self.broken == []


def _broken_rules(request: web.BaseRequest, form: Mapping[str, str]) -> Iterator[str]:
    """Yields what is wrong with a request, by section 5.1."""
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        yield "a request is a POST of a form"
    yield from (f"{name} is missing" for name in _REQUIRED if not form.get(name))
    if form.get("hub.mode") not in {"subscribe", "unsubscribe"}:
        yield "hub.mode is neither subscribe nor unsubscribe"
    for name in ("hub.callback", "hub.topic"):
        if urlsplit(form.get(name, "")).scheme not in {"http", "https"}:
            yield f"{name} is no address on the web"
    if len(form.get("hub.secret", "").encode()) >= _MAX_SECRET:
        yield "hub.secret is too long"
    lease = form.get("hub.lease_seconds", "1")
    if not (lease.isdecimal() and int(lease) > 0):
        yield "hub.lease_seconds is no positive integer"
