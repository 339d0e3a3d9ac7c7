"""Commands and platforms are known by what they can do: neither names the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from newsdesk import TestDesk, titles
from stories import CHAT, MODERATOR, READER, story

from bot.chat.command import Command
from bot.chat.dispatcher import Dispatcher
from bot.chat.registry import Registry
from bot.commands import REGISTRY
from bot.model import Action

ROOT = Path(__file__).parent.parent
PLATFORMS = {"console", "discord", "telegram"}
COMMANDS = {name for one in REGISTRY for name in (one.name, f"/{one.name}")}
TRANSLATORS = {"_", "N_", "gettext", "ngettext"}  # what they are given is said to people


def _is_translated(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in TRANSLATORS


def _texts(node: ast.AST) -> Iterator[str]:
    """The texts in code, but for those that are translated."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if not _is_translated(node):
        for child in ast.iter_child_nodes(node):
            yield from _texts(child)


def _named(folder: str, names: set[str], but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Which files of a folder hold one of the names as a text, and which."""
    files = (path.relative_to(ROOT) for path in sorted((ROOT / folder).rglob("*.py")))
    kept = [one for one in files if not one.as_posix().startswith(but)]
    return [
        (str(one), text)
        for one in kept
        for text in _texts(ast.parse((ROOT / one).read_text("utf-8")))
        if text in names
    ]


@pytest.mark.parametrize("folder", ["console", "discord", "telegram"])
def test_no_adapter_names_a_command(folder: str) -> None:
    assert _named(f"adapters/{folder}", COMMANDS) == []


@pytest.mark.slow
def test_the_core_names_no_platform() -> None:
    assert _named("bot", PLATFORMS, ("bot/config/", "bot/app/")) == []


def _renamed(command: Command) -> Command:
    return replace(command, name=f"my{command.name}")


@pytest.fixture
def renamed(desk: TestDesk) -> Dispatcher:
    """A dispatcher whose commands all have other names."""
    return Dispatcher(desk.dispatcher.services, Registry(map(_renamed, REGISTRY)))


async def test_renamed_commands_are_found_by_their_purpose(
    desk: TestDesk, renamed: Dispatcher
) -> None:
    await desk.has(story("Osaka opens", "The Osaka Expo."))
    reply = await renamed.answer("osaka", READER, CHAT)
    assert (reply.command, titles(reply)) == ("mysearch", ["Osaka opens"])
    registry = renamed.registry
    read = registry.read(reply.cards[0].story.id)
    assert reply.buttons[0].action == read
    for action in (read, registry.latest(), registry.latest("wire"), registry.topics()):
        assert (await renamed.press(action, READER, CHAT)).ok
    assert registry.help("mysearch") == Action("myhelp", (("command", "mysearch"),))


async def test_every_button_of_renamed_commands_leads_somewhere(
    desk: TestDesk, renamed: Dispatcher
) -> None:
    await desk.has(story("Osaka opens", "The Osaka Expo."))
    for line in ("nothing", "/mylatest wire", "/myread 1", "/mytopics", "/mysources", "/myhelp"):
        reply = await renamed.answer(line, READER, CHAT)
        chosen = [entry.action for entry in reply.entries if entry.action]
        for action in (*chosen, *(button.action for button in reply.buttons)):
            assert renamed.registry.get(action.command), (line, action)


async def test_a_number_has_the_limits_of_its_option(desk: TestDesk) -> None:
    command = desk.dispatcher.registry.get("subscribe")
    option = command.option("most") if command else None
    assert option
    assert (option.minimum, option.maximum) == (0, 100)
    over = await desk.ask("/subscribe osaka most:101", MODERATOR, CHAT)
    assert not over.ok
