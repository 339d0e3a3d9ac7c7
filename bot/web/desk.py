"""The desk on the web: the bot's own commands, asked from pages by operators and moderators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.chat.command import Command, OptionKind
from bot.chat.dispatcher import Dispatcher
from bot.chat.parsing import split_command
from bot.chat.request import Request, Services, page_count
from bot.commands.desk_actions import ACTION, DESK_NAME, NAME, DeskVerb, desk_action
from bot.commands.event_corrections import JOIN, SPLIT, WHICH
from bot.commands.source.actions import details_action
from bot.commands.subscriptions.actions import LIST, unsubscribe_from
from bot.commands.subscriptions.options import subscribe_action
from bot.commands.subscriptions.wording import typed_target
from bot.i18n import N_
from bot.model import Action
from bot.reply import Entry, Reply, Role
from bot.subscriptions.model import Subscription
from bot.web.desk_access import DeskAccess, Visit
from bot.web.desk_health import HealthBoard, read_health
from bot.web.site import Site

_STORIES = 15  # of a page
_ELSEWHERE = N_("That is for a chat, not for the desk.")
_NOT_HERE = frozenset({"chats", "start"})
_LISTED = 30  # chats whose subscriptions a page shows


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A page of the desk that shows what a command answers, and changes nothing.

    Attributes:
        title: What the page is called, to be translated.
        command: The command's name.
        typed: The command and the option that words go to which are typed; None for no field.
        hint: What to type, to be translated.
        given: Options that are given in any case.
    """

    title: str
    command: str
    typed: tuple[str, str] | None = None
    hint: str = ""
    given: tuple[tuple[str, str], ...] = ()

    def action(self, words: str, page: int) -> Action:
        """Returns what the page asks for."""
        command, given = self.command, [*self.given]
        if words and self.typed:
            command, option = self.typed
            given.append((option, words))
        return Action(command, (*given, *((("page", str(page)),) if page > 1 else ())))


TOKENS = "tokens"
"""The page of a person's own tokens."""

PAGES: Mapping[str, DeskPage] = {
    "stories": DeskPage(N_("Stories"), "latest", ("search", "words"), N_("Search the stories")),
    "posts": DeskPage(N_("Posts"), "posts"),
    "why": DeskPage(
        N_("Why?"), "why", ("why", "story"), N_("A story: its link, or words from its title")
    ),
    "topics": DeskPage(N_("Topics"), "topics", ("topic", "name"), N_("The name of a topic")),
    "trends": DeskPage(N_("Trends"), "trends", ("trends", "topic"), N_("The name of a topic")),
    "audit": DeskPage(N_("Changes"), "audit", ("audit", "by"), N_("A person, or a command")),
    "settings": DeskPage(N_("Settings"), "settings"),
    TOKENS: DeskPage(N_("Tokens"), DESK_NAME, given=desk_action(DeskVerb.TOKENS).options),
}
"""The pages that are commands as they are, by the ends of their paths."""

FOLLOW, ADD_SOURCE = "/subscribe", "/source add"
"""The beginnings of commands that are completed: by words to follow, or by a new address."""

