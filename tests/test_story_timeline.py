"""`/story`, lists that show an event once, and moderators who correct events."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from event_stories import FIRST, FLOOD, LATER, QUAKE, TITLES, has_event
from newsdesk import TestDesk, titles
from stories import CHAT, MODERATOR, NOW, READER, story

from adapters.console.render import render_plain
from bot.model import Person
from bot.reply import Reply, Role

UTC = ZoneInfo("UTC")


def told(reply: Reply) -> list[tuple[str, str]]:
    return [(one.name, one.text) for one in reply.entries]


async def test_lists_and_searches_show_an_event_once(desk: TestDesk) -> None:
    await has_event(desk)
    reply = await desk.ask("/latest")
    assert titles(reply) == [LATER.title, TITLES[0], FLOOD.title]
    assert [card.also for card in reply.cards] == ["", "also in Other News, third", ""]
    assert (await desk.ask("/read 2")).cards[0].story.id == FIRST
    found = await desk.ask("/search magnitude earthquake strikes")
    assert len(found.cards) == 1
    assert found.cards[0].also.startswith("also in ")
    assert titles(await desk.ask("/latest source:other")) == [LATER.title, TITLES[1]]


@pytest.mark.parametrize("typed", ["3", "source:other", "northern chile"])
async def test_a_timeline_tells_an_event_from_its_beginning(desk: TestDesk, typed: str) -> None:
    await has_event(desk)
    await desk.ask("/latest")
    asked = {"3": "2", "source:other": QUAKE[1].id, "northern chile": TITLES[2]}[typed]
    reply = await desk.ask(f"/story {asked}")
    assert reply.title == f"How it went on: {TITLES[0]}"
    assert told(reply) == [
        (
            "Houses shook in Iquique, wire reports.",
            "new · 08:00 · The Wire · also in Other News, third",
        ),
        ("The warning ended at noon.", "new · 11:00 · Other News"),
    ]
    assert [one.heading for one in reply.entries] == ["November 23, 2026", ""]
    assert not any(button.label == "Not of this event" for button in reply.buttons)


async def test_what_came_before_the_last_catchup_is_not_marked(desk: TestDesk) -> None:
    await has_event(desk)
    desk.clock.pass_(60)
    await desk.ask("/catchup")
    desk.clock.pass_(60)
    reply = await desk.ask(f"/story {FIRST}")
    assert not any(text.startswith("new") for _, text in told(reply))


async def test_a_catchup_tells_an_event_once(desk: TestDesk) -> None:
    await has_event(desk)
    reply = await desk.ask("/catchup")
    assert "3 stories" in reply.text[0]
    assert len(reply.cards) == 3


async def test_the_terminal_shows_a_timeline(desk: TestDesk) -> None:
    await has_event(desk)
    reply = await desk.ask(f"/story {FIRST}", MODERATOR)
    text = render_plain(reply, desk.dispatcher.services.translations, UTC)
    assert "November 23, 2026" in text
    assert "Houses shook in Iquique, wire reports." in text
    assert "/story" in text.partition("Not of this event")[2]


async def test_a_story_alone_says_so(desk: TestDesk) -> None:
    await has_event(desk)
    reply = await desk.ask(f"/story {FLOOD.id}")
    assert [one.name for one in reply.entries] == ["The square is under water."]
    assert reply.notes == ("Nothing else has been told of it so far.",)
    fresh = story("Never placed", "Alone.", published=NOW)
    await desk.has(fresh)
    assert (await desk.ask(f"/story {fresh.id}")).notes == reply.notes


async def test_a_topic_has_a_timeline_too(desk: TestDesk) -> None:
    for n in range(3):
        one = story(
            f"Osaka Expo {n}", f"Hall {n} of the Osaka Expo opens.", url=f"https://a.org/{n}"
        )
        await desk.has(one)
    reply = await desk.ask("/story osaka expo")
    assert reply.title == "How it went on: Osaka Expo"
    assert len(reply.entries) == 3


async def test_a_long_timeline_has_pages_and_a_heading_for_each_day(desk: TestDesk) -> None:
    days = [
        story(
            f"Osaka Expo day {n}", f"Hall {n} of the Osaka Expo.", published=NOW - timedelta(days=n)
        )
        for n in range(7)
    ]
    await desk.has(*days)
    reply = await desk.ask("/story osaka expo")
    assert reply.pages == 2
    assert all(one.heading for one in reply.entries)
    assert reply.entries[0].heading == "November 17, 2026"
    more = await desk.press(reply, Role.NEXT)
    assert [one.number for one in more.entries] == [6, 7]


async def test_a_story_leads_to_how_it_went_on(desk: TestDesk) -> None:
    await has_event(desk)
    read = await desk.ask(f"/read {LATER.id}")
    reply = await desk.press(read, Role.TIMELINE)
    assert reply.title == f"How it went on: {TITLES[0]}"
    alone = await desk.ask(f"/read {FLOOD.id}")
    assert Role.TIMELINE not in {button.role for button in alone.buttons}


async def test_without_a_story_the_last_list_is_asked_about(desk: TestDesk) -> None:
    await has_event(desk)
    reply = await desk.ask("/story")
    assert titles(reply) == [LATER.title, TITLES[0], FLOOD.title]
    opened = await desk.press(reply, Role.READ, number=2)
    assert opened.title.startswith("How it went on")


async def _press(desk: TestDesk, reply: Reply, label: str, person: Person = MODERATOR) -> Reply:
    (button,) = (one for one in reply.buttons if one.label == label)
    return await desk.dispatcher.press(button.action, person, CHAT)


async def test_a_moderator_sees_the_whole_and_takes_a_story_out(desk: TestDesk) -> None:
    await has_event(desk)
    shown = await desk.ask(f"/story {QUAKE[1].id}", MODERATOR)
    whole = await _press(desk, shown, "All its stories")
    assert len(whole.entries) == 4
    done = await _press(desk, whole, "Not of this event")
    assert done.text == (f"“{TITLES[1]}” is no longer part of this event. I'll remember that.",)
    assert len((await desk.ask("/latest")).cards) == 4
    undone = await _press(desk, done, "Undo")
    assert "tells the same as" in undone.text[0]
    assert len((await desk.ask("/latest")).cards) == 3


async def test_a_moderator_joins_two_stories(desk: TestDesk) -> None:
    await has_event(desk)
    await desk.ask("/latest", MODERATOR)
    done = await desk.ask(f"/story {FLOOD.id} join:{LATER.id}", MODERATOR)
    assert done.text == (
        f"“{FLOOD.title}” now tells the same as “{LATER.title}”. I'll remember that.",
    )
    assert len((await desk.ask("/latest")).cards) == 2


@pytest.mark.parametrize(
    ("line", "person", "says"),
    [
        ("/story {flood} split:yes", READER, "Only moderators can correct events."),
        ("/story {flood} join:{later}", READER, "Only moderators can correct events."),
        ("/story {flood} split:yes", MODERATOR, "There is no other story in its event."),
        ("/story {flood} join:{flood}", MODERATOR, "That is the same story."),
        ('/story {flood} join:"northern chile"', MODERATOR, "may be several stories"),
    ],
)
async def test_what_cannot_be_corrected(
    desk: TestDesk, line: str, person: Person, says: str
) -> None:
    await has_event(desk)
    reply = await desk.ask(line.format(flood=FLOOD.id, later=LATER.id), person)
    assert says in " ".join(reply.text)
    assert len((await desk.ask("/latest")).cards) == 3
