"""`/trends`: what the news was about, in words and as a picture."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsdesk import TestDesk, desk_over
from scripted_renderer import ScriptedRenderer, png
from stories import CHAT, MODERATOR, NOW, READER, story

from bot.model import Capability, Chat, Person, Topic
from bot.reply import Action, Reply
from bot.trends.theme import DARK, LIGHT

TOPICS = (Topic("Osaka Expo", "expo"), Topic("🚢 Ferries & Ports", "ferry"), Topic("大阪", "大阪"))
GALLERY = Chat("test", "gallery", capabilities=Capability.POSTS | Capability.PICTURES)


@pytest.fixture
def renderer() -> ScriptedRenderer:
    return ScriptedRenderer()


@pytest.fixture
async def desk(tmp_path: Path, renderer: ScriptedRenderer) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "store.db", topics=TOPICS, pictures=renderer) as one:
        yield one


async def asked(desk: TestDesk, line: str, person: Person = READER, chat: Chat = CHAT) -> Reply:
    """Asks; the thin spaces between two days are blanks."""
    reply = await desk.ask(line, person, chat)
    return replace(
        reply,
        text=tuple(map(_plain, reply.text)),
        entries=tuple(replace(one, text=_plain(one.text)) for one in reply.entries),
        picture=replace(reply.picture, alt=_plain(reply.picture.alt)) if reply.picture else None,
    )


def _plain(text: str) -> str:
    return text.replace("\N{THIN SPACE}", " ")


async def news(desk: TestDesk, words: str, *days_ago: int, source: str = "wire") -> None:
    """Has a story so many days ago, for each of the days."""
    await desk.has(
        *(
            story(f"{words} {days} {at}", source=source, published=NOW - timedelta(days=days))
            for at, days in enumerate(days_ago)
        )
    )


async def test_the_busiest_topics_come_first_with_their_weeks(desk: TestDesk) -> None:
    await news(desk, "Ferry", 0, 1, 2, 70)
    await news(desk, "Expo", 15, 16, 17, 30, 31, 77)
    reply = await asked(desk, "/trends")
    assert (reply.title, reply.text) == (
        "What the news was about",
        ("Stories a week, Sep 1 – Nov 23, 2026",),
    )
    assert [(one.name, one.text) for one in reply.entries] == [
        ("Osaka Expo", "▄▁▁▁▁▁▁▆▁█▁▁ 6 stories"),
        ("🚢 Ferries & Ports", "▁▄▁▁▁▁▁▁▁▁▁█ 4 stories"),
    ]
    assert [button.action for button in reply.buttons] == [
        Action("trends", (("topic", name),)) for name in ("Osaka Expo", "🚢 Ferries & Ports")
    ]
    assert reply.picture is None  # this chat shows none


async def test_a_chat_that_shows_pictures_gets_one_that_says_the_same(
    desk: TestDesk, renderer: ScriptedRenderer
) -> None:
    await news(desk, "大阪", 0, 1, 8)
    reply = await asked(desk, "/trends", chat=GALLERY)
    assert reply.picture
    assert (reply.picture.content, reply.picture.name) == (png(), "trends.png")
    assert reply.picture.alt == (
        "What the news was about. Stories a week, Sep 1 – Nov 23, 2026. "
        "大阪: 3 stories, most from Nov 17 – 23 (2), lately 2."
    )
    (svg,) = renderer.drawn
    assert "大阪" in svg
    assert LIGHT.background in svg
    assert reply.notes == ()
    assert reply.entries  # for where the picture cannot be sent after all


async def test_dark_pictures_can_be_chosen(desk: TestDesk, renderer: ScriptedRenderer) -> None:
    await news(desk, "Expo", 1)
    host = replace(READER, host=True)
    assert (await desk.ask("/settings pictures dark", host, GALLERY)).ok
    await asked(desk, "/trends", chat=GALLERY)
    assert DARK.background in renderer.drawn[-1]
    assert LIGHT.background not in renderer.drawn[-1]


async def test_a_young_store_is_shown_by_its_days(desk: TestDesk) -> None:
    await news(desk, "Ferry", 0, 1, 1, 3)
    reply = await asked(desk, "/trends")
    assert reply.text == ("Stories a day, Nov 17 – 23, 2026",)
    assert reply.entries[0].text == "▁▁▁▅▁█▅ 4 stories, most on Nov 22 (2), lately 1"
    reply = await asked(desk, "/trends ferries")
    assert reply.text == ("Stories a day, Nov 10 – 23, 2026 · 4 stories",)
    reply = await asked(desk, "/trends since:2026-09-01")
    assert reply.text == ("Stories a week, Sep 1 – Nov 23, 2026",)


async def test_years_of_few_stories_are_told_by_longer_spans(desk: TestDesk) -> None:
    await news(desk, "Ferry", *range(0, 3_600, 30))
    reply = await asked(desk, "/trends since:2017-01-14")
    assert reply.text == ("Stories every 10 weeks, Dec 6, 2016 – Nov 23, 2026",)


async def test_a_peak_of_another_year_is_told_with_it(
    desk: TestDesk, renderer: ScriptedRenderer
) -> None:
    await news(desk, "Expo", 1, 800, 801, 802)
    await asked(desk, "/trends osaka expo since:2024-01-01", chat=GALLERY)
    assert "3 · Sep 30, 2024" in renderer.drawn[-1]
    await asked(desk, "/trends osaka expo", chat=GALLERY)
    assert "1 · Nov 22<" in renderer.drawn[-1]


async def test_a_topic_has_half_a_year(desk: TestDesk, renderer: ScriptedRenderer) -> None:
    await news(desk, "Expo", 1, 100, 101, 170, 200)
    reply = await asked(desk, "/trends osaka exop", chat=GALLERY)
    assert (reply.title, reply.text) == (
        "Osaka Expo",
        ("Stories a week, May 26 – Nov 23, 2026 · 4 stories",),
    )
    assert [one.name for one in reply.entries] == ["Osaka Expo"]
    assert [button.label for button in reply.buttons] == ["Stories", "All topics"]
    assert reply.picture
    assert reply.picture.alt.startswith("Osaka Expo. Stories a week, May 26 – Nov 23, 2026. ")
    assert "Osaka Expo" in renderer.drawn[-1]


@pytest.mark.parametrize(
    ("line", "measure"),
    [
        ("/trends osaka expo 3w", "Stories a day, Nov 2 – 23, 2026 · 3 stories"),
        ("/trends topic:expo since:2026-10", "Stories a week, Sep 29 – Nov 23, 2026 · 4 stories"),
        ("/trends 2w", "Stories a day, Nov 9 – 23, 2026"),
        ("/trends since:2026-01-01", "Stories a week, Dec 30, 2025 – Nov 23, 2026"),
        ("/trends 5y", "Stories every 5 weeks, Oct 26, 2021 – Nov 23, 2026"),
    ],
)
async def test_a_beginning_can_be_given(desk: TestDesk, line: str, measure: str) -> None:
    await news(desk, "Expo", 0, 10, 20, 40, 100)
    reply = await asked(desk, line)
    assert reply.text == (measure,)


async def test_the_buttons_keep_the_beginning(desk: TestDesk) -> None:
    await news(desk, "Expo", 0)
    (button,) = (await asked(desk, "/trends 3w")).buttons
    assert button.action == Action("trends", (("topic", "Osaka Expo"), ("since", "3w")))
    reply = await desk.dispatcher.press(button.action, READER, CHAT)
    assert _plain(reply.text[0]) == "Stories a day, Nov 2 – 23, 2026 · 1 story"


async def test_an_archive_has_its_own_time(desk: TestDesk) -> None:
    old = (NOW - datetime(2023, 11, 29, 12, tzinfo=UTC)).days
    await news(desk, "Expo", old, old + 3, old + 20)
    reply = await asked(desk, "/trends")
    assert reply.text == ("Stories a week, Sep 7 – Nov 29, 2023",)
    assert reply.notes[0] == "There are no newer stories."
    assert reply.entries[0].text.startswith("▁▁▁▁▁▁▁▁▁▅▁█ 3 stories")
    assert (await asked(desk, "/trends expo")).text[0].endswith("2023 · 3 stories")
    assert not (await asked(desk, "/trends 1y")).entries


async def test_without_stories_there_is_nothing_to_show(desk: TestDesk) -> None:
    for line in ("/trends", "/trends osaka expo", "/trends 3d"):
        reply = await asked(desk, line, chat=GALLERY)
        assert reply.ok
        assert reply.picture is None
        assert reply.text == ("No stories in that time.",)


async def test_stories_without_topics_are_not_said_to_be_none(desk: TestDesk) -> None:
    await news(desk, "", 1, 2)
    assert (await asked(desk, "/trends")).text == ("No story of that time has a topic.",)


async def test_what_is_no_topic_is_said_to_be_none(desk: TestDesk) -> None:
    reply = await asked(desk, "/trends nonsense")
    assert not reply.ok
    assert reply.text == ("There is no topic “nonsense”. /topics lists them all.",)
    assert not (await asked(desk, "/trends since:sometime")).ok


async def test_a_name_of_several_topics_is_asked_about(tmp_path: Path) -> None:
    topics = (Topic("Osaka Expo", "expo"), Topic("Osaka Metro", "metro"))
    async with desk_over(tmp_path / "other.db", topics=topics) as desk:
        reply = await asked(desk, "/trends osaka")
    assert [entry.action for entry in reply.entries] == [
        Action("trends", (("topic", topic.name),)) for topic in topics
    ]


async def test_a_source_is_shown_to_moderators_alone(
    desk: TestDesk, renderer: ScriptedRenderer
) -> None:
    await news(desk, "Ferry", *range(20), *range(31, 60))
    refused = await asked(desk, "/trends source:wire", chat=GALLERY)
    assert (refused.ok, refused.text) == (False, ("Only moderators can see how a source fares.",))
    reply = await asked(desk, "/trends source:wire", MODERATOR, GALLERY)
    assert reply.title == "The Wire"
    assert reply.text == ("Longest silence: 11 days, Oct 24 – Nov 3, 2026",)
    assert reply.picture
    assert "Longest silence: 11 days, Oct 24 – Nov 3, 2026." in reply.picture.alt
    assert "49 stories" in reply.picture.alt
    assert renderer.drawn[-1].count(f'stroke="{LIGHT.warning}"') == 11
    assert len(reply.entries[0].text.partition(" ")[0]) == 26  # weeks
    assert not (await asked(desk, "/trends source:nobody", MODERATOR)).ok


async def test_a_picture_that_cannot_be_drawn_leaves_the_words(
    desk: TestDesk, renderer: ScriptedRenderer, caplog: pytest.LogCaptureFixture
) -> None:
    renderer.fails = True
    await news(desk, "Expo", 0, 1)
    reply = await asked(desk, "/trends", chat=GALLERY)
    assert reply.ok
    assert reply.picture is None
    assert reply.entries[0].text.startswith("▁▁▁▁▁██ 2 stories")
    assert "there is no ink left" in caplog.text


async def test_without_the_extra_the_operator_is_told_how_to_get_it(tmp_path: Path) -> None:
    async with desk_over(tmp_path / "other.db", topics=TOPICS) as desk:
        await news(desk, "Expo", 0)
        reply = await asked(desk, "/trends", MODERATOR, GALLERY)
        assert reply.picture is None
        assert reply.entries[0].text == "▁▁▁▁▁▁█ 1 story, the latest on Nov 23"
        assert reply.notes == ("For a picture, the operator can install dateline[pictures].",)
        for reader in (READER, replace(READER, host=True)):
            assert (await asked(desk, "/trends", reader, GALLERY)).notes == ()


async def test_days_are_those_of_the_chat(desk: TestDesk) -> None:
    await desk.has(story("Expo", published=datetime(2026, 11, 16, 16, tzinfo=UTC)))
    host = replace(READER, host=True)
    first = (await asked(desk, "/trends 7d expo")).entries[0].text.partition(" ")[0]
    assert (await desk.ask("/settings timezone Asia/Tokyo", host)).ok
    second = (await asked(desk, "/trends 7d expo")).entries[0].text.partition(" ")[0]
    assert (first, second) == ("█▁▁▁▁▁▁▁", "▁█▁▁▁▁▁▁")
