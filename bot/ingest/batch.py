"""The batch: stories and all that follows from them, as the store writes it in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.ingest.events.placement import Placement
from bot.ingest.results import StoryRecord
from bot.posting.model import HeadlineEdit, RoutedPost


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The stories of all other sources than one, as they were when a batch was decided.

    Attributes:
        source: The source that gives the stories of the batch.
        revision: The revision of the stories; see `IngestStore.revision`.
    """

    source: str
    revision: int


@dataclass(frozen=True, slots=True)
class StoryBatch:
    """Stories with their posts and edits, decided whole before anything is written.

    Attributes:
        stories: The stories, new and changed, with the topics that they belong to. Of a story that
            is there twice the last counts.
        now: The time: when new stories were first seen, and when their posts were made.
        posts: The posts to put into the outbox.
        edits: The stories whose messages are to be edited, each after its new text is written.
        revision: The mark up to which subscriptions were known when the posts were decided; see
            `SubscriptionChanges.since`. None when no subscription was asked.
        places: Where stories belong among events, by their ids, as far as it is known.
        edited_since: The time after which a message was sent that is edited when others tell of
            its event; None for no edits.
        snapshot: By which it was decided what other sources gave before; None where nobody looked.
    """

    stories: Sequence[StoryRecord]
    now: datetime
    posts: Sequence[RoutedPost] = ()
    edits: Sequence[HeadlineEdit] = ()
    revision: int | None = None
    places: Mapping[str, Placement] = field(default_factory=dict)
    edited_since: datetime | None = None
    snapshot: Snapshot | None = None
