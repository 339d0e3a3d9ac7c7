"""Messages to the bot: commands, questions without one, edits, replies, and group migrations."""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from telegram import Message, Update
from telegram.constants import ChatType, MessageEntityType
from telegram.ext import ContextTypes

from adapters.telegram.callback_data import ADMINISTRATORS
from adapters.telegram.chat_action import TypingIndicator
from adapters.telegram.ephemeral import ephemeral_id
from adapters.telegram.group_replies import GroupQuestion, GroupReplies, flow_of
from adapters.telegram.links import LinkKind, opened
from adapters.telegram.other_chats import OtherChats, named_chat
from adapters.telegram.outgoing import ClassicReply, Destination, OutgoingReply, Receiver
from adapters.telegram.people import PLATFORM, TelegramPeople, chat_of, chat_of_message, topic_of
from adapters.telegram.prompts import prompt_of, prompt_with_options
from adapters.telegram.responder import TelegramResponder
from adapters.telegram.rich.received import rich_text
from adapters.telegram.setup_talk import SetupTalk
from bot.chat.command import Command
from bot.chat.parsing import parse_options, split_command
from bot.chat.progress import InterimReplies
from bot.chat.settings import MESSAGES
from bot.errors import StoreError
from bot.model import Capability, Chat, Person
from bot.posting.rates import Flow, TrafficClass
from bot.reply import Prompt, Reply
from bot.text.display import shorten

log = logging.getLogger(__name__)

_MAX_ANSWER_IDS = 2_000  # remembered, so that the answer to an edited message is edited, too
_EDIT_PAUSE = (
    3.0  # seconds between two interim replies, at first: a group has twenty edits a minute
)
_MAX_QUOTE = 300  # characters of a message that is replied to
_INTERIM = Flow(TrafficClass.READERS, "interim replies")  # a share of their own


@dataclass(frozen=True, slots=True)
class _Question:
    """A question to the bot.

    Attributes:
        line: What was asked.
        message: The message that asks it.
        person: Who asked.
        chat: Where.
        receiver: Who alone is to see the answer; None for everybody.
    """

    line: str
    message: Message
    person: Person
    chat: Chat
    receiver: Receiver | None

    @property
    def destination(self) -> Destination:
        """Where the answer goes."""
        chat, message = self.chat, self.message
        if chat.rights and chat.rights.missing and message.from_user and not message.sender_chat:
            # Nothing can be said in the chat itself.
            return Destination(message.from_user.id)
        return replace(reply_destination(message), receiver=self.receiver)


