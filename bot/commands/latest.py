"""`/latest`: the newest stories, of a topic or a source if asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from babel.dates import format_date

from bot.chat.command import PAGE, Command, Option, OptionKind, Purpose
from bot.chat.local_time import in_own_zone
from bot.chat.request import Request, story_page, window
from bot.commands.search import list_period, search_unknown_topic
from bot.commands.topic_names import (
    ask_topic,
    find_source,
    find_topics,
    tell_source,
    tell_topic,
)
from bot.dates import since
from bot.errors import ReaderError
from bot.i18n import N_
from bot.model import Source, Topic
from bot.reply import Button, Reply
from bot.search.query import Filter, Since
from bot.text.display import add_quotes
from bot.text.similar_names import similar_names
from bot.text.stopwords import STOPWORDS
from bot.text.tokenizer import whole_words


@dataclass(frozen=True, slots=True)
class _LabelledFilter:
    """A filter, and its label for the heading."""

    within: Filter
    label: str


async def latest(request: Request) -> Reply:
    """Answers `/latest`."""
    request = await in_own_zone(request)
    typed = request.text("topic")
    if request.text("source") and STOPWORDS.issuperset(whole_words(typed)):
        typed = ""  # `from the wire`
    topic = request.services.topic(typed)
    if topic or not typed:
        return await _filtered(request, topic)
    listed = await list_period(request, typed)
    return listed or await _named(request, typed) or await search_unknown_topic(request, typed)


async def _named(request: Request, typed: str) -> Reply | None:
    """Lists the stories of the topic or the source that a text means, if it means any."""
    meant = await find_topics(request, typed)
    source = await find_source(request, typed)
    if source.source and source.quality > meant.quality and not request.text("source"):
        options = {**request.options, "topic": "", "source": source.source.id}
        reply = await _filtered(replace(request, options=options), None)
        return tell_source(request, reply, typed, source.source)
    if meant.only:
        return tell_topic(request, await _filtered(request, meant.only), typed, meant.only)
    return ask_topic(request, typed, meant.topics) if meant.topics else None


async def _filtered(request: Request, topic: Topic | None) -> Reply:
    name, source, after = (topic.name if topic else None), _source(request), parse_since(request)
    within = Filter(name, source.id if source else None, after)
    return await _list(request, _LabelledFilter(within, _label(request, name, source, after)))


async def _list(request: Request, asked: _LabelledFilter) -> Reply:
    _ = request.gettext
    limit, offset = window(request)
    listing = await request.services.store.stories.latest(asked.within, limit, offset, once=True)
    title = _("Latest stories")
    if asked.label:
        title = _("Latest stories: {what}").format(what=asked.label)
    reply = replace(story_page(request, listing.stories, listing.total), title=title)
    if listing.total:
        return reply
    if asked.within == Filter():
        empty = _("There are no stories yet. A moderator can fetch some with /reload.")
        return replace(reply, text=(empty,))
    buttons = (
        Button(_("Latest stories"), request.registry.latest()),
        Button(_("Topics"), request.registry.topics()),
    )
    return replace(reply, text=(_("No stories match that."),), buttons=buttons)


def _source(request: Request) -> Source | None:
    _ = request.gettext
    typed = request.text("source")
    source = request.services.source(typed) if typed else None
    if typed and source is None:
        raise ReaderError(unknown_source(request, typed))
    return source


def unknown_source(request: Request, typed: str) -> str:
    """Says that there is no such source, and names those with similar names (typos)."""
    _ = request.gettext
    sources = request.services.sources
    names = [name for source in sources.values() for name in (source.id, source.name)]
    message = _("There is no source {name}.").format(name=add_quotes(typed))
    near = request.words.join(similar_names(typed, dict.fromkeys(names)))
    hint = _("Did you mean {names}?").format(names=near) if near else _("/sources lists them all.")
    return request.words.join_sentences(message, hint)


def parse_since(request: Request) -> Since | None:
    """Returns the beginning that the option `since` gives; None where it was not given.

    Raises:
        ReaderError: It is no date.
    """
    _ = request.gettext
    typed = request.text("since")
    after = since(typed, request.services.clock.now(), request.services.zone) if typed else None
    if typed and after is None:
        raise ReaderError(
            _(
                "I don't understand the date {text}. Try 2d, 3w, yesterday, 2023-10 or 2023-10-21."
            ).format(text=add_quotes(typed))
        )
    return after


def _label(request: Request, topic: str | None, source: Source | None, after: Since | None) -> str:
    _ = request.gettext
    parts = [topic or "", source.name if source else ""]
    if after:
        day = format_date(after.day, "medium", locale=request.services.translations.language)
        parts.append(_("since {date}").format(date=day))
    return " · ".join(filter(None, parts))


LATEST = Command(
    "latest",
    N_("The newest stories"),
    latest,
    (
        Option("topic", OptionKind.TOPIC, N_("Only stories on this topic"), rest=True),
        Option("source", OptionKind.SOURCE, N_("Only stories from this source")),
        Option(
            "since", OptionKind.WHEN, N_("Only stories since a date: 2d, 3w, yesterday, 2023-10")
        ),
        PAGE,
    ),
    details=(
        N_("Shows stories from all sources or just some, newest first."),
        N_(
            "For since, use 5h, 2d, 3w, 6mo, 1y, today, yesterday, 2023, 2023-10, 2023-10-21 "
            "or Oct 2023."
        ),
    ),
    examples=("/latest", "/latest {topic}", "/latest 2w", "/latest source:{source} since:1y"),
    purpose=Purpose.LATEST,
)
