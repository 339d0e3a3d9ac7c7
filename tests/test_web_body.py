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


FALSE = "gzip deflate br zstd compress utf-8 none binary x-none,gzip gzip,gzip \u202ex".split()
TEXTS = [
    b"<rss>not packed at all</rss>",
    b"<a/>",
    b'{"version": "https://jsonfeed.org/version/1.1"}',
    "\ufeff<?xml version='1.0'?><rss>\u5927\u962a\u5927\u962a\u5927\u962a</rss>".encode(),
    b'<?xml version="1.0" encoding="latin-1"?><rss>caf\xe9</rss>',
    b"<rss><title>\xe9\xe8\xea</title></rss>" * 9,
    "<rss>wide</rss>".encode("utf-16"),
    "<rss>wide</rss>".encode("utf-16-le"),
    b"\n\n  <rss/>",
]


@pytest.mark.parametrize("encoding", FALSE)
@pytest.mark.parametrize("text", TEXTS)
async def test_a_text_is_a_text_whatever_it_says_to_be_packed_as(
    encoding: str, text: bytes
) -> None:
    assert (await _spoken(packed_head(encoding.replace(",", ", ")), text)).body == text


@pytest.mark.parametrize("claim", ["", "utf-8", "identity", "br", "deflate", "compress", "zstd"])
@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
@pytest.mark.parametrize("times", [1, 2, 3])
async def test_what_is_packed_is_unpacked_as_often_as_its_bytes_say(
    claim: str, pack: Callable[[bytes], bytes], times: int
) -> None:
    packed = WORDS
    for _ in range(times):
        packed = pack(packed)
    assert (await _spoken(packed_head(claim), packed)).body == WORDS


@pytest.mark.parametrize("claim", ["", "utf-8", "identity", "gzip", "zstd", "compress"])
@pytest.mark.parametrize("pack", [brotli.compress, _bare_deflate], ids=["brotli", "deflate"])
@pytest.mark.parametrize("body", [b"<rss/>" * 9, b"<rss>" + NOISE.hex().encode(), WORDS], ids=len)
async def test_what_has_no_mark_is_tried(
    claim: str, pack: Callable[[bytes], bytes], body: bytes
) -> None:
    assert (await _spoken(packed_head(claim), pack(body))).body == body
    assert (await _spoken(packed_head("gzip"), gzip.compress(pack(body)))).body == body


async def test_what_is_nothing_of_it_all_is_left_as_it_is() -> None:
    for body in (NOISE, b"\x89PNG\r\n\x1a\n" + NOISE, b"\x00" * 999, b"\xff"):
        assert (await _spoken(packed_head(""), body)).body == body


@pytest.mark.parametrize("claim", ["", "gzip"])
async def test_a_document_that_came_whole_needs_no_checksum(claim: str) -> None:
    body = b"<rss>" + NOISE.hex().encode() + b"</rss>"
    packed = gzip.compress(body)
    assert (await _spoken(packed_head(claim), packed[:-8])).body == body
    with pytest.raises(FetchError, match=r"^the response ended early$"):
        await _spoken(packed_head(claim), packed[:-200])


@pytest.mark.parametrize("claim", ["", "gzip", "utf-8"])
async def test_deflate_shows_itself_if_it_is_wrapped(claim: str) -> None:
    assert (await _spoken(packed_head(claim), zlib.compress(WORDS))).body == WORDS


@pytest.mark.parametrize(
    ("claim", "first", "second"),
    [
        ("gzip, br", gzip.compress, brotli.compress),
        ("br, gzip", brotli.compress, gzip.compress),
        ("deflate, gzip", _bare_deflate, gzip.compress),
        ("gzip, deflate", gzip.compress, _bare_deflate),
        ("zstd, br", zstd.compress, brotli.compress),
        ("br", brotli.compress, gzip.compress),
    ],
)
async def test_several_encodings_are_unpacked_the_last_first(
    claim: str, first: Callable[[bytes], bytes], second: Callable[[bytes], bytes]
) -> None:
    assert (await _spoken(packed_head(claim), second(first(WORDS)))).body == WORDS


async def test_not_packed_for_ever() -> None:
    packed = WORDS
    for _ in range(9):
        packed = gzip.compress(packed)
    with pytest.raises(FetchError, match=r"^the response is compressed more than 4 times$"):
        await _spoken(packed_head("gzip"), packed)


