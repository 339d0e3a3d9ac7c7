"""A small model of an outbox: what has happened, and what may have come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from outbox_platform import DOUBTFUL, FakePlatform, How, Try

from bot.model import Story
from bot.posting.model import Failure, Outcome, Retry, State
from bot.subscriptions.model import Subscription, TargetKind
from store.codec import to_micros

Place = tuple[str, str]
"""A chat's id and a story's."""


@dataclass(frozen=True)
class Row:
    """A row of the outbox as it lies in the store; times are microseconds."""

    id: int
    chat: str
    key: str
    kind: str
    story: str
    subscription: int
    state: str
    made: int
    tries: int
    doubts: int
    deaths: int
    digest: int | None
    message: str
    reason: str
    done: int | None
    lease: int | None
    leader: int | None


def fits(one: Subscription, story: Story) -> bool:
    """Whether a story is one that a subscription asks for, as simple as the stories here are."""
    if one.kind is TargetKind.SOURCE:
        return one.what == story.source
    return one.what.casefold() in story.text.split()


@dataclass
class Model:
    """What is known to have happened.

    Attributes:
        platform: Where it happened.
        subscriptions: By their ids, as they are now.
        wanted: For each story that was routed to a chat the subscriptions that it fitted there.
        copies: How many rows such a story had before it was known that chats are one.
        doubts: How often an answer was lost, by row; as the store was told.
        deaths: How often a process died over a row.
        unsure: How often it was uncertain whether a story had arrived in a chat.
        rejected: Rows that the platform will never take.
        removed: Stories that are no more.
        merged: Chats that another has become that had posts of their own.
        rows: The outbox as it was last looked at.
    """

    platform: FakePlatform
    subscriptions: dict[int, Subscription] = field(default_factory=dict)
    wanted: dict[Place, set[int]] = field(default_factory=dict)
    copies: Counter[Place] = field(default_factory=Counter)
    doubts: Counter[int] = field(default_factory=Counter)
    deaths: Counter[int] = field(default_factory=Counter)
    unsure: Counter[Place] = field(default_factory=Counter)
    rejected: set[int] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    merged: set[str] = field(default_factory=set)
    rows: dict[int, Row] = field(default_factory=dict)
    _answers: dict[int, tuple[Try, How]] = field(default_factory=dict)

    # What chats follow

    def put(self, one: Subscription) -> None:
        self.subscriptions[one.id] = one

    def here(self, chat: str) -> list[Subscription]:
        """What a chat, or the channels of a server, follow."""
        mine = (one for one in self.subscriptions.values() if not one.ended)
        return [one for one in mine if chat in {one.chat.id, one.chat.house}]

    def active(self, chat: str) -> list[Subscription]:
        return [one for one in self.here(chat) if not one.paused]

    def end(self, number: int) -> None:
        self.put(replace(self.subscriptions[number], ended=True))

    def pause(self, chat: str) -> None:
        for one in self.here(chat):
            self.put(replace(one, paused="paused"))

    def resume(self, chat: str) -> None:
        for one in self.here(chat):
            self.put(replace(one, paused=""))

    def move(self, old: str, new: str) -> None:
        theirs = {_what(one) for one in self.here(new)}
        if theirs or any(chat == new for chat, _ in self.wanted):
            self.merged |= {old, new}
        for one in self.here(old):
            if _what(one) in theirs:
                self.end(one.id)
            else:
                self.put(replace(one, chat=replace(one.chat, id=new)))
        for chat, story in [place for place in self.wanted if place[0] == old]:
            self.wanted.setdefault((new, story), set()).update(self.wanted.pop((chat, story)))
            self.copies[new, story] += self.copies.pop((chat, story))

    # What comes, and where it goes

    def come(self, stories: Iterable[Story]) -> None:
        everyone = [one for one in self.subscriptions.values() if not one.ended]
        for story in stories:
            for one in everyone:
                if fits(one, story):
                    place = one.chat.id, story.id
                    self.wanted.setdefault(place, set()).add(one.id)
                    self.copies[place] = 1

    def answered(self, one: Try, how: How) -> None:
        """A try has ended."""
        row = self.row_of(one)
        self._answers[row] = one, how
        if how is How.REJECTED:
            self.rejected.add(row)
        if self._is_doubtful(how):
            self._unsure_of(one)

    def died(self, tries: Sequence[Try]) -> None:
        """A process died, and these were on their way."""
        for one in (*tries, *(answered for answered, _ in self._answers.values())):
            self._unsure_of(one)
        self._answers.clear()

    def changed(self, name: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        """A process has changed the store."""
        match name:
            case "pause":
                self.pause(args[0].id)
            case "move":
                self.move(args[0].id, args[1].id)
            case "recover":
                self._recover(to_micros(args[1]), dead=named["dead"])
            case "mark":
                for end in args[0]:
                    self._marked(end)

    def _marked(self, end: Outcome) -> None:
        _, how = self._answers.pop(end.post, (None, How.OK))
        if not isinstance(end, Retry | Failure):
            return
        doubt = self._is_doubtful(how)
        assert end.doubt == doubt, end
        if self.rows[end.post].state in {State.SENDING, State.DUE}:
            self.doubts[end.post] += doubt

    def _recover(self, now: int, *, dead: bool) -> None:
        """What was on its way is taken for lost."""
        for row in self.rows.values():
            if row.state == State.SENDING and (dead or (row.lease or 0) < now):
                self.deaths[row.id] += 1
                self.rows[row.id] = replace(row, state=State.DUE)

    def _is_doubtful(self, how: How) -> bool:
        return how in DOUBTFUL or (how is How.TROUBLE and self.platform.deduplicates)

    def _unsure_of(self, one: Try) -> None:
        self.unsure.update((one.message.chat.id, story) for story in one.stories)

    def row_of(self, one: Try) -> int:
        """The row that is being sent."""
        chat, key = one.message.chat.id, one.message.key
        found = {row.chat: row.id for row in self.rows.values() if row.key == key}
        while chat not in found:
            chat = self.platform.moved[chat]
        return found[chat]


def _what(one: Subscription) -> tuple[str, str, str]:
    return one.chat.thread, one.kind, one.what
