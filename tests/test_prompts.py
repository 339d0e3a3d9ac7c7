"""Commands that are given nothing: each asks or shows what may be meant, on every platform."""

from __future__ import annotations

import discord_desk
import pytest
import telegram
import telegram_bot
from newsdesk import TestDesk, titles
from servers.discord.server import Server as DiscordServer
from servers.discord.server import readers, server
from servers.discord.world import Guild
from servers.telegram.server import Server as TelegramServer
from stories import CHAT, MODERATOR, NOW, READER, day, story
from telegram import MessageEntity
from telegram.constants import MessageEntityType

from adapters.telegram.links import setup_link
from adapters.telegram.prompts import prompt_with_options
from bot.chat.button_tokens import ActionTokens
from bot.model import Chat
from bot.reply import Action, Role

__all__ = ["readers", "server"]


@pytest.fixture
async def stocked(desk: TestDesk) -> TestDesk:
    await desk.has(
        story("Tram line opens", "It runs to the harbour.", published=day("2026-11-20")),
        story("Harbour bridge closed", "Repairs go on.", published=day("2026-11-19")),
        story("Osaka Expo cost", "The Osaka Expo.", published=day("2026-11-18"), source="other"),
    )
    return desk


# The core


async def test_search_on_its_own_asks_for_the_words(stocked: TestDesk) -> None:
    for line in ("/search", "search", "/search  "):
        reply = await stocked.ask(line)
        assert reply.prompt is not None
        assert reply.text == (reply.prompt.question,)
        answer = await stocked.dispatcher.press(reply.prompt.answered("harbour"), READER, CHAT)
        assert titles(answer) == ["Harbour bridge closed", "Tram line opens"]


async def test_topic_on_its_own_shows_the_topics(stocked: TestDesk) -> None:
    assert await stocked.ask("/topic") == await stocked.ask("/topics")
    assert await stocked.ask("topic") == await stocked.ask("/topics")


@pytest.mark.parametrize("command", ["read", "related"])
async def test_read_and_related_on_their_own_show_the_last_list(
    stocked: TestDesk, command: str
) -> None:
    fresh = await stocked.ask(f"/{command}")
    assert titles(fresh) == ["Tram line opens", "Harbour bridge closed", "Osaka Expo cost"]
    assert "latest" in fresh.notes[0]

    await stocked.ask("/search harbour")
    again = await stocked.ask(f"/{command}")
    assert [(card.number, card.story.title) for card in again.cards] == [
        (1, "Harbour bridge closed"),
        (2, "Tram line opens"),
    ]
    assert again.notes == ()
    chosen = [button.action.command for button in again.buttons if button.role is Role.READ]
    assert chosen == [command, command]
    assert titles(await stocked.ask("/read 2")) == ["Tram line opens"]
    back = await stocked.press(again, Role.BACK)
    assert back.title == "Stories about “harbour”"


async def test_the_last_list_keeps_its_numbers_on_its_second_page(desk: TestDesk) -> None:
    await desk.has(*(story(f"Story {n}", published=day(f"2026-10-{n:02}")) for n in range(1, 9)))
    first = await desk.ask("/latest")
    second = await desk.press(first, Role.NEXT)
    again = await desk.ask("/read")
    assert [(c.number, c.story.title) for c in again.cards] == [
        (c.number, c.story.title) for c in second.cards
    ]
    assert titles(await desk.press(again, Role.BACK)) == titles(second)


async def test_subscribe_on_its_own_offers_topics_sources_and_everything(
    stocked: TestDesk,
) -> None:
    reply = await stocked.ask("/subscribe daily 8:00", MODERATOR)
    assert [entry.name for entry in reply.entries] == [
        "Osaka Expo",
        "World",
        "The Wire",
        "Other News",
    ]
    assert reply.entries[0].action == Action(
        "subscribe", (("what", "Osaka Expo"), ("when", "daily 08:00"))
    )
    assert [button.label for button in reply.buttons] == ["Everything", "Words of my own"]
    chosen = reply.entries[1].action
    assert chosen is not None
    preview = await stocked.dispatcher.press(chosen, MODERATOR, CHAT)
    assert preview.title == "Subscribe to World?"

    asked = await stocked.dispatcher.press(reply.buttons[1].action, MODERATOR, CHAT)
    assert asked.prompt is not None
    answer = await stocked.dispatcher.press(asked.prompt.answered("tram"), MODERATOR, CHAT)
    assert answer.title == "Subscribe to “tram”?"
    assert "daily at 08:00" in " ".join(answer.text)
    assert not (await stocked.ask("/subscribe")).ok  # a reader's in a group


async def test_no_command_is_a_dead_end_on_its_own(stocked: TestDesk) -> None:
    for command in stocked.dispatcher.registry:
        if command.name != "reload":
            reply = await stocked.ask(f"/{command.name}", MODERATOR)
            assert reply.ok, command.name
            assert reply.cards or reply.entries or reply.buttons or reply.prompt or reply.text


