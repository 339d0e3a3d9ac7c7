"""Recordings: the audio of an episode, to be heard in the message itself."""

from __future__ import annotations

from adapters.telegram.rich.blocks import Audio, AudioFile
from adapters.telegram.rich.prose import is_usable
from adapters.telegram.rich.view import View
from bot.model import Enclosure, EnclosureKind
from bot.reply import Card

_MAX_BYTES = 20_000_000
"""Bytes of a file that Telegram fetches by its URL
(https://core.telegram.org/bots/api#sending-files)."""

_TYPES = frozenset({"audio/mpeg", "audio/mp3", "audio/mp4", "audio/m4a", "audio/x-m4a"})
_ENDINGS = (".mp3", ".m4a")


def recording(card: Card, view: View) -> Audio | None:
    """Returns the block of a story's recording, if Telegram can be sure to fetch it."""
    found = (one for one in card.story.enclosures if _can_be_heard(one))
    enclosure = next(found, None)
    if enclosure is None:
        return None
    return Audio(
        AudioFile(
            enclosure.url,
            duration=enclosure.duration or None,
            performer=view.prose.line(card.source) or None,
            title=view.prose.line(card.story.title) or None,
        )
    )


def _can_be_heard(enclosure: Enclosure) -> bool:
    """Tells if a file is of a kind and a size that Telegram takes; it plays MP3 and M4A."""
    path = enclosure.url.partition("?")[0].partition("#")[0].lower()
    return (
        enclosure.kind is EnclosureKind.AUDIO
        and 0 < enclosure.length <= _MAX_BYTES
        and (enclosure.type in _TYPES or path.endswith(_ENDINGS))
        and is_usable(enclosure.url)
    )
