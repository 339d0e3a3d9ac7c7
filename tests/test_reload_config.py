"""`/reload config`: what the operator's file says is in force at once, or nothing changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from newsdesk import TestDesk
from stories import CHAT, MODERATOR, READER

from bot.app import App, load_config, open_app
from bot.app.application import OPERATOR
from bot.app.reloading import log_changes
from bot.chat.configuration import RunningConfiguration
from bot.chat.ports import AdjustablePlatform
from bot.chat.request import Services
from bot.chat.staff import Staff
from bot.config.changes import ConfigChanges, SettingChange
from bot.errors import ConfigError, StoreError
from bot.ingest.results import FetchResult
from bot.model import Chat, Person
from bot.reply import Reply
from bot.subscriptions.model import EventPosts

_ARCHIVE = "About {name}\n\nOSAKA, Nov. 20, 2026—News of {name} and the expo.\n\n###\n"


def source(name: str, *settings: str) -> str:
    table = f'[[sources]]\nid = "{name}"\nkind = "archive"\npath = "{name}.txt"\n'
    return table + "\n".join((*settings, ""))


@dataclass
class Served:
    """An application, and the file that its operator edits."""

    app: App
    file: Path

    @property
    def services(self) -> Services:
        return self.app.dispatcher.services

    async def ask(self, line: str, person: Person = OPERATOR, chat: Chat = CHAT) -> Reply:
        return await self.app.dispatcher.answer(line, person, chat)

    async def edit(self, *tables: str) -> Reply:
        """Writes the file, and has it read."""
        self.file.write_text("\n".join(tables), "utf-8")
        return await self.ask("/reload config")

    async def shown(self, line: str) -> str:
        return self.app.as_text(await self.ask(line))


@asynccontextmanager
async def served(folder: Path, *tables: str) -> AsyncIterator[Served]:
    for name in ("wire", "harbour"):
        (folder / f"{name}.txt").write_text(_ARCHIVE.format(name=name), "utf-8")
    file = folder / "config.toml"
    file.write_text("\n".join(tables), "utf-8")
    async with open_app(load_config(file, {})) as app:
        yield Served(app, file)


def told(reply: Reply) -> list[str]:
    return [f"{one.heading}|{one.name}|{one.text}" for one in reply.entries]


async def test_sources_and_topics_are_in_force_at_once(tmp_path: Path) -> None:
    async with served(tmp_path, source("wire")) as desk:
        await desk.app.poller.load()
        reply = await desk.edit(
            source("wire", 'every = "1h"', 'name = "The Wire"'),
            source("harbour", 'topics = ["Ships"]'),
            '[[topics]]\nname = "Expo"\nquery = "expo"',
        )
        assert (reply.ok, reply.title) == (True, "The configuration was read again")
        assert told(reply) == [
            "Sources|New|harbour",
            "|Changed|The Wire (name, every)",
            "Topics|New|Expo",
        ]
        await desk.app.poller.poll_due()
        assert "About harbour" in await desk.shown("/latest harbour")
        assert "2 stories" in await desk.shown("/topics")
        assert "The Wire" in await desk.shown("/sources")
        assert "2 well" in await desk.shown("/status")
        completed = await desk.app.dispatcher.complete("latest", "source", "harb", READER)
        assert [one.value for one in completed] == ["harbour"]

        reply = await desk.edit(source("harbour"))
        assert told(reply) == [
            "Sources|Removed|The Wire",
            "|Changed|harbour (topics)",
            "Topics|Removed|Expo",
        ]
        assert "About wire" in await desk.shown("/search about wire")  # what was read stays
        assert list(desk.services.sources) == ["harbour"]


async def test_all_other_settings_are_taken_over(tmp_path: Path) -> None:
    async with served(tmp_path, source("wire")) as desk:
        reply = await desk.edit(
            source("wire"),
            '[bot]\nlanguage = "de"\ntimezone = "Asia/Tokyo"',
            'page_size = 3\nreload_cooldown = "5m"',
            '[desk]\nname = "Gullhaven"',
            '[posting]\nburst = 3\nevents = "all"\ntrends = false',
            '[alerts]\nchats = ["telegram:5"]\nmin_free = "1GB"',
        )
        assert reply.ok
        assert "|bot.page_size|5 → 3" in told(reply)
        services, watcher = desk.services, desk.app.watcher
        assert (services.page_size, services.reload_cooldown) == (3, 300.0)
        assert services.zone.key == "Asia/Tokyo"
        assert (await desk.ask("/sources")).title == "Quellen"
        assert "Gullhaven" in await desk.shown("/start")
        limits = desk.app.posting_workers.flood_limits
        assert (limits.burst, limits.events) == (3, EventPosts.ALL)
        assert watcher
        assert (watcher.chats, watcher.limits.min_free) == ((Chat("telegram", "5"),), 1024**3)
        await desk.edit(source("wire"))
        assert (await desk.ask("/sources")).title == "Sources"
        assert (limits.burst, watcher.chats) == (10, ())


async def test_what_waits_for_a_restart_is_named_each_time(tmp_path: Path) -> None:
    async with served(tmp_path, source("wire")) as desk:
        other = '[store]\npath = "other.db"'
        waits = "store.path takes effect when the bot is started again."
        for _ in range(2):
            reply = await desk.edit(source("wire"), other)
            assert (reply.notes, reply.entries) == ((waits,), ())
        both = await desk.edit(source("wire"), other, "[telegram]\nrich = false")
        assert both.notes[0].startswith("store.path, telegram.rich take effect")
        back = await desk.edit(source("wire"))
        assert (back.title, back.text) == (
            "Nothing has changed",
            ("The file says what is in force already.",),
        )


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ("[bot]\npage_size = 50", "config.toml:7: bot.page_size: expected a whole number"),
        ("[bot]\npage_sise = 5", 'did you mean "page_size"'),
        ("[bot\n", "config.toml:6"),
        ('[bot]\nlanguage = "xx"', 'a language that the bot speaks ("de", "en", "es", "ja")'),
        (source("wire"), "config.toml:7: sources[1].id"),
        ('[[topics]]\nname = "Expo"\nquery = "-expo"', "topics[0].query"),
        ('[telegram]\ntoken_file = "nowhere"', "there is no such file"),
        ('[telegram]\nmoderators = ["@mo"]', "telegram.moderators"),
        ('[telegram]\ntoken = "123:canary"', "a token must not be in this file"),
        (source("harbour", 'every = "soon"'), 'expected a time such as "30s"'),
        (source("harbour", 'link = "{nothing}"'), "link"),
    ],
)
async def test_a_mistake_leaves_all_as_it_was_and_is_told_with_its_line(
    tmp_path: Path, mistake: str, words: str
) -> None:
    async with served(tmp_path, source("wire")) as desk:
        await desk.app.poller.load()
        before = await desk.shown("/sources"), await desk.shown("/topics")
        reply = await desk.edit(source("wire"), mistake, '[desk]\nname = "Other"')
        assert (reply.ok, reply.title) == (False, "The configuration stays as it was")
        assert words in "\n".join(reply.text)
        assert str(tmp_path) not in reply.text[0].partition(": ")[0]
        assert "canary" not in desk.app.as_text(reply)
        assert (await desk.shown("/sources"), await desk.shown("/topics")) == before
        assert desk.services.desk.name == ""


@dataclass(slots=True)
class FaultyPlatform(AdjustablePlatform):
    """A platform with a bug that shows once."""

    is_broken: bool = False
    staff: Staff = field(default_factory=lambda: Staff([1], [2]))

    @property
    def name(self) -> str:
        return "Telegram"

    @property
    def is_exclusive(self) -> bool:
        return False

    def renew(self) -> None:
        if self.is_broken:
            self.is_broken = False
            raise KeyError("a bug")

    async def serve(self) -> None:
        raise NotImplementedError


async def test_a_bug_half_way_leaves_all_as_it_was(tmp_path: Path) -> None:
    people = "[telegram]\nmoderators = [1]\noperators = [2]"
    async with served(tmp_path, people, source("wire")) as desk:
        platform = FaultyPlatform(is_broken=True)
        assert desk.app.reloader
        desk.app.reloader.serve([platform])
        with pytest.raises(KeyError, match="a bug"):
            await desk.edit(source("harbour"), "[telegram]\nmoderators = [3]\n[bot]\npage_size = 3")
        assert (list(desk.services.sources), desk.services.page_size) == (["wire"], 5)
        assert [platform.staff.moderates(one) for one in (1, 2, 3)] == [True, True, False]
        assert (await desk.ask("/reload config")).ok  # nothing is stuck
        assert (list(desk.services.sources), desk.services.page_size) == (["harbour"], 3)
        assert platform.staff.operates(3)


async def test_many_mistakes_are_not_all_told(tmp_path: Path) -> None:
    async with served(tmp_path, source("wire")) as desk:
        reply = await desk.edit("[bot]", *(f"unknown_{n} = 1" for n in range(40)))
        assert len(reply.text) == 11
        assert reply.text[-1] == "and 30 more"
        desk.file.unlink()
        gone = await desk.ask("/reload config")
        assert gone.text == ("config.toml: there is no such file",)


async def test_without_a_file_there_is_nothing_to_read_again(tmp_path: Path) -> None:
    async with served(tmp_path, source("wire")) as desk:
        config = replace(desk.app.config, file=None)
    async with open_app(config) as app:
        reply = await app.ask("/reload config")
        assert not reply.ok
        assert "no configuration file" in reply.text[0]


# Rights


@dataclass
class ScriptedConfiguration(RunningConfiguration):
    """A configuration whose file says what a test says."""

    result: ConfigChanges | Exception
    reads: int = 0

    async def reload(self) -> ConfigChanges:
        self.reads += 1
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def scripted(desk: TestDesk, result: ConfigChanges | Exception) -> ScriptedConfiguration:
    made = ScriptedConfiguration(result)
    desk.dispatcher.services.configuration = made
    return made


BOSS = Person("boss", "Bo", moderator=True, operator=True)


@pytest.mark.parametrize("line", ["/reload config", "/reload CONFIG", '/reload source:"config"'])
async def test_only_operators_may(desk: TestDesk, line: str) -> None:
    configuration = scripted(desk, ConfigChanges())
    for person, words in (
        (READER, "Only moderators can use /reload."),
        (MODERATOR, "Only operators can have the configuration read again."),
        (replace(MODERATOR, host=True), "Only operators"),
    ):
        refused = await desk.ask(line, person)
        assert not refused.ok
        assert refused.text[0].startswith(words)
    assert configuration.reads == 0
    assert (await desk.ask(line, BOSS)).ok
    assert configuration.reads == 1


async def test_it_is_completed_and_understood_for_operators(desk: TestDesk) -> None:
    scripted(desk, ConfigChanges())
    for person, values in ((BOSS, ["config"]), (MODERATOR, []), (READER, [])):
        found = await desk.dispatcher.complete("reload", "source", "conf", person)
        assert [one.value for one in found] == values
    assert (await desk.ask("reload config", BOSS)).title == "Nothing has changed"
    latest = await desk.dispatcher.complete("latest", "source", "conf", BOSS)
    assert latest == ()


@pytest.mark.parametrize(
    "error",
    [ConfigError("source inside: full_text needs an extra"), StoreError("the disk is full")],
)
async def test_what_goes_wrong_is_told(desk: TestDesk, error: Exception) -> None:
    scripted(desk, error)
    reply = await desk.ask("/reload config", BOSS)
    assert (reply.ok, reply.text) == (False, (str(error),))


async def test_a_desk_without_a_file_says_so(desk: TestDesk) -> None:
    reply = await desk.ask("/reload config", BOSS)
    assert reply.text == ("This bot has no configuration that can be read again.",)


# Sources


async def test_operators_have_no_cooldown(desk: TestDesk) -> None:
    desk.wire.gives = [FetchResult() for _ in range(3)]
    assert (await desk.ask("/reload wire", MODERATOR)).ok
    assert "Try again in" in (await desk.ask("/reload wire", MODERATOR)).text[0]
    for _ in range(2):
        assert (await desk.ask("/reload wire", BOSS)).ok


async def test_paused_sources_are_left_out(tmp_path: Path) -> None:
    async with served(tmp_path, source("wire"), source("harbour")) as desk:
        roster = desk.services.roster
        assert roster
        await roster.apply(paused={"harbour"})
        reply = await desk.ask("/reload")
        assert [one.name for one in reply.entries] == ["wire"]
        assert reply.notes == ("1 source is paused: harbour",)
        alone = await desk.ask("/reload harbour")
        assert (alone.ok, alone.text) == (False, ("harbour is paused, so it is not checked.",))
        await roster.apply(paused={"harbour", "wire"})
        assert (await desk.ask("/reload")).text == ("2 sources are paused: wire, harbour",)


# The log


def test_the_log_tells_all_that_has_changed(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    log_changes(ConfigChanges())
    log_changes(
        ConfigChanges(
            settings=(SettingChange("bot.page_size", "5 → 8"),),
            restart=("store.path",),
            warnings=("key.txt: others can read it",),
        )
    )
    assert [one.getMessage() for one in caplog.records] == [
        "the configuration was read again; nothing has changed",
        "configuration: settings changed: bot.page_size: 5 → 8",
        "configuration: needs a restart: store.path",
        "configuration: key.txt: others can read it",
    ]