PICTURED = frozenset({"trends"})
"""The commands that draw a picture and change nothing."""


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription, and what can be done with it.

    Attributes:
        entry: What `/subscriptions` tells of it.
        end: Ends it.
        change: The beginning of the line that changes it: what follows is a time, or any options.
            Empty where that needs its thread, or where its words, typed, would mean other things.
    """

    entry: Entry
    end: Action
    change: str


@dataclass(frozen=True, slots=True)
class ChatSubscriptions:
    """The subscriptions of one chat.

    Attributes:
        visit: A visit that is about the chat.
        reply: What `/subscriptions` answers there, without its entries.
        rows: Its entries.
    """

    visit: Visit
    reply: Reply
    rows: Sequence[SubscriptionRow]


@dataclass(frozen=True, slots=True)
class SubscriptionPage:
    """A page of the subscriptions of all chats that somebody may set up.

    Attributes:
        chats: The chats of the page, with what they follow.
        page: Which page it is, counted from 1.
        pages: How many there are.
    """

    chats: Sequence[ChatSubscriptions]
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class WebDesk:
    """Runs commands for who visits the desk, with their rights in the chat that is meant.

    Attributes:
        site: The website.
        access: Knows who they are.
    """

    site: Site
    access: DeskAccess

    @property
    def services(self) -> Services:
        """The services that the bot's handlers use."""
        return self.site.services

    @property
    def _dispatcher(self) -> Dispatcher:
        services = replace(self.services, page_size=_STORIES)
        return self.site.dispatcher.with_services(services).without_lists()

    async def run(self, visit: Visit, action: Action) -> Reply:
        """Returns what a command answers.

        Raises:
            StoreError: The store cannot be used.
        """
        command = self.site.dispatcher.registry.get(action.command)
        given = dict(action.options)
        if command is None or _is_elsewhere(command.name, given):
            return self._elsewhere(action.command)
        if command.name == DESK_NAME:  # whose tokens are a person's, whatever the page is about
            visit = self.access.in_private(visit)
        given = dict(_without_channels(command, given))
        return await self._dispatcher.dispatch(command.name, given, visit.person, visit.chat)

    async def answer(self, visit: Visit, line: str) -> Reply:
        """Returns what a typed line answers, as in a chat.

        Raises:
            StoreError: The store cannot be used.
        """
        command = self.site.dispatcher.command_of(line)
        if command is not None and split_command(line).name:
            if command.name == DESK_NAME:
                return await self._typed_desk(visit, split_command(line).rest)
            if command.name in _NOT_HERE:
                return self._elsewhere(command.name)
        return await self._dispatcher.answer(line, visit.person, visit.chat)

    async def _typed_desk(self, visit: Visit, rest: str) -> Reply:
        verb, _, name = rest.partition(" ")
        return await self.run(visit, Action(DESK_NAME, ((ACTION, verb), (NAME, name))))

    async def subscriptions(self, visit: Visit, page: int = 1) -> SubscriptionPage:
        """Returns what is followed in each chat that somebody may set up, their own first.

        Args:
            visit: Who asks.
            page: Which page of the chats; the last one for one that there is not.

        Raises:
            StoreError: The store cannot be used.
        """
        visits = [self.access.in_private(visit)] if visit.own.moderator else []
        chats = await self.access.moderated(visit)
        visits += [self.access.there(visit, one) for one in chats]
        pages = page_count(len(visits), _LISTED)
        page = min(page, pages)
        shown = visits[(page - 1) * _LISTED : page * _LISTED]
        return SubscriptionPage([await self.subscriptions_of(one) for one in shown], page, pages)

    async def subscriptions_of(self, visit: Visit) -> ChatSubscriptions:
        """Returns what is followed in the chat that a visit is about.

        Raises:
            StoreError: The store cannot be read.
        """
        reply = await self._whole_list(visit)
        followed = await self.services.store.subscriptions.of(visit.chat)
        if len(reply.entries) > len(followed):  # changed in between; the page tells what it was
            return ChatSubscriptions(visit, reply, ())
        rows = [
            SubscriptionRow(entry, unsubscribe_from(one), self._change(one))
            for entry, one in zip(reply.entries, followed, strict=False)
        ]
        bare = replace(reply, title="" if rows else reply.title, entries=())
        return ChatSubscriptions(visit, bare, rows)

    async def _whole_list(self, visit: Visit) -> Reply:
        """Returns what `/subscriptions` answers in a chat, with the entries of all its pages."""
        reply = await self.run(visit, LIST)
        entries = [*reply.entries]
        for page in range(2, reply.pages + 1):
            turned = replace(LIST, options=(("page", str(page)),))
            entries += (await self.run(visit, turned)).entries
        buttons = tuple(one for one in reply.buttons if one.role not in {Role.PREVIOUS, Role.NEXT})
        return replace(reply, entries=tuple(entries), buttons=buttons, pages=1)

    def _change(self, one: Subscription) -> str:
        what = typed_target(self.services, one.kind, one.what)
        is_ambiguous = "literal" in dict(subscribe_action(what, one, whole=False).options)
        return "" if one.chat.thread or is_ambiguous else f"{FOLLOW} {what}"

    async def health(self) -> HealthBoard:
        """Returns how all is going.

        Raises:
            StoreError: The store cannot be read.
        """
        return await read_health(self.services)

    def details(self, source: str) -> Action:
        """Returns what shows a source, with all that can be done with it."""
        return details_action(source)

    def mending(self, visit: Visit, action: Action | None) -> Action | None:
        """Returns what another story is put to: the event that an action shows; None for none.

        Args:
            visit: Who asks.
            action: What was asked.
        """
        if action is None or not visit.person.moderator:
            return None
        asked = dict(action.options)
        story = asked.get(WHICH, "")
        shown = self.site.dispatcher.registry.timeline(story)
        is_other = action.command != shown.command or SPLIT in asked or JOIN in asked
        return None if is_other or not story or self.services.topic(story) else shown

    def _elsewhere(self, command: str) -> Reply:
        told = self.services.translations.gettext(_ELSEWHERE)
        return Reply(command, text=(told,), ok=False)


def _is_elsewhere(command: str, given: Mapping[str, str]) -> bool:
    """Tells whether a command means nothing here: whoever is at the desk needs no link to it."""
    return command in _NOT_HERE or (command == DESK_NAME and not given.get(ACTION))


def _without_channels(command: Command[Request], given: Mapping[str, str]) -> Mapping[str, str]:
    """Leaves out which chat a command is about: that is a matter of the page."""
    named = {one.name for one in command.options if one.kind is OptionKind.CHANNEL}
    return {name: value for name, value in given.items() if name not in named}