class TelegramMessageHandler:
    """Answers messages."""

    def __init__(
        self,
        responder: TelegramResponder,
        people: TelegramPeople,
        groups: GroupReplies,
        username: str,
        setup: SetupTalk,
        others: OtherChats,
    ) -> None:
        self._responder = responder
        self._people = people
        self._groups = groups
        self._setup = setup
        self._others = others
        self._typing = TypingIndicator(responder.sender.bot)
        self._username = username
        self._mention = re.compile(rf"@{re.escape(username)}\b", re.IGNORECASE)
        self._answer_ids: OrderedDict[tuple[int, int], int] = OrderedDict()

    async def handle_command(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers a known command."""
        message = _incoming_message(update)
        if message is not None:
            await self._answer(message, _text(message))

    async def handle_migration(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Moves settings and subscriptions of a group to the supergroup that it has become."""
        message = update.effective_message
        if message is None or message.migrate_to_chat_id is None:
            return
        new = Chat(PLATFORM, str(message.migrate_to_chat_id))
        services = self._responder.dispatcher.services
        try:
            await services.settings.move(chat_of(message.chat), new)
            # They may be paused by now: the bot is no member of the old group any more.
            await services.store.subscriptions.resume(new, services.clock.now())
        except StoreError as error:
            log.error("could not keep the settings of a group that moved: %s", error)  # noqa: TRY400

    async def handle_text(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers any other text, where it is addressed to the bot."""
        message = _incoming_message(update)
        if message is None:
            return
        line = await self._question(message)
        if line:
            await self._answer(message, line)

    async def _question(self, message: Message) -> str:
        """Returns the question to the bot; an empty text if the message is not addressed to it."""
        text = _text(message)
        if message.chat.type == ChatType.PRIVATE or self._prompt(message):
            return text
        if ephemeral_id(message) is not None:  # nobody but the bot receives it
            return text
        if _is_command(message):
            # Other bots have commands, too: only one that names this bot, or that it has, is its.
            typed = split_command(text)
            known = self._responder.dispatcher.registry.get(typed.name or "")
            addressed = bool(self._mention.search(text.split(maxsplit=1)[0]))
            for_other = "@" in text.split(maxsplit=1)[0] and not addressed
            return text if addressed or (known and not for_other) else ""
        if message.chat.type == ChatType.CHANNEL or not await self._answers_messages(message):
            return ""
        if self._is_mentioned(message):
            return self._mention.sub(" ", text).strip() or str(
                self._responder.dispatcher.registry.start()
            )
        replied = message.reply_to_message
        is_ours = replied and replied.from_user and replied.from_user.username == self._username
        return text if is_ours else ""

    def _prompt(self, message: Message) -> Prompt | None:
        """Returns the question that a message answers; a command answers none."""
        if _is_command(message):
            return None
        prompt = prompt_of(message, self._username, self._responder.dispatcher)
        return prompt or self._responder.asked.prompt(message)

    def _is_mentioned(self, message: Message) -> bool:
        kinds: list[str | None] = [MessageEntityType.MENTION]
        found = message.parse_entities(kinds) or message.parse_caption_entities(kinds)
        return any(self._mention.fullmatch(name) for name in found.values())

    async def _answers_messages(self, message: Message) -> bool:
        try:
            chat = chat_of(message.chat)
            return await self._responder.dispatcher.services.settings.is_on(chat, MESSAGES)
        except StoreError:
            return False

    async def _answer(self, message: Message, line: str) -> None:
        responder = self._responder
        prompt = self._prompt(message)
        dispatcher = responder.dispatcher
        command = (
            dispatcher.registry.get(prompt.action.command)
            if prompt
            else dispatcher.command_of(line)
        )
        person = await self._people.author(message, rights=False)
        chat = chat_of_message(message)
        wait = responder.reply_guard.wait(person)
        if message.chat.type == ChatType.PRIVATE:
            self._groups.reach.remember(person, reached=True)
        if wait is None:
            async with self._typing.show(reply_destination(message)):
                await self._ask_and_send(line, message, command)
        elif responder.reply_guard.question_limiter.should_notify(person.id):
            receiver = await self._groups.private.receiver(message, discreet=True)
            await self._send(wait, _Question(line, message, person, chat, receiver))

    async def _ask_and_send(self, line: str, message: Message, command: Command | None) -> None:
        """Answers a line; interim replies stand where the answer will stand."""
        if command and await self._setup.must_be_private(message, command):
            offer = self._setup.offer(message, command, split_command(line).rest)
            outgoing = OutgoingReply(lambda: ClassicReply(*offer))
            destination = reply_destination(message)
            await self._responder.sender.send(destination, outgoing, preview=False)
            return
        guard = self._responder.reply_guard
        rights = command is not None and command.needs_rights
        person = await self._people.author(message, rights=rights)
        chat = await self._people.chat_for(message, command)
        discreet = command is not None and (command.discreet or not command.allows(person))
        receiver = await self._groups.private.receiver(message, discreet=discreet)
        question = _Question(line, message, person, chat, receiver)
        shown: int | None = None

        async def show(interim: Reply) -> None:
            nonlocal shown
            shown = await self._show_interim(interim, question, shown) or shown

        reply = await InterimReplies(show, _EDIT_PAUSE).reply_to(
            lambda: guard.reply_to(lambda: self._ask(line, message, person, chat))
        )
        if not reply.silent:
            await self._send(reply, question, shown)
        await self._groups.menus.keep(message)
        if reply.is_done:
            answer = self._answer_ids.get((message.chat.id, message.message_id))
            self._setup.remove_later(message, answer)

    async def _show_interim(
        self, interim: Reply, question: _Question, shown: int | None
    ) -> int | None:
        """Shows an interim reply, where a group has messages to spare; returns its message's id."""
        turn, message = None, question.message
        if _is_shared(message):
            turn = self._groups.try_turn(message.chat.id, _INTERIM)
            if turn is None:
                return None
        return await self._responder.send(
            interim, question.chat, question.destination, shown, asker=_asker(message), turn=turn
        )

    async def _ask(self, line: str, message: Message, person: Person, chat: Chat) -> Reply:
        dispatcher = self._responder.dispatcher
        if prompt := self._prompt(message):
            return await self._answer_prompt(prompt, line, message, person, chat)
        typed = split_command(line)
        name = (typed.name or "").casefold()
        if name == dispatcher.registry.start().command and typed.rest:
            return await self._open_link(typed.rest, message, person, chat)
        command = dispatcher.registry.get(name)
        option = command.quoted_option if command and not typed.rest else ""
        quote = _quote(message) if option else ""
        if quote:
            return await dispatcher.dispatch(name, {option: quote}, person, chat)
        given = parse_options(command, typed.rest, lambda *_: False)[0] if command else {}
        return await self._about(
            named_chat(command, given), message, person, chat, partial(dispatcher.answer, line)
        )

    async def _answer_prompt(
        self, prompt: Prompt, line: str, message: Message, person: Person, chat: Chat
    ) -> Reply:
        """Asks for the command of a question, with the words that were typed."""
        dispatcher = self._responder.dispatcher
        whole = await prompt_with_options(message, prompt, self._responder.tokens)
        action = whole.answered(line)
        named = named_chat(dispatcher.registry.get(action.command), dict(action.options))
        press = partial(dispatcher.press, action)
        return await self._about(named, message, person, chat, press)

    async def _about(
        self,
        named: str,
        message: Message,
        person: Person,
        chat: Chat,
        ask: Callable[[Person, Chat], Awaitable[Reply]],
    ) -> Reply:
        """Asks about another chat if one is named and can be; else about the message's own."""
        if named and message.from_user and chat.can(Capability.CHANNELS):
            return await self._others.ask(named, message.from_user, ask)
        return await ask(person, chat)

    async def _open_link(self, start: str, message: Message, person: Person, chat: Chat) -> Reply:
        """Opens what a deep link names."""
        dispatcher = self._responder.dispatcher
        setup = await self._setup.opened(start)
        if setup is not None:
            named = named_chat(dispatcher.registry.get(setup.command), dict(setup.options))
            press = partial(dispatcher.press, setup)
            return await self._about(named, message, person, chat, press)
        if start == LinkKind.ASKED and (line := self._groups.notice.forget(person)):
            return await dispatcher.answer(line, person, chat)
        topics = [topic.name for topic in dispatcher.services.topics]
        action = opened(start, topics, dispatcher.registry)
        if action is None:
            text = dispatcher.services.translations.gettext("That link no longer works.")
            return Reply(dispatcher.registry.start().command, text=(text,), ok=False)
        return await dispatcher.press(action, person, chat)

    async def _send(self, reply: Reply, question: _Question, shown: int | None = None) -> None:
        """Sends a reply, or shows it in the message `shown`."""
        message, person, chat = question.message, question.person, question.chat
        key = (message.chat.id, message.message_id)
        edit = self._answer_ids.get(key) if message.edit_date is not None else None
        destination = replace(question.destination, flow=flow_of(person))
        asker = _asker(message)
        if shown is None and asker is not None and destination.chat == message.chat.id:
            asked = GroupQuestion(question.line, person, asker, chat, destination, edit)
            sent = await self._groups.send(reply, asked)
        else:
            send, edit = self._responder.send, shown or edit
            sent = edit and await send(reply, chat, destination, edit, asker=asker)
            sent = sent or await send(reply, chat, destination, asker=asker)
        if sent and question.receiver is None:
            self._answer_ids[key] = sent
            if len(self._answer_ids) > _MAX_ANSWER_IDS:
                self._answer_ids.popitem(last=False)


def reply_destination(message: Message) -> Destination:
    """Returns where an answer goes: to the same topic and, except in private chats, as a reply.

    An ephemeral message has no id that others know.
    """
    is_private = message.chat.type == ChatType.PRIVATE or ephemeral_id(message) is not None
    return Destination(
        message.chat.id, topic_of(message), None if is_private else message.message_id
    )


def _is_shared(message: Message) -> bool:
    return message.chat.type != ChatType.PRIVATE


def _asker(message: Message) -> int | None:
    """Returns who may press the buttons of an answer; None for everybody, as in private chats."""
    if not _is_shared(message):
        return None
    if message.from_user is None or message.sender_chat:
        return ADMINISTRATORS
    return message.from_user.id


def _incoming_message(update: Update) -> Message | None:
    """Returns the message of an update if it is to be answered.

    Results of inline mode are not, nor are a channel's posts that Telegram forwarded to its group:
    these are answered in the channel.
    """
    message = update.effective_message
    if message is None or message.is_automatic_forward or message.via_bot:
        return None
    return message


def _text(message: Message) -> str:
    return message.text or message.caption or ""


def _is_command(message: Message) -> bool:
    entities = message.entities or message.caption_entities
    return any(e.type == MessageEntityType.BOT_COMMAND and e.offset == 0 for e in entities)


def _quote(message: Message) -> str:
    """Returns the text of the message that is replied to, or the quoted part of it."""
    if message.quote:
        return shorten(message.quote.text, _MAX_QUOTE)
    replied = message.reply_to_message
    # In a forum every message replies to the one that opened its topic.
    if replied is None or replied.forum_topic_created:
        return ""
    return shorten(_text(replied) or rich_text(replied), _MAX_QUOTE)
