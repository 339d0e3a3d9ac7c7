"""The proxy of pictures: what it passes on, and what it leaves alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from feed_server import Answer, FeedServer
from newsdesk import TestDesk
from site_desk import serving_site
from stories import story

from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.picture_fetcher import (
    WebPictureFetcher,
    picture_politeness,
    picture_type,
)
from adapters.sources.web.politeness import Politeness
from bot.posting.page_links import story_path

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
async def host() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as server:
        yield server


async def test_a_picture_is_passed_on_once(
    desk: TestDesk, unused_tcp_port: int, host: FeedServer
) -> None:
    one = story("Bridge", image=host.answers("/a.png", Answer(PNG)))
    await desk.has(one)
    politeness = Politeness(allow_hosts=(host.host,), pause=0)
    async with (
        Fetcher(politeness) as fetcher,
        serving_site(desk, unused_tcp_port, pictures=WebPictureFetcher(fetcher)) as reader,
    ):
        page = await reader.get(story_path(one))
        (source,) = page.page.xpath("//article//img/@src")
        pictures = [await reader.get(source) for _ in range(2)]
        for picture in pictures:
            assert (picture.status, picture.body) == (200, PNG)
            assert picture.headers["Content-Type"] == "image/png"
            assert "sandbox" in picture.headers["Content-Security-Policy"]
        picture = pictures[-1]
        tag, date = picture.headers["ETag"], picture.headers["Last-Modified"]
        desk.clock.pass_(90)
        for known in ({"If_None_Match": tag}, {"If_Modified_Since": date}):
            again = await reader.get(source, **known)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["Last-Modified"] == date
    assert [asked.path for asked in host.asked] == ["/a.png"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        Answer(b"<html><script>alert(1)</script>", headers={"Content-Type": "image/png"}),
        Answer(PNG * 100),
        Answer(status=404),
        Answer(),
    ],
    ids=["svg", "html", "large", "missing", "empty"],
)
async def test_what_is_no_picture_is_not(
    desk: TestDesk, unused_tcp_port: int, host: FeedServer, answer: Answer
) -> None:
    one = story("Bridge", image=host.answers("/a.png", answer))
    await desk.has(one)
    politeness = Politeness(allow_hosts=(host.host,), pause=0, max_bytes=2_000)
    async with (
        Fetcher(politeness) as fetcher,
        serving_site(desk, unused_tcp_port, pictures=WebPictureFetcher(fetcher)) as reader,
    ):
        for _ in range(2):
            assert (await reader.get(f"/picture/{one.id}")).status == 404
    assert len(host.asked) == 1  # and is not asked for again


async def test_a_picture_is_sent_as_it_is(
    desk: TestDesk, unused_tcp_port: int, host: FeedServer
) -> None:
    drawn = b"GIF89a" + bytes(4_000)
    one = story("Bridge", image=host.answers("/a.gif", Answer(drawn)))
    await desk.has(one)
    politeness = Politeness(allow_hosts=(host.host,), pause=0)
    async with (
        Fetcher(politeness) as fetcher,
        serving_site(desk, unused_tcp_port, pictures=WebPictureFetcher(fetcher)) as reader,
    ):
        picture = await reader.get(f"/picture/{one.id}", Accept_Encoding="gzip, br")
    assert picture.body == drawn
    assert "Content-Encoding" not in picture.headers


async def test_nobody_reaches_a_private_address_by_it(
    desk: TestDesk, unused_tcp_port: int, host: FeedServer
) -> None:
    host.answers("/a.png", Answer(PNG))
    stories = [
        story(f"Bridge {at}", image=image)
        for at, image in enumerate(
            (host.url("/a.png"), f"http://localhost:{host.port}/a.png", "http://[::1]/a.png")
        )
    ]
    await desk.has(*stories)
    async with (
        Fetcher(picture_politeness("")) as fetcher,
        serving_site(desk, unused_tcp_port, pictures=WebPictureFetcher(fetcher)) as reader,
    ):
        for one in stories:
            assert (await reader.get(f"/picture/{one.id}")).status == 404
    assert host.asked == []


async def test_without_it_no_picture_is_shown(desk: TestDesk, unused_tcp_port: int) -> None:
    one = story("Bridge", image="https://e.example/a.png")
    await desk.has(one)
    async with serving_site(desk, unused_tcp_port) as reader:
        assert not (await reader.get(story_path(one))).page.xpath("//img")
        assert (await reader.get(f"/picture/{one.id}")).status == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x1cftypavif", "image/avif"),
        *((one, "") for one in (b"", b"<svg/>", b"RIFF\0\0\0\0WAVE", b"BM", b"%PDF", b"GIF8")),
    ],
)
def test_pictures_are_known_by_their_bytes(content: bytes, kind: str) -> None:
    assert picture_type(content) == kind
