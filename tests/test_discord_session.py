"""People use the bot on Discord: commands, buttons, menus, suggestions, messages' menus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from discord_desk import serving, until
from newsdesk import TestDesk, desk_over, twelve
from servers.discord.gateway import PRIVILEGED
from servers.discord.interaction import REPLY, UPDATE, Interaction
from servers.discord.people import Person
from servers.discord.server import Server, ada, discord_server, readers, server
from servers.discord.world import Guild
from stories import day, story

from bot.model import Topic

__all__ = ["ada", "readers", "server"]


@pytest.fixture
async def bot(server: Server, desk: TestDesk, readers: Guild) -> AsyncIterator[None]:
    del readers  # the bot learns of the server at the start
    async with serving(server, desk):
        yield


def titles(answer: Interaction) -> list[str]:
    return answer.headlines


def below(answer: Interaction) -> list[str]:
    """Returns the labels of the buttons that belong to no story."""
    return [label for label in answer.labels if not label.startswith("Read ")]


@pytest.mark.usefixtures("bot")
async def test_pages_are_turned_in_place(readers: Guild, ada: Person, desk: TestDesk) -> None:
    await twelve(desk)
    answer = await ada.command(readers, "latest")
    assert (answer.type, answer.ephemeral) == (REPLY, False)
    assert answer.content == "## Latest stories\n-# Page 1 of 3"
    assert titles(answer) == [f"{n}. Story {n}" for n in range(1, 6)]
    assert answer.labels == [*(f"Read {n}" for n in range(1, 6)), "Next"]
    turned = await ada.presses(answer, "Next")
    assert (turned.type, turned.message) == (UPDATE, answer.message)
    assert titles(answer) == [f"{n}. Story {n}" for n in range(6, 11)]
    assert below(answer) == ["Previous", "Next"]
    await ada.presses(answer, "Previous")
    assert titles(answer)[0] == "1. Story 1"
    assert titles(await ada.command(readers, "latest", page=3)) == ["11. Story 11", "12. Story 12"]


@pytest.mark.usefixtures("bot")
async def test_a_story_is_chosen_read_and_left(readers: Guild, ada: Person, desk: TestDesk) -> None:
    long = "\n".join(f"Paragraph {n}. {'It goes on. ' * 30}" for n in range(7))
    url, image = "https://example.org/long", "https://example.org/long.png"
    await desk.has(
        story(
            "A long story", long, url=url, image=image, place="OSAKA", byline="MU.", topics=("x",)
        )
    )
    answer = await ada.command(readers, "latest")
    source = "-# The Wire · OSAKA · <t:1795435200:R>"
    (box,) = answer.boxes
    assert box.startswith(f"### 1. [A long story]({url})\n{source}\nParagraph 0.")
    assert box.endswith("\n-# World")
    assert answer.shown.pictures == [image]
    await ada.presses(answer, "Read 1")
    (box,) = answer.boxes
    assert box.startswith(f"## [A long story]({url})\n{source} · MU.\nParagraph 0.")
    assert box.endswith("\n-# World\n-# Page 1 of 2")
    assert answer.shown.pictures == [image]
    assert answer.labels == ["Open the page", "Next", "Back to the list", "Related stories"]
    await ada.presses(answer, "Next")
    assert "Paragraph 5." in answer.boxes[0]
    await ada.presses(answer, "Back to the list")
    assert answer.content == "## Latest stories"
    assert titles(answer) == ["1. A long story"]


@pytest.mark.usefixtures("bot")
async def test_a_search_forgives_and_marks(readers: Guild, ada: Person, desk: TestDesk) -> None:
    await desk.has(
        story("Osaka Expo cost rises", "The pavilion costs more.", published=day("2023-11-28")),
        story("Buses", "The Osaka Expo gets buses.", published=day("2023-11-10"), date_only=True),
    )
    answer = await ada.command(readers, "search", words="osaka exp")
    assert answer.content.splitlines() == [
        "## Stories about “osaka exp”",
        "-# Showing results for “osaka expo”.",
    ]
    assert "\n-# The Wire · Nov 10, 2023\nThe **Osaka** **Expo** gets buses." in answer.boxes[0]
    await ada.presses(answer, "Search for exactly “osaka exp”")
    assert answer.content.startswith('## Stories about "osaka" "exp"')
    assert "Topics" in answer.labels


@pytest.mark.usefixtures("bot")
async def test_suggestions(server: Server, readers: Guild, ada: Person, desk: TestDesk) -> None:
    long = "An osaka story " + "with a title that goes on and on " * 4
    await desk.has(story("Osaka Expo cost rises", "The pavilion."), story(long, "x"))
    offered = await ada.autocomplete("search", "words", "osaka ex", readers)
    assert offered == ["osaka ex", "osaka expo"]
    assert await ada.autocomplete("topic", "name", "osa", readers) == ["Osaka Expo"]
    assert await ada.autocomplete("latest", "source", "wir", readers) == ["The Wire"]
    assert "yesterday" in await ada.autocomplete("latest", "since", "", readers)
    assert await ada.autocomplete("help", "command", "rel", readers) == ["related"]
    chosen = await ada.suggestions("read", "story", "osaka", readers)
    assert [len(one["name"]) <= 100 for one in chosen.choices] == [True, True]
    value = next(one["value"] for one in chosen.choices if one["name"].startswith("Osaka Expo"))
    read = await ada.command(readers, "read", story=value)
    assert titles(read) == ["Osaka Expo cost rises"]
    await ada.command(readers, "latest")
    listed = await ada.autocomplete("read", "story", "", readers)
    assert listed[0].startswith("1. ")
    assert (await ada.suggestions("read", "story", 2, readers)).choices[0]["name"] == listed[1]
    assert await ada.autocomplete("search", "words", "x" * 150, readers) == []
    mo = server.person("Mo", readers, manages=True)
    for setting, values in (("publish", ["on", "off"]), ("answers", ["public", "private"])):
        offered = await mo.autocomplete("settings", "value", "", readers, setting=setting)
        assert offered == values
    offered = await ada.autocomplete("settings", "value", "", None)
    languages = ["Deutsch", "English", "Español", "日本語"]
    assert offered == ["light", "dark", *languages]  # and time zones, once one is typed


@pytest.mark.usefixtures("bot")
async def test_topics_are_chosen_from_a_menu(readers: Guild, ada: Person, desk: TestDesk) -> None:
    await twelve(desk)
    answer = await ada.command(readers, "topics")
    assert answer.boxes[0].splitlines() == [
        "**World** — 12 stories ▁▁▁▁▁▁██",
        "**Osaka Expo** — 0 stories",
    ]
    await ada.selects(answer, "World")
    assert answer.content.startswith("## World")
    assert titles(answer)[0] == "1. Story 1"


@pytest.mark.usefixtures("bot")
async def test_related_stories_of_a_story_and_of_any_message(
    server: Server, readers: Guild, ada: Person, desk: TestDesk
) -> None:
    await desk.has(
        story("Wheat is cheap", "The wheat harvest made bread cheap."),
        story("Bread gets cheaper", "Bread is cheap since the wheat harvest."),
        *(story(f"Filler {n}", f"Something about thing{n}.") for n in range(40)),
    )
    read = await ada.command(readers, "read", story="wheat is cheap")
    await ada.presses(read, "Related stories")
    assert titles(read) == ["1. Bread gets cheaper"]
    ben = server.person("Ben", readers)
    message = await ben.writes(readers, "I read that wheat was cheap this year, and so is bread")
    answer = await ada.message_command(message, "Related stories")
    assert answer.ephemeral
    assert {one[3:] for one in titles(answer)} == {"Wheat is cheap", "Bread gets cheaper"}
    embedded = await ada.message_command(read.shown, "Related stories")
    assert embedded.ephemeral
    assert titles(embedded)  # what is like its story, by the headline
    empty = await ben.writes(readers, "")
    told = await ada.message_command(empty, "Related stories")
    assert (told.ephemeral, told.content) == (
        True,
        "That message has no words to search for.",
    )


@pytest.mark.usefixtures("bot")
async def test_a_refusal_is_for_who_asked(readers: Guild, ada: Person) -> None:
    answer = await ada.command(readers, "read", story="3")
    assert answer.ephemeral
    assert "3" in answer.content


@pytest.mark.usefixtures("bot")
async def test_direct_messages_and_groups(server: Server, ada: Person, desk: TestDesk) -> None:
    await twelve(desk)
    private = await ada.command(None, "latest")
    assert not private.ephemeral
    assert titles(private)[0] == "1. Story 1"
    await ada.presses(private, "Next")
    assert titles(private)[0] == "6. Story 6"
    trip = server.group("Trip", ada, server.person("Ben"))
    ada.installs()
    answer = await ada.command(trip, "latest")
    await ada.presses(answer, "Next")
    assert titles(answer)[0] == "6. Story 6"


@pytest.mark.usefixtures("bot")
async def test_what_is_written_to_the_bot_alone_is_answered(
    server: Server, readers: Guild, ada: Person, desk: TestDesk
) -> None:
    await twelve(desk)
    server.drops("POST", "/channels/*/messages", after=True)
    await ada.writes(readers, "a story")  # is none of its business
    own = server.world.dm(ada)
    await ada.writes(None, "a story")
    await until(lambda: len(own.seen) == 2)
    answer = own.seen[1]
    assert answer.content.startswith("## Stories about “a story”")
    turned = await ada.presses(answer, "Next")
    assert turned.type == UPDATE
    await ada.writes(None, "/settings timezone tokyo")
    await until(lambda: len(own.seen) == 4)
    assert "timezone is now Asia/Tokyo" in own.seen[3].content
    for _ in range(12):
        await ada.writes(None, "/latest")
    await until(lambda: any("That was fast!" in one.content for one in own.seen))
    assert sum("That was fast!" in one.content for one in own.seen) == 1
    assert readers.channel.seen[0].content == "a story"


@pytest.mark.usefixtures("bot")
async def test_two_people_on_one_page(
    server: Server, readers: Guild, ada: Person, desk: TestDesk
) -> None:
    await twelve(desk)
    ben = server.person("Ben", readers)
    mo = server.person("Mo", readers, manages=True)
    page = await ada.command(readers, "latest")
    own = await ben.presses(page, "Next")
    assert (own.type, own.ephemeral) == (REPLY, True)
    assert titles(page)[0] == "1. Story 1"
    assert titles(own)[0] == "6. Story 6"
    turned = await ben.presses(own, "Next")
    assert (turned.type, titles(own)[0]) == (UPDATE, "11. Story 11")
    assert (await mo.presses(page, "Next")).type == UPDATE
    assert titles(page)[0] == "6. Story 6"
    await ada.presses(page, "Next")  # it is still hers
    assert titles(page)[0] == "11. Story 11"
    chosen = await ben.presses(page, "Read 12")
    assert (chosen.ephemeral, titles(chosen)) == (True, ["Story 12"])


async def test_an_old_button_works_after_a_restart(
    server: Server, readers: Guild, tmp_path: Path
) -> None:
    ada = server.person("Ada", readers)
    topic = Topic(" ".join(["Something"] * 10), "story")
    async with desk_over(tmp_path / "a.db", topics=[topic]) as desk:
        await twelve(desk)
        async with serving(server, desk):
            page = await ada.command(readers, "topic", name=topic.name)
            assert below(page) == ["Next"]
            custom_id = page.shown.buttons[-1]["custom_id"]
            assert len(custom_id) <= 100
    async with desk_over(tmp_path / "a.db", topics=[topic]) as desk, serving(server, desk):
        await ada.presses(page, "Next")
        assert titles(page)[0] == "6. Story 6"
    assert len(server.commands.syncs) == 1


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "custom_id", ["b:1:nothing?x=y", "b:1:#0123", "b:1:latest?page", "next:2", "m9:x", "b::", "?"]
)
async def test_a_forged_or_forgotten_button_gets_an_answer(
    readers: Guild, ada: Person, desk: TestDesk, custom_id: str
) -> None:
    await twelve(desk)
    page = await ada.command(readers, "latest")
    page.shown.buttons[-1]["custom_id"] = custom_id
    answer = await ada.presses(page, "Next")
    assert (answer.type, answer.ephemeral) == (REPLY, True)
    assert answer.content == "This button no longer works."
    assert titles(page)[0] == "1. Story 1"


@pytest.mark.usefixtures("bot")
async def test_a_button_that_names_what_is_gone_gets_an_answer(
    readers: Guild, ada: Person, desk: TestDesk
) -> None:
    await twelve(desk)
    page = await ada.command(readers, "latest")
    page.shown.buttons[-1]["custom_id"] = f"b:{ada.id}:read?story=bcdfghjkmnpq"
    answer = await ada.presses(page, "Next")
    assert answer.ephemeral
    assert "bcdfghjkmnpq" in answer.content


@pytest.mark.usefixtures("bot")
async def test_who_asks_too_much_is_told_alone(readers: Guild, ada: Person, desk: TestDesk) -> None:
    await twelve(desk)
    page = await ada.command(readers, "latest")
    for _ in range(9):
        await ada.command(readers, "latest")
    refused = await ada.command(readers, "latest")
    assert (refused.ephemeral, refused.content) == (
        True,
        "That was fast! Ask me again in 2 seconds.",
    )
    assert (await ada.presses(page, "Next")).content.startswith("That was fast!")
    desk.clock.pass_(10)
    assert titles(await ada.command(readers, "latest"))


async def test_no_privileged_intent_and_many_shards(desk: TestDesk) -> None:
    await twelve(desk)
    async with discord_server(shards=2) as server:
        guilds = [server.guild("One"), server.guild("Two")]
        ada = server.person("Ada", *guilds)
        async with serving(server, desk):
            for guild in guilds:
                assert titles(await ada.command(guild, "latest"))
        await until(lambda: server.gateway.log.count("closed 1000") == 2)
        intents = [one["intents"] for one in server.gateway.identified]
    assert len(intents) == 2
    assert not any(one & PRIVILEGED for one in intents)


async def test_a_gateway_that_is_back_is_reported_as_a_recovery(
    server: Server, desk: TestDesk
) -> None:
    reported: list[str] = []
    connected: list[bool] = []
    reports: dict[str, Any] = {
        "report_recovery": reported.append,
        "report_connection": lambda _, is_connected: connected.append(is_connected),
    }
    async with serving(server, desk, **reports):
        first = len(reported)
        await server.gateway.reconnect()
        while len(reported) == first:
            await asyncio.sleep(0.005)
        assert connected[-1]
    assert set(reported) == {"discord"}
    assert not connected[-1]
