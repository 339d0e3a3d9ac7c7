"""`/settings`, and who may change what where."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from chats import TERMINAL, discord_chat, telegram_chat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsdesk import TestDesk, desk_over
from stories import CHAT, MODERATOR, NOW, READER
from times import settle

from bot.chat.settings import (
    ANSWERS,
    LANGUAGE,
    MESSAGES,
    PICTURES,
    PREVIEW,
    RICH,
    ROLE,
    SETTINGS,
    TIMEZONE,
    ChatSettings,
    Setting,
)
from bot.errors import StoreFullError
from bot.model import Action, Chat, Person
from bot.reply import Reply
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import Rhythm, Timetable
from store.chats import SqlChats
from store.connection import SqliteConnections
from store.sqlite import SqliteStore

GROUP = telegram_chat("-100")
SERVER = discord_chat("200")
HOST = Person("host", "Grace", host=True)
ROLE_ID = "123456789012345678"


def entries(reply: Reply) -> list[str]:
    return [entry.name for entry in reply.entries]


async def now(desk: TestDesk, chat: Chat, setting: Setting) -> str:
    """What is set, as another process would see it."""
    return await ChatSettings(desk.store.chats).get(chat, setting)


# What there is to set


async def test_each_platform_shows_its_own_settings_with_what_they_are(desk: TestDesk) -> None:
    telegram = await desk.ask("/settings", MODERATOR, GROUP)
    assert telegram.ok
    assert entries(telegram) == [
        "preview: on",
        "rich: on",
        "messages: on",
        "pictures: light",
        "language: English",
        "timezone: UTC",
    ]
    shown = (PREVIEW, RICH, MESSAGES, PICTURES, LANGUAGE, TIMEZONE)
    assert [entry.text for entry in telegram.entries] == [one.help for one in shown]
    assert entries(await desk.ask("/settings", MODERATOR, SERVER)) == [
        "answers: public",
        "pictures: light",
        "role: none",
        "publish: off",
        "language: English",
        "timezone: UTC",
    ]
    assert entries(await desk.ask("/settings", MODERATOR, TERMINAL)) == [
        "language: English",
        "timezone: UTC",
    ]


async def test_a_button_changes_a_setting_to_what_it_is_not(desk: TestDesk) -> None:
    reply = await desk.ask("/settings", MODERATOR, GROUP)
    assert [button.label for button in reply.buttons] == [
        "Turn previews off",
        "Use plain messages",
        "Answer only commands",
        "Dark pictures",
        "Change the language",
        "Change the time zone",
    ]
    changed = await desk.dispatcher.press(reply.buttons[0].action, MODERATOR, GROUP)
    assert changed.text == ("Done: preview is now off here.",)
    assert entries(changed) == [
        "preview: off",
        "rich: on",
        "messages: on",
        "pictures: light",
        "language: English",
        "timezone: UTC",
    ]
    assert [button.label for button in changed.buttons] == [
        "Turn previews on",
        "Use plain messages",
        "Answer only commands",
        "Dark pictures",
        "Change the language",
        "Change the time zone",
    ]


async def test_one_setting_is_shown_by_its_name(desk: TestDesk) -> None:
    assert entries(await desk.ask("/settings Messages", MODERATOR, GROUP)) == ["messages: on"]


@pytest.mark.parametrize("typed", ["preview off", "PREVIEW OFF", "value:off setting:preview"])
async def test_a_setting_is_changed_by_typing(desk: TestDesk, typed: str) -> None:
    assert (await desk.ask(f"/settings {typed}", MODERATOR, GROUP)).ok
    assert await now(desk, GROUP, PREVIEW) == "off"
    assert await now(desk, telegram_chat("-101"), PREVIEW) == "on"
    assert await now(desk, discord_chat(GROUP.id), PREVIEW) == "on"


@pytest.mark.parametrize(
    ("typed", "chat", "told"),
    [
        ("preview maybe", GROUP, "preview can be on or off."),
        ("preview on off", GROUP, "preview can be on or off."),
        ("answers secret", SERVER, "answers can be public or private."),
        ("preyvw off", GROUP, "There is no setting “preyvw”. Did you mean preview?"),
        ("preyvw", GROUP, "There is no setting “preyvw”. Did you mean preview?"),
        ("role none", GROUP, "role means nothing here."),
        ("preview off", SERVER, "preview means nothing here."),
        (
            "setting:x value:on",
            SERVER,
            (
                "There is no setting “x”. Did you mean answers, pictures, role, publish, language, "
                "or timezone?"
            ),
        ),
        ("role editors", SERVER, "Give the role as @Role, or type none."),
        ("role 1234", SERVER, "Give the role as @Role, or type none."),
        ("role ١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨", SERVER, "Give the role as @Role, or type none."),
    ],
)
async def test_what_cannot_be_set_is_said_and_changes_nothing(
    desk: TestDesk, typed: str, chat: Chat, told: str
) -> None:
    reply = await desk.ask(f"/settings {typed}", MODERATOR, chat)
    assert (reply.ok, reply.text) == (False, (told,))
    assert await desk.store.chats.settings(chat) == {}


@pytest.mark.parametrize("typed", [f"<@&{ROLE_ID}>", ROLE_ID])
async def test_a_role_is_named_by_its_mention_and_taken_back(desk: TestDesk, typed: str) -> None:
    reply = await desk.ask(f"/settings role {typed}", MODERATOR, SERVER)
    assert reply.text == (f"Done: role is now <@&{ROLE_ID}> here.",)
    assert await now(desk, SERVER, ROLE) == ROLE_ID
    for word in ("none", "OFF"):
        reply = await desk.ask(f"/settings role {word}", MODERATOR, SERVER)
        assert reply.text == ("Done: role is now none here.",)
        assert await now(desk, SERVER, ROLE) == ""


@pytest.mark.parametrize(("was", "now_"), [("on", "off"), ("OFF", "on")])
async def test_what_quiet_was_is_understood_and_is_called_messages(
    desk: TestDesk, was: str, now_: str
) -> None:
    reply = await desk.ask(f"/settings quiet {was}", MODERATOR, GROUP)
    assert reply.text == (f"Done: messages is now {now_} here.",)
    assert await now(desk, GROUP, MESSAGES) == now_
    assert not any("quiet" in one.name + one.text for one in reply.entries)


async def test_each_button_says_what_it_does(desk: TestDesk) -> None:
    labels = [one.label for one in (await desk.ask("/settings", MODERATOR, SERVER)).buttons]
    assert labels == [
        "Answer in private",
        "Dark pictures",
        "Publish posts",
        "Change the language",
        "Change the time zone",
    ]
    await desk.ask(f"/settings role {ROLE_ID}", MODERATOR, SERVER)
    reply = await desk.ask("/settings role", MODERATOR, SERVER)
    (button,) = reply.buttons
    assert button.label == "Let no role moderate"
    await desk.dispatcher.press(button.action, MODERATOR, SERVER)
    assert await now(desk, SERVER, ROLE) == ""


async def test_the_time_zone_on_its_own_is_asked_for(desk: TestDesk) -> None:
    for reply in (
        await desk.ask("/settings timezone", MODERATOR, GROUP),
        await desk.dispatcher.press(
            (await desk.ask("/settings", MODERATOR, GROUP)).buttons[-1].action, MODERATOR, GROUP
        ),
    ):
        assert reply.prompt is not None
        answer = await desk.dispatcher.press(reply.prompt.answered("osaka"), MODERATOR, GROUP)
        assert not answer.ok
        answer = await desk.dispatcher.press(reply.prompt.answered("tokyo"), MODERATOR, GROUP)
        assert answer.text == ("Done: timezone is now Asia/Tokyo here.",)


@pytest.mark.parametrize("typed", ["mars", "moon", "osaka", "pluto", "jst", "xx", "z"])
async def test_what_is_like_no_zone_gets_no_silly_guess(desk: TestDesk, typed: str) -> None:
    reply = await desk.ask(f"/settings timezone {typed}", MODERATOR, GROUP)
    assert not reply.ok
    assert not reply.buttons
    assert reply.text[0].endswith("Try the nearest large city, or a name like Asia/Tokyo.")


async def test_values_are_completed_for_the_setting_that_is_chosen(desk: TestDesk) -> None:
    async def values(partial: str, chat: Chat, **given: str) -> list[str]:
        complete = desk.dispatcher.complete
        found = await complete("settings", "value", partial, MODERATOR, chat, given)
        return [one.value for one in found]

    assert await values("", SERVER, setting="answers") == ["public", "private"]
    assert await values("o", SERVER, setting="answers") == []
    assert await values("p", SERVER, setting="Publish") == []
    assert await values("o", SERVER, setting="publish") == ["on", "off"]
    assert await values("tok", GROUP, setting="timezone") == ["Asia/Tokyo"]
    assert await values("tok", GROUP, setting="preview") == []
    assert "private" not in await values("", GROUP)


async def test_settings_and_their_values_are_completed(desk: TestDesk) -> None:
    complete = desk.dispatcher.complete
    names = [one.value for one in await complete("settings", "setting", "pre", MODERATOR)]
    assert names == ["preview"]
    assert "private" in [one.value for one in await complete("settings", "value", "", HOST)]
    assert await complete("settings", "setting", "pre", READER) == ()


# The time zone


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("asia/tokyo", "Asia/Tokyo"),
        ("tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("America/Argentina/Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
    ],
)
async def test_a_zone_is_named_whole_or_by_its_city(desk: TestDesk, typed: str, zone: str) -> None:
    reply = await desk.ask(f"/settings timezone {typed}", MODERATOR, GROUP)
    assert reply.text == (f"Done: timezone is now {zone} here.",)
    assert await now(desk, GROUP, TIMEZONE) == zone


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("tokio", "Asia/Tokyo"),
        ("europe/berlni", "Europe/Berlin"),
        ("istanbul", "Europe/Istanbul"),  # which is in Asia, too
        ("new yrok", "America/New_York"),
    ],
)
async def test_of_zones_that_may_be_meant_one_is_chosen(
    desk: TestDesk, typed: str, offered: str
) -> None:
    reply = await desk.ask(f"/settings timezone {typed}", MODERATOR, GROUP)
    assert not reply.ok
    assert reply.text[0].startswith(f"I don't know the time zone “{typed}”. Did you mean ")
    assert await desk.store.chats.settings(GROUP) == {}
    (button,) = (one for one in reply.buttons if one.label == offered)
    await desk.dispatcher.press(button.action, MODERATOR, GROUP)
    assert await now(desk, GROUP, TIMEZONE) == offered


@pytest.mark.parametrize(
    "typed",
    ["zzzzzz", "../../../etc/passwd", "/etc/localtime", "localtime", "Factory", "\x1b", "9"],
)
async def test_what_is_no_zone_is_refused(desk: TestDesk, typed: str) -> None:
    reply = await desk.ask(f"/settings timezone {typed}", MODERATOR, GROUP)
    assert await desk.store.chats.settings(GROUP) == {}
    assert not reply.ok or typed == "\x1b"


async def test_the_zone_is_taken_back_to_that_of_the_bot(tmp_path: Path) -> None:
    async with desk_over(tmp_path / "dateline.db", timezone="Europe/Berlin") as desk:
        assert "timezone: Europe/Berlin" in entries(await desk.ask("/settings", HOST, GROUP))
        await desk.ask("/settings timezone tokyo", HOST, GROUP)
        reply = await desk.ask("/settings timezone none", HOST, GROUP)
        assert reply.text == ("Done: timezone is now Europe/Berlin here.",)
        assert await desk.store.chats.settings(GROUP) == {}


async def test_what_is_followed_moves_to_the_new_zone(desk: TestDesk) -> None:
    channels = [discord_chat("1", house=SERVER.id), discord_chat("2", house=SERVER.id)]
    elsewhere = discord_chat("3", house="201")
    for chat in (*channels, elsewhere):
        one = Subscription(chat, TargetKind.SOURCE, "wire", Timetable(Rhythm.DAILY), made=NOW)
        await desk.store.subscriptions.put(one)
    await desk.ask("/settings timezone tokyo", MODERATOR, channels[0])
    found = [
        one for chat in (*channels, elsewhere) for one in await desk.store.subscriptions.of(chat)
    ]
    assert [one.zone for one in found] == ["Asia/Tokyo", "Asia/Tokyo", "UTC"]
    assert await now(desk, SERVER, TIMEZONE) == "Asia/Tokyo"
    await desk.ask("/settings timezone none", MODERATOR, channels[0])
    assert [one.zone for one in await desk.store.subscriptions.of(channels[1])] == ["UTC"]


async def test_a_zone_that_the_system_knows_no_more_is_as_if_it_had_not_been_set(
    desk: TestDesk,
) -> None:
    await desk.store.chats.set_setting(GROUP, "timezone", "Mars/Olympus")
    reply = await desk.ask("/subscribe wire daily 8", MODERATOR, GROUP)
    assert "daily at 08:00 (UTC)" in reply.text[1]


async def test_zones_are_completed_by_any_part_of_theirs(desk: TestDesk) -> None:
    async def values(partial: str) -> list[str]:
        found = await desk.dispatcher.complete("settings", "value", partial, HOST)
        return [one.value for one in found]

    assert await values("toky") == ["Asia/Tokyo"]
    assert await values("new y") == ["America/New_York"]
    assert "Europe/Berlin" in await values("europe/b")
    assert (await values("o"))[:2] == ["on", "off"]
    assert await values("tokio") == []


# Who may


async def test_in_a_chat_of_ones_own_one_may_change_the_settings_and_no_more(
    desk: TestDesk,
) -> None:
    assert (await desk.ask("/settings messages off", HOST, GROUP)).ok
    assert await now(desk, GROUP, MESSAGES) == "off"
    usages = entries(await desk.ask("/help", HOST))
    assert "/settings [setting] [value]" in usages
    assert "/reload [source]" not in usages
    assert not (await desk.ask("/reload", HOST, GROUP)).ok


async def test_who_is_no_host_is_shown_no_setting_and_offered_none(desk: TestDesk) -> None:
    refused = await desk.ask("/settings", READER, GROUP)
    assert (refused.ok, refused.text) == (
        False,
        ("Only moderators can use /settings here. In a private chat with me, you can.",),
    )
    assert refused.entries == ()
    assert refused.buttons == ()
    assert "/settings [setting] [value]" not in entries(await desk.ask("/help", READER))
    offered = [one.action.command for one in (await desk.ask("/setting", READER)).buttons]
    assert "settings" not in offered


NAMES = st.sampled_from([*SETTINGS, "PREVIEW", "x", ""])
VALUES = st.one_of(
    st.sampled_from(["on", "off", "private", ROLE_ID, "none", "tokyo", ""]), st.text()
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(NAMES, VALUES, st.sampled_from([GROUP, SERVER, CHAT]))
async def test_nothing_that_a_reader_types_or_presses_changes_a_setting(
    desk: TestDesk, name: str, value: str, chat: Chat
) -> None:
    forged = Action("settings", (("setting", name), ("value", value)))
    lines = (str(forged), f"/settings {name} {value}", f"settings {name} {value}")
    assert not (await desk.dispatcher.press(forged, READER, chat)).ok
    for line in lines:
        await desk.ask(line, READER, chat)
    assert await desk.store.chats.settings(chat) == {}


# What is kept


async def test_settings_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    async with desk_over(path) as desk:
        await desk.ask("/settings preview off", MODERATOR, GROUP)
        await desk.ask("/settings answers private", MODERATOR, SERVER)
    async with desk_over(path) as desk:
        assert entries(await desk.ask("/settings", HOST, GROUP)) == [
            "preview: off",
            "rich: on",
            "messages: on",
            "pictures: light",
            "language: English",
            "timezone: UTC",
        ]
        assert await desk.dispatcher.services.settings.get(SERVER, ANSWERS) == "private"


async def test_what_is_set_to_the_default_follows_the_default(desk: TestDesk) -> None:
    await desk.ask("/settings preview off", MODERATOR, GROUP)
    await desk.ask("/settings preview on", MODERATOR, GROUP)
    assert await desk.store.chats.settings(GROUP) == {}


async def test_what_a_setting_can_be_no_more_is_as_if_it_had_not_been_set(desk: TestDesk) -> None:
    await desk.store.chats.set_setting(GROUP, "preview", "sometimes")
    assert await desk.dispatcher.services.settings.get(GROUP, PREVIEW) == "on"
    assert await desk.dispatcher.services.settings.is_on(GROUP, PREVIEW)
    assert await desk.dispatcher.services.settings.is_on(GROUP, MESSAGES)


class ScriptedChats(SqlChats):
    """Reads settings when it may, and has no room when it is told so."""

    def __init__(self, connections: SqliteConnections) -> None:
        super().__init__(connections)
        self.full, self.reads = False, 0
        self.has_read, self.may_tell = asyncio.Event(), asyncio.Event()
        self.may_tell.set()

    async def settings(self, chat: Chat) -> Mapping[str, str]:
        self.reads += 1
        found = await super().settings(chat)
        self.has_read.set()
        await self.may_tell.wait()
        return found

    async def set_setting(self, chat: Chat, name: str, value: str | None) -> None:
        if self.full:
            raise StoreFullError("the disk is full")
        await super().set_setting(chat, name, value)


@asynccontextmanager
async def _scripted(path: Path) -> AsyncIterator[ScriptedChats]:
    async with await SqliteStore.open(path) as store:
        yield ScriptedChats(store._connections)  # noqa: SLF001 - the very same, but scripted


async def test_settings_are_read_once_and_answered_from_memory(tmp_path: Path) -> None:
    async with _scripted(tmp_path / "dateline.db") as chats:
        kept = ChatSettings(chats)
        for _ in range(5):
            await kept.get(GROUP, PREVIEW)
            await kept.get(GROUP, MESSAGES)
        assert chats.reads == 1
        await kept.set(GROUP, PREVIEW, "off")
        assert await kept.get(GROUP, PREVIEW) == "off"


async def test_what_cannot_be_written_is_not_set(tmp_path: Path) -> None:
    async with _scripted(tmp_path / "dateline.db") as chats:
        kept = ChatSettings(chats)
        chats.full = True
        with pytest.raises(StoreFullError):
            await kept.set(GROUP, PREVIEW, "off")
        assert await kept.get(GROUP, PREVIEW) == "on"


async def test_a_setting_that_changes_while_it_is_read_is_not_forgotten(tmp_path: Path) -> None:
    async with _scripted(tmp_path / "dateline.db") as chats:
        kept = ChatSettings(chats)
        chats.may_tell.clear()
        early = asyncio.create_task(kept.get(GROUP, PREVIEW))
        await chats.has_read.wait()
        await kept.set(GROUP, PREVIEW, "off")
        chats.may_tell.set()
        await early
        await settle()
        assert await kept.get(GROUP, PREVIEW) == "off"


async def test_a_setting_that_moves_while_it_is_read_is_not_forgotten(tmp_path: Path) -> None:
    old, new = telegram_chat("-1"), telegram_chat("-1001")
    async with _scripted(tmp_path / "dateline.db") as chats:
        kept = ChatSettings(chats)
        await kept.set(old, PREVIEW, "off")
        chats.may_tell.clear()
        early = asyncio.create_task(kept.get(new, PREVIEW))
        await chats.has_read.wait()
        await kept.move(old, new)
        chats.may_tell.set()
        await early
        assert await kept.get(new, PREVIEW) == "off"
        assert await kept.get(old, PREVIEW) == "on"


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("previews off", "preview", "off"),
        ("prevew off", "preview", "off"),
        ("message off", "messages", "off"),
        ("turn off previews", "preview", "off"),
        ("switch messages off", "messages", "off"),
        ("preview=off", "preview", "off"),
        ("preview: off", "preview", "off"),
        ("preview no", "preview", "off"),
        ("timezone france", "timezone", "Europe/Paris"),
        ("tz tokyo", "timezone", "Asia/Tokyo"),
        ("zone Europe/Paris", "timezone", "Europe/Paris"),
        ("time zone tokyo", "timezone", "Asia/Tokyo"),
        ("timezon tokyo", "timezone", "Asia/Tokyo"),
    ],
)
async def test_a_setting_is_known_by_what_is_like_its_name(
    desk: TestDesk, typed: str, name: str, value: str
) -> None:
    reply = await desk.ask(f"/settings {typed}", MODERATOR, telegram_chat("-1"))
    assert reply.text == (f"Done: {name} is now {value} here.",)


async def test_a_country_with_several_zones_is_asked_about(desk: TestDesk) -> None:
    reply = await desk.ask("/settings timezone germany", MODERATOR, telegram_chat("-1"))
    assert not reply.ok
    assert reply.buttons[0].label == "Europe/Berlin"
    offset = await desk.ask("/settings timezone UTC+2", MODERATOR, telegram_chat("-1"))
    assert (offset.ok, offset.buttons) == (False, ())
