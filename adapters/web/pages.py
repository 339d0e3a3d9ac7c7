"""The pages for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from adapters.web.content import PAGE_AGE, Content, GoneError, MovedError, NotFoundError
from adapters.web.documents import canonical, describe, news_article, web_address, website
from adapters.web.render import View, as_data
from adapters.web.teasers import MOST_TOPICS
from bot.model import Source, Topic
from bot.posting.page_links import story_path, story_slug
from bot.text.urls import split_url
from bot.web import archive, directory
from bot.web.addresses import named_topic, topic_path
from bot.web.model import StoryList, StoryPage

_LAST_YEAR = 9_998  # after which no calendar here knows a next one
_LEADS = 4  # stories of the front page that stand above the others
_LATELY = timedelta(hours=36)  # within which a story may still lead


async def front(view: View) -> Content:
    """The front page: what leads, and what else is new."""
    found = await view.site.front(view.asked.page)
    if found.page == 1:
        found = _with_lead(found)
    topics = await directory.lively_topics(view.site) if found.page == 1 else ()
    return Content(
        view.page(
            "front.html",
            found=found,
            leads=found.cards[:_LEADS] if found.page == 1 else (),
            rest=found.cards[_LEADS:] if found.page == 1 else found.cards,
            topics=topics,
            data=as_data(website(view)),
            active="/",
            description=view.site.about,
            canonical=view.public("/") if found.page == 1 else "",
        )
    )


def _with_lead(found: StoryList) -> StoryList:
    """Puts the story that most sources tell before the others, of those that are new."""
    if not found.cards:
        return found
    newest = found.cards[0].story.published
    new = [one for one in found.cards if newest - one.story.published <= _LATELY]
    lead = max(new, key=lambda card: len({*card.story.told_by, *card.story.also}))
    rest = (one for one in found.cards if one is not lead)
    return StoryList(
        found.title,
        (lead, *rest),
        found.page,
        found.pages,
        feed=found.feed,
        total=found.total,
    )


async def story(view: View) -> Content:
    """A story, or a page of a long one, at the address that its headline has now."""
    page = await view.site.story(view.asked.parts["story"], view.asked.page)
    if page is None:
        if await view.site.was_here(view.asked.parts["story"]):
            raise GoneError
        raise NotFoundError
    if view.asked.parts["slug"] != story_slug(page.story):
        raise MovedError(story_path(page.story))
    if page.page != view.asked.page:
        raise NotFoundError
    return Content(
        view.page("story.html", **_told(view, page)),
        max_age=PAGE_AGE if page.is_complete else 0,
        is_kept=page.is_complete,
    )


def _told(view: View, page: StoryPage) -> Mapping[str, object]:
    """Returns what the template of a story says."""
    story, is_whole = page.story, view.site.is_whole(page.story)
    return {
        "page": page,
        "story": story,
        "tags": story.topics[:MOST_TOPICS],
        "is_whole": is_whole,
        "origin": web_address(story.url),
        "host": _host(story.url),
        "image": web_address(story.image),
        "data": as_data(news_article(view, page)),
        "canonical": canonical(view, story, page.page),
        "address": view.public(story_path(story)),
        "description": describe(story.summary),
        "robots": "" if is_whole else "noindex, follow",
    }


def _host(url: str | None) -> str:
    parts = split_url(url) if url else None
    return (parts.hostname or "").removeprefix("www.") if parts else ""


async def topics(view: View) -> Content:
    """All topics, in sections."""
    sections = await directory.topic_sections(view.site)
    return Content(
        view.page(
            "topics.html", sections=sections, active="/topics", canonical=view.public("/topics")
        )
    )


async def topic(view: View) -> Content:
    """A topic's stories."""
    return _list(view, await view.site.of_topic(asked_topic(view), view.asked.page), "/topics")


def asked_topic(view: View) -> Topic:
    """Returns the topic that a path names.

    Raises:
        MovedError: Its path is another one.
        NotFoundError: There is none.
    """
    typed = view.asked.parts["topic"]
    found = named_topic(view.site.services, typed)
    if found is None:
        raise NotFoundError
    if found.name.replace(" ", "_") != typed:
        raise MovedError(view.asked.path.replace(f"/topic/{typed}", topic_path(found.name), 1))
    return found


async def sources(view: View) -> Content:
    """All sources; of very many, a page of them."""
    found = await directory.sources(view.site, view.asked.page)
    if found.page > found.pages:
        raise NotFoundError
    here = view.public("/sources") if found.page == 1 else ""
    return Content(view.page("sources.html", found=found, active="/sources", canonical=here))


async def source(view: View) -> Content:
    """A source's stories."""
    return _list(view, await view.site.of_source(asked_source(view), view.asked.page), "/sources")


def asked_source(view: View) -> Source:
    """Returns the source that a path names.

    Raises:
        NotFoundError: There is none.
    """
    found = view.site.services.sources.get(view.asked.parts["source"])
    if found is None:
        raise NotFoundError
    return found


async def search(view: View) -> Content:
    """A search, or the form for one."""
    words = view.asked.text("q")
    found = await view.site.search(words, view.asked.page) if words else view.site.no_stories()
    return Content(
        view.page(
            "search.html", found=found, words=words, active="/search", robots="noindex, follow"
        )
    )


def _list(view: View, found: StoryList, active: str) -> Content:
    if found.page > max(1, found.pages):
        raise NotFoundError
    here = view.public(_quoted(view)) if found.page == 1 else ""
    return Content(view.page("list.html", found=found, active=active, canonical=here))


def _quoted(view: View) -> str:
    parts = view.asked.parts
    return topic_path(parts["topic"].replace("_", " ")) if "topic" in parts else view.asked.path


async def years(view: View) -> Content:
    """The years of the archive."""
    found = await archive.years(view.site)
    return Content(view.page("years.html", years=found, active="/archive"))


async def months(view: View) -> Content:
    """The months of a year."""
    year = _year(view)
    found = await archive.months(view.site, year)
    if not found:
        raise NotFoundError
    return Content(view.page("months.html", year=year, months=found, active="/archive"))


async def days(view: View) -> Content:
    """The days of a month."""
    month = _date(_year(view), int(view.asked.parts["month"]), 1)
    found = await archive.days(view.site, month)
    if not found:
        raise NotFoundError
    return Content(view.page("days.html", month=month, days=found, active="/archive"))


async def day(view: View) -> Content:
    """A day's stories."""
    parts = view.asked.parts
    asked = _date(_year(view), int(parts["month"]), int(parts["day"]))
    found = await archive.of_day(view.site, asked, view.asked.page)
    if not found.cards:
        raise NotFoundError
    before, after = await archive.neighbours(view.site, asked)
    return Content(
        view.page("day.html", found=found, day=asked, before=before, after=after, active="/archive")
    )


def _year(view: View) -> int:
    year = int(view.asked.parts["year"])
    if not 1 < year <= _LAST_YEAR:
        raise NotFoundError
    return year


def _date(year: int, month: int, day_: int) -> date:
    try:
        return date(year, month, day_)
    except ValueError:
        raise NotFoundError from None
