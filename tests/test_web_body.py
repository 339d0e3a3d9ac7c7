"""What is packed is unpacked, and what is too much is refused."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import brotli
import pytest
from backports import zstd
from bombs import BOMBS
from feed_server import Answer, FeedServer
from raw_server import for_ever, head, packed_head, raw_server, saying

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness
from adapters.sources.web.responses import WebPage

MEBIBYTE = 1 << 20


def _bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "GZip in capitals": ("GZip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "with identity": ("identity, gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", _bare_deflate),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "identity": ("identity", bytes),
}
WAYS = pytest.mark.parametrize(("encoding", "pack"), PACKERS.values(), ids=PACKERS)
WORDS = " ".join(f"word{number} 大阪" for number in range(40_000)).encode()
NOISE = random.Random(1).randbytes(300_000)  # noqa: S311 - nobody's secret


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


async def _fetch(url: str, **politeness: float) -> WebPage:
    host = url.split("/")[2]
    made = Politeness(
        allow_hosts=(host,), pause=0, max_bytes=int(politeness.get("max_bytes", MEBIBYTE))
    )
    async with Fetcher(made) as fetcher:
        return await fetcher.fetch(url)


async def _spoken(*parts: bytes, **politeness: float) -> WebPage:
    async with raw_server(saying(*parts)) as server:
        return await _fetch(server.url, **politeness)


@WAYS
@pytest.mark.parametrize("body", [b"", b"x", b"<rss/>" * 100, WORDS, NOISE], ids=len)
async def test_what_is_packed_is_unpacked(
    server: FeedServer, encoding: str, pack: Callable[[bytes], bytes], body: bytes
) -> None:
    url = server.answers("/", Answer(pack(body), headers={"Content-Encoding": encoding}))
    assert (await _fetch(url)).body == body


@WAYS
async def test_it_may_come_in_the_smallest_parts(
    encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    parts = [bytes([byte]) for byte in pack(b"<rss>" + bytes(range(256)) * 9)]
    page = await _spoken(packed_head(encoding), *parts)
    assert page.body == b"<rss>" + bytes(range(256)) * 9


@WAYS
async def test_as_much_as_is_allowed_is_taken(
    server: FeedServer, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    answer = Answer(pack(NOISE[:100_000] * 3), headers={"Content-Encoding": encoding})
    url = server.answers("/", answer)
    most = max(300_000, len(answer.body))
    assert len((await _fetch(url, max_bytes=most)).body) == 300_000
    with pytest.raises(FetchError, match=r"^the response is larger than 0.3 MB$"):
        await _fetch(url, max_bytes=299_999)


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
async def test_several_files_one_after_another_are_one(encoding: str) -> None:
    pack = PACKERS[encoding][1]
    page = await _spoken(packed_head(encoding), pack(b"one "), pack(b"two ") + pack(b"three"))
    assert page.body == b"one two three"


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
async def test_but_not_thousands(encoding: str) -> None:
    with pytest.raises(FetchError, match=r"the response is compressed in more than 1,000 parts"):
        await _spoken(packed_head(encoding), PACKERS[encoding][1](b"") * 5_000)


async def test_padding_after_gzip_is_nothing() -> None:
    page = await _spoken(packed_head("gzip"), gzip.compress(b"one"), bytes(512), b"rubbish")
    assert page.body == b"one"


async def test_packed_nothing_is_nothing() -> None:
    assert (await _spoken(packed_head("gzip"))).body == b""


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_what_is_not_packed_as_it_says(encoding: str) -> None:
    with pytest.raises(FetchError, match=r"the response (says it is compressed with|ended early)"):
        await _spoken(packed_head(encoding), b"<rss>not packed at all</rss>")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_what_is_packed_and_cut_short(encoding: str) -> None:
    packed = PACKERS[{"br": "brotli"}.get(encoding, encoding)][1](NOISE)
    with pytest.raises(FetchError, match=r"^the response ended early$"):
        await _spoken(packed_head(encoding), packed[:-50])


@pytest.mark.parametrize("encoding", ["compress", "gzip, gzip", "br, gzip", "utf-8", "\u202ex"])
async def test_what_was_not_asked_for_is_told(encoding: str) -> None:
    with pytest.raises(
        FetchError, match=r"the response is compressed as .*, which Dateline cannot"
    ):
        await _spoken(packed_head(encoding), b"x")


async def test_a_window_wider_than_the_web_allows() -> None:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    with pytest.raises(FetchError, match="compressed with zstd"):
        await _spoken(packed_head("zstd"), packer.compress(NOISE) + packer.flush())


async def _by_aiohttp(*parts: bytes) -> bytes:
    async with (
        raw_server(saying(*parts)) as server,
        aiohttp.ClientSession() as session,
        session.get(server.url) as response,
    ):
        return await response.read()


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_aiohttp_takes_what_is_cut_short_for_whole(encoding: str) -> None:
    """Should this fail, `adapters.sources.web.decompression` may have become needless."""
    packed = PACKERS[{"br": "brotli"}.get(encoding, encoding)][1](NOISE)
    assert len(await _by_aiohttp(packed_head(encoding), packed[:-50])) < len(NOISE)


@pytest.mark.parametrize("encoding", ["compress", "x-gzip", "identity, gzip", "gzip, gzip"])
async def test_aiohttp_hands_on_what_it_cannot_unpack(encoding: str) -> None:
    packed = gzip.compress(NOISE)
    assert await _by_aiohttp(packed_head(encoding), packed) == packed


async def test_too_much_is_refused_by_what_it_says_of_itself() -> None:
    with pytest.raises(FetchError, match=r"larger than 1.0 MB"):
        await _spoken(head("Content-Length: 99999999999999999"), b"x")


@pytest.mark.parametrize("framing", ["Connection: close", "Transfer-Encoding: chunked"])
async def test_a_body_without_an_end(framing: str) -> None:
    part = b"10000\r\n%s\r\n" % bytes(1 << 16) if "chunked" in framing else bytes(1 << 16)
    async with raw_server(for_ever(head(framing), part)) as server:
        with pytest.raises(FetchError, match=r"larger than 1.0 MB"):
            await _fetch(server.url)


async def test_packed_nothing_without_an_end() -> None:
    part = zlib.compressobj(wbits=31).flush(zlib.Z_FULL_FLUSH)[10:] * 9_999
    start = zlib.compressobj(wbits=31).flush(zlib.Z_FULL_FLUSH)
    async with raw_server(for_ever(packed_head("gzip") + start, part)) as server:
        with pytest.raises(FetchError, match=r"larger than 1.0 MB"):
            await _fetch(server.url)


@pytest.mark.process
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="Linux tells the memory")
@pytest.mark.parametrize("encoding", BOMBS)
async def test_a_bomb_takes_little_memory(server: FeedServer, encoding: str) -> None:
    harmless = server.answers("/", Answer(b"harmless"))
    bomb = BOMBS[encoding]()
    url = server.answers("/bomb", Answer(bomb, headers={"Content-Encoding": encoding}))
    script = Path(__file__).with_name("bomb_fetching.py")
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), harmless, url, server.host, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    report = json.loads(told)
    assert "more than" in report["error"]
    assert report["took"] <= 20 * MEBIBYTE
