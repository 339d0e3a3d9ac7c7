"""Replies in groups, whose twenty messages a minute are shared: by turns, or else in private.

Whoever gets no turn in time is answered in the private chat, where they have started the bot. The
group is told once that this is so, with a link.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from adapters.telegram.busy_notice import BusyNotice
from adapters.telegram.group_menus import GroupMenus
from adapters.telegram.other_chats import about_group, is_about_its_chat
from adapters.telegram.outgoing import Destination
from adapters.telegram.private_answers import PrivateAnswers
from adapters.telegram.private_reach import PrivateReach
from adapters.telegram.responder import TelegramResponder
from bot.model import Chat, Person
from bot.posting.fair_queue import QueuePlace
from bot.posting.rates import Flow, TrafficClass, Turn
from bot.reply import Reply

log = logging.getLogger(__name__)

_PATIENCE = 5.0  # seconds without a turn after which an answer goes to the private chat
_LONGEST = 75.0  # seconds; by then what was sent first has left the minute that counts


@dataclass(frozen=True, slots=True)
class GroupQuestion:
    """A question in a group.

    Attributes:
        line: What was asked.
        person: Who asked.
        asker: The id that stands for them in buttons.
        chat: The chat it was asked in.
        destination: Where the answer goes.
        edit: The id of the message that is to show the answer; None for a new one.
    """

    line: str
    person: Person
    asker: int
    chat: Chat
    destination: Destination
    edit: int | None = None


def flow_of(person: Person) -> Flow:
    """Returns the flow of what is sent for a person."""
    traffic = TrafficClass.MODERATORS if person.moderator else TrafficClass.READERS
    return Flow(traffic, person.id)


class GroupReplies:
    """Sends replies in groups, by turns.

    Each person has a share of the group's messages; moderators and posts have parts of their own.

    Attributes:
        reach: Finds out who can be answered in private.
        notice: Tells a group that it is busy.
        private: Decides whose eyes an answer is for.
        menus: Sets the groups' menus.
    """

    def __init__(
        self, responder: TelegramResponder, private: PrivateAnswers, menus: GroupMenus
    ) -> None:
        sender = responder.sender
        self.reach = PrivateReach(sender.bot, sender.rate_limiter.clock)
        self.notice = BusyNotice(sender, responder.render_context)
        self.private = private
        self.menus = menus
        self._responder = responder
        self._rate_limiter = sender.rate_limiter

    def try_turn(self, chat: int, flow: Flow) -> Turn | None:
        """Returns a turn to send a message in a group, if there is one at once."""
        return self._rate_limiter.try_reply(str(chat), flow)

    def give_back(self, turn: Turn) -> None:
        """Gives back a turn for which nothing was sent."""
        self._rate_limiter.give_back(turn)

    def wait(self, chat: int, flow: Flow) -> float:
        """Predicts the seconds until there is a turn."""
        return self._rate_limiter.reply_wait(str(chat), flow)

    async def send(self, reply: Reply, question: GroupQuestion) -> int | None:
        """Sends a reply when it is its turn or, if that would take long, in private.

        Returns:
            The id of the message that shows it to all of the group; None if none does.
        """
        key, flow = str(question.destination.chat), question.destination.flow
        has_room = self._rate_limiter.has_room(key, flow)
        if not has_room or self._rate_limiter.reply_wait(key, flow) > _PATIENCE:
            if await self._answer_privately(reply, question):
                return None
            if not has_room:
                await self._put_off(question)
                return None
        with self._rate_limiter.queue_reply(key, flow) as place:
            turn = await self._rate_limiter.turn(place, _PATIENCE)
            turn = turn or await self._late_turn(place, reply, question)
            return await self._show(reply, question, turn) if turn else None

    async def send_privately(self, reply: Reply, person: Person, chat: Chat, note: str) -> bool:
        """Sends a reply to a person's private chat; returns False if that is impossible.

        What it offers there is still about the group.

        Args:
            reply: The reply.
            person: The person.
            chat: The group in which they asked.
            note: A note why it comes there, with `{group}` for the group's name.
        """
        if not await self.reach.can_reach(person):
            return False
        about = about_group(reply, chat, self._responder.dispatcher.registry)
        if about is None:
            return False
        noted = replace(about, notes=(note.format(group=chat.name), *about.notes))
        sent = await self._responder.send(noted, chat, Destination(int(person.id)))
        self.reach.remember(person, reached=sent is not None)
        return sent is not None

    async def _answer_privately(self, reply: Reply, question: GroupQuestion) -> bool:
        """Answers in private and lets the group know; returns False if that is impossible."""
        _ = self._responder.render_context.words.gettext
        note = _("It's busy in {group}, so I answer here.")
        is_sent = await self.send_privately(reply, question.person, question.chat, note)
        if is_sent:
            await self.notice.tell(question.destination, question.person)
        return is_sent

    async def _put_off(self, question: GroupQuestion) -> None:
        """Tells where the answer is to be had; what is about the group cannot be had elsewhere."""
        if not is_about_its_chat(self._responder.dispatcher.command_of(question.line)):
            self.notice.remember(question.person, question.line)
        await self.notice.tell(question.destination, question.person)

    async def _late_turn(
        self, place: QueuePlace, reply: Reply, question: GroupQuestion
    ) -> Turn | None:
        """Returns a turn that came late; None where none came, or the answer went elsewhere."""
        if await self._answer_privately(reply, question):
            return None
        await self._put_off(question)
        turn = await self._rate_limiter.turn(place, _LONGEST - _PATIENCE)
        if turn:
            self.notice.forget(question.person)
        else:
            log.info("chat %s is busy: an answer had to be left out", place.chat)
        return turn

    async def _show(self, reply: Reply, question: GroupQuestion, turn: Turn) -> int | None:
        send, chat, destination = self._responder.send, question.chat, question.destination
        asker = question.asker
        if destination.receiver:
            if await send(reply, chat, destination, asker=asker, turn=turn):
                return None
            return await self._show_instead(reply, question)
        if question.edit is None:
            return await send(reply, chat, destination, asker=asker, turn=turn)
        edited = await send(reply, chat, destination, question.edit, asker=asker, turn=turn)
        return edited or await send(reply, chat, destination, asker=asker)

    async def _show_instead(self, reply: Reply, question: GroupQuestion) -> int | None:
        """Shows what could not be shown to one person alone; what nobody saw asked, in private."""
        receiver, chat = question.destination.receiver, question.chat
        if receiver and receiver.answers is not None:
            note = self._responder.render_context.words.gettext("From {group}, for you alone:")
            if await self.send_privately(reply, question.person, chat, note):
                return None
        destination = replace(question.destination, receiver=None)
        return await self._responder.send(reply, chat, destination, asker=question.asker)
