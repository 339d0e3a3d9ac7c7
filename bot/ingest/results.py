"""Results of polling a source, and how the poll ended. All is frozen; times are in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.ingest.topics.model import StoryName
from bot.ingest.websub.model import HubLinks
from bot.model import Story

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class UnreadablePart:
    """Something in a source that could not be read as a story, and why.

    Attributes:
        where: The file or address.
        line: The line in it, counted from 1; None for the whole of it.
        reason: One line for a moderator.
    """

    where: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        """As compilers write it: `file:line: reason`."""
        place = self.where if self.line is None else f"{self.where}:{self.line}"
        return f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The stories that one poll of a source brought.

    Attributes:
        stories: Oldest first. Their `summary` is what the source itself gives, else empty.
        unreadable: What could not be read.
        signature: Opaque; handed to the next poll so that it may find nothing changed.
        unchanged: True when the source is as it was at the signature that was handed in; `stories`
            is then empty.
        fresh_for: Seconds for which the source says that nothing will be new.
        reached: True when a host on the network answered; None when none was asked.
        warnings: What is wrong with a source of which everything was read all the same.
        hub_links: The hubs that the source names; None when it cannot name any.
        icon: The address of the site's icon, empty for none; None when the source cannot name one.
        set_aside: What is no story for readers and is not meant to be one, such as `draft`, and how
            many there are of each kind.
    """

    stories: tuple[Story, ...] = ()
    unreadable: tuple[UnreadablePart, ...] = ()
    signature: str = ""
    unchanged: bool = False
    fresh_for: float = 0.0
    reached: bool | None = None
    warnings: tuple[UnreadablePart, ...] = ()
    hub_links: HubLinks | None = None
    icon: str | None = None
    set_aside: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Digests of a story, by which a later poll tells new from changed.

    Attributes:
        id: The story's id.
        key: What identifies it within its source.
        content: A digest of all that readers see of it.
        body: A digest of its paragraphs alone; empty when it has none.
        link: Its page; empty when it has none.
        title: Its title.
        published: When it was published, as its source says.
        sketch: A sketch of its text, see `bot.ingest.similarity`; empty for none. No change is told
            by it.
        copied: True when another source gave the story first, and owns its text.
    """

    id: str
    key: str
    content: str
    body: str
    link: str = ""
    title: str = ""
    published: datetime = _LONG_AGO
    sketch: bytes = field(default=b"", compare=False, repr=False)
    copied: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A story as it goes into the store.

    Attributes:
        story: What readers will see.
        fingerprint: Of the story as its source gave it, before the bot added anything of its own.
        evidence: Why it was taken for a known story though its key is new, or for no news; empty
            for a story that speaks for itself. See `bot.ingest.evidence`.
        copied_by: The source that gives it, if that is not the one that gave it first; else empty.
            `fingerprint` is then of what that source gives.
        given_summary: The summary that its source gives; empty for none.
        summary_method: How `story.summary` was made; see `Summariser.method`.
        subject: The key of its broad subject; empty for none. See `SubjectClassifier`.
        subject_method: How its subject was found; see `SubjectAssigner.method`.
        names: The names that the story is about.
        names_method: How they were found; empty when they were not looked for.
    """

    story: Story
    fingerprint: Fingerprint
    evidence: tuple[str, ...] = ()
    copied_by: str = ""
    given_summary: str = ""
    summary_method: str = ""
    subject: str = ""
    subject_method: str = ""
    names: tuple[StoryName, ...] = ()
    names_method: str = ""


class RefusalReason(StrEnum):
    """Reasons for which a story that a source gives is not kept."""

    OLD = "old"  # it is too old, too many are newer, or it was forgotten before
    MANY = "many"  # its source has brought as much as it may on one day


@dataclass(frozen=True, slots=True)
class Refusal:
    """A story that a source gives and that is not kept.

    Attributes:
        title: Its title.
        url: Its page; empty for none.
        reason: Why it is not kept.
    """

    title: str
    url: str
    reason: RefusalReason


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Report on one poll of one source, for moderators and the operator.

    Attributes:
        source: The source's id.
        at: When the poll ended.
        new: Stories that were not known.
        changed: Known stories whose text, title, date or link is another now.
        unchanged: Known stories that are as they were.
        unreadable: What could not be read.
        error: Why the source as a whole could not be read, in one line; empty when it could.
        failures: How many polls in a row have failed.
        next_check: When to poll again; None for when its usual time has come.
        gone: True when the source says that it is no more; only a person has it polled again.
        asked: Seconds that the source asked to wait.
        reached: Whether its host answered; None when no host was asked.
        left_out: New and changed stories that were more than it may bring in a day.
        warnings: What is wrong with a source of which everything was read all the same.
        put_off: True when nothing was asked, since its host is let be for `asked` seconds.
        set_aside: As in `FetchResult`.
        refused: Stories that were not kept, the newest first; of many only some.
    """

    source: str
    at: datetime
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unreadable: tuple[UnreadablePart, ...] = ()
    error: str = ""
    failures: int = 0
    next_check: datetime | None = None
    gone: bool = False
    asked: float = 0.0
    reached: bool | None = None
    left_out: int = 0
    warnings: tuple[UnreadablePart, ...] = ()
    put_off: bool = False
    set_aside: tuple[tuple[str, int], ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """State of a source, as the store knows it.

    Attributes:
        source: The source's id.
        stories: How many stories it has given.
        newest: When its newest story was published; None when it has given none.
        loaded_at: When its first complete load ended; None before that.
        signature: What its last poll left for the next one.
        report: How the last poll ended; None when there was none.
        succeeded_at: When a poll last succeeded; None for never.
        a_day: How many stories it published a day, on average over the thirty days before its
            newest.
        pushed_until: When the lease of its hub ends, which pushes until then; None without a hub.
    """

    source: str
    stories: int = 0
    newest: datetime | None = None
    loaded_at: datetime | None = None
    signature: str = ""
    report: LoadReport | None = None
    succeeded_at: datetime | None = None
    a_day: float = 0.0
    pushed_until: datetime | None = None


def clamp_date(story: Story, now: datetime) -> Story:
    """The story, its date moved back to `now` when it lies in the future.

    A date without a time counts as future only once it is past everywhere on Earth (UTC+14), since
    a dateline is written in its own place's day.
    """
    if not story.date_only:
        return story if story.published <= now else replace(story, published=now)
    latest = (now + timedelta(hours=14)).date()
    if story.published.date() <= latest:
        return story
    today = now.astimezone(UTC).date()
    return replace(story, published=datetime(today.year, today.month, today.day, tzinfo=UTC))
