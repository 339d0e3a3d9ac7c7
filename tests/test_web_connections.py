"""What is connected to is what was looked at, however a name answers."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from feed_server import Answer, FeedServer

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness


class Answers(AbstractResolver):
    """Gives the addresses of a list in turn, and the last ones for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        addresses = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not addresses:
            raise OSError(None, "no such name")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=family * 0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


async def test_a_name_that_changes_its_answer_is_looked_at_each_time() -> None:
    # No public address stands first: a test sends nothing beyond this machine.
    resolver = Answers([], ["127.0.0.1"])
    async with (
        FeedServer().running() as inner,
        Fetcher(Politeness(pause=0, timeout=0.5), resolver=resolver) as fetcher,
    ):
        inner.answers("/", Answer(b"secret"))
        url = f"http://rebinding.example:{inner.port}/"
        with pytest.raises(FetchError, match=r"has no address"):
            await fetcher.fetch(url)
        with pytest.raises(
            FetchError,
            match=r"^rebinding.example is at 127.0.0.1, a loopback address; the operator can",
        ):
            await fetcher.fetch(url)
        assert (inner.asked, resolver.asked) == ([], 2)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["::1", "127.0.0.1"], ["10.0.0.5", "127.0.0.1"]],
)
async def test_of_several_addresses_none_is_let_through(addresses: list[str]) -> None:
    async with (
        FeedServer().running() as inner,
        Fetcher(Politeness(pause=0, timeout=0.5), resolver=Answers(addresses)) as fetcher,
    ):
        inner.answers("/", Answer(b"secret"))
        with pytest.raises(FetchError, match=r"address; the operator can"):
            await fetcher.fetch(f"http://several.example:{inner.port}/")
        assert inner.asked == []


async def test_an_allowed_name_may_have_any_address() -> None:
    politeness = Politeness(pause=0, allow_hosts=("news.lan",))
    async with (
        FeedServer().running() as server,
        Fetcher(politeness, resolver=Answers(["127.0.0.1"])) as fetcher,
    ):
        server.answers("/", Answer(b"found"))
        assert (await fetcher.fetch(f"http://news.lan:{server.port}/")).body == b"found"
        with pytest.raises(FetchError, match=r"other.lan is at 127.0.0.1, a loopback address"):
            await fetcher.fetch(f"http://other.lan:{server.port}/")


async def test_a_name_without_an_address() -> None:
    async with Fetcher(Politeness(pause=0), resolver=Answers([])) as fetcher:
        with pytest.raises(FetchError, match=r"^the host news.example has no address$"):
            await fetcher.fetch("https://news.example/feed")


async def test_a_name_that_the_system_does_not_know() -> None:
    async with Fetcher(Politeness(pause=0)) as fetcher:
        with pytest.raises(FetchError, match=r"the host nothing.invalid has no address"):
            await fetcher.fetch("http://nothing.invalid/")


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "a..example", "xn--.example"])
async def test_a_name_that_cannot_be(name: str) -> None:
    async with Fetcher(Politeness(pause=0)) as fetcher:
        with pytest.raises(
            FetchError, match=r"has no address|is not a valid host name|is not a web address"
        ):
            await fetcher.fetch(f"http://{name}/")


@pytest.mark.parametrize(
    "url",
    """news.example/feed ftp://news.example/ file:///etc/passwd http:// http:///x http://[::1
    http://x:99999/ http://x:y/ http://x:0/ //news.example/ http:news.example ?""".split(),
)
async def test_what_is_no_address_on_the_web_is_not_asked_for(url: str) -> None:
    async with Fetcher() as fetcher:
        with pytest.raises(FetchError, match="is not a web address"):
            await fetcher.fetch(url)


async def test_nobody_is_there() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{held.getsockname()[1]}"
        async with Fetcher(Politeness(pause=0, allow_hosts=(host,))) as fetcher:
            with pytest.raises(FetchError, match=r"^127.0.0.1 refused the connection$"):
                await fetcher.fetch(f"http://{host}/")
