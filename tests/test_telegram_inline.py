"""Inline mode on Telegram, over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over
from servers.telegram import faults
from servers.telegram.people import Person
from servers.telegram.server import Server, ada
from stories import NOW, story
from telegram_bot import serving

__all__ = ["ada"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        await opened.has(
            *(
                story(
                    f"Osaka Expo, part {n}",
                    f"What <b>part</b> {n} says of the Expo, @everyone.",
                    published=NOW - timedelta(hours=n),
                    url=f"https://example.org/{n}" if n % 2 else None,
                    image="https://example.org/1.jpg" if n == 1 else None,
                )
                for n in range(1, 13)
            )
        )
        yield opened


@pytest.fixture
async def server(desk: TestDesk) -> AsyncIterator[Server]:
    async with Server(patience=20) as api, serving(api, desk):
        yield api


async def test_stories_are_offered_page_by_page(ada: Person) -> None:
    seen, offset = [], ""
    while True:
        given = await ada.asks_inline("osaka exp", offset)
        seen += [result["title"] for result in given.results]
        offset = given.next_offset
        if not offset:
            break
    assert seen == [f"Osaka Expo, part {n}" for n in range(1, 13)]
    assert given.cache_time > 0
    assert given.personal  # they are in the language of who asks


async def test_a_result_can_be_posted_in_any_chat(server: Server, ada: Person) -> None:
    group = server.supergroup("Friends", members=[ada], bot="left")
    given = await ada.asks_inline("osaka expo part")
    first, second = given.results[:2]
    assert first["thumbnail_url"] == "https://example.org/1.jpg"
    assert first["description"].startswith("The Wire · What <b>part</b> 1 says")
    posted = await ada.posts(first, group)
    assert posted.text.splitlines()[0] == "Osaka Expo, part 1"
    assert posted.marked("bold") == ["Osaka Expo, part 1"]
    assert posted.link_preview_options == {
        "url": "https://example.org/1.jpg",
        "prefer_large_media": True,
        "show_above_text": True,
    }
    without_page = await ada.posts(second, group)
    (link,) = [e.url for e in without_page.entities if e.url and "read_" in e.url]
    assert link.startswith("https://t.me/DatelineBot?start=read_")


async def test_nothing_typed_offers_the_latest(ada: Person) -> None:
    given = await ada.asks_inline("  ")
    assert [result["title"] for result in given.results][:2] == [
        "Osaka Expo, part 1",
        "Osaka Expo, part 2",
    ]


@pytest.mark.parametrize("words", ["zzzz qqqq", "zzzz " * 30, "?", "😀"])
async def test_nothing_found_leads_to_the_private_chat(
    server: Server, ada: Person, words: str
) -> None:
    chat = server.private(ada)
    given = await ada.asks_inline(words)
    assert given.results == []
    button = given.button
    assert button is not None
    await ada.opens(f"https://t.me/DatelineBot?start={button['start_parameter']}")
    said = await server.next_message(chat)
    assert said.text
    assert "nowhere" not in said.text


@pytest.mark.parametrize("offset", ["x", "-1", "0", "99999999999", "1e3", "٣"])
async def test_an_offset_that_nobody_gave_is_no_error(ada: Person, offset: str) -> None:
    assert (await ada.asks_inline("osaka expo", offset)).results


async def test_an_inline_list_changes_nothing_of_the_numbers_in_the_chat(
    server: Server, ada: Person
) -> None:
    chat = server.private(ada)
    await ada.says(chat, "/search part 7")
    await server.next_message(chat)
    await ada.asks_inline("osaka expo")
    await ada.says(chat, "/read 1")
    assert (await server.next_message(chat)).text.startswith("Osaka Expo, part 7")


async def test_an_answer_that_comes_too_late_harms_nothing(server: Server, ada: Person) -> None:
    server.fails("answerInlineQuery", faults.bad_request("query is too old"))
    server.world.patience = 0.3
    with pytest.raises(AssertionError, match="did not come"):
        await ada.asks_inline("osaka")
    server.world.patience = 20
    assert (await ada.asks_inline("osaka")).results


async def test_a_store_in_trouble_is_kept_in_no_cache(
    server: Server, desk: TestDesk, ada: Person
) -> None:
    del server
    await desk.store.aclose()
    given = await ada.asks_inline("osaka")
    assert (given.results, given.cache_time) == ([], 0)
