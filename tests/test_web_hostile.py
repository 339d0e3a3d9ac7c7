"""Servers that speak no HTTP, or speak it to no good end."""

from __future__ import annotations

import asyncio
import ssl
import struct
from pathlib import Path

import pytest
from certificates import OPENSSL, certified
from hypothesis import given
from hypothesis import strategies as st
from raw_server import Speaker, chunks, for_ever, head, raw_server, saying

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness
from adapters.sources.web.response_repair import repair
from adapters.sources.web.responses import WebPage

WHOLE = b"<rss><channel><item><title>One</title></item></channel></rss>"
CHUNK = b"%x\r\n%s\r\n0\r\n\r\n" % (len(WHOLE), WHOLE)


async def _fetch(speak: Speaker, timeout: float = 20) -> WebPage:
    async with raw_server(speak) as server:
        politeness = Politeness(allow_hosts=(server.host,), pause=0, timeout=timeout)
        async with Fetcher(politeness) as fetcher:
            return await fetcher.fetch(server.url)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "127.0.0.1 closed the connection without a response"),
        (
            [b"HTTP/1.1 200"],
            "closed the connection without a response|did not respond with valid HTTP",
        ),
        ([b"220 mail.example ESMTP ready\r\n"], "127.0.0.1 did not respond with valid HTTP"),
        ([b"\x16\x03\x01\x00\xff\x01\x00" * 99], "did not respond with valid HTTP"),
        ([b"\x00" * 999], "did not respond with valid HTTP"),
        ([b"<html>what is HTTP?</html>\r\n\r\n"], "did not respond with valid HTTP"),
        ([b"HTTP/1.1 two hundred\r\n\r\n"], "did not respond with valid HTTP"),
        ([b"HTTP/9.9 200 OK\r\n\r\n"], "did not respond with valid HTTP"),
        ([head("Content-Length: 10"), b"short"], "ended early"),
        ([head("Transfer-Encoding: chunked"), b"5\r\nhello\r\n"], "ended early"),
        ([head("Transfer-Encoding: chunked"), b"5\r\nhel"], "ended early"),
        ([head(status="101 Switching Protocols")], "the response was 101 Switching Protocols"),
    ],
)
async def test_what_goes_wrong_is_told(parts: list[bytes], words: str) -> None:
    with pytest.raises(FetchError, match=words):
        await _fetch(saying(*parts))


@pytest.mark.parametrize(
    "parts",
    [
        [head("Content-Length: 5") + WHOLE],
        [head("Content-Length: 5", "Connection: close"), WHOLE],
        [head("Content-Length: 0"), WHOLE],
        [head("Content-Length: ten", "Connection: close"), WHOLE],
        [head("Content-Length: -1") + WHOLE],
        [head("Content-Length: 1", "Content-Length: 2"), WHOLE],
        [head(*[f"Content-Length: {len(WHOLE)}"] * 2), WHOLE],
        [head("Content-Length: 5", "Transfer-Encoding: chunked"), CHUNK],
        [head("Transfer-Encoding: chunked"), WHOLE],
        [b"ICY 200 OK\r\n\r\n", WHOLE],
        [b"http/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n", WHOLE],
        [b"HTTP/2 200\r\n\r\n", WHOLE],
        [head("no header"), WHOLE],
        [head("X Y: z", ": empty", "X-Control: a\x01b"), WHOLE],
        [head(f"Content-Length : {len(WHOLE)}"), WHOLE],
        [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", head("Content-Length: x"), WHOLE],
    ],
)
async def test_what_browsers_read_is_read_however_it_is_framed(parts: list[bytes]) -> None:
    assert (await _fetch(saying(*parts))).body == WHOLE


@given(st.binary(max_size=300), st.integers(0, 300))
def test_no_bytes_are_lost_or_made_up_behind_the_head_of_a_response(body: bytes, at: int) -> None:
    whole = b"ICY 200 OK\r\nContent-Length: 3\r\nno header\r\nX-A : b\r\n\r\n" + body
    assert repair(whole[:at]) == b"" or at > len(whole) - len(body)
    repaired = repair(whole, is_all=True)
    assert repaired == b"HTTP/1.1 200 OK\r\nX-A: b\r\nConnection: close\r\n\r\n" + body


async def test_chunks_of_every_size() -> None:
    parts = [b"x", b"yy" * 999, b"z"]
    page = await _fetch(saying(head("Transfer-Encoding: chunked"), chunks(parts)))
    assert page.body == b"".join(parts)


async def test_a_connection_that_is_torn_down() -> None:
    async def tear(writer: asyncio.StreamWriter) -> None:
        writer.write(head("Content-Length: 10") + b"short")
        await writer.drain()
        held = writer.get_extra_info("socket")
        held.setsockopt(ssl.SOL_SOCKET, 13, struct.pack("ii", 1, 0))  # SO_LINGER
        writer.transport.abort()

    with pytest.raises(FetchError, match=r"ended early|was lost"):
        await _fetch(tear)


@pytest.mark.parametrize(
    "speak",
    [
        for_ever(head()[:-2], b"X-More: and more\r\n"),
        for_ever(head()[:-2], b"X" * 4_000),
        for_ever(head()[:-2] + b"X-Long: ", b"x" * 4_000),
        for_ever(b"HTTP/1.1 200 ", b"O" * 4_000),
    ],
)
async def test_headers_without_an_end(speak: Speaker) -> None:
    with pytest.raises(FetchError, match=r"^127.0.0.1 sent more headers than are allowed"):
        await _fetch(speak)


async def test_trailers_without_an_end() -> None:
    start = head("Transfer-Encoding: chunked") + b"1\r\nx\r\n0\r\n"
    with pytest.raises(FetchError):
        await _fetch(for_ever(start, b"X-More: and more\r\n"), 0.5)


async def test_chunks_with_endless_extensions() -> None:
    start = head("Transfer-Encoding: chunked") + b"1;"
    with pytest.raises(FetchError):
        await _fetch(for_ever(start, b"x" * 4_000), 0.2)


@pytest.mark.parametrize(
    ("speak", "words"),
    [
        (for_ever(b"", b""), r"^no response within 0.1 s$"),
        (for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01), r"^no response within 0.1 s$"),
        (for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.01), r"^no response within 0.1 s$"),
        (for_ever(head(), b"x", 0.01), r"^the response did not finish within 0.5 s$"),
        (
            for_ever(head("Transfer-Encoding: chunked"), b"1\r\nx\r\n", 0.01),
            r"^the response did not finish within 0.5 s$",
        ),
    ],
)
async def test_a_server_that_takes_for_ever(speak: Speaker, words: str) -> None:
    with pytest.raises(FetchError, match=words):
        await _fetch(speak, 0.5 if "finish" in words else 0.1)


