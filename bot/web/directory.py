"""Directories of the website: topics in sections, sources, and what is alive."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.chat.request import page_count
from bot.commands.topic_list import in_sections
from bot.ingest.topics.activity import TopicActivity
from bot.web.addresses import source_path, topic_path
from bot.web.model import Place, PlaceList, TopicSection
from bot.web.site import Site

_ALIVE = 14  # topics of the front page
_SOURCES = 300  # of a page
_MOST = 300  # topics of the directory, which is a page to be read


async def topic_sections(site: Site) -> Sequence[TopicSection]:
    """Returns all topics in sections, as `/topics` has them.

    Raises:
        StoreError: The store cannot be read.
    """
    now = site.services.clock.now()
    known = in_sections(await _activity(site), now)[:_MOST]
    gettext = site.services.translations.gettext
    return [
        TopicSection(gettext(title), [_place(one) for _, one in members])
        for title, members in groupby(known, key=lambda pair: pair[0])
    ]


async def lively_topics(site: Site) -> Sequence[Place]:
    """Returns the topics of which there is most at present; where nothing is new, the largest."""
    known = [one for one in await _activity(site) if one.stories]
    ranked = sorted(known, key=lambda one: (-one.recent, -one.stories, one.name.casefold()))
    return [_place(one) for one in ranked[:_ALIVE]]


async def _activity(site: Site) -> Sequence[TopicActivity]:
    services = site.services
    if services.topic_upkeep:
        await services.topic_upkeep.refresh()
    return await services.store.topics.activity(services.clock.now())


def _place(topic: TopicActivity) -> Place:
    return Place(topic.name, topic_path(topic.name), topic.stories, topic.is_rising)


async def sources(site: Site, page: int = 1) -> PlaceList:
    """Returns a page of all sources, with how many stories each has.

    Raises:
        StoreError: The store cannot be read.
    """
    states = await site.services.store.sources.states()
    known = list(site.services.sources.values())
    first = (page - 1) * _SOURCES
    places = [
        Place(one.name, source_path(one.id), states[one.id].stories if one.id in states else 0)
        for one in known[first : first + _SOURCES]
    ]
    return PlaceList(places, page, page_count(len(known), _SOURCES))
