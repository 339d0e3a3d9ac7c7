"""Topics by what people type for them: `covd`, `ports`, `osaka exop`; see `name_matching`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.chat.request import Request
from bot.model import Source, Topic
from bot.reply import Button, Entry, Reply
from bot.search.query import Filter
from bot.text.display import add_quotes
from bot.text.name_matching import match_name, typed_words
from bot.text.similar_names import similar_names


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """The topics that a text may mean.

    Attributes:
        topics: The topics: one when that is clear, none when it means none.
        is_exact: True when it is the very name of the one topic.
        quality: From 0 to 1, how well the text fits.
    """

    topics: Sequence[Topic] = ()
    is_exact: bool = False
    quality: float = 0.0

    @property
    def only(self) -> Topic | None:
        """The one topic that is meant; None when there are none or several."""
        return self.topics[0] if len(self.topics) == 1 else None


async def find_topics(request: Request, typed: str) -> TopicChoice:
    """Finds the topics that a text means; what stories hold as a word is no slip of another.

    Raises:
        StoreError: The store cannot be read.
    """
    services = request.services
    exact = services.topic(typed)
    if exact is not None:
        is_exact = await _is_shown(request, exact)
        return TopicChoice((exact,), is_exact=True, quality=1.0) if is_exact else TopicChoice()
    named = {topic.name: topic for topic in services.topics}
    match = match_name(typed, named, await _held_words(request, typed))
    meant = [named[name] for name in match.names if await _is_shown(request, named[name])]
    return TopicChoice(meant, quality=match.quality if meant else 0.0)


async def _is_shown(request: Request, topic: Topic) -> bool:
    """Tells if a topic is shown by /topics: a broad subject is not before its first story."""
    if not topic.subject or topic.query or topic.sources:
        return True
    return bool((await request.services.store.stories.latest(Filter(topic=topic.name), 1)).total)


async def similar_topics(request: Request, typed: str) -> Sequence[str]:
    """Returns the names of topics with stories that are like what was typed, to be offered.

    Raises:
        StoreError: The store cannot be read.
    """
    known = {topic.name: topic for topic in request.services.topics}
    similar = similar_names(typed, known)
    return [name for name in similar if await _is_shown(request, known[name])]


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """The source that a text means.

    Attributes:
        source: The source; None when it means none, or several.
        quality: From 0 to 1, how well the text fits.
    """

    source: Source | None = None
    quality: float = 0.0


async def find_source(request: Request, typed: str) -> SourceChoice:
    """Finds the source whose name or id a text gives, or a part of it.

    Raises:
        StoreError: The store cannot be read.
    """
    services = request.services
    named = {name: one for one in services.sources.values() for name in (one.name, one.id)}
    match = match_name(typed, named, await _held_words(request, typed))
    found = {named[name].id: named[name] for name in match.names}
    only = next(iter(found.values())) if len(found) == 1 else None
    return SourceChoice(only, match.quality if only else 0.0)


async def _held_words(request: Request, typed: str) -> Collection[str]:
    """Returns the words of a text that stories hold, which are no slips of others."""
    words = typed_words(typed)
    return await request.services.store.search.word_counts(words) if words else ()


def tell_topic(request: Request, reply: Reply, typed: str, topic: Topic) -> Reply:
    """Says which topic was taken to be meant, and offers to search for what was typed."""
    note = request.gettext("I took {typed} for the topic {topic}.")
    note = note.format(typed=add_quotes(typed), topic=add_quotes(topic.name))
    return _with_search(request, reply, typed, note)


def tell_source(request: Request, reply: Reply, typed: str, source: Source) -> Reply:
    """Says which source was taken to be meant, and offers to search for what was typed."""
    note = request.gettext("I took {typed} for the source {source}.")
    note = note.format(typed=add_quotes(typed), source=add_quotes(source.name))
    return _with_search(request, reply, typed, note)


def _with_search(request: Request, reply: Reply, typed: str, note: str) -> Reply:
    label = request.gettext("Search for {words}").format(words=add_quotes(typed))
    search = Button(label, request.registry.search(typed))
    return replace(reply, notes=(note, *reply.notes), buttons=(*reply.buttons, search))


def ask_topic(request: Request, typed: str, topics: Sequence[Topic]) -> Reply:
    """Asks which of several topics is meant, and offers to search for what was typed."""
    _ = request.gettext
    title = _("Which topic do you mean by {words}?").format(words=add_quotes(typed))
    entries = tuple(
        Entry(topic.name, action=request.registry.topic(topic.name), topic=topic.name)
        for topic in topics
    )
    label = _("Search for {words}").format(words=add_quotes(typed))
    search = Button(label, request.registry.search(typed))
    return Reply(request.command.name, title=title, entries=entries, buttons=(search,))
