"""The chat in a terminal."""

from __future__ import annotations

import getpass
import io
import sys
from functools import partial
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from prompt_toolkit.input import create_input
from prompt_toolkit.output import create_output

from adapters.console.completer import CommandCompleter
from adapters.console.conversation import (
    PLATFORM,
    Conversation,
    DispatcherLike,
    Leave,
    Nothing,
)
from adapters.console.lines import read_lines
from adapters.console.prompt import (
    InputPrompt,
    PrivateHistory,
    interrupts_ignored,
    run_until_interrupt,
)
from adapters.console.screen import Screen, discard_output
from bot.chat.languages import LanguageChooser
from bot.chat.progress import InterimReplies
from bot.i18n import Translations
from bot.model import Person
from bot.reply import Reply

_INTERIM_PAUSE = 0.2  # seconds between two interim replies, at first


async def run_chat(  # noqa: PLR0913 - what a caller decides, each given by name
    dispatcher: DispatcherLike,
    *,
    translations: Translations,
    zone: ZoneInfo,
    history: Path | None,
    stdin: TextIO | None = None,
    stdout: TextIO | None = None,
    greeting: Reply | str | None = None,
    languages: LanguageChooser | None = None,
) -> None:
    """Answers what is typed, until the person leaves or the input ends.

    In a terminal the person edits lines; from a file or a pipe each line is a question, and what
    comes out is a transcript.

    Args:
        dispatcher: Answers.
        translations: The bot's own messages, in the reader's language.
        zone: The time zone that times are shown in.
        history: Where to keep what was typed in a terminal; None to forget it.
        stdin: Where lines come from; the process's own input when not given.
        stdout: Where answers go; the process's own output when not given.
        greeting: What is said first. When not given, a person in a terminal is greeted.
        languages: Chooses the language; None to speak that of `translations`.
    """
    stdin = stdin or _stream(sys.stdin)
    stdout = stdout or _stream(sys.stdout)
    person = Person(PLATFORM, _name(), moderator=True, host=True, operator=True)
    talk = Conversation(dispatcher, person, translations, languages)
    await talk.speak()
    screen = Screen(stdout, translations, zone)
    try:
        if stdin.isatty() and stdout.isatty():
            _show_greeting(talk, screen, greeting or _greeting(translations))
            prompt = InputPrompt(
                CommandCompleter(dispatcher, talk.person, translations),
                PrivateHistory(history) if history else None,
                translations,
                create_input(stdin),
                create_output(stdout),
            )
            with interrupts_ignored():
                await _talk(talk, screen, prompt, translations)
        else:
            _show_greeting(talk, screen, greeting)
            await _answer_lines(talk, screen, stdin)
    except BrokenPipeError:
        discard_output(stdout)


async def _talk(
    talk: Conversation, screen: Screen, prompt: InputPrompt, translations: Translations
) -> None:
    """Talks with a person at a terminal."""
    _ = translations.gettext
    screen.gap()
    while (line := await prompt.line(talk.choices)) is not None:
        await talk.speak()
        match talk.parse(line):
            case Leave():
                break
            case Nothing():
                continue
            case asked:
                interim = InterimReplies(screen.show_interim, _INTERIM_PAUSE)
                work = interim.reply_to(partial(talk.answer, asked))
                reply = await run_until_interrupt(work, screen.waiting())
        if reply and reply.silent:
            continue
        screen.gap()
        if reply is None:
            screen.say(_("Stopped."))
        else:
            screen.show(reply, talk.choices)
        screen.gap()
    screen.say(_("Goodbye, and thanks for reading!"))


async def _answer_lines(talk: Conversation, screen: Screen, stdin: TextIO) -> None:
    """Answers a file line by line."""
    async for line in read_lines(stdin):
        await talk.speak()
        match talk.parse(line):
            case Leave():
                break
            case Nothing():
                continue
            case asked:
                screen.gap()
                screen.echo(line)
                reply = await talk.answer(asked)
                if not reply.silent:
                    screen.gap()
                    screen.show(reply, talk.choices)


def _show_greeting(talk: Conversation, screen: Screen, greeting: Reply | str | None) -> None:
    if isinstance(greeting, Reply):
        talk.offer_choices(greeting)
        screen.show(greeting, talk.choices)
    elif greeting:
        screen.say(greeting)


def _greeting(translations: Translations) -> str:
    _ = translations.gettext
    return _(
        "Welcome! Type what you're looking for, or /latest for the newest stories. /help "
        "explains the rest."
    )


def _stream(own: TextIO | None) -> TextIO:
    """One of the process's own streams; an empty one where the process was started without."""
    return own or io.StringIO()


def _name() -> str:
    """Returns the name of the user; an empty text where the system does not know it."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return ""
