"""Readers of several languages in the same chats, over the wire, and posts in the chat's own."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from chats import telegram_chat
from discord_desk import serving as serving_discord
from discord_desk import until
from newsdesk import TOPICS, WIRE, TestDesk, desk_over
from servers.discord.command_rules import bulk_command_violations
from servers.discord.server import Server as DiscordServer
from servers.discord.server import server as discord_server
from servers.telegram.server import Server as TelegramServer
from servers.telegram.server import server as telegram_server
from stories import NOW, story, write_news
from telegram_bot import platform, serving

from adapters.console.chat import run_chat
from bot.chat.languages import LanguageChooser
from bot.chat.settings import LANGUAGE, ChatSettings
from bot.i18n import SpokenTranslations, languages, load, speak, spoken_language
from bot.model import Chat
from bot.posting.context import DeliveryContext
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import Rhythm, Timetable

__all__ = ["discord_server", "telegram_server"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        for at, hours in enumerate((2, 5, 30), 1):
            published = NOW - timedelta(hours=hours)
            await opened.has(story(f"Osaka {at}", "The Expo in Osaka.", published=published))
        yield opened


# Which language it is


@pytest.mark.parametrize(
    ("code", "spoken"),
    [
        ("ja", "ja"), ("ja-JP", "ja"), ("JA", "ja"), ("de-AT", "de"), ("de_CH", "de"),
        ("en-US", "en"), ("en-GB", "en"), ("tlh", ""), ("sux", ""), ("", ""), ("jam", ""),
    ],
)  # fmt: skip
def test_codes_of_either_platform_are_languages_of_the_bot(code: str, spoken: str) -> None:
    assert spoken_language(code) == spoken


@pytest.mark.parametrize(
    ("theirs", "chosen", "is_own", "spoken"),
    [
        ("ja", "", False, "ja"),
        ("ja", "de", False, "ja"),  # theirs, before that of the chat
        ("tlh", "de", False, "de"),  # the chat's, where theirs is not spoken
        ("", "de", False, "de"),
        ("tlh", "", False, "en"),  # the bot's own, where nothing else is known
        ("ja", "de", True, "de"),  # in a private chat the setting is theirs, too
        ("ja", "", True, "ja"),
        ("de", "en", True, "en"),
    ],
)
async def test_the_reader_comes_before_the_chat_and_the_chat_before_the_bot(
    desk: TestDesk, theirs: str, chosen: str, is_own: bool, spoken: str
) -> None:
    settings, chat = ChatSettings(desk.store.chats), telegram_chat("1")
    await settings.set(chat, LANGUAGE, chosen)
    chooser = LanguageChooser(settings, SpokenTranslations(load("en")))
    assert (await chooser.for_reader(theirs, chat, is_own=is_own)).language == spoken
    assert (await chooser.for_chat(chat)).language == (chosen or "en")


async def test_each_task_speaks_its_own_language() -> None:
    words = SpokenTranslations(load("en"))
    met = asyncio.Barrier(3)

    async def say(language: str) -> str:
        speak(load(language))
        await met.wait()
        return f"{words.language} {words.gettext('Topics')}"

    said = await asyncio.gather(*map(say, ("ja", "de", "en")))
    assert said == ["ja トピック", "de Themen", "en Topics"]
    assert words.gettext("Topics") == "Topics"


# Telegram


async def test_a_japanese_reader_on_telegram_meets_a_bot_that_speaks_japanese(
    telegram_server: TelegramServer, desk: TestDesk
) -> None:
    hana = telegram_server.person("Hana", language="ja")
    chat = telegram_server.private(hana)
    async with serving(telegram_server, desk):

        async def ask(line: str) -> str:
            desk.clock.pass_(2)  # which keeps clear of the limit of questions
            await hana.says(chat, line)
            return (await telegram_server.next_message(chat)).text

        assert "知りたいことを入力するか、ボタンを押してください。" in await ask("/start")
        latest = await ask("/latest")
        assert latest.startswith("新着記事\n")
        assert "2時間前" in latest
        assert "2 時間前" not in latest
        assert (await ask("osaka")).startswith("「osaka」についての記事")
        assert (await ask("/search zzzz")).startswith("「zzzz」についての記事")
        assert "「zzzz」というトピックはなく" in await ask("/topic zzzz")
        assert (await ask("/read 1")).startswith("Osaka 1\n")
        assert (await ask("こんにちは")).startswith("こんにちは。どんなニュースをお探しですか。")
        assert (await ask("新着は？")).startswith("新着記事\n")
        assert (await ask("2番を読む")).startswith("Osaka 2\n")
        subscribing = await ask("/subscribe osaka 毎朝7時")
        assert "新着記事を毎日07:00（UTC）にまとめて投稿、次回は" in subscribing
        assert (await ask("/settings")).startswith("このチャットの設定")
        assert "できること" in await ask("/help")
        assert (await ask("ありがとう")).startswith("どういたしまして。")


async def test_readers_of_three_languages_share_a_group_on_telegram(
    telegram_server: TelegramServer, desk: TestDesk
) -> None:
    heads = {"ja": "新着記事", "de": "Neueste Meldungen", "tlh": "Latest stories"}
    people = {code: telegram_server.person(code, language=code) for code in heads}
    group = telegram_server.supergroup("Readers", members=list(people.values()))
    async with serving(telegram_server, desk):
        answers = []
        for person in people.values():
            asked = await person.says(group, "/latest")
            answers += await telegram_server.replies(group, after=asked)
        assert [one.text.partition("\n")[0] for one in answers] == list(heads.values())
        refused = await people["ja"].presses(answers[-1], "📖 1")  # which is that of another
        assert refused.text.startswith("それはほかの人のページです。")


async def test_the_menu_and_the_profile_on_telegram_are_in_each_language(
    telegram_server: TelegramServer, desk: TestDesk
) -> None:
    hana = telegram_server.person("Hana", language="ja")
    jan = telegram_server.person("Jan", language="nl")
    async with serving(telegram_server, desk):
        await telegram_server.called("setMyShortDescription", times=len(languages()))
        profile = telegram_server.profile
        menu = profile.commands_for(hana.user, telegram_server.private(hana))
        assert menu["latest"] == "新着記事を読む"
        english = profile.commands_for(jan.user, telegram_server.private(jan))
        assert english["latest"] == "The newest stories"
        about = "The Wire、Other Newsのニュースをチャットでお届けします。"
        assert profile.texts["description", "ja"].startswith(about)
        assert profile.texts["short_description", "ja"] == about


# Discord


async def test_a_japanese_reader_on_discord_meets_a_bot_that_speaks_japanese(
    discord_server: DiscordServer, desk: TestDesk
) -> None:
    readers = discord_server.guild("Readers")
    hana = discord_server.person("Hana", readers, manages=True, locale="ja")
    kurt = discord_server.person("Kurt", readers, locale="de")
    channel = discord_server.channel(readers, "news")
    async with serving_discord(discord_server, desk):
        assert "最新の記事" in (await hana.command(channel, "start")).content
        page = await hana.command(channel, "latest")
        assert page.content.startswith("## 新着記事")
        assert "1を読む" in page.shown.labels
        await hana.presses(page, "1を読む")
        assert "一覧に戻る" in page.shown.labels
        assert (
            "「zzzz」の記事は見つかりませんでした。"
            in (await hana.command(channel, "search", words="zzzz")).content
        )
        german = await kurt.command(channel, "latest")
        assert german.content.startswith("## Neueste Meldungen")
        offered = await hana.command(channel, "subscribe", what="osaka", when="平日9時")
        assert "月曜日から金曜日の09:00" in offered.content
        assert "このサーバーの設定" in (await hana.command(channel, "settings")).content
        assert "できること" in (await hana.command(channel, "help")).content
        refused = await kurt.command(channel, "settings", forced=True)
        assert refused.content.startswith("Hier kann nur die Moderation /settings benutzen.")


async def test_commands_on_discord_have_names_in_each_language(
    discord_server: DiscordServer, desk: TestDesk
) -> None:
    async with serving_discord(discord_server, desk):
        offered = discord_server.commands.registered[None]
    assert bulk_command_violations(offered) == []
    (latest,) = [one for one in offered if one["name"] == "latest"]
    assert latest["name_localizations"]["ja"] == "新着"
    assert latest["name_localizations"]["de"] == "neueste"
    assert not {"en-US", "en-GB"} & latest["name_localizations"].keys()
    assert latest["description_localizations"]["ja"] == "新着記事を読む"
    since = next(one for one in latest["options"] if one["name"] == "since")
    assert since["name_localizations"]["ja"] == "いつから"
    menu = next(one for one in offered if one["name"] == "Related stories")
    assert menu["name_localizations"]["ja"] == "関連記事"


async def test_a_direct_message_is_answered_in_the_language_of_the_last_interaction(
    discord_server: DiscordServer, desk: TestDesk
) -> None:
    hana = discord_server.person("Hana", discord_server.guild("Readers"), locale="ja")
    async with serving_discord(discord_server, desk):
        await hana.writes(None, "/latest")
        own = discord_server.world.dm(hana)
        await until(lambda: len(own.seen) == 2)
        assert own.seen[1].content.startswith("## Latest stories")
        await hana.command(None, "help")
        await hana.writes(None, "/latest")
        await until(lambda: own.seen[-1].content.startswith("## 新着記事"))


# Posts


def _workers(desk: TestDesk) -> PostingWorkers:
    services = desk.dispatcher.services
    composer = PostComposer(DisplayNames(services.translations, {"wire": WIRE.name}))
    languages = services.languages.for_chat
    return PostingWorkers(
        DeliveryContext(
            desk.store, desk.clock, composer, FloodLimits(), services.settings.move, None, languages
        )
    )


async def test_posts_and_digests_are_in_the_language_of_the_chat(
    telegram_server: TelegramServer, desk: TestDesk
) -> None:
    hana = telegram_server.person("Hana", language="ja")
    tokyo = telegram_server.supergroup("Tokyo", members=[hana])
    london = telegram_server.supergroup("London", members=[hana])
    settings = desk.dispatcher.services.settings
    await settings.set(Chat("telegram", str(tokyo.id)), LANGUAGE, "ja")
    hourly = Timetable(Rhythm.HOURLY)
    for group in (tokyo, london):
        chat = Chat("telegram", str(group.id))
        await desk.store.subscriptions.put(
            Subscription(chat, TargetKind.SOURCE, "wire", hourly, made=NOW)
        )
    workers = _workers(desk)
    router = SubscriptionRouter(desk.store.subscriptions, FloodLimits(), workers.wake)
    bot = replace(platform(telegram_server, desk), post=workers.run)
    async with serving(telegram_server, desk, serve=bot):
        new = [story(f"News {n}", "It is.", published=NOW) for n in range(3)]
        await write_news(router, desk.store, new, TOPICS)
        desk.clock.pass_(3_600)
        workers.wake()
        assert (await telegram_server.next_message(tokyo)).text.startswith("新着記事3件")
        assert (await telegram_server.next_message(london)).text.startswith("3 new stories")


async def test_a_notice_is_in_the_language_of_who_is_told(
    telegram_server: TelegramServer, desk: TestDesk
) -> None:
    hana = telegram_server.person("Hana", language="ja")
    own = telegram_server.private(hana)
    group = telegram_server.supergroup("Harbour talk", admins=[hana])
    settings = desk.dispatcher.services.settings
    await settings.set(Chat("telegram", str(own.id)), LANGUAGE, "ja")
    chat = Chat("telegram", str(group.id))
    await desk.store.subscriptions.put(
        Subscription(chat, TargetKind.SOURCE, "wire", owner=str(hana.id), made=NOW)
    )
    bot = replace(platform(telegram_server, desk), post=_workers(desk).run)
    async with serving(telegram_server, desk, serve=bot):
        await hana.removes_bot(group)
        told = await telegram_server.next_message(own)
    assert told.text.endswith("ボットをもう一度チャットに追加すると、投稿は自動で再開します。")
    assert (
        "への投稿が止まりました：ボットがチャットにいません。購読していたもの：The Wire"
        in told.text
    )


# The terminal


async def test_the_terminal_speaks_what_was_set_for_it_at_once_and_from_then_on(
    desk: TestDesk,
) -> None:
    services = desk.dispatcher.services
    said = io.StringIO()

    async def talk(*lines: str) -> str:
        said.truncate(0)
        await run_chat(
            desk.dispatcher,
            translations=services.translations,
            zone=services.zone,
            history=None,
            stdin=io.StringIO("\n".join(lines)),
            stdout=said,
            languages=services.languages,
        )
        return said.getvalue()

    first = await talk("/topics", "/settings language japanese", "/topics")
    assert "Topics" in first
    assert "設定しました。ここのlanguageは日本語です。" in first
    assert "トピック\n" in first
    assert "新着記事" in await talk("/latest")