async def test_no_two_commands_ask_the_same(stocked: TestDesk) -> None:
    questions = [one.text for command in stocked.dispatcher.registry for one in command.questions]
    assert len(set(questions)) == len(questions)
    for command in stocked.dispatcher.registry:
        for one in command.questions:
            prompt = stocked.dispatcher.prompt(f" {one.text} ")
            assert prompt is not None
            assert (prompt.action.command, prompt.option) == (command.name, one.option)
    assert stocked.dispatcher.prompt("What?") is None


# Telegram


async def test_telegram_asks_by_a_forced_reply_that_survives_a_restart(stocked: TestDesk) -> None:
    async with TelegramServer(patience=20) as server:
        ada, ben = server.person("Ada"), server.person("Ben")
        chat = server.private(ada)
        group = server.supergroup("Readers", members=[ada, ben])
        async with telegram_bot.serving(server, stocked):
            await ada.says(chat, "/search")
            asked = await server.next_message(chat)
            assert asked.text == "What would you like to search for?"
            assert (asked.markup or {})["force_reply"] is True
            said = await ada.says(group, "/search")
            (asked_in_group,) = await server.replies(group, after=said)
            assert (asked_in_group.markup or {})["selective"] is True
        async with telegram_bot.serving(server, stocked):
            await ada.says(chat, "harbour", reply_to=asked)
            assert (await server.next_message(chat)).text.startswith("Stories about “harbour”")
            said = await ben.says(group, "tram", reply_to=asked_in_group)
            (found,) = await server.replies(group, after=said)
            assert found.text.startswith("Stories about “tram”")


async def test_telegram_asks_what_to_follow_after_a_press(stocked: TestDesk) -> None:
    async with TelegramServer(patience=20) as server, telegram_bot.serving(server, stocked):
        ada = server.person("Ada")
        chat = server.private(ada)
        await ada.says(chat, "/subscribe")
        offered = await server.next_message(chat)
        await ada.presses(offered, "Words of my own")
        asked = await server.next_message(chat)
        assert (asked.markup or {})["force_reply"] is True
        await ada.says(chat, "tram harbour", reply_to=asked)
        assert (await server.next_message(chat)).text.startswith("Subscribe to “tram harbour”?")
        await ada.says(chat, "/latest", reply_to=asked)  # a command is no answer
        assert (await server.next_message(chat)).text.startswith("Latest stories")


async def test_telegram_keeps_the_options_over_a_question_and_a_restart(
    stocked: TestDesk,
) -> None:
    async with TelegramServer(patience=20) as server:
        ada = server.person("Ada")
        chat = server.private(ada)
        async with telegram_bot.serving(server, stocked):
            await ada.says(chat, "/subscribe mon,thu 8:00 silent quiet:22:30-6:45 most:3")
            offered = await server.next_message(chat)
            await ada.presses(offered, "Words of my own")
            asked = await server.next_message(chat)
            assert asked.text.strip("\u200b") == "Which words would you like to follow?"
        async with telegram_bot.serving(server, stocked):
            await ada.says(chat, "tram harbour", reply_to=asked)
            preview = await server.next_message(chat)
            assert preview.text.startswith("Subscribe to “tram harbour”?")
            assert "weekly on Monday and Thursday at 08:00" in preview.text
            assert "silently" in preview.text
            await ada.presses(preview, "Subscribe")
            await server.edited(preview)
        (one,) = await stocked.store.subscriptions.of(Chat("telegram", str(chat.id)))
        assert (one.what, str(one.when)) == ("tram harbour", "weekly monday,thursday 08:00")
        assert (one.silent, str(one.quiet), one.most) == (True, "22:30-06:45", 3)
        assert server.pings == []


async def test_telegram_opens_a_question_in_a_group_for_whoever_pressed(
    stocked: TestDesk,
) -> None:
    async with TelegramServer(patience=20) as server, telegram_bot.serving(server, stocked):
        ada, ben = server.person("Ada"), server.person("Ben & <Co>")
        group = server.supergroup("Readers", admins=[ada, ben])
        said = await ada.says(group, "/subscribe daily 18:00")
        (offered,) = await server.replies(group, after=said)
        await ada.presses(offered, "Words of my own")
        (asked,) = await server.replies(group, after=offered)
        assert asked.reply_to is said  # so that it opens for her
        assert server.pings == []
        said = await ada.says(group, "tram", reply_to=asked)
        (preview,) = await server.replies(group, after=said)
        assert "daily at 18:00" in preview.text

        await ben.presses(offered, "Words of my own")
        (asked,) = await server.replies(group, after=preview)
        assert asked.reply_to is None
        assert server.pings == ["Ben & <Co>"]  # it opens for who is mentioned
        server.pings.clear()
        said = await ben.says(group, "harbour", reply_to=asked)
        (preview,) = await server.replies(group, after=said)
        assert preview.text.startswith("Subscribe to “harbour”?")
        assert "daily at 18:00" in preview.text


