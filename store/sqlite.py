"""The store that keeps everything in one SQLite file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.errors import StoreError
from bot.ingest.results import FiledStory, Fingerprint, LoadReport, SourceState
from bot.model import Action, Chat, Person, Shown, Story, Topic
from bot.posting.ports import News
from bot.search.ports import ANY, Candidate, Listing
from bot.search.query import Filter, Query, Term
from store import chats, schema, search, sources, stories, vocabulary
from store.connection import SqliteConnections
from store.outbox.queue import SqliteOutbox
from store.schema import problems
from store.subscriptions import SqliteSubscriptions


class SqliteStore:
    """Implements `bot.chat.ports.Store`; the contract of each method stands there.

    Use it as an async context manager, or call `open` and later `aclose`.
    """

    def __init__(self, path: Path) -> None:
        self._connections = SqliteConnections(path)
        self._subscriptions = SqliteSubscriptions(self._connections)
        self._outbox = SqliteOutbox(self._connections)

    @classmethod
    async def open(cls, path: Path, steps: Sequence[schema.Step] = schema.STEPS) -> Self:
        """Opens the file, making it and its folder when there is none.

        Args:
            path: The file.
            steps: The schema, as the steps that lead to it.

        Raises:
            StoreError: It cannot be opened, or is not ours to touch; see `schema.prepare`.
        """
        store = cls(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            await schema.prepare(store._connections, steps)
            await store._connections.open_readers()
        except OSError as error:
            await store.aclose()
            raise StoreError(f"the store {path} cannot be made: {error.strerror}") from error
        except BaseException:
            await store.aclose()
            raise
        return store

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def fingerprints(self, source: str) -> Mapping[str, Fingerprint]:
        """See `bot.chat.ports.Store.fingerprints`."""
        return await stories.fingerprints(self._connections, source)

    @property
    def subscriptions(self) -> SqliteSubscriptions:
        """See `bot.chat.ports.Store.subscriptions`."""
        return self._subscriptions

    @property
    def outbox(self) -> SqliteOutbox:
        """See `bot.chat.ports.Store.outbox`."""
        return self._outbox

    async def write(self, filed: Sequence[FiledStory], news: News | None = None) -> int:
        """See `bot.chat.ports.Store.write`."""
        return await stories.write(self._connections, filed, news)

    async def finish_load(self, report: LoadReport, signature: str) -> None:
        """See `bot.chat.ports.Store.finish_load`."""
        await sources.finish_load(self._connections, report, signature)

    async def source_states(self) -> Mapping[str, SourceState]:
        """See `bot.chat.ports.Store.source_states`."""
        return await sources.source_states(self._connections)

    async def set_topics(self, topics: Sequence[Topic]) -> None:
        """See `bot.chat.ports.Store.set_topics`."""
        await stories.set_topics(self._connections, topics)

    async def topic_counts(self) -> Mapping[str, int]:
        """See `bot.chat.ports.Store.topic_counts`."""
        return await stories.topic_counts(self._connections)

    async def latest(self, within: Filter, limit: int, offset: int = 0) -> Listing:
        """See `bot.chat.ports.Store.latest`."""
        return await stories.latest(self._connections, within, limit, offset)

    async def stories(self, ids: Sequence[str]) -> Sequence[Story]:
        """See `bot.chat.ports.Store.stories`."""
        return await stories.by_ids(self._connections, ids)

    async def seen(self, story: str) -> datetime | None:
        """See `bot.chat.ports.Store.seen`."""
        return await stories.seen(self._connections, story)

    async def new_since(self, seen: datetime, published: datetime, limit: int) -> Listing:
        """See `bot.chat.ports.Store.new_since`."""
        return await chats.new_since(self._connections, seen, published, limit)

    async def looked(self, platform: str, person: Person) -> datetime | None:
        """See `bot.chat.ports.Store.looked`."""
        return await chats.looked(self._connections, platform, person)

    async def look(self, platform: str, person: Person, at: datetime) -> None:
        """See `bot.chat.ports.Store.look`."""
        await chats.look(self._connections, platform, person, at)

    async def candidates(self, query: Query, within: Filter, limit: int) -> Sequence[Candidate]:
        """See `bot.chat.ports.Store.candidates`."""
        return await search.candidates(self._connections, query, within, limit)

    async def holders(
        self, terms: Sequence[Term], within: Filter, limit: int, asked: Query = ANY
    ) -> Sequence[Sequence[int]]:
        """See `bot.chat.ports.Store.holders`."""
        return await search.holders(self._connections, terms, within, limit, asked)

    async def by_numbers(self, numbers: Sequence[int]) -> Mapping[int, Candidate]:
        """See `bot.chat.ports.Store.by_numbers`."""
        return await search.by_numbers(self._connections, numbers)

    async def words_since(self, revision: int) -> tuple[int, Mapping[str, int]]:
        """See `bot.chat.ports.Store.words_since`."""
        return await vocabulary.words_since(self._connections, revision)

    async def titles_since(self, revision: int) -> tuple[int, Mapping[int, str]]:
        """See `bot.chat.ports.Store.titles_since`."""
        return await stories.titles_since(self._connections, revision)

    async def remember_shown(self, lists: Sequence[tuple[Chat, Person, Shown]]) -> None:
        """See `bot.chat.ports.Store.remember_shown`."""
        await chats.remember_shown(self._connections, lists)

    async def shown(self, chat: Chat, person: Person) -> Shown | None:
        """See `bot.chat.ports.Store.shown`."""
        return await chats.shown_last(self._connections, chat, person)

    async def remember_actions(self, actions: Mapping[str, Action]) -> None:
        """See `bot.chat.ports.Store.remember_actions`."""
        await chats.remember_actions(self._connections, actions)

    async def action(self, token: str) -> Action | None:
        """See `bot.chat.ports.Store.action`."""
        return await chats.action(self._connections, token)

    async def settings(self, chat: Chat) -> Mapping[str, str]:
        """See `bot.chat.ports.Store.settings`."""
        return await chats.settings(self._connections, chat)

    async def set_setting(self, chat: Chat, name: str, value: str | None) -> None:
        """See `bot.chat.ports.Store.set_setting`."""
        await chats.set_setting(self._connections, chat, name, value)

    async def move_chat(self, old: Chat, new: Chat) -> None:
        """See `bot.chat.ports.Store.move_chat`."""
        await chats.move_chat(self._connections, old, new)

    async def note(self, name: str) -> str:
        """See `bot.chat.ports.Store.note`."""
        return await chats.note(self._connections, name)

    async def set_note(self, name: str, value: str) -> None:
        """See `bot.chat.ports.Store.set_note`."""
        await chats.set_note(self._connections, name, value)

    async def check(self) -> Sequence[str]:
        """See `bot.chat.ports.Store.check`."""
        return await problems(self._connections)

    async def aclose(self) -> None:
        """See `bot.chat.ports.Store.aclose`."""
        await self._outbox.aclose()
        await self._connections.aclose()
