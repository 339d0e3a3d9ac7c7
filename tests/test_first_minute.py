"""The first minute with the bot: its profile, /start, /help and lists, as people see them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import discord_desk
import pytest
import telegram_bot
from newsdesk import TestDesk, desk_over, titles
from servers.discord.server import Server as DiscordServer
from servers.discord.server import ada, readers, server
from servers.discord.world import Guild
from servers.telegram.server import Server as TelegramServer
from stories import CHAT, MODERATOR, NOW, READER, day, story

from bot.chat.desk import desk_about, desk_name, profile_text
from bot.chat.dispatcher import Dispatcher
from bot.commands import REGISTRY
from bot.i18n import languages
from bot.model import Capability, Desk, Person, Source
from bot.reply import Action

__all__ = ["ada", "readers", "server"]

ALONE = Person("alone", "Ada", host=True)
HARBOUR = Desk("The Harbour Desk", "All that happens on the sound.")


def introduced(desk: TestDesk, by: Desk) -> TestDesk:
    """The same desk, with a name and a sentence of its own."""
    services = replace(desk.dispatcher.services, desk=by)
    return replace(desk, dispatcher=Dispatcher(services, REGISTRY))


# /start


async def test_start_says_what_the_desk_is_and_its_newest_headline(desk: TestDesk) -> None:
    await desk.has(
        story("Old", published=day("2026-10-01")),
        story("Tram opens", published=day("2026-11-20")),
    )
    reply = await desk.ask("/start", ALONE)
    assert reply.title == "Dateline"
    assert reply.text[0] == "News from The Wire and Other News, here in your chat."
    assert [card.story.title for card in reply.more] == ["Tram opens"]
    labels = [button.label for button in reply.buttons]
    assert labels == ["Read it", "Latest", "Topics", "What's new", "Follow"]
    for button in reply.buttons:
        assert (await desk.dispatcher.press(button.action, ALONE, CHAT)).ok


async def test_start_offers_nothing_that_this_person_or_chat_cannot(desk: TestDesk) -> None:
    await desk.has(story("Tram opens"))
    nowhere = replace(CHAT, capabilities=Capability(0))
    for person, chat in ((READER, CHAT), (ALONE, nowhere)):
        labels = [button.label for button in (await desk.ask("/start", person, chat)).buttons]
        assert "Follow" not in labels
    assert "Follow" in [one.label for one in (await desk.ask("/start", MODERATOR)).buttons]


async def test_start_without_stories_says_how_they_come(desk: TestDesk) -> None:
    reply = await desk.ask("/start", ALONE)
    assert "/reload" in reply.text[1]
    assert not reply.more
    assert reply.buttons[0].action == Action("latest")


@pytest.mark.parametrize(
    ("names", "name", "about"),
    [
        ((), "Dateline", "A news desk in your chat."),
        (("The Wire",), "The Wire", "News from The Wire, here in your chat."),
        (("A", "B"), "Dateline", "News from A and B, here in your chat."),
        (("A", "B", "C"), "Dateline", "News from A, B and C, here in your chat."),
        (("A", "B", "C", "D"), "Dateline", "News from A, B, C and D, here in your chat."),
        (tuple("ABCDE"), "Dateline", "News from A, B, C and 2 more, here in your chat."),
    ],
)
async def test_a_desk_without_a_name_is_known_by_its_sources(
    desk: TestDesk, names: tuple[str, ...], name: str, about: str
) -> None:
    sources = {one: Source(one, one, "feed", desk.wire.source.every) for one in names}
    services = replace(desk.dispatcher.services, sources=sources)
    assert (desk_name(services), desk_about(services)) == (name, about)


async def test_the_operators_words_come_first(desk: TestDesk) -> None:
    reply = await introduced(desk, HARBOUR).ask("/start", ALONE)
    assert (reply.title, reply.text[0]) == (HARBOUR.name, HARBOUR.about)


# The profile


async def test_telegram_shows_what_the_desk_is_before_the_first_word(desk: TestDesk) -> None:
    known = introduced(desk, HARBOUR)
    wanted = profile_text(known.dispatcher.services)
    async with TelegramServer(patience=20) as api:
        async with telegram_bot.serving(api, known):
            await api.called("setMyShortDescription", times=len(languages()))
        assert {key: text for key, text in api.profile.texts.items() if not key[1]} == {
            ("description", ""): wanted,
            ("short_description", ""): HARBOUR.about,
        }
        async with telegram_bot.serving(api, known):  # which differs from nothing any more
            await api.called("getMyShortDescription", times=2 * len(languages()))
        for method in ("setMyDescription", "setMyShortDescription"):
            assert len([call for call in api.calls if call.method == method]) == len(languages())


@pytest.mark.parametrize("about", ["a" * 300, "🚢" * 300, "word " * 60])
async def test_a_long_sentence_is_cut_to_what_telegram_takes(desk: TestDesk, about: str) -> None:
    known = introduced(desk, Desk("", about.strip()))
    async with TelegramServer(patience=20) as api:
        async with telegram_bot.serving(api, known):  # which refuses what is too long
            await api.called("setMyShortDescription")
        assert api.profile.texts["short_description", ""].endswith("…")


@pytest.mark.parametrize("allowed", [True, False])
async def test_discord_is_told_what_the_desk_is_only_where_that_is_set(
    server: DiscordServer, desk: TestDesk, caplog: pytest.LogCaptureFixture, *, allowed: bool
) -> None:
    server.front.description = "What somebody wrote."
    known = introduced(desk, HARBOUR)
    with caplog.at_level("INFO"):
        async with discord_desk.serving(server, known, profile=allowed):
            await discord_desk.until(
                lambda: (
                    server.front.description.startswith(HARBOUR.about)
                    or "discord.profile" in caplog.text
                )
            )
    patched = [call for call in server.front.calls if call.method == "PATCH"]
    assert len(patched) == allowed


# Commands that can be tapped, and lists that say things once


async def test_discord_mentions_its_commands(
    server: DiscordServer, readers: Guild, desk: TestDesk
) -> None:
    ben = server.person("Ben", readers)
    async with discord_desk.serving(server, desk):
        await discord_desk.until(lambda: any("oauth2" in call.path for call in server.front.calls))
        ids = {one["name"]: one["id"] for one in server.commands.registered[None]}
        answer = await ben.command(readers, "help")
        manual = answer.boxes[0]
        assert manual.startswith("### Read\n")
        assert f"</latest:{ids['latest']}> — The newest" in manual
        assert f"</subscriptions:{ids['subscriptions']}>" in manual
        start = await ben.command(readers, "start")
        assert f"</reload:{ids['reload']}>" in start.content
        refused = await ben.command(readers, "settings", forced=True)
        assert (
            refused.content
            == "Only moderators can use /settings here. In a private chat with me, you can."
        )
        # What somebody else wrote is no command of the bot's.
        await desk.has(story("Try /latest now", "Or /search it."))
        shown = await ben.command(readers, "latest")
        assert "</" not in str(shown.boxes)


async def test_telegram_shows_a_short_list_as_buttons_alone(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo cost", "The Osaka Expo."), story("Tram opens"))
    async with TelegramServer(patience=20) as api, telegram_bot.serving(api, desk):
        person = api.person("Ada")
        chat = api.private(person)
        await person.says(chat, "/topics")
        shown = await api.next_message(chat)
        assert shown.text == "Topics"
        assert [one.text for one in shown.buttons] == [
            "World · 2 stories ▁▁▁▁▁▁▁█",
            "Osaka Expo · 1 story ▁▁▁▁▁▁▁█",
        ]
        await person.presses(shown, "Osaka Expo · 1 story ▁▁▁▁▁▁▁█")
        assert (await api.edited(shown)).text.startswith("Osaka Expo\n")


async def test_telegram_numbers_a_longer_list_and_its_buttons(tmp_path: Path) -> None:
    async with desk_over(tmp_path / "n.db") as desk:
        await desk.has(story("Tram opens"))
        async with TelegramServer(patience=20) as api, telegram_bot.serving(api, desk):
            person = api.person("Ada")
            chat = api.private(person)
            await person.says(chat, "/sources")
            shown = await api.next_message(chat)
            lines = shown.text.split("\n\n")[1].splitlines()
            assert [line.partition(" — ")[0] for line in lines] == ["1. The Wire", "2. Other News"]
            assert [one.text for one in shown.buttons] == ["1", "2"]
            await person.presses(shown, "1")
            assert (await api.edited(shown)).text.startswith("Latest stories: The Wire")
            await person.says(chat, "/subscribe tram confirm:on")
            await api.next_message(chat)
            await person.says(chat, "/subscriptions")
            shown = await api.next_message(chat)
            assert "1. 1." not in shown.text
            assert shown.text.count("tram") + sum("tram" in b.text for b in shown.buttons) == 1


async def test_telegrams_manual_has_a_button_for_each_command(desk: TestDesk) -> None:
    async with TelegramServer(patience=20) as api, telegram_bot.serving(api, desk):
        person = api.person("Ada")
        chat = api.private(person)
        await person.says(chat, "/help")
        shown = await api.next_message(chat)
        named = [line.split()[0] for line in shown.text.splitlines() if line.startswith("/")]
        assert [one.text for one in shown.buttons] == named
        assert "\n\nFollow\n" in shown.text
        await person.presses(shown, "/search")
        assert (await api.edited(shown)).text.startswith("/\u2060search <words>")


# Time


async def test_times_are_those_of_the_chat_and_name_the_zone_where_it_is_not(
    desk: TestDesk,
) -> None:
    await desk.has(
        story("Old", published=day("2026-11-01")),
        story("New", published=NOW.replace(hour=9, minute=30)),
    )
    async with TelegramServer(patience=20) as api, telegram_bot.serving(api, desk):
        person = api.person("Ada")
        chat = api.private(person)
        await person.says(chat, "/latest")
        before = await api.next_message(chat)
        told = before.text
        assert "Nov 1, 2026, 00:00 UTC" in told
        assert "hours ago" in told
        await person.says(chat, "/settings timezone tokyo")
        await api.next_message(chat)
        await person.says(chat, "/latest")
        after = await api.next_message(chat)
        assert "Nov 1, 2026, 09:00 ·" in after.text


async def test_days_are_those_of_the_chat(desk: TestDesk) -> None:
    night = NOW.replace(hour=1, minute=0)  # of the day before in New York, and of today in Tokyo
    await desk.has(story("At night", published=night))
    await desk.ask("/settings timezone new york", MODERATOR)
    assert titles(await desk.ask("/latest since:today")) == []
    await desk.ask("/settings timezone tokyo", MODERATOR)
    assert titles(await desk.ask("/latest since:today")) == ["At night"]


async def test_discord_shows_moments_in_each_readers_own_time(
    server: DiscordServer, readers: Guild, desk: TestDesk
) -> None:
    ben = server.person("Ben", readers)
    await desk.dispatcher.services.poller.load(["wire"]) if desk.wire.gives else None
    async with discord_desk.serving(server, desk):
        first = await ben.command(readers, "catchup")
        assert first.content
        desk.clock.pass_(40)
        again = await ben.command(readers, "catchup")
        seconds = int(NOW.timestamp())
        assert f"Nothing new since you last asked, <t:{seconds}:R>." in again.content
