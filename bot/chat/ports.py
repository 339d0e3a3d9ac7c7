"""Ports of conversations: the chat platforms, and the store of chats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.audit.ports import AuditLog
from bot.changes import ChangeFeed
from bot.chat.staff import Staff
from bot.exchange.ports import ExportStore
from bot.ingest.added_sources import SourceEditStore
from bot.ingest.backfill import BackfillStore
from bot.ingest.events.ports import EventStore
from bot.ingest.ports import PollerStore, SubjectStore, SummaryStore
from bot.ingest.retention import RetentionStore
from bot.ingest.topics.ports import TopicStore
from bot.ingest.websub.ports import WebSubStore
from bot.leadership import LeaderLocks
from bot.logins.ports import LoginStore
from bot.model import Action, Chat, Person, Shown
from bot.monitoring.ports import AlertStore, StatusStore
from bot.posting.ports import PostingStore
from bot.posting.trace_ports import TraceStore
from bot.privacy.ports import PrivacyStore
from bot.search.meaning.ports import VectorStore
from bot.search.ports import SearchStore
from bot.shard_sessions import ShardSessionStore


class Platform(Protocol):
    """A chat platform that the bot is on."""

    @property
    def name(self) -> str:
        """The name that people know it by."""
        ...

    async def serve(self) -> None:
        """Answers there until it is cancelled, through whatever comes and goes meanwhile.

        Raises:
            PlatformError: It makes no sense to go on: the token is refused, for example.
        """
        ...


class AdjustablePlatform(Platform, Protocol):
    """A platform that follows a configuration which changes while the bot runs.

    Its name in small letters is that of its table there, and the `Chat.platform` of its chats.
    """

    @property
    def staff(self) -> Staff:
        """The people whom the configuration names there."""
        ...

    @property
    def is_exclusive(self) -> bool:
        """True when only one process at a time can receive what people say there."""
        ...

    def renew(self) -> None:
        """Has menus and the profile set anew, soon: staff, language or the desk have changed."""
        ...


class ChatStore(Protocol):
    """Store of settings, last lists, buttons and notes. Every method may raise StoreError."""

    async def remember_last_lists(self, lists: Sequence[tuple[Chat, Person, Shown]]) -> None:
        """Stores the list that each person was last shown in a chat, replacing the one before.

        What is older than a month may be forgotten.
        """
        ...

    async def last_list(self, chat: Chat, person: Person) -> Shown | None:
        """Returns the list that this person was last shown in this chat.

        When that is nothing, what anyone was last shown there; None when there is neither.
        """
        ...

    async def own_last_list(self, chat: Chat, person: Person) -> Shown | None:
        """Returns the list that this person was last shown in this chat; None when that is none."""
        ...

    async def remember_actions(self, actions: Mapping[str, Action]) -> None:
        """Stores the actions of buttons by their tokens; what is older than a year may go."""
        ...

    async def action(self, token: str) -> Action | None:
        """Returns the action of a token; None for one that is not known."""
        ...

    async def settings(self, chat: Chat) -> Mapping[str, str]:
        """Returns the settings of a chat that differ from the default, by name."""
        ...

    async def set_setting(self, chat: Chat, name: str, value: str | None) -> None:
        """Changes a setting of a chat; None restores the default."""
        ...

    async def move(self, old: Chat, new: Chat) -> None:
        """Moves all that is stored for a chat to its new id."""
        ...

    async def places(self, platform: str, person: Person, shared: str) -> Sequence[Chat]:
        """Returns chats of a platform that are known from anything that is stored; some at most.

        Those come first in which the person has done something, then those of the latest use.

        Args:
            platform: The platform.
            person: The person.
            shared: A pattern (with `*`) of the ids that matter.
        """
        ...

    async def remember_place(self, chat: Chat, now: datetime) -> None:
        """Remembers that the bot is in a chat; of very many, those heard of last."""
        ...

    async def forget_place(self, chat: Chat) -> None:
        """Forgets that the bot is in a chat."""
        ...

    async def note(self, name: str) -> str:
        """Returns what an adapter noted under a name; an empty text for nothing."""
        ...

    async def set_note(self, name: str, value: str) -> None:
        """Stores a note for an adapter's next start, replacing the one before."""
        ...

    async def last_catchup(self, platform: str, person: Person) -> datetime | None:
        """Returns the time of a person's last catchup; None for never."""
        ...

    async def remember_catchup(self, platform: str, person: Person, at: datetime) -> None:
        """Stores the time of a person's catchup; one before the last changes nothing."""
        ...


