"""Button presses: callback queries."""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from functools import partial

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from adapters.telegram.callback_data import ADMINISTRATORS, parse_callback_data
from adapters.telegram.ephemeral import ephemeral_id
from adapters.telegram.group_replies import GroupReplies, flow_of
from adapters.telegram.outgoing import Destination, Receiver
from adapters.telegram.people import GROUPS, TelegramPeople, topic_of
from adapters.telegram.press import Press, PressReply, acknowledge, has_button, question_by
from adapters.telegram.question import reply_destination
from adapters.telegram.responder import TelegramResponder
from adapters.telegram.setup_talk import SetupTalk
from bot.chat.rate_limit import ReplyGuard
from bot.errors import StoreError
from bot.model import Action, Chat, Person
from bot.posting.rates import Turn
from bot.reply import Reply

log = logging.getLogger(__name__)


class TelegramButtonHandler:
    """Performs what a button asks for: turns pages, opens stories, in place of its message.

    A press counts only for a message that has that button. Posts have none but links, so nobody
    can turn one into a reply. In a group the message changes for the person who asked, and that of
    a moderators' command for all moderators; anybody else gets a page of their own, in its place,
    that nobody else sees, or is answered in private where the server knows no such messages. The
    latter holds for whoever finds the group busy, too: to answer the press itself takes nothing of
    what a group may be sent.
    """

    def __init__(
        self,
        responder: TelegramResponder,
        people: TelegramPeople,
        groups: GroupReplies,
        reply_guard: ReplyGuard,
        setup: SetupTalk,
    ) -> None:
        self._responder = responder
        self._people = people
        self._groups = groups
        self._reply_guard = reply_guard
        self._setup = setup
        self._words = responder.render_context.words

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers a button press; each gets some answer, which ends the spinner on the button."""
        query = update.callback_query
        if query is None:
            return
        gettext = self._words.gettext
        message = query.message
        if message is None:
            await acknowledge(query, gettext("This button no longer works."))
        elif not (isinstance(message, Message) and message.is_accessible):
            text = gettext("This message is too old to update. Please ask again.")
            await acknowledge(query, text)
        elif not has_button(message, query.data):
            text = gettext("The message has changed. Please press again.")
            await acknowledge(query, text, alert=False)
        else:
            await self._press(query, message)

    async def _press(self, query: CallbackQuery, message: Message) -> None:
        """Does what a button of the message asks for."""
        data = parse_callback_data(query.data or "")
        action = await self._action(data.token)
        if action is None:
            await acknowledge(query, self._words.gettext("This button no longer works."))
            return
        person = await self._people.person(query.from_user, message.chat, rights=False)
        if wait := self._reply_guard.wait(person):
            await acknowledge(query, " ".join(wait.text), alert=False)
            return
        command = self._responder.dispatcher.registry.get(action.command)
        if data.asker == ADMINISTRATORS or (command is not None and command.needs_rights):
            person = await self._people.person(query.from_user, message.chat, rights=True)
        chat = await self._people.chat_for(message, command)
        reply = PressReply(partial(self._reply, action, person, chat))
        press = Press(query, message, action, person, chat, data.asker, command, reply)
        if message.chat.type == ChatType.PRIVATE:
            await self._answer(press)
        elif press.is_own and not (press.is_discreet and await self._answer_alone(press)):
            await self._answer_in_group(press)
            await self._groups.menus.keep(message)
        elif not press.is_own:
            await self._answer_stranger(press)

    async def _answer_in_group(self, press: Press) -> None:
        """Edits the message when there is a turn for that; else answers elsewhere."""
        chat, flow = press.message.chat.id, flow_of(press.person)
        turn = self._groups.try_turn(chat, flow)
        if turn:
            await self._answer(press, turn)
            return
        seconds = math.ceil(self._groups.wait(chat, flow))
        busy = self._words.ngettext(
            "Busy here, try again in {seconds} second.",
            "Busy here, try again in {seconds} seconds.",
            seconds,
        )
        private = self._words.gettext("Busy here: the page is in our private chat.")
        note = self._words.gettext("It's busy in {group}, so I answer here.")
        await self._answer_privately(press, note, private, busy.format(seconds=seconds))

    async def _answer_alone(self, press: Press, *, in_place: bool = False) -> bool:
        """Answers a press in a message that the person alone sees.

        Args:
            press: The press.
            in_place: True to show it to them in place of the message that has the button.

        Returns:
            False if that is impossible, or the group is too busy.
        """
        sender, message = self._responder.sender, press.message
        if message.chat.type not in GROUPS or not await sender.ephemeral.is_known():
            return False
        turn = self._groups.try_turn(message.chat.id, flow_of(press.person))
        if turn is None:
            return False
        reply = await press.reply.get()
        if not reply.ok:
            self._groups.give_back(turn)
            await self._show_refusal(press, reply)
            return True
        user = press.query.from_user.id
        # What asks for words stands below the page.
        receiver = Receiver(user, press.query.id, in_place=in_place and not reply.prompt)
        destination = Destination(
            message.chat.id, topic_of(message), flow=flow_of(press.person), receiver=receiver
        )
        sent = await self._responder.send(reply, press.chat, destination, asker=user, turn=turn)
        if sent is None:
            return False
        await acknowledge(press.query)
        return True

    async def _answer_stranger(self, press: Press) -> None:
        """Gives a page of their own to whoever presses a button on somebody else's."""
        if await self._answer_alone(press, in_place=True):
            return
        # A refusal comes before any talk of where else the page could be had.
        reply = await press.reply.get() if press.command and press.command.needs_rights else None
        if reply and not reply.ok:
            await self._show_refusal(press, reply)
            return
        gettext = self._words.gettext
        alone = gettext("That page is somebody else's. For your own, send {command}")
        private = gettext("That page is somebody else's. Yours is in our private chat.")
        note = gettext("From {group}, for you alone:")
        await self._answer_privately(press, note, private, alone.format(command=press.action))

    async def _answer_privately(
        self, press: Press, note: str, private: str, impossible: str
    ) -> None:
        """Sends what a button asks for to the private chat.

        Args:
            press: The press.
            note: A note above it, with `{group}`.
            private: The answer to the press itself when it is there.
            impossible: The answer to the press where there is no private chat.
        """
        if not await self._groups.reach.can_reach(press.person):
            await acknowledge(press.query, impossible, alert=False)
            return
        reply = await press.reply.get()
        if not reply.ok:
            await self._show_refusal(press, reply)
            return
        is_sent = await self._groups.send_privately(reply, press.person, press.chat, note)
        told = private if is_sent else " ".join(reply.text) or impossible
        await acknowledge(press.query, told, alert=False)

    async def _answer(self, press: Press, turn: Turn | None = None) -> None:
        """Edits the message to show what the button asks for, or shows why that is impossible."""
        reply = await press.reply.get()
        if not reply.ok:
            if turn:
                self._groups.give_back(turn)
            await self._show_refusal(press, reply)
            return
        message = press.message
        if reply.is_done and await self._setup.remove(message):
            if turn:
                self._groups.give_back(turn)
            await acknowledge(press.query, "\n".join(reply.text))
            return
        own = ephemeral_id(message)
        if own is None:
            await acknowledge(press.query)
        destination = replace(reply_destination(message), flow=flow_of(press.person))
        if own is not None:
            receiver = Receiver(press.query.from_user.id, press.query.id)
            destination = replace(destination, receiver=receiver)
        # No text can take the place of a picture or a file: it stands below, and so does a file.
        has_text = not (message.photo or message.document)
        is_below = reply.document or not (reply.picture or has_text)
        edit = None if is_below else own or message.message_id
        if reply.prompt and own is None and message.chat.type != ChatType.PRIVATE:
            asked = question_by(press)
            answers = asked.message_id if asked else None
            is_named = asked is None and press.asker != ADMINISTRATORS
            mention = press.query.from_user if is_named else None
            destination = replace(destination, answers=answers, mention=mention)
        asker = press.asker
        sent = await self._responder.send(
            reply, press.chat, destination, edit, asker=asker, turn=turn
        )
        if own is not None:
            if edit and not sent:  # it may have expired
                await self._responder.send(reply, press.chat, destination, asker=asker)
            await acknowledge(press.query)

    async def _show_refusal(self, press: Press, reply: Reply) -> None:
        nothing = self._words.gettext("That can't be done.")
        await acknowledge(press.query, " ".join(reply.text) or nothing)

    async def _action(self, token: str) -> Action | None:
        try:
            return await self._responder.tokens.action(token)
        except StoreError as error:
            log.error("could not look up a button's action: %s", error)  # noqa: TRY400
            return None

    async def _reply(self, action: Action, person: Person, chat: Chat) -> Reply:
        dispatcher = self._responder.dispatcher
        return await self._reply_guard.reply_to(lambda: dispatcher.press(action, person, chat))