async def test_telegram_never_names_an_anonymous_administrator(stocked: TestDesk) -> None:
    async with TelegramServer(patience=20) as server, telegram_bot.serving(server, stocked):
        ada = server.person("Ada")
        group = server.supergroup("Readers", admins=[server.person("Owner"), ada])
        server.make(ada, "administrator", group, anonymous=True)
        said = await ada.says(group, "/subscribe")
        (offered,) = await server.replies(group, after=said)
        await ada.presses(offered, "Words of my own")
        (asked,) = await server.replies(group, after=offered)
        assert asked.reply_to is said
        assert server.pings == []


@pytest.mark.parametrize(("linked", "is_ours"), [("\u200b", True), ("Which", False)])
async def test_telegram_takes_options_from_no_link_of_others(
    stocked: TestDesk, linked: str, *, is_ours: bool
) -> None:
    question = stocked.dispatcher.prompt("Which words would you like to follow?")
    assert question
    tokens = ActionTokens(stocked.store.chats)
    given = Action("subscribe", (("silent", "yes"), ("confirm", "on")))
    link = setup_link("DatelineBot", tokens.token(given, 64))
    entity = MessageEntity(MessageEntityType.TEXT_LINK, 0, len(linked), url=link)
    here = telegram.Chat(1, "private")
    text = question.question if linked in question.question else linked + question.question
    asked = telegram.Message(1, NOW, here, text=text, entities=[entity])
    answer = telegram.Message(2, NOW, here, text="tram", reply_to_message=asked)
    found = await prompt_with_options(answer, question, tokens)
    assert found.action == (given if is_ours else question.action)


async def test_telegram_asks_about_a_channel_in_private(stocked: TestDesk) -> None:
    async with TelegramServer(patience=20) as server, telegram_bot.serving(server, stocked):
        ada = server.person("Ada")
        chat, channel = server.private(ada), server.channel("Harbour News", admins=[ada])
        await ada.says(chat, f"/subscribe weekdays 9 channel:{channel.id}")
        offered = await server.next_message(chat)
        assert "posted in Harbour News" in offered.text
        await ada.presses(offered, "Words of my own")
        await ada.says(chat, "tram", reply_to=await server.next_message(chat))
        preview = await server.next_message(chat)
        assert "in Harbour News" in preview.text
        await ada.presses(preview, "Subscribe")
        await server.edited(preview)
        (one,) = await stocked.store.subscriptions.of(Chat("telegram", str(channel.id)))
        assert (one.what, str(one.when)) == ("tram", "weekdays 09:00")


async def test_telegram_takes_an_answer_where_other_messages_are_ignored(
    stocked: TestDesk,
) -> None:
    async with (
        TelegramServer(patience=20, reads_all=True) as server,
        telegram_bot.serving(server, stocked),
    ):
        ada = server.person("Ada")
        group = server.supergroup("Readers", admins=[ada])
        await ada.says(group, "/settings messages off")
        await server.next_message(group)
        said = await ada.says(group, "/search")
        (asked,) = await server.replies(group, after=said)
        said = await ada.says(group, "tram", reply_to=asked)
        (found,) = await server.replies(group, after=said)
        assert found.text.startswith("Stories about “tram”")


# Discord


async def test_discord_asks_by_a_form_that_survives_a_restart(
    server: DiscordServer, readers: Guild, stocked: TestDesk
) -> None:
    ada = server.person("Ada", readers, manages=True)
    async with discord_desk.serving(server, stocked):
        asked = await ada.command(readers, "search")
        assert asked.modal is not None
        assert asked.modal["title"] == "What would you like to search for?"
        offered = await ada.command(readers, "subscribe")
        words = await ada.presses(offered, "Words of my own")
    async with discord_desk.serving(server, stocked):
        found = await ada.submits(asked, "harbour")
        assert found.content.startswith("## Stories about “harbour”")
        preview = await ada.submits(words, "tram")
        assert "Subscribe to “tram”?" in preview.content


async def test_discord_opens_the_form_by_a_button_where_a_message_asked(
    server: DiscordServer, stocked: TestDesk
) -> None:
    ada = server.person("Ada", server.guild("Readers"))
    async with discord_desk.serving(server, stocked):
        await ada.writes(None, "/search")
        own = server.world.dm(ada)
        await discord_desk.until(lambda: len(own.seen) == 2)
        told = own.seen[1]
        assert told.content == "What would you like to search for?"
        asked = await ada.presses(told, "Answer")
        found = await ada.submits(asked, "tram")
        assert found.content.startswith("## Stories about “tram”")


async def test_a_forged_form_is_refused(
    server: DiscordServer, readers: Guild, stocked: TestDesk
) -> None:
    ada = server.person("Ada", readers)
    async with discord_desk.serving(server, stocked):
        asked = await ada.command(readers, "search")
        assert asked.modal is not None
        for custom_id in ("q:subscribe?what=", "q:nothing?x=", "q:#" + "0" * 30, "x", "q:"):
            asked.modal = {**asked.modal, "custom_id": custom_id}
            told = await ada.submits(asked, "tram")
            assert told.ephemeral, custom_id
