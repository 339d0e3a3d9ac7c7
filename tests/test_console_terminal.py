"""The chat in a real terminal: keys go in, and what is seen comes out."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest
from desk_fake import NEXT, REGISTRY, WORDS, FakeDesk, read
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.console.choices import Picks, choices
from adapters.console.completer import CommandCompleter
from adapters.console.prompt import InputPrompt, PrivateHistory
from bot.model import Person
from bot.reply import Reply

# pexpect forks before it runs the program, in which nothing of this process's threads is left.
pytestmark = pytest.mark.filterwarnings("ignore:.*forkpty:DeprecationWarning")

CTRL_C = "\x03"
CTRL_D = "\x04"
ENTER = "\r"
TAB = "\t"
UP = "\x1b[A"
READY = r"\x1b\[\?2004h"  # the prompt takes pasted text, and so it takes keys


@contextmanager
def terminal(history: Path, rows: int = 40, columns: int = 90) -> Iterator[pexpect.spawn[str]]:
    """A chat with the demonstration desk, ready for its first line."""
    fake = Path(__file__).with_name("desk_fake.py")
    hidden = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    child = pexpect.spawn(
        sys.executable,
        ["-W", "error", str(fake), str(history)],
        cwd=str(fake.parent.parent),
        # No answer comes from here to the question where the cursor is.
        env={
            **kept,
            "PYTHONPATH": str(fake.parent.parent),
            "TERM": "xterm-256color",
            "PROMPT_TOOLKIT_NO_CPR": "1",
        },
        dimensions=(rows, columns),
        encoding="utf-8",
        timeout=20,
    )
    with child:
        child.expect("Welcome!")
        child.expect(READY)
        yield child


def leaves(child: pexpect.spawn[str]) -> None:
    child.expect("Goodbye")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.process
def test_a_command_is_completed_and_its_choices_are_pressed(tmp_path: Path) -> None:
    with terminal(tmp_path / "history") as child:
        child.send("/la")
        child.expect("The newest stories")
        child.send(TAB + ENTER)
        child.expect("Latest stories")
        child.expect(r"https://example\.org/story/3.*Osaka Expo 2025")
        child.send("3" + ENTER)
        child.expect(r"MU\.")
        child.expect("Baseball")
        child.send("b" + ENTER)
        child.expect("Latest stories")
        child.send("4" + ENTER)
        child.expect("10 stories")
        child.expect(READY)
        child.send(CTRL_D)
        leaves(child)


@pytest.mark.process
def test_arguments_are_completed(tmp_path: Path) -> None:
    with terminal(tmp_path / "history") as child:
        child.send("/topic osa")
        child.expect("Osaka Expo")
        child.send(TAB + ENTER)
        child.expect("Latest stories")
        child.send("quit" + ENTER)
        leaves(child)


@pytest.mark.process
def test_ctrl_c_ends_an_answer_and_not_the_chat(tmp_path: Path) -> None:
    with terminal(tmp_path / "history") as child:
        child.send("slow" + ENTER)
        child.expect("One moment")
        child.expect("Checking 2 sources … · 1 of 2 checked")
        child.send(CTRL_C + CTRL_C)  # somebody is impatient
        child.expect("Stopped")
        child.expect(READY)
        child.send("half a line" + CTRL_C + "/topics" + ENTER)
        child.expect("10 stories")
        child.expect(READY)
        child.send(CTRL_C + CTRL_C)
        leaves(child)


@pytest.mark.process
def test_what_was_typed_is_there_the_next_time(tmp_path: Path) -> None:
    history = tmp_path / "not" / "yet" / "history"
    with terminal(history) as child:
        child.send("/topics" + ENTER)
        child.expect("10 stories")
        child.send("/quit" + ENTER)
        leaves(child)
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    with terminal(history) as child:
        child.send(UP + UP)
        child.expect("/topics")
        child.send(ENTER)
        child.expect("10 stories")
        child.expect(READY)
        child.send(CTRL_D)
        leaves(child)


@pytest.mark.process
def test_a_history_that_cannot_be_kept_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with terminal(tmp_path / "file" / "history", 24, 40) as child:
        child.send("/topics" + ENTER)
        child.expect("10 stories")
        child.expect(READY)
        child.send(CTRL_D)
        leaves(child)


class Display(DummyOutput):
    """Remembers what is drawn."""

    def __init__(self) -> None:
        self._drawn = ""
        self._changed = asyncio.Event()

    def write(self, data: str) -> None:
        self._drawn += data
        self._changed.set()

    async def shows(self, text: str) -> None:
        """Waits until a text is drawn; signs that stood there already are not drawn again."""
        async with asyncio.timeout(10):
            while text not in self._drawn:
                self._changed.clear()
                await self._changed.wait()


@contextmanager
def prompt(
    history: InMemoryHistory | None = None, display: Display | None = None
) -> Iterator[tuple[InputPrompt, PipeInput]]:
    """A prompt, and what stands for its keyboard."""
    completer = CommandCompleter(FakeDesk(registry=REGISTRY), Person("console"), WORDS)
    with create_pipe_input() as keyboard:
        yield InputPrompt(completer, history, WORDS, keyboard, display or Display()), keyboard


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("/latest" + ENTER, "/latest"),
        (ENTER, ""),
        ("osaka" + CTRL_C + "japan" + ENTER, "japan"),
        (CTRL_C + "japan" + ENTER, "japan"),
        ("osaka" + CTRL_C + CTRL_C, None),
        (CTRL_C + CTRL_C, None),
        (CTRL_C + "x" + CTRL_C + "y" + CTRL_C + "z" + ENTER, "z"),
        (CTRL_D, None),
        ("東京\x7f都" + ENTER, "東都"),
    ],
)
async def test_keys_make(keys: str, line: str | None) -> None:
    with prompt() as (asking, keyboard):
        keyboard.send_text(keys)
        assert await asking.line(Picks()) == line


async def test_the_line_before_comes_back_with_an_arrow() -> None:
    with prompt(InMemoryHistory(["/topics"])) as (asking, keyboard):
        keyboard.send_text("/latest" + ENTER)
        await asking.line(Picks())
        keyboard.send_text(UP + ENTER)
        assert await asking.line(choices(Reply("x", buttons=(NEXT, read(1))))) == "/latest"


async def test_what_can_be_chosen_stands_below_the_line() -> None:
    display = Display()
    with prompt(display=display) as (asking, keyboard):
        asked = asyncio.ensure_future(
            asking.line(choices(Reply("x", buttons=(NEXT, read(1), read(2)))))
        )
        await display.shows("[1–2] read  [n] next  Tab to complete · Ctrl-D to quit")
        keyboard.send_text(CTRL_C)
        await display.shows("again")
        keyboard.send_text(CTRL_C)
        assert await asked is None


def test_a_history_that_cannot_be_read_is_empty(tmp_path: Path) -> None:
    history = PrivateHistory(tmp_path)
    history.append_string("/latest ")
    assert history.get_strings() == ["/latest"]
    assert list(history.load_history_strings()) == []


def test_a_line_that_no_file_can_hold_is_kept_as_far_as_one_can(tmp_path: Path) -> None:
    history = PrivateHistory(tmp_path / "history")
    history.append_string("a\udcff")
    assert list(history.load_history_strings()) == ["a?"]
