"""The example configuration, held against the code: what it shows is what there is."""

import re
import tomllib
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from bot.config.load import read_config
from bot.config.schema import TABLES, Config
from bot.config.values import UTC

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")

# A setting or a header, in use or put behind a `#` as an example; prose is neither.
SETTING = re.compile(r"(?P<off># )?(?P<key>[a-z_]+) = (?P<value>.+)")
HEADER = re.compile(r"(?P<off># )?\[{1,2}(?P<table>[a-z_]+)\]{1,2}")

LINES = TEXT.splitlines()
SETTINGS = {at: match for at, line in enumerate(LINES) if (match := SETTING.fullmatch(line))}


def with_examples_in_use() -> str:
    """The example with every setting and header that stands behind a `#` in use."""
    used = (SETTING.fullmatch(line) or HEADER.fullmatch(line) for line in LINES)
    return "\n".join(
        line.removeprefix("# ") if match else line for line, match in zip(LINES, used, strict=True)
    )


def read(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path, {})


def test_it_can_be_used_as_it_is(tmp_path: Path) -> None:
    config = read(tmp_path, TEXT)
    assert [source.id for source in config.sources] == ["prospect"]
    assert config.sources[0].paths == (str(tmp_path / "news/*.txt"),)
    assert (config.telegram.token, config.discord.token) == (None, None)


def test_its_examples_can_be_used_too(tmp_path: Path) -> None:
    config = read(tmp_path, with_examples_in_use())
    assert [source.kind for source in config.sources] == ["archive", "feed", "page"]


def test_it_shows_every_setting_and_no_other() -> None:
    shown = tomllib.loads(with_examples_in_use())
    assert shown.keys() == set(Config.settings()) == TABLES.keys()
    for name, table in TABLES.items():
        elements = shown[name] if isinstance(shown[name], list) else [shown[name]]
        assert set().union(*elements) == set(table.settings())


@pytest.mark.parametrize("table", [name for name in TABLES if name not in ("sources", "topics")])
def test_tables_show_the_defaults(tmp_path: Path, table: str) -> None:
    assert getattr(read(tmp_path, TEXT), table) == getattr(read(tmp_path, ""), table)


def test_a_source_shows_the_defaults_and_keeps_its_examples_out_of_use(tmp_path: Path) -> None:
    source = read(tmp_path, TEXT).sources[0]
    needed = {"id", "kind", "paths"}
    for field in fields(source):
        if field.name not in needed:
            assert getattr(source, field.name) == field.default
    in_use = {"path" if name == "paths" else name for name in needed} | {
        field.name
        for field in fields(source)
        # those of feeds alone are off
        if field.default is not MISSING
        and field.default not in ("", (), False, None, frozenset(), UTC)
    }
    assert tomllib.loads(TEXT)["sources"][0].keys() == in_use


@pytest.mark.parametrize("at", SETTINGS, ids=lambda at: f"{at + 1}-{SETTINGS[at]['key']}")
def test_every_setting_says_what_it_does(at: int) -> None:
    told_before = LINES[at - 1].startswith("# ") and at - 1 not in SETTINGS
    assert told_before or " # " in SETTINGS[at]["value"]


def test_the_examples_that_are_not_in_use_are_found() -> None:
    assert {"name", "topics", "link", "url"} <= {
        one["key"] for one in SETTINGS.values() if one["off"]
    }
