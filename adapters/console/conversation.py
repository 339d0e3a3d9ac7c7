"""A conversation: typed lines and keys, parsed and answered, with the choices at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from adapters.console.choices import TURNS, Picks, choices
from bot.chat.languages import LanguageChooser
from bot.chat.registry import Completion, Registry
from bot.errors import DatelineError
from bot.i18n import Translations, speak
from bot.model import Capability, Chat, Person
from bot.reply import Action, Prompt, Reply
from bot.text.display import shorten


class DispatcherLike(Protocol):
    """Answers questions; `bot.chat.dispatcher.Dispatcher` is one.

    Each method may raise a DatelineError when the bot itself is in trouble; its message is one line
    that may be shown.
    """

    @property
    def registry(self) -> Registry:
        """The commands that can be typed."""

    async def answer(self, line: str, person: Person, chat: Chat) -> Reply:
        """Answers a typed line."""

    async def press(self, action: Action, person: Person, chat: Chat) -> Reply:
        """Answers a choice that an earlier reply offered."""

    async def complete(
        self, command: str, option: str, partial: str, person: Person
    ) -> tuple[Completion, ...]:
        """Completes the value of an option, the likeliest first."""


PLATFORM = "console"
TERMINAL = Chat(PLATFORM, "terminal", capabilities=Capability(0))
"""The chat in the terminal: nothing can be posted there."""

QUIT = "/quit"
_LEAVING = frozenset({QUIT, "/exit", "quit", "exit"})


@dataclass(frozen=True, slots=True)
class Ask:
    """A line for the dispatcher to answer."""

    line: str


@dataclass(frozen=True, slots=True)
class Press:
    """A choice that is at hand."""

    action: Action


@dataclass(frozen=True, slots=True)
class NoChoice:
    """A key that chooses nothing at the moment."""

    key: str


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """The number of a story that an earlier page showed."""

    number: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class Leave:
    """The person wants to go."""


Question = Ask | Press | ReadNumber | NoChoice
Meaning = Question | Nothing | Leave


def parse_line(line: str, at_hand: Picks) -> Meaning:
    """Parses a line, given the choices that are shown.

    A number that no choice has still names a story when stories are listed: the dispatcher knows
    the pages before this one.
    """
    typed = line.strip()
    if not typed:
        return Nothing()
    key = typed.casefold()
    if key in _LEAVING:
        return Leave()
    if not _is_number(key) and key not in TURNS.values():
        return Ask(line)
    # Zeros are taken off as text: int() refuses numbers of thousands of digits.
    chosen = at_hand.get(key.lstrip("0") or "0")
    if chosen:
        return Press(chosen.action)
    if _is_number(key) and at_hand.listed:
        return ReadNumber(key)
    return NoChoice(typed)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


class Conversation:
    """Asks the dispatcher, and remembers what can be chosen.

    Attributes:
        dispatcher: Answers.
        person: Who asks.
        choices: What can be chosen now.
        prompt: The question that the next line answers; None for none.
    """

    def __init__(
        self,
        dispatcher: DispatcherLike,
        person: Person,
        translations: Translations,
        languages: LanguageChooser | None = None,
    ) -> None:
        self.dispatcher = dispatcher
        self.person = person
        self.choices = Picks()
        self.prompt: Prompt | None = None
        self._chat = TERMINAL
        self._translations = translations
        self._languages = languages

    async def speak(self) -> None:
        """Speaks the language that was set for the terminal."""
        if self._languages:
            speak(await self._languages.for_chat(self._chat))

    def parse(self, line: str) -> Meaning:
        """Parses a line: the answer to what was asked last, unless it is a command."""
        typed = line.strip()
        is_answer = typed and not typed.startswith("/") and typed.casefold() not in _LEAVING
        if self.prompt and is_answer:
            return Press(self.prompt.answered(typed))
        return parse_line(line, self.choices)

    async def answer(self, asked: Question) -> Reply:
        """Answers; trouble the bot knows of becomes a reply too."""
        try:
            reply = await self._reply(asked)
        except DatelineError as error:
            return _refusal(str(error))
        self.offer_choices(reply)
        return reply

    def offer_choices(self, reply: Reply) -> None:
        """Takes what a reply offers as the choices at hand.

        A refusal that offers nothing leaves them as they were: the list is still on the screen.
        """
        self.prompt = reply.prompt
        offered = choices(reply)
        if reply.ok or offered.items:
            self.choices = offered

    async def _reply(self, asked: Question) -> Reply:
        match asked:
            case Ask(line):
                return await self.dispatcher.answer(line, self.person, self._chat)
            case Press(action):
                return await self.dispatcher.press(action, self.person, self._chat)
            case ReadNumber(number):
                action = self.dispatcher.registry.read(number)
                return await self.dispatcher.press(action, self.person, self._chat)
            case NoChoice(key):
                return _refusal(self._no_choice(key))

    def _no_choice(self, key: str) -> str:
        _ = self._translations.gettext
        if self.choices.items:
            message = _("“{key}” is not one of the choices. To search for it, type /search {key}")
        else:
            message = _(
                "There is nothing to choose from yet. To search for “{key}”, type /search {key}"
            )
        return message.format(key=shorten(key))


def _refusal(message: str) -> Reply:
    return Reply("", text=(message,), ok=False)
