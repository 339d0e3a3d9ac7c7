"""The news desk: takes questions from any adapter and answers them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from bot.chat.command import Access, Command, Completion, OptionKind, Registry, nearest
from bot.chat.last_list import LastLists
from bot.chat.parsing import options, split
from bot.chat.request import Request, Services
from bot.chat.settings import SETTINGS
from bot.dates import since
from bot.errors import NotAllowedError, ReaderError
from bot.model import Chat, Person, Shown
from bot.reply import Action, Button, Reply
from bot.subscriptions.schedule import parse_timetable
from bot.text.display import in_quotes, quoted, visible

log = logging.getLogger(__name__)

MAX_PAGE = 100_000


class Dispatcher:
    """Answers commands. It returns replies and never sends any."""

    def __init__(self, services: Services, registry: Registry) -> None:
        self.services = services
        self.registry = registry
        self._shown = LastLists(services.store.chats)

    async def answer(self, line: str, person: Person, chat: Chat) -> Reply:
        """Answers a typed line; one that is no command is searched for."""
        typed = split(line)
        name = typed.name or self._bare(typed.rest)
        if name is None:
            return await self.dispatch("search", {"words": typed.rest}, person, chat)
        command = self.registry.get(name)
        if command is None:
            return self._unknown(name, person)
        given, left = options(command, typed.rest if typed.name else "", self._recognise)
        if left:
            _ = self.services.words.gettext
            message = _("{usage} takes no {extra}.")
            told = message.format(usage=command.usage, extra=in_quotes(left))
            return _refusal(command.name, told)
        return await self.dispatch(command.name, given, person, chat)

    async def press(self, action: Action, person: Person, chat: Chat) -> Reply:
        """Answers a button."""
        return await self.dispatch(action.command, dict(action.options), person, chat)

    async def dispatch(
        self, name: str, given: Mapping[str, str], person: Person, chat: Chat
    ) -> Reply:
        """Answers a command.

        A question that cannot be answered gets a reply that says why, with `ok` False; only what
        is wrong with the bot itself is raised.

        Raises:
            StoreError: The store cannot be read.
        """
        command = self.registry.get(name)
        if command is None:
            return self._unknown(name, person)
        try:
            reply = await self._handle(command, given, person, chat)
        except ReaderError as error:
            return _refusal(command.name, str(error))
        if reply.page > reply.pages:
            last = {**given, "page": str(reply.pages)}
            return await self.dispatch(name, last, person, chat)
        return reply

    async def complete(
        self, command: str, option: str, partial: str, person: Person, chat: Chat | None = None
    ) -> tuple[Completion, ...]:
        """What a person may be about to type for an option; none for what is unknown.

        Args:
            command: The command's name.
            option: The option's name.
            partial: What is typed of its value.
            person: Who types.
            chat: Where; None where that is of no matter.
        """
        found = self.registry.get(command)
        known = found.option(option) if found and found.allows(person) else None
        if known is None:
            return ()
        return await self.registry.complete(
            self.services, self.registry, known.kind, partial, person, chat
        )

    async def aclose(self) -> None:
        """Saves what is still to be saved."""
        await self._shown.flush()

    async def _handle(
        self, command: Command, given: Mapping[str, str], person: Person, chat: Chat
    ) -> Reply:
        if not command.allows(person):
            _ = self.services.words.gettext
            # In a chat of one's own everybody is a host; so who is refused here is no moderator.
            raise NotAllowedError(_("/{command} is for moderators.").format(command=command.name))
        checked = self._checked(command, given)
        request = Request(self.services, self.registry, command, checked, person, chat, self._shown)
        reply = await command.handler(request)
        if any(card.number for card in reply.cards):
            numbers = {card.number: card.story.id for card in reply.cards if card.number}
            listing = reply.listing or request.action
            await self._shown.put(chat, person, Shown(listing, reply.page, numbers))
        return reply

    def _checked(self, command: Command, given: Mapping[str, str]) -> dict[str, str]:
        _ = self.services.words.gettext
        checked: dict[str, str] = {}
        for name, value in given.items():
            option = command.option(name)
            if option is None:
                raise ReaderError(
                    _("{usage} has no option {name}.").format(
                        usage=command.usage, name=in_quotes(name)
                    )
                )
            text = visible(value).strip()  # whatever arrives, no store and no reply meets a NUL
            if option.kind is OptionKind.PAGE and text and not _is_page(text):
                raise ReaderError(_("{text} is no page number.").format(text=in_quotes(text)))
            if text:
                checked[name] = str(int(text)) if option.kind is OptionKind.PAGE else text
        instead = {option.instead_of for option in command.options if option.name in checked}
        for option in command.options:
            if option.required and option.name not in checked and option.name not in instead:
                raise ReaderError(_usage(self.services, command))
        return checked

    def _recognise(self, kind: OptionKind, text: str) -> bool:
        services = self.services
        known: object = None
        match kind:
            case OptionKind.WHEN:
                known = since(text, services.clock.now(), services.zone)
            case OptionKind.SOURCE:
                known = services.source(text)
            case OptionKind.TOPIC:
                known = services.topic(text)
            case OptionKind.FOLLOW:
                known = services.topic(text) or services.source(text)
            case OptionKind.TIMETABLE:
                known = parse_timetable(text)
            case OptionKind.SETTING:
                known = SETTINGS.get(text.casefold())
        return known is not None

    def _bare(self, line: str) -> str | None:
        """The command that a line without a slash is: somebody who writes just `help` means it."""
        command = self.registry.get(line)
        if command is None or command.needs_more or command.access is not Access.EVERYONE:
            return None
        return command.name

    def _unknown(self, name: str, person: Person) -> Reply:
        """Says that there is no such command, and offers those that are spelled like it."""
        _ = self.services.words.gettext
        names = [command.name for command in self.registry.for_person(person)]
        near = nearest(name, names)
        buttons = [Button(f"/{command}", Action(command)) for command in near]
        if "help" not in near:
            buttons.append(Button("/help", Action("help")))
        message = _("There is no command /{name}.").format(name=quoted(name))
        hint = _("Did you mean one of these?") if near else _("/help lists all of them.")
        return replace(_refusal(name, message, hint), buttons=tuple(buttons))


def _is_page(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_PAGE


def _usage(services: Services, command: Command) -> str:
    _ = services.words.gettext
    if not command.examples:
        return _("That needs a little more: {usage}").format(usage=command.usage)
    message = _("That needs a little more: {usage}, for example {example}")
    return message.format(usage=command.usage, example=command.examples[0])


def _refusal(command: str, *text: str) -> Reply:
    return Reply(quoted(command), text=text, ok=False)