class Store(PollerStore, PostingStore, Protocol):
    """The whole store: the sum of what each package needs.

    Any method of any part may raise StoreError. Every write is whole or absent, whatever happens to
    the process. Reads see only whole writes, and never wait for one. Methods may be called at once
    from any number of tasks of one event loop.
    """

    @property
    def search(self) -> SearchStore:
        """The search index."""
        ...

    @property
    def chats(self) -> ChatStore:
        """The store of settings, last lists, buttons and notes."""
        ...

    @property
    def subjects(self) -> SubjectStore:
        """The store of how subjects were found."""
        ...

    @property
    def summaries(self) -> SummaryStore:
        """The store of how summaries were made."""
        ...

    @property
    def topics(self) -> TopicStore:
        """The store of found topics."""
        ...

    @property
    def events(self) -> EventStore:
        """The store of which stories are of one event."""
        ...

    @property
    def vectors(self) -> VectorStore:
        """The store of what stories mean."""
        ...

    @property
    def websub(self) -> WebSubStore:
        """The store of subscriptions at hubs."""
        ...

    @property
    def source_edits(self) -> SourceEditStore:
        """The store of what people changed of the sources."""
        ...

    @property
    def exports(self) -> ExportStore:
        """All stories, to be written elsewhere."""
        ...

    @property
    def retention(self) -> RetentionStore:
        """Forgets stories."""
        ...

    @property
    def privacy(self) -> PrivacyStore:
        """The store of what is kept about people."""
        ...

    @property
    def trace(self) -> TraceStore:
        """The ways of stories into chats."""
        ...

    @property
    def audit(self) -> AuditLog:
        """The list of what moderators have changed."""
        ...

    @property
    def logins(self) -> LoginStore:
        """The store of links and sessions of the desk on the web."""
        ...

    @property
    def backfills(self) -> BackfillStore:
        """Remembers how far backfills are."""
        ...

    @property
    def alerts(self) -> AlertStore:
        """The store of what the operator was told."""
        ...

    @property
    def status(self) -> StatusStore:
        """The store's contents, counted."""
        ...

    @property
    def changes(self) -> ChangeFeed:
        """The feed of what other processes over the same store have changed."""
        ...

    @property
    def leader_locks(self) -> LeaderLocks:
        """The locks by which one of the processes that share the store leads."""
        ...

    @property
    def shard_sessions(self) -> ShardSessionStore:
        """The store of sessions with platforms that another process may resume."""
        ...

    @property
    def is_new(self) -> bool:
        """True when there was no store before it was opened."""
        ...

    async def check(self) -> Sequence[str]:
        """Checks everything for damage; a line for each problem, none when it is whole."""
        ...

    async def release_memory(self) -> None:
        """Gives the memory back that is kept to answer sooner, and comes again when it is needed.

        Raises:
            StoreError: The store is closed, or cannot be read.
        """
        ...

    async def check_in_place(self) -> None:
        """Makes sure that the store is where it was opened; else refuses every further use.

        Raises:
            StoreGoneError: It was deleted, moved or replaced.
        """
        ...

    async def aclose(self) -> None:
        """Closes every resource; closing twice is harmless, any other call is an error."""
        ...


class StoreFiles(Protocol):
    """Backups of a store, and repairs. Every method may raise StoreError."""

    async def backup(self, target: Path, *, force: bool = False) -> None:
        """Writes a checked copy of the store to a file, while others use the store or not.

        The file appears whole or not at all, readable by its owner alone.

        Args:
            target: The file.
            force: Replace a file that is there.

        Raises:
            StoreError: There is such a file, the copy is damaged, or cannot be written.
        """
        ...

    async def restore(self, backup: Path, now: datetime, *, post: bool = False) -> Path | None:
        """Puts a checked copy of a backup in the place of the store, which no process may use.

        Args:
            backup: The file; it stays as it is.
            now: The time.
            post: False to post nothing of what the backup has still to post, and nothing that the
                next look at each source brings: it may have been posted since the backup was made.

        Returns:
            Where the store was put that was there before; None when there was none.

        Raises:
            StoreBusyError: A process uses the store.
            StoreError: The backup is damaged or no store, or cannot be put there.
        """
        ...

    async def rescue(self, target: Path) -> Mapping[str, int]:
        """Saves what can be read of a damaged store into a new one, which is a new file.

        Returns:
            How many things of each kind were saved, by what the operator calls them.
        """
        ...
