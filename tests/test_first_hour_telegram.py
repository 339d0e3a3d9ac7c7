"""The first hour on Telegram of a reader, of a moderator and of a rude member, over the wire."""

from __future__ import annotations

from pathlib import Path

import pytest
from servers.telegram.chats import Chat, Message
from servers.telegram.people import Person
from telegram_hour import TelegramHour, telegram_hour
from transcripts import Transcript, transcript
from virtual_time import in_virtual_time

from bot.errors import SourceError
from bot.ingest.results import FetchResult

__all__ = ["transcript"]

pytestmark = pytest.mark.slow


@in_virtual_time
async def test_first_hour_of_a_reader_on_telegram(tmp_path: Path, transcript: Transcript) -> None:
    async with telegram_hour(tmp_path, transcript) as hour:
        ada = hour.server.person("Ada")
        private = hour.server.private(ada)
        transcript.scene("The first minute")
        welcome = await hour.asks(ada, private, "/start")
        await hour.presses(ada, welcome, "Latest")
        await hour.asks(ada, private, "2")
        await hour.passes(minutes=1)
        await hour.asks(ada, private, "thanks!")
        await hour.says(ada, private, "👍")

        transcript.scene("Looking for something")
        await hour.asks(ada, private, "what's new?")
        await hour.asks(ada, private, "next")
        await hour.asks(ada, private, "electic fery winter")
        await hour.asks(ada, private, "read 1")
        question = await hour.asks(ada, private, "/search")
        await hour.asks(ada, private, "interest rates", reply_to=question)
        await hour.asks(ada, private, "who are you?")
        await hour.asks(ada, private, "/topic")
        await hour.asks(ada, private, "/topic feries")
        await hour.asks(ada, private, "/topic prots")
        await hour.asks(ada, private, "/topic science news")
        await hour.passes(minutes=5)

        transcript.scene("Following something")
        asked = await hour.asks(ada, private, "/subscribe weekdays 8:00 silent")
        await hour.presses(ada, asked, "Words of my own")
        (question,) = hour.server.sent(private, asked)
        preview = await hour.asks(ada, private, "battery", reply_to=question)
        await hour.presses(ada, preview, "Subscribe")
        preview = await hour.asks(ada, private, "/subscribe covd")
        await hour.presses(ada, preview, preview.buttons[0].text)
        unclear = await hour.asks(ada, private, "/subscribe football every other friday")
        await hour.presses(ada, unclear, unclear.buttons[0].text)
        await hour.presses(ada, unclear, "Subscribe")
        preview = await hour.asks(ada, private, "follow ferries & ports and gullhaven at once")
        await hour.presses(ada, preview, "Subscribe")
        await hour.passes(minutes=10)

        transcript.scene("Something happens")
        await hour.room.breaks(
            hour.room.breaking(
                "Ferry Kittiwake runs aground, all are safe",
                "The electric ferry Kittiwake touched a sandbank at noon.\nNobody was hurt.",
            )
        )
        await hour.passes(minutes=2)
        await hour.asks(ada, private, "/catchup")
        await hour.asks(ada, private, "/subscriptions")
        stop = await hour.asks(ada, private, "stop")
        await hour.presses(ada, stop, "Choose what to stop")
        await hour.passes(minutes=5)
        await hour.asks(ada, private, "/help")
        await hour.asks(ada, private, "/lastest")
        await hour.asks(ada, private, "bye")


