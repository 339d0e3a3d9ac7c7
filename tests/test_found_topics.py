"""Topics that find themselves: /topics, /topic, subscriptions, and moderators' edits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import OTHER, TOPICS, TestDesk, desk_over, titles
from stories import CHAT, MODERATOR, NOW, READER, story

from bot.ingest.results import FetchResult
from bot.ingest.topics.rebuild import rebuild_topics
from bot.model import Action, Capability, Story, Topic
from bot.reply import Reply
from bot.search.query import Filter

pytestmark = pytest.mark.slow

POSTS = replace(CHAT, capabilities=CHAT.capabilities | Capability.POSTS)


def told(title: str, text: str = "", days: float = 0, **given: object) -> Story:
    return story(title, text, published=NOW - timedelta(days=days), **given)


KOSAN = [
    told("Kosan buys a ferry line", "The firm Kosan is large. In May, Kosan grew.", 3),
    told("Why Kosan sells its ships", "The ships of Kosan are old, Kosan said.", 2),
]
VARNA = [
    told("Varna Expo costs rise", "The cost of the Varna Expo is up. The Expo is dear.", 20),
    told("Buses for 2031 Varna Expo", "The buses of the Varna Expo are new.", 1),
]
BREAD = told("A new vaccine for hens", "The vaccine is safe. A vaccine of this kind is new.", 5)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "found.db", find_topics=True) as opened:
        yield opened


def names(reply: Reply) -> list[str]:
    return [entry.name for entry in reply.entries]


def sections(reply: Reply) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in reply.entries:
        if entry.heading:
            found[entry.heading] = []
        found[list(found)[-1]].append(entry.name)
    return found


async def edited(desk: TestDesk, line: str) -> Reply:
    reply = await desk.ask(line, MODERATOR)
    assert reply.ok, reply.text
    return reply


async def test_what_recurs_in_the_stories_is_a_topic_beside_the_desks_own(desk: TestDesk) -> None:
    await desk.polls(*VARNA, *KOSAN, BREAD)
    shown = sections(await desk.ask("/topics"))
    assert shown["The desk's own"] == ["World", "Osaka Expo"]
    assert set(shown["Found in the stories"]) >= {"Kosan", "Varna Expo", "Vaccine"}

    reply = await desk.ask("/topic kosan")
    assert titles(reply) == ["Why Kosan sells its ships", "Kosan buys a ferry line"]
    assert reply.cards[0].story.topics == ("World", "Kosan")


@pytest.mark.parametrize(
    ("typed", "topic", "is_told"),
    [
        ("Kosan", "Kosan", False),
        ("kosna", "Kosan", True),
        ("varna", "Varna Expo", True),
        ("Expo 2031", "Varna Expo", False),
        ("expo", "Varna Expo", False),
        ("vacine", "Vaccine", True),
        ("vaccines", "Vaccine", False),
    ],
)
async def test_a_found_topic_opens_by_a_part_a_slip_or_a_variant(
    tmp_path: Path, typed: str, topic: str, is_told: bool
) -> None:
    async with desk_over(tmp_path / "found.db", topics=(), find_topics=True) as desk:
        await desk.polls(*VARNA, *KOSAN, BREAD)
        for command in ("topic", "latest"):
            reply = await desk.ask(f"/{command} {typed}")
            assert topic in reply.title
            assert any("for the topic" in note for note in reply.notes) is is_told
            searches = [b for b in reply.buttons if b.action.command == "search"]
            assert bool(searches) is is_told


async def test_a_topic_says_since_when_and_how_often_and_can_be_followed(desk: TestDesk) -> None:
    await desk.polls(*VARNA, *KOSAN)
    reply = await desk.ask("/topic varna expo", MODERATOR, POSTS)
    assert reply.text == ("2 stories since Nov 3, 2026. About 3 a month. 1 this week.",)
    (follow,) = (b for b in reply.buttons if b.label == "Follow")
    proposal = await desk.dispatcher.press(follow.action, MODERATOR, POSTS)
    assert "Varna Expo" in "".join((proposal.title, *proposal.text))
    assert not any(b.label == "Follow" for b in (await desk.ask("/topic kosan")).buttons)


async def test_a_topic_rises_with_the_stories_and_goes_where_others_are_more(
    desk: TestDesk,
) -> None:
    await desk.polls(*KOSAN[:1])
    assert "Kosan" in names(await desk.ask("/topics"))
    others = [told(f"A day {n}", f"Nothing of note on day {n}.", 20) for n in range(40)]
    await desk.polls(*KOSAN[:1], *others)
    assert "Kosan" not in names(await desk.ask("/topics"))
    more = [told(f"Kosan sails {n}", "The ships of Kosan are here.") for n in range(4)]
    await desk.polls(*KOSAN[:1], *others, *more)
    shown = await desk.ask("/topics")
    assert "Kosan" in sections(shown)["Rising"]
    assert len((await desk.ask("/topic kosan")).cards) == 5


async def test_a_followed_topic_stays_and_new_stories_of_it_are_matched(desk: TestDesk) -> None:
    await desk.polls(*KOSAN)
    follow = await desk.ask("/subscribe Kosan", MODERATOR, POSTS)
    await desk.dispatcher.press(follow.buttons[0].action, MODERATOR, POSTS)
    (known,) = await desk.store.subscriptions.of(POSTS)
    assert known.what == "Kosan"
    others = [told(f"A day {n}", f"Nothing of note on day {n}.", 1) for n in range(80)]
    await desk.polls(*KOSAN, *others)
    await desk.polls(*KOSAN, *others, told("Kosan sails", "The ships of Kosan are here."))
    listing = await desk.store.stories.latest(Filter(topic="Kosan"), 10)
    assert listing.stories[0].title == "Kosan sails"
    assert "Kosan" in listing.stories[0].topics


async def test_categories_of_sources_are_topics_folded(desk: TestDesk) -> None:
    given = ["Night Trains", "night train", "Night-trains", "NIGHT TRAINS"]
    await desk.polls(
        *(told(f"A story {n}", "Text.", categories=(one,)) for n, one in enumerate(given))
    )
    shown = sections(await desk.ask("/topics"))
    (name,) = shown["As the sources have it"]
    assert len((await desk.ask(f'/topic "{name}"')).cards) == 4


async def test_a_category_that_the_desk_names_too_is_the_desks_topic(tmp_path: Path) -> None:
    topics = (Topic("🚆 Night Trains", "sleeper"),)
    async with desk_over(tmp_path / "found.db", topics=topics, find_topics=True) as desk:
        await desk.polls(
            told("A sleeper to Varna", "The sleeper is late."),
            told("A story", "Text.", categories=("night trains",)),
        )
        shown = await desk.ask("/topics")
        assert [n for n in names(shown) if "rain" in n] == ["🚆 Night Trains"]
        assert len((await desk.ask("/topic night trains")).cards) == 2


async def test_edits_of_topics_are_in_the_audit_list(desk: TestDesk) -> None:
    await desk.polls(*VARNA, *KOSAN)
    for line in ("rename:Coastal", "hide:yes", "hide:no"):
        name = "Coastal" if line == "hide:yes" else "kosan"
        reply = await desk.ask(f"/topic {name} {line}", MODERATOR)
        assert reply.ok, reply.text
    assert names(await desk.ask("/audit", MODERATOR)) == [
        "Restored the topic “kosan”",
        "Hid the topic “Coastal”",
        "Renamed a topic: “Kosan → Coastal”",
    ]


async def test_moderators_hide_a_topic_for_good_and_can_have_it_back(desk: TestDesk) -> None:
    await desk.polls(*VARNA, *KOSAN)
    opened = await desk.ask("/topic kosan", MODERATOR)
    (edit,) = (b for b in opened.buttons if b.label == "Edit topic")
    menu = await desk.dispatcher.press(edit.action, MODERATOR, CHAT)
    labels = {b.label: b.action for b in menu.buttons}
    assert list(labels) == ["Hide it", "Rename it", "Merge it with another", "Back to the topic"]
    hidden = await desk.dispatcher.press(labels["Hide it"], MODERATOR, CHAT)
    assert hidden.text[0].startswith("“Kosan” is hidden.")
    assert "Kosan" not in names(await desk.ask("/topics"))
    await desk.polls(*VARNA, *KOSAN, told("Kosan grows", "Of Kosan, and of Kosan."))
    assert "Kosan" not in names(await desk.ask("/topics"))

    listed = await desk.ask("/topics hidden:yes", MODERATOR)
    assert [(e.name, e.text) for e in listed.entries] == [("Kosan", "hidden")]
    assert listed.entries[0].action is not None
    await desk.dispatcher.press(listed.entries[0].action, MODERATOR, CHAT)
    assert len((await desk.ask("/topic kosan")).cards) == 3


async def test_moderators_rename_a_topic_by_an_answer_and_its_followers_stay(
    desk: TestDesk,
) -> None:
    await desk.polls(*VARNA, *KOSAN)
    asked = await desk.ask("/topic kosan edit:rename", MODERATOR)
    assert asked.prompt is not None
    done = await desk.dispatcher.press(asked.prompt.answered("Kosan Lines"), MODERATOR, CHAT)
    assert done.text == ("“Kosan” is called “Kosan Lines” now.",)
    await desk.polls(*VARNA, *KOSAN, told("Kosan grows", "Of Kosan, and of Kosan."))
    reply = await desk.ask("/topic kosan lines")
    assert (reply.title, len(reply.cards)) == ("Kosan Lines", 3)
    assert (await desk.ask("/topic kosan")).title == "Kosan Lines"

    (undo,) = (b for b in done.buttons if b.label == "Undo")
    await desk.dispatcher.press(undo.action, MODERATOR, CHAT)
    assert "Kosan" in names(await desk.ask("/topics"))
    assert not (await desk.ask("/topics hidden:yes", MODERATOR)).entries


@pytest.mark.parametrize("into", ["Varna Expo", "Osaka Expo"])
async def test_moderators_merge_a_topic_into_another_and_take_it_back(
    desk: TestDesk, into: str
) -> None:
    await desk.polls(*VARNA, *KOSAN)
    before = len((await desk.ask(f"/topic {into}")).cards)
    done = await edited(desk, f'/topic kosan merge:"{into}"')
    assert done.text == (f"“Kosan” is a part of “{into}” now.",)
    await desk.polls(*VARNA, *KOSAN, told("Kosan grows", "Of Kosan, and of Kosan."))
    assert "Kosan" not in names(await desk.ask("/topics"))
    assert len((await desk.ask(f"/topic {into}")).cards) == before + 3
    (entry,) = (await desk.ask("/topics hidden:yes", MODERATOR)).entries
    assert (entry.name, entry.text) == ("Kosan", f"belongs to {into}")

    (undo,) = (b for b in done.buttons if b.label == "Undo")
    await desk.dispatcher.press(undo.action, MODERATOR, CHAT)
    assert len((await desk.ask("/topic kosan")).cards) == 3
    assert len((await desk.ask(f"/topic {into}")).cards) == before


async def test_decisions_outlive_a_restart_a_rebuild_and_the_desks_new_topics(
    tmp_path: Path,
) -> None:
    path = tmp_path / "found.db"
    async with desk_over(path, find_topics=True) as desk:
        await desk.polls(*VARNA, *KOSAN, BREAD)
        await edited(desk, "/topic kosan hide:yes")
        await edited(desk, '/topic vaccine rename:"Jabs"')
    topics = (*TOPICS, Topic("Sea", "ferry"))
    async with desk_over(path, topics=topics, find_topics=True) as desk:
        upkeep = desk.dispatcher.services.topic_upkeep
        assert upkeep is not None
        stories = await desk.store.stories.latest(Filter(), 50)
        await desk.store.topics.keep_names([(one, ()) for one in stories.stories], "another")
        assert await rebuild_topics(desk.store.topics, upkeep, lambda *_: None) == 5
        shown = names(await desk.ask("/topics"))
        assert {"Jabs", "Varna Expo", "Sea"} <= set(shown)
        assert not {"Kosan", "Vaccine"} & set(shown)
        assert await rebuild_topics(desk.store.topics, upkeep, lambda *_: None) == 0


REFUSED = [
    ("/topic kosan edit:on", "Only moderators can change topics."),
    ("/topic kosan hide:yes", "Only moderators can change topics."),
    ("/topic kosan hide:no", "Only moderators can change topics."),
    ('/topic kosan rename:"Buy now"', "Only moderators can change topics."),
    ("/topic kosan merge:varna", "Only moderators can change topics."),
    ("/topics hidden:yes", "Only moderators can change topics."),
]


@pytest.mark.parametrize(("line", "reason"), REFUSED)
async def test_nobody_else_changes_topics_whatever_they_type_or_forge(
    desk: TestDesk, line: str, reason: str
) -> None:
    await desk.polls(*VARNA, *KOSAN)
    before = names(await desk.ask("/topics"))
    reply = await desk.ask(line, READER)
    assert (reply.ok, reply.text) == (False, (reason,))
    assert names(await desk.ask("/topics")) == before
    assert not any(b.label == "Edit topic" for b in (await desk.ask("/topic kosan")).buttons)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "/topic world hide:yes",
            "“World” is in the configuration: only the operator can change it.",
        ),
        ("/topic nothing hide:yes", "There is no topic “nothing”."),
        ("/topic kosan hide:no", "Nothing was decided of “kosan”."),
        ("/topic kosan merge:kosan", "That is the same topic."),
        ("/topic kosan merge:quaxham", "There is no topic “quaxham”."),
        ("/topic kosan rename:varna expo", "There is no topic"),
        ('/topic kosan rename:"World"', "There is a topic “World” already. Merge them instead."),
        ('/topic kosan rename:"🚢"', "A topic's name has words, and at most 60 characters."),
        (f"/topic kosan rename:{'x' * 80}", "A topic's name has words, and at most 60 characters."),
    ],
)
async def test_what_makes_no_sense_is_told(desk: TestDesk, line: str, reason: str) -> None:
    await desk.polls(*VARNA, *KOSAN)
    reply = await desk.ask(line, MODERATOR)
    assert not reply.ok
    assert reply.text[0].startswith(reason)


async def test_choosing_what_to_merge_with_shows_other_topics_and_does_it(desk: TestDesk) -> None:
    await desk.polls(*VARNA, *KOSAN)
    asked = await desk.ask("/topic kosan edit:merge", MODERATOR)
    assert "Kosan" not in names(asked)
    (chosen,) = (entry for entry in asked.entries if entry.name == "Varna Expo")
    assert chosen.action == Action("topic", (("name", "Kosan"), ("merge", "Varna Expo")))


async def test_without_finding_there_are_the_desks_topics_alone(tmp_path: Path) -> None:
    async with desk_over(tmp_path / "found.db") as desk:
        await desk.polls(*VARNA, *KOSAN)
        assert names(await desk.ask("/topics")) == ["World", "Osaka Expo"]
        assert not (await desk.ask("/topic world edit:on", MODERATOR)).ok


async def test_the_name_of_a_source_is_no_topic_of_what_others_say(desk: TestDesk) -> None:
    stories = [
        told(f"The Wire says so {n}", "To The Wire, he said so. The Wire asked.", source="other")
        for n in range(3)
    ]
    desk.other.gives.append(FetchResult(tuple(stories)))
    await desk.dispatcher.services.poller.load([OTHER.id])
    assert not [one for one in names(await desk.ask("/topics")) if "Wire" in one]
