"""Weekly digests with their picture on Discord: attached, or left out where that is refused."""

from __future__ import annotations

from dataclasses import replace

from discord_posting import Postman, by, news, newsroom, only, post, story_reply
from scripted_renderer import png
from servers.discord.server import Server, server
from servers.discord.world import ATTACH, MEMBER, Channel
from stories import story

from bot.i18n import load
from bot.posting.digest import DisplayNames, digest
from bot.reply import Picture, Reply

__all__ = ["by", "news", "newsroom", "server"]

ALT = "What the news was about. Osaka Expo: 3 stories @everyone /start."
NAMES = DisplayNames(load("en"), {"wire": "The Wire"})
MESSAGES = "/channels/*/messages"


def weekly() -> Reply:
    stories = [story(f"Story {n}", "Text.", topics=("Osaka Expo",)) for n in range(3)]
    return replace(digest(stories, NAMES), picture=Picture(png(), ALT, "trends.png"))


async def test_it_is_attached_to_the_digest(news: Channel, by: Postman) -> None:
    await by.send(replace(post(news), reply=weekly()))
    sent = only(news)
    assert len(sent.headlines) == 3
    assert sent.pictures == ["attachment://trends.png"]
    (picture,) = sent.attachments
    assert (picture["content"], picture["description"]) == (png(), ALT)


async def test_a_digest_in_doubt_is_there_once(server: Server, news: Channel, by: Postman) -> None:
    for _ in range(2):
        await by.send(replace(post(news), reply=weekly()))
    assert len(only(news).attachments) == 1
    assert len(server.called("POST", MESSAGES)) == 2


async def test_where_nothing_can_be_attached_the_digest_comes_without(
    news: Channel, by: Postman
) -> None:
    news.bot_may = MEMBER & ~ATTACH
    await by.send(replace(post(news), reply=weekly()))
    assert len(only(news).headlines) == 3
    assert only(news).pictures == []
    assert only(news).attachments == []


async def test_without_pictures_none_is_attached(news: Channel, by: Postman) -> None:
    await by.send(replace(post(news), reply=weekly(), picture=False))
    assert only(news).attachments == []
    await by.send(replace(post(news, key="other"), reply=story_reply()))
    assert news.seen[1].attachments == []
