"""Completion (autocomplete) of the values of options: by prefix, or with typos corrected."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping

from bot.chat.command import OptionKind
from bot.chat.registry import Completion
from bot.chat.request import Request, Services
from bot.chat.settings import SETTINGS, SettingType
from bot.commands.audit import complete_audited
from bot.commands.subscriptions.language_names import language_names
from bot.commands.subscriptions.wording import target_name, typed_target
from bot.commands.timezones import zones_by_prefix
from bot.i18n import language_name, languages
from bot.model import Chat
from bot.post_layout import PicturePlace
from bot.posting.templates.presets import PRESETS
from bot.search.query import MAX_QUERY
from bot.subscriptions.model import TargetKind
from bot.subscriptions.post_template import PostField
from bot.text.similar_names import similar_names
from bot.text.tokenizer import words

_STORIES = 10
_QUERY_WORDS = 8
_WORDS_OF: Mapping[OptionKind, Iterable[str]] = {
    OptionKind.WHEN: ("today", "yesterday", "2d", "1w", "1mo", "1y"),
    OptionKind.TIMETABLE: (
        "at once",
        "hourly",
        "every 2 hours",
        "daily 8:00",
        "daily 8:00 18:00",
        "weekdays 9:00",
        "weekly mon 8:00",
        "monthly 1st",
    ),
    OptionKind.QUIET: ("22-7", "none"),
    OptionKind.SWITCH: ("yes", "no"),
    OptionKind.EVENTS: ("once", "all", "default"),
    OptionKind.AGE: ("12h", "1d", "2d", "1w", "any"),
    OptionKind.PICTURE: tuple(PicturePlace),
    OptionKind.TEMPLATE: tuple(
        one.template.text.replace("\n", "{line}") for one in PRESETS.values() if one.template.text
    ),
}


async def complete(request: Request, kind: OptionKind, partial: str) -> tuple[Completion, ...]:
    """Completes a value of a kind from the part that is typed, the likeliest first."""
    services = request.services
    if kind is OptionKind.VALUE:
        return await _values(request, partial)
    if kind is OptionKind.STORY:
        return (*await _listed_stories(request, partial), *await _stories(services, partial))
    find = _COMPLETERS.get(kind)
    if find is not None:
        return await find(services, partial)
    partial = partial.lstrip("/") if kind is OptionKind.COMMAND else partial
    return _matching(partial, await _names(request, kind))


async def _names(request: Request, kind: OptionKind) -> list[tuple[str, str]]:
    """Returns all values of a kind, each with its name."""
    services = request.services
    names = [(name, name) for name in _WORDS_OF.get(kind, ())]
    match kind:
        case OptionKind.COMMAND:
            known = request.registry.for_person(request.person)
            names = [(command.name, command.name) for command in known]
        case OptionKind.SETTING:
            here = (one.name for one in SETTINGS.values() if request.chat.can(one.needs))
            names = [(name, name) for name in here]
        case OptionKind.TOPIC:
            names = _topics(services)
        case OptionKind.SOURCE:
            names = [*_sources(services), *_operator_words(request, kind)]
        case OptionKind.VERB:
            names = [(name, name) for name in _choices(request, kind)]
        case OptionKind.AUDITED:
            names = [(one.value, one.label) for one in await complete_audited(request)]
        case OptionKind.FOLLOWED:
            names = await _followed_targets(services, request.chat)
    return names


def _topics(services: Services) -> list[tuple[str, str]]:
    return [(topic.name, topic.name) for topic in services.topics]


def _sources(services: Services) -> list[tuple[str, str]]:
    return [(source.id, source.name) for source in services.sources.values()]


def _choices(request: Request, kind: OptionKind) -> Iterable[str]:
    """Returns the values that the command's options of a kind take."""
    return [name for one in request.command.options if one.kind is kind for name in one.choices]


def _operator_words(request: Request, kind: OptionKind) -> list[tuple[str, str]]:
    if not request.person.operator:
        return []
    options = (one for one in request.command.options if one.kind is kind)
    return [(word, word) for one in options for word in one.operator_words]


def _matching(partial: str, choices: Iterable[tuple[str, str]]) -> tuple[Completion, ...]:
    """Returns choices of which a word has the prefix; else those with similar names (typos)."""
    known = [Completion(value, label) for value, label in choices]
    start = partial.casefold().strip()
    begun = [choice for choice in known if _has_prefix(choice, start)]
    if begun:
        return tuple(begun)
    near = similar_names(partial, [choice.label for choice in known])
    return tuple(choice for label in near for choice in known if choice.label == label)


def _has_prefix(choice: Completion, begun: str) -> bool:
    names = (choice.value.casefold(), choice.label.casefold())
    return any(n.startswith(begun) or f" {begun}" in n for n in names)


