"""Differences between configurations, in words, and the settings that need a restart."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.chat.staff import Staff
from bot.config.changes import ConfigChanges, SettingChange, TopicChanges, compare_configs
from bot.config.live_settings import LIVE, restart_settings
from bot.config.load import read_config
from bot.config.platforms import DiscordConfig, TelegramConfig
from bot.config.schema import TABLES, Config, SourceConfig
from bot.config.source_changes import compare_sources

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


def read(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return read_config(path, {"SOME_KEY": "hush", "OTHER_KEY": "hush, too"})


def changes(folder: Path, before: str, after: str) -> ConfigChanges:
    old = read(folder, before)
    return compare_configs(old, old, read(folder, after))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("[bot]\npage_size = 5", "[bot]\npage_size = 8", "bot.page_size: 5 → 8"),
        ('[bot]\nlanguage = "en"', '[bot]\nlanguage = "ja"', "bot.language: en → ja"),
        ("", '[bot]\ntimezone = "Asia/Tokyo"', "bot.timezone: UTC → Asia/Tokyo"),
        ("", '[bot]\nreload_cooldown = "90s"', "bot.reload_cooldown: 30s → 90s"),
        ("", '[posting]\nlate = "2d"', "posting.late: 12h → 2d"),
        ("", "[posting]\nedits = false", "posting.edits: true → false"),
        ("", '[alerts]\nmin_free = "2GB"', "alerts.min_free: 500MB → 2GB"),
        ("", '[alerts]\nmin_free = "1025B"', "alerts.min_free: 500MB → 1025B"),
        ("", '[store]\nkeep = "90d"', 'store.keep: "" → 90d'),
        ('[desk]\nname = "A"', "", 'desk.name: A → ""'),
        ("[telegram]\nmoderators = [1, 2]", "[telegram]\nmoderators = [2, 3, 4]", "+2 −1"),
        ("[discord]\noperators = [1]", "[discord]\noperators = []", "discord.operators: −1"),
        ("", '[alerts]\nchats = ["telegram:5"]', "alerts.chats: +1"),
    ],
)
def test_a_setting_is_told_as_the_file_would_write_it(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    found = changes(tmp_path, before, after)
    (one,) = found.settings
    assert told in f"{one.name}: {one.text}"
    assert not found.is_empty
    assert found.restart == ()


def test_a_long_text_is_shortened(tmp_path: Path) -> None:
    (one,) = changes(tmp_path, "", f'[desk]\nabout = "{"long " * 40}"').settings
    assert len(one.text) < 60


@pytest.mark.parametrize("same", ["", "[bot]\npage_size = 5", "# only a comment\n[posting]"])
def test_what_says_the_same_is_no_change(tmp_path: Path, same: str) -> None:
    assert changes(tmp_path, "", same) == ConfigChanges()
    assert changes(tmp_path, "", same).is_empty


SOURCES = """
[[sources]]
id = "wire"
kind = "feed"
url = "https://wire.example/feed"
[[sources]]
id = "prospect"
kind = "archive"
path = "a.txt"
"""


@pytest.mark.parametrize(
    ("old", "new", "settings", "is_reread"),
    [
        ('"a.txt"', '"b.txt"', ("path",), True),
        ('"a.txt"', '"a.txt"\nname = "P"\nevery = "1h"', ("name", "every"), False),
        ('"a.txt"', '"a.txt"\ntopics = ["Japan"]\nkeep_stories = 200', None, False),
        ('"a.txt"', '"a.txt"\nencoding = "cp1252"', ("encoding",), True),
        ('"a.txt"', '"a.txt"\nlink = "https://p.example/{slug}"', ("link",), True),
        ('"a.txt"', '"a.txt"\ncolour = "#102030"', ("colour",), False),
    ],
)
def test_a_changed_source_tells_what_has_changed(
    tmp_path: Path, old: str, new: str, settings: tuple[str, ...] | None, *, is_reread: bool
) -> None:
    found = changes(tmp_path, SOURCES, SOURCES.replace(old, new)).sources
    assert (found.added, found.removed) == ((), ())
    assert set(found.changed) == {"prospect"}
    assert settings in {None, found.changed["prospect"]}
    assert found.reread == (frozenset({"prospect"}) if is_reread else frozenset())


def test_sources_and_topics_come_and_go(tmp_path: Path) -> None:
    before = (
        SOURCES
        + '[[topics]]\nname = "Expo"\nquery = "expo"\n[[topics]]\nname = "Rail"\nquery = "rail"'
    )
    after = (
        '[[topics]]\nname = "Expo"\nquery = "osaka expo"\n[[topics]]\nname = "Sea"\nquery = "sea"'
    )
    found = changes(tmp_path, before, after)
    assert [one.id for one in found.sources.removed] == ["wire", "prospect"]
    assert found.topics == TopicChanges(("Sea",), ("Rail",), ("Expo",))
    back = changes(tmp_path, after, before)
    assert [one.id for one in back.sources.added] == ["wire", "prospect"]


def test_no_secret_is_told(tmp_path: Path) -> None:
    with_key = SOURCES.replace(
        '/feed"', '/feed"\ncookie = "env:SOME_KEY"\nheaders = { X-Key = "env:SOME_KEY" }'
    )
    other_key = with_key.replace("SOME", "OTHER")
    for before, after in ((SOURCES, with_key), (with_key, other_key), (other_key, SOURCES)):
        found = changes(tmp_path, before, after)
        assert found.sources.changed["wire"] == ("headers", "cookie")
        assert "hush" not in repr(found)
    config = read(tmp_path, "")
    signed = replace(config, telegram=TelegramConfig(token=SecretStr("1234:canary")))
    found = compare_configs(config, config, signed)
    assert found.restart == ("telegram.token",)
    assert "canary" not in repr(found)


def test_what_waits_for_a_restart_is_named_until_there_is_one(tmp_path: Path) -> None:
    started = read(tmp_path, "")
    waiting = read(tmp_path, '[store]\npath = "other.db"\n[bot]\npage_size = 3')
    assert compare_configs(started, started, waiting).restart == ("store.path",)
    again = compare_configs(started, waiting, waiting)
    assert (again.restart, again.settings) == (("store.path",), ())
    assert compare_configs(started, waiting, started).restart == ()


def test_the_example_names_every_setting_that_needs_a_restart() -> None:
    head = EXAMPLE.read_text("utf-8").partition("[bot]\n")[0].replace("\n# ", " ")
    told = re.search(
        r"waits for the next start: (?P<names>.+?), and all of (?P<tables>.+?)\.\s", head
    )
    assert told
    whole = re.findall(r"\[(\w+)\]", told["tables"])
    names = {*told["names"].split(", ")}
    assert names == {one for one in restart_settings() if one.partition(".")[0] not in whole}
    assert whole == [name for name, live in LIVE.items() if not live]


def test_every_setting_is_live_or_needs_a_restart() -> None:
    assert LIVE.keys() == TABLES.keys()
    for name, table in TABLES.items():
        assert LIVE[name] <= set(table.settings())


def test_comparing_finds_every_setting_of_a_source() -> None:
    base = SourceConfig(id="a", kind="feed", url="https://a.example")
    for one in fields(SourceConfig):
        name = one.metadata.get("key", one.name)
        if name in {"id", None}:
            continue
        other = replace(base, **{one.name: "something else"})  # type: ignore[arg-type] # any will do
        assert compare_sources({"a": base}, {"a": other}).changed == {"a": (name,)}


def test_a_change_of_both_platforms_is_told_by_their_names() -> None:
    before = Config()
    after = replace(
        before,
        telegram=TelegramConfig(moderators=frozenset({1}), rich=False),
        discord=DiscordConfig(operators=frozenset({1}), guild=5),
    )
    found = compare_configs(before, before, after)
    assert found.settings == (
        SettingChange("telegram.moderators", "+1"),
        SettingChange("discord.operators", "+1"),
    )
    assert found.restart == ("telegram.rich", "discord.guild")


@pytest.mark.parametrize(
    ("moderators", "operators", "moderate", "operate"),
    [
        ((), (), set(), set()),
        ((1, 2), (), {1, 2}, {1, 2}),  # who runs a bot alone names themselves once
        ((1,), (2,), {1, 2}, {2}),
        ((), (2,), {2}, {2}),
    ],
)
def test_the_staff_is_whom_the_configuration_names(
    moderators: tuple[int, ...],
    operators: tuple[int, ...],
    moderate: set[int],
    operate: set[int],
) -> None:
    staff = Staff([9], [9])
    staff.appoint(moderators, operators)
    people = range(12)
    assert {one for one in people if staff.moderates(one)} == moderate
    assert {one for one in people if staff.operates(one)} == operate
    assert (len(staff), bool(staff)) == (len(moderate), bool(moderate))
