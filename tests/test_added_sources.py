"""Sources that were added in a chat, by the configuration's own rules."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from scripted_sources import CONFIGURED
from stories import NOW

from bot.config.added_sources import (
    EDITABLE,
    MAX_TOPICS,
    SourceSettingError,
    changed,
    find_same,
    new_source,
    parse_setting,
    read_added,
    read_source,
)
from bot.config.schema import SourceConfig
from bot.ingest.added_sources import AddedSource, EditStamp

STAMP = EditStamp(NOW, "telegram", "7", "Ada")
FEED = {"kind": "feed", "url": "https://a.example/feed"}


def added(id_: str, url: str, **settings: Any) -> AddedSource:
    return AddedSource(id_, {"kind": "feed", "url": url, **settings}, STAMP)


def test_settings_are_read_as_the_file_is() -> None:
    typed = {
        "name": "A News",
        "every": "2h",
        "topics": " Japan ,, Space  flight ",
        "timezone": "Asia/Tokyo",
        "colour": "#1F6FEB",
        "icon": "🚢",
        "full_text": "Yes",
        "full_text_on_web": "on",
        "keep": "30d",
        "keep_stories": "500",
        "url": "https://b.example/rss",
    }
    assert typed.keys() == EDITABLE.keys()
    given = {key: parse_setting(key, value) for key, value in typed.items()}
    read = read_source("a", {**FEED, **given})
    assert (read.id, read.name, read.every) == ("a", "A News", timedelta(hours=2))
    assert read.topics == ("Japan", "Space flight")
    assert (read.timezone.key, read.colour, read.full_text) == ("Asia/Tokyo", 0x1F6FEB, True)
    assert (read.keep, read.keep_stories) == (timedelta(days=30), 500)
    assert read.full_text_on_web
    assert (read.icon, read.url) == ("🚢", "https://b.example/rss")


def test_all_that_a_feed_can_have_is_editable_but_for_what_reaches_further() -> None:
    of_archives = {"paths", "link", "encoding", "max_size", "date_from"}
    by_the_file_alone = {"allow_hosts", "user_agent", "headers", "cookie", "proxy", "secret_files"}
    every = {one.name for one in fields(SourceConfig)}
    assert every - of_archives - by_the_file_alone - {"id", "kind"} == EDITABLE.keys()


@pytest.mark.parametrize(
    ("setting", "typed"),
    [
        ("name", "x" * 101),
        ("name", "two\nlines"),
        ("every", "soon"),
        ("every", "10s"),
        ("every", "400d"),
        ("every", "15"),
        ("timezone", "Mars/Olympus"),
        ("colour", "reddish"),
        ("icon", "ship"),
        ("full_text", "perhaps"),
        ("keep", "2d"),
        ("keep", "forever"),
        ("keep_stories", "many"),
        ("keep_stories", "-1"),
        ("topics", ",".join(f"t{n}" for n in range(MAX_TOPICS + 1))),
        ("topics", "x" * 101),
        ("url", "a.example/feed"),
        ("url", "ftp://a.example/feed"),
        ("url", "file:///etc/passwd"),
        ("url", "https://user:password@a.example/feed"),
        ("url", "https://user@a.example/feed"),
        ("url", ""),
    ],
)
def test_what_the_configuration_does_not_take_is_refused_by_its_name(
    setting: str, typed: str
) -> None:
    with pytest.raises(SourceSettingError) as refused:
        read_source("a", {**FEED, setting: parse_setting(setting, typed)})
    assert refused.value.setting == setting
    assert str(refused.value)
    assert "password@" not in str(refused.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"path": "/etc/passwd"},
        {"kind": "archive", "path": "*.txt"},
        {"headers": {"Authorization": "env:HOME"}},
        {"cookie": "a=b"},
        {"proxy": "http://127.0.0.1:3128"},
        {"allow_hosts": ["127.0.0.1"]},
        {"user_agent": "x"},
        {"id": "another"},
        {"secret_files": ["/etc/passwd"]},
        {"nonsense": 1},
    ],
    ids=str,
)
def test_nothing_that_reaches_files_or_private_hosts_can_be_added(settings: dict[str, Any]) -> None:
    with pytest.raises(SourceSettingError):
        read_source("a", {**FEED, **settings})


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/feed",
        "http://other.example/feed",
        "https://www.other.example/feed/",
        "https://OTHER.example:443/feed",
    ],
)
def test_an_address_is_the_same_however_it_is_written(url: str) -> None:
    same = find_same(url, CONFIGURED)
    assert same
    assert same.id == "other"


@pytest.mark.parametrize(
    "url", ["https://other.example/feed2", "https://other.example/feed?page=2", "https://x.example"]
)
def test_another_address_is_another_source(url: str) -> None:
    assert find_same(url, CONFIGURED) is None


def test_an_id_is_made_that_nobody_has_or_had() -> None:
    settings = {**FEED, "name": "The Wire"}
    taken = [one.id for one in CONFIGURED]
    assert new_source(settings, STAMP, taken).id == "the-wire"
    assert new_source(settings, STAMP, [*taken, "the-wire"]).id == "the-wire-2"
    assert new_source(settings, STAMP, taken, remembered=["the-wire"]).id == "the-wire-2"
    gone = added("the-wire", "https://elsewhere.example/feed")
    assert new_source(settings, STAMP, taken, removed=[gone]).id == "the-wire-2"
    nameless = {"kind": "feed", "url": "https://www.新聞.example/feed"}
    assert new_source(nameless, STAMP, taken).id


def test_what_comes_back_gets_its_id_back() -> None:
    gone = added("old-id", "http://www.a.example/feed/")
    assert new_source({**FEED, "name": "A"}, STAMP, [], ["old-id"], [gone]).id == "old-id"
    # unless the file has given it to another source by now
    assert new_source({**FEED, "name": "A"}, STAMP, ["old-id"], ["old-id"], [gone]).id == "a"


def test_the_file_comes_first() -> None:
    some = [
        added("wire", "https://b.example/feed"),  # an id of the file
        added("twin", "http://www.other.example/feed"),  # an address of the file
        added("bad", "https://c.example/feed", every="soon"),
        added("path", "https://c.example/feed", path="/etc/passwd"),
        added("good", "https://d.example/feed"),
        added("again", "https://d.example/feed/"),  # an address of one before
    ]
    found = read_added(some, CONFIGURED)
    assert [one.id for one in found.usable] == ["good"]
    assert found.problems.keys() == {"wire", "twin", "bad", "path", "again"}


def test_a_setting_goes_back_to_its_default() -> None:
    one = added("a", "https://a.example/feed", every="2h", name="A")
    back = changed(one, {"every": None, "name": "B"})
    assert read_source("a", back.settings) == SourceConfig(
        id="a", kind="feed", name="B", url="https://a.example/feed"
    )
