"""Messages to the bot: commands, questions without one, edits, replies, and group migrations."""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from dataclasses import replace

from telegram import Message, Update
from telegram.constants import ChatType, MessageEntityType
from telegram.ext import ContextTypes

from adapters.telegram.attachments import attachment_of
from adapters.telegram.chat_action import TypingIndicator
from adapters.telegram.ephemeral import ephemeral_id
from adapters.telegram.group_replies import GroupQuestion, GroupReplies, flow_of
from adapters.telegram.links import LinkKind, opened
from adapters.telegram.outgoing import ClassicReply, OutgoingReply
from adapters.telegram.people import PLATFORM, TelegramPeople, chat_of, chat_of_message
from adapters.telegram.prompts import prompt_of, prompt_with_options
from adapters.telegram.question import (
    IncomingQuestion,
    asker_of,
    incoming_message,
    is_command,
    is_shared,
    quoted,
    reply_destination,
    text_of,
)
from adapters.telegram.responder import TelegramResponder
from adapters.telegram.setup_talk import SetupTalk
from bot.chat.command import Command
from bot.chat.parsing import split_command
from bot.chat.progress import InterimReplies
from bot.chat.settings import MESSAGES
from bot.errors import StoreError
from bot.model import Chat, Person
from bot.posting.rates import Flow, TrafficClass
from bot.reply import Prompt, Reply

log = logging.getLogger(__name__)

_MAX_ANSWER_IDS = 2_000  # remembered, so that the answer to an edited message is edited, too
_EDIT_PAUSE = (
    3.0  # seconds between two interim replies, at first: a group has twenty edits a minute
)
_INTERIM = Flow(TrafficClass.READERS, "interim replies")  # a share of their own


class TelegramMessageHandler:
    """Answers messages."""

    def __init__(
        self,
        responder: TelegramResponder,
        people: TelegramPeople,
        groups: GroupReplies,
        username: str,
        setup: SetupTalk,
    ) -> None:
        self._responder = responder
        self._people = people
        self._groups = groups
        self._setup = setup
        self._typing = TypingIndicator(responder.sender.bot)
        self._username = username
        self._mention = re.compile(rf"@{re.escape(username)}\b", re.IGNORECASE)
        self._answer_ids: OrderedDict[tuple[int, int], int] = OrderedDict()

    async def handle_command(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers a known command."""
        message = incoming_message(update)
        if message is not None:
            await self._answer(message, text_of(message))

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
        message = incoming_message(update)
        if message is None:
            return
        line = await self._question(message)
        if line:
            await self._answer(message, line)

    async def _question(self, message: Message) -> str:
        """Returns the question to the bot; an empty text if the message is not addressed to it."""
        text = text_of(message)
        if message.chat.type == ChatType.PRIVATE or self._prompt(message):
            return text
        if ephemeral_id(message) is not None:  # nobody but the bot receives it
            return text
        if is_command(message):
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
        if is_command(message):
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
            await self._send(wait, IncomingQuestion(line, message, person, chat, receiver))

    async def _ask_and_send(self, line: str, message: Message, command: Command | None) -> None:
        """Answers a line; interim replies stand where the answer will stand."""
        if command and await self._setup.must_be_private(message, command):
            asked = split_command(line).rest or (command.quoted_option and quoted(message))
            offer = self._setup.offer(message, command, asked)
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
        question = IncomingQuestion(line, message, person, chat, receiver)
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
        self, interim: Reply, question: IncomingQuestion, shown: int | None
    ) -> int | None:
        """Shows an interim reply, where a group has messages to spare; returns its message's id."""
        turn, message = None, question.message
        if is_shared(message):
            turn = self._groups.try_turn(message.chat.id, _INTERIM)
            if turn is None:
                return None
        return await self._responder.send(
            interim, question.chat, question.destination, shown, asker=asker_of(message), turn=turn
        )

    async def _ask(self, line: str, message: Message, person: Person, chat: Chat) -> Reply:
        dispatcher = self._responder.dispatcher
        if prompt := self._prompt(message):
            whole = await prompt_with_options(message, prompt, self._responder.tokens)
            return await dispatcher.press(whole.answered(line), person, chat)
        typed = split_command(line)
        name = (typed.name or "").casefold()
        if name == dispatcher.registry.start().command and typed.rest:
            return await self._open_link(typed.rest, person, chat)
        command = dispatcher.registry.get(name)
        option = command.quoted_option if command and not typed.rest else ""
        quote = quoted(message) if option else ""
        if quote:
            return await dispatcher.dispatch(name, {option: quote}, person, chat)
        attachment = attachment_of(message, command, self._responder.sender.bot)
        return await dispatcher.answer(line, person, chat, attachment)

    async def _open_link(self, start: str, person: Person, chat: Chat) -> Reply:
        """Opens what a deep link names."""
        dispatcher = self._responder.dispatcher
        setup = await self._setup.opened(start)
        if setup is not None:
            return await dispatcher.press(setup, person, chat)
        if start == LinkKind.ASKED and (line := self._groups.notice.forget(person)):
            return await dispatcher.answer(line, person, chat)
        topics = [topic.name for topic in dispatcher.services.topics]
        action = opened(start, topics, dispatcher.registry)
        if action is None:
            text = dispatcher.services.translations.gettext("That link no longer works.")
            return Reply(dispatcher.registry.start().command, text=(text,), ok=False)
        return await dispatcher.press(action, person, chat)

    async def _send(
        self, reply: Reply, question: IncomingQuestion, shown: int | None = None
    ) -> None:
        """Sends a reply, or shows it in the message `shown`."""
        message, person, chat = question.message, question.person, question.chat
        key = (message.chat.id, message.message_id)
        edit = self._answer_ids.get(key) if message.edit_date is not None else None
        destination = replace(question.destination, flow=flow_of(person))
        asker = asker_of(message)
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
