"""The HTTP server behind the public address, whose handlers come and go."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import web

from adapters.sources.websub.callback import is_callback
from adapters.web_listener import Handler, WebListener

pytestmark = pytest.mark.server

TOKEN = "-_09azAZ" * 5 + "abc"


def saying(text: str) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=f"{text} {request.method} {await request.text()}")

    return handler


async def ask(port: int, path: str, method: str = "POST", body: bytes = b"") -> tuple[int, str]:
    url = f"http://127.0.0.1:{port}{path}"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=body) as answer,
    ):
        return answer.status, await answer.text()


async def test_handlers_come_and_go_and_the_last_one_closes_the_port(unused_tcp_port: int) -> None:
    port = unused_tcp_port
    listener = WebListener(f"127.0.0.1:{port}")
    assert str(listener) == f"127.0.0.1:{port}"
    for _ in range(2):  # as when what uses it is begun anew
        async with listener.handling(saying("hub"), is_callback):
            assert await ask(port, "/bot") == (503, "")
            async with listener.handling(saying("all")):
                assert await ask(port, "/bot", body=b"x") == (200, "all POST x")
            assert (await ask(port, f"/bot/websub/{TOKEN}", "GET"))[1] == "hub GET "
        with pytest.raises(aiohttp.ClientConnectorError):
            await ask(port, "/bot")


@pytest.mark.parametrize("is_first", [True, False])
async def test_what_nobody_takes_goes_to_the_other_whoever_came_first(
    unused_tcp_port: int, *, is_first: bool
) -> None:
    listener = WebListener(f"127.0.0.1:{unused_tcp_port}")
    both = [listener.handling(saying("hub"), is_callback), listener.handling(saying("all"))]
    first, second = both if is_first else reversed(both)
    async with first, second:
        assert (await ask(unused_tcp_port, f"/websub/{TOKEN}"))[1] == "hub POST "
        assert (await ask(unused_tcp_port, "/websub/"))[1] == "all POST "


async def test_a_port_that_is_taken_is_told_and_tried_again(unused_tcp_port: int) -> None:
    first = WebListener(f"127.0.0.1:{unused_tcp_port}")
    second = WebListener(f"[127.0.0.1]:{unused_tcp_port}")
    async with first.handling(saying("first")):
        with pytest.raises(OSError, match="address"):
            async with second.handling(saying("second")):
                raise AssertionError
    async with second.handling(saying("second")):
        assert (await ask(unused_tcp_port, "/"))[1] == "second POST "


async def test_many_that_come_at_once_share_one_port(unused_tcp_port: int) -> None:
    listener = WebListener(f"127.0.0.1:{unused_tcp_port}")

    async def use() -> int:
        async with listener.handling(saying("one")):
            return (await ask(unused_tcp_port, "/"))[0]

    for _ in range(5):
        assert await asyncio.gather(*(use() for _ in range(8))) == [200] * 8


async def test_a_site_that_only_reads_leaves_the_rest_to_others(unused_tcp_port: int) -> None:
    port, listener = unused_tcp_port, WebListener(f"127.0.0.1:{unused_tcp_port}")
    async with listener.handling(saying("site"), methods=frozenset({"GET"})):
        assert (await ask(port, "/", "GET"))[1] == "site GET "
        assert (await ask(port, "/", "POST"))[0] == 405
        async with (
            listener.handling(saying("hub"), is_callback),
            listener.handling(saying("webhook")),
        ):
            assert (await ask(port, "/", "GET"))[1] == "site GET "
            assert (await ask(port, "/any", "POST"))[1] == "webhook POST "
            assert (await ask(port, f"/websub/{TOKEN}", "GET"))[1] == "hub GET "


@pytest.mark.parametrize(
    "path", [f"/websub/{TOKEN}", f"/a/b/websub/{TOKEN}", f"/x//websub/{TOKEN}"]
)
def test_a_callback_is_known_by_the_end_of_its_path(path: str) -> None:
    assert is_callback(path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/websub",
        "/websub/",
        f"/websub/{TOKEN}/",
        f"/websub/{TOKEN}x",
        f"/websub/{TOKEN[:-1]}",
        f"/websub/{TOKEN[:-1]}.",
        f"/websub/{TOKEN[:-1]}é",
        f"/{TOKEN}",
        f"/xwebsub/{TOKEN}",
        f"/websub/{TOKEN}\n",
    ],
)
def test_nothing_else_is_a_callback(path: str) -> None:
    assert not is_callback(path)
