"""What a person may be about to type for an option."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping

from bot.chat.command import Completion, OptionKind, Registry, nearest
from bot.chat.request import Services
from bot.chat.settings import OFF, ON, SETTINGS
from bot.commands.subscriptions.wording import name_of, typed
from bot.commands.timezones import zones_begun
from bot.model import Chat, Person
from bot.search.query import MAX_QUERY
from bot.text.tokenizer import words

_STORIES = 10
_QUERY_WORDS = 8
_WORDS_OF: Mapping[OptionKind, Iterable[str]] = {
    OptionKind.WHEN: ("today", "yesterday", "2d", "1w", "1mo", "1y"),
    OptionKind.SETTING: SETTINGS,
    OptionKind.TIMETABLE: ("at once", "hourly", "daily 08:00", "weekly mon 08:00"),
    OptionKind.QUIET: ("22-7", "none"),
    OptionKind.SWITCH: (ON, OFF),
}


async def complete(
    services: Services,
    registry: Registry,
    kind: OptionKind,
    partial: str,
    person: Person,
    chat: Chat | None,
) -> tuple[Completion, ...]:
    """Values of a kind that `partial` may become, the likeliest first."""
    find = _FINDERS.get(kind)
    if find is not None:
        return await find(services, partial)
    names = [(name, name) for name in _WORDS_OF.get(kind, ())]
    match kind:
        case OptionKind.COMMAND:
            partial = partial.lstrip("/")
            names = [(command.name, command.name) for command in registry.for_person(person)]
        case OptionKind.TOPIC:
            names = _topics(services)
        case OptionKind.SOURCE:
            names = _sources(services)
        case OptionKind.FOLLOWED if chat:
            names = await _subscribed(services, chat)
    return _named(partial, names)


def _topics(services: Services) -> list[tuple[str, str]]:
    return [(topic.name, topic.name) for topic in services.topics]


def _sources(services: Services) -> list[tuple[str, str]]:
    return [(source.id, source.name) for source in services.sources.values()]


def _named(partial: str, choices: Iterable[tuple[str, str]]) -> tuple[Completion, ...]:
    """The choices whose value or label has a word that begins so; else those spelled like it."""
    known = [Completion(value, label) for value, label in choices]
    start = partial.casefold().strip()
    begun = [choice for choice in known if _begins(choice, start)]
    if begun:
        return tuple(begun)
    near = nearest(partial, [choice.label for choice in known])
    return tuple(choice for label in near for choice in known if choice.label == label)


def _begins(choice: Completion, begun: str) -> bool:
    names = (choice.value.casefold(), choice.label.casefold())
    return any(n.startswith(begun) or f" {begun}" in n for n in names)


async def _values(_services: Services, partial: str) -> tuple[Completion, ...]:
    """What settings can be; of time zones, of which there are hundreds, those that begin so."""
    choices = dict.fromkeys(choice for one in SETTINGS.values() for choice in one.choices)
    zones = await zones_begun(partial)
    if zones:
        begun = [choice for choice in choices if choice.startswith(partial.casefold())]
        return tuple(Completion(value, value) for value in (*begun, *zones))
    return _named(partial, [(choice, choice) for choice in choices])


async def _followed(services: Services, partial: str) -> tuple[Completion, ...]:
    """Topics and sources; where none is so called, words to search for."""
    known = [*_topics(services), *_sources(services)]
    return _named(partial, known) or await _queries(services, partial)


async def _subscribed(services: Services, chat: Chat) -> list[tuple[str, str]]:
    """What a chat follows."""
    return [
        (typed(services, one.kind, one.what), name_of(services, one.kind, one.what))
        for one in await services.store.subscriptions.of(chat)
    ]


async def _stories(services: Services, partial: str) -> tuple[Completion, ...]:
    """Stories whose titles hold the words, the last of which may be unfinished."""
    hits = await services.search.complete_title(partial, _STORIES) if words(partial) else ()
    return tuple(Completion(hit.id, hit.title) for hit in hits)


async def _queries(services: Services, partial: str) -> tuple[Completion, ...]:
    """The query with its last word completed, or mended where no word begins so."""
    *before, last = re.split(r"(?<=[\s\"-])", partial[-MAX_QUERY:])
    found = words(last)
    if len(found) != 1:
        return ()
    vocabulary = await services.search.vocabulary()
    near = vocabulary.complete(found[0], _QUERY_WORDS)
    if not near:
        corrections = vocabulary.corrections(found[0], 1)
        completions = vocabulary.complete_with_typo(found[0], _QUERY_WORDS)
        near = list(dict.fromkeys([*corrections, *completions]))[:_QUERY_WORDS]
    texts = ("".join(before) + word for word in near)
    return tuple(Completion(text, text) for text in texts)


_FINDERS: Mapping[OptionKind, Callable[[Services, str], Awaitable[tuple[Completion, ...]]]] = {
    OptionKind.STORY: _stories,
    OptionKind.QUERY: _queries,
    OptionKind.VALUE: _values,
    OptionKind.FOLLOW: _followed,
}
