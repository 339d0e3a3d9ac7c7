"""The weight of the site's pages: however long stories are, a page stays small."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import OTHER, TestDesk
from site_desk import BASE, Reader, serving_site, with_services
from stories import NOW, batch, story

from adapters.web.assets import load_assets
from adapters.web.teasers import clip
from bot.model import Paragraph, Source, Story
from bot.posting.page_links import story_path
from bot.web.text_pages import text_pages

MOST = 60_000  # bytes of a page with its style and its script, before they are packed
WORDS = "The harbour tunnel isn't open & won't be before the <next> spring, said the mayor. "
KANJI = "港の新しいトンネルは来年の春まで開通しない見通しだと市長が記者会見で述べた。"
CYRILLIC = "Новый тоннель под гаванью не откроют раньше следующей весны, сообщил мэр. "


def long_story(words: str, number: int = 0, lines: int = 40, **given: object) -> Story:
    """A story as long as any may be, in all that a page shows of it."""
    line = (words * 5_000)[: 200_000 // lines]
    fields: dict[str, object] = {
        "key": str(number),
        "summary": (words * 60)[:2_000],
        "topics": tuple(f"{words[:30]} {topic}" for topic in range(50)),
        "byline": words[:200],
        "place": words[:60],
    }
    title = f"{number} {words * 40}"[:1_000]
    return story(title, "\n".join([line] * lines), **{**fields, **given})


def weight(body: bytes) -> int:
    files = [len(one.body) for path, one in load_assets().contents.items() if "desk" not in path]
    return len(body) + sum(files)


async def pages_of(reader: Reader, path: str) -> list[str]:
    """The texts of all pages of a story, as the links to the next one lead."""
    texts, here = list[str](), path
    while here:
        answer = await reader.get(here)
        assert answer.status == 200, here
        assert weight(answer.body) < MOST, here
        assert answer.links("//link[@rel='canonical']") == [f"{BASE}{here}"]
        texts.append("".join(answer.words("//div[@class='text']")))
        linked = answer.links("//link[@rel='next']")
        assert answer.links("//nav[@class='pager']/a[@rel='next']") == linked
        here = next(iter(linked), "")
    return texts


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "lines"), [(WORDS, 40), (WORDS, 1), (KANJI, 40), (CYRILLIC, 7), ("a b. ", 9_000)]
)
async def test_the_longest_story_has_light_pages_and_loses_nothing(
    desk: TestDesk, unused_tcp_port: int, words: str, lines: int
) -> None:
    told = [long_story(words, 0, lines)]
    for number in range(1, 20):
        beside = long_story(words, number, published=NOW - timedelta(minutes=number))
        told.append(replace(beside, paragraphs=beside.paragraphs[:1]))
    await desk.store.ingest.write(batch(told))
    for one in told[1:]:
        await desk.store.events.join(one.id, told[0].id)
    async with serving_site(desk, unused_tcp_port) as reader:
        texts = await pages_of(reader, story_path(told[0]))
        first = await reader.get("/")
        assert weight(first.body) < MOST
    assert len(texts) > 5
    whole = "".join(one.text for one in told[0].paragraphs)
    shown = "".join(texts).partition("—")[2]
    assert "".join(shown.split()) == "".join(whole.split())


@pytest.mark.server
async def test_a_page_of_a_story_that_there_is_not_is_none(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    short, long = story("Gates open", "The gates opened."), long_story(WORDS, 1)
    await desk.has(short, long)
    async with serving_site(desk, unused_tcp_port) as reader:
        assert [
            (await reader.get(f"{story_path(one)}?page={page}")).status
            for one, page in ((short, 1), (short, 2), (long, 2), (long, 999))
        ] == [200, 404, 200, 404]
        second = await reader.get(f"{story_path(long)}?page=2")
    assert second.links("//link[@rel='prev']") == [story_path(long)]
    assert "Page 2 of" in second.words("//title")[0]


@pytest.mark.server
async def test_a_long_story_of_a_publisher_leads_there_from_each_page(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    told = long_story(WORDS, 1, source="other", url="https://trams.example.org/return")
    await desk.has(told)
    shown = with_services(desk, sources={"other": replace(OTHER, whole_on_web=True)})
    async with serving_site(shown, unused_tcp_port) as reader:
        page = await reader.get(f"{story_path(told)}?page=3")
    assert page.links("//link[@rel='canonical']") == [told.url]
    assert told.url in page.links("//p[@class='onward']/a")


@pytest.mark.server
async def test_a_thousand_sources_have_pages(desk: TestDesk, unused_tcp_port: int) -> None:
    sources = {f"s{n}": Source(f"s{n}", f"Source {n}", "feed", timedelta(1)) for n in range(1_000)}
    async with serving_site(with_services(desk, sources=sources), unused_tcp_port) as reader:
        found, here = list[str](), "/sources"
        while here:
            answer = await reader.get(here)
            assert weight(answer.body) < MOST
            found += answer.words("//section//a")
            here = next(iter(answer.links("//link[@rel='next']")), "")
        assert found == [one.name for one in sources.values()]
        assert (await reader.get("/sources?page=9")).status == 404


@given(st.lists(st.builds(Paragraph, st.text(min_size=1, max_size=9_000), st.booleans())))
def test_pages_hold_all_of_a_text_in_its_order(body: list[Paragraph]) -> None:
    pages = text_pages(body)
    together = "".join(one.text for page in pages for one in page)
    assert "".join(together.split()) == "".join("".join(one.text for one in body).split())


@given(st.text(), st.integers(min_value=8, max_value=90))
def test_what_is_clipped_fits_and_is_a_beginning(text: str, most: int) -> None:
    clipped = clip(text, most)
    encoded = clipped.encode("utf-8", "replace")
    assert len(encoded) <= most
    assert clipped == text or text.encode("utf-8", "replace").decode().startswith(
        clipped.removesuffix("…")
    )
