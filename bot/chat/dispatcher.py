"""The dispatcher: routes questions from any adapter to the handlers of commands."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import replace

from bot.chat.answer_timer import AnswerTimer
from bot.chat.attachments import Attachment
from bot.chat.command import MAX_PAGE, Access, Command, Option, OptionKind, Purpose
from bot.chat.last_list import LastLists
from bot.chat.local_time import clock_of
from bot.chat.managed_chats import ManagedChats, ManagedPlace
from bot.chat.parsing import parse_options, split_command
from bot.chat.prompts import ask_first, make_prompt, read_question
from bot.chat.registry import Completion, Registry
from bot.chat.request import Request, Services
from bot.chat.settings import SETTINGS
from bot.chat.small_talk import SmallTalk
from bot.chat.unknown_commands import UnknownCommands
from bot.dates import since
from bot.errors import NotAllowedError, ReaderError
from bot.i18n import Translations, languages, load
from bot.model import Capability, Chat, Person, Shown
from bot.reply import Action, Prompt, Reply
from bot.search.held_phrases import is_held
from bot.text.display import add_quotes, strip_hidden

log = logging.getLogger(__name__)

NOWHERE = Chat("", "", capabilities=~Capability(0))
"""The chat of a question that is asked in no chat: nothing is set, followed or posted there."""


class Dispatcher:
    """Answers commands. It returns replies and never sends any.

    Attributes:
        services: What handlers use.
        registry: Every command.
        timer: Times answers.
        keeps_lists: True to remember the lists that people are shown, which numbers mean.
    """

    def __init__(self, services: Services, registry: Registry[Request]) -> None:
        self.services = services
        self.registry = registry
        self.timer = AnswerTimer()
        self._last_lists = LastLists(services.store.chats)
        self.keeps_lists = True
        self._managed = ManagedChats(
            services.store.chats, services.directories, services.clock, services.translations
        )
        self._small_talk = SmallTalk(services, registry, self._last_lists)
        self._unknown = UnknownCommands(registry, services.translations, self._recognise)

    async def answer(
        self, line: str, person: Person, chat: Chat, attachment: Attachment | None = None
    ) -> Reply:
        """Answers a typed line; one that is no command is searched for."""
        typed = split_command(line)
        name = typed.name or self._bare_command(typed.rest, person)
        if name is None:
            return await self._answer_words(typed.rest, person, chat)
        command = self.registry.find(name)
        if command is None:
            return await self._answer_unknown(name, typed.rest, person, chat)
        given, left = parse_options(command, typed.rest if typed.name else "", self._recognise)
        if left:
            _ = self.services.translations.gettext
            message = _("{usage} doesn't take {extra}.")
            reason = message.format(usage=command.usage, extra=add_quotes(left))
            return _refusal(command, reason)
        return await self.dispatch(command.name, given, person, chat, attachment)

    def command_of(self, line: str) -> Command[Request] | None:
        """Returns the command that a line names: with a slash, or by its first word alone."""
        typed = split_command(line)
        return self.registry.find(typed.name or typed.rest.partition(" ")[0])

    async def _answer_words(self, line: str, person: Person, chat: Chat) -> Reply:
        """Answers a line without a command: small talk, a command in words, or a search."""
        meant = await self._small_talk.understand(line, person, chat)
        action = meant or await self._worded_command(line, person) or self.registry.search(line)
        return await self._perform(action, person, chat)

    async def _answer_unknown(self, name: str, rest: str, person: Person, chat: Chat) -> Reply:
        """Answers what is no command: `/stop` and `/menu` may still mean something."""
        meant = None if rest else await self._small_talk.understand(name, person, chat)
        return await self._perform(meant or self._unknown.answer(name, person, rest), person, chat)

    async def _perform(self, meant: Reply | Action, person: Person, chat: Chat) -> Reply:
        return meant if isinstance(meant, Reply) else await self.press(meant, person, chat)

    async def _worded_command(self, line: str, person: Person) -> Action | None:
        """Returns the command of a line such as `latest the wire`, where it names what is known.

        What follows `subscribe` may be anything, unless a story holds the whole line; whoever may
        not do that is told where they may.
        """
        word, _, rest = line.partition(" ")
        command = self.registry.find(word)
        if command is None or not rest.strip():
            return None
        given, left = parse_options(command, rest.strip(), self._recognise)
        action = Action(command.name, tuple(given.items()))
        if command.purpose in {Purpose.FOLLOW, Purpose.UNFOLLOW}:
            return None if await is_held(self.services.store.search, line) else action
        if command.purpose is Purpose.TOPIC:  # whose name need not be exact
            return action
        options = [(command.option(name), value) for name, value in given.items()]
        known = [one and self._is_known(one, value) for one, value in options]
        is_meant = all(known) if command.access is Access.EVERYONE else any(known)
        return action if is_meant and not left and command.allows(person) else None

    async def press(self, action: Action, person: Person, chat: Chat) -> Reply:
        """Answers a button."""
        return await self.dispatch(action.command, dict(action.options), person, chat)

    async def dispatch(
        self,
        name: str,
        given: Mapping[str, str],
        person: Person,
        chat: Chat,
        attachment: Attachment | None = None,
    ) -> Reply:
        """Answers a command.

        A question that cannot be answered gets a reply that says why, with `ok` False; only what
        is wrong with the bot itself is raised.

        Raises:
            StoreError: The store cannot be read.
        """
        services, command = self.services, self.registry.get(name)
        if command is None:
            return self._unknown.answer(name, person)
        ahead = nullcontext() if command.is_slow or chat == NOWHERE else services.in_chats.working()
        with self.answering(name), ahead, self.timer.timing(command.name) as timing:
            try:
                reply = await self._handle(command, given, person, chat, attachment)
            except ReaderError as error:
                reply = _refusal(command, str(error))
            timing.end(is_ok=reply.ok)
        if reply.page > reply.pages:
            last = await self.dispatch(name, {**given, "page": str(reply.pages)}, person, chat)
            note = self.services.translations.gettext("That was the last page already.")
            return replace(last, notes=(note, *last.notes))
        return reply

    def answering(self, name: str) -> AbstractContextManager[None]:
        """Returns a block that counts as work on an answer, to which the background gives way.

        A slow command is none: what its asker waits for is the background itself.

        Args:
            name: The command's.
        """
        command = self.registry.get(name)
        is_slow = command is not None and command.is_slow
        return nullcontext() if is_slow else self.services.foreground.working()

    async def complete(
        self,
        command: str,
        option: str,
        partial: str,
        person: Person,
        chat: Chat | None = None,
        given: Mapping[str, str] | None = None,
    ) -> tuple[Completion, ...]:
        """Completes the value of an option that is being typed; nothing for an unknown option.

        Args:
            command: The command's name.
            option: The option's name.
            partial: The part of its value that is typed already.
            person: The person who types.
            chat: The chat they type in; None where that does not matter.
            given: The options that are typed already.
        """
        found = self.registry.get(command)
        known = found.option(option) if found and found.allows(person) else None
        if found is None or known is None:
            return ()
        request = self._request(found, given or {}, person, chat or NOWHERE)
        request = _move(request, self._managed.place_at_hand(found, person, request.chat))
        return await self.registry.complete(request, known.kind, partial)

    def with_services(self, services: Services) -> Dispatcher:
        """Returns the same dispatcher, but for the services that its handlers use."""
        made = copy(self)
        made.services = services
        return made

    def without_lists(self) -> Dispatcher:
        """Returns the same dispatcher, but for the numbers in chats, which go on meaning the same.

        What is shown elsewhere is no list that a number in the chat could be of.
        """
        made = copy(self)
        made.keeps_lists = False
        return made

    async def aclose(self) -> None:
        """Waits until the store has the lists that people were last shown."""
        await self._last_lists.flush()

    def _request(
        self,
        command: Command[Request],
        options: Mapping[str, str],
        person: Person,
        chat: Chat,
        attachment: Attachment | None = None,
    ) -> Request:
        return Request(
            self.services,
            self.registry,
            command,
            options,
            person,
            chat,
            self._last_lists,
            self._managed,
            attachment=attachment,
        )

    async def _placed(self, request: Request) -> tuple[Request, str]:
        """Returns a request about the chat that is meant, and what the person is to know of it."""
        given, person, chat = request.options, request.person, request.chat
        place = await self._managed.place(request.command, given, person, chat)
        return _move(request, place), place.note

    async def _handle(
        self,
        command: Command[Request],
        given: Mapping[str, str],
        person: Person,
        chat: Chat,
        attachment: Attachment | None,
    ) -> Reply:
        if not command.allows(person):
            _ = self.services.translations.gettext
            # In a chat of one's own everybody is a host; so who is refused here is no moderator.
            told = _("Only moderators can use /{command}.")
            if command.access is Access.OPERATORS:
                told = _("Only operators can use /{command}.")
            if command.access is Access.HOSTS:
                told = _(
                    "Only moderators can use /{command} here. In a private chat with me, you can."
                )
            raise NotAllowedError(told.format(command=command.name))
        checked = self._check_options(command, given)
        request = self._request(command, checked, person, chat, attachment)
        request, note = await self._placed(request)
        reply = await self._handler(request)(request)
        once = {button.action: button for button in reversed(reply.buttons)}
        buttons = tuple(one for one in reply.buttons if once[one.action] is one)
        clock = reply.clock or await clock_of(request)
        notes = (note, *reply.notes) if note else reply.notes
        reply = replace(
            reply, notes=notes, buttons=buttons, shows_roles=command.shows_roles, clock=clock
        )
        if self.keeps_lists and chat != NOWHERE and any(card.number for card in reply.cards):
            numbers = {card.number: card.story.id for card in reply.cards if card.number}
            listing = reply.listing or request.action
            await self._last_lists.put(chat, person, Shown(listing, reply.page, numbers))
        return reply

    def _handler(self, request: Request) -> Callable[[Request], Awaitable[Reply]]:
        """Returns the handler: where a required option is missing, the one that does without."""
        command, options = request.command, request.options
        instead = {option.instead_of for option in command.options if option.name in options}
        if {o.name for o in command.options if o.required} <= options.keys() | instead:
            return command.handler
        if command.bare:
            return command.bare
        if command.questions:
            return ask_first
        raise ReaderError(_usage(self.services, command))

    def prompt(self, question: str) -> Prompt | None:
        """Returns the prompt that asks a question, as the bot words it; None for any other text.

        It may have been asked in another language than is being spoken now.
        """
        spoken = self.services.translations.one_language
        for words in (spoken, *map(load, languages())):
            if prompt := self._prompt_in(words, question.strip()):
                return prompt
        return None

    def _prompt_in(self, words: Translations, question: str) -> Prompt | None:
        for command in self.registry:
            for one in command.questions:
                given = read_question(words.gettext(one.text), question)
                if given is not None:
                    return make_prompt(command, one, words.gettext, given)
        return None

    def _check_options(self, command: Command, given: Mapping[str, str]) -> dict[str, str]:
        _ = self.services.translations.gettext
        checked: dict[str, str] = {}
        for name, value in given.items():
            option = command.option(name)
            if option is None:
                raise ReaderError(
                    _("{usage} has no option {name}.").format(
                        usage=command.usage, name=add_quotes(name)
                    )
                )
            text = strip_hidden(value).strip()  # no store and no reply meets a NUL
            if option.kind is OptionKind.PAGE and text and not _is_page(text):
                raise ReaderError(_("{text} is not a page number.").format(text=add_quotes(text)))
            if text:
                checked[name] = str(int(text)) if option.kind is OptionKind.PAGE else text
        return checked

    def _is_known(self, option: Option, value: str) -> bool:
        return value.casefold() in option.operator_words or self._recognise(option.kind, value)

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
            case OptionKind.SETTING:
                known = SETTINGS.get(text.casefold())
        return known is not None

    def _bare_command(self, line: str, person: Person) -> str | None:
        """Returns the command that a line names without a slash, such as just `help`."""
        command = self.registry.find(line)
        is_meant = command is not None and command.stands_alone and command.allows(person)
        return command.name if command and is_meant else None


def _move(request: Request, place: ManagedPlace) -> Request:
    """Returns a request that is about another chat, for who the person is there."""
    if place.person is None or place.chat is None:
        return request
    options = {**request.options, place.option: place.chat.id}
    return replace(
        request,
        options=options,
        person=place.person,
        chat=place.chat,
        asked_in=request.chat,
    )


def _is_page(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_PAGE


def _usage(services: Services, command: Command) -> str:
    message = services.translations.gettext("That needs a little more: {usage}")
    return message.format(usage=command.usage)


def _refusal(command: Command, reason: str) -> Reply:
    return Reply(command.name, text=(reason,), ok=False, shows_roles=command.shows_roles)
