"""Commands: their names, options, access rights and capabilities, declared once for every platform.

An adapter needs no more than a declaration to expose a command: it knows the help, the options
with their kinds, and who may use it. The handler turns a request into a reply.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic

from typing_extensions import TypeVar

from bot.i18n import N_
from bot.model import Action, Capability, Person
from bot.reply import Reply

RequestT = TypeVar("RequestT", default=Any)
"""The request that handlers take: `bot.chat.request.Request`.

Adapters call no handler and write just `Command`.
"""

MAX_PAGE = 100_000

_ANYWHERE = Capability(0)


class OptionKind(StrEnum):
    """Kinds of values that options take; they decide completion and checks."""

    QUERY = "query"
    TOPIC = "topic"
    SOURCE = "source"
    WHEN = "when"
    STORY = "story"
    COMMAND = "command"
    SETTING = "setting"
    VALUE = "value"
    TEXT = "text"
    PAGE = "page"
    FOLLOW = "follow"
    FOLLOWED = "followed"
    TIMETABLE = "timetable"
    QUIET = "quiet"
    NUMBER = "number"
    ROLE = "role"
    SWITCH = "switch"
    EVENTS = "events"
    LANGUAGES = "languages"
    SOURCES = "sources"
    AGE = "age"
    PRESET = "preset"
    FIELDS = "fields"
    PICTURE = "picture"
    TEMPLATE = "template"
    MOMENT = "moment"
    CHANNEL = "channel"
    AUDITED = "audited"
    VERB = "verb"
    FILE = "file"


class Access(StrEnum):
    """Access rights: hosts are moderators and, in a chat of their own, everyone.

    Operators are those that the configuration names, and whoever sits at the terminal.
    """

    EVERYONE = "everyone"
    MODERATORS = "moderators"
    HOSTS = "hosts"
    OPERATORS = "operators"


class Purpose(StrEnum):
    """Purposes that others look a command up by, whatever it is called; see `Registry`."""

    SEARCH = "search"
    LATEST = "latest"
    READ = "read"
    RELATED = "related"
    TIMELINE = "timeline"
    TOPIC = "topic"
    TOPICS = "topics"
    CATCHUP = "catchup"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    START = "start"
    HELP = "help"


class Group(StrEnum):
    """Groups of commands, by what people do with them; listed in this order."""

    READING = "reading"
    FOLLOWING = "following"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a person may give to a command.

    Attributes:
        name: One word; `name:value` gives it wherever text is typed.
        kind: The kind of its value.
        help: What it is for, in a few words, to be translated.
        required: True when the command is nothing without it.
        rest: True when words that no other option claims belong to it.
        hidden: True when buttons give it, and people rarely do.
        instead_of: The name of a required option that is not required beside this one.
        minimum: The least number that it takes; None for no limit.
        maximum: The highest number that it takes; None for no limit.
        needs: The capability that a chat must have for it to mean something; none for any.
        choices: The values that it takes, where a platform lets people choose; none for any.
        operator_words: What operators can give in place of a value of its kind.
    """

    name: str
    kind: OptionKind
    help: str
    required: bool = False
    rest: bool = False
    hidden: bool = False
    instead_of: str = ""
    minimum: int | None = None
    maximum: int | None = None
    needs: Capability = _ANYWHERE
    choices: tuple[str, ...] = ()
    operator_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a command may ask for words, declared, so that an answer finds its way back.

    Attributes:
        option: The option that takes the answer.
        text: The question, one line, to be translated; no other command asks the same. It may name
            the value of an option that is given: `{name}`.
        placeholder: An example of an answer, to be translated; empty for none.
        given: Options that are given already.
        is_long: True when an answer may have several lines.
    """

    option: str
    text: str
    placeholder: str = ""
    given: tuple[tuple[str, str], ...] = ()
    is_long: bool = False


PAGE = Option(
    "page", OptionKind.PAGE, N_("Which page to show"), hidden=True, minimum=1, maximum=MAX_PAGE
)
"""The option of every command that shows pages."""


@dataclass(frozen=True, slots=True)
class Command(Generic[RequestT]):
    """A command, declared once for every platform.

    Attributes:
        name: One lower-case word.
        help: What it does, in one line, to be translated.
        handler: Answers it.
        options: What it can be given, in the order of its usage line.
        access: Who may use it.
        details: More for `/help name`: paragraphs, to be translated.
        examples: Lines that show it in use.
        server_wide: True when it is about all of a server, not one of its channels.
        tells_hosts: True when it tells hosts more than others, or lets them do more.
        purpose: What others look it up by; None for nothing.
        is_slow: True when it surely takes longer than a platform waits for a first answer.
        quoted_option: The name of the option that takes the text of a message which is replied to
            or chosen; empty when there is none.
        shows_roles: True when its replies name roles, in words that only moderators can set.
        posts_here: True when it needs to know what the bot may do in the chat: see `Chat.rights`.
        discreet: True when it sets something up, which is nobody's business but the person's who
            asks: a platform shows it to them alone, or removes it when it is done, where it can.
        confidential: True when it is discreet, and its answer is never to stand where readers see
            it, since nothing is set up that would end by removing it.
        group: The group that it is listed in.
        bare: Answers it without its required option; None to ask its first question or, without
            one, to say what is missing.
        questions: The questions that it may ask for words.
        aliases: Other names that people type for it; they are listed nowhere.
    """

    name: str
    help: str
    handler: Callable[[RequestT], Awaitable[Reply]]
    options: tuple[Option, ...] = ()
    access: Access = Access.EVERYONE
    details: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    server_wide: bool = False
    tells_hosts: bool = False
    purpose: Purpose | None = None
    is_slow: bool = False
    quoted_option: str = ""
    shows_roles: bool = False
    posts_here: bool = False
    discreet: bool = False
    confidential: bool = False
    group: Group = Group.READING
    bare: Callable[[RequestT], Awaitable[Reply]] | None = None
    questions: tuple[Question, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """The line that shows how to type it: `/latest [topic] [source] [since]`."""
        return self.usage_where(~Capability(0))

    def usage_where(self, capabilities: Capability, most: int | None = None) -> str:
        """Returns the usage line where a chat has these capabilities: others' options are none.

        Args:
            capabilities: What the chat can do.
            most: Of more options, the first so many alone are named; None for all.
        """
        options = self.visible(capabilities)
        marks = [f"<{o.name}>" if o.required else f"[{o.name}]" for o in options[:most]]
        more = ["[…]"] if len(marks) < len(options) else []
        return " ".join([f"/{self.name}", *marks, *more])

    def visible(self, capabilities: Capability) -> tuple[Option, ...]:
        """Returns the options that people give where a chat has these capabilities."""
        return tuple(o for o in self.options if not o.hidden and o.needs in capabilities)

    @property
    def stands_alone(self) -> bool:
        """True when it has an answer without any option: its own, or a question."""
        return not self.needs_more or self.bare is not None or bool(self.questions)

    @property
    def takes_file(self) -> bool:
        """True when a file can come with it."""
        return any(option.kind is OptionKind.FILE for option in self.options)

    @property
    def needs_more(self) -> bool:
        """True when the command is nothing without an option."""
        return any(option.required for option in self.options)

    @property
    def needs_rights(self) -> bool:
        """True when what it answers depends on who is a moderator or a host."""
        return self.access is not Access.EVERYONE or self.tells_hosts

    def option(self, name: str) -> Option | None:
        """Returns the option of that name, if there is one."""
        return next((option for option in self.options if option.name == name), None)

    def allows(self, person: Person) -> bool:
        """Tells whether this person may use it."""
        if self.access is Access.HOSTS:
            return person.decides
        if self.access is Access.OPERATORS:
            return person.operator
        return self.access is Access.EVERYONE or person.moderator

    def action(self, kind: OptionKind | None = None, value: str = "") -> Action:
        """Returns what asks for it, with a value for its first option of a kind; none when empty.

        Raises:
            LookupError: It has no option of that kind.
        """
        if not value:
            return Action(self.name)
        option = next((one for one in self.options if one.kind is kind), None)
        if option is None:
            raise LookupError(f"/{self.name} has no option for a {kind}")
        return Action(self.name, ((option.name, value),))
