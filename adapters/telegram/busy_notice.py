"""Notice that a group is busy: once, with the link to the private chat where answers come."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TypeVar

from adapters.telegram.formatted_text import FormattedText
from adapters.telegram.links import asked_link
from adapters.telegram.outgoing import ClassicReply, Destination, OutgoingReply
from adapters.telegram.rendered_message import RenderContext, RenderedMessage
from adapters.telegram.reply_sender import ReplySender
from bot.model import Person
from bot.posting.rates import Flow, TrafficClass

_EVERY = 60.0  # seconds between two notices in a group: whoever asks meanwhile has read the last
_TOLD_FOR = 300.0  # seconds for which a person who was told is not told again
_REMEMBERED = 5_000  # people, and groups

_NOTICE = Flow(TrafficClass.NOTICES)

K = TypeVar("K")
V = TypeVar("V")


class BusyNotice:
    """Tells a group where answers come while it is busy, and remembers what waits for one.

    The link opens what a person asked last and got no answer to.
    """

    def __init__(self, sender: ReplySender, render_context: RenderContext) -> None:
        self._sender = sender
        self._render_context = render_context
        self._clock = sender.rate_limiter.clock
        self._groups: OrderedDict[int, float] = OrderedDict()
        self._told: OrderedDict[str, float] = OrderedDict()
        self._unanswered: OrderedDict[str, str] = OrderedDict()

    def remember(self, person: Person, line: str) -> None:
        """Remembers what a person asked, for when they open the link."""
        _put(self._unanswered, person.id, line)

    def forget(self, person: Person) -> str:
        """Returns what a person asked without an answer, and forgets it; else an empty text."""
        return self._unanswered.pop(person.id, "")

    async def tell(self, destination: Destination, person: Person) -> None:
        """Tells a group, in reply to a person, unless they know."""
        now = self._clock.monotonic()
        if now - self._told.get(person.id, -_TOLD_FOR) < _TOLD_FOR:
            return
        _put(self._told, person.id, now)
        if now - self._groups.get(destination.chat, -_EVERY) < _EVERY:
            return
        _put(self._groups, destination.chat, now)
        turn = await self._sender.rate_limiter.acquire_reply(str(destination.chat), _NOTICE)
        notice = OutgoingReply(lambda: ClassicReply(self._rendered()))
        everybody = replace(destination, receiver=None)
        await self._sender.send(everybody, notice, preview=False, turn=turn)

    def _rendered(self) -> RenderedMessage:
        url = asked_link(self._render_context.bot)
        text = self._render_context.words.gettext(
            "It's busy here, so some answers come in our private chat: {link}"
        )
        before, _, after = text.partition("{link}")
        link = FormattedText.of(url.removeprefix("https://"), link=url)
        return RenderedMessage((FormattedText.of(before) + link + FormattedText.of(after)).html)


def _put(known: OrderedDict[K, V], key: K, value: V) -> None:
    known.pop(key, None)
    known[key] = value
    if len(known) > _REMEMBERED:
        known.popitem(last=False)