@pytest.mark.parametrize("inner", [bytes(40 * MEBIBYTE), gzip.compress(b"") + bytes(40 * MEBIBYTE)])
async def test_a_bomb_in_a_layer_is_one_even_if_nothing_comes_out(inner: bytes) -> None:
    packed = gzip.compress(gzip.compress(inner))
    with pytest.raises(FetchError, match=r"more than 1,000 times|larger than 1.0 MB"):
        await _spoken(packed_head("gzip"), packed)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_what_is_packed_and_cut_short(encoding: str) -> None:
    packed = PACKERS[{"br": "brotli"}.get(encoding, encoding)][1](NOISE)
    with pytest.raises(FetchError, match=r"^the response ended early$"):
        await _spoken(packed_head(encoding), packed[:-50])


@pytest.mark.parametrize("encoding", ["compress", "dcb", "\u202ex"])
async def test_what_was_not_asked_for_is_told(encoding: str) -> None:
    with pytest.raises(
        FetchError, match=r"the response is compressed as .*, which Dateline cannot"
    ):
        await _spoken(packed_head(encoding), b"\x1f\x9d\x90" + NOISE)


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "br", "deflate"])
async def test_noise_is_not_what_it_says(encoding: str) -> None:
    with pytest.raises(FetchError, match=r"the response (says it is compressed with|ended early)"):
        await _spoken(packed_head(encoding), b"\xff\x00" + NOISE[:400])


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
        await _spoken(head("Content-Length: 99999999999999999"), bytes(MEBIBYTE + 1))


# A body that came whole, and one that did not

DOCUMENTS = {
    "rss": b'<?xml version="1.0"?><rss version="2.0"><channel><item/></channel></rss>',
    "with a comment behind it": b"<rss><channel/></rss>\n<!-- cached --><!-- twice -->\n",
    "with a doctype": b"<!DOCTYPE rss [] ><!-- a --><rss></rss >",
    "atom": b'\xef\xbb\xbf<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>',
    "rdf": b"<rdf:RDF xmlns:rdf='x'><item/></rdf:RDF>  ",
    "json": b'{"items": [{"id": "1"}]}\n',
    "a page": b"<!DOCTYPE html><HTML><body>x</body></html>",
    "wide": "<?xml version='1.0'?><rss>x</rss>".encode("utf-16"),
    "gzip": gzip.compress(b"whatever there is in it" * 99),
}
WHOLE = pytest.mark.parametrize("body", DOCUMENTS.values(), ids=DOCUMENTS)


async def _abort(writer: asyncio.StreamWriter, body: bytes, more: int) -> None:
    writer.write(head(f"Content-Length: {len(body) + more}") + body)
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.transport.abort()


def _said_to_be_longer(body: bytes, more: int) -> list[bytes]:
    return [head(f"Content-Length: {len(body) + more}", "Connection: close"), body]


@WHOLE
@pytest.mark.parametrize("more", [1, 30, 10**6, 10**15])
async def test_a_whole_body_is_read_whatever_length_it_was_to_have(body: bytes, more: int) -> None:
    page = await _spoken(*_said_to_be_longer(body, more))
    assert page.body == (gzip.decompress(body) if body.startswith(b"\x1f") else body)


@WHOLE
async def test_a_body_that_broke_off_is_none(body: bytes) -> None:
    for cut in (2, len(body) // 2):
        with pytest.raises(FetchError, match=r"^the response from 127.0.0.1 ended early$"):
            await _spoken(*_said_to_be_longer(body.rstrip()[:-cut], cut))


@WHOLE
async def test_a_whole_body_in_chunks_without_the_last_one(body: bytes) -> None:
    chunk = b"%x\r\n%s\r\n" % (len(body), body)
    page = await _spoken(head("Transfer-Encoding: chunked", "Connection: close"), chunk)
    assert page.body.startswith(body[:1]) or body.startswith(b"\x1f")
    with pytest.raises(FetchError, match="ended early"):
        await _spoken(head("Transfer-Encoding: chunked", "Connection: close"), chunk[:-6])


async def test_a_large_whole_body_is_not_lost_when_the_connection_ends() -> None:
    body = b"<rss>" + NOISE.hex().encode() + b"</rss>"
    for packed in (body, gzip.compress(body)):
        assert (await _spoken(*_said_to_be_longer(packed, 9))).body == body


async def test_a_whole_body_on_a_connection_that_is_cut_or_stays_open() -> None:
    body = DOCUMENTS["rss"]

    async def cut(writer: asyncio.StreamWriter) -> None:
        await _abort(writer, body, 30)

    async def wait(writer: asyncio.StreamWriter) -> None:
        writer.write(head(f"Content-Length: {len(body) + 30}") + body)
        await writer.drain()
        await asyncio.sleep(60)

    for speak in (cut, wait):
        async with raw_server(speak) as server:
            assert (await _fetch(server.url)).body == body


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
