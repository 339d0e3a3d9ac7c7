"""What a handler is given: the question, who asks it, and what it may use to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.chat.command import Command, Registry
from bot.chat.last_list import LastLists
from bot.chat.ports import Store
from bot.chat.settings import ChatSettings
from bot.clock import Clock
from bot.i18n import Translations
from bot.ingest.poller import Poller
from bot.model import Chat, Person, Shown, Source, Story, Topic
from bot.reply import Action, Button, Card, Reply, Role
from bot.search.engine import SearchEngine
from bot.search.related import RelatedStories


@dataclass(frozen=True, slots=True)
class Services:
    """What the handlers use; put together once, by the composition root.

    Attributes:
        store: Keeps the stories.
        clock: Tells the time.
        words: The bot's own words.
        zone: The time zone that readers are shown times in.
        sources: Every source, by id.
        topics: Every topic.
        search: Finds stories by words.
        related: Finds stories about the same.
        poller: Looks at the sources.
        settings: What is set for each chat.
        page_size: Stories a page.
        reload_cooldown: Seconds that must pass between two reloads.
    """

    store: Store
    clock: Clock
    words: Translations
    zone: ZoneInfo
    sources: Mapping[str, Source]
    topics: Sequence[Topic]
    search: SearchEngine
    related: RelatedStories
    poller: Poller
    settings: ChatSettings
    page_size: int = 5
    reload_cooldown: float = 30.0

    def source(self, text: str) -> Source | None:
        """The source that a text names by id or by name, in any case of letters."""
        typed = text.casefold()
        named = (s for s in self.sources.values() if typed in {s.id.casefold(), s.name.casefold()})
        return next(named, None)

    def topic(self, text: str) -> Topic | None:
        """The topic that a text names, in any case of letters."""
        typed = text.casefold()
        return next((topic for topic in self.topics if topic.key == typed), None)


@dataclass(frozen=True, slots=True)
class Request:
    """One question.

    Attributes:
        services: What may be used to answer.
        registry: Every command.
        command: The command that is asked for.
        options: What was given to it, checked: only options it has, none empty.
        person: Who asks.
        chat: Where.
        lists: What people were last shown.
    """

    services: Services
    registry: Registry
    command: Command
    options: Mapping[str, str]
    person: Person
    chat: Chat
    lists: LastLists

    async def last_shown(self) -> Shown | None:
        """The list of stories that the person was last shown here."""
        return await self.lists.get(self.chat, self.person)

    def gettext(self, message: str) -> str:
        """Says one of the bot's own messages in the reader's language."""
        return self.services.words.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Says one of the bot's own messages about `count` things."""
        return self.services.words.ngettext(one, many, count)

    def text(self, option: str) -> str:
        """What was given for an option; an empty text when nothing was."""
        return self.options.get(option, "")

    @property
    def page(self) -> int:
        """The page that is asked for, counted from 1."""
        return int(self.options.get("page", "1"))

    @property
    def action(self) -> Action:
        """This question without its page: what asks for the same list again."""
        given = tuple((k, v) for k, v in self.options.items() if k != "page")
        return Action(self.command.name, given)

    def source_name(self, source: str) -> str:
        """A source as readers see it; its id when it is in the configuration no more."""
        known = self.services.sources.get(source)
        return known.name if known else source


def page_count(total: int, size: int) -> int:
    """How many pages `total` things take; at least one."""
    return max(1, -(-total // size))


def cards(
    request: Request, stories: Sequence[Story], first: int, scores: Sequence[float] = ()
) -> tuple[Card, ...]:
    """Cards for stories of one page, numbered from `first`."""
    return tuple(
        Card(story, request.source_name(story.source), first + i, scores[i] if scores else None)
        for i, story in enumerate(stories)
    )


def list_buttons(request: Request, shown: Sequence[Card], pages: int) -> tuple[Button, ...]:
    """Next, previous, and one button to read each story shown."""
    read = (
        Button(
            card.story.title, Action("read", (("story", card.story.id),)), Role.READ, card.number
        )
        for card in shown
    )
    return (*page_buttons(request, pages), *read)


def page_buttons(request: Request, pages: int) -> tuple[Button, ...]:
    """Next and previous, where there is a next or a previous page."""
    _ = request.gettext
    buttons = []
    if request.page > 1:
        buttons.append(Button(_("Previous"), _turned(request, request.page - 1), Role.PREVIOUS))
    if request.page < pages:
        buttons.append(Button(_("Next"), _turned(request, request.page + 1), Role.NEXT))
    return tuple(buttons)


def _turned(request: Request, page: int) -> Action:
    action = request.action
    return Action(action.command, (*action.options, ("page", str(page))))


def story_page(
    request: Request, stories: Sequence[Story], total: int, scores: Sequence[float] = ()
) -> Reply:
    """The reply that shows one page of a list of stories, still without words of its own."""
    size = request.services.page_size
    pages = page_count(total, size)
    shown = cards(request, stories, (request.page - 1) * size + 1, scores)
    return Reply(
        request.command.name,
        cards=shown,
        page=request.page,
        pages=pages,
        buttons=list_buttons(request, shown, pages),
    )


def window(request: Request) -> tuple[int, int]:
    """How many stories the page holds, and how many come before it."""
    size = request.services.page_size
    return size, (request.page - 1) * size
