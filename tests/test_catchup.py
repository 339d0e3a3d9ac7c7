"""`/catchup`: what is new since somebody last looked."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over, seen_at, titles, twelve
from stories import CHAT, NOW, READER, batch, day, story

from bot.model import Action, Chat, Person, Story, Topic
from bot.reply import Reply, Role

HOUR = timedelta(hours=1)
ADA, MAX = Person("1", "Ada"), Person("2", "Max")


async def came(desk: TestDesk, *stories: Story) -> None:
    """Lets stories come now."""
    await desk.store.ingest.write(batch(stories, desk.topics, desk.clock.now()))


async def looked(desk: TestDesk, person: Person = READER) -> None:
    """Lets a person look, and an hour pass."""
    await desk.ask("/catchup", person)
    desk.clock.pass_(3600)


def headings(reply: Reply) -> list[str]:
    return [card.heading for card in reply.cards]


async def test_the_first_time_it_is_the_last_day_and_that_is_said(desk: TestDesk) -> None:
    await seen_at(desk.store, NOW - 25 * HOUR, story("old", published=NOW - 25 * HOUR))
    await seen_at(desk.store, NOW - 23 * HOUR, story("new", published=NOW - 24 * HOUR))
    reply = await desk.ask("/catchup")
    assert (reply.title, titles(reply)) == ("What's new", ["new"])
    assert reply.text == ("This is your first catch-up: 1 story from the last day.",)


async def test_then_it_is_what_came_since(desk: TestDesk) -> None:
    await came(desk, story("before"))
    await looked(desk)
    await came(desk, story("after", published=NOW))
    desk.clock.pass_(3 * 3600)
    reply = await desk.ask("/catchup")
    assert titles(reply) == ["after"]
    assert reply.text == ("1 new story since you last asked, 4 hours ago.",)


async def test_an_archive_that_is_loaded_is_no_news(desk: TestDesk) -> None:
    await looked(desk)
    await came(
        desk,
        story("archived", published=NOW - 13 * HOUR),
        story("late", published=NOW - 11 * HOUR),
        story("of this day", published=day("2026-11-23"), date_only=True),
    )
    assert sorted(titles(await desk.ask("/catchup"))) == ["late", "of this day"]


async def test_an_edited_story_is_no_news(desk: TestDesk) -> None:
    one = story("one", published=NOW)
    await came(desk, one)
    await looked(desk)
    await came(desk, one)
    assert titles(await desk.ask("/catchup")) == []


async def test_stories_stand_by_topic_as_the_configuration_has_them(tmp_path: Path) -> None:
    topics = (Topic("Rail", "rail"), Topic("Art", "art"), Topic("Sea", "sea"))
    async with desk_over(tmp_path / "dateline.db", topics=topics) as desk:
        await looked(desk)
        texts = ["other", "sea", "art", "rail art", "art sea", "rail"]
        now = desk.clock.now()
        await came(
            desk,
            *(
                story(f"{n} {text}", text, published=now - timedelta(minutes=n))
                for n, text in enumerate(texts)
            ),
        )
        first = await desk.ask("/catchup")
        assert titles(first) == ["3 rail art", "5 rail", "2 art", "4 art sea", "1 sea"]
        assert headings(first) == ["Rail", "", "Art", "", "Sea"]
        second = await desk.press(first, Role.NEXT)
        assert (titles(second), headings(second)) == (["0 other"], ["Other"])
        assert [card.number for card in second.cards] == [6]


async def test_a_topic_that_goes_on_is_named_again_on_the_next_page(desk: TestDesk) -> None:
    await looked(desk)
    now = desk.clock.now()
    await came(desk, *(story(f"Story {n}", published=now) for n in range(7)))
    first = await desk.ask("/catchup")
    assert headings(first) == ["World", "", "", "", ""]
    assert headings(await desk.press(first, Role.NEXT)) == ["World", ""]


async def test_without_topics_there_is_no_heading(tmp_path: Path) -> None:
    async with desk_over(tmp_path / "dateline.db", topics=()) as desk:
        await came(desk, story("one", published=NOW))
        assert headings(await desk.ask("/catchup")) == [""]


async def test_the_moment_stays_the_same_over_the_pages(desk: TestDesk) -> None:
    await looked(desk)
    now = desk.clock.now()
    await came(
        desk, *(story(f"Story {n}", published=now - timedelta(minutes=n)) for n in range(12))
    )
    first = await desk.ask("/catchup")
    desk.clock.pass_(3600)
    second = await desk.press(first, Role.NEXT)
    third = await desk.press(second, Role.NEXT)
    assert (third.page, third.pages) == (3, 3)
    assert titles(first) + titles(second) + titles(third) == [f"Story {n}" for n in range(12)]
    opened = await desk.press(third, Role.READ, number=12)
    assert titles(await desk.press(opened, Role.BACK)) == ["Story 10", "Story 11"]
    back = await desk.press(await desk.press(third, Role.PREVIOUS), Role.PREVIOUS)
    assert titles(back) == titles(first)


async def test_the_way_back_from_a_story_leads_to_the_list_that_it_was_read_from(
    desk: TestDesk,
) -> None:
    await looked(desk)
    await came(desk, *(story(f"Story {n}", published=NOW - n * HOUR) for n in range(7)))
    first = await desk.ask("/catchup")
    opened = await desk.press(first, Role.READ, number=2)
    assert titles(await desk.press(opened, Role.BACK)) == titles(first)
    assert titles(await desk.ask("/read 3")) == ["Story 2"]


async def test_a_look_counts_when_the_first_page_is_shown(desk: TestDesk) -> None:
    await came(desk, *(story(f"Story {n}", published=NOW) for n in range(7)))
    first = await desk.ask("/catchup")
    assert await desk.store.chats.last_catchup(CHAT.platform, READER) == NOW
    desk.clock.pass_(3600)
    await desk.press(first, Role.NEXT)
    assert await desk.store.chats.last_catchup(CHAT.platform, READER) == NOW


async def test_when_nothing_is_new_that_is_said_with_since_when(desk: TestDesk) -> None:
    await came(desk, story("one", published=NOW))
    desk.clock.pass_(1)
    await looked(desk)
    reply = await desk.ask("/catchup")
    assert reply.ok
    assert reply.text == ("Nothing new since you last asked, 1 hour ago.",)
    (again, _latest) = [button.action for button in reply.buttons]
    assert titles(await desk.dispatcher.press(again, READER, CHAT)) == ["one"]
    fresh = await desk.ask("/catchup", MAX, Chat("other", "1"))
    assert fresh.text == ("This is your first catch-up: 1 story from the last day.",)


async def test_the_first_look_at_nothing_says_so(desk: TestDesk) -> None:
    reply = await desk.ask("/catchup page:7")
    assert reply.text == (
        "This is your first catch-up, and nothing has come in during the last day.",
    )
    assert await desk.store.chats.last_catchup(CHAT.platform, READER) == NOW


async def test_each_person_has_looked_for_themselves_wherever_they_did(desk: TestDesk) -> None:
    await desk.ask("/catchup", ADA, Chat("telegram", "-100"))
    desk.clock.pass_(3600)
    await came(desk, story("one", published=NOW))
    assert titles(await desk.ask("/catchup", ADA, Chat("telegram", "1"))) == ["one"]
    discord = await desk.ask("/catchup", ADA, Chat("discord", "1"))
    assert discord.text[0].startswith("This is your first catch-up")
    assert (
        (await desk.ask("/catchup", MAX, Chat("telegram", "-100")))
        .text[0]
        .startswith("This is your first catch-up")
    )


async def test_more_than_anybody_reads_is_cut_and_that_is_said(desk: TestDesk) -> None:
    await looked(desk)
    await came(desk, *(story(f"Story {n}", published=NOW) for n in range(203)))
    reply = await desk.ask("/catchup")
    told = "203 new stories since you last asked, 1 hour ago. Here are the newest 200."
    assert (reply.text, reply.pages) == ((told,), 40)


FORGED = [
    "yesterday",
    "2026-11-23",
    "2026-11-23T11:00",
    "2026-11-23T13:00+00:00",
    "0001-01-01T00:00+14:00",
    "9999-12-31T23:59-14:00",
    "1970-01-01T00:00Z",
    "-1",
    "\0",
    "x" * 5_000,
]


@pytest.mark.parametrize("since", FORGED)
async def test_a_forged_moment_is_refused_politely(desk: TestDesk, since: str) -> None:
    await twelve(desk)
    action = Action("catchup", (("since", since),))
    reply = await desk.dispatcher.press(action, READER, CHAT)
    if since == "\0":  # which no platform carries, and nobody can have meant
        assert reply.ok
        return
    assert not reply.ok
    assert "On its own, /catchup starts from when you last asked." in reply.text[0]
    assert await desk.store.chats.last_catchup(CHAT.platform, READER) is None


async def test_a_moment_of_another_zone_is_the_same_moment(desk: TestDesk) -> None:
    await came(desk, story("one", published=NOW))
    for since in ("2026-11-23T11:59+00:00", "2026-11-23T20:59+09:00"):
        assert datetime.fromisoformat(since).tzinfo
        reply = await desk.dispatcher.press(Action("catchup", (("since", since),)), READER, CHAT)
        assert titles(reply) == ["one"]
