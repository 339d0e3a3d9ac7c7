"""Posts: what channels are sent by themselves, their states, and the outcomes of tries.

Everything here is frozen. Times are aware datetimes in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.i18n import N_
from bot.model import Chat
from bot.subscriptions.model import Subscription

UNSUBSCRIBED = N_("unsubscribed")
STALE = N_("it was paused for more than a week")
WAS_PAUSED = N_("posting was paused")
RESTORED = N_("the store was restored from an older backup, so it may have been posted already")
WITHDRAWN = N_("it was read in the list instead")
ALREADY = N_("the chat already has it under another ID")
"""Reasons that the store gives, in English; see `Post.reason`."""

DELETED_CHANNEL = N_("the channel was deleted")
DELETED_SERVER = N_("the server was deleted")
DELETED_ACCOUNT = N_("the account was deleted")
DELETED_GROUP = N_("the account or the group was deleted")
DELETED_TOPIC = N_("the forum topic was deleted; subscribe again in another one")
REMOVED_FROM_CHAT = N_("the bot is no longer in the chat")
REMOVED_FROM_SERVER = N_("the bot was removed from the server")
UNRESUMABLE = (
    DELETED_CHANNEL,
    DELETED_SERVER,
    DELETED_ACCOUNT,
    DELETED_GROUP,
    DELETED_TOPIC,
    REMOVED_FROM_CHAT,
    REMOVED_FROM_SERVER,
)
"""Reasons of pauses, as adapters give them, for which a Resume button is of no use.

What was deleted stays so; and where the bot is added again, posting goes on by itself.
"""


class PostKind(StrEnum):
    """The kinds of rows in the outbox."""

    STORY = "story"
    DIGEST = "digest"
    EDIT = "edit"  # of a story's message, whose headline has changed
    NOTICE = "notice"  # to whoever subscribed, that it has ended


class State(StrEnum):
    """The states of a row in the outbox."""

    WAITING = "waiting"  # for its time, when it goes with all that waits as one digest
    DUE = "due"  # to be sent, at its time or later
    SENDING = "sending"  # claimed: a process sends it, or died over it
    SENT = "sent"
    GATHERED = "gathered"  # it goes with a digest, and ends as that does
    JOINED = "joined"  # another post tells the same, and names its source
    PAUSED = "paused"  # the chat cannot be reached
    FAILED = "failed"  # given up; the row says why


@dataclass(frozen=True, slots=True)
class Post:
    """A row of the outbox.

    Attributes:
        id: Given by the store; a chat's posts go out in the order of their ids.
        chat: Where to.
        key: Unique in the chat: a story's id or, for other kinds, a name that is no id.
        kind: What it is.
        state: Where it stands.
        stories: The ids of the stories in it: of a digest all, the oldest first.
        subscription: What it came by; None when that has been removed.
        made: When it was put into the outbox.
        due: When to send it, or when to gather it.
        tries: How often it was claimed since it last was certain that it had not arrived.
        doubts: How often its answer was lost, so that it is not known whether it had arrived.
        deaths: How often a process died over it, which leaves the same doubt.
        since: When it was first claimed, if it is not known whether it arrived; else None.
        gathered: True once it has waited for a digest: it is not to wait again.
        text: What a notice says.
        message: The platform's id of the message that shows it or, of an edit, that is to be
            edited; empty for none.
        reason: Why it has not been sent, in one line; empty when there is nothing to say.
        done: When it was sent or given up; None before that.
    """

    id: int
    chat: Chat
    key: str
    kind: PostKind
    state: State
    stories: tuple[str, ...]
    subscription: Subscription | None
    made: datetime
    due: datetime
    tries: int = 0
    doubts: int = 0
    deaths: int = 0
    since: datetime | None = None
    gathered: bool = False
    text: str = ""
    message: str = ""
    reason: str = ""
    done: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoutedPost:
    """A new story's post in one chat, to be put into the outbox.

    Attributes:
        story: The story's id.
        subscription: What it goes by.
        also: Ids of the chat's other subscriptions that it fits.
        due: When.
        waiting: True when it is to go with all that waits then, as one digest. What goes by a
            subscription that is paused waits until that is resumed, whatever `due` says.
        once: True when it joins a post in the chat that tells the same, if there is one.
    """

    story: str
    subscription: Subscription
    also: tuple[int, ...]
    due: datetime
    waiting: bool
    once: bool = False


@dataclass(frozen=True, slots=True)
class HeadlineEdit:
    """An order to edit the messages that show a story whose headline has changed.

    Of the messages that show the story, by itself or in a digest, those are edited that are being
    sent right now, since these may show the old headline, too, and those sent after `sent_after`;
    but none whose subscription is paused or has ended. Of several stories in one digest there is
    one edit.

    Attributes:
        story: The story's id.
        sent_after: The time after which a message was sent that is still edited.
    """

    story: str
    sent_after: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of a try: it has arrived.

    Attributes:
        post: The post's id.
        message: The platform's id of the message.
        arrived: When, by the steady clock; None for a time that is of no interest.
    """

    post: int
    message: str
    arrived: float | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """The outcome of a try: it is to be tried again.

    Attributes:
        post: The post's id.
        due: When.
        reason: Why it did not arrive, in one line.
        doubt: True when it may have arrived after all.
        outage: True when it may go as soon as the platform takes anything again.
    """

    post: int
    due: datetime
    reason: str
    doubt: bool = False
    outage: bool = False


@dataclass(frozen=True, slots=True)
class Deferral:
    """The outcome of a try: it is to go with a digest.

    Attributes:
        post: The post's id.
        until: When.
        reason: Why, in one line.
    """

    post: int
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Failure:
    """The outcome of a try: it will never be sent.

    Attributes:
        post: The post's id.
        reason: Why, in one line.
        doubt: True when it may have arrived after all.
        arrived: When it may have, by the steady clock.
    """

    post: int
    reason: str
    doubt: bool = False
    arrived: float | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """The outcome of a try: the chat cannot be reached, and it waits until that is resumed.

    Attributes:
        post: The post's id.
        reason: Why, in one line.
    """

    post: int
    reason: str


Outcome = Delivery | Retry | Deferral | Failure | Pause
"""The outcome of one try to send something."""
