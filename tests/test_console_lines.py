"""The chat with a file, a pipe or a text where a terminal might be."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from desk_fake import NEXT, READ_7, UTC_ZONE, WORDS, FakeDesk, card, demo, read

from adapters.console.chat import run_chat
from adapters.console.lines import read_lines
from bot.errors import StoreError
from bot.reply import Reply

LIST = Reply("latest", title="Latest stories", cards=(card(1, summary=""),), buttons=(read(1),))
HELP = Reply("help", title="What I can do")


@pytest.fixture(autouse=True)
def _paper(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


async def transcript(desk: FakeDesk, typed: str, greeting: Reply | str | None = None) -> str:
    paper = io.StringIO()
    await run_chat(
        desk,
        translations=WORDS,
        zone=UTC_ZONE,
        history=None,
        stdin=io.StringIO(typed),
        stdout=paper,
        greeting=greeting,
    )
    return paper.getvalue()


async def test_a_transcript_reads_well() -> None:
    desk = FakeDesk(answers={"/latest": LIST, "/help": HELP})
    assert (
        await transcript(desk, "/latest\n\n/help")
        == """\
> /latest

Latest stories

1. A story
   TOKYO · The Prospect · Nov 28, 2023

[1] read

> /help

What I can do
"""
    )


async def test_choices_are_pressed_and_other_numbers_are_stories() -> None:
    desk = FakeDesk(
        answers={"/latest": LIST},
        presses={read(1).action: HELP, READ_7: Reply("read", text=("No.",), ok=False)},
    )
    await transcript(desk, "/latest\n7\n1\n7\n")
    assert desk.asked == ["/latest", str(READ_7), str(read(1).action)]


async def test_trouble_is_told_and_the_chat_goes_on() -> None:
    desk = FakeDesk(answers={"/latest": StoreError("the store is gone"), "/help": HELP})
    told = await transcript(desk, "/latest\n/help\n")
    assert "│ the store is gone\n\n> /help\n" in told


async def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(AssertionError, match="nobody told me"):
        await transcript(FakeDesk(), "/latest\n")


async def test_leaving_ends_the_chat_before_the_input_does() -> None:
    assert await transcript(FakeDesk(), "\n/quit\n/latest\n") == ""


async def test_a_greeting_comes_first_and_its_choices_are_at_hand() -> None:
    desk = FakeDesk(presses={read(1).action: HELP})
    told = await transcript(desk, "1\n", LIST)
    assert told.startswith("Latest stories\n")
    assert "[1] read\n\n> 1\n\nWhat I can do\n" in told
    assert await transcript(FakeDesk(), "", "Welcome.") == "Welcome.\n"


async def test_a_long_line_with_odd_signs_is_asked_whole_and_shown_short() -> None:
    line = "osaka \x1b[31m\0 " * 100_000
    desk = FakeDesk(answers={line: HELP})
    told = await transcript(desk, f"{line}\n")
    assert set("\x1b\0").isdisjoint(told)
    assert len(told) < 1_500


async def piped(data: bytes) -> list[str]:
    """The lines that come out of a real pipe, written to while it is read."""
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as end:
            end.write(data)

    with os.fdopen(reading) as stdin:
        writer = asyncio.get_running_loop().run_in_executor(None, write)
        found = [line async for line in read_lines(stdin)]
        await writer
    return found


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"/latest\n\n/help", ["/latest", "", "/help"]),
        (b"/latest\r\n/help\r\n", ["/latest", "/help"]),
        (b"\xef\xbb\xbf/latest\n", ["/latest"]),
        (b"a\xff\xc3(\n", ["a��("]),
        (b"a\0b\n", ["a\0b"]),
        ("東京\u2028五輪\n".encode(), ["東京\u2028五輪"]),
        (b"x" * 1_000_000 + b"\ny\n", ["x" * 1_000_000, "y"]),
    ],
)
async def test_lines_of_a_pipe(data: bytes, expected: list[str]) -> None:
    assert await piped(data) == expected


async def test_other_work_goes_on_while_a_line_is_waited_for() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin, os.fdopen(writing, "wb", buffering=0) as end:
        source = read_lines(stdin)
        waiting = asyncio.ensure_future(anext(source))
        done, _pending = await asyncio.wait({waiting}, timeout=0.05)
        assert not done
        end.write(b"/latest\n")
        assert await waiting == "/latest"


def program(*arguments: str, data: bytes = b"", **environment: str) -> subprocess.Popen[bytes]:
    fake = Path(__file__).with_name("desk_fake.py")
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(fake), *arguments],
        cwd=fake.parent.parent,
        env={**os.environ, "PYTHONPATH": str(fake.parent.parent), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    process.stdin.write(data)
    process.stdin.flush()
    return process


@pytest.mark.process
def test_a_pipe_that_nobody_reads_on_ends_the_chat_quietly() -> None:
    with program(data=b"/latest\n") as process:
        assert process.stdout
        assert process.stderr
        assert process.stdin
        assert process.stdout.readline() == b"> /latest\n"
        process.stdout.close()
        process.stdin.write(b"/latest\n/latest\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.process
def test_colours_can_be_asked_for_and_a_poor_terminal_gets_question_marks() -> None:
    with program(data=b"/latest\n", FORCE_COLOR="1", TERM="xterm", PYTHONIOENCODING="ascii") as run:
        told, trouble = run.communicate()
    assert b"\x1b]8;id=" in told
    assert b"TOKYO ? The Prospect" in told
    assert (trouble, run.returncode) == (b"", 0)


@pytest.mark.process
def test_an_input_that_stays_open_does_not_keep_the_process() -> None:
    with program(data=b"/quit\n") as process:
        assert process.wait(timeout=20) == 0


async def test_the_demo_answers_what_its_lists_offer() -> None:
    desk = demo()
    await transcript(desk, "/latest\nn\np\n3\nn\nb\n4\n")
    assert desk.asked[1] == str(NEXT.action)
    assert len(desk.asked) == 7
