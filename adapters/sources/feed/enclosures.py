"""Enclosures of an item: recordings, films, pictures and documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from adapters.sources.feed.images import image_alt
from adapters.sources.feed.model import Media, RawItem
from bot.model import Enclosure, EnclosureKind

_MAX_ENCLOSURES = 20
_TORRENT = "application/x-bittorrent"
_RECORDINGS = frozenset((EnclosureKind.AUDIO, EnclosureKind.VIDEO))


def item_enclosures(raw: RawItem) -> tuple[Enclosure, ...]:
    """Returns an item's enclosures, each URL once.

    Those are what the feed calls so, recordings among its media, and its pictures when it has
    neither a title nor a text: they are all that there is.
    """
    found: dict[str, Enclosure] = {}
    for media in (*raw.enclosures, *_recordings(raw.media), *_only_pictures(raw)):
        known = found.get(media.url)
        if known is None or not (known.length or known.duration):
            made = Enclosure(media.url, media.type, media.length, media.duration)
            is_picture = made.kind is EnclosureKind.PICTURE
            found[media.url] = replace(made, alt=image_alt(media)) if is_picture else made
    # A torrent is only another way to a film that is there itself.
    whole = [each for each in found.values() if each.type != _TORRENT] or list(found.values())
    return tuple(_with_duration(whole[:_MAX_ENCLOSURES], raw.duration))


def _recordings(media: Iterable[Media]) -> Iterator[Media]:
    return (each for each in media if Enclosure(each.url, each.type).kind in _RECORDINGS)


def _only_pictures(raw: RawItem) -> Iterator[Media]:
    if raw.titles or raw.descriptions or raw.contents:
        return iter(())
    return (each for each in raw.media if each.type.startswith("image"))


def _with_duration(enclosures: list[Enclosure], seconds: int) -> Iterator[Enclosure]:
    """Gives the first recording the duration of the item, unless it says its own."""
    for each in enclosures:
        if seconds and each.kind in _RECORDINGS:
            yield replace(each, duration=each.duration or seconds)
            seconds = 0
        else:
            yield each