async def test_redirects_share_one_deadline() -> None:
    async def lead_on(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        location = f"Location: /{len(server.heads)}"
        writer.write(head(location, "Content-Length: 0", "Connection: close", status="302 Found"))

    async with raw_server(lead_on) as server:
        politeness = Politeness(allow_hosts=(server.host,), pause=0, timeout=0.5)
        async with Fetcher(politeness) as fetcher:
            with pytest.raises(FetchError, match=r"^no response within 0.5 s$"):
                await fetcher.fetch(server.url)
    assert len(server.heads) == 2


@pytest.mark.process
@pytest.mark.skipif(not OPENSSL, reason="makes its certificates with openssl")
class TestCertificates:
    async def test_one_that_nobody_vouches_for(self, tmp_path: Path) -> None:
        context, _ = await certified(tmp_path, "IP:127.0.0.1")
        async with raw_server(saying(head("Content-Length: 0")), context) as server:
            async with Fetcher(Politeness(allow_hosts=(server.host,), pause=0)) as fetcher:
                with pytest.raises(
                    FetchError, match=r"^the certificate of 127.0.0.1 is not valid: self.signed"
                ):
                    await fetcher.fetch(f"https://{server.host}/")
            assert server.heads == []

    async def test_one_for_another_host(self, tmp_path: Path) -> None:
        context, trusted = await certified(tmp_path, "DNS:other.example")
        async with raw_server(saying(head("Content-Length: 0")), context) as server:
            politeness = Politeness(allow_hosts=(server.host,), pause=0)
            async with Fetcher(politeness, tls=trusted) as fetcher:
                with pytest.raises(FetchError, match=r"not valid: .*mismatch.*127.0.0.1"):
                    await fetcher.fetch(f"https://{server.host}/")

    async def test_a_password_does_not_follow_to_where_all_can_read_it(
        self, tmp_path: Path
    ) -> None:
        context, trusted = await certified(tmp_path, "IP:127.0.0.1")
        async with raw_server(saying(head("Content-Length: 2"), b"ok")) as plain:
            away = head(f"Location: {plain.url}", "Content-Length: 0", status="301 Moved")
            async with raw_server(saying(away), context) as server:
                politeness = Politeness(allow_hosts=(server.host, plain.host), pause=0)
                async with Fetcher(politeness, tls=trusted) as fetcher:
                    page = await fetcher.fetch(f"https://me:secret@{server.host}/")
        assert (page.body, page.moved_to) == (b"ok", plain.url)
        assert b"\r\nAuthorization: Basic bWU6c2VjcmV0\r\n" in server.heads[0]
        assert b"Authorization" not in plain.heads[0]

    async def test_who_speaks_without_any(self) -> None:
        async with raw_server(saying(head("Content-Length: 0")), greets=True) as server:
            fetcher = Fetcher(Politeness(allow_hosts=(server.host,), pause=0))
            with pytest.raises(FetchError, match=r"^no secure connection to 127.0.0.1: "):
                await fetcher.fetch(f"https://{server.host}/")
            await fetcher.aclose()
