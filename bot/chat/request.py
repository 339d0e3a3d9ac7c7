"""Requests to handlers, the services they use, and the pagination of lists of stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.chat.attachments import Attachment
from bot.chat.command import Command
from bot.chat.configuration import RunningConfiguration
from bot.chat.directories import ChatDirectories
from bot.chat.languages import LanguageChooser
from bot.chat.last_list import LastLists
from bot.chat.managed_chats import ManagedChats
from bot.chat.ports import Store
from bot.chat.registry import Registry
from bot.chat.settings import ChatSettings
from bot.chat.source_edits import SourceEditor
from bot.chat.sources import RunningSources
from bot.clock import Clock
from bot.i18n import Translations
from bot.ingest.poller import Poller
from bot.ingest.source_finder import SourceFinder
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.live_mapping import DerivedMapping
from bot.logins.logins import Logins
from bot.model import Chat, Desk, Person, Shown, Source, Story, Topic
from bot.monitoring.gauges import ProcessGauges
from bot.posting.digest import DisplayNames
from bot.posting.page_links import PageLinks
from bot.posting.router import FloodLimits
from bot.precedence import Precedence
from bot.reply import Action, Button, Card, Reply, Role, Snippet
from bot.search.engine import SearchEngine
from bot.search.meaning.ports import ResultCompleter
from bot.search.related import RelatedStories
from bot.text.name_keys import name_key
from bot.threads import Foreground
from bot.trends.ports import PictureRenderer


@dataclass(slots=True)
class Services:
    """The services that handlers use; put together once, by the composition root.

    It alone changes what the configuration says (`zone`, `page_size`, `reload_cooldown`, `desk`).

    Attributes:
        store: Keeps the stories.
        clock: Tells the time.
        translations: The bot's own messages, in the language that is being spoken.
        zone: The time zone that readers are shown times in.
        sources: Every source, by id.
        topics: Every topic.
        search: Finds stories by words.
        related: Finds stories about the same.
        poller: Polls the sources.
        settings: The settings of each chat.
        page_size: Stories a page.
        reload_cooldown: Seconds that must pass between two reloads of a source.
        desk: The desk, as its operator introduces it.
        meaning: Completes what is found by words; None where that is all.
        pictures: Draws pictures; None where the extra for that is not installed.
        topic_upkeep: Keeps the topics that are found; None where none are.
        pages: Links to stories' pages on the desk's own website; None without one.
        roster: Changes the sources that run; None where they are what they are.
        source_editor: Keeps what people change of them, and puts it to work; None as for `roster`.
        source_finder: Finds the sources that an address means; None where nothing is fetched.
        configuration: Reads the configuration again; None where it stays what it is.
        flood_limits: The limits that keep chats from being flooded.
        directories: The chats of each platform that is served.
        foreground: Counts the answers that are being made.
        in_chats: Counts those that are made for somebody in a chat, which go before pages.
        logins: Lets people in at the desk on the web; None where there is none.
        gauges: What the process that serves knows of itself.
    """

    store: Store
    clock: Clock
    translations: Translations
    zone: ZoneInfo
    sources: Mapping[str, Source]
    topics: Sequence[Topic]
    search: SearchEngine
    related: RelatedStories
    poller: Poller
    settings: ChatSettings
    page_size: int = 5
    reload_cooldown: float = 30.0
    desk: Desk = field(default_factory=Desk)
    meaning: ResultCompleter | None = None
    pictures: PictureRenderer | None = None
    topic_upkeep: TopicUpkeep | None = None
    pages: PageLinks | None = None
    roster: RunningSources | None = None
    source_editor: SourceEditor | None = None
    source_finder: SourceFinder | None = None
    configuration: RunningConfiguration | None = None
    flood_limits: FloodLimits = field(default_factory=FloodLimits)
    directories: ChatDirectories = field(default_factory=ChatDirectories)
    foreground: Foreground = field(default_factory=Foreground)
    in_chats: Precedence = field(default_factory=Precedence)
    logins: Logins | None = None
    gauges: ProcessGauges = field(default_factory=ProcessGauges)

    @property
    def languages(self) -> LanguageChooser:
        """The chooser of languages for readers and chats."""
        return LanguageChooser(self.settings, self.translations)

    @property
    def names(self) -> DisplayNames:
        """The display names of the sources, and the bot's own words, for what is posted."""
        named = DerivedMapping(self.sources, lambda one: one.name)
        icons = DerivedMapping(self.sources, lambda one: one.icon)
        return DisplayNames(self.translations, named, pages=self.pages, icons=icons)

    @property
    def paused(self) -> AbstractSet[str]:
        """The ids of the sources that are not polled for now."""
        return self.roster.paused if self.roster else frozenset()

    def source(self, text: str) -> Source | None:
        """Returns the source that a text names by id or by name, in any case of letters."""
        typed = text.casefold()
        named = (s for s in self.sources.values() if typed in {s.id.casefold(), s.name.casefold()})
        return next(named, None)

    def topic(self, text: str) -> Topic | None:
        """Returns the topic that a text names, in any case of letters, or by a variant."""
        typed = text.casefold()
        exact = next((topic for topic in self.topics if topic.key == typed), None)
        key = "" if exact else name_key(text)
        return exact or next((topic for topic in self.topics if key and key in topic.keys), None)


