"""Topics by what people type for them: a part, a slip, a name without its signs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over, titles
from stories import MODERATOR, day, story

from bot.model import Topic
from bot.reply import Action
from bot.text.name_matching import match_name

TOPICS = (
    Topic("🚢 Ferries & Ports", "ferry"),
    Topic("COVID-19", "covid"),
    Topic("Osaka Expo", '"osaka expo"'),
    Topic("Sport", "football"),
    Topic("Night Trains", '"night train"'),
    Topic("Night Buses", '"night bus"'),
    Topic("日本", "日本"),
)
STORIES = (
    story("Ferry strike ends", "The ferry sails.", published=day("2026-11-20")),
    story("Covid wanes", "Fewer cases of covid.", published=day("2026-11-19")),
    story("Osaka Expo cost", "The Osaka Expo.", published=day("2026-11-18")),
    story("Football cup", "Football in the sport news, and boats.", published=day("2026-11-17")),
)


@pytest.fixture
async def harbour(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "topics.db", topics=TOPICS) as desk:
        await desk.has(*STORIES)
        yield desk


MEANT = [
    ("covd", "COVID-19"),
    ("covid", "COVID-19"),
    ("covid19", "COVID-19"),
    ("COVID 19 news", "COVID-19"),
    ("feries", "🚢 Ferries & Ports"),
    ("ferry", "🚢 Ferries & Ports"),
    ("ports", "🚢 Ferries & Ports"),
    ("ferries & ports", "🚢 Ferries & Ports"),
    ("Ferries and Ports", "🚢 Ferries & Ports"),
    ("ports ferries", "🚢 Ferries & Ports"),
    ("🚢", ""),
    ("osaka exop", "Osaka Expo"),
    ("oskaa expo", "Osaka Expo"),
    ("osakaexpo", "Osaka Expo"),
    ("the osaka expo", "Osaka Expo"),
    ("expo", "Osaka Expo"),
    ("sports", "Sport"),
    ("trains", "Night Trains"),
    ("nihgt trains", "Night Trains"),
]


@pytest.mark.parametrize(("typed", "topic"), [pair for pair in MEANT if pair[1]])
@pytest.mark.parametrize("command", ["topic", "latest"])
async def test_the_topic_that_is_meant_opens_with_a_note_and_a_way_to_the_search(
    harbour: TestDesk, command: str, typed: str, topic: str
) -> None:
    reply = await harbour.ask(f"/{command} {typed}")
    exact = await harbour.ask(f'/{command} "{topic}"')
    assert topic in reply.title
    assert titles(reply) == titles(await harbour.ask(f"/topic {topic}"))
    assert exact.ok
    (note,) = reply.notes
    assert note.startswith("I took “")
    assert note.endswith(f" for the topic “{topic}”.")
    assert reply.buttons[-1].action == Action("search", (("words", typed),))


async def test_a_topic_by_its_very_name_needs_no_note(harbour: TestDesk) -> None:
    for typed in ("osaka expo", "OSAKA EXPO", "🚢 ferries & ports", "日本"):
        assert (await harbour.ask(f"/topic {typed}")).notes == ()


async def test_several_topics_are_asked_about(harbour: TestDesk) -> None:
    for line in ("/topic night", "/latest nihgt"):
        reply = await harbour.ask(line)
        assert [entry.name for entry in reply.entries] == ["Night Trains", "Night Buses"]
        assert not reply.cards
        assert reply.buttons[0].action.command == "search"


@pytest.mark.parametrize("typed", ["boats", "football cup", "osaka expo cost", "zzzz", "x", "c"])
async def test_what_means_no_topic_is_searched_for(harbour: TestDesk, typed: str) -> None:
    reply = await harbour.ask(f"/topic {typed}")
    assert reply.notes[0].startswith(f"There is no topic “{typed}”")


async def test_a_word_that_stories_hold_is_no_slip(harbour: TestDesk) -> None:
    # "boats" is one letter away from "goats"; but stories are about boats.
    topics = ("Goats", "Coats")
    assert match_name("boats", topics, {"boats"}).names == ()
    assert match_name("goat", topics, {"goat"}).names == ("Goats",)
    assert match_name("coast", topics).names == ("Coats",)
    assert match_name("coa", topics, {"coa"}).names == ()  # nor a beginning
    assert match_name("coa", topics).names == ("Coats",)
    await harbour.has(story("Sprot season", "Sprot is a fish.", published=day("2026-11-16")))
    assert (await harbour.ask("/topic sprot")).notes[0].startswith("There is no topic")


async def test_a_source_may_be_named_by_a_part_of_its_name(harbour: TestDesk) -> None:
    reply = await harbour.ask("/latest wire")
    assert reply.title == "Latest stories: The Wire"
    near = await harbour.ask("/latest othr news")
    assert near.notes == ("I took “othr news” for the source “Other News”.",)
    assert (await harbour.ask("latest the wire")).title == "Latest stories: The Wire"
    assert (await harbour.ask("latest Other News")).title == "Latest stories: Other News"
    assert (await harbour.ask("topic feries")).title == "🚢 Ferries & Ports"


async def test_a_topic_that_was_guessed_keeps_its_other_filters(harbour: TestDesk) -> None:
    reply = await harbour.ask("/latest feries since:2026-11-21")
    assert reply.text == ("No stories match that.",)
    assert "since" in reply.title


async def test_nothing_is_followed_by_a_guess(harbour: TestDesk) -> None:
    reply = await harbour.ask("/subscribe feries", MODERATOR)
    assert "Ferries" not in reply.title


@pytest.mark.parametrize("typed", ["world", "wrold", "World"])
async def test_a_broad_subject_without_stories_is_searched_for(tmp_path: Path, typed: str) -> None:
    topics = (*TOPICS, Topic("World", subject="world"))
    async with desk_over(tmp_path / "subjects.db", topics=topics) as desk:
        await desk.has(story("A world record", "The fastest ferry in the world."))
        reply = await desk.ask(f"/topic {typed}")
    assert titles(reply) == ["A world record"]
    assert f"There is no topic “{typed}”. Here is what searching for it found." in reply.notes
    assert "World" not in [button.label for button in reply.buttons]
