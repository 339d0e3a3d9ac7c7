"""What a person may be about to type for an option."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.commands.registry import Kind, Registry, nearest
from bot.commands.request import Services
from bot.model import Person
from bot.query import MAX_QUERY
from bot.settings import SETTINGS
from bot.words import words

_STORIES = 10
_WORDS = 8
_WHENS = ("today", "yesterday", "2d", "1w", "1mo", "1y")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to choose.

    Attributes:
        value: What is given to the option.
        label: What the person sees.
    """

    value: str
    label: str


async def complete(
    services: Services, registry: Registry, kind: Kind, partial: str, person: Person
) -> tuple[Choice, ...]:
    """Values of a kind that `partial` may become, the likeliest first."""
    names: list[tuple[str, str]] = []
    match kind:
        case Kind.STORY:
            return await _stories(services, partial)
        case Kind.QUERY:
            return await _queries(services, partial)
        case Kind.COMMAND:
            partial = partial.lstrip("/")
            names = [(c.name, c.name) for c in registry.for_person(person)]
        case Kind.TOPIC:
            names = [(topic.name, topic.name) for topic in services.topics]
        case Kind.SOURCE:
            names = [(source.id, source.name) for source in services.sources.values()]
        case Kind.WHEN:
            names = [(when, when) for when in _WHENS]
        case Kind.SETTING:
            names = [(name, name) for name in SETTINGS]
        case Kind.VALUE:
            choices = (choice for one in SETTINGS.values() for choice in one.choices)
            names = [(choice, choice) for choice in dict.fromkeys(choices)]
        case Kind.PAGE:
            pass
    return _named(partial, names)


def _named(partial: str, choices: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    """The choices whose value or label has a word that begins so; else those spelled like it."""
    known = [Choice(value, label) for value, label in choices]
    typed = partial.casefold().strip()
    begun = [choice for choice in known if _begins(choice, typed)]
    if begun:
        return tuple(begun)
    near = nearest(partial, [choice.label for choice in known])
    return tuple(choice for label in near for choice in known if choice.label == label)


def _begins(choice: Choice, typed: str) -> bool:
    names = (choice.value.casefold(), choice.label.casefold())
    return any(n.startswith(typed) or f" {typed}" in n for n in names)


async def _stories(services: Services, partial: str) -> tuple[Choice, ...]:
    """Stories whose titles hold the words, the last of which may be unfinished."""
    hits = await services.search.begun(partial, _STORIES) if words(partial) else ()
    return tuple(Choice(hit.id, hit.title) for hit in hits)


async def _queries(services: Services, partial: str) -> tuple[Choice, ...]:
    """The query with its last word completed, or mended where no word begins so."""
    *before, last = re.split(r"(?<=[\s\"-])", partial[-MAX_QUERY:])
    found = words(last)
    if len(found) != 1:
        return ()
    vocabulary = await services.search.vocabulary()
    near = vocabulary.begun(found[0], _WORDS)
    if not near:
        slips = [*vocabulary.near(found[0], 1), *vocabulary.nearly_begun(found[0], _WORDS)]
        near = list(dict.fromkeys(slips))[:_WORDS]
    texts = ("".join(before) + word for word in near)
    return tuple(Choice(text, text) for text in texts)
