"""Offers to listen to, to watch or to open what comes with a story, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.i18n import Translations
from bot.model import Enclosure, EnclosureKind, Story

_MAX_OFFERS = 3
_MINUTE, _HOUR = 60, 3_600
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A link to something that comes with a story.

    Attributes:
        label: A word or two, with its length when that is known: `Listen (42 min)`.
        url: Its address (http or https).
    """

    label: str
    url: str


def story_offers(story: Story, words: Translations) -> tuple[Offer, ...]:
    """Returns what a story offers, the first of each kind; a picture only if it is another one."""
    first: dict[EnclosureKind, Enclosure] = {}
    for enclosure in story.enclosures:
        if enclosure.url != story.image:
            first.setdefault(enclosure.kind, enclosure)
    offers = (Offer(_label(each, words), each.url) for each in first.values())
    return tuple(offers)[:_MAX_OFFERS]


def story_pictures(story: Story) -> Mapping[str, str]:
    """Returns what is said of each picture of a story, by its address; its own one first."""
    pictures = {story.image: story.image_alt} if story.image else {}
    for one in story.enclosures:
        if one.kind is EnclosureKind.PICTURE:
            pictures[one.url] = pictures.get(one.url) or one.alt
    return pictures


def _label(enclosure: Enclosure, words: Translations) -> str:
    verb = {
        EnclosureKind.AUDIO: words.gettext("Listen"),
        EnclosureKind.VIDEO: words.gettext("Watch"),
        EnclosureKind.PICTURE: words.gettext("See the picture"),
        EnclosureKind.DOCUMENT: words.gettext("Open the file"),
    }[enclosure.kind]
    length = " ".join(_length(enclosure, words))
    return f"{verb} ({length})" if length else verb


def _length(enclosure: Enclosure, words: Translations) -> Iterator[str]:
    """Yields the parts of a duration, or else of a size worth knowing."""
    hours, minutes = enclosure.duration // _HOUR, enclosure.duration % _HOUR // _MINUTE
    if hours:
        yield words.gettext("{hours} h").format(hours=hours)
    if minutes or (enclosure.duration and not hours):
        yield words.gettext("{minutes} min").format(minutes=max(1, minutes))
    if not enclosure.duration and enclosure.length >= _MEGABYTE:
        yield words.gettext("{size} MB").format(size=round(enclosure.length / _MEGABYTE))
