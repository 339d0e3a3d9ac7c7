"""Sources that run in a test's desk: a scripted roster and finder, and who may change them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from newsdesk import ScriptedSource, TestDesk, desk_over
from stories import CHAT, HandClock
from typing_extensions import override

from bot.chat.attachments import Attachment
from bot.chat.cooldown import Cooldown
from bot.chat.source_edits import SourceEditor, SourcePolicy
from bot.chat.sources import RunningSources
from bot.config.schema import SourceConfig
from bot.config.source_changes import SourceChanges
from bot.errors import ConfigError, SourceError
from bot.ingest.backfill import PastReader
from bot.ingest.ports import NewsSource
from bot.ingest.results import FetchResult
from bot.ingest.source_finder import Discovery, SourceCandidate, SourceFinder, SourceKind
from bot.model import Person, Source
from bot.reply import Reply

OPERATOR = Person("operator", "Olga", moderator=True, operator=True)

CONFIGURED = (
    SourceConfig(id="wire", kind="archive", name="The Wire", paths=("wire.txt",)),
    SourceConfig(
        id="other",
        kind="feed",
        name="Other News",
        url="https://other.example/feed",
        topics=("World",),
    ),
)


def feed(url: str, title: str = "", **more: object) -> SourceCandidate:
    """A candidate that a page names."""
    given = SourceCandidate(url, SourceKind.FEED, Discovery.NAMED, title)
    fields = {name: getattr(given, name) for name in SourceCandidate.__slots__}
    return SourceCandidate(**{**fields, **more})


@dataclass
class ScriptedFinder(SourceFinder):
    """A finder that finds what a test put into `finds`, by the typed address."""

    finds: dict[str, Sequence[SourceCandidate] | SourceError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @override
    async def find(self, address: str) -> Sequence[SourceCandidate]:
        self.asked.append(address)
        found = self.finds[address]
        if isinstance(found, SourceError):
            raise found
        return found


@dataclass
class ScriptedRoster(RunningSources):
    """A roster of which a test sees what is applied; it fails where the test wants that."""

    directory: dict[str, Source]
    gives: dict[str, FetchResult | SourceError] = field(default_factory=dict)
    configured: Sequence[SourceConfig] = CONFIGURED
    added: Sequence[SourceConfig] = ()
    paused: AbstractSet[str] = frozenset()
    refuses: Exception | None = None
    unopened: Mapping[str, str] = field(default_factory=dict)
    past: dict[str, PastReader] = field(default_factory=dict)

    @override
    def open(self, source: SourceConfig) -> NewsSource:
        if source.url in self.unopened:
            raise ConfigError(self.unopened[source.url])
        given = self.gives.get(source.url, FetchResult())
        return ScriptedSource(source.source(), [given])

    @override
    def open_past(self, source: SourceConfig) -> PastReader:
        return self.past[source.url]

    @override
    async def apply(
        self,
        *,
        added: Sequence[SourceConfig] | None = None,
        paused: Collection[str] | None = None,
    ) -> SourceChanges:
        if self.refuses:
            raise self.refuses
        self.added = self.added if added is None else tuple(added)
        self.paused = self.paused if paused is None else frozenset(paused)
        known = {one.id for one in self.configured}
        for gone in self.directory.keys() - known - {one.id for one in self.added}:
            del self.directory[gone]
        self.directory |= {one.id: one.source() for one in self.added}
        return SourceChanges()


@dataclass
class SourcesDesk:
    """A desk whose sources can be changed."""

    desk: TestDesk
    roster: ScriptedRoster
    finder: ScriptedFinder
    editor: SourceEditor

    @property
    def clock(self) -> HandClock:
        return self.desk.clock

    async def ask(
        self, line: str, person: Person = OPERATOR, attachment: Attachment | None = None
    ) -> Reply:
        return await self.desk.dispatcher.answer(line, person, CHAT, attachment)

    async def press(self, reply: Reply, label: str, person: Person = OPERATOR) -> Reply:
        """Presses the only button, or chooses the only entry, with a label."""
        offered = [(one.label, one.action) for one in reply.buttons]
        offered += [(one.name, one.action) for one in reply.entries if one.action]
        (action,) = (action for name, action in offered if name == label)
        return await self.desk.dispatcher.press(action, person, CHAT)

    async def adds(self, *candidates: SourceCandidate) -> None:
        """Adds sources, each found at its own address."""
        for one in candidates:
            self.finder.finds[one.url] = (one,)
            preview = await self.ask(f"/source add {one.url}")
            assert (await self.press(preview, "Add")).ok


def make_changeable(desk: TestDesk) -> SourcesDesk:
    """Lets the sources of a desk be changed."""
    services = desk.dispatcher.services
    directory = services.sources
    assert isinstance(directory, dict)
    roster, finder = ScriptedRoster(directory), ScriptedFinder()
    editor = SourceEditor(
        desk.store.source_edits, roster, desk.clock, SourcePolicy(), Cooldown(desk.clock)
    )
    services.roster, services.source_editor = roster, editor
    services.source_finder = finder
    return SourcesDesk(desk, roster, finder, editor)


@asynccontextmanager
async def sources_desk_over(path: Path) -> AsyncIterator[SourcesDesk]:
    """Opens a desk whose sources can be changed."""
    async with desk_over(path) as desk:
        yield make_changeable(desk)