async def _values(request: Request, partial: str) -> tuple[Completion, ...]:
    """Completes the values of the setting that is chosen, or else of all that mean something here.

    Time zones are completed only by prefix, as there are hundreds.
    """
    chosen = SETTINGS.get(request.text("setting").casefold())
    here = [one for one in SETTINGS.values() if request.chat.can(one.needs)]
    asked = [chosen] if chosen else here
    choices = dict.fromkeys(choice for one in asked for choice in one.choices)
    has_zone = any(one.takes is SettingType.ZONE for one in asked)
    zones = await zones_by_prefix(partial) if has_zone else ()
    if zones:
        begun = [choice for choice in choices if choice.startswith(partial.casefold())]
        return tuple(Completion(value, value) for value in (*begun, *zones))
    named = [(choice, choice) for choice in choices]
    if any(one.takes is SettingType.LANGUAGE for one in asked):
        named += [(code, language_name(code)) for code in languages()]
    return _matching(partial, named)


async def _follow_targets(services: Services, partial: str) -> tuple[Completion, ...]:
    """Completes the last of several things: topics, sources, everything, or else words."""
    begun, comma, last = partial.rpartition(", ")
    everything = target_name(services, TargetKind.EVERYTHING, "")
    known = [
        *_topics(services),
        *_sources(services),
        (typed_target(services, TargetKind.EVERYTHING, ""), everything),
    ]
    found = _matching(last, known) or await _queries(services, last)
    return tuple(
        Completion(f"{begun}{comma}{one.value}", f"{begun}{comma}{one.label}") for one in found
    )


async def _listed_sources(services: Services, partial: str) -> tuple[Completion, ...]:
    return _last_of(partial, _sources(services))


async def _listed_languages(services: Services, partial: str) -> tuple[Completion, ...]:
    return _last_of(partial, language_names(services.translations.language))


async def _listed_fields(_services: Services, partial: str) -> tuple[Completion, ...]:
    return _last_of(partial, [(one.value, one.value) for one in PostField])


async def _presets(services: Services, partial: str) -> tuple[Completion, ...]:
    _ = services.translations.gettext
    return _matching(partial, [(name, _(one.label)) for name, one in PRESETS.items()])


def _last_of(partial: str, names: Iterable[tuple[str, str]]) -> tuple[Completion, ...]:
    """Completes the last of several names."""
    begun, comma, last = partial.rpartition(",")
    head = f"{begun}, " if comma else ""
    return tuple(
        Completion(f"{head}{one.value}", f"{head}{one.label}") for one in _matching(last, names)
    )


async def _followed_targets(services: Services, chat: Chat) -> list[tuple[str, str]]:
    """Lists the targets that a chat follows."""
    return [
        (typed_target(services, one.kind, one.what), target_name(services, one.kind, one.what))
        for one in await services.store.subscriptions.of(chat)
    ]


async def _listed_stories(request: Request, partial: str) -> tuple[Completion, ...]:
    """Completes numbers of the list that the person was last shown; all without a number.

    The number that is typed comes first, then those that begin with it.
    """
    typed = partial.strip().lstrip("#")
    shown = await request.last_shown()
    if shown is None or (typed and not (typed.isascii() and typed.isdigit())):
        return ()
    numbers = [number for number in sorted(shown.numbers) if str(number).startswith(typed)]
    ids = [shown.numbers[number] for number in numbers[:_STORIES]]
    found = {one.id: one for one in await request.services.store.stories.by_ids(ids)}
    return tuple(
        Completion(id_, f"{number}. {found[id_].title}")
        for number, id_ in zip(numbers, ids, strict=False)
        if id_ in found
    )


async def _stories(services: Services, partial: str) -> tuple[Completion, ...]:
    """Completes titles of stories that hold the words, the last of which may be a prefix."""
    hits = await services.search.complete_title(partial, _STORIES) if words(partial) else ()
    return tuple(Completion(hit.id, hit.title) for hit in hits)


async def _queries(services: Services, partial: str) -> tuple[Completion, ...]:
    """Completes the last word of a query as a prefix, or corrects it where it is none."""
    *before, last = re.split(r"(?<=[\s\"-])", partial[-MAX_QUERY:])
    found = words(last)
    if len(found) != 1:
        return ()
    vocabulary = await services.search.vocabulary()
    near = vocabulary.complete(found[0], _QUERY_WORDS)
    if not near:
        typos = [
            *vocabulary.corrections(found[0], 1),
            *vocabulary.complete_with_typo(found[0], _QUERY_WORDS),
        ]
        near = list(dict.fromkeys(typos))[:_QUERY_WORDS]
    texts = ("".join(before) + word for word in near)
    return tuple(Completion(text, text) for text in texts)


_COMPLETERS: Mapping[OptionKind, Callable[[Services, str], Awaitable[tuple[Completion, ...]]]] = {
    OptionKind.QUERY: _queries,
    OptionKind.FOLLOW: _follow_targets,
    OptionKind.SOURCES: _listed_sources,
    OptionKind.LANGUAGES: _listed_languages,
    OptionKind.FIELDS: _listed_fields,
    OptionKind.PRESET: _presets,
}