@in_virtual_time
async def test_first_hour_of_a_moderator_on_telegram(
    tmp_path: Path, transcript: Transcript
) -> None:
    async with telegram_hour(tmp_path, transcript) as hour:
        mo, ada = hour.server.person("Mo"), hour.server.person("Ada")
        group = hour.server.supergroup("Harbour Readers", admins=[mo], members=[ada])
        channel = hour.server.channel("Harbour News", admins=[mo])
        hour.server.private(mo)
        transcript.scene("Setting up the group")
        await hour.asks(mo, group, "/start@DatelineBot")
        settings = await hour.asks(mo, group, "/settings")
        await hour.presses(mo, settings, "Turn previews off")
        await hour.presses(mo, settings, "Change the time zone")
        (question,) = hour.server.sent(group, settings)
        await hour.asks(mo, group, "tokyo", reply_to=question)
        refused = await hour.asks(ada, group, "/subscribe football")
        assert (
            refused.text
            == "Only moderators can use /subscribe here. In a private chat with me, you can."
        )
        preview = await hour.asks(
            mo, group, "/subscribe ferries & ports, football, source:copperline mon,thu 8:00"
        )
        await hour.presses(ada, preview, "Subscribe")
        await hour.presses(mo, preview, "At once")
        await hour.presses(mo, preview, "Subscribe")
        choice = await hour.asks(mo, group, "/subscribe")
        await hour.presses(mo, choice, "Words of my own")
        (question,) = hour.server.sent(group, choice)
        await hour.asks(mo, group, "clinic", reply_to=question)
        await hour.passes(minutes=5)

        transcript.scene("Setting up the channel, out of its readers' sight")
        preview = await hour.asks(mo, channel, "/subscribe everything daily 8:00 18:00")
        await hour.presses(mo, preview, "Subscribe")
        await mo.lets_bot_delete(channel, may=False)
        offer = await hour.asks(mo, channel, "/subscribe football")
        preview = await hour.opens(mo, offer.buttons[0].url)
        await hour.presses(mo, preview, "Subscribe")
        await hour.passes(minutes=10)

        transcript.scene("Something happens")
        await hour.room.breaks(
            hour.room.breaking(
                "Goalkeeper Brandl signs for two more years",
                "The football club keeps its goalkeeper.\nHe scored again on Sunday.",
            )
        )
        await hour.passes(minutes=1)
        await hour.asks(mo, group, "/posts")
        await hour.asks(mo, group, "/posts goalkeeper")
        await hour.passes(minutes=10)

        await _work_of_the_day(hour, mo, group)


async def _work_of_the_day(hour: TelegramHour, mo: Person, group: Chat) -> None:
    hour.transcript.scene("The day's work")
    await hour.asks(mo, group, "/sources")
    lantern, copperline = hour.room.desk.wire, hour.room.desk.other
    lantern.gives.append(FetchResult((hour.room.breaking("Fog on the sound", "Wait for it."),)))
    copperline.gives.append(SourceError("the folder cannot be read"))
    lantern.may_go.clear()
    copperline.may_go.clear()
    await hour.says(mo, group, "/reload")
    lantern.may_go.set()
    await hour.passes(6)
    copperline.may_go.set()
    await hour.passes(6)
    await hour.asks(mo, group, "/unsubscribe copperline")
    await hour.asks(mo, group, "/subscriptions")
    await hour.asks(mo, hour.server.private(mo), "/help subscribe")


@in_virtual_time
async def test_first_hour_of_a_rude_member_on_telegram(
    tmp_path: Path, transcript: Transcript
) -> None:
    async with telegram_hour(tmp_path, transcript) as hour:
        mo, ada, rex = (hour.server.person(name) for name in ("Mo", "Ada", "Rex"))
        group = hour.server.supergroup("Harbour Readers", admins=[mo], members=[ada, rex])
        hour.server.private(ada)
        transcript.scene("What is not for the bot, and what is not for him")
        assert await hour.says(rex, group, "hello everybody") == []
        page = await hour.asks(ada, group, "/latest")
        assert "somebody else's" in await hour.presses(rex, page, "Next ›")
        for line in ("/subscribe everything", "/settings preview off", "/reload", "/unsubscribe"):
            assert "Only moderators" in (await hour.asks(rex, group, line)).text
        await hour.passes(minutes=5)

        transcript.scene("He writes whatever comes to his mind")
        for line in (
            "/search @everyone <b>look</b> [here](tg://user?id=1)",
            "/topic " + "x" * 200,
            "/read ../../etc/passwd",
            "/latest -1",
            "/search \u202e\u0000\u200b",
            "/subscribe@DatelineBot '; drop table stories; --",
            "/SHUT up",
            "stop",
        ):
            await hour.says(rex, group, line)
            await hour.passes(20)
        await hour.passes(minutes=5)

        transcript.scene("He asks faster than anybody reads")
        hour.pace = 1.0
        for _ in range(14):
            await hour.says(rex, group, "/latest")
        answers = await hour.says(ada, group, "/topic football")
        assert any("Football" in one.text for one in answers)
        await hour.passes(minutes=5)

        transcript.scene("He turns pages as fast as he can")
        (page,) = await hour.says(rex, group, "/latest")
        told = [await hour.presses(rex, page, _turn(page)) for _ in range(14)]
        assert any(told)
        answers = await hour.says(ada, group, "/latest gullhaven")
        assert any("Gullhaven" in one.text for one in answers)
        hour.pace = 12.0
        await hour.passes(minutes=2)
        await hour.asks(mo, group, "/settings")


def _turn(page: Message) -> str:
    """Returns the label of the button that turns the page."""
    labels = [one.text for one in page.buttons]
    return "Next ›" if "Next ›" in labels else "‹ Previous"
