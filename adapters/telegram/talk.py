"""Messages: commands, and what is written to the bot without one."""

from __future__ import annotations

import logging
import re
from collections import OrderedDict

from telegram import Message, Update
from telegram.constants import ChatType, MessageEntityType
from telegram.ext import ContextTypes

from adapters.telegram.answering import TelegramAnswering
from adapters.telegram.links import START, opened
from adapters.telegram.people import PLATFORM, TelegramPeople, place_asked, place_of, topic_of
from adapters.telegram.sending import Destination
from bot.chat.parsing import split_command
from bot.chat.settings import QUIET
from bot.errors import StoreError
from bot.model import Chat, Person
from bot.reply import Reply
from bot.text.display import quoted

log = logging.getLogger(__name__)

_ANSWERED = 2_000  # messages whose answers are known, should they be edited
_LONGEST = 300  # characters of a message that is replied to


class TelegramTalk:
    """Answers what people write."""

    def __init__(self, answering: TelegramAnswering, people: TelegramPeople, username: str) -> None:
        self._answering = answering
        self._people = people
        self._username = username
        self._mention = re.compile(rf"@{re.escape(username)}\b", re.IGNORECASE)
        self._answers: OrderedDict[tuple[int, int], int] = OrderedDict()

    async def command(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers a command of the core's."""
        message = _written(update)
        if message is not None:
            await self._answer(message, _text(message))

    async def moved(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Keeps what was set for a group that has become a supergroup, which has another id."""
        message = update.effective_message
        if message is None or message.migrate_to_chat_id is None:
            return
        new = Chat(PLATFORM, str(message.migrate_to_chat_id))
        services = self._answering.dispatcher.services
        try:
            await services.settings.move(place_of(message.chat), new)
            # That the bot is no member of the old group any more may have been heard before.
            await services.store.subscriptions.resume(new, services.clock.now())
        except StoreError as error:
            log.error("cannot keep what was set for a group that moved: %s", error)  # noqa: TRY400

    async def other(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers what is no known command, where it is meant for the bot."""
        message = _written(update)
        if message is None:
            return
        line = await self._meant(message)
        if line:
            await self._answer(message, line)

    async def _meant(self, message: Message) -> str:
        """What is asked of the bot; an empty text when nothing is."""
        text = _text(message)
        if message.chat.type == ChatType.PRIVATE:
            return text
        if _is_command(message):
            # Other bots have commands, too: only one that names this bot, or that it has, is its.
            typed = split_command(text)
            known = self._answering.dispatcher.registry.get(typed.name or "")
            addressed = bool(self._mention.search(text.split(maxsplit=1)[0]))
            for_other = "@" in text.split(maxsplit=1)[0] and not addressed
            return text if addressed or (known and not for_other) else ""
        if message.chat.type == ChatType.CHANNEL or await self._is_quiet(message):
            return ""
        if self._is_mentioned(message):
            return self._mention.sub(" ", text).strip() or str(
                self._answering.dispatcher.registry.help()
            )
        replied = message.reply_to_message
        is_ours = replied and replied.from_user and replied.from_user.username == self._username
        return text if is_ours else ""

    def _is_mentioned(self, message: Message) -> bool:
        kinds: list[str | None] = [MessageEntityType.MENTION]
        found = message.parse_entities(kinds) or message.parse_caption_entities(kinds)
        return any(self._mention.fullmatch(name) for name in found.values())

    async def _is_quiet(self, message: Message) -> bool:
        try:
            chat = place_of(message.chat)
            return await self._answering.dispatcher.services.settings.is_on(chat, QUIET)
        except StoreError:
            return True

    async def _answer(self, message: Message, line: str) -> None:
        answering = self._answering
        typed = split_command(line)
        command = answering.dispatcher.registry.get(typed.name or "")
        rights = command is not None and command.needs_rights
        person = await self._people.author(message, rights=rights)
        chat = place_asked(message)
        wait = answering.reply_guard.wait(person)
        if wait is None:
            reply = await answering.reply_guard.reply_to(
                lambda: self._asked(line, message, person, chat)
            )
        elif answering.reply_guard.question_limiter.should_notify(person.id):
            reply = wait
        else:
            return
        await self._say(reply, message, chat)

    async def _asked(self, line: str, message: Message, person: Person, chat: Chat) -> Reply:
        dispatcher = self._answering.dispatcher
        typed = split_command(line)
        name = (typed.name or "").casefold()
        if name == START:
            return await self._started(typed.rest, person, chat)
        command = dispatcher.registry.get(name)
        option = command.quoted_option if command and not typed.rest else ""
        quote = _quote(message) if option else ""
        if quote:
            return await dispatcher.dispatch(name, {option: quote}, person, chat)
        return await dispatcher.answer(line, person, chat)

    async def _started(self, start: str, person: Person, chat: Chat) -> Reply:
        """What a link to the bot opens, or a welcome."""
        dispatcher = self._answering.dispatcher
        topics = [topic.name for topic in dispatcher.services.topics]
        action = opened(start, topics, dispatcher.registry) if start else dispatcher.registry.help()
        if action is None:
            told = dispatcher.services.translations.gettext("That link leads nowhere any more.")
            return Reply(START, text=(told,), ok=False)
        return await dispatcher.press(action, person, chat)

    async def _say(self, reply: Reply, message: Message, chat: Chat) -> None:
        key = (message.chat.id, message.message_id)
        known = self._answers.get(key)
        place = place_to_answer(message)
        is_edited = known is not None and message.edit_date is not None
        sent = await self._answering.send(reply, chat, place, edit=known) if is_edited else None
        sent = sent or await self._answering.send(reply, chat, place)
        if sent:
            self._answers[key] = sent
            if len(self._answers) > _ANSWERED:
                self._answers.popitem(last=False)


def place_to_answer(message: Message) -> Destination:
    """Where an answer goes: to the topic it was asked in and, where several talk, as a reply."""
    is_private = message.chat.type == ChatType.PRIVATE
    return Destination(
        message.chat.id, topic_of(message), None if is_private else message.message_id
    )


def _written(update: Update) -> Message | None:
    """What somebody wrote there; not a channel's post that its group was given, nor a bot's text.

    The post is answered in the channel.
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
    """The words of the message that is replied to, or of the part of it that was chosen."""
    if message.quote:
        return quoted(message.quote.text, _LONGEST)
    replied = message.reply_to_message
    # In a forum every message replies to the one that opened its topic.
    if replied is None or replied.forum_topic_created:
        return ""
    return quoted(_text(replied), _LONGEST)