@dataclass(frozen=True, slots=True)
class Request:
    """One question.

    Attributes:
        services: The services that may be used to answer.
        registry: Every command.
        command: The command that is asked for.
        options: The options that were given, checked: only those it has, none empty.
        person: The person who asks.
        chat: The chat that is asked from.
        lists: The lists that people were last shown.
        managed: The chats that people have chosen to set up from their private chats.
        asked_in: The private chat that is asked from about `chat`; None where they are the same.
        attachment: The file that came with it; None for none.
    """

    services: Services
    registry: Registry[Request]
    command: Command[Request]
    options: Mapping[str, str]
    person: Person
    chat: Chat
    lists: LastLists
    managed: ManagedChats
    asked_in: Chat | None = None
    attachment: Attachment | None = None

    async def last_shown(self) -> Shown | None:
        """Returns the list of stories that the person was last shown here."""
        return await self.lists.get(self.asked_in or self.chat, self.person)

    @property
    def words(self) -> Translations:
        """The bot's own words, in the language that is being spoken."""
        return self.services.translations

    def gettext(self, message: str) -> str:
        """Translates one of the bot's own messages."""
        return self.services.translations.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translates one of the bot's own messages about `count` things."""
        return self.services.translations.ngettext(one, many, count)

    def text(self, option: str) -> str:
        """Returns the value of an option; an empty text when none was given."""
        return self.options.get(option, "")

    @property
    def page(self) -> int:
        """The page that is asked for, counted from 1."""
        return int(self.options.get("page", "1"))

    @property
    def action(self) -> Action:
        """The action that asks for the same list again, without its page."""
        given = tuple((k, v) for k, v in self.options.items() if k != "page")
        return Action(self.command.name, given)

    def source_name(self, source: str) -> str:
        """Returns the name of a source; its id when the configuration no longer has it."""
        known = self.services.sources.get(source)
        return known.name if known else source


def page_count(total: int, size: int) -> int:
    """Returns the number of pages that `total` things take; at least one."""
    return max(1, -(-total // size))


def cards(
    request: Request,
    stories: Sequence[Story],
    first: int,
    scores: Sequence[float] = (),
    snippets: Sequence[Snippet | None] = (),
) -> tuple[Card, ...]:
    """Makes cards for the stories of one page, numbered from `first`."""
    names = request.services.names
    return tuple(
        names.card(
            story,
            number=first + at,
            score=scores[at] if scores else None,
            snippet=snippets[at] if snippets else None,
        )
        for at, story in enumerate(stories)
    )


def list_buttons(request: Request, page: Sequence[Card], pages: int) -> tuple[Button, ...]:
    """Makes the buttons next and previous, and one to read each story of the page."""
    label = request.gettext("Read {number}")
    read = (
        Button(
            card.story.title,
            request.registry.read(card.story.id),
            Role.READ,
            card.number,
            label.format(number=card.number),
        )
        for card in page
    )
    return (*page_buttons(request, pages), *read)


def page_buttons(request: Request, pages: int) -> tuple[Button, ...]:
    """Makes the buttons next and previous, where there is a next or a previous page."""
    _ = request.gettext
    buttons = []
    if request.page > 1:
        buttons.append(Button(_("Previous"), _to_page(request, request.page - 1), Role.PREVIOUS))
    if request.page < pages:
        buttons.append(Button(_("Next"), _to_page(request, request.page + 1), Role.NEXT))
    return tuple(buttons)


def _to_page(request: Request, page: int) -> Action:
    action = request.action
    return Action(action.command, (*action.options, ("page", str(page))))


def story_page(
    request: Request,
    stories: Sequence[Story],
    total: int,
    scores: Sequence[float] = (),
    snippets: Sequence[Snippet | None] = (),
) -> Reply:
    """Makes the reply that shows one page of a list of stories, without a title or a text."""
    size = request.services.page_size
    pages = page_count(total, size)
    page = cards(request, stories, (request.page - 1) * size + 1, scores, snippets)
    return Reply(
        request.command.name,
        cards=page,
        page=request.page,
        pages=pages,
        buttons=list_buttons(request, page, pages),
    )


def window(request: Request) -> tuple[int, int]:
    """Returns the limit and the offset of the page: its stories, and those before it."""
    size = request.services.page_size
    return size, (request.page - 1) * size
