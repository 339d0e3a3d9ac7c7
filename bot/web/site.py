"""The site: gathers what its pages show, from the store and by the bot's own commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from bot.chat.desk import desk_about, desk_name
from bot.chat.dispatcher import NOWHERE, Dispatcher
from bot.chat.request import Services, page_count
from bot.model import Paragraph, Person, Source, Story, Topic
from bot.posting.page_links import PageLinks
from bot.precedence import coming_second
from bot.reply import Card, Reply, Role
from bot.search.query import Filter
from bot.web.addresses import action_path, source_path, topic_path
from bot.web.model import Place, StoryList, StoryPage
from bot.web.related import RelatedMemory
from bot.web.text_pages import text_pages

PAGE_SIZE = 20
"""Stories on a page of a list."""

RESULTS = 10
"""Stories on a page of what a search has found: most find theirs among the first."""

FEED_SIZE = 50
"""Stories of a feed."""

_RELATED = 6
_FIRST = 3  # stories that a search has found, at which readers look first
_TIMELINE = 15
_READER = Person("web")
_MOST_PAGES = 500  # of a list: what is behind is found by days, topics and words


@dataclass(frozen=True, slots=True)
class Site:
    """The desk's website.

    Attributes:
        dispatcher: Answers questions.
        links: Makes addresses of pages.
        related: Finds stories about the same.
    """

    dispatcher: Dispatcher
    links: PageLinks
    related: RelatedMemory = field(default_factory=RelatedMemory)

    @property
    def services(self) -> Services:
        """The services that the bot's handlers use."""
        return self.dispatcher.services

    @property
    def name(self) -> str:
        """The site's name."""
        return desk_name(self.services)

    @property
    def about(self) -> str:
        """A sentence about it, in the language that is being spoken."""
        services = self.services
        if services.desk.about or not services.sources:
            return desk_about(services)
        names = services.translations.join(one.name for one in services.sources.values())
        return services.translations.gettext("News from {sources}").format(sources=names)

    def is_whole(self, story: Story) -> bool:
        """Tells whether a story's text may be shown: it is on no other page, or its source may."""
        source = self.services.sources.get(story.source)
        return not story.url or (source is not None and source.whole_on_web)

    def body(self, story: Story) -> Sequence[Paragraph]:
        """Returns as much of a story's text as may be shown."""
        return story.paragraphs if self.is_whole(story) else ()

    def card(self, story: Story) -> Card:
        """Returns a story as lists show it."""
        return replace(self.services.names, pages=None).card(story)

    async def revision(self) -> str:
        """Returns a text that is another one once there is something else to show.

        Raises:
            StoreError: The store cannot be read.
        """
        return await self.services.store.stories.revision()

    async def front(self, page: int = 1) -> StoryList:
        """Returns a page of the newest stories of all."""
        return replace(await self._list(Filter(), page), feed="/feed")

    async def of_topic(self, topic: Topic, page: int = 1) -> StoryList:
        """Returns a page of a topic's newest stories."""
        found = await self._list(Filter(topic=topic.name), page)
        return replace(found, title=topic.name, feed=f"{topic_path(topic.name)}/feed")

    async def of_source(self, source: Source, page: int = 1) -> StoryList:
        """Returns a page of a source's newest stories."""
        found = await self._list(Filter(source=source.id), page)
        return replace(found, title=source.name, feed=f"{source_path(source.id)}/feed")

    async def within(self, within: Filter, page: int = 1) -> StoryList:
        """Returns a page of the newest stories that fit a filter."""
        return await self._list(within, page)

    async def newest(self, within: Filter, limit: int = FEED_SIZE) -> Sequence[Story]:
        """Returns the newest stories that fit a filter, one alone of those that tell the same."""
        return (await self.services.store.stories.latest(within, limit, once=True)).stories

    async def _list(self, within: Filter, page: int) -> StoryList:
        stories = self.services.store.stories
        found = await stories.latest(within, PAGE_SIZE, (page - 1) * PAGE_SIZE, once=True)
        pages = min(page_count(found.total, PAGE_SIZE), _MOST_PAGES)
        cards = tuple(map(self.card, found.stories))
        self.related.expect(found.stories)
        return StoryList("", cards, page, pages, total=found.total)

    async def search(self, words: str, page: int = 1) -> StoryList:
        """Returns a page of what `/search` answers."""
        options = {"words": words, "page": str(page)}
        reply = await self.ask("search", options, RESULTS)
        self.related.expect(card.story for card in reply.cards[:_FIRST])
        offers = [
            Place(one.label, path)
            for one in reply.buttons
            if one.role is Role.OFFER and (path := action_path(one.action))
        ]
        return StoryList(
            reply.title or self.services.translations.gettext("Search"),
            reply.cards,
            reply.page,
            reply.pages,
            (*reply.notes, *reply.text),
            offers,
            "/search/feed",
            urlencode({"q": words}),
        )

    async def ask(self, command: str, options: Mapping[str, str], size: int = PAGE_SIZE) -> Reply:
        """Returns what a command answers a reader of the site, who is remembered nowhere.

        Raises:
            StoreError: The store cannot be read.
        """
        services = replace(self.services, page_size=size, pages=None)
        asked = self.dispatcher.with_services(services)
        return await asked.dispatch(command, options, _READER, NOWHERE)

    async def suggest(self, partial: str) -> Sequence[str]:
        """Returns what a search that is being typed may become, the likeliest first."""
        found = await self.dispatcher.complete("search", "words", partial, _READER)
        return [one.value for one in found]

    async def story(self, story_id: str, page: int = 1) -> StoryPage | None:
        """Returns a page of a story; None for one that is not there.

        Args:
            story_id: The story.
            page: Which page of its text, counted from 1; the last one for one that there is not.
        """
        store = self.services.store
        event = await store.events.of_story(story_id)
        told = event.stories if event else await store.stories.by_ids([story_id])
        story = next((one for one in told if one.id == story_id), None)
        if story is None:
            return None
        told = told if len(told) > 1 else ()
        timeline = tuple(map(self.card, told[-_TIMELINE:]))
        related = await self._related(story, {one.id for one in told} | {story.id})
        pages = text_pages(self.body(story))
        number = min(page, len(pages))
        return StoryPage(
            self.card(story),
            pages[number - 1],
            timeline,
            related or (),
            is_complete=related is not None,
            page=number,
            pages=len(pages),
        )

    async def one(self, story_id: str) -> Story | None:
        """Returns a story by itself; None for one that is not there."""
        return next(iter(await self.services.store.stories.by_ids([story_id])), None)

    async def _related(self, story: Story, but: set[str]) -> Sequence[Card] | None:
        """Returns stories about the same that are not named elsewhere on the page.

        Returns:
            None where finding them takes too long for now.
        """
        found = await self.related.of(story, self._find_related)
        if found is None:
            return None
        ids = [one for one in found if one not in but][:_RELATED]
        return tuple(map(self.card, await self.services.store.stories.by_ids(ids)))

    async def _find_related(self, story: Story) -> Sequence[str]:
        hits = await self.services.related.to_story(story, 2 * _RELATED)
        return [hit.id for hit in hits]

    async def keep_related(self) -> None:
        """Finds the related stories of what pages lead to, until it is cancelled."""
        with coming_second():
            await self.related.keep_finding(self._find_related, self.services.foreground)

    async def was_here(self, story_id: str) -> bool:
        """Tells whether a story was here and is kept no longer."""
        return await self.services.store.stories.was_forgotten(story_id)

    def no_stories(self) -> StoryList:
        """Returns the page of a search for nothing."""
        return StoryList(self.services.translations.gettext("Search"), ())
